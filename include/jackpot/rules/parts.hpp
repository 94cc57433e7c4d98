// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_PARTS_HPP
#define JACKPOT_RULES_PARTS_HPP

#include <jackpot/rules/normalize.hpp>

namespace jackpot::inline v1 {
namespace detail {

/// The share of a wager, in whole units, and the fraction that is left, in parts per billion (R3).
/// With wager = q·10⁹ + r every step fits the amount type itself: no wider product is needed.
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

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_open_request<Amount>& r, basic_parts<Amount>& parts) {
    if (find_pool(before.pools, r.pool) != nullptr) {
        return fail(errc::pool_exists, "pool", r.pool);
    }
    basic_part<Amount>& part = parts.emplace_back();
    part.pool = r.pool;
    part.version = 1;
    part.current = r.configuration.seed;
    return success();
}

/// Do wagers in the game, without a list, feed the pool? Each of them does that is not below its min_wager.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE bool is_fed_by(const basic_pool<Amount>& pool, const name& game) {
    return pool.status == pool_status::active && feeds(*pool.configuration, game);
}

/// What a wager does to one pool (R3), named as the fields of basic_part are.
template <amount Amount>
struct wager_part {
    const name& pool;
    Amount to_pool;
    Amount to_overflow;
    Amount forgone;
    std::uint32_t carry;
    std::uint64_t version;
    Amount current{};  ///< these two are filled in by `settle`, once they are known to fit
    Amount overflow{};

    JACKPOT_INLINE void settle(const basic_pool<Amount>& before) {
        current = before.current + to_pool;
        overflow = before.overflow + to_overflow;
    }
    /// To a part of a wager, that is one in which the fields of other kinds are empty.
    JACKPOT_INLINE void store(basic_part<Amount>& part) const {
        part.pool.assign_fast(pool);
        part.version = version;
        part.carry = carry;
        part.current = current;
        part.overflow = overflow;
        part.to_pool = to_pool;
        part.to_overflow = to_overflow;
        part.forgone = forgone;
    }
};

template <amount Amount>
[[nodiscard]] JACKPOT_INLINE wager_part<Amount> contribution_to(const basic_pool<Amount>& pool,
                                                                const basic_configuration<Amount>& c,
                                                                const Amount& wager) {
    const auto share = share_of(wager, c.rate, pool.carry);
    Amount to_pool = share.credit;
    if (c.cap) {
        const Amount room = pool.current < *c.cap ? Amount(*c.cap - pool.current) : Amount(0);
        to_pool = room < to_pool ? room : to_pool;
    }
    const Amount rest = share.credit - to_pool;
    const bool diverts = c.on_cap == on_cap::divert;
    return {.pool = pool.pool,
            .to_pool = to_pool,
            .to_overflow = diverts ? rest : Amount(0),
            .forgone = diverts ? Amount(0) : rest,
            .carry = c.rounding == rounding::carry ? share.carry : 0,
            .version = pool.version + 1};
}

/// False where a meter or a sum would not fit the amount type.
template <amount Amount>
[[nodiscard]] bool contribute_to(const basic_pool<Amount>& pool, const Amount& wager,
                                 basic_parts<Amount>& parts) {
    auto part = contribution_to(pool, *pool.configuration, wager);
    Amount current = pool.current;
    Amount overflow = pool.overflow;
    // The meters first: where they fit, current and overflow, being parts of them, do too.
    if (!has_room(pool,
                  {.total_wagered = wager, .total_contributions = Amount(part.to_pool + part.to_overflow)}) ||
        !add(current, part.to_pool) || !add(overflow, part.to_overflow)) {
        return false;
    }
    part.settle(pool);
    part.store(parts.emplace_back());
    return true;
}

