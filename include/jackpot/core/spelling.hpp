// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_SPELLING_HPP
#define JACKPOT_CORE_SPELLING_HPP

#include <cstddef>
#include <optional>
#include <string_view>

namespace jackpot { inline namespace v1 { namespace detail {

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

}}}  // namespace jackpot::v1::detail

#endif
