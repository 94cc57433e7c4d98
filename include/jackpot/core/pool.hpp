// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_POOL_HPP
#define JACKPOT_CORE_POOL_HPP

#include <jackpot/core/configuration.hpp>
#include <jackpot/core/error.hpp>

#include <memory>
#include <span>

namespace jackpot { inline namespace v1 {

/// Microseconds since the Unix epoch, UTC (R10).
using timestamp = std::int64_t;

/// The last microsecond of the year 9999: the latest moment that every engine can keep.
inline constexpr timestamp timestamp_max = 253'402'300'799'999'999;

enum class pool_status : std::uint8_t { active, suspended };

namespace detail {
inline constexpr std::string_view pool_status_names[] = {"active", "suspended"};
}
[[nodiscard]] constexpr std::string_view to_string(pool_status s) noexcept {
    return detail::spell(s, detail::pool_status_names);
}
[[nodiscard]] constexpr std::optional<pool_status> parse_pool_status(std::string_view text) noexcept {
    return detail::unspell<pool_status>(text, detail::pool_status_names);
}

/// The newest win of a pool.
template <amount Amount>
struct basic_last_win {
    Amount amount{};
    name game{};
    name player{};
    timestamp at = 0;

    friend bool operator==(const basic_last_win&, const basic_last_win&) = default;
};

/// A patch that waits for a win, and the configuration that it would make of the one in force.
template <amount Amount>
struct basic_pending {
    basic_patch<Amount> patch{};
    basic_configuration<Amount> configuration{};

    friend bool operator==(const basic_pending&, const basic_pending&) = default;
};

/// The state of one pool: flat meters in minor units, and handles to what seldom changes, so that a
/// copy is cheap. `configuration` is never null in a pool that the library made.
template <amount Amount>
struct basic_pool {
    name pool{};
    pool_status status = pool_status::active;
    std::uint32_t carry = 0;  ///< parts per billion of a minor unit, not credited yet
    std::shared_ptr<const basic_configuration<Amount>> configuration{};
    std::shared_ptr<const basic_pending<Amount>> pending{};
    Amount current{};              ///< what a win of everything would pay
    Amount overflow{};             ///< contributed above the cap, set aside for the next jackpot
    Amount funded{};               ///< what the house put in, as seeds
    Amount adjusted{};             ///< the sum of manual corrections; may be negative
    Amount total_wagered{};        ///< the wagers that fed it
    Amount total_contributions{};  ///< what they put in: current and overflow together
    Amount total_wins{};
    std::uint64_t win_count = 0;
    std::optional<basic_last_win<Amount>> last_win{};
    std::uint64_t version = 0;   ///< counts the operations that changed it
    std::uint64_t sequence = 0;  ///< the newest of them
    timestamp opened_at = 0;
    timestamp modified_at = 0;

    friend bool operator==(const basic_pool& a, const basic_pool& b) {
        const auto same = [](const auto& x, const auto& y) { return x == y || (x && y && *x == *y); };
        return a.pool == b.pool && a.status == b.status && a.carry == b.carry &&
               same(a.configuration, b.configuration) && same(a.pending, b.pending) &&
               a.current == b.current && a.overflow == b.overflow && a.funded == b.funded &&
               a.adjusted == b.adjusted && a.total_wagered == b.total_wagered &&
               a.total_contributions == b.total_contributions && a.total_wins == b.total_wins &&
               a.win_count == b.win_count && a.last_win == b.last_win && a.version == b.version &&
               a.sequence == b.sequence && a.opened_at == b.opened_at && a.modified_at == b.modified_at;
    }
};

/// 16 random bytes, or a writer's random 8 and its counter.
struct identifier {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    [[nodiscard]] bool is_null() const noexcept { return high == 0 && low == 0; }
    friend auto operator<=>(const identifier&, const identifier&) = default;
};

/// Where a store stands.
struct store_head {
    identifier identity{};       ///< null until the first commit gives the store its identity
    std::uint64_t sequence = 0;  ///< the newest operation; 0 = none yet
    identifier newest{};         ///< its id: at one sequence two histories have different ones
    timestamp at = 0;            ///< its time; no later operation has an earlier one (R10)
    bool sealed = false;         ///< refuses commits

    friend bool operator==(const store_head&, const store_head&) = default;
};

/// One moment of a whole store. The pools stand in byte order of their names.
template <amount Amount>
struct basic_snapshot {
    store_head head{};
    std::vector<basic_pool<Amount>> pools{};

    friend bool operator==(const basic_snapshot&, const basic_snapshot&) = default;
};

using last_win = basic_last_win<std::int64_t>;
using pool = basic_pool<std::int64_t>;
using snapshot = basic_snapshot<std::int64_t>;

namespace detail {

/// The first pool whose name is not less than `wanted`: where it is, or where it would go.
template <class Pools>
[[nodiscard]] auto lower_bound(Pools& pools, std::string_view wanted) noexcept {
    return std::lower_bound(pools.begin(), pools.end(), wanted,
                            [](const auto& p, std::string_view n) { return p.pool.view() < n; });
}

/// The pool of that name, or null.
template <class Pools>
[[nodiscard]] auto* find_pool(Pools& pools, std::string_view wanted) noexcept {
    const auto at = lower_bound(pools, wanted);
    return at != pools.end() && at->pool.view() == wanted ? &*at : nullptr;
}

}  // namespace detail

/// Does R8 hold: the identity of the meters, their ranges, overflow only at the cap, and a carry
/// below one unit? Says which part does not.
template <amount Amount>
[[nodiscard]] expected<void> check_meters(const basic_pool<Amount>& p) {
    const auto broken = [&](std::string_view what) { return fail(errc::corrupt, p.pool, what); };
    if (p.configuration == nullptr) {
        return broken("no configuration");
    }
    for (const Amount* meter :
         {&p.current, &p.overflow, &p.funded, &p.total_wagered, &p.total_contributions, &p.total_wins}) {
        if (*meter < 0) {
            return broken("a meter below 0");
        }
    }
    Amount left = p.current;
    Amount right = p.funded;
    if (!detail::in_range(p.adjusted) || !detail::add(left, p.overflow) || !detail::add(left, p.total_wins) ||
        !detail::add(right, p.total_contributions) || !detail::add(right, p.adjusted)) {
        return broken("a meter or a sum out of range");
    }
    if (left != right) {
        return broken("current + overflow + total_wins is not funded + total_contributions + adjusted");
    }
    const auto& cap = p.configuration->cap;
    if (cap && p.current > *cap) {
        return broken("current above the cap");
    }
    if (p.overflow > 0 && (!cap || p.current != *cap)) {
        return broken("overflow while current is not at the cap");
    }
    if (p.carry >= rate::one_ppb || (p.carry != 0 && p.configuration->rounding == rounding::floor)) {
        return broken("carry out of range");
    }
    return success();
}

}}  // namespace jackpot::v1

#endif
