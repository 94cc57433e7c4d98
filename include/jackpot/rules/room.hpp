// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_ROOM_HPP
#define JACKPOT_RULES_ROOM_HPP

#include <jackpot/rules/normalize.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// How much more the pool may hold; none = without limit.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE std::optional<Amount> room(const basic_configuration<Amount>& c,
                                                        const Amount& current) {
    if (!c.cap) {
        return std::nullopt;
    }
    return current < *c.cap ? Amount(*c.cap - current) : Amount(0);
}

/// Lets overflow flow in as far as the cap allows, and says how much did.
template <amount Amount>
Amount draw_overflow(const basic_configuration<Amount>& c, basic_part<Amount>& part) {
    const auto limit = room(c, part.current);
    const Amount drawn = limit && *limit < part.overflow ? *limit : part.overflow;
    part.current += drawn;
    part.overflow -= drawn;
    return drawn;
}

/// The part of an operation on `pool`, as yet without an effect.
template <amount Amount>
JACKPOT_INLINE basic_part<Amount>& begin_part(basic_parts<Amount>& parts, const basic_pool<Amount>& pool) {
    basic_part<Amount>& part = parts.emplace_back();
    part.pool = pool.pool;
    part.version = pool.version + 1;
    part.carry = pool.carry;
    part.current = pool.current;
    part.overflow = pool.overflow;
    return part;
}

/// R8's sums with meters that grow: they must fit the amount type. Of the identity's two sides, the
/// right one is computed; the left is equal to it.
template <amount Amount>
struct meter_growth {
    Amount funded{};
    Amount adjusted{};
    Amount total_wagered{};
    Amount total_contributions{};
    Amount total_wins{};
};

template <amount Amount>
[[nodiscard]] JACKPOT_INLINE bool has_room(const basic_pool<Amount>& pool, const meter_growth<Amount>& by) {
    Amount funded = pool.funded;
    Amount adjusted = pool.adjusted;
    Amount wagered = pool.total_wagered;
    Amount contributions = pool.total_contributions;
    Amount wins = pool.total_wins;
    // What does not grow fits already; where a kind of operation never grows it, nothing is left of the test.
    const auto fits = [](Amount& meter, const Amount& growth) { return growth == 0 || add(meter, growth); };
    return fits(funded, by.funded) && fits(adjusted, by.adjusted) && fits(wagered, by.total_wagered) &&
           fits(contributions, by.total_contributions) && fits(wins, by.total_wins) &&
           add(funded, contributions) && add(funded, adjusted);
}

template <amount Amount>
[[nodiscard]] expected<void> check_growth(const basic_pool<Amount>& pool, const meter_growth<Amount>& by) {
    return has_room(pool, by) ? success() : fail(errc::amount_overflow, "pool", pool.pool);
}

template <amount Amount>
[[nodiscard]] expected<const basic_pool<Amount>*> existing(const basic_snapshot<Amount>& before,
                                                           const name& pool) {
    const auto* found = find_pool(before.pools, pool);
    if (found == nullptr) {
        return fail(errc::unknown_pool, "pool", pool);
    }
    return found;
}

}}}  // namespace jackpot::v1::detail

#endif
