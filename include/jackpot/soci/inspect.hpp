// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_INSPECT_HPP
#define JACKPOT_SOCI_INSPECT_HPP

#include <jackpot/soci/connection.hpp>
#include <jackpot/soci/ddl.hpp>
#include <jackpot/soci/version_1.hpp>

#include <map>

namespace jackpot { inline namespace v1 { namespace sql {

struct column_row {
    std::string name{};
    std::string shape{};

    static constexpr std::string_view table = "columns";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("name", row.name);
        each("shape", row.shape);
    }
};

struct sentence_row {
    std::string sentence{};

    static constexpr std::string_view table = "sentences";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("sentence", row.sentence);
    }
};

/// What the database says of a table's columns, by their names; empty where it has no such table.
using present_columns = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] inline present_columns columns_present(connection& c, std::string_view table) {
    present_columns present;
    c.prepared(std::string(c.engine().columns_query))
        .select<column_row>([&](const column_row& found) { present[found.name] = found.shape; },
                            parameter{"table", std::string(table)});
    return present;
}

[[nodiscard]] inline std::optional<std::string> missing_columns(const present_columns& present,
                                                                const std::vector<column_spec>& wanted) {
    if (present.empty()) {
        return std::nullopt;
    }
    std::string missing;
    for (const column_spec& c : wanted) {
        if (present.find(c.name) == present.end()) {
            missing.append(missing.empty() ? "" : ", ").append(c.name);
        }
    }
    return missing;
}
/// The columns of the table that the database does not have, as a list; none where it has no such table.
template <table_row Row>
[[nodiscard]] std::optional<std::string> missing_columns(connection& c) {
    return missing_columns(columns_present(c, Row::table), columns_of<Row>());
}

/// The word of a column's shape behind that one; empty where it is not there.
[[nodiscard]] inline std::string_view word_after(std::string_view shape, std::string_view word) {
    const std::size_t at = shape.find(word);
    if (at == std::string_view::npos) {
        return {};
    }
    shape.remove_prefix(at + word.size());
    return shape.substr(0, shape.find(' '));
}

/// The columns that hold other texts than ours would, or compare them otherwise, or keep none of them through
/// a transaction, each with what it should be.
[[nodiscard]] inline std::string foreign_columns(const dialect& engine, std::string_view table,
                                                 const present_columns& present,
                                                 const std::vector<column_spec>& columns) {
    std::string foreign;
    for (const column_spec& c : columns) {
        const auto found = present.find(c.name);
        const std::string wanted = shape_of(engine, c);
        for (const std::string_view word : {" COLLATE ", " ENGINE "}) {
            if (found != present.end() && word_after(found->second, word) != word_after(wanted, word)) {
                foreign.append(table).append(".").append(c.name).append(" is ").append(found->second);
                foreign.append(", which is to be ").append(wanted).append("; ");
                break;
            }
        }
    }
    return foreign;
}

/// What a database holds of the library's tables.
struct schema_state {
    std::uint32_t number = 0;   ///< of the newest migration that was applied; 0 = none
    bool begun = false;         ///< the table of migrations is there
    bool found = false;         ///< one of the tables, ours or not
    bool another = false;       ///< one of them has not the columns that it should have
    std::string lacking{};      ///< columns and tables that should be there, in words
    std::string amount_type{};  ///< of the store that is in them

    [[nodiscard]] bool ours() const noexcept { return begun || !found; }  ///< or nobody's
};

/// Adds what the database has of a table, and lacks.
inline void inspect_table(connection& c, const table_spec& table, schema_state& state, std::string& absent) {
    const auto present = columns_present(c, table.name);
    const auto missing = missing_columns(present, table.columns);
    state.found = state.found || missing;
    if (!missing) {
        absent.append(absent.empty() ? "no table " : ", ").append(table.name);
    } else if (missing->empty()) {
        state.lacking.append(foreign_columns(c.engine(), table.name, present, table.columns));
    } else {
        state.another = true;
        state.lacking.append(table.name).append(" lacks ").append(*missing).append("; ");
    }
}

/// The tables that are there have all columns that they should have.
[[nodiscard]] inline bool fits(connection& c, const std::vector<table_spec>& tables) {
    return std::all_of(tables.begin(), tables.end(), [&](const table_spec& table) {
        return missing_columns(columns_present(c, table.name), table.columns).value_or("").empty();
    });
}

/// The number of the newest migration that was applied, or none where there is no table of them.
[[nodiscard]] inline std::optional<std::uint32_t> schema_number(connection& c) {
    if (missing_columns<schema_row>(c) != "") {
        return std::nullopt;
    }
    std::uint32_t number = 0;
    c.prepared(select_from<schema_row>()).select<schema_row>([&](const schema_row& applied) {
        number = (std::max)(number, applied.number);
    });
    return number;
}

/// Holds the tables against those of the schema that they say they are of. Another process may change them
/// meanwhile: what counts is a look before and after which they said the same.
template <amount Amount>
[[nodiscard]] schema_state inspect(connection& c) {
    for (auto number = schema_number(c);;) {
        schema_state state{.number = number.value_or(0), .begun = number.has_value()};
        std::string absent;
        for (const auto& table : number == 1U ? version_1::tables<Amount>() : tables_now<Amount>()) {
            inspect_table(c, table, state, absent);
        }
        state.lacking.append(absent);
        if (missing_columns<store_row>(c) == "") {
            c.prepared(select_from<store_row>()).select<store_row>([&](const store_row& store) {
                state.amount_type = store.amount_type;
            });
        }
        const auto after = schema_number(c);
        if (after == number) {
            return state;
        }
        number = after;
    }
}

}}}  // namespace jackpot::v1::sql

#endif
