// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_SQLITE_DIALECT_HPP
#define JACKPOT_SOCI_ENGINES_SQLITE_DIALECT_HPP

#include <jackpot/soci/dialect.hpp>
#include <jackpot/soci/engines/url.hpp>

#include <soci/sqlite3/soci-sqlite3.h>
#include <soci/version.h>

#include <filesystem>
#include <memory>

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

/// FILE, or FILE?option=N&option=N. Options: busy_timeout, how long to wait for another writer, in
/// milliseconds; max_page_count, the most pages that the file may grow to.
[[nodiscard]] inline expected<location> locate(std::string_view url, open_mode mode) {
    const auto options = take_options(url);
    if (!options) {
        return tl::unexpected(options.error());
    }
    const std::string file(url);
    // SOCI 4.0 has no way to quote a quote.
    if (file.empty() || file.find('"') != std::string::npos) {
        return fail(errc::unsupported, "a file of this name", file);
    }
    std::error_code ignored;
    if (mode == open_mode::existing && !std::filesystem::exists(file, ignored)) {
        return fail(errc::unavailable, "no such file", file);
    }
    location where{"sqlite://" + file,
                   "dbname=\"" + file + "\"",
                   {"PRAGMA busy_timeout = 5000", "PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL",
                    "PRAGMA locking_mode = NORMAL"}};
    for (const url_option& option : *options) {
        const auto number = number_of(option);
        if (option.key != "busy_timeout" && option.key != "max_page_count") {
            return fail(errc::unsupported, "option", option.key);
        }
        if (!number) {
            return tl::unexpected(number.error());
        }
        where.settings.push_back("PRAGMA " + std::string(option.key) + " = " + std::to_string(*number));
    }
    return where;
}

/// By SQLite's result code, without its extension. The codes are part of SQLite's file-level interface
/// and never change; spelled here because SOCI gives the names to its users only before version 4.1.
[[nodiscard]] inline errc code_of(int result) noexcept {
    switch (result & 0xFF) {
        case 5:   // BUSY
        case 6:   // LOCKED
        case 9:   // INTERRUPT
        case 10:  // IOERR
        case 13:  // FULL
        case 14:  // CANTOPEN
        case 15:  // PROTOCOL
            return errc::unavailable;
        case 3:   // PERM
        case 8:   // READONLY
        case 23:  // AUTH
            return errc::permission_denied;
        case 11:  // CORRUPT
        case 19:  // CONSTRAINT
        case 26:  // NOTADB
            return errc::corrupt;
        case 7:  // NOMEM
            return errc::out_of_memory;
        case 1:   // ERROR: the statements are right, so the tables are not
        case 17:  // SCHEMA
            return errc::schema_mismatch;
        default:
            return errc::unsupported;
    }
}

[[nodiscard]] inline fault classify(const soci::soci_error& e) {
    const std::string message = e.get_error_message();
    std::string_view words = message;
    if (words.starts_with("sqlite3_statement_backend::")) {
        words.remove_prefix(words.find(": ") + 2);
    }
    const auto* said = dynamic_cast<const soci::sqlite3_soci_error*>(&e);
    const int result = said == nullptr ? -1 : said->result();
    return {{code_of(result), words}, (result & 0xFF) == 19};
}

#if SOCI_VERSION < 400100
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
    .run_many = sqlite::run_many,
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
            " WHERE name = :table",

    .begin_reading = "BEGIN",
    // Deferred transactions that read first would fail, not wait, where another writer came between.
        .begin_writing = "BEGIN IMMEDIATE", .lock_row = "", .joined_games = "group_concat(game, char(10))",
    .lock_schema = "", .unlock_schema = "", .after_migrating = "PRAGMA journal_mode = WAL",
    .durability_query =
        "SELECT compile_options || ': this SQLite was built so that it waits for no disk: a power cut'"
        " || ' loses commits' FROM pragma_compile_options WHERE compile_options = 'NO_SYNC'"
        " UNION ALL SELECT 'journal_mode = ' || journal_mode || ': a power cut can take back the newest "
        "commit'"
        " || ' (opened to create, the library makes it wal)' FROM pragma_journal_mode WHERE journal_mode <> "
        "'wal'",
};

}}}  // namespace jackpot::v1::sql

#endif
