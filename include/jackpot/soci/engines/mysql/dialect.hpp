// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_MYSQL_DIALECT_HPP
#define JACKPOT_SOCI_ENGINES_MYSQL_DIALECT_HPP

#include <jackpot/soci/engines/mysql/session.hpp>
#include <jackpot/soci/engines/url.hpp>

#include <set>

// MariaDB 10.6 and newer, and MySQL 8 (InnoDB).
//
// Isolation: a commit's first statement updates the store's row, so that writers stand in line there and
// never deadlock. REPEATABLE READ, the engines' default, takes its snapshot at the first plain SELECT:
// for a writer that is after it got the row. A load is one statement, and so of one moment.

namespace jackpot { inline namespace v1 { namespace sql {

namespace mysql {

inline const soci::backend_factory& backend() {
    return soci::mysql;
}

[[nodiscard]] inline column_type type_of(value_kind kind) {
    switch (kind) {
        case value_kind::integer:
        case value_kind::amount:
            return {"BIGINT"};
        case value_kind::wide_amount:
            return {.type = "DECIMAL(65,0)", .digits = 65};
        case value_kind::rate:
            return {"DECIMAL(10,9)"};
        case value_kind::moment:
            return {"DATETIME(6)"};
        case value_kind::word:
            return {"VARCHAR(16)"};
        case value_kind::name:
            return {"VARCHAR(128)"};
        case value_kind::identifier:
            return {"CHAR(32)"};
        default:
            return {"MEDIUMTEXT"};
    }
}

/// The text with each %XX in place; false where one is broken.
[[nodiscard]] inline bool decode(std::string_view text, std::string& decoded) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        unsigned char byte = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (failed != std::errc{} || digits.size() != 2 || stop != digits.data() + 2 || byte == 0) {
            return false;
        }
        decoded.push_back(static_cast<char>(byte));
        i += 2;
    }
    return true;
}

/// Collects what SOCI's connection string is made of, each value quoted.
class keywords {
public:
    void add(std::string_view keyword, std::string_view encoded) {
        std::string value;
        sound_ = sound_ && decode(encoded, value);
        text_.append(keyword).append("='");
        for (const char c : value) {
            text_.append(c == '\'' || c == '\\' ? "\\" : "").push_back(c);
        }
        text_.append("' ");
    }
    [[nodiscard]] bool sound() const noexcept { return sound_; }
    [[nodiscard]] std::string& text() noexcept { return text_; }

private:
    std::string text_;
    bool sound_ = true;
};

/// [user[:password]@]host[:port]/database[?option=value&...]. Options: socket, of a server on this machine;
/// ssl_ca, ssl_cert and ssl_key, files; busy_timeout, how long to wait for another writer, in milliseconds,
/// which the server rounds to seconds.
[[nodiscard]] inline expected<location> locate(std::string_view url, open_mode) {
    auto options = take_options(url);
    if (!options) {
        return tl::unexpected(options.error());
    }
    const auto wait_ms = take_number(*options, "busy_timeout", 5000);
    if (!wait_ms) {
        return tl::unexpected(wait_ms.error());
    }
    keywords all;
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
        const std::string_view who = url.substr(0, at);
        url.remove_prefix(at + 1);
        const std::size_t colon = who.find(':');
        all.add("user", who.substr(0, colon));
        if (colon != std::string_view::npos) {
            all.add("password", who.substr(colon + 1));
        }
    }
    const std::size_t slash = url.find('/');
    const std::string_view server = url.substr(0, slash);
    const std::size_t colon = server.find(':');
    std::uint16_t port = 3306;
    if (slash == std::string_view::npos || slash + 1 == url.size()) {
        return fail(errc::unsupported,
                    "a URL without a database, mysql://[user[:password]@]host[:port]/database");
    }
    if (colon != std::string_view::npos && !notation::detail::read_digits(server.substr(colon + 1), port)) {
        return fail(errc::unsupported, "a port that is no number");
    }
    if (colon != 0 && !server.empty()) {
        all.add("host", server.substr(0, colon));
    }
    all.add("port", std::to_string(port));
    all.add("db", url.substr(slash + 1));
    for (const auto& [key, value] : *options) {
        const bool ssl = key == "ssl_ca" || key == "ssl_cert" || key == "ssl_key";
        if (!ssl && key != "socket") {
            return fail(errc::unsupported,
                        "an option other than socket, ssl_ca, ssl_cert, ssl_key and busy_timeout");
        }
        all.add(ssl ? "ssl" + std::string(key.substr(4)) : "unix_socket", value);
    }
    if (!all.sound()) {
        return fail(errc::unsupported, "a URL with a % that no two hexadecimal digits follow");
    }
    all.text().append("charset=utf8mb4 connect_timeout=10 read_timeout=60 write_timeout=60");
    return location{
        "mysql://" + std::string(url), std::move(all.text()), {settings_statement((*wait_ms + 999) / 1000)}};
}

/// By the numbers of https://mariadb.com/kb/en/mariadb-error-codes/, which MySQL shares unless said
/// otherwise; 2000 and above are the client's own.
[[nodiscard]] inline fault sort(unsigned number, std::string_view message) {
    const auto is_one_of = [&](auto... numbers) { return ((number == unsigned(numbers)) || ...); };
    const auto as = [&](errc code) { return error{code, message}; };
    // Deadlock, or another node's transaction was first; a row, a table changed since the snapshot; rolled
    // back by group replication.
    if (is_one_of(1213, 1020, 1412, 3101)) {
        return {as(errc::conflict)};
    }
    // The client's own; shutdown, killed, network errors, timeouts of an idle session (4031 MySQL).
    if ((number >= 2000 && number < 3000) ||
        is_one_of(1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 3168, 3169, 4031)) {
        return {.what = as(errc::unavailable), .lost = true};
    }
    // A node without quorum, or without its data; a server or a transaction that is read-only, as after a
    // switch-over: the next session may be of another server.
    if (is_one_of(1047, 1290, 1792, 1836, 1874, 3032)) {
        return {.what = as(errc::unavailable), .lost = true};
    }
    // COMMIT or ROLLBACK that failed, as where the node lost the others meanwhile: nobody knows what became
    // of it (3100 group replication).
    if (is_one_of(1180, 1181, 3100)) {
        return {as(errc::unavailable)};
    }
    // Lock wait; disk or table full, input/output; canceled, or for too long (1969 MariaDB, 3024 MySQL); too
    // many connections; out of memory; no such database.
    if (is_one_of(1205, 1021, 1114, 1030, 1026, 1317, 1969, 3024, 1040, 1129, 1203, 1226, 1037, 1038, 1041,
                  1049)) {
        return {as(errc::unavailable)};
    }
    // Duplicate, foreign key, NULL, CHECK (4025 MariaDB, 3819 MySQL), and a mode that is none, by which a
    // script refuses to go on.
    if (is_one_of(1062, 1451, 1452, 1048, 4025, 3819, 1231)) {
        return {.what = as(errc::corrupt), .constraint = true};
    }
    if (is_one_of(1044, 1045, 1130, 1142, 1143, 1227, 1370, 1410, 1698)) {
        return {as(errc::permission_denied)};
    }
    if (is_one_of(1146, 1054, 1136)) {  // no table, no column, another number of columns
        return {as(errc::schema_mismatch)};
    }
    if (is_one_of(1264, 1690)) {
        return {as(errc::amount_overflow)};
    }
    return {as(is_one_of(1034, 1194, 1195, 1712) ? errc::corrupt : errc::unsupported)};
}

[[nodiscard]] inline fault classify(const soci::soci_error& e) {
    const std::string message = e.get_error_message();
    const auto* said = dynamic_cast<const soci::mysql_soci_error*>(&e);
    return sort(said == nullptr ? 0 : said->err_num_, message);
}

/// The last answer says whether a transaction is open: one that is not was rolled back by the server.
[[nodiscard]] inline bool may_commit(soci::session& session) {
    return (handle_of(session)->server_status & SERVER_STATUS_IN_TRANS) != 0;
}

inline void quote(soci::session& session, std::string_view text, std::string& to) {
    to.push_back('\'');
    const std::size_t begin = to.size();
    to.resize(begin + 2 * text.size() + 1);
    to.resize(begin + mysql_real_escape_string(handle_of(session), to.data() + begin, text.data(),
                                               static_cast<unsigned long>(text.size())));
    to.push_back('\'');
}

}  // namespace mysql

