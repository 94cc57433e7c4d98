// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_REPLAY_RECEIPTS_HPP
#define JACKPOT_EXAMPLES_REPLAY_RECEIPTS_HPP

#include <jackpot/core/operation.hpp>
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

/// Adds the fields that the patch names.
template <jackpot::amount Amount>
void add_fields(json& to, const jackpot::basic_patch<Amount>& p) {
    if (p.seed) {
        to["seed"] = to_json(*p.seed);
    }
    if (p.cap) {
        to["cap"] = *p.cap ? to_json(**p.cap) : json();
    }
    if (p.rate) {
        to["rate"] = to_json(to_text(*p.rate));
    }
    if (p.rounding) {
        to["rounding"] = std::string(to_string(*p.rounding));
    }
    if (p.on_cap) {
        to["on_cap"] = std::string(to_string(*p.on_cap));
    }
    if (p.min_wager) {
        to["min_wager"] = to_json(*p.min_wager);
    }
    if (p.games) {
        to["games"] = to_json(*p.games);
    }
}

template <jackpot::amount Amount>
json to_json(const jackpot::basic_pool<Amount>& p) {
    json state{{"pool", to_json(p.pool)}, {"status", std::string(to_string(p.status))}};
    const auto& c = *p.configuration;
    add_fields<Amount>(state, {c.seed, c.cap, c.rate, c.rounding, c.on_cap, c.min_wager, c.games});
    state["current"] = to_json(p.current);
    state["overflow"] = to_json(p.overflow);
    state["carry"] = p.carry;
    state["funded"] = to_json(p.funded);
    state["adjusted"] = to_json(p.adjusted);
    state["total_wagered"] = to_json(p.total_wagered);
    state["total_contributions"] = to_json(p.total_contributions);
    state["total_wins"] = to_json(p.total_wins);
    state["win_count"] = p.win_count;
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
    return {{"ok", true},
            {"pools", s.pools},
            {"current", to_json(s.current)},
            {"overflow", to_json(s.overflow)},
            {"funded", to_json(s.funded)},
            {"adjusted", to_json(s.adjusted)},
            {"total_wagered", to_json(s.total_wagered)},
            {"total_contributions", to_json(s.total_contributions)},
            {"total_wins", to_json(s.total_wins)},
            {"win_count", s.win_count}};
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
