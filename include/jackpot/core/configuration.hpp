// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_CONFIGURATION_HPP
#define JACKPOT_CORE_CONFIGURATION_HPP

#include <jackpot/core/rate.hpp>

#include <algorithm>
#include <vector>

namespace jackpot { inline namespace v1 {

/// What becomes of the fraction of a minor unit that a wager leaves: kept for the next one, or dropped.
enum class rounding : std::uint8_t { carry, floor };
/// What becomes of a contribution above the cap: set aside as overflow, or not taken at all.
enum class on_cap : std::uint8_t { divert, stop };

namespace detail {

/// How an enumeration's values are spelled, in the order of its enumerators; `unknown` for any other.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view spell(Enum value, const std::string_view (&names)[N]) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? names[index] : std::string_view("unknown");
}
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::optional<Enum> unspell(std::string_view text,
                                                    const std::string_view (&names)[N]) noexcept {
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == text) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

inline constexpr std::string_view rounding_names[] = {"carry", "floor"};
inline constexpr std::string_view on_cap_names[] = {"divert", "stop"};

}  // namespace detail

[[nodiscard]] constexpr std::string_view to_string(rounding r) noexcept {
    return detail::spell(r, detail::rounding_names);
}
[[nodiscard]] constexpr std::string_view to_string(on_cap c) noexcept {
    return detail::spell(c, detail::on_cap_names);
}
[[nodiscard]] constexpr std::optional<rounding> parse_rounding(std::string_view text) noexcept {
    return detail::unspell<rounding>(text, detail::rounding_names);
}
[[nodiscard]] constexpr std::optional<on_cap> parse_on_cap(std::string_view text) noexcept {
    return detail::unspell<on_cap>(text, detail::on_cap_names);
}

/// The most games that one pool can name (R5).
inline constexpr std::size_t games_max = 4096;

/// How a pool grows and resets. Amounts are minor units.
template <amount Amount>
struct basic_configuration {
    Amount seed{};                ///< what the pool starts at, and starts again at after a win
    std::optional<Amount> cap{};  ///< the most it can hold; above the seed; none = no ceiling
    jackpot::rate rate{};         ///< the share of a wager that it takes
    jackpot::rounding rounding = rounding::carry;
    jackpot::on_cap on_cap = on_cap::divert;
    Amount min_wager{};         ///< wagers below this pass the pool over
    std::vector<name> games{};  ///< which games feed it; empty = every game; a set, kept sorted

    friend bool operator==(const basic_configuration&, const basic_configuration&) = default;
};

/// Changes to a configuration: the fields that are present, and no others.
template <amount Amount>
struct basic_patch {
    std::optional<Amount> seed{};
    std::optional<std::optional<Amount>>
        cap{};  ///< to lift the cap: `std::optional<Amount>()`, not `std::nullopt`
    std::optional<jackpot::rate> rate{};
    std::optional<jackpot::rounding> rounding{};
    std::optional<jackpot::on_cap> on_cap{};
    std::optional<Amount> min_wager{};
    std::optional<std::vector<name>> games{};

    [[nodiscard]] bool empty() const noexcept {
        return !seed && !cap && !rate && !rounding && !on_cap && !min_wager && !games;
    }
    friend bool operator==(const basic_patch&, const basic_patch&) = default;
};

using configuration = basic_configuration<std::int64_t>;
using patch = basic_patch<std::int64_t>;

/// Does a wager in this game feed a pool of this configuration?
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE bool feeds(const basic_configuration<Amount>& c,
                                        std::string_view game) noexcept {
    return c.games.empty() || std::binary_search(c.games.begin(), c.games.end(), game);
}

namespace detail {

/// Lists are sets (R9): sorted, each once.
inline void make_set(std::vector<name>& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// Fields that `patch` names replace those of `target`, which is a configuration or a patch itself.
template <class Target, amount Amount>
void overlay(Target& target, const basic_patch<Amount>& patch) {
    const auto replace = [](auto& field, const auto& change) {
        if (change) {
            field = *change;
        }
    };
    replace(target.seed, patch.seed);
    replace(target.cap, patch.cap);
    replace(target.rate, patch.rate);
    replace(target.rounding, patch.rounding);
    replace(target.on_cap, patch.on_cap);
    replace(target.min_wager, patch.min_wager);
    replace(target.games, patch.games);
}

}  // namespace detail
}}  // namespace jackpot::v1

#endif
