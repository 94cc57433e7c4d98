// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_HOLD_HPP
#define JACKPOT_RULES_HOLD_HPP

#include <jackpot/rules/win.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_hold_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto found = in_play(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const basic_pool<Amount>& pool = **found;
    if (pool.holds.find(r.hold) != nullptr) {
        return fail(errc::hold_exists, "hold", r.hold);
    }
    if (pool.holds.size() >= holds_max) {
        return fail(errc::too_many_holds, "pool", r.pool);
    }
    return decide_payout(pool, r.amount, &basic_meters<Amount>::held, parts);
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const basic_hold_request<Amount>& r, const basic_part<Amount>& part,
                const basic_operation<Amount>& o) {
    pool.holds.put({.hold = r.hold,
                    .amount = part.paid,
                    .game = r.game,
                    .player = r.player,
                    .round = r.round,
                    .site = r.site,
                    .at = o.at,
                    .sequence = o.sequence,
                    .from_house = part.from_house,
                    .from_reserve = part.from_reserve,
                    .seeded_paid = (std::min)(pool.seeded, part.paid)});
    return apply_payout(pool, part, o.sequence) && add(pool.held, part.paid);
}

/// An open hold, and its pool.
template <amount Amount>
struct open_hold {
    const basic_pool<Amount>* pool;
    const basic_hold<Amount>* hold;
};

/// The hold that a request settles, in a pool that may be suspended: the money is owed.
template <amount Amount, class Request>
[[nodiscard]] expected<open_hold<Amount>> find_hold(const basic_snapshot<Amount>& before, const Request& r) {
    const auto found = not_closed(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const auto* hold = (*found)->holds.find(r.hold);
    if (hold == nullptr) {
        return fail(errc::unknown_hold, "hold", r.hold);
    }
    return open_hold<Amount>{*found, hold};
}

}}}  // namespace jackpot::v1::detail

#endif
