// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_METERS_HPP
#define JACKPOT_CORE_METERS_HPP

#include <jackpot/core/amount.hpp>
#include <jackpot/core/spelling.hpp>
#include <jackpot/core/timestamp.hpp>

#include <array>
#include <utility>

// The meters of a pool, each listed once. A meter is a field of one of the two structs below and an entry of
// the list beside that struct. All code that keeps, shows, sums or compares meters goes through the lists
// (CONTRIBUTING.md says how to add a meter). Only the rules name meters, because a rule says what moves each.

namespace jackpot { inline namespace v1 {

/// The meters of what a pool holds. Each part of an operation states them, as they are after the operation.
template <amount Amount>
struct basic_balance {
    Amount current{};                 ///< a win without an amount pays all of this
    Amount overflow{};                ///< contributed above the cap, set aside for the next jackpot
    std::uint32_t carry = 0;          ///< parts per billion of a minor unit, not credited yet
    std::uint32_t reserve_carry = 0;  ///< the same of the reserve
    Amount reserve{};                 ///< set aside from wagers for the next seed

    friend bool operator==(const basic_balance&, const basic_balance&) = default;
};

/// Every meter of one pool, or their sums over many.
template <amount Amount>
struct basic_meters : basic_balance<Amount> {
    Amount total_wagered{};        ///< the wagers that fed it
    Amount total_contributions{};  ///< the credits of those wagers, to current, overflow and reserve together
    std::uint64_t wager_count = 0;  ///< how many those wagers are
    Amount total_forgone{};         ///< what was not taken of them, above the cap
    Amount funded{};                ///< the house put this in, as seeds
    Amount seeded{};                ///< of current, what the house put in and has not been paid out
    Amount adjusted{};              ///< the sum of manual corrections; may be negative
    Amount transferred{};           ///< what came from other pools, less what went to them; may be negative
    Amount held{};                  ///< won, and not confirmed yet: the sum of the open holds
    Amount total_wins{};
    std::uint64_t win_count = 0;

    friend bool operator==(const basic_meters&, const basic_meters&) = default;
};

/// The side of R8's identity on which a meter stands: the left side says where the money on the right went.
enum class meter_side : std::uint8_t { none, left, right };

/// An entry of the lists. One of the three pointers leads to the meter.
template <amount Amount, class Meters = basic_meters<Amount>>
struct meter {
    std::string_view name;
    std::string_view
        guide{};  ///< its column in SQL, where the migration guide's queries give it another name
    Amount Meters::*amount = nullptr;
    std::uint64_t Meters::*count = nullptr;
    std::uint32_t Meters::*fraction = nullptr;  ///< in parts per billion; 0 where a pool rounds down
    meter_side side = meter_side::none;
    bool negative = false;   ///< the meter may be negative
    bool moves = false;      ///< wagers move it
    bool per_wager = false;  ///< each wager adds one to it, and nothing else does
    bool summed = true;      ///< its sum over pools means something
    bool later = false;      ///< stores of the first schema lack it: texts leave it out where it is 0

