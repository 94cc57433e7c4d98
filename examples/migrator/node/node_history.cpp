// SPDX-License-Identifier: BSL-1.0
#include "node_history.hpp"

#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace migrator {

std::string in_words(const jackpot::error& e) {
    return std::string(to_text(e).view());
}

std::vector<event> steps_of(const node_pool& p) {
    std::vector<event> steps;
    for (std::size_t i = 0; i < p.contributions.size(); ++i) {
        steps.push_back({p.contributions[i].at, event::contributed, i});
    }
    for (std::size_t i = 0; i < p.wins.size(); ++i) {
        steps.push_back({p.wins[i].at, event::won, i});
    }
    std::stable_sort(steps.begin(), steps.end(), [](const event& a, const event& b) {
        return std::pair(a.at, a.what) < std::pair(b.at, b.what);
    });
    const auto first = steps.empty() ? p.modified_at.value_or(0) : steps.front().at;
    steps.insert(steps.begin(), {(std::min)(p.opened_at.value_or(first), first), event::opened, 0});
    return steps;
}

jackpot::basic_request<std::int64_t> request_of(const node_pool& p, const jackpot::configuration& c,
                                                const event& s) {
    if (s.what == event::opened) {
        return jackpot::open_request{.pool = p.pool, .configuration = c};
    }
    if (s.what == event::won) {
        const auto& w = p.wins[s.index];
        return jackpot::win_request{.pool = p.pool, .game = w.game, .player = w.player, .amount = w.amount};
    }
    const auto& entry = p.contributions[s.index];
    jackpot::contribute_request r{.game = entry.game, .wager = entry.wager, .player = entry.player};
    r.pools.emplace().push_back(p.pool);
    return r;
}

jackpot::configuration configuration_of(const node_pool& p) {
    return {.seed = p.seed, .cap = p.cap, .rate = p.rate};
}

namespace {

/// Decides it on the states, and takes it in. Error: why our rules do not do what was done.
tl::expected<void, std::string> replay(const node_pool& p, const jackpot::configuration& c, const event& s,
                                       jackpot::snapshot& states, jackpot::operation& o) {
    o.request = request_of(p, c, s);
    auto done = decide(states, s.at, o);
    const auto where = [&] {
        return s.what == event::opened
                   ? std::string("its opening")
                   : fmt::format("{}[{}]", s.what == event::won ? "wins" : "contributions", s.index);
    };
    if (!done) {
        return tl::unexpected(fmt::format("{}: {}", where(), in_words(done.error())));
    }
    if (s.what == event::contributed) {
        const auto& entry = p.contributions[s.index];
        const auto& part = o.parts[0];
        if (part.to_pool + part.to_overflow != entry.amount) {
            return tl::unexpected(fmt::format("{}: {} of a wager of {}, where the rate {} gives {}", where(),
                                              entry.amount, entry.wager, to_text(c.rate).view(),
                                              part.to_pool + part.to_overflow));
        }
    }
    done = apply(states, o);
    return done ? tl::expected<void, std::string>() : tl::unexpected(in_words(done.error()));
}

}  // namespace

explained explain(const node_pool& p) {
    if (!p.history_fault.empty()) {
        return {{}, p.history_fault};
    }
    const auto steps = steps_of(p);
    explained best;
    std::size_t furthest = 0;
    // How the service rounds, and what it does at the cap, is not written down: its history tells.
    for (const auto& [on_cap, rounding] : {std::pair(jackpot::on_cap::divert, jackpot::rounding::carry),
                                           std::pair(jackpot::on_cap::divert, jackpot::rounding::floor),
                                           std::pair(jackpot::on_cap::stop, jackpot::rounding::carry),
                                           std::pair(jackpot::on_cap::stop, jackpot::rounding::floor)}) {
        auto c = configuration_of(p);
        c.on_cap = on_cap;
        c.rounding = rounding;
        jackpot::snapshot states;
        jackpot::operation o;
        std::size_t done = 0;
        std::string why;
        for (; done < steps.size() && why.empty(); ++done) {
            if (const auto replayed = replay(p, c, steps[done], states, o); !replayed) {
                why = replayed.error();
            }
        }
        if (why.empty()) {
            const auto& after = states.pools.front();
            const auto differ = [&](std::string_view meter, std::int64_t theirs, std::int64_t ours) {
                if (why.empty() && theirs != ours) {
                    why = fmt::format("its {} is {}, and {} by its history", meter, theirs, ours);
                }
            };
            differ("totalContributions", p.total_contributions, after.total_contributions);
            differ("totalWins", p.total_wins, after.total_wins);
            differ("currentAmount", p.current, after.current);
            if (why.empty() && after.version < p.version) {
                why = fmt::format("its version is {}, and {} by its history", p.version, after.version);
            }
            if (why.empty()) {
                return {std::move(c), {}};
            }
        }
        if (done > furthest) {
            furthest = done;
            best.why = std::move(why);
        }
    }
    return best;
}

}  // namespace migrator
