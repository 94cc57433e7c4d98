// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ROWS_HPP
#define JACKPOT_SOCI_ROWS_HPP

#include <jackpot/soci/tables.hpp>

#include <span>
#include <vector>

// Between the rows of tables.hpp and what makes statements of them. From here on a row is a few cells and a
// table is a list of columns: what follows is compiled once, and not again for each column of each table.

namespace jackpot { inline namespace v1 { namespace sql {

/// A column, whatever the type of its values.
struct column_spec {
    std::string_view name;
    value_kind kind{};
    bool nullable = false;
    std::string field_check{};  ///< what holds of every value of the type
    std::string_view check{};   ///< and what of those in this column
    std::string initial{};      ///< what it has in a row that was made before it was there, as SQL
};

/// A value as SQL. None of those that this is for comes from outside.
[[nodiscard]] inline std::string literal(const cell& c) {
    return c.state == soci::i_null ? "NULL" : c.number_bound ? std::to_string(c.number) : "'" + c.text + "'";
}

/// A table, whatever is made of its rows.
struct table_spec {
    std::string_view name;
    std::vector<column_spec> columns;
    std::span<const constraint> constraints;
    std::span<const index> indexes{};
};

class column_lister {
public:
    template <class T>
    void operator()(std::string_view name, const T& initial, std::string_view check = {}) {
        using field_type = field_of<T>;
        cell value{.number_bound = is_number(field_type::kind)};
        write_cell(initial, value);
        listed_.push_back(
            {name, field_type::kind, field_type::nullable, field_type::check(), check, literal(value)});
    }
    [[nodiscard]] std::vector<column_spec>& listed() noexcept { return listed_; }

private:
    std::vector<column_spec> listed_;
};

template <table_row Row>
[[nodiscard]] const std::vector<column_spec>& columns_of() {
    static const auto listed = [] {
        column_lister lister;
        const Row any;
        Row::columns(any, lister);
        return std::move(lister.listed());
    }();
    return listed;
}

/// The library's own tables as they are now, referenced ones before those that refer.
template <amount Amount>
[[nodiscard]] const std::vector<table_spec>& tables_now() {
    static const auto all = [] {
        std::vector<table_spec> tables;
        each_table<Amount>([&]<class Row>(const Row&) {
            auto& added = tables.emplace_back(table_spec{Row::table, columns_of<Row>(), Row::constraints});
            if constexpr (requires { Row::indexes; }) {
                added.indexes = Row::indexes;
            }
        });
        return tables;
    }();
    return all;
}

/// A value for a parameter that is no column of a row.
template <class T>
struct parameter {
    std::string_view name;
    T value;
};
template <class T>
parameter(std::string_view, T) -> parameter<T>;

/// Values on their way to the engine. Filled again with as many of the same names, the cells stay where they
/// are.
class cell_row {
public:
    /// The columns of a row, or a parameter.
    template <class T>
    void add(const T& value) {
        if constexpr (table_row<T>) {
            T::columns(value, *this);
        } else {
            operator()(value.name, value.value);
        }
    }
    template <class T>
    void operator()(std::string_view name, const T& value, std::string_view = {}) {
        cell& c = next(name, is_number(field_of<T>::kind));
        write_cell(value, c);
    }
    void copy(std::string_view name, const cell& from) {
        cell& c = next(name, from.number_bound);
        c.state = from.state;
        c.number = from.number;
        c.text = from.text;
    }

    void fill_again() noexcept { size_ = 0; }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::vector<cell>& cells() noexcept { return cells_; }
    [[nodiscard]] const std::vector<cell>& cells() const noexcept { return cells_; }
    [[nodiscard]] const cell& operator[](std::size_t i) const noexcept { return cells_[i]; }
    [[nodiscard]] const cell& find(std::string_view name) const {
        return *std::find_if(cells_.begin(), cells_.end(), [&](const cell& c) { return c.name == name; });
    }

private:
    [[nodiscard]] cell& next(std::string_view name, bool number) {
        if (size_ == cells_.size()) {
            cell& c = cells_.emplace_back();
            c.name = name;
            c.number_bound = number;
        }
        return cells_[size_++];
    }

    std::vector<cell> cells_;
    std::size_t size_ = 0;
};

/// Reads cells into the columns of a row, up to the first that holds none of the column's values.
class cell_reader {
public:
    explicit cell_reader(const cell* first) noexcept : first_(first), next_(first) {}

    template <class T>
    void operator()(std::string_view name, T& value, std::string_view = {}) {
        key_ = next_ == first_ ? name : key_;
        if (broken_ == nullptr && !read_cell(*next_, value)) {
            broken_ = next_;
            column_ = name;
        }
        ++next_;
    }

    [[nodiscard]] const cell* broken() const noexcept { return broken_; }
    [[nodiscard]] std::string_view key() const noexcept { return key_; }
    [[nodiscard]] std::string_view column() const noexcept { return column_; }

private:
    const cell* first_;
    const cell* next_;
    const cell* broken_ = nullptr;
    std::string_view key_;
    std::string_view column_;
};

/// The columns' names as a list, each with `before` and `after` around it.
[[nodiscard]] inline std::string list_columns(std::span<const column_spec> columns, std::string_view before,
                                              std::string_view after, std::string_view between = ", ") {
    std::string list;
    for (const column_spec& c : columns) {
        list.append(list.empty() ? "" : between).append(before).append(c.name).append(after);
    }
    return list;
}
template <table_row Row>
[[nodiscard]] std::string list_columns(std::string_view before, std::string_view after) {
    return list_columns(columns_of<Row>(), before, after);
}

[[nodiscard]] inline std::string insert_prefix(std::string_view table,
                                               const std::vector<column_spec>& columns) {
    return std::string("INSERT INTO ").append(table).append(" (" + list_columns(columns, "\"", "\"") + ") ");
}
template <table_row Row>
[[nodiscard]] std::string insert_prefix() {
    return insert_prefix(Row::table, columns_of<Row>());
}

template <table_row Row>
[[nodiscard]] std::string insert_into() {
    return insert_prefix<Row>() + "VALUES (" + list_columns<Row>(":", "") + ")";
}

template <table_row Row>
[[nodiscard]] std::string select_from() {
    return "SELECT " + list_columns<Row>("\"", "\"") + " FROM " + std::string(Row::table);
}

[[nodiscard]] inline std::string update(std::string_view table, const std::vector<column_spec>& columns) {
    std::string key;
    std::string list;
    for (const column_spec& c : columns) {
        std::string assignment("\"");
        assignment.append(c.name).append("\" = :").append(c.name);
        if (key.empty()) {
            key = assignment;
        } else {
            list.append(list.empty() ? "" : ", ").append(assignment);
        }
    }
    return std::string("UPDATE ").append(table).append(" SET " + list + " WHERE " + key);
}
/// Sets every column of the row that has the first column's value.
template <table_row Row>
[[nodiscard]] std::string update() {
    return update(Row::table, columns_of<Row>());
}

}}}  // namespace jackpot::v1::sql

#endif
