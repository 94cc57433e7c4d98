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
        script.append(change.won != 0 ? R"( AND "pending" IS NULL)" : "").append(form.check);
    }
    const auto journal = insert_script::of<journal_row<Amount>>(rows.journal);
    script.append(journal.begin());
    cell_row cells;
    rows.journal([&](const auto& row) {
        cells.fill_again();
        cells.add(row);
        journal.append(c, cells, script);
        script.push_back(',');
    });
    script.pop_back();
    return script.append(form.end);
}

}}}  // namespace jackpot::v1::sql

#endif
