// SPDX-License-Identifier: BSL-1.0
#include "dumps.hpp"

#include "dump_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace migrator {

namespace {

template <std::size_t N>
bool is_any(const token& t, const std::array<std::string_view, N>& keywords) {
    return std::any_of(keywords.begin(), keywords.end(), [&](auto keyword) { return t.is(keyword); });
}

/// What dumps hold beside rows and tables, and what says nothing of either.
constexpr std::array<std::string_view, 28> without_rows = {
    "ALTER",     "ANALYZE",  "BEGIN",   "CHANGE", "COMMENT", "COMMIT", "DO",
    "DROP",      "END",      "FLUSH",   "GRANT",  "IMPORT",  "LOCK",   "PRAGMA",
    "REFRESH",   "REINDEX",  "RELEASE", "RESET",  "REVOKE",  "SELECT", "ROLLBACK",
    "SAVEPOINT", "SECURITY", "SET",     "START",  "STOP",    "UNLOCK", "USE"};

/// What psql does itself, but for reading other files and running other programs.
constexpr std::array<std::string_view, 9> of_psql = {"c",        "connect",    "echo", "encoding", "pset",
                                                     "restrict", "unrestrict", "set",  "timing"};

class dump_reader : value_reader {
public:
    explicit dump_reader(std::string_view text) : value_reader(text) {}

    tl::expected<std::vector<dumped_table>, std::string> read() {
        while (advance().kind != token_kind::end) {
            if (!read_statement()) {
                return tl::unexpected(fmt::format("line {}: {}", tokens_.line_of(failed_at_), failure_));
            }
        }
        if (const auto begun = tokens_.begun()) {
            return tl::unexpected(
                fmt::format("line {}: the dump that begins here was cut off: its end, which "
                            "says that it is complete, is missing",
                            tokens_.line_of(*begun)));
        }
        std::vector<dumped_table> tables;
        for (auto& [name, filled] : tables_) {
            auto& table = tables.emplace_back(std::move(filled.table));
            if (!filled.begun) {
                table.columns = std::move(filled.created);
            }
        }
        return tables;
    }

private:
    struct entry {
        dumped_table table{};
        std::vector<std::string> created{};  // the columns by CREATE TABLE
        bool made = false;
        bool begun = false;  // to be filled, so that its columns are settled
    };

    bool read_statement() {
        if (now_.is(';')) {
            return true;
        }
        if (now_.is('\\')) {
            return read_command_of_psql();
        }
        if (now_.is("DELIMITER")) {
            return skip_routines();
        }
        if (now_.is("INSERT") || now_.is("REPLACE")) {
            return read_insert();
        }
        if (now_.is("COPY")) {
            return read_copy();
        }
        if (now_.is("CREATE")) {
            return read_create();
        }
        if (now_.is("USE")) {
            advance();
            schema_ = now_.value;
            return skip_statement();
        }
        if (now_.is("SET")) {
            advance();
            return now_.is("SEARCH_PATH")       ? read_search_path()
                   : now_.is("CLIENT_ENCODING") ? read_encoding()
                                                : skip_statement();
        }
        if (now_.is("PRAGMA")) {
            tokens_.set_dialect(dump_dialect::sqlite);
        } else if (tokens_.dialect() == dump_dialect::sqlite) {
            if (now_.is("BEGIN")) {
                tokens_.set_begun(now_.at);
            } else if (now_.is("COMMIT")) {
                tokens_.set_begun(std::nullopt);
            } else if (now_.is("ROLLBACK")) {
                return fail("sqlite3 says here that it could not read all of the database", now_.at);
            }
        }
        // sqlite3 empties a table of its own.
        if (now_.is("DELETE") && advance().is("FROM") && advance().value.starts_with("sqlite_")) {
            return skip_statement();
        }
        return is_any(now_, without_rows) ? skip_statement() : fail("a statement that is known in dumps");
    }

    bool read_command_of_psql() {
        const std::size_t began = now_.at;
        const auto line = tokens_.take_line();
        const auto command = line.substr(0, line.find_first_of(" \t;"));
        return std::find(of_psql.begin(), of_psql.end(), command) != of_psql.end() ||
               fail(fmt::format("a command for psql that cannot be followed here: \\{}",
                                std::string(command.substr(0, 40))),
                    began);
    }

    /// Names are read as they stand, and compared byte for byte.
    bool read_encoding() {
        advance();
        advance();
        constexpr std::array<std::string_view, 4> taken = {"UTF8", "UTF-8", "utf8", "SQL_ASCII"};
        if (std::find(taken.begin(), taken.end(), now_.value) == taken.end()) {
            return fail("UTF8 (pg_dump --encoding=UTF8)");
        }
        return skip_statement();
    }

