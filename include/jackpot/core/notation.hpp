// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_NOTATION_HPP
#define JACKPOT_CORE_NOTATION_HPP

#include <jackpot/core/pool.hpp>

#include <string>

// Writes configurations, patches and whole states as text, for stores to keep. A line holds one field: its
// name, a space, its value. No value can hold a line break (R1), so nothing is ever escaped, and a person can
// read the text. Reading is strict: any text that `write` would not write is refused.

namespace jackpot { inline namespace v1 { namespace notation {

namespace detail {

using jackpot::detail::spell;

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

/// Reads one line of a patch. False where the field is unknown, or the value is none of that field.
template <amount Amount>
[[nodiscard]] bool read_field(std::string_view field, std::string_view value, basic_patch<Amount>& p) {
    bool known = false;
    bool read = false;
    each_setting<Amount>([&](const auto& s) {
        if (field == s.name) {
            known = true;
            read = read_value(value, (p.*s.change).emplace());
        }
    });
    if (known) {
        return read;
    }
    if (field != "game" || !p.games || !read_name(value, p.games->emplace_back())) {
        return false;
    }
    const std::size_t count = p.games->size();
    return count < 2 || (*p.games)[count - 2] < (*p.games)[count - 1];
}

/// Appends one line, and one for each game.
template <class T>
void write_value(std::string& out, std::string_view prefix, std::string_view field, const T& value) {
    if constexpr (std::is_enum_v<T>) {
        line(out, prefix, field, to_string(value));
    } else if constexpr (std::is_same_v<T, rate>) {
        line(out, prefix, field, to_text(value));
    } else if constexpr (std::is_same_v<T, std::vector<name>>) {
        line(out, prefix, field, "listed");
        for (const name& game : value) {
            line(out, prefix, "game", game);
        }
    } else if constexpr (amount<T>) {
        line_amount(out, prefix, field, value);
    } else if (value) {
        line_amount(out, prefix, field, *value);
    } else {
        line(out, prefix, field, "none");
    }
}

}  // namespace detail

/// Appends the fields that the patch names, each with `prefix` before its name.
template <amount Amount>
void write(std::string& out, const basic_patch<Amount>& p, std::string_view prefix = {}) {
    each_setting<Amount>([&](const auto& s) {
        if (const auto& change = p.*s.change) {
            detail::write_value(out, prefix, s.name, *change);
        }
    });
}

/// A configuration is written as the patch that names every field.
template <amount Amount>
void write(std::string& out, const basic_configuration<Amount>& c, std::string_view prefix = {}) {
    each_setting<Amount>([&](const auto& s) { detail::write_value(out, prefix, s.name, c.*s.in_force); });
}

template <amount Amount>
void write(std::string& out, const basic_pool<Amount>& p) {
    const auto number = [&](std::string_view field, std::uint64_t value) {
        detail::line(out, {}, field, detail::digits(value));
    };
    const auto meter = [&](std::string_view field, const Amount& value) {
        detail::line_amount(out, {}, field, value);
    };
    detail::line(out, {}, "pool", p.pool);
    detail::line(out, {}, "status", to_string(p.status));
    write(out, *p.configuration);
    if (p.pending) {
        write(out, p.pending->patch, "pending.");
    }
    for (const auto& m : all_meters<Amount>) {
        m.amount != nullptr  ? meter(m.name, p.*m.amount)
        : m.count != nullptr ? number(m.name, p.*m.count)
                             : number(m.name, p.*m.fraction);
    }
    if (p.last_win) {
        meter("last_win.amount", p.last_win->amount);
        detail::line(out, {}, "last_win.game", p.last_win->game);
        detail::line(out, {}, "last_win.player", p.last_win->player);
        number("last_win.at", static_cast<std::uint64_t>(p.last_win->at));
    }
    number("version", p.version);
    number("sequence", p.sequence);
    number("opened_at", static_cast<std::uint64_t>(p.opened_at));
    number("modified_at", static_cast<std::uint64_t>(p.modified_at));
}

namespace detail {

/// True where the text is exactly what `write` makes of the value: so nothing is missing, repeated or out of
/// order.
template <class Value>
[[nodiscard]] bool wrote(const Value& value, std::string_view text) {
    std::string written;
    write(written, value);
    return written == text;
}

}  // namespace detail

template <amount Amount>
[[nodiscard]] std::optional<basic_patch<Amount>> read_patch(text_view text) {
    basic_patch<Amount> p;
    const auto field = [&](std::string_view f, std::string_view v) { return detail::read_field(f, v, p); };
    if (!detail::each_line(text, field) || !detail::wrote(p, text)) {
        return std::nullopt;
    }
    return p;
}

/// Turns a patch that names every field into a configuration; none where a field is missing.
template <amount Amount>
[[nodiscard]] std::optional<basic_configuration<Amount>> to_configuration(basic_patch<Amount> p) {
    bool whole = true;
    each_setting<Amount>([&](const auto& s) { whole = whole && p.*s.change; });
    if (!whole) {
        return std::nullopt;
    }
    basic_configuration<Amount> c;
    jackpot::detail::overlay(c, p);
    return c;
}

/// Makes the record of a pending patch, over the configuration in force.
template <amount Amount>
[[nodiscard]] std::shared_ptr<const basic_pending<Amount>> make_pending(
    basic_patch<Amount> patch, const basic_configuration<Amount>& in_force) {
    auto pending = std::make_shared<basic_pending<Amount>>();
    pending->configuration = in_force;
    jackpot::detail::overlay(pending->configuration, patch);
    pending->patch = std::move(patch);
    return pending;
}

template <amount Amount>
[[nodiscard]] std::optional<basic_pool<Amount>> read_pool(text_view text) {
    basic_pool<Amount> p;
    basic_patch<Amount> in_force;
    basic_patch<Amount> pending;
    const auto last_win = [&]() -> basic_last_win<Amount>& {
        return p.last_win ? *p.last_win : p.last_win.emplace();
    };
    const auto field = [&](std::string_view f, std::string_view v) {
        if (f.starts_with("pending.")) {
            return detail::read_field(f.substr(8), v, pending);
        }
        for (const auto& m : all_meters<Amount>) {
            if (f == m.name) {
                return m.amount != nullptr  ? detail::read_amount(v, p.*m.amount)
                       : m.count != nullptr ? detail::read_digits(v, p.*m.count)
                                            : detail::read_digits(v, p.*m.fraction);
            }
        }
        return f == "pool"              ? detail::read_name(v, p.pool)
               : f == "status"          ? detail::take(parse_pool_status(v), p.status)
               : f == "last_win.amount" ? detail::read_amount(v, last_win().amount)
               : f == "last_win.game"   ? detail::read_name(v, last_win().game)
               : f == "last_win.player" ? detail::read_name(v, last_win().player)
               : f == "last_win.at"     ? detail::read_digits(v, last_win().at)
               : f == "version"         ? detail::read_digits(v, p.version)
               : f == "sequence"        ? detail::read_digits(v, p.sequence)
               : f == "opened_at"       ? detail::read_digits(v, p.opened_at)
               : f == "modified_at"     ? detail::read_digits(v, p.modified_at)
                                        : detail::read_field(f, v, in_force);
    };
    if (!detail::each_line(text, field) || p.pool.empty()) {
        return std::nullopt;
    }
    auto c = to_configuration(std::move(in_force));
    if (!c) {
        return std::nullopt;
    }
    if (!pending.empty()) {
        p.pending = make_pending(std::move(pending), *c);
    }
    p.configuration = std::make_shared<const basic_configuration<Amount>>(std::move(*c));
    if (!detail::wrote(p, text)) {
        return std::nullopt;
    }
    return p;
}

JACKPOT_INSTANCE(void write(std::string&, const basic_patch<std::int64_t>&, std::string_view));
JACKPOT_INSTANCE(void write(std::string&, const basic_configuration<std::int64_t>&, std::string_view));
JACKPOT_INSTANCE(void write(std::string&, const basic_pool<std::int64_t>&));
JACKPOT_INSTANCE(std::optional<basic_patch<std::int64_t>> read_patch<std::int64_t>(text_view));
JACKPOT_INSTANCE(
    std::optional<basic_configuration<std::int64_t>> to_configuration(basic_patch<std::int64_t>));
JACKPOT_INSTANCE(std::shared_ptr<const basic_pending<std::int64_t>> make_pending(
    basic_patch<std::int64_t>, const basic_configuration<std::int64_t>&));
JACKPOT_INSTANCE(std::optional<basic_pool<std::int64_t>> read_pool<std::int64_t>(text_view));

}}}  // namespace jackpot::v1::notation

#endif
