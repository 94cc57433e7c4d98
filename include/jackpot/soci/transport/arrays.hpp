// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_TRANSPORT_ARRAYS_HPP
#define JACKPOT_SOCI_TRANSPORT_ARRAYS_HPP

#include <jackpot/soci/commit_rows.hpp>

#include <array>

// Rows, and whole commits, by one statement with an array for each column; many rows by COPY.

namespace jackpot { inline namespace v1 { namespace sql {

/// Up to so many rows of a statement are parameters of their own. Only for those does a server keep a plan:
/// how long arrays are it cannot know.
inline constexpr std::size_t rows_in_values = 4;
/// More rows than this are copied in, where the engine can copy.
inline constexpr std::size_t rows_in_arrays = 128;

/// The columns of many rows, each as one parameter: `{1,2,NULL}`, `{"a","b \"c\""}`.
class column_arrays {
public:
    static constexpr std::string_view table = "arrays";

    /// The parameters' names begin with `prefix`, for statements that take rows of several tables.
    explicit column_arrays(std::string_view prefix) : prefix_(prefix) {}

    template <table_row Row>
    void add(const Row& row) {
        row_.fill_again();
        row_.add(row);
        add_cells();
    }

    static void columns(const column_arrays& self, cell_row& to) {
        for (std::size_t i = 0; i < self.arrays_.size(); ++i) {
            to(std::string(self.prefix_).append(self.row_[i].name), self.arrays_[i]);
        }
    }

private:
    void add_cells() {
        arrays_.resize(row_.size(), "{}");
        for (std::size_t i = 0; i < row_.size(); ++i) {
            std::string& array = arrays_[i];
            array.back() = array.size() == 2 ? ' ' : ',';
            append(array, row_[i]);
            array.push_back('}');
        }
    }
    static void append(std::string& array, const cell& c) {
        if (c.state == soci::i_null) {
            array.append("NULL");
        } else if (c.number_bound) {
            array.append(std::to_string(c.number));
        } else {
            array.push_back('"');
            for (const char each : c.text) {
                array.append(each == '"' || each == '\\' ? "\\" : "").push_back(each);
            }
            array.push_back('"');
        }
    }

    std::string_view prefix_;
    std::vector<std::string> arrays_;
    cell_row row_;  // the last
};

/// A few rows, with a parameter for each column of each.
class column_values {
public:
    static constexpr std::string_view table = "values";

    explicit column_values(std::string_view prefix) : prefix_(prefix) {}

    template <table_row Row>
    void add(const Row& row) {
        cells_.add(row);
        ++rows_;
    }

    static void columns(const column_values& self, cell_row& to) {
        std::string name;
        for (std::size_t i = 0; i < self.cells_.size(); ++i) {
            const std::size_t width = self.cells_.size() / self.rows_;
            name = numbered(self.prefix_, i / width).append(self.cells_[i].name);
            to.copy(name, self.cells_[i]);
        }
    }

    [[nodiscard]] static std::string numbered(std::string_view prefix, std::size_t row) {
        return std::string(prefix) + std::to_string(row) + "_";
    }

private:
    std::string_view prefix_;
    cell_row cells_;
    std::size_t rows_ = 0;
};

/// The columns of a row, each a parameter, in a list.
[[nodiscard]] inline std::string list_parameters(const dialect& engine,
                                                 const std::vector<column_spec>& columns,
                                                 std::string_view prefix, std::string_view after_type) {
    std::string list;
    for (const column_spec& c : columns) {
        list.append(list.empty() ? "CAST(:" : ", CAST(:").append(prefix).append(c.name).append(" AS ");
        list.append(engine.type_of(c.kind).type).append(after_type).append(")");
    }
    return list;
}

/// The rows that are `count` rows of such parameters.
template <table_row Row>
[[nodiscard]] std::string values(const dialect& engine, std::string_view prefix, std::size_t count) {
    std::string rows;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string numbered = column_values::numbered(prefix, i);
        rows.append(rows.empty() ? "(VALUES (" : ", (")
            .append(list_parameters(engine, columns_of<Row>(), numbered, "") + ")");
    }
    return rows + ")";
}

/// The rows whose columns are arrays.
template <table_row Row>
[[nodiscard]] std::string unnest(const dialect& engine, std::string_view prefix) {
    return "unnest(" + list_parameters(engine, columns_of<Row>(), prefix, "[]") + ")";
}

template <table_row Row, class Source>
void insert_by_arrays(connection& c, Source&& source) {
    static const std::string statement =
        insert_prefix<Row>() + "SELECT * FROM " + unnest<Row>(c.engine(), "");
    column_arrays arrays("");
    source([&](const Row& row) { arrays.add(row); });
    c.prepared(statement).run(arrays);
}

/// In the format of https://www.postgresql.org/docs/current/sql-copy.html.
inline void append_copied(std::string& chunk, const cell_row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const cell& c = row[i];
        if (c.state == soci::i_null) {
            chunk.append("\\N");
        } else if (c.number_bound) {
            chunk.append(std::to_string(c.number));
        } else {
            for (const char each : c.text) {
                const std::size_t special = std::string_view("\\\n\r\t").find(each);
                special == std::string_view::npos ? chunk.push_back(each)
                                                  : void(chunk.append(1, '\\').append(1, "\\nrt"[special]));
            }
        }
        chunk.push_back('\t');
    }
    chunk.back() = '\n';
}

/// Rows are sent while they are made.
template <table_row Row, class Source>
void copy_in(connection& c, Source&& source) {
    static const std::string statement =
        "COPY " + std::string(Row::table) + " (" + list_columns<Row>("\"", "\"") + ") FROM STDIN";
    c.copy(statement, [&](const auto& put) {
        std::string chunk;
        cell_row cells;
        source([&](const Row& row) {
            cells.fill_again();
            cells.add(row);
            append_copied(chunk, cells);
            if (chunk.size() >= 1 << 16) {
                put(chunk);
                chunk.clear();
            }
        });
        put(chunk);
    });
}

struct answer_row {
    std::uint32_t committed = 0;

