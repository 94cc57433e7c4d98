// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_CONFIGURATION_HPP
#define JACKPOT_CORE_CONFIGURATION_HPP

#include <jackpot/core/error.hpp>
#include <jackpot/core/rate.hpp>
#include <jackpot/core/sort.hpp>
#include <jackpot/core/spelling.hpp>

#include <algorithm>
#include <vector>

namespace jackpot { inline namespace v1 {

/// Says whether the fraction of a minor unit that a wager leaves is kept for the next one (carry) or dropped
/// (floor).
enum class rounding : std::uint8_t { carry, floor };
/// Says whether a contribution above the cap is set aside as overflow (divert) or not taken at all (stop).
enum class on_cap : std::uint8_t { divert, stop };
/// Says what a new seed is taken from, where the reserve has too little: from the house, or first from the
/// overflow.
enum class seed_from : std::uint8_t { house, overflow };
/// Says when the configuration may change: at any time, after a win alone, or also while the pool is
/// suspended. min_wager, max_wager and games may at any time.
enum class changes : std::uint8_t { any, after_win, suspended };

namespace detail {

inline constexpr std::string_view rounding_names[] = {"carry", "floor"};
inline constexpr std::string_view on_cap_names[] = {"divert", "stop"};
inline constexpr std::string_view seed_from_names[] = {"house", "overflow"};
inline constexpr std::string_view changes_names[] = {"any", "after_win", "suspended"};

// For code that knows only the type.
constexpr const auto& words_of(rounding) noexcept {
    return rounding_names;
}
constexpr const auto& words_of(on_cap) noexcept {
    return on_cap_names;
}
constexpr const auto& words_of(seed_from) noexcept {
    return seed_from_names;
}
constexpr const auto& words_of(changes) noexcept {
    return changes_names;
}

}  // namespace detail

[[nodiscard]] constexpr std::string_view to_string(rounding r) noexcept {
    return detail::spell(r, detail::rounding_names);
}
[[nodiscard]] constexpr std::string_view to_string(on_cap c) noexcept {
    return detail::spell(c, detail::on_cap_names);
}
[[nodiscard]] constexpr std::string_view to_string(seed_from s) noexcept {
    return detail::spell(s, detail::seed_from_names);
}
[[nodiscard]] constexpr std::string_view to_string(changes c) noexcept {
    return detail::spell(c, detail::changes_names);
}
[[nodiscard]] constexpr std::optional<rounding> parse_rounding(text_view text) noexcept {
    return detail::unspell<rounding>(text, detail::rounding_names);
}
[[nodiscard]] constexpr std::optional<on_cap> parse_on_cap(text_view text) noexcept {
    return detail::unspell<on_cap>(text, detail::on_cap_names);
}
[[nodiscard]] constexpr std::optional<seed_from> parse_seed_from(text_view text) noexcept {
    return detail::unspell<seed_from>(text, detail::seed_from_names);
}
[[nodiscard]] constexpr std::optional<changes> parse_changes(text_view text) noexcept {
    return detail::unspell<changes>(text, detail::changes_names);
}

/// The most games that one pool can name (R5).
inline constexpr std::size_t games_max = 4096;

/// Without a ceiling: `.cap = no_cap` in a configuration, and in a patch, where it lifts the cap that is
/// there. The same for reserve_cap and max_wager.
struct no_cap_t {
    template <class Amount>
    constexpr operator std::optional<Amount>() const noexcept {
        return std::nullopt;
    }
};
inline constexpr no_cap_t no_cap{};

/// What a patch does to a cap, or to another limit. By itself, nothing; an amount is the new cap; `no_cap`,
/// or an optional amount without a value, lifts it. True where it does something, and then `*change` is the
/// cap from then on.
template <amount Amount>
class basic_cap_change {
public:
    constexpr basic_cap_change() = default;
    template <std::convertible_to<Amount> Number>
    requires(!std::is_floating_point_v<Number>) constexpr basic_cap_change(const Number& cap)
        : changes_(true), cap_(std::in_place, cap) {}
    template <std::floating_point Number>
    basic_cap_change(Number) = delete;  // money is whole minor units
    constexpr basic_cap_change(const std::optional<Amount>& cap) : changes_(true), cap_(cap) {}
    constexpr basic_cap_change(no_cap_t) : changes_(true) {}

    /// Makes it a change, to no cap at first, and returns the cap from then on.
    constexpr std::optional<Amount>& emplace() noexcept {
        changes_ = true;
        cap_.reset();
        return cap_;
    }
    constexpr explicit operator bool() const noexcept { return changes_; }
    [[nodiscard]] constexpr std::optional<Amount>& operator*() noexcept {
        JACKPOT_ASSERT(changes_);
        return cap_;
    }
    [[nodiscard]] constexpr const std::optional<Amount>& operator*() const noexcept { return cap_; }

    friend bool operator==(const basic_cap_change&, const basic_cap_change&) = default;

private:
    bool changes_ = false;
    std::optional<Amount> cap_{};
};

/// How a pool grows and resets. Amounts are minor units.
template <amount Amount>
struct basic_configuration {
    Amount seed{};                ///< the pool starts here, and starts here again after a win
    std::optional<Amount> cap{};  ///< the pool holds no more; above the seed; none = no limit
    jackpot::rate rate{};         ///< the share of a wager that the pool takes
    jackpot::rounding rounding = rounding::carry;
    jackpot::on_cap on_cap = on_cap::divert;
    Amount min_wager{};                   ///< smaller wagers pass the pool over
    std::vector<name> games{};            ///< the games that feed it; empty = every game; a sorted set
    jackpot::rate seed_rate{};            ///< the share of a wager that is set aside for the next seed
    std::optional<Amount> reserve_cap{};  ///< the reserve holds no more; none = no limit
    jackpot::seed_from seed_from = seed_from::house;
    std::optional<Amount> max_wager{};  ///< a larger wager is refused; none = no limit
    jackpot::changes changes = changes::any;

