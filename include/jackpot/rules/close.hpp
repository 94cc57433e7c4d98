// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_CLOSE_HPP
#define JACKPOT_RULES_CLOSE_HPP

#include <jackpot/rules/transfer.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Moves what a closed pool held to its target, fractions included: whole units of those are a contribution.
/// Error: amount_overflow.
template <amount Amount>
[[nodiscard]] expected<void> hand_over(const transfer_ends<Amount>& ends, const Amount& left,
                                       basic_part<Amount>& closed, basic_part<Amount>& target) {
    const auto& c = *ends.to->configuration;
    std::uint64_t fractions = target.carry;
    if (c.rounding == rounding::carry) {
        fractions += std::uint64_t(closed.carry) + closed.reserve_carry;
    }
    closed.carry = closed.reserve_carry = 0;
    target.carry = static_cast<std::uint32_t>(fractions % rate::one_ppb);
    basic_meters<Amount> growth;
    growth.transferred = left;
    growth.total_contributions = Amount(fractions / rate::one_ppb);
    if (auto fits = check_growth(*ends.to, growth); !fits) {
        return fits;
    }
    target.transferred = left;
    fill(c, Amount(left + growth.total_contributions), target);
    return success();
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_close_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto ends = find_ends(before, r.pool, r.to ? &*r.to : nullptr);
    if (!ends) {
        return tl::unexpected(ends.error());
    }
    const auto& pool = *ends->from;
    if (!pool.holds.empty()) {
        return fail(errc::pool_held, "pool", r.pool);
    }
    // Never more than seeded is the house's, and seeded is never above current (R8).
    if (r.to_house > pool.seeded) {
        return fail(errc::amount_exceeds_seed, "to_house", amount_traits<Amount>::to_text(r.to_house));
    }
    const Amount left = pool.current + pool.overflow + pool.reserve - r.to_house;
    if (left != 0 && !r.to) {
        return fail(errc::pool_not_empty, "pool", r.pool);
    }
    basic_meters<Amount> growth;
    growth.funded = -r.to_house;
    growth.transferred = -left;
    if (auto fits = check_growth(pool, growth); !fits) {
        return fits;
    }
    const auto [closed, target] = begin_parts(parts, *ends);
    closed->to_house = r.to_house;
    closed->transferred = left;
    closed->current = closed->overflow = closed->reserve = 0;
    return target == nullptr ? success() : hand_over(*ends, left, *closed, *target);
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const basic_close_request<Amount>& r,
                const basic_part<Amount>& part, const basic_operation<Amount>&) {
    if (part.pool != r.pool) {
        return add(pool.transferred, part.transferred) &&
               add(pool.total_contributions, Amount(part.to_pool + part.to_overflow - part.transferred));
    }
    pool.status = pool_status::closed;
    pool.pending = nullptr;
    pool.seeded = 0;
    return add(pool.transferred, Amount(-part.transferred)) && add(pool.funded, Amount(-part.to_house));
}

}}}  // namespace jackpot::v1::detail

#endif