    /// Triggers and procedures by mysqldump, which end with another mark.
    bool skip_routines() {
        const std::size_t began = now_.at;
        static_cast<void>(tokens_.take_line());
        while (!tokens_.at_end()) {
            if (tokens_.take_line() == "DELIMITER ;") {
                return true;
            }
        }
        return fail("a DELIMITER that is never set back to ;", began);
    }

    /// To the semicolon; those in parentheses (rules) and in a body (triggers, functions) do not count.
    bool skip_statement(bool has_body = false, bool may_insert = false) {
        std::size_t depth = 0;
        std::size_t blocks = 0;
        for (bool inserts = false;; advance()) {
            // Behind a semicolon that is missing there are rows, which must not be passed over.
            if (!may_insert && inserts && now_.is("INTO")) {
                return fail("the end of the statement");
            }
            inserts = now_.is("INSERT") || now_.is("REPLACE");
            if (now_.is(';') && depth == 0 && blocks == 0) {
                return true;
            }
            if (now_.kind == token_kind::end || now_.kind == token_kind::broken) {
                return fail("the end of the statement");
            }
            depth += now_.is('(') ? 1 : 0;
            depth -= now_.is(')') && depth > 0 ? 1 : 0;
            if (has_body && depth == 0) {
                blocks += now_.is("BEGIN") || now_.is("CASE") ? 1 : 0;
                blocks -= now_.is("END") && blocks > 0 ? 1 : 0;
            }
        }
    }

    /// Before PostgreSQL 10.3, dumps name the schema here and not with the tables.
    bool read_search_path() {
        advance();
        advance();
        schema_ = now_.is_identifier() && !now_.is("PG_CATALOG") ? now_.value : "";
        return skip_statement();
    }

    /// name, schema.name or database.schema.name
    bool read_name(std::string_view what, entry*& found) {
        std::string schema = schema_;
        for (;;) {
            if (!now_.is_identifier() && now_.kind != token_kind::text) {
                return fail(what);
            }
            std::string name = std::move(now_.value);
            if (!advance().is('.')) {
                found = &tables_[{schema, name}];
                found->table.schema = std::move(schema);
                found->table.name = std::move(name);
                return true;
            }
            schema = std::move(name);
            advance();
        }
    }

    /// (name, name, ...), where there is one.
    bool read_column_list(std::vector<std::string>& columns) {
        if (!now_.is('(')) {
            return true;
        }
        do {
            advance();
            if (!now_.is_identifier() && now_.kind != token_kind::text) {
                return fail("the name of a column");
            }
            columns.push_back(std::move(now_.value));
            advance();
        } while (now_.is(','));
        if (!now_.is(')')) {
            return fail("the end of the list of columns");
        }
        advance();
        return true;
    }

    /// Settles the table's columns, which are the same for all of its rows.
    bool begin_filling(entry& e, std::vector<std::string> columns, std::size_t at) {
        if (columns.empty()) {
            if (!e.made) {
                return fail(fmt::format("{} is filled without the names of its columns, and no CREATE TABLE "
                                        "before this says them",
                                        e.table.name),
                            at);
            }
            columns = e.created;
        }
        if (!e.begun) {
            auto sorted = columns;
            std::sort(sorted.begin(), sorted.end());
            const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
            if (twice != sorted.end()) {
                return fail(fmt::format("{} has two columns {}", e.table.name, *twice), at);
            }
            e.begun = true;
            e.table.columns = std::move(columns);
        } else if (e.table.columns != columns) {
            return fail(fmt::format("{} is filled with other columns than before", e.table.name), at);
        }
        return true;
    }

    bool check_width(const entry& e, std::size_t at) {
        const auto& row = e.table.rows.back();
        return row.size() == e.table.columns.size() ||
               fail(fmt::format("a row of {} has {} values for {} columns", e.table.name, row.size(),
                                e.table.columns.size()),
                    at);
    }

    bool read_copy() {
        const std::size_t began = now_.at;
        advance();
        entry* e = nullptr;
        std::vector<std::string> columns;
        if (!read_name("the name of a table", e) || !read_column_list(columns) ||
            !begin_filling(*e, std::move(columns), began)) {
            return false;
        }
        if (!now_.is("FROM") || !advance().is("STDIN") || !advance().is(';')) {
            return fail("FROM stdin; (a dump whose rows are in other files cannot be read)");
        }
        static_cast<void>(tokens_.take_line());
        while (!tokens_.at_end()) {
            if (tokens_.take_end_of_copy()) {
                return true;
            }
            const std::size_t at = tokens_.at();
            auto& row = e->table.rows.emplace_back();
            for (bool last = false; !last;) {
                row.push_back(tokens_.take_field(last));
            }
            if (!check_width(*e, at)) {
                return false;
            }
        }
        return fail(
            fmt::format("the dump was cut off: the rows of {} that begin here never end", e->table.name),
            began);
    }

