// SPDX-License-Identifier: BSL-1.0
#include "node_table.hpp"

#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>

#include <deque>

namespace migrator {

namespace {

/// Text, whatever the column's type is: SOCI would make doubles of decimals.
std::string as_text(const jackpot::sql::dialect& engine, const std::string& column) {
    return "CAST(\"" + column + "\" AS " + (engine.scheme == "mysql" ? "CHAR" : "TEXT") + ")";
}

struct value_row {
    dumped_value value{};

    static constexpr std::string_view table = "jackpots";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("value", row.value);
    }
};

dumped_table read_rows(jackpot::sql::connection& c) {
    dumped_table table;
    table.name = "jackpots";
    c.prepared(std::string(c.engine().columns_query))
        .select<jackpot::sql::column_row>(
            [&](const jackpot::sql::column_row& found) { table.columns.push_back(found.name); },
            jackpot::sql::parameter{"table", table.name});
    if (table.columns.empty()) {
        return table;
    }
    // One moment for all of its columns, each of which is a query.
    std::vector<std::vector<dumped_value>> rows;
    c.begin_reading();
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        std::size_t row = 0;
        c.prepared("SELECT " + as_text(c.engine(), table.columns[column]) +
                   " FROM jackpots ORDER BY \"group\"")
            .select<value_row>([&](const value_row& read) {
                if (column == 0) {
                    rows.emplace_back();
                }
                rows.at(row++).push_back(read.value);
            });
    }
    c.commit();
    for (const auto& row : rows) {
        table.rows.add_row(row);
    }
    return table;
}

}  // namespace

jackpot::expected<dumped_table> read_live_table(const std::string& url) {
    return jackpot::soci_storage::visit(url, read_rows);
}

}  // namespace migrator
