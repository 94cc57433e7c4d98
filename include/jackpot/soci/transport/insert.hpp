// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_TRANSPORT_INSERT_HPP
#define JACKPOT_SOCI_TRANSPORT_INSERT_HPP

#include <jackpot/soci/connection.hpp>

#include <algorithm>
#include <utility>

// Many rows into a table, in as few round trips as the engine allows. They come from a `source`, which
// calls `each(row)` for every one of them.

namespace jackpot { inline namespace v1 { namespace sql {

/// Up to so many rows of a statement are parameters of their own. Only for those does a server keep a plan:
/// how long arrays are it cannot know.
inline constexpr std::size_t rows_in_values = 4;
/// More rows than this are copied in, where the engine can copy.
inline constexpr std::size_t rows_in_arrays = 128;
/// Servers take packets of so many bytes, and much larger ones, unless told otherwise.
inline constexpr std::size_t bytes_in_script = 1 << 20;
/// More would not fit: a row has at least so many bytes.
inline constexpr std::size_t rows_in_script = bytes_in_script / 128;

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

/// An INSERT with the values in it, as the engine spells them. What it need not read costs nothing: columns
/// that none of the rows fills are left out.
class insert_script {
public:
    template <table_row Row, class Source>
    [[nodiscard]] static insert_script of(Source&& source) {
        insert_script script;
        cell_row cells;
        source([&](const Row& row) {
            cells.fill_again();
            cells.add(row);
            script.note(cells);
        });
        script.begin(Row::table, columns_of<Row>());
        return script;
    }

    [[nodiscard]] const std::string& begin() const noexcept { return begin_; }

    void append(connection& c, const cell_row& row, std::string& text) const {
        char before = '(';
        for (std::size_t i = 0; i < filled_.size(); ++i) {
            if (filled_[i]) {
                text.push_back(std::exchange(before, ','));
                c.append_literal(row[i], text);
            }
        }
        text.push_back(')');
    }

private:
    void note(const cell_row& row) {
        filled_.resize(row.size());
        for (std::size_t i = 0; i < row.size(); ++i) {
            filled_[i] = filled_[i] || row[i].state != soci::i_null;
        }
    }
    void begin(std::string_view table, const std::vector<column_spec>& columns) {
        begin_.append("INSERT INTO ").append(table);
        std::string_view before = " (\"";
        for (std::size_t i = 0; i < filled_.size(); ++i) {
            if (filled_[i]) {
                begin_.append(std::exchange(before, ", \"")).append(columns[i].name).append("\"");
            }
        }
        begin_.append(") VALUES ");
    }

    std::vector<bool> filled_;
    std::string begin_;
};

/// Appends a statement of our own, with the values in place of its parameters.
inline void append_filled(connection& c, std::string& text, std::string_view sql, const cell_row& values) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";
    for (std::size_t colon = sql.find(':'); colon != std::string_view::npos; colon = sql.find(':')) {
        text.append(sql.substr(0, colon));
        sql.remove_prefix(colon + 1);
        const std::size_t end = (std::min)(sql.find_first_not_of(letters), sql.size());
        c.append_literal(values.find(sql.substr(0, end)), text);
        sql.remove_prefix(end);
    }
    text.append(sql);
}
template <class... Parameters>
void append_filled(connection& c, std::string& text, std::string_view sql, const Parameters&... parameters) {
    cell_row values;
    (values.add(parameters), ...);
    append_filled(c, text, sql, values);
}

template <table_row Row, class Source>
void insert_by_scripts(connection& c, Source&& source) {
    const auto rows = insert_script::of<Row>(source);
    std::string text;
    cell_row cells;
    source([&](const Row& row) {
        text.append(text.empty() ? rows.begin() : ",");
        cells.fill_again();
        cells.add(row);
        rows.append(c, cells, text);
        if (text.size() >= bytes_in_script) {
            c.run_script(text);
            text.clear();
        }
    });
    if (!text.empty()) {
        c.run_script(text);
    }
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

template <table_row Row>
void insert_row(connection& c, const Row& row) {
    static const std::string statement = insert_into<Row>();
    c.prepared(statement).run(row);
}

template <table_row Row, class Source>
void insert_by_steps(connection& c, Source&& source) {
    static const std::string statement = insert_into<Row>();
    if (c.engine().run_many == nullptr) {
        return source([&](const Row& row) { insert_row(c, row); });
    }
    c.run_many(statement, [&](const auto& put) {
        cell_row cells;
        source([&](const Row& row) {
            cells.fill_again();
            cells.add(row);
            put(cells.cells());
        });
    });
}

template <table_row Row, class Source>
void insert_rows(connection& c, std::size_t count, Source&& source) {
    switch (count > 1 ? c.engine().transport : transport::steps) {
        case transport::steps:
            return insert_by_steps<Row>(c, source);
        case transport::scripts:
            return insert_by_scripts<Row>(c, source);
        case transport::arrays:
            return count > rows_in_arrays ? copy_in<Row>(c, source) : insert_by_arrays<Row>(c, source);
    }
}

}}}  // namespace jackpot::v1::sql

#endif