    [[nodiscard]] constexpr std::string_view column() const noexcept { return guide.empty() ? name : guide; }
};

/// The meters of a balance, in the order in which stores, texts and reports have them.
template <amount Amount>
inline constexpr auto balance_meters = std::to_array<meter<Amount, basic_balance<Amount>>>({
    {.name = "current",
     .guide = "current_amount",
     .amount = &basic_balance<Amount>::current,
     .side = meter_side::left,
     .moves = true},
    {.name = "overflow", .amount = &basic_balance<Amount>::overflow, .side = meter_side::left, .moves = true},
    {.name = "carry", .fraction = &basic_balance<Amount>::carry, .moves = true},
    {.name = "reserve", .amount = &basic_balance<Amount>::reserve, .side = meter_side::left, .later = true},
    {.name = "reserve_carry", .fraction = &basic_balance<Amount>::reserve_carry, .later = true},
});

/// The other meters, which stand behind those of the balance.
template <amount Amount>
inline constexpr auto total_meters = std::to_array<meter<Amount>>({
    {.name = "funded", .amount = &basic_meters<Amount>::funded, .side = meter_side::right},
    {.name = "adjusted",
     .amount = &basic_meters<Amount>::adjusted,
     .side = meter_side::right,
     .negative = true},
    {.name = "total_wagered", .amount = &basic_meters<Amount>::total_wagered, .moves = true},
    {.name = "total_contributions",
     .amount = &basic_meters<Amount>::total_contributions,
     .side = meter_side::right,
     .moves = true},
    {.name = "total_wins", .amount = &basic_meters<Amount>::total_wins, .side = meter_side::left},
    {.name = "win_count", .count = &basic_meters<Amount>::win_count},
    {.name = "wager_count", .count = &basic_meters<Amount>::wager_count, .per_wager = true, .later = true},
    {.name = "total_forgone", .amount = &basic_meters<Amount>::total_forgone, .later = true},
    {.name = "held", .amount = &basic_meters<Amount>::held, .side = meter_side::left, .later = true},
    {.name = "seeded", .amount = &basic_meters<Amount>::seeded, .summed = false, .later = true},
    {.name = "transferred",
     .amount = &basic_meters<Amount>::transferred,
     .side = meter_side::right,
     .negative = true,
     .later = true},
});

/// All meters, in that order.
template <amount Amount>
inline constexpr auto all_meters = [] {
    std::array<meter<Amount>, balance_meters<Amount>.size() + total_meters<Amount>.size()> all{};
    std::size_t next = 0;
    for (const auto& m : balance_meters<Amount>) {
        all[next++] = {m.name,     m.guide, m.amount,    m.count,  m.fraction, m.side,
                       m.negative, m.moves, m.per_wager, m.summed, m.later};
    }
    for (const auto& m : total_meters<Amount>) {
        all[next++] = m;
    }
    return all;
}();

/// Calls `each(meter, pointer)` for every meter; the pointer is to a member of basic_meters.
template <amount Amount, class Each>
constexpr void each_meter(Each&& each) {
    for (const auto& m : all_meters<Amount>) {
        m.amount != nullptr ? each(m, m.amount) : m.count != nullptr ? each(m, m.count) : each(m, m.fraction);
    }
}

namespace detail {

/// The balance, or the meters, of a value that derives from them.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE constexpr basic_balance<Amount>& balance_of(basic_balance<Amount>& b) noexcept {
    return b;
}
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE constexpr const basic_balance<Amount>& balance_of(
    const basic_balance<Amount>& b) noexcept {
    return b;
}
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE constexpr basic_meters<Amount>& meters_of(basic_meters<Amount>& m) noexcept {
    return m;
}
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE constexpr const basic_meters<Amount>& meters_of(
    const basic_meters<Amount>& m) noexcept {
    return m;
}

/// Pointers to the amounts in a list of meters.
template <const auto& List>
inline constexpr auto amounts_of = [] {
    constexpr auto count = [] {
        std::size_t amounts = 0;
        for (const auto& m : List) {
            amounts += m.amount != nullptr ? 1 : 0;
        }
        return amounts;
    };
    std::array<decltype(List[0].amount), count()> pointers{};
    std::size_t next = 0;
    for (const auto& m : List) {
        if (m.amount != nullptr) {
            pointers[next++] = m.amount;
        }
    }
    return pointers;
}();

/// Calls `each` with the index of each entry of a list, as a constant: on hot paths the compiler then leaves
/// nothing of the list.
template <const auto& List, class Each, std::size_t... I>
JACKPOT_INLINE constexpr void unroll(Each&& each, std::index_sequence<I...>) {
    (each(std::integral_constant<std::size_t, I>()), ...);
}
template <const auto& List, class Each>
JACKPOT_INLINE constexpr void unroll(Each&& each) {
    unroll<List>(each, std::make_index_sequence<std::size(List)>());
}

/// Assigns a balance on hot paths, meter by meter. A plain assignment becomes loads that are wider than the
/// stores just before them, and waits for those.
template <amount Amount>
JACKPOT_INLINE constexpr void copy_balance(basic_balance<Amount>& to, const basic_balance<Amount>& from) {
    unroll<balance_meters<Amount>>([&](auto at) JACKPOT_INLINE_LAMBDA {
        constexpr const auto& m = balance_meters<Amount>[at];
        if constexpr (m.amount != nullptr) {
            to.*m.amount = from.*m.amount;
        } else if constexpr (m.count != nullptr) {
            to.*m.count = from.*m.count;
        } else {
            to.*m.fraction = from.*m.fraction;
        }
    });
}

/// Calls `each(meter)` for the meters on one side of R8's identity. Those that may be negative come last, so
/// that a sum on the way is out of range only where one of R8's own sums is.
template <amount Amount, class Each>
constexpr void each_on(meter_side side, Each&& each) {
    for (const bool negative : {false, true}) {
        for (const auto& m : all_meters<Amount>) {
            if (m.side == side && m.negative == negative) {
                each(m);
            }
        }
    }
}

/// Adds up one side of R8's identity. False where the sum, or one on the way to it, is out of range.
template <amount Amount>
[[nodiscard]] constexpr bool add_side(meter_side side, const basic_meters<Amount>& meters, Amount& sum) {
    bool fits = true;
    each_on<Amount>(side, [&](const meter<Amount>& m) { fits = fits && add(sum, meters.*m.amount); });
    return fits;
}

/// Appends R8's identity in words, with `between` between its sides; `spell` names a meter.
template <amount Amount, class Text, class Spell>
void append_identity(Text& text, std::string_view between, Spell&& spell) {
    std::string_view before;
    const auto name = [&](const meter<Amount>& m) {
        text.append(before);
        text.append(spell(m));
        before = " + ";
    };
    each_on<Amount>(meter_side::left, name);
    before = between;
    each_on<Amount>(meter_side::right, name);
}

}  // namespace detail

/// `closed` is for ever: the pool takes and pays nothing any more.
enum class pool_status : std::uint8_t { active, suspended, closed };

namespace detail {
inline constexpr std::string_view pool_status_names[] = {"active", "suspended", "closed"};
}
[[nodiscard]] constexpr std::string_view to_string(pool_status s) noexcept {
    return detail::spell(s, detail::pool_status_names);
}
[[nodiscard]] constexpr std::optional<pool_status> parse_pool_status(text_view text) noexcept {
    return detail::unspell<pool_status>(text, detail::pool_status_names);
}

/// The meters of one pool, all of one moment: R8 holds among them.
template <amount Amount>
struct basic_reading : basic_meters<Amount> {
    std::uint64_t version = 0;
    std::uint64_t sequence = 0;  ///< the newest operation that changed the pool
    timestamp modified_at = 0;   ///< and its time
    pool_status status = pool_status::active;

    friend bool operator==(const basic_reading&, const basic_reading&) = default;
};

using meters = basic_meters<std::int64_t>;
using reading = basic_reading<std::int64_t>;

}}  // namespace jackpot::v1

#endif
