// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_CONTRIBUTION_HPP
#define JACKPOT_RULES_CONTRIBUTION_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

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
    if (const auto limit = room(c, pool.current); limit && *limit < to_pool) {
        to_pool = *limit;
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

}}}  // namespace jackpot::v1::detail

#endif
