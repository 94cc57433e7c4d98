// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_WIN_HPP
#define JACKPOT_RULES_WIN_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Does a win that leaves `left` in the pool put its pending configuration in force (R4)?
template <amount Amount>
[[nodiscard]] bool pending_applies(const basic_pool<Amount>& pool, const Amount& left) {
    return pool.pending && (!pool.pending->configuration.cap || *pool.pending->configuration.cap >= left);
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_win_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto found = existing(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const basic_pool<Amount>& pool = **found;
    if (pool.status != pool_status::active) {
        return fail(errc::pool_suspended, "pool", r.pool);
    }
    if (!r.amount && pool.current == 0) {
        return fail(errc::pool_empty, "pool", r.pool);
    }
    if (r.amount && *r.amount > pool.current) {
        return fail(errc::amount_exceeds_pool, "amount", amount_traits<Amount>::to_text(*r.amount));
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    part.paid = r.amount ? *r.amount : pool.current;
    part.current -= part.paid;
    const auto& c = pending_applies(pool, part.current) ? pool.pending->configuration : *pool.configuration;
    if (c.rounding == rounding::floor) {
        part.carry = 0;
    }
    if (part.current < c.seed) {
        part.from_house = c.seed - part.current;
        part.current = c.seed;
    }
    part.from_overflow = draw_overflow(c, part);
    basic_meters<Amount> growth;
    growth.funded = part.from_house;
    growth.total_wins = part.paid;
    return check_growth(pool, growth);
}

}}}  // namespace jackpot::v1::detail

#endif
