// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_PRINTABLE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_PRINTABLE_HPP

#include <jackpot/core/text.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

// All that goes to the console or into the log comes by here: what a file, a store or a command line holds
// can neither begin a line of its own nor give the terminal a command.

namespace migrator {

/// What the library's own errors escape, as they do: controls and what turns or hides text as \uXXXX, which
/// JSON reads, too, and bytes that are no UTF-8 as \xXX. What follows a line break is indented, and cannot be
/// taken for a line of ours.
[[nodiscard]] inline std::string printable(std::string_view text, std::string_view line_break = "\n      ") {
    std::string shown;
    for (;;) {
        const std::size_t end = text.find('\n');
        jackpot::detail::each_printable(text.substr(0, end), [&](std::string_view piece) { shown += piece; });
        if (end == std::string_view::npos) {
            return shown;
        }
        shown += line_break;
        text.remove_prefix(end + 1);
    }
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
