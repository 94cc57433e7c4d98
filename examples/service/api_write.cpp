// SPDX-License-Identifier: BSL-1.0
#include "api.hpp"

namespace service {

namespace {

/// An amount that may be absent.
json_text or_null(const std::optional<std::int64_t>& amount) {
    return amount ? json_text(*amount) : json_text(nullptr);
}

std::string text_of(const jackpot::rate& rate) {
    return std::string(to_text(rate).view());
}

/// The name of a meter or an amount of the library, as JSON has it: from_house is fromHouse.
std::string camel(std::string_view name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool next = name[i] == '_' && i + 1 < name.size();
        out.push_back(next ? static_cast<char>(name[++i] - 'a' + 'A') : name[i]);
    }
    return out;
}

/// A meter: currentAmount, totalWins, winCount.
std::string meter_name(std::string_view name) {
    const bool counts = name.starts_with("total_") || name.ends_with("_count");
    return camel(name) + (counts ? "" : "Amount");
}

template <class Only>
void add_meters(json_text& to, const jackpot::meters& from, Only&& only) {
    for (const auto& m : jackpot::all_meters<std::int64_t>) {
        if (!only(m) || m.fraction != nullptr) {
            continue;
        }
        m.amount != nullptr ? to[meter_name(m.name)] = from.*m.amount
                            : to[meter_name(m.name)] = from.*m.count;
    }
}

json_text value_of(std::int64_t amount) {
    return amount;
}
json_text value_of(const std::optional<std::int64_t>& amount) {
    return or_null(amount);
}
json_text value_of(const jackpot::rate& rate) {
    return text_of(rate);
}
json_text value_of(const std::vector<jackpot::name>& names) {
    json_text list = json_text::array();
    for (const auto& name : names) {
        list.push_back(name.view());
    }
    return list;
}
template <class Enum>
requires std::is_enum_v<Enum> json_text value_of(Enum word) {
    return to_string(word);
}

/// Adds the settings that the patch names, as bodies name them.
void add_settings(json_text& to, const jackpot::patch& p) {
    jackpot::each_setting<std::int64_t>([&](const auto& s) {
        if (const auto& change = p.*s.change) {
            const auto name = s.name == "seed"   ? "seedAmount"
                              : s.name == "cap"  ? "maxAmount"
                              : s.name == "rate" ? "contributionRate"
                                                 : camel(s.name);
            to[name] = value_of(*change);
        }
    });
}

/// A pool after an operation, and what moved. An amount that is 0, or not of its kind, is left out.
json_text change_of(const jackpot::basic_part<std::int64_t>& part) {
    json_text change{{"currentAmount", part.current}, {"overflowAmount", part.overflow}};
    if (part.reserve != 0) {
        change["reserveAmount"] = part.reserve;
    }
    change["version"] = part.version;
    for (const auto& m : jackpot::part_amounts<std::int64_t>) {
        if (part.*m.amount != 0) {
            change[camel(m.name)] = part.*m.amount;
        }
    }
    return change;
}

json_text changes_of(const jackpot::basic_parts<std::int64_t>& parts) {
    json_text pools = json_text::object();
    for (const auto& part : parts) {
        pools[std::string(part.pool.view())] = change_of(part);
    }
    return pools;
}

}  // namespace

json_text contributed(const jackpot::receipt& r) {
    json_text shares = json_text::object();
    json_text pools = json_text::object();
    for (const auto& part : r.parts) {
        const std::string pool(part.pool.view());
        shares[pool] = part.to_pool + part.to_overflow + part.to_reserve;
        pools[pool] = {{"toPool", part.to_pool},        {"toOverflow", part.to_overflow},
                       {"toReserve", part.to_reserve},  {"forgone", part.forgone},
                       {"currentAmount", part.current}, {"version", part.version}};
    }
    return {{"success", true},
            {"contributions", std::move(shares)},
            {"totalContribution", r.total()},
            {"sequence", r.sequence},
            {"at", rfc3339(r.at)},
            {"replayed", r.replayed},
            {"pools", std::move(pools)}};
}

namespace {

json_text paid_out(const jackpot::name& pool, const jackpot::receipt& r) {
    static const jackpot::basic_part<std::int64_t> none;
    const auto* found = r.part(pool);
    const auto& part = found == nullptr ? none : *found;
    return {{"success", true},
            {"group", pool.view()},
            {"actualWinAmount", r.paid()},
            {"remainingAmount", part.current},
            {"fromHouse", part.from_house},
            {"fromOverflow", part.from_overflow},
            {"fromReserve", part.from_reserve},
            {"sequence", r.sequence},
            {"at", rfc3339(r.at)},
            {"replayed", r.replayed}};
}

}  // namespace

json_text won(const jackpot::win_request& asked, const jackpot::receipt& r) {
    return paid_out(asked.pool, r);
}

json_text held(const jackpot::hold_request& asked, const jackpot::receipt& r) {
    auto body = paid_out(asked.pool, r);
    body["hold"] = asked.hold.view();
    return body;
}

json_text done(const jackpot::receipt& r) {
    return {{"success", true},
            {"sequence", r.sequence},
            {"at", rfc3339(r.at)},
            {"replayed", r.replayed},
            {"pools", changes_of(r.parts)}};
}

json_text changed(const std::string& pool, const jackpot::receipt& r) {
    json_text body{{"success", true}, {"group", pool}};
    if (const auto* part = r.part(pool)) {
        body["currentAmount"] = part->current;
        body["overflowAmount"] = part->overflow;
        body["version"] = part->version;
    }
    body["sequence"] = r.sequence;
    body["at"] = rfc3339(r.at);
    body["replayed"] = r.replayed;
    return body;
}

