// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_MYSQL_SESSION_HPP
#define JACKPOT_SOCI_ENGINES_MYSQL_SESSION_HPP

#include <jackpot/soci/failure.hpp>

#include <soci/mysql/soci-mysql.h>

#include <cstdlib>
#include <map>

// What a session of MariaDB or MySQL is made to be, whatever its server, database or user say, and what it
// shows of the server behind it. A comment that begins with M! is read by MariaDB alone, one with !80017 by
// MySQL alone.

namespace jackpot { inline namespace v1 { namespace sql::mysql {

inline constexpr std::string_view standard_quotes =
    "SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

enum class server : std::uint8_t { any, mariadb, mysql };

/// A variable that could change a result, a refusal or durability, and the value that each session gives it.
struct session_setting {
    std::string_view name;
    std::string_view value;
    std::string_view why;
    server of = server::any;
};

inline constexpr session_setting session_settings[] = {
    {"sql_mode", standard_quotes.substr(standard_quotes.find('\'')),
     "quoted names are names; what does not fit is refused, not cut; a table is InnoDB's or is not made"},
    {"character_set_client", "utf8mb4", "names arrive as they are sent"},
    {"character_set_results", "utf8mb4", "names come back as they are stored"},
    {"collation_connection", "utf8mb4_bin", "strings of a statement are bytes"},
    {"autocommit", "1", "a read sees what is there now, and its transaction ends"},
    {"completion_type", "0", "COMMIT begins no other transaction and ends no session"},
    {"tx_isolation", "'REPEATABLE-READ'", "a transaction that reads sees one moment", server::mariadb},
    {"transaction_isolation", "'REPEATABLE-READ'", "a transaction that reads sees one moment", server::mysql},
    {"tx_read_only", "0", "a transaction may write", server::mariadb},
    {"transaction_read_only", "0", "a transaction may write", server::mysql},
    {"sql_select_limit", "18446744073709551615", "a SELECT gives all of its rows"},
    {"max_join_size", "18446744073709551615", "no SELECT is refused for what it might read"},
    {"sql_big_selects", "1", "no SELECT is refused for what it might read"},
    {"sql_safe_updates", "0", "all rows of a table can be replaced"},
    {"sql_auto_is_null", "0", "IS NULL finds NULL alone"},
    {"foreign_key_checks", "1", "a game belongs to a pool"},
    {"unique_checks", "1", "a key is there once"},
    {"check_constraint_checks", "1", "a row that its table's CHECKs forbid is refused", server::mariadb},
    {"group_concat_max_len", "1048576", "a pool's games come whole"},
    {"max_sort_length", "1024", "names are sorted by all of their bytes"},
    {"time_zone", "'+00:00'", "moments are UTC"},
    {"max_statement_time", "0", "a long history is read to its end", server::mariadb},
    {"max_execution_time", "0", "a long history is read to its end", server::mysql},
    {"query_cache_type", "0", "no answer is older than its question", server::mariadb},
    {"idle_transaction_timeout", "30", "a process that stopped in a transaction does not stop all others",
     server::mariadb},
};

/// Those that only a node of a Galera cluster has.
inline constexpr session_setting galera_settings[] = {
    {"wsrep_sync_wait", "7", "a statement waits for what other nodes committed before it"},
    {"wsrep_dirty_reads", "0", "a node without quorum answers nothing"},
    {"wsrep_osu_method", "'TOI'", "tables are made on all nodes"},
};

/// Those settings, each with a comma behind it.
[[nodiscard]] inline std::string list_settings(std::span<const session_setting> settings) {
    std::string text;
    for (const session_setting& each : settings) {
        text.append(each.of == server::any ? "" : each.of == server::mariadb ? "/*M! " : "/*!80017 ");
        text.append(each.name).append(" = ").append(each.value).append(", ");
        text.append(each.of == server::any ? "" : "*/ ");
    }
    return text;
}

/// What every session sets, in one statement; it waits so many seconds for a lock.
[[nodiscard]] inline std::string settings_statement(std::uint32_t wait_seconds) {
    const std::string seconds = std::to_string(wait_seconds);
    return "SET SESSION " + list_settings(session_settings) + "lock_wait_timeout = " + seconds +
           ", innodb_lock_wait_timeout = " + seconds;
}

[[nodiscard]] inline MYSQL* handle_of(soci::session& session) noexcept {
    return static_cast<soci::mysql_session_backend*>(session.get_backend())->conn_;
}

[[noreturn]] inline void fail_with(MYSQL* handle) {
    throw soci::mysql_soci_error(mysql_error(handle), static_cast<int>(mysql_errno(handle)));
}

/// Runs what has several answers, or one.
inline void run_script(soci::session& session, std::string_view script) {
    MYSQL* handle = handle_of(session);
    if (mysql_real_query(handle, script.data(), static_cast<unsigned long>(script.size())) != 0) {
        fail_with(handle);
    }
    for (int more = 0; more == 0;) {
        mysql_free_result(mysql_store_result(handle));
        more = mysql_next_result(handle);
        if (more > 0) {
            fail_with(handle);
        }
    }
}

/// Variables by name; one that the server does not have is empty.
class variables {
public:
    /// By a statement that gives two columns.
    variables(soci::session& session, const std::string& statement) {
        MYSQL* handle = handle_of(session);
        if (mysql_real_query(handle, statement.data(), static_cast<unsigned long>(statement.size())) != 0) {
            fail_with(handle);
        }
        const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(handle),
                                                                              mysql_free_result);
        if (result == nullptr) {
            fail_with(handle);
        }
        while (const MYSQL_ROW row = mysql_fetch_row(result.get())) {
            values_[row[0]] = row[1] == nullptr ? "" : row[1];
        }
    }
    [[nodiscard]] const std::string& operator[](const std::string& name) { return values_[name]; }

private:
    std::map<std::string, std::string> values_;
};

/// A value that a session cannot give a variable itself, and what to do where it is another.
inline void require(variables& shown, const std::string& name, bool well, errc code,
                    std::string_view remedy) {
    if (!well) {
        basic_text<240> text(name);
        text.append(" = ").append(shown[name]).append(": ").append(remedy);
        throw failure{{code, text}};
    }
}

// MariaDB ends a block at its first error, whatever its cause, and says so: one that answers well has run its
// COMMIT in the transaction that it began. Where a transaction is rolled back between two statements of one
// packet, as Galera does, the rest of the packet would run without it, and its COMMIT answer well.
inline constexpr script_form block{
    .begin = "BEGIN NOT ATOMIC START TRANSACTION; ",
    .go_on =
        "BEGIN NOT ATOMIC IF @@in_transaction = 0 THEN SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213;"
        " END IF; ",
    .check = "; IF ROW_COUNT() <> 1 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1231; END IF; ",
    .end = "; COMMIT; END"};

// MySQL has no blocks. A mode that is none fails its statement, and the packet ends there. No statement that
// is written to the binary log asks for ROW_COUNT(): read back from there it would be another.
inline constexpr script_form packet{.begin = "START TRANSACTION; ",
                                    .go_on = "",
                                    .check = "; SET sql_mode = IF(ROW_COUNT() = 1, @@sql_mode, 'no row'); ",
                                    .end = "; COMMIT"};

[[nodiscard]] inline const script_form* allow_packets(soci::session& session) {
    if (mysql_set_server_option(handle_of(session), MYSQL_OPTION_MULTI_STATEMENTS_ON) != 0) {
        fail_with(handle_of(session));
    }
    return &packet;
}

/// Looks at the server behind a new session, and refuses one on which nothing would be kept, or not on all
/// nodes. Decides how the session commits.
[[nodiscard]] inline const script_form* script(soci::session& session) {
    variables shown(session,
                    "SHOW VARIABLES WHERE Variable_name IN ('in_transaction', 'wsrep_provider', 'wsrep_on',"
                    " 'sql_log_bin', 'max_allowed_packet', 'group_replication_group_name')");
    const bool galera = !shown["wsrep_provider"].empty() && shown["wsrep_provider"] != "none";
    require(shown, "wsrep_on", !galera || shown["wsrep_on"] == "ON", errc::unavailable,
            "nothing of this session would reach the other nodes of the cluster (SET GLOBAL wsrep_on = ON)");
    require(shown, "sql_log_bin", shown["sql_log_bin"] != "OFF", errc::unsupported,
            "nothing of this session would reach the server's replicas (take it out of init_connect)");
    const auto largest_packet = std::strtoull(shown["max_allowed_packet"].c_str(), nullptr, 10);
    require(shown, "max_allowed_packet", largest_packet >= 4 << 20, errc::unsupported,
            "less than a large commit has (SET GLOBAL max_allowed_packet = 16777216)");
    if (galera) {
        const std::string listed = list_settings(galera_settings);
        run_script(session, "SET SESSION " + listed.substr(0, listed.rfind(',')));
    }
    if (!shown["in_transaction"].empty()) {
        return &block;
    }
    // Where nodes commit against each other, no packet is known to be one transaction.
    if (galera || !shown["group_replication_group_name"].empty()) {
        return nullptr;
    }
    return allow_packets(session);
}

}}}  // namespace jackpot::v1::sql::mysql

#endif
