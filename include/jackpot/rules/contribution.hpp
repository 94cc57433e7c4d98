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

/// What a wager does to one pool (R3). The fields are named as those of basic_part.
template <amount Amount>
struct wager_part : basic_balance<Amount> {
    const name& pool;
    Amount to_pool;
    Amount to_overflow;
    Amount forgone;
    std::uint64_t version;

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
    const Amount to_overflow = diverts ? rest : Amount(0);
    const Amount forgone = diverts ? Amount(0) : rest;
    wager_part<Amount> part{{}, pool.pool, to_pool, to_overflow, forgone, pool.version + 1};
    part.carry = c.rounding == rounding::carry ? share.carry : 0;
    return part;
}

/// Adds the pool's part of a wager. False where a meter or a sum would not fit the amount type.
template <amount Amount>
[[nodiscard]] bool contribute_to(const basic_pool<Amount>& pool, const Amount& wager,
                                 basic_parts<Amount>& parts) {
    auto part = contribution_to(pool, *pool.configuration, wager);
    Amount current = pool.current;
    Amount overflow = pool.overflow;
    basic_meters<Amount> growth;
    growth.total_wagered = wager;
    growth.total_contributions = part.to_pool + part.to_overflow;
    // The meters first: where they fit, current and overflow fit too, being parts of them.
    if (!has_room(pool, growth) || !add(current, part.to_pool) || !add(overflow, part.to_overflow)) {
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
            const Amount size = meter < 0 ? Amount(-meter) : meter;
            largest = largest < size ? size : largest;
        }
    }
    return largest;
}

/// The largest wager for which every sum of R8 and the total of its contributions surely fit, whatever pools
/// of so many it feeds, whose meters are at most `largest`; below 0 where there is no such wager. A wager
/// lowers the headroom by its own amount at most. (Each of the sums has at most eight terms, none of which
/// grows by more than the wager; the total has one term for each pool.)
template <amount Amount>
[[nodiscard]] Amount headroom(std::size_t pools, const Amount& largest) {
    return amount_traits<Amount>::amount_max() / Amount(8 + pools) - largest;
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_contribute_request<Amount>& r,
                                          basic_parts<Amount>& parts) {
    if (!parts.try_reserve(r.pools ? r.pools->size() : before.pools.count_fed_by(r.game))) {
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
        const basic_pool<Amount>* full = nullptr;
        before.pools.each_fed_by(r.game, [&](const basic_pool<Amount>& pool) {
            if (full == nullptr && is_fed_by(pool, r.game) && r.wager >= pool.configuration->min_wager &&
                !contribute_to(pool, r.wager, parts)) {
                full = &pool;
            }
        });
        if (full != nullptr) {
            return fail(errc::amount_overflow, "pool", full->pool);
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
