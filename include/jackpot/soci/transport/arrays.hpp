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
template <table_row Row>
class column_arrays {
public:
    static constexpr std::string_view table = Row::table;

    /// The parameters' names begin with `prefix`, for statements that take rows of several tables.
    explicit column_arrays(std::string_view prefix) : prefix_(prefix) {}

    void add(const Row& row) {
        std::size_t next = 0;
        Row::columns(row, [&](std::string_view, const auto& value, std::string_view = {}) {
            std::string& array = next == arrays_.size() ? arrays_.emplace_back("{}") : arrays_[next];
            ++next;
            array.back() = array.size() == 2 ? ' ' : ',';
            write_cell(value, cell_);
            append(array, is_number(field_of<std::remove_cvref_t<decltype(value)>>::kind));
            array.push_back('}');
        });
    }

    template <class Self, class Each>
    static void columns(Self& self, Each&& each) {
        std::size_t next = 0;
        const Row any;
        Row::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
            each(std::string(self.prefix_).append(column), self.arrays_[next++]);
        });
    }

private:
    void append(std::string& array, bool number) {
        if (cell_.state == soci::i_null) {
            array.append("NULL");
        } else if (number) {
            array.append(std::to_string(cell_.number));
        } else {
            array.push_back('"');
            for (const char each : cell_.text) {
                array.append(each == '"' || each == '\\' ? "\\" : "").push_back(each);
            }
            array.push_back('"');
        }
    }

    std::string_view prefix_;
    std::vector<std::string> arrays_;
    cell cell_;
};

/// A few rows, with a parameter for each column of each.
template <table_row Row>
class column_values {
public:
    static constexpr std::string_view table = Row::table;

    explicit column_values(std::string_view prefix) : prefix_(prefix) {}

    void add(const Row& row) { rows_.push_back(row); }

    template <class Self, class Each>
    static void columns(Self& self, Each&& each) {
        for (std::size_t i = 0; i < self.rows_.size(); ++i) {
            const std::string prefix = numbered(self.prefix_, i);
            Row::columns(self.rows_[i], [&](std::string_view column, const auto& v, std::string_view = {}) {
                each(prefix + std::string(column), v);
            });
        }
    }

    [[nodiscard]] static std::string numbered(std::string_view prefix, std::size_t row) {
        return std::string(prefix) + std::to_string(row) + "_";
    }

private:
    std::string_view prefix_;
    std::vector<Row> rows_;
};

/// The columns of a row, each a parameter, in a list.
template <table_row Row>
[[nodiscard]] std::string list_parameters(const dialect& engine, std::string_view prefix,
                                          std::string_view after_type) {
    std::string list;
    const Row any;
    Row::columns(any, [&]<class T>(std::string_view column, const T&, std::string_view = {}) {
        list.append(list.empty() ? "CAST(:" : ", CAST(:").append(prefix).append(column).append(" AS ");
        list.append(engine.type_of(field_of<T>::kind).type).append(after_type).append(")");
    });
    return list;
}

/// The rows that are `count` rows of such parameters.
template <table_row Row>
[[nodiscard]] std::string values(const dialect& engine, std::string_view prefix, std::size_t count) {
    std::string rows;
    for (std::size_t i = 0; i < count; ++i) {
        rows.append(rows.empty() ? "(VALUES (" : ", (")
            .append(list_parameters<Row>(engine, column_values<Row>::numbered(prefix, i), "") + ")");
    }
    return rows + ")";
}

/// The rows whose columns are arrays.
template <table_row Row>
[[nodiscard]] std::string unnest(const dialect& engine, std::string_view prefix) {
    return "unnest(" + list_parameters<Row>(engine, prefix, "[]") + ")";
}

template <table_row Row, class Source>
void insert_by_arrays(connection& c, Source&& source) {
    static const std::string statement =
        insert_prefix<Row>() + "SELECT * FROM " + unnest<Row>(c.engine(), "");
    column_arrays<Row> arrays("");
    source([&](const Row& row) { arrays.add(row); });
    c.prepared(statement).run(arrays);
}

