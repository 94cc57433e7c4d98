// SPDX-License-Identifier: BSL-1.0
#include "dump_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace migrator {

std::vector<dumped_table> table_reader::take_tables() {
    std::vector<dumped_table> tables;
    for (auto& [name, filled] : tables_) {
        auto& table = tables.emplace_back(std::move(filled.table));
        if (!filled.begun) {
            table.columns = std::move(filled.created);
        }
    }
    return tables;
}

bool table_reader::skip_statement(bool has_body, bool may_insert) {
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

/// name, schema.name or database.schema.name
bool table_reader::read_name(std::string_view what, entry*& found) {
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
bool table_reader::read_column_list(std::vector<std::string>& columns) {
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
bool table_reader::begin_filling(entry& e, std::vector<std::string> columns, std::size_t at) {
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

bool table_reader::check_width(const entry& e, std::size_t width, std::size_t at) {
    return width == e.table.columns.size() || fail(fmt::format("a row of {} has {} values for {} columns",
                                                               e.table.name, width, e.table.columns.size()),
                                                   at);
}

bool table_reader::read_copy() {
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
        std::size_t width = 0;
        e->table.rows.begin_row();
        for (bool last = false; !last; ++width) {
            e->table.rows.add(tokens_.take_field(last));
        }
        if (!check_width(*e, width, at)) {
            return false;
        }
    }
    return fail(fmt::format("the dump was cut off: the rows of {} that begin here never end", e->table.name),
                began);
}

bool table_reader::read_insert() {
    const std::size_t began = now_.at;
    constexpr std::array<std::string_view, 8> modifiers = {
        "INSERT", "REPLACE", "OR", "IGNORE", "DELAYED", "LOW_PRIORITY", "HIGH_PRIORITY", "ABORT"};
    while (now_.is_any(modifiers)) {
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
        std::size_t width = 0;
        e->table.rows.begin_row();
        do {
            advance();
            dumped_value value;
            if (!read_value(value)) {
                return false;
            }
            e->table.rows.add(value);
            ++width;
        } while (now_.is(','));
        if (!now_.is(')')) {
            return fail("the end of the row");
        }
        if (!check_width(*e, width, at)) {
            return false;
        }
        advance();
    } while (now_.is(','));
    if (!now_.is(';') && !now_.is("ON")) {  // ON CONFLICT DO NOTHING, say
        return fail("the end of the statement");
    }
    return skip_statement();
}

bool table_reader::read_create() {
    constexpr std::array<std::string_view, 8> modifiers = {"CREATE", "OR",     "REPLACE",  "TEMP",
                                                           "LOCAL",  "GLOBAL", "UNLOGGED", "TEMPORARY"};
    constexpr std::array<std::string_view, 3> with_body = {"TRIGGER", "FUNCTION", "PROCEDURE"};
    while (now_.is_any(modifiers)) {
        advance();
    }
    if (!now_.is("TABLE")) {
        return skip_statement(now_.is_any(with_body), true);
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
bool table_reader::read_definitions(entry& e) {
    // A column may have the name of a keyword unless that is reserved; then it is quoted.
    constexpr std::array<std::string_view, 6> constraints = {"CONSTRAINT", "PRIMARY", "UNIQUE",
                                                             "CHECK",      "FOREIGN", "LIKE"};
    constexpr std::array<std::string_view, 5> of_mysql = {"KEY", "INDEX", "FULLTEXT", "SPATIAL", "PERIOD"};
    for (;;) {
        advance();
        const bool constraint =
            now_.is_any(constraints) || (tokens_.dialect() == dump_dialect::mysql && now_.is_any(of_mysql));
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

}  // namespace migrator
