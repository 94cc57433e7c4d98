// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_ROOM_HPP
#define JACKPOT_RULES_ROOM_HPP

#include <jackpot/core/snapshot.hpp>
#include <jackpot/rules/normalize.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// How much more the pool may hold; none = no limit.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE std::optional<Amount> room(const basic_configuration<Amount>& c,
                                                        const Amount& current) {
    if (!c.cap) {
        return std::nullopt;
    }
    return current < *c.cap ? Amount(*c.cap - current) : Amount(0);
}

/// How much of `offered` the reserve takes.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE Amount taken_by_reserve(const basic_configuration<Amount>& c,
                                                     const Amount& reserve, const Amount& offered) {
    if (!c.reserve_cap) {
        return offered;
    }
    return reserve < *c.reserve_cap ? (std::min)(offered, Amount(*c.reserve_cap - reserve)) : Amount(0);
}

/// Gives the amount to current as far as the cap allows, and the rest to overflow.
template <amount Amount>
void fill(const basic_configuration<Amount>& c, const Amount& amount, basic_part<Amount>& part) {
    const auto limit = room(c, part.current);
    part.to_pool = limit && *limit < amount ? *limit : amount;
    part.to_overflow = amount - part.to_pool;
    part.current += part.to_pool;
    part.overflow += part.to_overflow;
}

/// Moves overflow into current as far as the cap allows, and returns how much it moved.
template <amount Amount>
Amount draw_overflow(const basic_configuration<Amount>& c, basic_part<Amount>& part) {
    const auto limit = room(c, part.current);
    const Amount drawn = limit && *limit < part.overflow ? *limit : part.overflow;
    part.current += drawn;
    part.overflow -= drawn;
    return drawn;
}

/// A pool that rounds down keeps no fraction.
template <amount Amount>
void drop_fractions(const basic_configuration<Amount>& c, basic_part<Amount>& part) {
    if (c.rounding == rounding::floor) {
        part.carry = 0;
        part.reserve_carry = 0;
    }
}

/// Begins the part of an operation on `pool`: the pool's meters as they are, and the next version.
template <amount Amount>
JACKPOT_INLINE basic_part<Amount>& begin_part(basic_parts<Amount>& parts, const basic_pool<Amount>& pool) {
    basic_part<Amount>& part = parts.emplace_back();
    part.pool = pool.pool;
    part.version = pool.version + 1;
    balance_of(part) = balance_of(pool);
    return part;
}

/// Checks that the meters and R8's sums fit the amount type where the totals grow `by` so much. Of the
/// identity's two sides it computes the right one; the left, which has the balance, is equal to it. The
/// meters that may be negative come last, and one after the other: R8 names each of those sums.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE bool has_room(const basic_pool<Amount>& pool, const basic_meters<Amount>& by) {
    bool fits = true;
    Amount right{};
    const auto add_meters = [&](auto negative) JACKPOT_INLINE_LAMBDA {
        // A meter that does not grow fits already; where a kind of operation never grows it, the compiler
        // drops the test.
        unroll<total_meters<Amount>>([&](auto at) JACKPOT_INLINE_LAMBDA {
            constexpr const auto& m = total_meters<Amount>[at];
            if constexpr (m.amount != nullptr && m.negative == negative()) {
                Amount meter = pool.*m.amount;
                const Amount& growth = by.*m.amount;
                fits = fits && (growth == 0 || add(meter, growth));
                if constexpr (m.side == meter_side::right) {
                    fits = fits && add(right, meter);
                }
            }
        });
    };
    add_meters(std::false_type());
    add_meters(std::true_type());
    return fits;
}

template <amount Amount>
[[nodiscard]] expected<void> check_growth(const basic_pool<Amount>& pool, const basic_meters<Amount>& by) {
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

/// The same, of a pool that is not closed either.
template <amount Amount>
[[nodiscard]] expected<const basic_pool<Amount>*> not_closed(const basic_snapshot<Amount>& before,
                                                             const name& pool) {
    auto found = existing(before, pool);
    if (found && (*found)->status == pool_status::closed) {
        return fail(errc::pool_closed, "pool", pool);
    }
    return found;
}

/// The same, of a pool that takes wagers and pays wins.
template <amount Amount>
[[nodiscard]] expected<const basic_pool<Amount>*> in_play(const basic_snapshot<Amount>& before,
                                                          const name& pool) {
    auto found = not_closed(before, pool);
    if (found && (*found)->status != pool_status::active) {
        return fail(errc::pool_suspended, "pool", pool);
    }
    return found;
}

}}}  // namespace jackpot::v1::detail

#endif