inline constexpr dialect mysql_dialect{
    .scheme = "mysql",
    .backend = mysql::backend,
    .locate = mysql::locate,
    .type_of = mysql::type_of,
    .classify = mysql::classify,
    .may_commit = mysql::may_commit,
    .transport = transport::scripts,
    .script = mysql::script,
    .run_script = mysql::run_script,
    .quote = mysql::quote,
    .standard_quotes = mysql::standard_quotes,
    .table_options =
        " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4"
        " COLLATE /*M! utf8mb4_nopad_bin */ /*!80017 utf8mb4_0900_bin */",
    .columns_query =
        "SELECT column_name, CONCAT(UPPER(REGEXP_REPLACE(column_type, '^bigint[(][0-9]+[)]', 'bigint')),"
        " CASE WHEN collation_name IS NULL OR collation_name IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')"
        " THEN '' ELSE CONCAT(' COLLATE ', collation_name) END,"
        " CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END,"
        " CASE engine WHEN 'InnoDB' THEN '' ELSE CONCAT(' ENGINE ', COALESCE(engine, 'none')) END)"
        " FROM information_schema.columns CROSS JOIN (SELECT engine FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND table_name = :table) t"
        " WHERE table_schema = DATABASE() AND table_name = :table ORDER BY ordinal_position",
    // MySQL has no table_name with a check, but a name for each; in MariaDB columns' checks share names.
    .constraints_query =
        "SELECT CONCAT(CASE index_name WHEN 'PRIMARY' THEN 'PRIMARY KEY (' ELSE 'UNIQUE (' END,"
        " GROUP_CONCAT(CONCAT(column_name, COALESCE(CONCAT('/', sub_part), '')) ORDER BY seq_in_index), ')')"
        " FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND table_name = :table AND non_unique = 0 GROUP BY index_name"
        " UNION ALL SELECT CONCAT('CHECK (', c.check_clause, ')') FROM information_schema.check_constraints c"
        " /*!80017 JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name) */"
        " WHERE constraint_schema = DATABASE() AND table_name = :table"
        " UNION ALL SELECT CONCAT('FOREIGN KEY (', GROUP_CONCAT(column_name ORDER BY ordinal_position),"
        " ') REFERENCES ', referenced_table_name, ' (',"
        " GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position), ')')"
        " FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND table_name = :table"
        " AND referenced_table_name IS NOT NULL GROUP BY constraint_name, referenced_table_name",
    .begin_reading = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    .begin_writing = "START TRANSACTION",
    .lock_row = " FOR UPDATE",
    .joined_games = "GROUP_CONCAT(game SEPARATOR '\\n')",
    // DDL ends a transaction, and its locks with it.
    .lock_schema = "SELECT GET_LOCK('jackpot_schema', 60)",
    .unlock_schema = "DO RELEASE_LOCK('jackpot_schema')",
    .after_migrating = "",
    .durability_query =
        "SELECT CONCAT(LOWER(variable_name), ' = ', variable_value, ': ', CASE LOWER(variable_name)"
        " WHEN 'innodb_flush_log_at_trx_commit' THEN CASE variable_value"
        " WHEN '0' THEN 'a crash of the server loses the commits of the last second or more'"
        " ELSE 'a crash of the machine loses the commits of the last second or more' END"
        " WHEN 'innodb_flush_method' THEN 'a crash of the machine loses commits, and may damage everything'"
        " WHEN 'innodb_doublewrite' THEN 'a crash in the middle of a write may damage pages, and what is in "
        "them'"
        " ELSE 'a crash of the machine loses commits that the binary log had not on the disk' END)"
        " FROM /*M! information_schema.global_variables */ /*!80017 performance_schema.global_variables */"
        " WHERE (LOWER(variable_name) = 'innodb_flush_log_at_trx_commit' AND variable_value <> '1')"
        " OR (LOWER(variable_name) = 'innodb_flush_method' AND LOWER(variable_value) IN ('nosync', "
        "'littlesync'))"
        " OR (LOWER(variable_name) = 'innodb_doublewrite' AND variable_value IN ('OFF', 'DETECT_ONLY'))"
        " OR (LOWER(variable_name) = 'sync_binlog' AND variable_value <> '1' AND @@log_bin)"
        " ORDER BY LOWER(variable_name)",
};

}}}  // namespace jackpot::v1::sql

#endif