    friend bool operator==(const basic_configuration&, const basic_configuration&) = default;
};

/// Changes to a configuration. Fields that are absent stay as they are.
template <amount Amount>
struct basic_patch {
    std::optional<Amount> seed{};
    basic_cap_change<Amount> cap{};  ///< `no_cap` lifts it
    std::optional<jackpot::rate> rate{};
    std::optional<jackpot::rounding> rounding{};
    std::optional<jackpot::on_cap> on_cap{};
    std::optional<Amount> min_wager{};
    std::optional<std::vector<name>> games{};
    std::optional<jackpot::rate> seed_rate{};
    basic_cap_change<Amount> reserve_cap{};
    std::optional<jackpot::seed_from> seed_from{};
    basic_cap_change<Amount> max_wager{};
    std::optional<jackpot::changes> changes{};

    [[nodiscard]] bool empty() const noexcept;
    friend bool operator==(const basic_patch&, const basic_patch&) = default;
};

/// An entry of the list of settings: a field of configurations, and the field of patches that changes it.
template <class T, amount Amount>
struct setting {
    std::string_view name;
    std::string_view column;  ///< in SQL; that of games is in a table of its own
    errc invalid;             ///< the error for a value that no pool can have
    T basic_configuration<Amount>::*in_force;
    std::conditional_t<std::is_same_v<T, std::optional<Amount>>, basic_cap_change<Amount>, std::optional<T>>
        basic_patch<Amount>::*change;
    bool later = false;  ///< stores of the first schema lack it: texts leave its default out
    bool open = false;   ///< it may change now whatever `changes` says
};

/// Calls `each(setting)` for every setting, in the order in which they are checked, kept and shown.
/// All code that checks, keeps, shows or compares settings goes through this list; only the rules name them.
template <amount Amount, class Each>
constexpr void each_setting(Each&& each) {
    using c = basic_configuration<Amount>;
    using p = basic_patch<Amount>;
    each(setting<Amount, Amount>{"seed", "seed_amount", errc::invalid_seed, &c::seed, &p::seed});
    each(setting<std::optional<Amount>, Amount>{"cap", "max_amount", errc::invalid_cap, &c::cap, &p::cap});
    each(setting<rate, Amount>{"rate", "contribution_rate", errc::invalid_rate, &c::rate, &p::rate});
    each(setting<rounding, Amount>{"rounding", "rounding", errc::invalid_rounding, &c::rounding,
                                   &p::rounding});
    each(setting<on_cap, Amount>{"on_cap", "on_cap", errc::invalid_on_cap, &c::on_cap, &p::on_cap});
    each(setting<Amount, Amount>{"min_wager", "min_wager", errc::invalid_min_wager, &c::min_wager,
                                 &p::min_wager, false, true});
    each(setting<std::vector<name>, Amount>{"games", "game", errc::invalid_game, &c::games, &p::games, false,
                                            true});
    each(setting<rate, Amount>{"seed_rate", "seed_rate", errc::invalid_seed_rate, &c::seed_rate,
                               &p::seed_rate, true});
    each(setting<std::optional<Amount>, Amount>{"reserve_cap", "reserve_cap", errc::invalid_reserve_cap,
                                                &c::reserve_cap, &p::reserve_cap, true});
    each(setting<seed_from, Amount>{"seed_from", "seed_from", errc::invalid_seed_from, &c::seed_from,
                                    &p::seed_from, true});
    each(setting<std::optional<Amount>, Amount>{"max_wager", "max_wager", errc::invalid_max_wager,
                                                &c::max_wager, &p::max_wager, true, true});
    each(setting<changes, Amount>{"changes", "changes", errc::invalid_changes, &c::changes, &p::changes,
                                  true});
}

/// The number of settings. Code that must name each of them asserts it, and so learns of a new one.
template <amount Amount>
inline constexpr std::size_t setting_count = [] {
    std::size_t count = 0;
    each_setting<Amount>([&](const auto&) { ++count; });
    return count;
}();

template <amount Amount>
bool basic_patch<Amount>::empty() const noexcept {
    bool none = true;
    each_setting<Amount>([&](const auto& s) { none = none && !(this->*s.change); });
    return none;
}

using configuration = basic_configuration<std::int64_t>;
using patch = basic_patch<std::int64_t>;
using cap_change = basic_cap_change<std::int64_t>;

/// Does a wager in this game feed a pool of this configuration?
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE bool feeds(const basic_configuration<Amount>& c, text_view game) noexcept {
    return c.games.empty() || std::binary_search(c.games.begin(), c.games.end(), std::string_view(game));
}

namespace detail {

/// Makes a list a set (R9): sorted, each name once.
inline void make_set(std::vector<name>& names) {
    sort(names.data(), names.size(), by_value());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// Replaces the fields of `target`, a configuration or a patch, by those that `patch` names.
template <class Target, amount Amount>
void overlay(Target& target, const basic_patch<Amount>& patch) {
    each_setting<Amount>([&](const auto& s) {
        if (const auto& change = patch.*s.change) {
            if constexpr (std::is_same_v<Target, basic_patch<Amount>>) {
                target.*s.change = *change;
            } else {
                target.*s.in_force = *change;
            }
        }
    });
}

/// The patch that names every field.
template <amount Amount>
[[nodiscard]] basic_patch<Amount> patch_of(const basic_configuration<Amount>& c) {
    basic_patch<Amount> p;
    each_setting<Amount>([&](const auto& s) { p.*s.change = c.*s.in_force; });
    return p;
}

}  // namespace detail
}}  // namespace jackpot::v1

#endif
