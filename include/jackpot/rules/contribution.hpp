// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_CONTRIBUTION_HPP
#define JACKPOT_RULES_CONTRIBUTION_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The share of a wager, in whole units, and the fraction that is left, in parts per billion (R3). With wager
/// = q·10⁹ + r every step fits the amount type itself: no wider product is needed.
template <amount Amount>
struct credit_and_carry {
    Amount credit;
    std::uint32_t carry;
};

template <amount Amount>
[[nodiscard]] JACKPOT_INLINE credit_and_carry<Amount> share_of(const Amount& wager, rate r,
                                                               std::uint32_t carry) {
    constexpr auto one = static_cast<std::uint64_t>(rate::one_ppb);
    const auto whole = [&](std::uint64_t rest) { return rest * static_cast<std::uint64_t>(r.ppb()) + carry; };
    if (wager < rate::one_ppb) {
        const std::uint64_t raw = whole(static_cast<std::uint64_t>(wager));
        return {Amount(raw / one), static_cast<std::uint32_t>(raw % one)};
    }
    const std::uint64_t raw = whole(static_cast<std::uint64_t>(wager % rate::one_ppb));
    return {Amount(wager / rate::one_ppb * r.ppb() + Amount(raw / one)),
            static_cast<std::uint32_t>(raw % one)};
}

/// True where wagers in the game, without a list, feed the pool: each one does that is not below the pool's
/// min_wager.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE bool is_fed_by(const basic_pool<Amount>& pool, const name& game) {
    return pool.status == pool_status::active && feeds(*pool.configuration, game);
}

/// Does a wager fill the pool's reserve, or may something be in it?
template <amount Amount>
[[nodiscard]] bool saves(const basic_pool<Amount>& pool) noexcept {
    return pool.configuration->seed_rate != rate() || pool.reserve != 0 || pool.reserve_carry != 0;
}

/// What a wager does to one pool (R3). The fields are named as those of basic_part.
template <amount Amount>
struct wager_part : basic_balance<Amount> {
    const name& pool;
    std::uint64_t version;
    Amount to_pool{};
    Amount to_overflow{};
    Amount to_reserve{};
    Amount forgone{};

    /// Fills in the balance, once the sums are known to fit.
    JACKPOT_INLINE void settle(const basic_pool<Amount>& before) {
        this->current = before.current + to_pool;
        this->overflow = before.overflow + to_overflow;
    }
    /// Writes the fields of a wager into `part`, whose fields of other kinds must be empty.
    JACKPOT_INLINE void store(basic_part<Amount>& part) const {
        part.pool.assign_fast(pool);
        part.version = version;
        copy_balance<Amount>(part, *this);
        part.to_pool = to_pool;
        part.to_overflow = to_overflow;
        part.to_reserve = to_reserve;
        part.forgone = forgone;
    }
};

/// Sets aside what the reserve takes (R11), and returns what of its share does not fit.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE Amount save(const basic_pool<Amount>& pool, const basic_configuration<Amount>& c,
                                         const Amount& wager, wager_part<Amount>& part) {
    const auto share = share_of(wager, c.seed_rate, pool.reserve_carry);
    part.reserve_carry = c.rounding == rounding::carry ? share.carry : 0;
    part.to_reserve = taken_by_reserve(c, pool.reserve, share.credit);
    return share.credit - part.to_reserve;
}

/// The part of a wager, but for the balance that `settle` fills in. Without `Saves` the pool sets nothing
/// aside and has nothing in reserve. Where the two shares of the wager do not fit the amount type together,
/// the credit is below 0.
template <bool Saves, amount Amount>
[[nodiscard]] JACKPOT_INLINE wager_part<Amount> contribution_to(const basic_pool<Amount>& pool,
                                                                const basic_configuration<Amount>& c,
                                                                const Amount& wager) {
    const auto share = share_of(wager, c.rate, pool.carry);
    wager_part<Amount> part{{}, pool.pool, pool.version + 1};
    part.carry = c.rounding == rounding::carry ? share.carry : 0;
    Amount credit = share.credit;
    if constexpr (Saves) {
        const Amount rest = save(pool, c, wager, part);
        if (!add(credit, rest)) {
            part.to_pool = -1;
            return part;
        }
        part.reserve = pool.reserve + part.to_reserve;
    }
    part.to_pool = credit;
    if (const auto limit = room(c, pool.current); limit && *limit < credit) {
        part.to_pool = *limit;
        if (c.on_cap == on_cap::divert) {
            part.to_overflow = credit - *limit;
        } else {
            part.forgone = credit - *limit;
        }
    }
    return part;
}