/// In the format of https://www.postgresql.org/docs/current/sql-copy.html, which is sent while it is made.
template <table_row Row, class Source>
void copy_in(connection& c, Source&& source) {
    static const std::string statement =
        "COPY " + std::string(Row::table) + " (" + list_columns<Row>("\"", "\"") + ") FROM STDIN";
    c.copy(statement, [&](const auto& put) {
        std::string chunk;
        cell value;
        source([&](const Row& row) {
            Row::columns(row, [&]<class T>(std::string_view, const T& v, std::string_view = {}) {
                write_cell(v, value);
                if (value.state == soci::i_null) {
                    chunk.append("\\N");
                } else if (is_number(field_of<T>::kind)) {
                    chunk.append(std::to_string(value.number));
                } else {
                    for (const char each : value.text) {
                        const std::size_t special = std::string_view("\\\n\r\t").find(each);
                        special == std::string_view::npos
                            ? chunk.push_back(each)
                            : void(chunk.append(1, '\\').append(1, "\\nrt"[special]));
                    }
                }
                chunk.push_back('\t');
            });
            chunk.back() = '\n';
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

/// All parts wait for the first one, and so for its lock. Where a pool is not as the commit knew it, the
/// division fails the statement, and with it all of them.
template <amount Amount>
[[nodiscard]] std::string commit_statement(const std::string& journal_source,
                                           const std::string& pools_source) {
    using change = pool_change<Amount>;
    std::string set;
    const pool_row<Amount> any;
    pool_row<Amount>::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
        const std::string quoted = "\"" + std::string(column) + "\"";
        set.append(set.empty() ? "" : ", ").append(quoted + " = new." + quoted);
    });
    return "WITH moved AS (" + move_store_statement() + " RETURNING 1), journal AS (" +
           insert_prefix<journal_row<Amount>>() + "SELECT * FROM " + journal_source +
           " AS new WHERE EXISTS (SELECT 1 FROM moved)), pools AS (UPDATE jackpots SET " + set + " FROM " +
           pools_source + " AS new (" + list_columns<change>("\"", "\"") +
           ") WHERE jackpots.\"group\" = new.\"group\" AND jackpots.\"version\" = new.\"before\""
           " AND EXISTS (SELECT 1 FROM moved) RETURNING 1)"
           " SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM moved) THEN 0"
           " WHEN (SELECT count(*) FROM pools) = CAST(:pools AS BIGINT) THEN 1"
           " ELSE (SELECT count(*) FROM pools) / 0 END";
}

/// The same for rows as `Rows` has them.
template <amount Amount, template <class> class Rows>
[[nodiscard]] bool commit_by_statement(connection& c, const std::string& statement,
                                       const commit_rows<Amount>& rows) {
    Rows<journal_row<Amount>> journal("op_");
    rows.journal([&](const auto& row) { journal.add(row); });
    Rows<pool_change<Amount>> pools("pool_");
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
    using change = pool_change<Amount>;
    const std::size_t count = rows.pools.size();
    // As one wager has, which changes each pool once.
    if (count != rows.journal.count() || count > rows_in_values) {
        static const std::string by_arrays =
            commit_statement<Amount>(unnest<journal>(c.engine(), "op_"), unnest<change>(c.engine(), "pool_"));
        return commit_by_statement<Amount, column_arrays>(c, by_arrays, rows);
    }
    static const auto by_values = [&] {
        std::array<std::string, rows_in_values> statements;
        for (std::size_t i = 0; i < statements.size(); ++i) {
            statements[i] = commit_statement<Amount>(values<journal>(c.engine(), "op_", i + 1),
                                                     values<change>(c.engine(), "pool_", i + 1));
        }
        return statements;
    }();
    return commit_by_statement<Amount, column_values>(c, by_values[count - 1], rows);
}

}}}  // namespace jackpot::v1::sql

#endif