json_text pool_json(const jackpot::pool& p) {
    json_text body{{"group", p.pool.view()}, {"status", to_string(p.status)}};
    add_meters(body, p, [](const auto&) { return true; });
    add_settings(body, jackpot::detail::patch_of(*p.configuration));
    body["pending"] = nullptr;
    if (p.pending) {
        body["pending"] = json_text::object();
        add_settings(body["pending"], p.pending->patch);
    }
    body["holdCount"] = p.holds.size();
    if (p.last_win) {
        body["lastWinAmount"] = p.last_win->amount;
        body["lastWinDate"] = rfc3339(p.last_win->at);
    }
    body["version"] = p.version;
    body["lastModifiedAt"] = rfc3339(p.modified_at);
    return body;
}

json_text holds_json(const jackpot::pool& p) {
    json_text holds = json_text::array();
    for (const auto& h : p.holds) {
        json_text one{{"hold", h.hold.view()},
                      {"winAmount", h.amount},
                      {"gameId", h.game.view()},
                      {"userId", h.player.view()}};
        if (h.round) {
            one["roundId"] = h.round->view();
        }
        if (h.site) {
            one["siteId"] = h.site->view();
        }
        one["at"] = rfc3339(h.at);
        one["sequence"] = h.sequence;
        holds.push_back(std::move(one));
    }
    return {{"group", p.pool.view()}, {"heldAmount", p.held}, {"holds", std::move(holds)}};
}

std::string tag_of(const jackpot::snapshot& states) {
    return hex(states.head.identity) + "-" + std::to_string(states.head.sequence);
}

json_text pools_json(const jackpot::snapshot& states) {
    json_text pools = json_text::object();
    for (const auto& p : states.pools) {
        pools[std::string(p.pool.view())] = pool_json(p);
    }
    return {{"sequence", states.head.sequence}, {"at", rfc3339(states.head.at)}, {"pools", std::move(pools)}};
}

read<json_text> statistics_json(const jackpot::snapshot& states) {
    const auto sums = jackpot::summarize<std::int64_t>(states.pools);
    if (!sums) {
        return tl::unexpected(problem_of(sums.error()));
    }
    json_text body{
        {"sequence", states.head.sequence}, {"at", rfc3339(states.head.at)}, {"pools", sums->pools}};
    add_meters(body, *sums, [](const auto& m) { return m.summed; });
    return body;
}

json_text game_json(const jackpot::snapshot& states, const std::string& game) {
    std::int64_t ppb = 0;
    bool feeds = false;
    for (const auto& p : states.pools) {
        if (p.status == jackpot::pool_status::active && jackpot::feeds(*p.configuration, game)) {
            feeds = true;
            ppb += p.configuration->rate.ppb();
        }
    }
    return {{"feeds", feeds}, {"rate", text_of(jackpot::rate::from_ppb(ppb))}};
}

namespace {

/// Adds the name where the request has it, also where that is optional.
void add_name(json_text& to, const char* field, const jackpot::name& name) {
    to[field] = name.view();
}
void add_name(json_text& to, const char* field, const std::optional<jackpot::name>& name) {
    if (name) {
        to[field] = name->view();
    }
}

template <class Request>
void add_names(json_text& to, const Request& r) {
    if constexpr (requires { r.reverts; }) {
        add_name(to, "reverts", r.reverts);  // its key is the library's own
    } else if constexpr (requires { r.key; }) {
        add_name(to, "key", r.key);
    }
    if constexpr (requires { r.game; }) {
        add_name(to, "gameId", r.game);
        add_name(to, "userId", r.player);
        add_name(to, "roundId", r.round);
        add_name(to, "siteId", r.site);
    }
    if constexpr (requires { r.hold; }) {
        add_name(to, "hold", r.hold);
    }
    if constexpr (requires { r.from; }) {
        add_name(to, "from", r.from);
    }
    if constexpr (requires { r.to; }) {
        add_name(to, "to", r.to);
    }
    if constexpr (requires { r.actor; }) {
        add_name(to, "actor", r.actor);
        add_name(to, "reason", r.reason);
    }
}

template <class Request>
void add_values(json_text& to, const Request& r) {
    if constexpr (requires { r.wager; }) {
        to["wagerAmount"] = r.wager;
    } else if constexpr (requires { r.amount.has_value(); }) {
        if (r.amount) {
            to["winAmount"] = *r.amount;
        }
    } else if constexpr (requires { r.amount; }) {
        to["amount"] = r.amount;
    } else if constexpr (requires { r.delta; }) {
        to["delta"] = r.delta;
    } else if constexpr (requires { r.to_house; }) {
        to["toHouse"] = r.to_house;
    }
    if constexpr (requires { r.configuration; }) {
        to["settings"] = json_text::object();
        add_settings(to["settings"], jackpot::detail::patch_of(r.configuration));
    } else if constexpr (requires { r.patch; }) {
        to["when"] = to_string(r.when);
        to["settings"] = json_text::object();
        add_settings(to["settings"], r.patch);
    }
    if constexpr (requires { r.reverts; }) {
        to["revertsSequence"] = r.sequence;
    } else if constexpr (requires { r.returned_to; }) {
        to["returnedTo"] = r.returned_to;
    }
}

}  // namespace

json_text operation_json(const jackpot::operation& o) {
    json_text body{
        {"sequence", o.sequence}, {"id", hex(o.id)}, {"at", rfc3339(o.at)}, {"kind", to_string(o.kind())}};
    jackpot::detail::visit_request(
        [&](const auto& r) {
            add_names(body, r);
            add_values(body, r);
        },
        o.request);
    body["pools"] = changes_of(o.parts);
    return body;
}

}  // namespace service
