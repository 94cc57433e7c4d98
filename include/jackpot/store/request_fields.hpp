// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_STORE_REQUEST_FIELDS_HPP
#define JACKPOT_STORE_REQUEST_FIELDS_HPP

namespace jackpot { inline namespace v1 { namespace detail {

/// Calls `each(column, field)` for the fields that this kind of request has: the one place that says in
/// which column of a journal each stands. `Row` has the columns as members of these names.
template <class Row, class Request, class Each>
void each_field(Row& row, Request& r, Each&& each) {
    // A part's own pool comes after this: what two pools are changed for has columns for both.
    if constexpr (requires { r.from; }) {
        each(row.from, r.from);
    } else if constexpr (requires { r.to_house; }) {
        each(row.from, r.pool);
        each(row.amount, r.to_house);
    } else if constexpr (requires { r.pool; }) {
        each(row.pool, r.pool);
    }
    if constexpr (requires { r.to; }) {
        each(row.to, r.to);
    }
    if constexpr (requires { r.key; }) {
        each(row.key, r.key);
    }
    if constexpr (requires { r.game; }) {
        each(row.game, r.game);
        each(row.player, r.player);
        each(row.round, r.round);
        each(row.site, r.site);
    }
    if constexpr (requires { r.wager; }) {
        each(row.amount, r.wager);
    }
    if constexpr (requires { r.amount; }) {
        each(row.amount, r.amount);
    }
    if constexpr (requires { r.delta; }) {
        each(row.amount, r.delta);
    }
    if constexpr (requires { r.pools; }) {
        each(row.pools, r.pools);
    }
    if constexpr (requires { r.hold; }) {
        each(row.hold, r.hold);
    }
    if constexpr (requires { r.reverts; }) {
        each(row.reverts, r.reverts);
        each(row.reverted, r.sequence);
    }
    if constexpr (requires { r.actor; }) {
        each(row.actor, r.actor);
        each(row.reason, r.reason);
    }
    if constexpr (requires { r.when; }) {
        each(row.when, r.when);
        each(row.detail, r.patch);
    }
    if constexpr (requires { r.returned_to; }) {
        each(row.returned_to, r.returned_to);
    }
    if constexpr (requires { r.configuration; }) {
        each(row.detail, r.configuration);
    }
}

}}}  // namespace jackpot::v1::detail

#endif
