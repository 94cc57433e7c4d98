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

template <class Value>
json to_json(const std::optional<Value>& value) {
    return value ? to_json(*value) : json();
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

/// Adds the meters; of many pools, those that are sums.
template <jackpot::amount Amount>
void add_meters(json& to, const jackpot::basic_meters<Amount>& meters, bool sums) {
    for (const auto& m : jackpot::all_meters<Amount>) {
        const std::string name(m.name);
        if (sums && !m.summed) {
            continue;
        }
        if (m.amount != nullptr) {
            to[name] = to_json(meters.*m.amount);
        } else if (m.count != nullptr) {
            to[name] = meters.*m.count;
        } else if (!sums) {
            to[name] = meters.*m.fraction;
        }
    }
}

template <jackpot::amount Amount>
json to_json(const jackpot::basic_pool<Amount>& p) {
    json state{{"pool", to_json(p.pool)}, {"status", std::string(to_string(p.status))}};
    add_fields(state, jackpot::detail::patch_of(*p.configuration));
    add_meters<Amount>(state, p, false);
    state["last_win"] = nullptr;
    if (p.last_win) {
        state["last_win"] = {{"amount", to_json(p.last_win->amount)},
                             {"game", to_json(p.last_win->game)},
                             {"player", to_json(p.last_win->player)}};
    }
    state["holds"] = json::array();
    for (const auto& hold : p.holds) {
        state["holds"].push_back({{"hold", to_json(hold.hold)},
                                  {"amount", to_json(hold.amount)},
                                  {"game", to_json(hold.game)},
                                  {"player", to_json(hold.player)},
                                  {"round", to_json(hold.round)},
                                  {"site", to_json(hold.site)}});
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
    add_meters<Amount>(sums, s, true);
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
                                 {"to_reserve", to_json(part.to_reserve)},
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
            {"from_reserve", to_json(part.from_reserve)},
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

/// What operations of the newer kinds answer of a part: its pool, these amounts, what it holds then.
template <jackpot::amount Amount>
json part_of(const jackpot::basic_part<Amount>& part,
             std::initializer_list<Amount jackpot::basic_part<Amount>::*> amounts) {
    json shown{{"pool", to_json(part.pool)}};
    for (const auto& m : jackpot::part_amounts<Amount>) {
        if (std::find(amounts.begin(), amounts.end(), m.amount) != amounts.end()) {
            shown[std::string(m.name)] = to_json(part.*m.amount);
        }
    }
    shown["current"] = to_json(part.current);
    shown["version"] = part.version;
    return shown;
}

template <jackpot::amount Amount>
json held(const jackpot::name& hold, const jackpot::basic_receipt<Amount>& r) {
    json shown = won(r);
    shown["hold"] = to_json(hold);
    return shown;
}

template <jackpot::amount Amount>
json confirmed(const jackpot::name& hold, const jackpot::basic_receipt<Amount>& r) {
    const auto& part = r.parts[0];
    return {{"ok", true},
            {"pool", to_json(part.pool)},
            {"hold", to_json(hold)},
            {"paid", to_json(part.paid)},
            {"version", part.version},
            {"replayed", r.replayed}};
}

template <jackpot::amount Amount>
json released(const jackpot::name& hold, const jackpot::basic_receipt<Amount>& r) {
    using part = jackpot::basic_part<Amount>;
    json shown =
        part_of<Amount>(r.parts[0], {&part::to_house, &part::to_reserve, &part::to_pool, &part::to_overflow});
    shown["ok"] = true;
    shown["hold"] = to_json(hold);
    shown["replayed"] = r.replayed;
    return shown;
}

/// Transferred and closed: the parts of both pools, of which `from` names the one that gave.
template <jackpot::amount Amount>
json moved(const jackpot::name& from, std::initializer_list<Amount jackpot::basic_part<Amount>::*> given,
           const jackpot::basic_receipt<Amount>& r) {
    using part = jackpot::basic_part<Amount>;
    json parts = json::array();
    for (const auto& each : r.parts) {
        parts.push_back(each.pool == from ? part_of<Amount>(each, given)
                                          : part_of<Amount>(each, {&part::to_pool, &part::to_overflow}));
    }
    return {{"ok", true}, {"parts", std::move(parts)}, {"replayed", r.replayed}};
}

template <jackpot::amount Amount>
json transferred(const jackpot::basic_transfer_request<Amount>& asked,
                 const jackpot::basic_receipt<Amount>& r) {
    using part = jackpot::basic_part<Amount>;
    json shown = moved<Amount>(asked.from, {&part::from_overflow, &part::from_pool}, r);
    shown["amount"] = to_json(asked.amount);
    return shown;
}

template <jackpot::amount Amount>
json closed(const jackpot::name& pool, const jackpot::basic_receipt<Amount>& r) {
    using part = jackpot::basic_part<Amount>;
    json shown = moved<Amount>(pool, {&part::to_house, &part::transferred}, r);
    shown["pool"] = to_json(pool);
    return shown;
}

template <jackpot::amount Amount>
json reverted(const jackpot::basic_receipt<Amount>& r) {
    using part = jackpot::basic_part<Amount>;
    json parts = json::array();
    for (const auto& each : r.parts) {
        parts.push_back(part_of<Amount>(
            each, {&part::from_reserve, &part::from_overflow, &part::from_pool, &part::from_house}));
    }
    return {{"ok", true}, {"parts", std::move(parts)}, {"replayed", r.replayed}};
}

/// Opened, configured, suspended, resumed.
template <jackpot::amount Amount>
json changed(const jackpot::basic_receipt<Amount>& r) {
    const auto& part = r.parts[0];
    return {{"ok", true}, {"pool", to_json(part.pool)}, {"version", part.version}, {"replayed", r.replayed}};
}

}  // namespace replay

#endif
