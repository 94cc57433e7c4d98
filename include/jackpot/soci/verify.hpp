// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_VERIFY_HPP
#define JACKPOT_SOCI_VERIFY_HPP

#include <jackpot/soci/inspect.hpp>

#include <map>

// Checks tables and rows as they are: people and other programs may have changed them by hand.

namespace jackpot { inline namespace v1 { namespace sql {

/// One thing that a table must have, and what is wrong with it; empty where nothing is.
struct shape_check {
    enum class kind : std::uint8_t { column, index, constraint };

    kind what{};
    std::string table{};
    std::string wanted{};  ///< as in CREATE TABLE
    std::string wrong{};
};

struct constraint_row {
    std::string text{};

    static constexpr std::string_view table = "constraints";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("text", row.text);
    }
};

/// A sentence for each setting by which an acknowledged commit can be lost.
[[nodiscard]] inline std::vector<std::string> read_durability(connection& c) {
    std::vector<std::string> sentences;
    if (!c.engine().durability_query.empty()) {
        c.prepared(std::string(c.engine().durability_query))
            .select<sentence_row>([&](const sentence_row& found) { sentences.push_back(found.sentence); });
    }
    return sentences;
}

/// Normalises a constraint, so that the spellings of all engines compare equal: drops blanks, parentheses,
/// quotes around names, casts and character sets, and makes letters small. Strings stay as they are, without
/// the backslash that MySQL puts before their quotes. A comma outside all parentheses, between two
/// constraints, becomes a semicolon.
[[nodiscard]] inline std::string plain(std::string_view sql) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    std::string text;
    bool in_string = false;
    int depth = 0;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql.substr(i, 2) == "\\'") {
            continue;
        }
        if (sql[i] == '\'') {
            in_string = !in_string;
        } else if (!in_string && sql.substr(i, 2) == "::") {
            i = (std::min)(sql.find_first_not_of(letters, i + 2), sql.size()) - 1;
            continue;
        } else if (!in_string && sql[i] == '_') {
            // A string's character set: that of the session which made the table.
            const std::size_t end = (std::min)(sql.find_first_not_of(letters, i + 1), sql.size());
            if (sql.substr(end).starts_with("'") || sql.substr(end).starts_with("\\'")) {
                i = end - 1;
                continue;
            }
        }
        if (in_string || std::string_view(" \n\t()\"`\\").find(sql[i]) == std::string_view::npos) {
            const bool capital = !in_string && sql[i] >= 'A' && sql[i] <= 'Z';
            const bool between = !in_string && sql[i] == ',' && depth == 0;
            text.push_back(capital ? char(sql[i] - 'A' + 'a') : between ? ';' : sql[i]);
        } else {
            depth += sql[i] == '(' ? 1 : sql[i] == ')' ? -1 : 0;
        }
    }
    return text;
}

/// What the engine says that a table states.
class stated_constraints {
public:
    stated_constraints(connection& c, std::string_view table) {
        c.prepared(std::string(c.engine().constraints_query))
            .select<constraint_row>(
                [&](const constraint_row& found) { text_.append(plain(found.text)).append(";"); },
                parameter{"table", std::string(table)});
    }
    [[nodiscard]] bool has(std::string_view constraint) const {
        return text_.find(plain(constraint) + ";") != std::string::npos;
    }

private:
    std::string text_;
};

/// Everything that a table is to have, against what the engine says of it. Whoever may see a table may not
/// always see its constraints: MariaDB and MySQL show them only to those who may do more than read.
inline void verify_table(connection& c, const table_spec& of, bool computes,
                         std::vector<shape_check>& checks) {
    using kind = shape_check::kind;
    const std::string table(of.name);
    const auto present = columns_present(c, of.name);
    const stated_constraints stated(c, of.name);
    const auto must_state = [&](kind what, std::string text) {
        const bool there = stated.has(text);
        checks.push_back({what, table, std::move(text), there ? "" : "is missing"});
    };
    for (const column_spec& each : of.columns) {
        const std::string shape = shape_of(c.engine(), each);
        const auto found = present.find(each.name);
        checks.push_back({kind::column, table, std::string(each.name) + " " + shape,
                          found == present.end()   ? "is missing"
                          : found->second == shape ? ""
                                                   : "is " + found->second});
        if (auto text = column_check(c.engine(), each); !text.empty()) {
            must_state(kind::constraint, std::move(text));
        }
    }
    for (const constraint& each : of.constraints) {
        if (computes || !each.computes) {
            std::string text = each.text();
            const bool unique = text.starts_with("PRIMARY") || text.starts_with("UNIQUE");
            must_state(unique ? kind::index : kind::constraint, std::move(text));
        }
    }
    for (const index& each : of.indexes) {
        must_state(kind::index, "INDEX " + index_text(c.engine(), each));
    }
}

/// Checks every column with its type, every index and every constraint of a store with such amounts. Changes
/// nothing.
template <amount Amount>
[[nodiscard]] std::vector<shape_check> verify_schema(connection& c) {
    std::vector<shape_check> checks;
    for (const table_spec& table : tables_now<Amount>()) {
        verify_table(c, table, computes<Amount>(c.engine()), checks);
    }
    return checks;
}

/// A row as it is stored, readable or not: each column's text, or nothing for NULL.
template <table_row Row>
struct stored_row {
    std::vector<std::optional<std::string>> values = [] {
        std::vector<std::optional<std::string>> all;
        const Row any;
        Row::columns(any, [&](std::string_view, const auto&, std::string_view = {}) { all.emplace_back(); });
        return all;
    }();

    static constexpr std::string_view table = Row::table;
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        std::size_t next = 0;
        const Row any;
        Row::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
            each(column, row.values[next++]);
        });
    }

    /// Reads the row, and calls `each(column, text, value)` for each column; `value` is null where the text
    /// is none of its values.
    template <class Each>
    Row read(Each&& each) const {
        Row row;
        std::size_t next = 0;
        Row::columns(row, [&](std::string_view column, auto& value, std::string_view = {}) {
            const auto& text = values[next++];
            const cell stored{.state = text ? soci::i_ok : soci::i_null, .text = text.value_or("")};
            const bool readable = read_cell(stored, value);
            each(column, text.value_or("NULL"), readable ? &value : nullptr);
        });
        return row;
    }
};

/// All rows of a table.
template <table_row Row>
[[nodiscard]] std::vector<stored_row<Row>> read_stored(connection& c) {
    std::vector<stored_row<Row>> rows;
    c.prepared(select_from<Row>()).template select<stored_row<Row>>([&](const stored_row<Row>& row) {
        rows.push_back(row);
    });
    return rows;
}

}}}  // namespace jackpot::v1::sql

#endif
