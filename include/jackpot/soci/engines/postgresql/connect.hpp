// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_POSTGRESQL_CONNECT_HPP
#define JACKPOT_SOCI_ENGINES_POSTGRESQL_CONNECT_HPP

#include <jackpot/soci/engines/postgresql/session.hpp>

#include <soci/version.h>

#include <algorithm>
#include <stdexcept>

// How a session with a PostgreSQL server begins: by whom it was refused, what it takes for granted, whether
// it is a session at all, and in which schema its store is.

namespace jackpot { inline namespace v1 { namespace sql::postgresql {

struct session_setting {
    std::string_view name;
    std::string_view value;  ///< as SQL
    std::string_view why;
};

/// What a server, database or role may say otherwise, and what would change a result, a refusal or
/// durability. A setting that a server does not know is left out; one that the role may not change is refused
/// by the server.
inline constexpr session_setting session_settings[] = {
    {"array_nulls", "'on'", "rows travel as arrays, in which NULL would become a text"},
    {"client_encoding", "'UTF8'", "names are UTF-8"},
    {"client_min_messages", "'warning'", "a commit that is not durable is told by a warning alone"},
    {"DateStyle", "'ISO, YMD'", "timestamps are read as text"},
    {"TimeZone", "'UTC'", "timestamps are read as text"},
    {"default_transaction_isolation", "'read committed'",
     "a commit is one statement outside all transactions"},
    {"enable_seqscan", "'off'",
     "while a table is small a scan is the best plan, and is kept when it has grown"},
    {"exit_on_error", "'off'", "a refused row ends the statement, not the session"},
    {"idle_in_transaction_session_timeout", "'30000'", "a process that stopped in the middle of a commit"},
    {"idle_session_timeout", "'0'", "a session that waits for the next wager is not idle by mistake"},
    {"jit", "'off'", "before a table is analysed a short statement looks long enough to be compiled"},
    {"row_security", "'off'", "a pool that a policy hides is an error, not a pool less"},
    {"session_replication_role", "'origin'", "a replica's session looks at no foreign key"},
    {"synchronous_commit",
     "CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END",
     "off, local and remote_write give an acknowledged commit away"},
    {"transaction_timeout", "'0'", "a large copy is one transaction"},
};

/// Each that is otherwise, set by one statement. Without `conditions`, as for another session than that of
/// `answer_timeout` and `busy_timeout`.
[[nodiscard]] inline std::string settings_statement(std::uint32_t busy_timeout_ms,
                                                    std::uint32_t answer_timeout_ms) {
    std::string rows = "('lock_timeout', '" + std::to_string((std::max)(busy_timeout_ms, 1U)) +
                       "'), ('statement_timeout', '" + std::to_string(answer_timeout_ms) + "')";
    for (const session_setting& each : session_settings) {
        rows.append(", ('").append(each.name).append("', ").append(each.value).append(")");
    }
    return "SELECT set_config(name, value, false) FROM (VALUES " + rows +
           ") AS wanted (name, value) WHERE current_setting(name, true) <> value";
}

using handle_pointer = std::unique_ptr<PGconn, decltype(&PQfinish)>;

/// Another session of libpq's there, whose errors have their state in them, or what became of it.
[[nodiscard]] inline handle_pointer connect_beside(const location& where, int answer_timeout_ms) {
    std::string text = where.connection;
    if (SOCI_VERSION >= 400100) {
        std::replace(text.begin(), text.end(), '"', '\'');  // SOCI's quotes, which no value has
    }
    handle_pointer handle(PQconnectStart(text.c_str()), PQfinish);
    if (handle == nullptr) {
        throw std::bad_alloc();
    }
    PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE);
    for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED;
         next = PQstatus(handle.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED
                                                         : PQconnectPoll(handle.get())) {
        if (PQstatus(handle.get()) != CONNECTION_BAD) {
            wait_for(handle.get(), next == PGRES_POLLING_READING ? POLLIN : POLLOUT, answer_timeout_ms);
        }
    }
    PQsetErrorVerbosity(handle.get(), PQERRORS_DEFAULT);
    return handle;
}

/// The last state in libpq's words, as in `FATAL:  28P01: …`; none where no server said anything.
[[nodiscard]] inline std::string state_in(std::string_view words) {
    constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (std::size_t at = words.rfind(":  "); at != std::string_view::npos && at != 0;
         at = words.rfind(":  ", at - 1)) {
        const std::string_view state = words.substr(at + 3, 5);
        if (words.substr(at + 8).starts_with(": ") &&
            state.find_first_not_of(letters) == std::string_view::npos) {
            return std::string(state);
        }
    }
    return "08001";
}

/// SOCI keeps the words of a refusal alone, which a server says in its own language: another try tells its
/// state.
[[noreturn]] inline void refuse(const location& where, std::string words) {
    std::string state = "08001";
    try {
        constexpr std::uint32_t longest_ms = 2000;
        const handle_pointer again =
            connect_beside(where, static_cast<int>((std::min)(where.answer_timeout_ms, longest_ms)));
        state = PQconnectionNeedsPassword(again.get()) != 0 ? "28P01" : state_in(PQerrorMessage(again.get()));
    } catch (const soci::postgresql_soci_error&) {
        // A server that says nothing refuses nothing.
    }
    words.erase(0, words.find('\n') + 1);  // SOCI's own line
    words.erase(words.find_last_not_of('\n') + 1);
    std::replace(words.begin(), words.end(), '\n', ' ');
    std::replace(words.begin(), words.end(), '\t', ' ');
    throw soci::postgresql_soci_error(words, state.c_str());
}

/// A pooler that gives each transaction another of its sessions would give our settings, statements and locks
/// to others. It says no word of that: a session that is ours alone (`first`) stays the same one, and no
/// second client gets it.
inline void refuse_pooled_transactions(PGconn* handle, const location& where, const std::string& first) {
    const std::string query = "SELECT pg_backend_pid()";
    const auto asked = [](PGconn* of, const std::string& script) {
        return std::string(PQgetvalue(ask(of, script).get(), 0, 0));
    };
    const handle_pointer beside = connect_beside(where, static_cast<int>(where.answer_timeout_ms));
    bool answers = PQstatus(beside.get()) == CONNECTION_OK;
    if (answers) {
        attach(beside.get(), (std::min)(where.answer_timeout_ms, 2000U));
    }
    for (int i = 0; i < 3; ++i) {
        std::string other;
        bool shared = false;
        try {
            other = answers ? asked(beside.get(), "BEGIN; " + query) : "";
        } catch (const soci::postgresql_soci_error& e) {
            answers = false;
            shared = e.sqlstate() != unanswered;  // it refuses transactions
        }
        if (shared || other == first || asked(handle, query) != first) {
            throw std::runtime_error(
                "a pooler that gives every transaction another session: use pool_mode = session for this "
                "database,"
                " or connect to the server itself");
        }
        if (answers) {
            ask(beside.get(), "ROLLBACK");
        }
    }
}

/// Where a schema that comes later in the search path has the store, it comes first from now on.
inline void find_store(PGconn* handle) {
    const result_pointer found =
        ask(handle,
            "SELECT count(*), coalesce(string_agg(quote_ident(schema), ', ' ORDER BY place), ''),"
            " coalesce(min(schema), current_schema(), '') = coalesce(current_schema(), '')"
            " FROM unnest(current_schemas(false)) WITH ORDINALITY AS path (schema, place) WHERE EXISTS"
            " (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = schema AND c.relname = 'jackpot_store')");
    const auto column = [&](int at) { return std::string(PQgetvalue(found.get(), 0, at)); };
    const std::string schemas = column(1);
    if (column(0) != "0" && column(0) != "1") {
        throw std::runtime_error("stores in several schemas of the search path, " + schemas +
                                 ": name one in the URL, options=-csearch_path%3DSCHEMA");
    }
    if (column(2) != "t") {
        ask(handle, "SELECT set_config('search_path', $$" + schemas +
                        "$$ || ', ' || current_setting('search_path'), false)");
    }
}

inline void set_up(PGconn* handle, const location& where) {
    // A server's own process: behind a pooler libpq knows another number.
    const std::string direct = std::to_string(PQbackendPID(handle));
    const std::string& settings = where.settings.front();
    const std::string id = PQgetvalue(
        ask(handle, settings + " AND pg_backend_pid() = " + direct + "; SELECT pg_backend_pid()").get(), 0,
        0);
    if (id != direct) {
        refuse_pooled_transactions(handle, where, id);
        ask(handle, settings);
    }
    find_store(handle);
}

inline void connect(soci::session& session, const location& where) {
    try {
        session.open(soci::postgresql, where.connection);
    } catch (const soci::postgresql_soci_error&) {
        throw;
    } catch (const soci::soci_error& e) {
        refuse(where, e.get_error_message());
    }
    try {
        attach(handle_of(session), where.answer_timeout_ms);
        set_up(handle_of(session), where);
    } catch (...) {
        session.close();
        throw;
    }
}

}}}  // namespace jackpot::v1::sql::postgresql

#endif
