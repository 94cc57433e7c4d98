// SPDX-License-Identifier: BSL-1.0
#include "node.hpp"

#include "../dumps/numerals.hpp"
#include "json_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace migrator {

namespace {

using names = std::initializer_list<std::string_view>;

/// Reads the fields of one object, and keeps the first failure: what it returns from then on means nothing.
class object_reader {
public:
    object_reader(const json_value& object, std::string where) : object_(&object), where_(std::move(where)) {
        if (object.kind != json_kind::object) {
            fail("is no object");
        }
    }

    [[nodiscard]] const std::string& failure() const { return failure_; }

    void fail(std::string_view why) {
        if (failure_.empty()) {
            failure_ = fmt::format("{}: {}", where_, why);
        }
    }
    void fail(std::string_view field, const json_value& value, std::string_view why) {
        std::string shown = value.text.substr(0, 40);
        std::replace_if(
            shown.begin(), shown.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, '?');
        const bool list = value.kind == json_kind::array || value.kind == json_kind::object;
        fail(fmt::format("{} {} {}", field, list ? "(a list)" : shown, why));
    }

    /// The field by any of its names, or null.
    const json_value* find(names any) {
        const json_member* found = nullptr;
        for (const auto& member : object_->members) {
            if (member.value.kind != json_kind::null &&
                std::find(any.begin(), any.end(), member.name) != any.end()) {
                if (found != nullptr) {
                    fail(fmt::format("{} is given twice", *any.begin()));
                }
                found = &member;
            }
        }
        return found != nullptr ? &found->value : nullptr;
    }
    const json_value& need(names any) {
        static const json_value none;
        const auto* value = find(any);
        if (value == nullptr) {
            fail(fmt::format("{} is missing", *any.begin()));
        }
        return value != nullptr ? *value : none;
    }

    std::int64_t whole(std::string_view field, const json_value& value) {
        const auto number = read_whole(is_scalar(value) ? value.text : std::string_view());
        if (!number) {
            fail(field, value, number.error());
        }
        return number.value_or(0);
    }
    jackpot::name name(std::string_view field, const json_value& value) {
        jackpot::name text(is_scalar(value) ? value.text : std::string_view());
        if (!is_valid(text)) {
            fail(field, value, "is no name: 1 to 128 bytes of UTF-8 without control characters");
        }
        return text;
    }
    jackpot::timestamp moment(std::string_view field, const json_value& value) {
        const auto at = read_moment(is_scalar(value) ? value.text : std::string_view());
        if (!at) {
            fail(field, value, "is no time");
        } else if (const bool number = value.text.find_first_not_of("0123456789") == std::string::npos;
                   number && *at > 0 && *at < 100'000'000'000'000) {
            fail(field, value,
                 "is a time in seconds, where milliseconds are wanted (else it were in the 1970s)");
        }
        return at.value_or(0);
    }

private:
    static bool is_scalar(const json_value& value) {
        return value.kind == json_kind::number || value.kind == json_kind::text;
    }

