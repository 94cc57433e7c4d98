// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_MYSQL_DIALECT_HPP
#define JACKPOT_SOCI_ENGINES_MYSQL_DIALECT_HPP

#include <jackpot/soci/engines/mysql/errors.hpp>
#include <jackpot/soci/engines/mysql/url.hpp>

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

[[nodiscard]] inline std::string joined(std::span<const column_spec> columns) {
    return "GROUP_CONCAT(CONCAT_WS('\\n', " + list_columns(columns, "COALESCE(\"", "\", '')") +
           ") SEPARATOR '\\n')";
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
    .other_scheme = "mariadb",
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
        "SELECT CONCAT(CASE WHEN index_name = 'PRIMARY' THEN 'PRIMARY KEY (' WHEN non_unique = 0"
        " THEN 'UNIQUE (' ELSE 'INDEX (' END,"
        " GROUP_CONCAT(CONCAT(column_name, COALESCE(CONCAT('/', sub_part), '')) ORDER BY seq_in_index), ')')"
        " FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND table_name = :table GROUP BY index_name, non_unique"
        " UNION ALL SELECT CONCAT('CHECK (', c.check_clause, ')') FROM information_schema.check_constraints c"
        " /*!80017 JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name) */"
        " WHERE constraint_schema = DATABASE() AND table_name = :table"
        " UNION ALL SELECT CONCAT('FOREIGN KEY (', GROUP_CONCAT(column_name ORDER BY ordinal_position),"
        " ') REFERENCES ', referenced_table_name, ' (',"
        " GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position), ')')"
        " FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND table_name = :table"
        " AND referenced_table_name IS NOT NULL GROUP BY constraint_name, referenced_table_name",
    .alteration = alteration::with_columns,
    // MariaDB's checks of columns have the columns' names, and go with them.
    .named_checks_query =
        "SELECT CONCAT('\"', c.constraint_name, '\"'), CONCAT('CHECK (', c.check_clause, ')')"
        " FROM information_schema.check_constraints c"
        " /*!80017 JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name) */"
        " WHERE constraint_schema = DATABASE() AND table_name = :table /*M! AND level = 'Table' */",
    .index_in_table = true,
    .begin_reading = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    .begin_writing = "START TRANSACTION",
    .lock_row = " FOR UPDATE",
    .joined = mysql::joined,
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
