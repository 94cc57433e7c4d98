// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_SQLITE_DIALECT_HPP
#define JACKPOT_SOCI_ENGINES_SQLITE_DIALECT_HPP

#include <jackpot/soci/engines/sqlite/errors.hpp>
#include <jackpot/soci/engines/sqlite/url.hpp>

#include <soci/version.h>

#include <cstdint>

namespace jackpot { inline namespace v1 { namespace sql {

namespace sqlite {

inline const soci::backend_factory& backend() {
    return soci::sqlite3;
}

/// BIGINT and not INTEGER: SOCI cuts INTEGER columns to 32 bits for callers who read them as rows.
[[nodiscard]] inline column_type type_of(value_kind kind) {
    if (is_number(kind)) {
        return {"BIGINT", "", "typeof(@) = 'integer'"};
    }
    return {.type = "TEXT", .collation = "COLLATE BINARY", .computes = false};
}

[[nodiscard]] inline std::string joined(std::span<const column_spec> columns) {
    return "group_concat(" + list_columns(columns, "coalesce(\"", "\", '')", " || char(10) || ") +
           ", char(10))";
}

#if SOCI_VERSION < 400100
/// Waits one of `turns`, all as short. SQLite's own grow to 100 ms: of many processes that write all the
/// time, one that has waited long asks so seldom then that it hardly gets its turn.
inline int wait_a_turn(void* turns, int waited) {
    if (waited >= reinterpret_cast<std::intptr_t>(turns)) {
        return 0;
    }
    sqlite_api::sqlite3_sleep(1);  // a millisecond
    return 1;
}

inline void set_up(soci::session& session) {
    int milliseconds = 0;
    session << "PRAGMA busy_timeout", soci::into(milliseconds);
    sqlite_api::sqlite3_busy_handler(
        static_cast<soci::sqlite3_session_backend&>(*session.get_backend()).conn_, wait_a_turn,
        reinterpret_cast<void*>(std::intptr_t{milliseconds}));
}

/// What SOCI does to bind a row takes longer than SQLite takes to store it. Newer SOCI hides SQLite's
/// functions.
inline void run_many(soci::session& session, soci::details::statement_backend& prepared,
                     const std::function<void(const put_cells& put)>& produce) {
    namespace api = sqlite_api;
    api::sqlite3* handle = static_cast<soci::sqlite3_session_backend&>(*session.get_backend()).conn_;
    api::sqlite3_stmt* statement = static_cast<soci::sqlite3_statement_backend&>(prepared).stmt_;
    const auto expect = [&](int result, int wanted) {
        if (result != wanted) {
            throw soci::sqlite3_soci_error(api::sqlite3_errmsg(handle), result);
        }
    };
    produce([&](std::span<const cell> cells) {
        int at = 0;
        for (const cell& c : cells) {
            ++at;
            expect(c.state == soci::i_null ? api::sqlite3_bind_null(statement, at)
                   : c.number_bound        ? api::sqlite3_bind_int64(statement, at, c.number)
                                           : api::sqlite3_bind_text(statement, at, c.text.data(),
                                                                    static_cast<int>(c.text.size()), SQLITE_STATIC),
                   SQLITE_OK);
        }
        expect(api::sqlite3_step(statement), SQLITE_DONE);
        // Its texts are the caller's again.
        api::sqlite3_reset(statement);
    });
}
#endif

}  // namespace sqlite

inline constexpr dialect sqlite_dialect {
    .scheme = "sqlite", .backend = sqlite::backend, .locate = sqlite::locate, .type_of = sqlite::type_of,
    .classify = sqlite::classify, .may_commit = always_commits, .transport = transport::steps,
#if SOCI_VERSION < 400100
    .run_many = sqlite::run_many, .set_up = sqlite::set_up,
#endif
    .standard_quotes = "", .table_options = " WITHOUT ROWID",
    .columns_query =
        "SELECT c.name, upper(c.type) || CASE WHEN c.type <> 'TEXT' THEN ''"
        " WHEN t.sql LIKE '%\"' || c.name || '\" TEXT COLLATE NOCASE%' THEN ' COLLATE NOCASE'"
        " WHEN t.sql LIKE '%\"' || c.name || '\" TEXT COLLATE RTRIM%' THEN ' COLLATE RTRIM'"
        " ELSE ' COLLATE BINARY' END || CASE c.\"notnull\" WHEN 0 THEN '' ELSE ' NOT NULL' END"
        " FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.name = :table",
    // Nothing else in the engine tells of a CHECK.
        .constraints_query =
            "SELECT replace(substr(sql, instr(sql, '(') + 1), 'WITHOUT ROWID', '') FROM sqlite_master"
            " WHERE name = :table UNION ALL SELECT 'INDEX ' || substr(sql, instr(sql, '('))"
            " FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL",

    .alteration = alteration::rebuild, .begin_reading = "BEGIN",
    // Deferred transactions that read first would fail, not wait, where another writer came between.
        .begin_writing = "BEGIN IMMEDIATE", .lock_row = "", .joined = sqlite::joined, .lock_schema = "",
    .unlock_schema = "", .after_migrating = "PRAGMA journal_mode = WAL",
    .durability_query =
        "SELECT compile_options || ': this SQLite was built so that it waits for no disk: a power cut'"
        " || ' loses commits' FROM pragma_compile_options WHERE compile_options = 'NO_SYNC'"
        " UNION ALL SELECT 'journal_mode = ' || journal_mode || ': a power cut can take back the newest "
        "commit'"
        " || ' (opened to create, the library makes it wal)' FROM pragma_journal_mode WHERE journal_mode <> "
        "'wal'",
    // A column of text may hold bytes, which equal no text.
        .as_text = "CAST(@ AS TEXT)",
};

}}}  // namespace jackpot::v1::sql

#endif
