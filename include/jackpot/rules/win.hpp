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

/// Starts the pool again (R4): the seed comes from the reserve, then from the overflow where the
/// configuration says so, then from the house; what overflow is left flows in.
template <amount Amount>
void reset(const basic_configuration<Amount>& c, basic_part<Amount>& part) {
    const auto take = [&](Amount& from) {
        const Amount missing = part.current < c.seed ? Amount(c.seed - part.current) : Amount(0);
        const Amount taken = (std::min)(missing, from);
        from -= taken;
        part.current += taken;
        return taken;
    };
    part.from_reserve = take(part.reserve);
    if (c.seed_from == seed_from::overflow) {
        part.from_overflow = take(part.overflow);
    }
    Amount house = c.seed;  // never is more missing
    part.from_house = take(house);
    part.from_overflow += draw_overflow(c, part);
}

/// Decides what a win and a hold do to a pool in play. `paid_to` is the meter that what is paid goes to.
template <amount Amount>
[[nodiscard]] expected<void> decide_payout(const basic_pool<Amount>& pool,
                                           const std::optional<Amount>& amount,
                                           Amount basic_meters<Amount>::*paid_to,
                                           basic_parts<Amount>& parts) {
    if (!amount && pool.current == 0) {
        return fail(errc::pool_empty, "pool", pool.pool);
    }
    if (amount && *amount > pool.current) {
        return fail(errc::amount_exceeds_pool, "amount", amount_traits<Amount>::to_text(*amount));
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    part.paid = amount ? *amount : pool.current;
    part.current -= part.paid;
    const auto& c = pending_applies(pool, part.current) ? pool.pending->configuration : *pool.configuration;
    drop_fractions(c, part);
    reset(c, part);
    basic_meters<Amount> growth;
    growth.funded = part.from_house;
    growth.*paid_to = part.paid;
    return check_growth(pool, growth);
}

/// Applies what a win and a hold have in common: everything but where what is paid goes. False where a meter
/// would leave its range.
template <amount Amount>
[[nodiscard]] bool apply_payout(basic_pool<Amount>& pool, const basic_part<Amount>& part,
                                std::uint64_t sequence) {
    if (pending_applies(pool, Amount(pool.current - part.paid))) {
        // The pending record holds the configuration already: the pool shares it, so that a win allocates
        // nothing.
        pool.configuration = {pool.pending, &pool.pending->configuration};
        pool.pending = nullptr;
    }
    pool.seeded = (pool.seeded > part.paid ? Amount(pool.seeded - part.paid) : Amount(0)) + part.from_house;
    pool.reset_sequence = sequence;
    return add(pool.funded, part.from_house);
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_win_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto found = in_play(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    return decide_payout(**found, r.amount, &basic_meters<Amount>::total_wins, parts);
}

}}}  // namespace jackpot::v1::detail

#endif
