// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_POSTGRESQL_DIALECT_HPP
#define JACKPOT_SOCI_ENGINES_POSTGRESQL_DIALECT_HPP

#include <jackpot/soci/engines/postgresql/connect.hpp>
#include <jackpot/soci/engines/url.hpp>

#include <map>

// PostgreSQL 13 and newer.
//
// Isolation: a commit is one statement, or begins with one, that updates the store's row: writers stand in
// line there and never deadlock. READ COMMITTED is all that those need that hold it, for the next statement
// sees what the one before in the line did. A load is one statement, and so of one moment.

namespace jackpot { inline namespace v1 { namespace sql {

namespace postgresql {

inline const soci::backend_factory& backend() {
    return soci::postgresql;
}

[[nodiscard]] inline column_type type_of(value_kind kind) {
    switch (kind) {
        case value_kind::integer:
        case value_kind::amount:
            return {"BIGINT"};
        case value_kind::wide_amount:
            return {"NUMERIC(78,0)"};
        case value_kind::rate:
            return {"NUMERIC(10,9)"};
        case value_kind::moment:
            return {"TIMESTAMPTZ(6)"};
        default:
            return {"TEXT", "COLLATE \"C\""};
    }
}

/// The connection string that SOCI hands on unharmed: 4.0 cuts a list of keywords at every blank, quoted or
/// not, but leaves a URL alone; 4.1 does the opposite.
[[nodiscard]] inline expected<std::string> connection_string(
    const std::map<std::string, std::string>& keywords) {
    std::string text = SOCI_VERSION < 400100 ? "postgresql://?" : "";
    for (const auto& [keyword, value] : keywords) {
#if SOCI_VERSION < 400100
        text.append(text.back() == '?' ? "" : "&").append(keyword).append("=");
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            text.append({'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]});
        }
#else
        if (value.find_first_of("\"'\\") != std::string::npos) {
            return fail(errc::unsupported, "a quote or backslash in", keyword);
        }
        text.append(keyword).append("=\"").append(value).append("\" ");
#endif
    }
    return text;
}

/// Everything that libpq takes after `postgresql://`, and in milliseconds busy_timeout, how long to wait for
/// another writer, and answer_timeout, how long for a server that says nothing.
[[nodiscard]] inline expected<location> locate(std::string_view url, open_mode) {
    auto options = take_options(url);
    if (!options) {
        return tl::unexpected(options.error());
    }
    const auto wait_ms = take_number(*options, "busy_timeout", 5000);
    if (!wait_ms) {
        return tl::unexpected(wait_ms.error());
    }
    const auto answer_ms = take_number(*options, "answer_timeout", (std::max)(60'000U, *wait_ms * 2));
    if (!answer_ms) {
        return tl::unexpected(answer_ms.error());
    }
    if (*answer_ms == 0 || *answer_ms > 0x7FFF'FFFFU) {
        return fail(errc::unsupported, "option answer_timeout, which is from 1 to 2147483647",
                    std::to_string(*answer_ms));
    }
    // libpq would take what follows for the host or the database, and errors show those.
    if (const std::size_t at = url.rfind('@');
        at != std::string_view::npos && url.find_first_of("@/") != at) {
        return fail(errc::unsupported,
                    "a URL in which an @ or / before the host is not written as %40 or %2F");
    }
    std::string full = "postgresql://" + std::string(url);
    for (const url_option& option : *options) {
        full.append(&option == options->data() ? "?" : "&");
        full.append(option.key).append("=").append(option.value);
    }
    // A peer that is gone without a word is noticed after a minute, not after two hours.
    std::map<std::string, std::string> keywords = {
        {"application_name", "jackpot"}, {"connect_timeout", "10"},     {"keepalives_count", "3"},
        {"keepalives_idle", "30"},       {"keepalives_interval", "10"}, {"tcp_user_timeout", "60000"}};
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
        PQconninfoParse(full.c_str(), nullptr), PQconninfoFree);
    if (parsed == nullptr) {
        // libpq's own words would quote the part that it could not read, which may be the password.
        return fail(errc::unsupported,
                    "a URL that libpq cannot read, postgresql://[user[:password]@][host[:port]]/"
                    "[database][?option=value&...]");
    }
    for (const PQconninfoOption* o = parsed.get(); o->keyword != nullptr; ++o) {
        if (o->val != nullptr) {
            keywords[o->keyword] = o->val;
        }
    }
    // Of several servers the one that takes wagers, wherever it is by now.
    if (keywords.count("host") != 0 && keywords["host"].find(',') != std::string::npos) {
        keywords.try_emplace("target_session_attrs", "read-write");
    }
    // Where the @ is missing, the password is where the port should be.
    const auto port = keywords.find("port");
    if (port != keywords.end() && port->second.find_first_not_of("0123456789,") != std::string::npos) {
        return fail(errc::unsupported, "a port that is no number");
    }
    return connection_string(keywords).map([&](std::string text) {
        const auto part = [&](const char* before, const char* keyword) {
            return keywords.count(keyword) == 0 ? std::string() : before + keywords[keyword];
        };
        return location{"postgresql://" + part("", "host") + part(":", "port") + part("/", "dbname"),
                        std::move(text),
                        {settings_statement(*wait_ms, *answer_ms)},
                        *answer_ms};
    });
}

/// By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
[[nodiscard]] inline fault sort(std::string_view state, std::string_view message) {
    const auto is_one_of = [&](auto... classes_or_states) {
        return (state.starts_with(classes_or_states) || ...);
    };
    const auto as = [&](errc code) { return error{code, message}; };
    if (is_one_of("40001", "40P01")) {  // serialization failure, deadlock
        return {as(errc::conflict)};
    }
    // Connection, server shutting down or starting, no such database, idle for too long; read-only, as a
    // server is after a switch-over, and a database or role that is fenced: another server may take what is
    // next.
    if (is_one_of("08", "57P", "3D000", "25P03", "25006")) {
        return {.what = as(errc::unavailable), .lost = true};
    }
    if (is_one_of("53", "55P03", "57014",
                  "58")) {  // no space, memory or connection; lock; canceled; input/output
        return {as(errc::unavailable)};
    }
    if (is_one_of("23", "22012")) {  // a row that is refused; a division by zero, by which a commit refuses
        return {.what = as(errc::corrupt), .constraint = true};
    }
    if (is_one_of("42501", "28")) {  // no privilege, authentication
        return {as(errc::permission_denied)};
    }
    if (is_one_of("42P01", "42703", "3F000",
                  "0A000")) {  // no table, no column, no schema, columns that changed
        return {as(errc::schema_mismatch)};
    }
    if (is_one_of("22003")) {
        return {as(errc::amount_overflow)};
    }
    return {as(is_one_of("XX001", "XX002") ? errc::corrupt : errc::unsupported)};
}

[[nodiscard]] inline fault classify(const soci::soci_error& e) {
    const std::string message = e.get_error_message();
    std::string_view words = message;
    const auto begin_at = [&](std::string_view mark) {
        if (const auto at = words.find(mark); at != std::string_view::npos) {
            words.remove_prefix(at + mark.size());
        }
    };
    const auto* said = dynamic_cast<const soci::postgresql_soci_error*>(&e);
    if (said == nullptr) {
        return {.what = {errc::unavailable, words}, .lost = true};
    }
    begin_at("ERROR:  ");
    words = words.substr(0, words.find('\n'));
    const std::string state = said->sqlstate();
    // Without a state the server did not say anything: libpq lost it.
    return sort(state == "     " ? "08" : state, words);
}

/// COMMIT of a transaction that failed says nothing and keeps nothing.
[[nodiscard]] inline bool may_commit(soci::session& session) {
    return PQtransactionStatus(handle_of(session)) == PQTRANS_INTRANS;
}

}  // namespace postgresql

inline constexpr dialect postgresql_dialect{
    .scheme = "postgresql",
    .other_scheme = "postgres",
    .backend = postgresql::backend,
    .locate = postgresql::locate,
    .type_of = postgresql::type_of,
    .classify = postgresql::classify,
    .may_commit = postgresql::may_commit,
    .connect = postgresql::connect,
    .prepare = postgresql::prepare,
    .forget = postgresql::forget,
    .certain = postgresql::certain,
    .transport = transport::arrays,
    .run_script = postgresql::run_script,
    .copy = postgresql::copy,
    .standard_quotes = "",
    .table_options = "",
    .columns_query =
        "SELECT column_name, CASE data_type"
        " WHEN 'numeric' THEN 'NUMERIC' || coalesce('(' || numeric_precision || ',' || numeric_scale || ')', "
        "'')"
        " WHEN 'timestamp with time zone' THEN 'TIMESTAMPTZ(' || datetime_precision || ')'"
        " ELSE upper(data_type) END || coalesce(' COLLATE \"' || collation_name || '\"', '') ||"
        " CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = :table ORDER BY ordinal_position",
    .constraints_query =
        "SELECT pg_get_constraintdef(k.oid) || CASE WHEN i.indisvalid = false THEN ' NOT VALID' ELSE '' END"
        " FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid"
        " JOIN pg_namespace n ON n.oid = t.relnamespace"
        " LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u')"
        " WHERE n.nspname = current_schema() AND t.relname = :table",
    .begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .begin_writing = "BEGIN ISOLATION LEVEL READ COMMITTED",
    .lock_row = " FOR UPDATE",
    .joined_games = "string_agg(game, chr(10))",
    // The number is "jackpot" in ASCII.
    .lock_schema = "SELECT 1 FROM pg_advisory_xact_lock(29943427163516788)",
    .unlock_schema = "",
    .after_migrating = "",
    // A role without pg_monitor sees that there are standbys, but not how they are kept.
    .durability_query =
        "SELECT name || ' = ' || setting || ': ' || loses FROM pg_settings JOIN (VALUES"
        " ('fsync', 'off', 'a crash of the machine loses commits, and may damage everything'),"
        " ('full_page_writes', 'off', 'a crash of the machine may damage pages, and the commits in them'),"
        " ('data_sync_retry', 'on', 'what the disk failed to write once may be taken for written'),"
        " ('zero_damaged_pages', 'on', 'damaged pages are read as empty, and what was in them is gone'))"
        " AS risks (setting_name, risky, loses) ON name = setting_name AND setting = risky"
        " UNION ALL SELECT relname || ' is UNLOGGED: a crash of the server empties it' FROM pg_class"
        " WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
        " AND relpersistence = 'u' AND relkind = 'r' AND relname ~ '^jackpots?(_|$)'"
        " UNION ALL SELECT 'synchronous_standby_names = ' || quote_literal(names) || ': standby ' ||"
        " coalesce(quote_literal(application_name), 'of a name that this role may not see') ||"
        " ' is asynchronous: a failover to it loses the newest commits'"
        " FROM pg_stat_replication r, current_setting('synchronous_standby_names') AS names"
        " WHERE coalesce(state, '') <> 'backup' AND coalesce(sync_state = 'async', names = '') AND NOT EXISTS"
        " (SELECT 1 FROM pg_replication_slots WHERE active_pid = r.pid AND slot_type = 'logical')"
        " UNION ALL SELECT 'synchronous_standby_names = ' || quote_literal(names) || ': the standby of slot "
        "' ||"
        " quote_literal(slot_name) || ' is asynchronous, and away: a failover to it loses what came since'"
        " FROM pg_replication_slots, current_setting('synchronous_standby_names') AS names"
        " WHERE slot_type = 'physical' AND NOT active AND names = ''",
    .unfit_query =
        "SELECT 'a database of encoding ' || encoding || ' cannot hold every name: use one made by CREATE "
        "DATABASE'"
        " || ' ... ENCODING ''UTF8'' TEMPLATE template0' FROM current_setting('server_encoding') AS encoding"
        " WHERE encoding <> 'UTF8'",
    // Where a wait for a standby was cut short, what this server alone has is seen. Another commit waits for
    // all before it.
    .prove =
        "DO $$BEGIN IF current_setting('synchronous_standby_names') <> '' AND "
        "current_setting('transaction_read_only') = 'off'"
        " AND has_table_privilege('jackpot_store', 'UPDATE')"
        " THEN UPDATE jackpot_store SET sealed = sealed; END IF; END$$",
};

}}}  // namespace jackpot::v1::sql

#endif