    bool read_insert() {
        const std::size_t began = now_.at;
        constexpr std::array<std::string_view, 8> modifiers = {
            "INSERT", "REPLACE", "OR", "IGNORE", "DELAYED", "LOW_PRIORITY", "HIGH_PRIORITY", "ABORT"};
        while (is_any(now_, modifiers)) {
            advance();
        }
        if (!now_.is("INTO")) {
            return fail("INTO");
        }
        advance();
        if (now_.value.starts_with("sqlite_")) {
            return skip_statement();
        }
        entry* e = nullptr;
        std::vector<std::string> columns;
        if (!read_name("the name of a table", e) || !read_column_list(columns) ||
            !begin_filling(*e, std::move(columns), began)) {
            return false;
        }
        while (now_.is("OVERRIDING") || now_.is("SYSTEM") || now_.is("USER") || now_.is("VALUE")) {
            advance();
        }
        if (!now_.is("VALUES")) {
            return fail("VALUES");
        }
        do {
            if (!advance().is('(')) {
                return fail("a row of values");
            }
            const std::size_t at = now_.at;
            auto& row = e->table.rows.emplace_back();
            do {
                advance();
                if (!read_value(row.emplace_back())) {
                    return false;
                }
            } while (now_.is(','));
            if (!now_.is(')')) {
                return fail("the end of the row");
            }
            if (!check_width(*e, at)) {
                return false;
            }
            advance();
        } while (now_.is(','));
        if (!now_.is(';') && !now_.is("ON")) {  // ON CONFLICT DO NOTHING, say
            return fail("the end of the statement");
        }
        return skip_statement();
    }

    bool read_create() {
        constexpr std::array<std::string_view, 8> modifiers = {"CREATE", "OR",     "REPLACE",  "TEMP",
                                                               "LOCAL",  "GLOBAL", "UNLOGGED", "TEMPORARY"};
        constexpr std::array<std::string_view, 3> with_body = {"TRIGGER", "FUNCTION", "PROCEDURE"};
        while (is_any(now_, modifiers)) {
            advance();
        }
        if (!now_.is("TABLE")) {
            return skip_statement(is_any(now_, with_body), true);
        }
        const std::size_t began = now_.at;
        advance();
        while (now_.is("IF") || now_.is("NOT") || now_.is("EXISTS")) {
            advance();
        }
        entry* e = nullptr;
        if (!read_name("the name of a table", e)) {
            return false;
        }
        if (e->made) {
            return fail(fmt::format("the table {} is made a second time: a dump of one database is wanted",
                                    e->table.name),
                        began);
        }
        e->made = true;
        return (!now_.is('(') || read_definitions(*e)) && skip_statement();
    }

    /// What stands between the parentheses of a CREATE TABLE.
    bool read_definitions(entry& e) {
        // A column may have the name of a keyword unless that is reserved; then it is quoted.
        constexpr std::array<std::string_view, 6> constraints = {"CONSTRAINT", "PRIMARY", "UNIQUE",
                                                                 "CHECK",      "FOREIGN", "LIKE"};
        constexpr std::array<std::string_view, 5> of_mysql = {"KEY", "INDEX", "FULLTEXT", "SPATIAL",
                                                              "PERIOD"};
        for (;;) {
            advance();
            const bool constraint = is_any(now_, constraints) ||
                                    (tokens_.dialect() == dump_dialect::mysql && is_any(now_, of_mysql));
            bool column = !constraint && (now_.is_identifier() || now_.kind == token_kind::text);
            if (column) {
                e.created.push_back(std::move(now_.value));
                advance();
            }
            for (std::size_t depth = 0;; advance()) {
                if (depth == 0 && (now_.is(',') || now_.is(')'))) {
                    break;
                }
                if (now_.kind == token_kind::end || now_.kind == token_kind::broken) {
                    return fail("the end of the table's columns");
                }
                // sqlite3 does not write the values of generated columns.
                if (column && depth == 0 && now_.is("AS") && tokens_.dialect() == dump_dialect::sqlite) {
                    e.created.pop_back();
                    column = false;
                }
                depth += now_.is('(') ? 1 : 0;
                depth -= now_.is(')') ? 1 : 0;
            }
            if (now_.is(')')) {
                advance();
                return true;
            }
        }
    }

    std::string schema_;
    std::map<std::pair<std::string, std::string>, entry> tables_;
};

}  // namespace

tl::expected<std::vector<dumped_table>, std::string> read_dump(std::string_view text) {
    // By their first bytes: an archive of --format=custom, and one of tar.
    if (text.starts_with("PGDMP") || text.starts_with("toc.dat")) {
        return tl::unexpected(
            std::string("it is an archive of pg_dump, and plain SQL is wanted: pg_dump --format=plain, or "
                        "pg_restore --file=PLAIN.sql ARCHIVE"));
    }
    return dump_reader(text).read();
}

}  // namespace migrator
