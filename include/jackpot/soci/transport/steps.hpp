// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_TRANSPORT_STEPS_HPP
#define JACKPOT_SOCI_TRANSPORT_STEPS_HPP

#include <jackpot/soci/connection.hpp>

// Rows by a prepared statement, which is run for each of them.

namespace jackpot { inline namespace v1 { namespace sql {

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

}}}  // namespace jackpot::v1::sql

#endif