    const json_value* object_;
    std::string where_;
    std::string failure_;
};

/// Calls `each(reader)` for the entries of a list, until one fails. False, and why in `fault`, then.
template <class Each>
bool each_entry(const json_value* list, std::string_view field, std::string& fault, Each&& each) {
    json_value parsed;
    if (list != nullptr && list->kind == json_kind::text) {
        auto read = read_json(list->text);
        if (!read) {
            fault = fmt::format("{}: {}", field, read.error());
            return false;
        }
        parsed = *std::move(read);
        list = parsed.kind == json_kind::null ? nullptr : &parsed;
    }
    if (list == nullptr) {
        return true;
    }
    if (list->kind != json_kind::array) {
        fault = fmt::format("{} is no list", field);
        return false;
    }
    std::size_t number = 0;
    for (const auto& member : list->members) {
        object_reader entry(member.value, fmt::format("{}[{}]", field, number++));
        each(entry);
        if (!entry.failure().empty()) {
            fault = entry.failure();
            return false;
        }
    }
    return true;
}

jackpot::name game_of(object_reader& entry) {
    return entry.name("gameId", entry.need({"gameId", "game_id", "game"}));
}
jackpot::timestamp time_of(object_reader& entry) {
    return entry.moment("timestamp", entry.need({"timestamp", "createdAt", "created_at"}));
}

void read_history(object_reader& from, node_pool& p) {
    each_entry(from.find({"contributions", "contributionHistory", "contribution_history"}), "contributions",
               p.history_fault,
               [&](object_reader& entry) {
                   auto& c = p.contributions.emplace_back();
                   c.game = game_of(entry);
                   c.wager = entry.whole("wagerAmount", entry.need({"wagerAmount", "wager_amount", "wager"}));
                   c.amount =
                       entry.whole("contributionAmount",
                                   entry.need({"contributionAmount", "contribution_amount", "amount"}));
                   c.at = time_of(entry);
                   if (const auto* player = entry.find({"playerId", "player_id", "player"})) {
                       c.player = entry.name("playerId", *player);
                   }
               }) &&
        each_entry(from.find({"wins", "winHistory", "win_history"}), "wins", p.history_fault,
                   [&](object_reader& entry) {
                       auto& w = p.wins.emplace_back();
                       w.amount = entry.whole("amount", entry.need({"amount", "winAmount", "win_amount"}));
                       w.game = game_of(entry);
                       w.player = entry.name("playerId", entry.need({"playerId", "player_id", "player"}));
                       w.at = time_of(entry);
                   });
    if (!p.history_fault.empty()) {
        p.contributions.clear();
        p.wins.clear();
    }
}

template <class Entry>
std::int64_t sum_of(const std::vector<Entry>& entries, object_reader& from, std::string_view field) {
    std::int64_t sum = 0;
    for (const auto& entry : entries) {
        if (!jackpot::detail::add(sum, entry.amount)) {
            from.fail(fmt::format("{} is missing, and the sum of the history is beyond any amount", field));
        }
    }
    return sum;
}

node_pool read_pool(object_reader& from) {
    node_pool p;
    p.pool = from.name("group", from.need({"group"}));
    p.current = from.whole("currentAmount", from.need({"currentAmount", "current_amount"}));
    p.seed = from.whole("seedAmount", from.need({"seedAmount", "seed_amount"}));
    if (const auto* cap = from.find({"maxAmount", "max_amount"})) {
        p.cap = from.whole("maxAmount", *cap);
    }
    const auto& rate = from.need({"contributionRate", "contribution_rate"});
    const auto recovered = recover_rate(rate.text);
    if (!recovered) {
        from.fail("contributionRate", rate,
                  "is no rate: a decimal from 0 to 1 with at most nine fraction digits, or a float of one");
    }
    p.rate = recovered.value_or(jackpot::rate());
    read_history(from, p);
    const auto* contributions = from.find({"totalContributions", "total_contributions"});
    p.total_contributions = contributions != nullptr ? from.whole("totalContributions", *contributions)
                                                     : sum_of(p.contributions, from, "totalContributions");
    const auto* wins = from.find({"totalWins", "total_wins"});
    p.total_wins = wins != nullptr ? from.whole("totalWins", *wins) : sum_of(p.wins, from, "totalWins");
    const auto* version = from.find({"version"});
    p.version = version != nullptr ? static_cast<std::uint64_t>(from.whole("version", *version)) : 1;
    if (const auto* at = from.find({"createdAt", "created_at"})) {
        p.opened_at = from.moment("createdAt", *at);
    }
    if (const auto* at = from.find({"lastModifiedAt", "last_modified_at", "updatedAt", "updated_at"})) {
        p.modified_at = from.moment("lastModifiedAt", *at);
    }
    return p;
}

/// The pools of a list, each an object.
tl::expected<std::vector<node_pool>, std::string> read_pools(const json_value& list) {
    std::vector<node_pool> pools;
    for (const auto& [unnamed, value] : list.members) {
        object_reader anonymous(value, fmt::format("pools[{}]", pools.size()));
        const auto* group = anonymous.find({"group"});
        object_reader pool(value, group == nullptr ? fmt::format("pools[{}]", pools.size())
                                                   : fmt::format("pool {}", group->text.substr(0, 128)));
        pools.push_back(read_pool(pool));
        if (!pool.failure().empty()) {
            return tl::unexpected(pool.failure());
        }
    }
    return pools;
}

}  // namespace

tl::expected<node_service, std::string> read_node_backup(std::string_view json) {
    auto document = read_json(json);
    if (!document) {
        return tl::unexpected("the backup is no JSON: " + document.error());
    }
    node_service service;
    const json_value* list = &*document;
    std::optional<jackpot::timestamp> taken_at;
    if (list->kind != json_kind::array) {
        object_reader backup(*document, "the backup");
        list = &backup.need({"pools"});
        if (backup.failure().empty() && list->kind != json_kind::array) {
            backup.fail("pools is no list");
        }
        if (const auto* at = backup.find({"timestamp"})) {
            taken_at = backup.moment("timestamp", *at);
        }
        if (const auto* checksum = backup.find({"checksum"})) {
            service.notes.push_back(
                fmt::format("the backup's checksum {} was not checked: it does not say how it is computed",
                            checksum->text.substr(0, 80)));
        }
        if (!backup.failure().empty()) {
            return tl::unexpected(backup.failure());
        }
    }
    auto pools = read_pools(*list);
    if (!pools) {
        return tl::unexpected(pools.error());
    }
    service.pools = *std::move(pools);
    for (auto& p : service.pools) {
        p.modified_at = p.modified_at ? p.modified_at : taken_at;
    }
    return service;
}

bool is_node_table(const dumped_table& table) {
    const auto has = [&](std::string_view column) {
        return std::find(table.columns.begin(), table.columns.end(), column) != table.columns.end();
    };
    return has("group") && has("current_amount") && !has("funded") && !has("overflow") && !has("carry");
}

tl::expected<node_service, std::string> read_node_table(const dumped_table& table) {
    json_value list{json_kind::array, {}, {}};
    for (std::size_t each = 0; each < table.rows.size(); ++each) {
        const auto row = table.rows[each];
        auto& object = list.members.emplace_back().value;
        object.kind = json_kind::object;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i]) {
                object.members.push_back({table.columns[i], {json_kind::text, *row[i], {}}});
            }
        }
    }
    auto pools = read_pools(list);
    if (!pools) {
        return tl::unexpected(pools.error());
    }
    return node_service{*std::move(pools), {}};
}

}  // namespace migrator
