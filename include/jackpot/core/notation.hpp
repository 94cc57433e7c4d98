// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_NOTATION_HPP
#define JACKPOT_CORE_NOTATION_HPP

#include <jackpot/core/lines.hpp>

// Writes configurations, patches and whole states as text, for stores to keep. A line holds one field: its
// name, a space, its value. No value can hold a line break (R1), so nothing is ever escaped, and a person can
// read the text. Reading is strict: any text that `write` would not write is refused. What came after the
// first schema is left out where it has its default, so that the first schema's texts are read as they are.

namespace jackpot { inline namespace v1 { namespace notation {

namespace detail {

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

/// A configuration is written as the patch that names every field, but for later ones at their defaults.
template <amount Amount>
void write(std::string& out, const basic_configuration<Amount>& c, std::string_view prefix = {}) {
    const basic_configuration<Amount> defaults;
    each_setting<Amount>([&](const auto& s) {
        if (!s.later || !(c.*s.in_force == defaults.*s.in_force)) {
            detail::write_value(out, prefix, s.name, c.*s.in_force);
        }
    });
}

/// Open holds, one after the other.
template <amount Amount>
void write(std::string& out, const basic_holds<Amount>& holds) {
    const auto number = [&](std::string_view field, std::uint64_t value) {
        detail::line(out, "hold.", field, detail::digits(value));
    };
    for (const auto& h : holds) {
        detail::line(out, "hold.", "name", h.hold);
        detail::line_amount(out, "hold.", "amount", h.amount);
        detail::line(out, "hold.", "game", h.game);
        detail::line(out, "hold.", "player", h.player);
        if (h.round) {
            detail::line(out, "hold.", "round", *h.round);
        }
        if (h.site) {
            detail::line(out, "hold.", "site", *h.site);
        }
        number("at", static_cast<std::uint64_t>(h.at));
        number("sequence", h.sequence);
        detail::line_amount(out, "hold.", "from_house", h.from_house);
        detail::line_amount(out, "hold.", "from_reserve", h.from_reserve);
        detail::line_amount(out, "hold.", "seeded_paid", h.seeded_paid);
    }
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
        const bool none = m.amount != nullptr  ? p.*m.amount == 0
                          : m.count != nullptr ? p.*m.count == 0
                                               : p.*m.fraction == 0;
        if (m.later && none) {
            continue;
        }
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
    write(out, p.holds);
    number("version", p.version);
    number("sequence", p.sequence);
    if (p.reset_sequence != 0) {
        number("reset_sequence", p.reset_sequence);
    }
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

/// Turns a patch that names every field into a configuration; none where a field is missing that has no
/// default.
template <amount Amount>
[[nodiscard]] std::optional<basic_configuration<Amount>> to_configuration(basic_patch<Amount> p) {
    bool whole = true;
    each_setting<Amount>([&](const auto& s) { whole = whole && (s.later || p.*s.change); });
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

namespace detail {

/// Reads one line of a hold, whose first line is its name. False as for read_field.
template <amount Amount>
[[nodiscard]] bool read_hold_field(std::string_view field, std::string_view value,
                                   std::vector<basic_hold<Amount>>& holds) {
    if (field == "name") {
        return read_name(value, holds.emplace_back().hold);
    }
    if (holds.empty()) {
        return false;
    }
    auto& h = holds.back();
    return field == "amount"         ? read_amount(value, h.amount)
           : field == "game"         ? read_name(value, h.game)
           : field == "player"       ? read_name(value, h.player)
           : field == "round"        ? read_name(value, h.round.emplace())
           : field == "site"         ? read_name(value, h.site.emplace())
           : field == "at"           ? read_digits(value, h.at)
           : field == "sequence"     ? read_digits(value, h.sequence)
           : field == "from_house"   ? read_amount(value, h.from_house)
           : field == "from_reserve" ? read_amount(value, h.from_reserve)
                                     : field == "seeded_paid" && read_amount(value, h.seeded_paid);
}

}  // namespace detail

template <amount Amount>
[[nodiscard]] std::optional<basic_holds<Amount>> read_holds(text_view text) {
    std::vector<basic_hold<Amount>> list;
    const auto field = [&](std::string_view f, std::string_view v) {
        return f.starts_with("hold.") && detail::read_hold_field(f.substr(5), v, list);
    };
    if (!detail::each_line(text, field)) {
        return std::nullopt;
    }
    basic_holds<Amount> holds(list);
    return detail::wrote(holds, text) ? std::optional(holds) : std::nullopt;
}

template <amount Amount>
[[nodiscard]] std::optional<basic_pool<Amount>> read_pool(text_view text) {
    basic_pool<Amount> p;
    std::vector<basic_hold<Amount>> holds;
    basic_patch<Amount> in_force;
    basic_patch<Amount> pending;
    const auto last_win = [&]() -> basic_last_win<Amount>& {
        return p.last_win ? *p.last_win : p.last_win.emplace();
    };
    const auto field = [&](std::string_view f, std::string_view v) {
        if (f.starts_with("pending.")) {
            return detail::read_field(f.substr(8), v, pending);
        }
        if (f.starts_with("hold.")) {
            return detail::read_hold_field(f.substr(5), v, holds);
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
               : f == "reset_sequence"  ? detail::read_digits(v, p.reset_sequence)
               : f == "opened_at"       ? detail::read_digits(v, p.opened_at)
               : f == "modified_at"     ? detail::read_digits(v, p.modified_at)
                                        : detail::read_field(f, v, in_force);
    };
    if (!detail::each_line(text, field) || p.pool.empty()) {
        return std::nullopt;
    }
    p.holds = basic_holds<Amount>(holds);
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
JACKPOT_INSTANCE(void write(std::string&, const basic_holds<std::int64_t>&));
JACKPOT_INSTANCE(void write(std::string&, const basic_pool<std::int64_t>&));
JACKPOT_INSTANCE(std::optional<basic_patch<std::int64_t>> read_patch<std::int64_t>(text_view));
JACKPOT_INSTANCE(
    std::optional<basic_configuration<std::int64_t>> to_configuration(basic_patch<std::int64_t>));
JACKPOT_INSTANCE(std::shared_ptr<const basic_pending<std::int64_t>> make_pending(
    basic_patch<std::int64_t>, const basic_configuration<std::int64_t>&));
JACKPOT_INSTANCE(std::optional<basic_holds<std::int64_t>> read_holds<std::int64_t>(text_view));
JACKPOT_INSTANCE(std::optional<basic_pool<std::int64_t>> read_pool<std::int64_t>(text_view));

}}}  // namespace jackpot::v1::notation

#endif
