// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_NOTATION_HPP
#define JACKPOT_CORE_NOTATION_HPP

#include <jackpot/core/operation.hpp>

#include <string>

// Configurations, patches and whole states as text, for stores to keep. One field a line: its name, a
// space, its value. No value can hold a line break (R1), so nothing is ever escaped, and a person can
// read it. Reading is strict: what was not written by `write` is refused.

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

/// One line of a patch; false where the field is unknown or the value is not one of its.
template <amount Amount>
[[nodiscard]] bool read_field(std::string_view field, std::string_view value, basic_patch<Amount>& p) {
    if (field == "seed") {
        return read_amount(value, p.seed.emplace());
    }
    if (field == "cap") {
        auto& cap = p.cap.emplace();
        return value == "none" || read_amount(value, cap.emplace());
    }
    if (field == "rate") {
        return take(rate::parse(value), p.rate.emplace());
    }
    if (field == "rounding") {
        return take(parse_rounding(value), p.rounding.emplace());
    }
    if (field == "on_cap") {
        return take(parse_on_cap(value), p.on_cap.emplace());
    }
    if (field == "min_wager") {
        return read_amount(value, p.min_wager.emplace());
    }
    if (field == "games") {
        p.games.emplace();
        return value == "listed";
    }
    if (field != "game" || !p.games || !read_name(value, p.games->emplace_back())) {
        return false;
    }
    const std::size_t count = p.games->size();
    return count < 2 || (*p.games)[count - 2] < (*p.games)[count - 1];
}

}  // namespace detail

/// Appends the fields that the patch names, each with `prefix` before its name.
template <amount Amount>
void write(std::string& out, const basic_patch<Amount>& p, std::string_view prefix = {}) {
    if (p.seed) {
        detail::line_amount(out, prefix, "seed", *p.seed);
    }
    if (p.cap && *p.cap) {
        detail::line_amount(out, prefix, "cap", **p.cap);
    } else if (p.cap) {
        detail::line(out, prefix, "cap", "none");
    }
    if (p.rate) {
        detail::line(out, prefix, "rate", to_text(*p.rate));
    }
    if (p.rounding) {
        detail::line(out, prefix, "rounding", to_string(*p.rounding));
    }
    if (p.on_cap) {
        detail::line(out, prefix, "on_cap", to_string(*p.on_cap));
    }
    if (p.min_wager) {
        detail::line_amount(out, prefix, "min_wager", *p.min_wager);
    }
    if (p.games) {
        detail::line(out, prefix, "games", "listed");
        for (const name& game : *p.games) {
            detail::line(out, prefix, "game", game);
        }
    }
}

/// A configuration is written as the patch that names every field.
template <amount Amount>
void write(std::string& out, const basic_configuration<Amount>& c, std::string_view prefix = {}) {
    write(out, basic_patch<Amount>{c.seed, c.cap, c.rate, c.rounding, c.on_cap, c.min_wager, c.games},
          prefix);
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
    meter("current", p.current);
    meter("overflow", p.overflow);
    number("carry", p.carry);
    meter("funded", p.funded);
    meter("adjusted", p.adjusted);
    meter("total_wagered", p.total_wagered);
    meter("total_contributions", p.total_contributions);
    meter("total_wins", p.total_wins);
    number("win_count", p.win_count);
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

/// Is that the very text that `write` makes of the value? So nothing is missing, repeated or out of order.
template <class Value>
[[nodiscard]] bool wrote(const Value& value, std::string_view text) {
    std::string written;
    write(written, value);
    return written == text;
}

}  // namespace detail

template <amount Amount>
[[nodiscard]] std::optional<basic_patch<Amount>> read_patch(std::string_view text) {
    basic_patch<Amount> p;
    const auto field = [&](std::string_view f, std::string_view v) { return detail::read_field(f, v, p); };
    if (!detail::each_line(text, field) || !detail::wrote(p, text)) {
        return std::nullopt;
    }
    return p;
}

/// A patch that names every field, as a configuration; none where one is missing.
template <amount Amount>
[[nodiscard]] std::optional<basic_configuration<Amount>> to_configuration(basic_patch<Amount> p) {
    if (!p.seed || !p.cap || !p.rate || !p.rounding || !p.on_cap || !p.min_wager || !p.games) {
        return std::nullopt;
    }
    basic_configuration<Amount> c;
    jackpot::detail::overlay(c, p);
    return c;
}

/// The record of a patch that waits, over the configuration in force.
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
[[nodiscard]] std::optional<basic_pool<Amount>> read_pool(std::string_view text) {
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
        return f == "pool"                  ? detail::read_name(v, p.pool)
               : f == "status"              ? detail::take(parse_pool_status(v), p.status)
               : f == "current"             ? detail::read_amount(v, p.current)
               : f == "overflow"            ? detail::read_amount(v, p.overflow)
               : f == "carry"               ? detail::read_digits(v, p.carry)
               : f == "funded"              ? detail::read_amount(v, p.funded)
               : f == "adjusted"            ? detail::read_amount(v, p.adjusted)
               : f == "total_wagered"       ? detail::read_amount(v, p.total_wagered)
               : f == "total_contributions" ? detail::read_amount(v, p.total_contributions)
               : f == "total_wins"          ? detail::read_amount(v, p.total_wins)
               : f == "win_count"           ? detail::read_digits(v, p.win_count)
               : f == "last_win.amount"     ? detail::read_amount(v, last_win().amount)
               : f == "last_win.game"       ? detail::read_name(v, last_win().game)
               : f == "last_win.player"     ? detail::read_name(v, last_win().player)
               : f == "last_win.at"         ? detail::read_digits(v, last_win().at)
               : f == "version"             ? detail::read_digits(v, p.version)
               : f == "sequence"            ? detail::read_digits(v, p.sequence)
               : f == "opened_at"           ? detail::read_digits(v, p.opened_at)
               : f == "modified_at"         ? detail::read_digits(v, p.modified_at)
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

}}}  // namespace jackpot::v1::notation

#endif
