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

/// An INSERT with the values in it, as the engine spells them. What it need not read costs nothing: columns
/// that none of the rows fills are left out.
template <table_row Row>
class insert_script {
public:
    template <class Source>
    explicit insert_script(Source&& source) {
        cell value;
        source([&](const Row& row) {
            std::size_t next = 0;
            Row::columns(row, [&](std::string_view, const auto& v, std::string_view = {}) {
                filled_.resize((std::max)(filled_.size(), next + 1));
                write_cell(v, value);
                filled_[next] = filled_[next] || value.state != soci::i_null;
                ++next;
            });
        });
        begin_.append("INSERT INTO ").append(Row::table);
        each_filled(Row(), [&, before = " (\""](std::string_view column, const auto&) mutable {
            begin_.append(std::exchange(before, ", \"")).append(column).append("\"");
        });
        begin_.append(") VALUES ");
    }

    [[nodiscard]] const std::string& begin() const noexcept { return begin_; }

    void append(connection& c, const Row& row, std::string& text) const {
        char before = '(';
        cell value;
        each_filled(row, [&]<class T>(std::string_view, const T& v) {
            text.push_back(std::exchange(before, ','));
            write_cell(v, value);
            c.append_literal(value, is_number(field_of<T>::kind), text);
        });
        text.push_back(')');
    }

private:
    template <class Each>
    void each_filled(const Row& row, Each&& each) const {
        std::size_t next = 0;
        Row::columns(row, [&](std::string_view column, const auto& v, std::string_view = {}) {
            if (filled_[next++]) {
                each(column, v);
            }
        });
    }

    std::vector<bool> filled_;
    std::string begin_;
};

/// Collects parameters as `statement::run` takes them.
class named_cells {
public:
    template <class T>
    void add(const T& value) {
        if constexpr (table_row<T>) {
            T::columns(value, [&](std::string_view column, const auto& v, std::string_view = {}) {
                add(parameter<const std::remove_cvref_t<decltype(v)>&>{column, v});
            });
        } else {
            cell& c = cells_.emplace_back();
            c.name = value.name;
            c.number_bound = is_number(field_of<std::remove_cvref_t<decltype(value.value)>>::kind);
            write_cell(value.value, c);
        }
    }
    [[nodiscard]] const cell& find(std::string_view name) const {
        return *std::find_if(cells_.begin(), cells_.end(), [&](const cell& c) { return c.name == name; });
    }

private:
    std::vector<cell> cells_;
};

/// Appends a statement of our own, with the values in place of its parameters.
template <class... Parameters>
void append_filled(connection& c, std::string& text, std::string_view sql, const Parameters&... parameters) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";
    named_cells values;
    (values.add(parameters), ...);
    for (std::size_t colon = sql.find(':'); colon != std::string_view::npos; colon = sql.find(':')) {
        text.append(sql.substr(0, colon));
        sql.remove_prefix(colon + 1);
        const std::size_t end = (std::min)(sql.find_first_not_of(letters), sql.size());
        const cell& value = values.find(sql.substr(0, end));
        c.append_literal(value, value.number_bound, text);
        sql.remove_prefix(end);
    }
    text.append(sql);
}

template <table_row Row, class Source>
void insert_by_scripts(connection& c, Source&& source) {
    const insert_script<Row> rows(source);
    std::string text;
    source([&](const Row& row) {
        text.append(text.empty() ? rows.begin() : ",");
        rows.append(c, row, text);
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
    std::vector<cell> cells;
    c.run_many(statement, [&](const auto& put) {
        source([&](const Row& row) {
            std::size_t next = 0;
            Row::columns(row, [&]<class T>(std::string_view, const T& v, std::string_view = {}) {
                cell& to = next == cells.size() ? cells.emplace_back() : cells[next];
                ++next;
                to.number_bound = is_number(field_of<T>::kind);
                write_cell(v, to);
            });
            put(cells);
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