/// Adds the pool's part of a wager. False where a meter or a sum would not fit the amount type.
template <amount Amount>
[[nodiscard]] bool contribute_to(const basic_pool<Amount>& pool, const Amount& wager,
                                 basic_parts<Amount>& parts) {
    auto part = contribution_to<true>(pool, *pool.configuration, wager);
    Amount current = pool.current;
    Amount overflow = pool.overflow;
    Amount reserve = pool.reserve;
    basic_meters<Amount> growth;
    growth.total_wagered = wager;
    growth.total_contributions = part.to_pool + part.to_overflow;
    growth.total_forgone = part.forgone;
    // The meters first: where they fit, the balance fits too, being parts of them.
    if (part.to_pool < 0 || !add(growth.total_contributions, part.to_reserve) || !has_room(pool, growth) ||
        !add(current, part.to_pool) || !add(overflow, part.to_overflow) || !add(reserve, part.to_reserve)) {
        return false;
    }
    part.settle(pool);
    part.store(parts.emplace_back());
    return true;
}

/// The pool's largest meter, without its sign.
template <amount Amount>
[[nodiscard]] Amount largest_meter(const basic_pool<Amount>& pool) {
    Amount largest{};
    for (const auto& m : all_meters<Amount>) {
        if (m.amount != nullptr) {
            const Amount& meter = pool.*m.amount;
            // Of the smallest number there may be no negation; sums do not grow by a meter below 0.
            const Amount size = meter < 0 ? Amount(-(meter + 1)) : meter;
            largest = largest < size ? size : largest;
        }
    }
    return largest;
}

/// The largest wager for which every sum of R8 and the total of its contributions surely fit, whatever pools
/// of so many it feeds, whose meters are at most `largest`; below 0 where there is no such wager. A wager
/// lowers the headroom by its own amount at most. (Each of the sums has at most eight terms, none of which
/// grows by more than the wagers and the two units that the fractions can be by then; the total has one term
/// for each pool.)
template <amount Amount>
[[nodiscard]] Amount headroom(std::size_t pools, const Amount& largest) {
    return amount_traits<Amount>::amount_max() / Amount(8 + pools) - 2 - largest;
}

/// Adds the pool's part of a wager that feeds it. Errors, kept in `so_far` in place of that of an earlier
/// pool where it comes before: wager_too_large, then amount_overflow.
template <amount Amount>
void feed(const basic_pool<Amount>& pool, const Amount& wager, basic_parts<Amount>& parts,
          expected<void>& so_far) {
    const auto& c = *pool.configuration;
    if (c.max_wager && wager > *c.max_wager) {
        if (so_far || so_far.error().code != errc::wager_too_large) {
            so_far = fail(errc::wager_too_large, "wager", amount_traits<Amount>::to_text(wager));
        }
    } else if (so_far && wager >= c.min_wager && !contribute_to(pool, wager, parts)) {
        so_far = fail(errc::amount_overflow, "pool", pool.pool);
    }
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_contribute_request<Amount>& r,
                                          basic_parts<Amount>& parts) {
    if (!parts.try_reserve(r.pools ? r.pools->size() : before.pools.count_fed_by(r.game))) {
        return fail(errc::out_of_memory);
    }
    auto so_far = success();
    if (r.pools) {
        const auto each = [&](auto&& found) -> expected<void> {
            for (const name& pool : *r.pools) {
                if (const auto one = found(before, pool); !one) {
                    return tl::unexpected(one.error());
                }
            }
            return success();
        };
        // Of all of them first that they exist, then that they are not closed, then that they are active.
        auto fits = each(existing<Amount>);
        fits = fits ? each(not_closed<Amount>) : fits;
        fits = fits ? each(in_play<Amount>) : fits;
        if (!fits) {
            return fits;
        }
        for (const name& pool : *r.pools) {
            feed(*find_pool(before.pools, pool), r.wager, parts, so_far);
        }
    } else {
        before.pools.each_fed_by(r.game, [&](const basic_pool<Amount>& pool) {
            if (is_fed_by(pool, r.game)) {
                feed(pool, r.wager, parts, so_far);
            }
        });
    }
    if (!so_far) {
        return so_far;
    }
    Amount total{};
    for (const auto& part : parts) {
        if (!add(total, part.to_pool) || !add(total, part.to_overflow) || !add(total, part.to_reserve)) {
            return fail(errc::amount_overflow, "total of the wager's contributions");
        }
    }
    return success();
}

}}}  // namespace jackpot::v1::detail

#endif
