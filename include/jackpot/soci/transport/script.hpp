// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_TRANSPORT_SCRIPT_HPP
#define JACKPOT_SOCI_TRANSPORT_SCRIPT_HPP

#include <jackpot/soci/commit_rows.hpp>

#include <utility>

// Rows, and whole commits, by statements with the values in them, several at once.

namespace jackpot { inline namespace v1 { namespace sql {

/// Servers take packets of so many bytes, and much larger ones, unless told otherwise.
inline constexpr std::size_t bytes_in_script = 1 << 20;
/// More would not fit: a row has at least so many bytes.
inline constexpr std::size_t rows_in_script = bytes_in_script / 128;

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

/// Behind each UPDATE stands a check that it changed a row.
template <amount Amount>
[[nodiscard]] std::string commit_script(connection& c, const script_form& form,
                                        const commit_rows<Amount>& rows) {
    static const std::string move_store = move_store_statement();
    std::string script(c.in_transaction() ? form.go_on : form.begin);
    append_filled(c, script, move_store, rows.to, rows.guard);
    script.append(form.check);
    for (const auto& change : rows.pools) {
        append_filled(c, script, update_pool_statement<Amount>(), change);
        script.append(form.check);
    }
    const insert_script<journal_row<Amount>> journal(rows.journal);
    script.append(journal.begin());
    rows.journal([&](const auto& row) {
        journal.append(c, row, script);
        script.push_back(',');
    });
    script.pop_back();
    return script.append(form.end);
}

}}}  // namespace jackpot::v1::sql

#endif
