// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_PRINTABLE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_PRINTABLE_HPP

#include <jackpot/core/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
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

/// The terminal shows no other characters than those of ASCII (`--ascii`, or a locale without UTF-8).
inline bool ascii_alone = false;

/// The text in ASCII: our signs as words, other characters as JSON escapes them.
[[nodiscard]] inline std::string in_ascii(std::string_view text) {
    constexpr std::pair<std::string_view, std::string_view> signs[] = {
        {"✅", "[ok]"},  {"❌", "[failed]"}, {"⚠️", "[warning]"},
        {"🎰 ", ""},     {"📊 ", ""},        {"🎉 ", ""},
        {"🔍 ", ""},     {"💾 ", ""},        {"…", "..."},
        {"☐", "[open]"}};
    std::string ascii;
    while (!text.empty()) {
        const auto* sign = std::find_if(std::begin(signs), std::end(signs),
                                        [&](const auto& s) { return text.starts_with(s.first); });
        if (sign != std::end(signs)) {
            ascii += sign->second;
            text.remove_prefix(sign->first.size());
            continue;
        }
        const auto first = static_cast<unsigned char>(text.front());
        // What came here is UTF-8: its first byte tells how many it takes.
        const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        std::uint32_t code = size == 1 ? first : first & (0xffU >> (size + 1));
        for (const char c : text.substr(1, size - 1)) {
            code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
        }
        if (size == 1) {
            ascii += text.front();
        } else if (code < 0x10000) {
            ascii += fmt::format("\\u{:04x}", code);
        } else {
            ascii += fmt::format("\\u{:04x}\\u{:04x}", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
        }
        text.remove_prefix((std::min)(size, text.size()));
    }
    return ascii;
}

/// fmt::print, with every text that is given made printable; the format itself is as it is.
template <class... Args>
void emit(std::FILE* to, fmt::format_string<detail::shown_t<Args>...> format, const Args&... args) {
    const auto put = [&](const auto&... safe) {
        const auto text = fmt::vformat(format, fmt::make_format_args(safe...));
        const auto shown = ascii_alone ? in_ascii(text) : text;
        if (std::fwrite(shown.data(), 1, shown.size(), to) != shown.size()) {
            throw std::system_error(errno, std::generic_category(), "cannot write");
        }
    };
    put(detail::shown(args)...);
}
template <class... Args>
void emit(fmt::format_string<detail::shown_t<Args>...> format, const Args&... args) {
    emit(stdout, format, args...);
}

}  // namespace migrator

#endif
