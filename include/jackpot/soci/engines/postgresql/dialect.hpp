// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_POSTGRESQL_DIALECT_HPP
#define JACKPOT_SOCI_ENGINES_POSTGRESQL_DIALECT_HPP

#include <jackpot/soci/engines/postgresql/errors.hpp>
#include <jackpot/soci/engines/postgresql/url.hpp>

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

[[nodiscard]] inline std::string joined(std::span<const column_spec> columns) {
    return "string_agg(" + list_columns(columns, "coalesce(CAST(\"", "\" AS TEXT), '')", " || chr(10) || ") +
           ", chr(10))";
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
        " WHERE n.nspname = current_schema() AND t.relname = :table UNION ALL"
        " SELECT 'INDEX ' || regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING btree ', '')"
        " FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
        " WHERE n.nspname = current_schema() AND t.relname = :table AND NOT x.indisunique AND x.indisvalid",
    .alteration = alteration::checks_apart,
    .named_checks_query =
        "SELECT quote_ident(k.conname), pg_get_constraintdef(k.oid) FROM pg_constraint k"
        " JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
        " WHERE n.nspname = current_schema() AND t.relname = :table AND k.contype = 'c' ORDER BY k.conname",
    // In the order in which writers take them.
    .lock_tables =
        "LOCK TABLE jackpot_store, jackpot_journal, jackpots, jackpot_games IN ACCESS EXCLUSIVE MODE",
    .begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .begin_writing = "BEGIN ISOLATION LEVEL READ COMMITTED",
    .lock_row = " FOR UPDATE",
    .joined = postgresql::joined,
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
