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
    c.run_many(statement, [&](const auto& put) {
        cell_row cells;
        source([&](const Row& row) {
            cells.fill_again();
            cells.add(row);
            put(cells.cells());
        });
    });
}

}}}  // namespace jackpot::v1::sql

#endif
