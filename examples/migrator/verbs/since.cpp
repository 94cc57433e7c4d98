// SPDX-License-Identifier: BSL-1.0
#include "since.hpp"

#include <fmt/format.h>

#include <vector>

namespace migrator {

namespace {

void note_settled(const jackpot::operation& o, settled_holds& settled) {
    const auto note = [&](const jackpot::name& pool, const jackpot::name& hold, bool confirmed) {
        settled.try_emplace({std::string(pool.view()), std::string(hold.view())}, confirmed);
    };
    if (const auto* confirmed = std::get_if<jackpot::confirm_request>(&o.request)) {
        note(confirmed->pool, confirmed->hold, true);
    } else if (const auto* released = std::get_if<jackpot::release_request>(&o.request)) {
        note(released->pool, released->hold, false);
    }
}

}  // namespace

std::string list_holds(const rollback_data& data, const settled_holds& settled, std::size_t& paid) {
    std::string list;
    for (const auto& pool : data.states.pools) {
        for (const auto& hold : pool.holds) {
            const auto found = settled.find({std::string(pool.pool.view()), std::string(hold.hold.view())});
            if (found == settled.end()) {
                continue;
            }
            paid += found->second ? 1 : 0;
            list +=
                fmt::format("  hold {} of pool {}: {} to {}, {} since\n", hold.hold.view(), pool.pool.view(),
                            hold.amount, hold.player.view(), found->second ? "confirmed" : "released");
        }
    }
    return list;
}

jackpot::expected<std::string> list_since(jackpot::soci_storage& store, std::uint64_t sequence,
                                          std::uint64_t last, settled_holds& settled) {
    std::map<std::string, std::uint64_t> counts;
    std::string newest;
    std::uint64_t operations = 0;
    std::vector<jackpot::operation> page;
    for (jackpot::history_query q{.after = sequence};; q.after = page.back().sequence) {
        if (auto read = store.read(q, page); !read) {
            return tl::unexpected(read.error());
        }
        if (page.empty()) {
            break;
        }
        for (const auto& o : page) {
            if (o.sequence > last) {
                break;
            }
            note_settled(o, settled);
            for (const auto& part : o.parts) {
                ++counts[fmt::format("{} in pool {}", to_string(o.kind()), part.pool.view())];
                if (++operations <= 20) {
                    newest += fmt::format("  operation {}: {} {}\n", o.sequence, to_string(o.kind()),
                                          part.pool.view());
                }
            }
        }
    }
    std::string list;
    for (const auto& [what, count] : counts) {
        list += fmt::format("  {} {}\n", count, what);
    }
    return list + (operations > 20 ? std::string() : newest);
}

}  // namespace migrator
