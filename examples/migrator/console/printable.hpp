// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_PRINTABLE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_PRINTABLE_HPP

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

// All that goes to the console or into the log comes by here: what a file, a store or a command line holds
// can neither begin a line of its own nor give the terminal a command.

namespace migrator {

/// Control characters (below U+0020, and U+007F to U+009F) as \u00XX, which JSON reads, too. What follows a
/// line break is indented, and cannot be taken for a line of ours.
[[nodiscard]] inline std::string printable(std::string_view text, std::string_view line_break = "\n      ") {
    std::string shown;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto c = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        const bool c1 = c == 0xC2 && next >= 0x80 && next <= 0x9F;
        if (c == '\n') {
            shown += line_break;
        } else if (c < 0x20 || c == 0x7F || c1) {
            c = c1 ? static_cast<unsigned char>(text[++i]) : c;
            shown += fmt::format("\\u{:04x}", c);
        } else {
            shown += text[i];
        }
    }
    return shown;
}

/// Text whose line breaks are meant.
struct lines {
    std::string_view text;
};

namespace detail {

template <class T>
[[nodiscard]] auto shown(const T& value) {
    if constexpr (std::is_same_v<T, lines>) {
        return printable(value.text, "\n");
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        return printable(value);
    } else {
        return value;
    }
}

template <class T>
using shown_t = decltype(shown(std::declval<const T&>()));

}  // namespace detail

/// fmt::print, with every text that is given made printable; the format itself is as it is.
template <class... Args>
void emit(std::FILE* to, fmt::format_string<detail::shown_t<Args>...> format, const Args&... args) {
    const auto put = [&](const auto&... safe) { fmt::vprint(to, format, fmt::make_format_args(safe...)); };
    put(detail::shown(args)...);
}
template <class... Args>
void emit(fmt::format_string<detail::shown_t<Args>...> format, const Args&... args) {
    emit(stdout, format, args...);
}

}  // namespace migrator

#endif
