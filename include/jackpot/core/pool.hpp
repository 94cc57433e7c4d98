// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_POOL_HPP
#define JACKPOT_CORE_POOL_HPP

#include <jackpot/core/configuration.hpp>
#include <jackpot/core/error.hpp>
#include <jackpot/core/holds.hpp>
#include <jackpot/core/meters.hpp>

#include <memory>

namespace jackpot { inline namespace v1 {

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

/// The state of one pool: flat meters in minor units, and shared pointers to the parts that seldom change, so
/// that a copy is cheap. `configuration` is never null in a pool that the library made.
template <amount Amount>
struct basic_pool : basic_meters<Amount> {
    name pool{};
    pool_status status = pool_status::active;
    std::shared_ptr<const basic_configuration<Amount>> configuration{};
    std::shared_ptr<const basic_pending<Amount>> pending{};
    std::optional<basic_last_win<Amount>> last_win{};
    basic_holds<Amount> holds{};
    std::uint64_t version = 0;   ///< counts the operations that changed it
    std::uint64_t sequence = 0;  ///< the newest of them
    /// The newest of those that started it from its seed. 0: not known, for a journal that was trimmed under
    /// the first schema tells it no more, nor seeded, wager_count and total_forgone, which count from there.
    std::uint64_t reset_sequence = 0;
    timestamp opened_at = 0;
    timestamp modified_at = 0;

    friend bool operator==(const basic_pool& a, const basic_pool& b) {
        const auto same = [](const auto& x, const auto& y) { return x == y || (x && y && *x == *y); };
        return a.pool == b.pool && a.status == b.status && detail::meters_of(a) == detail::meters_of(b) &&
               same(a.configuration, b.configuration) && same(a.pending, b.pending) &&
               a.last_win == b.last_win && a.holds == b.holds && a.version == b.version &&
               a.sequence == b.sequence && a.reset_sequence == b.reset_sequence &&
               a.opened_at == b.opened_at && a.modified_at == b.modified_at;
    }
};

using last_win = basic_last_win<std::int64_t>;
using pool = basic_pool<std::int64_t>;

/// Checks R8: the identity of the meters, their ranges, overflow only at the cap, fractions below one unit,
/// seeded within current, and that held is the sum of the open holds. Error: corrupt, naming the part of R8
/// that does not hold.
template <amount Amount>
[[nodiscard]] expected<void> check_meters(const basic_pool<Amount>& p) {
    const auto broken = [&](std::string_view what) { return fail(errc::corrupt, p.pool, what); };
    if (p.configuration == nullptr) {
        return broken("no configuration");
    }
    bool in_range = true;
    bool whole = true;
    for (const auto& m : all_meters<Amount>) {
        if (m.amount != nullptr) {
            if (!m.negative && (p.*m.amount) < 0) {
                return broken("a meter below 0");
            }
            in_range = in_range && detail::in_range(p.*m.amount);
        }
        if (m.fraction != nullptr) {
            const std::uint32_t end = p.configuration->rounding == rounding::carry ? rate::one_ppb : 1;
            whole = whole && p.*m.fraction < end;
        }
    }
    Amount left{};
    Amount right{};
    if (!in_range || !detail::add_side<Amount>(meter_side::left, p, left) ||
        !detail::add_side<Amount>(meter_side::right, p, right)) {
        return broken("a meter or a sum out of range");
    }
    if (left != right) {
        basic_text<240> identity;
        detail::append_identity<Amount>(identity, " is not ", [](const auto& m) { return m.name; });
        return broken(identity);
    }
    const auto& cap = p.configuration->cap;
    if (cap && p.current > *cap) {
        return broken("current above the cap");
    }
    if (p.overflow > 0 && (!cap || p.current != *cap)) {
        return broken("overflow while current is not at the cap");
    }
    if (!whole) {
        return broken("carry out of range");
    }
    if (p.seeded > p.current) {
        return broken("seeded above current");
    }
    Amount held{};
    const basic_hold<Amount>* before = nullptr;
    for (const auto& h : p.holds) {
        if (1 > h.amount || !detail::in_range(h.amount) || !detail::add(held, h.amount) ||
            (before != nullptr && !(before->hold.view() < h.hold.view()))) {
            return broken("a hold out of range or out of order");
        }
        before = &h;
    }
    return held == p.held ? success() : broken("held is not the sum of the open holds");
}

JACKPOT_INSTANCE(expected<void> check_meters(const basic_pool<std::int64_t>&));

}}  // namespace jackpot::v1

#endif
