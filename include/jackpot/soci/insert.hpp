// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_INSERT_HPP
#define JACKPOT_SOCI_INSERT_HPP

#include <jackpot/soci/connection.hpp>

// Many rows into a table, in as few round trips as the engine allows.

namespace jackpot::inline v1::sql {

/// A column of many rows as one parameter: `{1,2,NULL}`, `{"a","b \"c\""}`.
template <table_row Row>
struct column_arrays {
    std::vector<std::string> arrays{};

    static constexpr std::string_view table = Row::table;

    explicit column_arrays(std::span<const Row> rows) {
        cell c;
        for (const Row& row : rows) {
            std::size_t next = 0;
            Row::columns(row, [&](std::string_view, const auto& value, std::string_view = {}) {
                std::string& array = next == arrays.size() ? arrays.emplace_back() : arrays[next];
                ++next;
                array.push_back(array.empty() ? '{' : ',');
                write_cell(value, c);
                using field_type = field_of<std::remove_cvref_t<decltype(value)>>;
                append(array, c, is_number(field_type::kind));
            });
        }
        for (std::string& array : arrays) {
            array.push_back('}');
        }
    }

    template <class Self, class Each>
    static void columns(Self& self, Each&& each) {
        std::size_t next = 0;
        const Row any;
        Row::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
            each(column, self.arrays[next++]);
        });
    }

private:
    static void append(std::string& array, const cell& c, bool number) {
        if (c.state == soci::i_null) {
            array.append("NULL");
        } else if (number) {
            array.append(std::to_string(c.number));
        } else {
            array.push_back('"');
            for (const char each : c.text) {
                array.append(each == '"' || each == '\\' ? "\\" : "").push_back(each);
            }
            array.push_back('"');
        }
    }
};

template <table_row Row>
[[nodiscard]] std::string insert_from_arrays(const dialect& engine) {
    std::string arrays;
    const Row any;
    Row::columns(any, [&]<class T>(std::string_view column, const T&, std::string_view = {}) {
        arrays.append(arrays.empty() ? "CAST(:" : ", CAST(:").append(column).append(" AS ");
        arrays.append(engine.type_of(field_of<T>::kind).type).append("[])");
    });
    return insert_prefix<Row>() + "SELECT * FROM unnest(" + arrays + ")";
}

/// The columns of many rows, each with its row's number in its name.
template <table_row Row>
struct numbered_rows {
    std::span<const Row> rows;

    static constexpr std::string_view table = Row::table;

    template <class Self, class Each>
    static void columns(Self& self, Each&& each) {
        for (std::size_t i = 0; i < self.rows.size(); ++i) {
            const std::string number = std::to_string(i);
            Row::columns(self.rows[i],
                         [&](std::string_view column, const auto& value, std::string_view = {}) {
                             each(std::string(column) + number, value);
                         });
        }
    }
};

template <table_row Row>
[[nodiscard]] std::string insert_values(std::size_t count) {
    std::string text = insert_prefix<Row>() + "VALUES ";
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "(" : ", (") + list_columns<Row>(":", std::to_string(i)) + ")";
    }
    return text;
}

/// How many of the rows to send at once: few different counts, for each is a statement of its own, and
/// no more than fits into a packet of the size that servers take unless told otherwise.
template <table_row Row>
[[nodiscard]] std::size_t rows_at_once(std::span<const Row> rows) {
    constexpr std::size_t packet = 4 << 20;
    std::size_t bytes = 0;
    std::size_t fitting = 0;
    for (const Row& row : rows.first((std::min<std::size_t>)(rows.size(), 64))) {
        Row::columns(row, [&]<class T>(std::string_view, const T& value, std::string_view = {}) {
            if constexpr (std::is_same_v<T, std::optional<std::string>>) {
                bytes += value ? value->size() : 0;
            }
        });
        fitting += bytes <= packet ? 1 : 0;
    }
    return fitting >= 64 ? 64 : fitting >= 8 ? 8 : 1;
}

template <table_row Row>
void insert_rows(connection& c, std::span<const Row> rows) {
    static const std::string one = insert_into<Row>();
    const bulk how = c.engine().inserts;
    if (how == bulk::arrays && rows.size() > 1) {
        c.prepared(insert_from_arrays<Row>(c.engine())).run(column_arrays<Row>(rows));
        return;
    }
    while (!rows.empty()) {
        const std::size_t count = how == bulk::values ? rows_at_once(rows) : 1;
        count == 1 ? c.prepared(one).run(rows.front())
                   : c.prepared(insert_values<Row>(count)).run(numbered_rows<Row>{rows.first(count)});
        rows = rows.subspan(count);
    }
}

}  // namespace jackpot::inline v1::sql

#endif