    static constexpr std::string_view table = "answer";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("committed", row.committed);
    }
};

/// All parts wait for the first one, and so for its lock. Where a pool is not as the commit knew it, or a win
/// may bring other games into force, the division fails the statement, and with it all of them.
template <amount Amount>
[[nodiscard]] std::string commit_statement(const std::string& journal_source,
                                           const std::string& pools_source) {
    using change = change_at_once<Amount>;
    std::string set;
    for (const column_spec& c : columns_of<pool_row<Amount>>()) {
        const std::string quoted = "\"" + std::string(c.name) + "\"";
        set.append(set.empty() ? "" : ", ").append(quoted + " = new." + quoted);
    }
    return "WITH moved AS (" + move_store_statement() + " RETURNING 1), journal AS (" +
           insert_prefix<journal_row<Amount>>() + "SELECT * FROM " + journal_source +
           " AS new WHERE EXISTS (SELECT 1 FROM moved)), pools AS (UPDATE jackpots SET " + set + " FROM " +
           pools_source + " AS new (" + list_columns<change>("\"", "\"") +
           ") WHERE jackpots.\"group\" = new.\"group\" AND jackpots.\"version\" = new.\"before\""
           " AND (new.\"won\" = 0 OR jackpots.\"pending\" IS NULL)"
           " AND EXISTS (SELECT 1 FROM moved) RETURNING 1)"
           " SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM moved) THEN 0"
           " WHEN (SELECT count(*) FROM pools) = CAST(:pools AS BIGINT) THEN 1"
           " ELSE (SELECT count(*) FROM pools) / 0 END";
}

/// The same for rows as `Rows` has them.
template <class Rows, amount Amount>
[[nodiscard]] bool commit_by_statement(connection& c, const std::string& statement,
                                       const commit_rows<Amount>& rows) {
    Rows journal("op_");
    rows.journal([&](const auto& row) { journal.add(row); });
    Rows pools("pool_");
    for (const auto& change : rows.pools) {
        pools.add(change);
    }
    bool committed = false;
    c.prepared(statement).template select<answer_row>(
        [&](const answer_row& answer) { committed = answer.committed == 1; }, rows.to, rows.guard, journal,
        pools, parameter{"pools", static_cast<std::uint64_t>(rows.pools.size())});
    return committed;
}

template <amount Amount>
[[nodiscard]] bool commit_by_statement(connection& c, const commit_rows<Amount>& rows) {
    using journal = journal_row<Amount>;
    using change = change_at_once<Amount>;
    const std::size_t count = rows.pools.size();
    // As one wager has, which changes each pool once.
    if (count != rows.journal.count() || count > rows_in_values) {
        static const std::string by_arrays =
            commit_statement<Amount>(unnest<journal>(c.engine(), "op_"), unnest<change>(c.engine(), "pool_"));
        return commit_by_statement<column_arrays>(c, by_arrays, rows);
    }
    static const auto by_values = [&] {
        std::array<std::string, rows_in_values> statements;
        for (std::size_t i = 0; i < statements.size(); ++i) {
            statements[i] = commit_statement<Amount>(values<journal>(c.engine(), "op_", i + 1),
                                                     values<change>(c.engine(), "pool_", i + 1));
        }
        return statements;
    }();
    return commit_by_statement<column_values>(c, by_values[count - 1], rows);
}

}}}  // namespace jackpot::v1::sql

#endif
