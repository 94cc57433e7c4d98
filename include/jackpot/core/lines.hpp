// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_LINES_HPP
#define JACKPOT_CORE_LINES_HPP

#include <jackpot/core/pool.hpp>

#include <string>

// What notation.hpp is made of: lines, and the values on them.

namespace jackpot { inline namespace v1 { namespace notation { namespace detail {

inline void line(std::string& out, std::string_view prefix, std::string_view field, std::string_view value) {
    out.append(prefix).append(field).append(" ").append(value).append("\n");
}

template <amount Amount>
void line_amount(std::string& out, std::string_view prefix, std::string_view field, const Amount& value) {
    line(out, prefix, field, amount_traits<Amount>::to_text(value));
}

inline basic_text<24> digits(std::uint64_t value) noexcept {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return std::string_view(buffer, static_cast<std::size_t>(end - buffer));
}

template <class Integer>
[[nodiscard]] bool read_digits(std::string_view text, Integer& value) noexcept {
    const auto end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, value);
    return failed == std::errc{} && stop == end;
}

template <amount Amount>
[[nodiscard]] bool read_amount(std::string_view text, Amount& value) {
    const auto parsed = amount_traits<Amount>::from_text(text);
    if (parsed) {
        value = *parsed;
    }
    return parsed.has_value();
}

/// Takes `parse`'s value where there is one.
template <class T>
[[nodiscard]] bool take(const std::optional<T>& parsed, T& value) {
    if (parsed) {
        value = *parsed;
    }
    return parsed.has_value();
}

/// Reads a value of any type that a setting or a state has.
template <amount Amount>
[[nodiscard]] bool read_value(std::string_view text, Amount& value) {
    return read_amount(text, value);
}
template <amount Amount>
[[nodiscard]] bool read_value(std::string_view text, std::optional<Amount>& value) {
    value.reset();
    return text == "none" || read_amount(text, value.emplace());
}
[[nodiscard]] inline bool read_value(std::string_view text, rate& value) {
    return take(rate::parse(text), value);
}
template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] bool read_value(std::string_view text, Enum& value) {
    return take(jackpot::detail::unspell<Enum>(text, jackpot::detail::words_of(value)), value);
}
/// A list, whose items have lines of their own.
[[nodiscard]] inline bool read_value(std::string_view text, std::vector<name>& value) {
    value.clear();
    return text == "listed";
}

[[nodiscard]] inline bool read_name(std::string_view text, name& value) noexcept {
    value = text;
    return is_valid(value);
}

/// Calls `field(name, value)` for each line; false where a line is malformed or `field` says so.
template <class Field>
[[nodiscard]] bool each_line(std::string_view text, Field&& field) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t space = text.find(' ');
        if (end == std::string_view::npos || space >= end) {
            return false;
        }
        if (!field(text.substr(0, space), text.substr(space + 1, end - space - 1))) {
            return false;
        }
        text.remove_prefix(end + 1);
    }
    return true;
}

}}}}  // namespace jackpot::v1::notation::detail

#endif