/// The largest wager that no sum of R8 nor the total of its contributions can be too large for, whatever it
/// feeds; below 0 where there is none. After it, it is smaller by as much. (Each of the sums has at most
/// eight terms, of which none grows by more than the wager; the total has one for each pool.)
template <amount Amount>
[[nodiscard]] Amount headroom(const std::vector<basic_pool<Amount>>& pools) {
    Amount largest{};
    for (const auto& pool : pools) {
        for (const Amount& meter : {pool.current, pool.overflow, pool.funded, Amount(-pool.adjusted),
                                    pool.adjusted, pool.total_wagered, pool.total_contributions}) {
            largest = largest < meter ? meter : largest;
        }
    }
    const Amount share = amount_traits<Amount>::most() / Amount(8 + pools.size());
    return share - largest;
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_contribute_request<Amount>& r,
                                          basic_parts<Amount>& parts) {
    if (!parts.try_reserve(r.pools ? r.pools->size() : before.pools.size())) {
        return fail(errc::out_of_memory);
    }
    if (r.pools) {
        for (const name& pool : *r.pools) {
            if (const auto found = existing(before, pool); !found) {
                return tl::unexpected(found.error());
            }
        }
        for (const name& pool : *r.pools) {
            if (find_pool(before.pools, pool)->status != pool_status::active) {
                return fail(errc::pool_suspended, "pool", pool);
            }
        }
        for (const name& pool : *r.pools) {
            const auto& named = *find_pool(before.pools, pool);
            if (r.wager < named.configuration->min_wager) {
                continue;
            }
            if (!contribute_to(named, r.wager, parts)) {
                return fail(errc::amount_overflow, "pool", pool);
            }
        }
    } else {
        for (const auto& pool : before.pools) {
            if (is_fed_by(pool, r.game) && r.wager >= pool.configuration->min_wager &&
                !contribute_to(pool, r.wager, parts)) {
                return fail(errc::amount_overflow, "pool", pool.pool);
            }
        }
    }
    Amount total{};
    for (const auto& part : parts) {
        if (!add(total, part.to_pool) || !add(total, part.to_overflow)) {
            return fail(errc::amount_overflow, "total of the wager's contributions");
        }
    }
    return success();
}

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
    return check_growth(pool, {.funded = part.from_house, .total_wins = part.paid});
}

/// The configuration in force and the patch that waits, as a configure request would leave them.
template <amount Amount>
struct configured_states {
    basic_configuration<Amount> configuration;
    basic_pending<Amount> pending;  ///< waits only where its patch names a field
};

template <amount Amount>
[[nodiscard]] configured_states<Amount> configured(const basic_pool<Amount>& pool,
                                                   const basic_configure_request<Amount>& r) {
    configured_states<Amount> after{*pool.configuration, {}};
    if (pool.pending && r.when != when::discard) {
        after.pending.patch = pool.pending->patch;
    }
    if (r.when == when::now) {
        overlay(after.configuration, r.patch);
    } else {
        overlay(after.pending.patch, r.patch);
    }
    after.pending.configuration = after.configuration;
    overlay(after.pending.configuration, after.pending.patch);
    return after;
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_configure_request<Amount>& r,
                                          basic_parts<Amount>& parts) {
    const auto found = existing(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const basic_pool<Amount>& pool = **found;
    if (r.when == when::discard && !pool.pending) {
        return fail(errc::empty_configuration, "pool", r.pool);
    }
    const auto after = configured(pool, r);
    field_check check;
    check_cap_above_seed(check, after.configuration);
    check_cap_above_seed(check, after.pending.configuration);
    if (!check.result()) {
        return check.result();
    }
    const auto& cap = after.configuration.cap;
    if (cap && *cap < pool.current) {
        return fail(errc::cap_below_current, "cap", amount_traits<Amount>::to_text(*cap));
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    if (after.configuration.rounding == rounding::floor) {
        part.carry = 0;
    }
    part.from_overflow = draw_overflow(after.configuration, part);
    return success();
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_adjust_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto found = existing(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const basic_pool<Amount>& pool = **found;
    const auto refuse = [&](errc code) {
        return fail(code, "delta", amount_traits<Amount>::to_text(r.delta));
    };
    if (r.delta < 0 && pool.current < -r.delta) {
        return refuse(errc::amount_exceeds_pool);
    }
    const auto limit = room(*pool.configuration, pool.current);
    if (limit && *limit < r.delta) {
        return refuse(errc::cap_exceeded);
    }
    if (auto fits = check_growth(pool, {.adjusted = r.delta}); !fits) {
        return fits;
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    part.current += r.delta;
    part.from_overflow = draw_overflow(*pool.configuration, part);
    return success();
}

/// Suspending asks for an active pool, resuming for a suspended one (R7).
template <amount Amount>
[[nodiscard]] expected<void> decide_status(const basic_snapshot<Amount>& before, const name& pool,
                                           pool_status after, basic_parts<Amount>& parts) {
    const auto found = existing(before, pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if ((*found)->status == after) {
        return fail(after == pool_status::active ? errc::pool_active : errc::pool_suspended, "pool", pool);
    }
    begin_part(parts, **found);
    return success();
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before, const suspend_request& r,
                                          basic_parts<Amount>& parts) {
    return decide_status(before, r.pool, pool_status::suspended, parts);
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before, const resume_request& r,
                                          basic_parts<Amount>& parts) {
    return decide_status(before, r.pool, pool_status::active, parts);
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>&, const checkpoint_request&,
                                          basic_parts<Amount>&) {
    return fail(errc::invalid_operation, "kind", "checkpoint");
}

}  // namespace detail
}  // namespace jackpot::inline v1

#endif
