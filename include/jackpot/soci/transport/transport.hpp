// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_TRANSPORT_TRANSPORT_HPP
#define JACKPOT_SOCI_TRANSPORT_TRANSPORT_HPP

#include <jackpot/soci/transport/arrays.hpp>
#include <jackpot/soci/transport/script.hpp>
#include <jackpot/soci/transport/steps.hpp>

// Which way the rows of a table take, and those of a commit, in as few round trips as the engine allows. The
// rows come from a `source`, which calls `each(row)` for every one of them.
//
// A commit in one round trip is a transaction of its own, or nothing. It refuses without saying why.

namespace jackpot { inline namespace v1 { namespace sql {

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

/// True: committed, with the transaction that may be open. False: nothing was, for a reason that the long way
/// tells.
template <amount Amount>
[[nodiscard]] bool commit_at_once(connection& c, const commit_rows<Amount>& rows) {
    const bool by_arrays = c.engine().transport == transport::arrays;
    const script_form* form = c.script();
    const bool by_script = form != nullptr && (!c.in_transaction() || !form->go_on.empty());
    if ((!by_arrays && !by_script) || rows.journal.count() == 0 || rows.pools.empty() ||
        rows.journal.count() > (by_arrays ? rows_in_arrays : rows_in_script)) {
        return false;
    }
    try {
        if (by_arrays) {
            if (!c.in_transaction()) {
                return c.committing([&] { return commit_by_statement(c, rows); });
            }
            if (!commit_by_statement(c, rows)) {
                return false;
            }
            c.commit();
            return true;
        }
        const std::string script = commit_script(c, *form, rows);
        if (script.size() > bytes_in_script) {
            return false;
        }
        c.run_transaction(script);
        return true;
    } catch (const soci::soci_error& e) {
        if (!c.engine().classify(e).constraint) {
            throw;
        }
        c.start_over();
        return false;
    }
}

}}}  // namespace jackpot::v1::sql

#endif
