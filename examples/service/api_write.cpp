// SPDX-License-Identifier: BSL-1.0
#include "api.hpp"

#include <cstdio>
#include <ctime>

namespace service {

namespace {

/// An amount that may be absent.
json_text or_null(const std::optional<std::int64_t>& amount) {
    return amount ? json_text(*amount) : json_text(nullptr);
}

std::string text_of(const jackpot::rate& rate) {
    return std::string(to_text(rate).view());
}

std::string hex(const jackpot::identifier& id) {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(id.high),
                  static_cast<unsigned long long>(id.low));
    return text;
}

/// Tells one filter from another. (FNV-1a: who makes up a cursor only reads from another place.)
std::uint64_t digest(const jackpot::history_query& filter) {
    std::string text;
    for (const auto* part : {filter.pool ? &*filter.pool : nullptr, filter.game ? &*filter.game : nullptr}) {
        text.append(part == nullptr ? "-" : "=").append(part == nullptr ? "" : part->view()).push_back('\n');
    }
    text.append(filter.kind ? to_string(*filter.kind) : "");
    std::uint64_t sum = 0xCBF29CE484222325U;
    for (const char c : text) {
        sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    return sum;
}

}  // namespace

std::string rfc3339(jackpot::timestamp at) {
    const std::time_t seconds = at / 1'000'000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char day[32];
    char text[48];
    std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(text, sizeof text, "%s.%06dZ", day, static_cast<int>(at % 1'000'000));
    return text;
}

json_text contributed(const jackpot::receipt& r) {
    json_text shares = json_text::object();
    json_text pools = json_text::object();
    for (const auto& part : r.parts) {
        const std::string pool(part.pool.view());
        shares[pool] = part.to_pool + part.to_overflow;
        pools[pool] = {{"toPool", part.to_pool},
                       {"toOverflow", part.to_overflow},
                       {"forgone", part.forgone},
                       {"currentAmount", part.current},
                       {"version", part.version}};
    }
    return {{"success", true},
            {"contributions", std::move(shares)},
            {"totalContribution", r.total()},
            {"sequence", r.sequence},
            {"at", rfc3339(r.at)},
            {"replayed", r.replayed},
            {"pools", std::move(pools)}};
}

json_text won(const jackpot::win_request& asked, const jackpot::receipt& r) {
    static const jackpot::basic_part<std::int64_t> none;
    const auto* found = r.part(asked.pool);
    const auto& part = found == nullptr ? none : *found;
    return {{"success", true},
            {"group", asked.pool.view()},
            {"actualWinAmount", r.paid()},
            {"remainingAmount", part.current},
            {"fromHouse", part.from_house},
            {"fromOverflow", part.from_overflow},
            {"sequence", r.sequence},
            {"at", rfc3339(r.at)},
            {"replayed", r.replayed}};
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
    json_text body{{"group", p.pool.view()},
                   {"status", to_string(p.status)},
                   {"currentAmount", p.current},
                   {"seedAmount", p.configuration->seed},
                   {"maxAmount", or_null(p.configuration->cap)},
                   {"contributionRate", text_of(p.configuration->rate)},
                   {"overflowAmount", p.overflow},
                   {"totalContributions", p.total_contributions},
                   {"totalWins", p.total_wins},
                   {"winCount", p.win_count}};
    if (p.last_win) {
        body["lastWinAmount"] = p.last_win->amount;
        body["lastWinDate"] = rfc3339(p.last_win->at);
    }
    body["version"] = p.version;
    body["lastModifiedAt"] = rfc3339(p.modified_at);
    return body;
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
    return json_text{{"sequence", states.head.sequence},
                     {"at", rfc3339(states.head.at)},
                     {"pools", sums->pools},
                     {"currentAmount", sums->current},
                     {"overflowAmount", sums->overflow},
                     {"fundedAmount", sums->funded},
                     {"adjustedAmount", sums->adjusted},
                     {"totalWagered", sums->total_wagered},
                     {"totalContributions", sums->total_contributions},
                     {"totalWins", sums->total_wins},
                     {"winCount", sums->win_count}};
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

json_text operation_json(const jackpot::operation& o) {
    json_text body{
        {"sequence", o.sequence}, {"id", hex(o.id)}, {"at", rfc3339(o.at)}, {"kind", to_string(o.kind())}};
    if (const auto* key = o.key()) {
        body["key"] = key->view();
    }
    if (const auto* game = jackpot::game_of<std::int64_t>(o.request)) {
        body["gameId"] = game->view();
    }
    if (const auto* wager = std::get_if<jackpot::contribute_request>(&o.request)) {
        body["wagerAmount"] = wager->wager;
        if (wager->player) {
            body["userId"] = wager->player->view();
        }
    } else if (const auto* win = std::get_if<jackpot::win_request>(&o.request)) {
        body["userId"] = win->player.view();
    } else if (const auto* adjusted = std::get_if<jackpot::adjust_request>(&o.request)) {
        body["delta"] = adjusted->delta;
        body["actor"] = adjusted->actor.view();
        body["reason"] = adjusted->reason.view();
    }
    json_text pools = json_text::object();
    for (const auto& part : o.parts) {
        json_text& pool = pools[std::string(part.pool.view())] = {
            {"currentAmount", part.current}, {"overflowAmount", part.overflow}, {"version", part.version}};
        // An amount that is not of this kind is 0, and left out.
        const std::pair<const char*, std::int64_t> amounts[] = {
            {"toPool", part.to_pool}, {"toOverflow", part.to_overflow}, {"forgone", part.forgone},
            {"paid", part.paid},      {"fromHouse", part.from_house},   {"fromOverflow", part.from_overflow}};
        for (const auto& [name, amount] : amounts) {
            if (amount != 0) {
                pool[name] = amount;
            }
        }
    }
    body["pools"] = std::move(pools);
    return body;
}

std::string cursor_of(std::uint64_t after, const jackpot::history_query& filter) {
    return hex({after, digest(filter)});
}

std::optional<std::uint64_t> read_cursor(std::string_view cursor, const jackpot::history_query& filter) {
    std::uint64_t after = 0;
    if (cursor.size() != 32) {
        return std::nullopt;
    }
    const auto half = cursor.substr(0, 16);
    const auto [end, failed] = std::from_chars(half.data(), half.data() + half.size(), after, 16);
    const bool whole = failed == std::errc() && end == half.data() + half.size();
    return whole && cursor_of(after, filter) == cursor ? std::optional(after) : std::nullopt;
}

}  // namespace service
