// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_REPLAY_RECEIPTS_HPP
#define JACKPOT_EXAMPLES_REPLAY_RECEIPTS_HPP

#include <jackpot/core/receipt.hpp>
#include <jackpot/core/statistics.hpp>

#include <nlohmann/json.hpp>

namespace replay {

using json = nlohmann::ordered_json;

template <std::size_t Capacity>
json to_json(const jackpot::basic_text<Capacity>& text) {
    return std::string(text.view());
}

/// An integer; or a text, for one that 64 signed bits do not hold.
template <jackpot::amount Amount>
json to_json(const Amount& amount) {
    const auto text = jackpot::amount_traits<Amount>::to_text(amount);
    std::int64_t number = 0;
    const auto end = text.view().data() + text.view().size();
    const bool fits = std::from_chars(text.view().data(), end, number).ec == std::errc();
    return fits ? json(number) : to_json(text);
}

inline json to_json(const std::vector<jackpot::name>& names) {
    json list = json::array();
    for (const auto& name : names) {
        list.push_back(to_json(name));
    }
    return list;
}

template <jackpot::amount Amount>
json to_json(const std::optional<Amount>& amount) {
    return amount ? to_json(*amount) : json();
}
inline json to_json(const jackpot::rate& rate) {
    return to_json(to_text(rate));
}
template <class Enum>
requires std::is_enum_v<Enum> json to_json(Enum word) {
    return std::string(to_string(word));
}

/// Adds the fields that the patch names.
template <jackpot::amount Amount>
void add_fields(json& to, const jackpot::basic_patch<Amount>& p) {
    jackpot::each_setting<Amount>([&](const auto& s) {
        if (const auto& change = p.*s.change) {
            to[std::string(s.name)] = to_json(*change);
        }
    });
}

/// Adds the meters; those of many pools have no fractions.
template <jackpot::amount Amount>
void add_meters(json& to, const jackpot::basic_meters<Amount>& meters, bool fractions) {
    for (const auto& m : jackpot::all_meters<Amount>) {
        const std::string name(m.name);
        if (m.amount != nullptr) {
            to[name] = to_json(meters.*m.amount);
        } else if (m.count != nullptr) {
            to[name] = meters.*m.count;
        } else if (fractions) {
            to[name] = meters.*m.fraction;
        }
    }
}

template <jackpot::amount Amount>
json to_json(const jackpot::basic_pool<Amount>& p) {
    json state{{"pool", to_json(p.pool)}, {"status", std::string(to_string(p.status))}};
    add_fields(state, jackpot::detail::patch_of(*p.configuration));
    add_meters<Amount>(state, p, true);
    state["last_win"] = nullptr;
    if (p.last_win) {
        state["last_win"] = {{"amount", to_json(p.last_win->amount)},
                             {"game", to_json(p.last_win->game)},
                             {"player", to_json(p.last_win->player)}};
    }
    state["version"] = p.version;
    state["pending"] = nullptr;
    if (p.pending) {
        add_fields(state["pending"], p.pending->patch);
    }
    return state;
}

template <jackpot::amount Amount>
json to_json(const jackpot::basic_statistics<Amount>& s) {
    json sums{{"ok", true}, {"pools", s.pools}};
    add_meters<Amount>(sums, s, false);
    return sums;
}

// What each kind of operation answers.

template <jackpot::amount Amount>
json contributed(const jackpot::basic_receipt<Amount>& r) {
    json contributions = json::array();
    for (const auto& part : r.parts) {
        contributions.push_back({{"pool", to_json(part.pool)},
                                 {"to_pool", to_json(part.to_pool)},
                                 {"to_overflow", to_json(part.to_overflow)},
                                 {"forgone", to_json(part.forgone)},
                                 {"current", to_json(part.current)},
                                 {"version", part.version}});
    }
    return {{"ok", true},
            {"total", to_json(r.total())},
            {"contributions", std::move(contributions)},
            {"replayed", r.replayed}};
}

template <jackpot::amount Amount>
json won(const jackpot::basic_receipt<Amount>& r) {
    const auto& part = r.parts[0];
    return {{"ok", true},
            {"pool", to_json(part.pool)},
            {"paid", to_json(part.paid)},
            {"from_house", to_json(part.from_house)},
            {"from_overflow", to_json(part.from_overflow)},
            {"current", to_json(part.current)},
            {"version", part.version},
            {"replayed", r.replayed}};
}

template <jackpot::amount Amount>
json adjusted(const jackpot::basic_receipt<Amount>& r) {
    const auto& part = r.parts[0];
    return {{"ok", true},
            {"pool", to_json(part.pool)},
            {"current", to_json(part.current)},
            {"version", part.version},
            {"replayed", r.replayed}};
}

/// Opened, configured, suspended, resumed.
template <jackpot::amount Amount>
json changed(const jackpot::basic_receipt<Amount>& r) {
    const auto& part = r.parts[0];
    return {{"ok", true}, {"pool", to_json(part.pool)}, {"version", part.version}, {"replayed", r.replayed}};
}

}  // namespace replay

#endif
