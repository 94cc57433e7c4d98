// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_DDL_HPP
#define JACKPOT_SOCI_DDL_HPP

#include <jackpot/soci/dialect.hpp>
#include <jackpot/soci/journal.hpp>
#include <jackpot/soci/rows.hpp>

namespace jackpot { inline namespace v1 { namespace sql {

/// A check with the column's name in place of every `@`.
[[nodiscard]] inline std::string check_of(std::string_view check, std::string_view column) {
    std::string text;
    for (const char c : check) {
        if (c == '@') {
            text.append("\"").append(column).append("\"");
        } else {
            text.push_back(c);
        }
    }
    return text;
}

/// A column's type, collation, and whether it must have a value.
[[nodiscard]] inline std::string shape_of(const dialect& engine, const column_spec& c) {
    const column_type type = engine.type_of(c.kind);
    std::string text(type.type);
    text.append(type.collation.empty() ? "" : " ").append(type.collation);
    return text.append(c.nullable ? "" : " NOT NULL");
}

/// What the engine checks of a column; nothing where every value will do.
[[nodiscard]] inline std::string column_check(const dialect& engine, const column_spec& c) {
    const column_type type = engine.type_of(c.kind);
    // One CHECK a column, for MariaDB takes no more.
    std::string checks;
    for (const std::string_view each : {type.check, std::string_view(c.field_check), c.check}) {
        if (!each.empty()) {
            checks = checks.empty() ? check_of(each, c.name)
                                    : "(" + checks + ") AND (" + check_of(each, c.name) + ")";
        }
    }
    if (checks.empty()) {
        return {};
    }
    return "CHECK (" + (c.nullable ? check_of("@ IS NULL OR ", c.name) : "") + checks + ")";
}

/// An index, behind its name.
[[nodiscard]] inline std::string index_text(const dialect& engine, const index& of) {
    std::string text("(");
    text.append(of.columns).append(")");
    const bool partial = !of.rows.empty() && !engine.index_in_table;
    return text.append(partial ? " WHERE " : "").append(partial ? of.rows : std::string_view());
}

/// The statement that creates the table. `computes` where the engine can compute the amounts in it.
[[nodiscard]] inline std::string create_table(const dialect& engine, const table_spec& table, bool computes) {
    std::string text("CREATE TABLE IF NOT EXISTS ");
    text.append(table.name);
    std::string_view before = " (\n  ";
    for (const column_spec& c : table.columns) {
        text.append(before).append("\"").append(c.name).append("\" ").append(shape_of(engine, c));
        const std::string checked = column_check(engine, c);
        text.append(checked.empty() ? "" : " ").append(checked);
        before = ",\n  ";
    }
    for (const constraint& each : table.constraints) {
        if (computes || !each.computes) {
            text.append(before).append(each.text());
        }
    }
    for (const index& each : table.indexes) {
        if (engine.index_in_table) {
            text.append(before).append("INDEX ").append(each.name).append(" " + index_text(engine, each));
        }
    }
    return text.append("\n)").append(engine.table_options);
}

/// Calls `each(statement)` for what creates the tables and their indexes.
template <class Each>
void each_create(const dialect& engine, const std::vector<table_spec>& tables, bool computes, Each&& each) {
    for (const table_spec& table : tables) {
        each(create_table(engine, table, computes));
        for (const index& of : table.indexes) {
            if (!engine.index_in_table) {
                std::string text("CREATE INDEX IF NOT EXISTS ");
                text.append(of.name).append(" ON ").append(table.name);
                each(text.append(" " + index_text(engine, of)));
            }
        }
    }
}

/// The statement that inserts the row, with its values in it: none of them comes from outside.
template <table_row Row>
[[nodiscard]] std::string insert_literally(const Row& row) {
    std::string values;
    cell_row cells;
    cells.add(row);
    for (const cell& c : cells.cells()) {
        values.append(values.empty() ? "" : ", ");
        values.append(literal(c));
    }
    return insert_prefix<Row>() + "VALUES (" + values + ")";
}

template <amount Amount>
[[nodiscard]] store_row empty_store() {
    return {.amount_type = std::string(std::string_view(amount_traits<Amount>::type_name))};
}

/// The engine can compute such amounts, and so check them.
template <amount Amount>
[[nodiscard]] bool computes(const dialect& engine) {
    return engine.type_of(field<Amount>::kind).computes;
}

}}}  // namespace jackpot::v1::sql

#endif
