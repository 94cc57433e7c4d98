// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_COPY_SEEDED_RUN_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_COPY_SEEDED_RUN_HPP

#include <jackpot/network/network.hpp>

namespace migrator {

struct seeded_run_options {
    std::uint64_t wagers;
    std::uint64_t seed;
};

/// Opens the pools minor, major and mega in an empty store, and plays: wagers in several games, some of
/// them with a player, every fourth with a key, and a win now and then. The same seed gives the same
/// journal byte for byte, and more wagers a longer one that begins with it. Stops before the next wager
/// once `interrupted()`.
template <jackpot::storage Storage, class Interrupted>
[[nodiscard]] jackpot::expected<void> play(Storage& store, const seeded_run_options& o,
                                           Interrupted&& interrupted) {
    struct opening {
        std::string_view pool;
        std::int64_t seed;
        std::int64_t cap;
        std::int64_t rate_ppb;
    };
    constexpr opening openings[] = {{"minor", 100'000, 1'000'000, 20'000'000},
                                    {"major", 1'000'000, 10'000'000, 10'000'000},
                                    {"mega", 10'000'000, 100'000'000, 5'000'000}};
    constexpr std::string_view games[] = {"slots-1", "slots-2", "poker", "keno", "roulette"};

    jackpot::network<Storage, jackpot::seeded_environment> network(store,
                                                                   jackpot::seeded_environment(o.seed));
    for (const auto& [pool, seed, cap, rate_ppb] : openings) {
        const auto rate = jackpot::rate::from_ppb(rate_ppb);
        if (auto opened =
                network.open({.pool = pool, .configuration = {.seed = seed, .cap = cap, .rate = rate}});
            !opened) {
            return tl::unexpected(opened.error());
        }
    }

    jackpot::seeded_environment dice(~o.seed);
    const auto below = [&](std::uint64_t bound) { return dice.random() % bound; };
    const auto numbered = [](std::string_view what, std::uint64_t number) {
        return jackpot::name(std::string(what) + std::to_string(number));
    };
    jackpot::receipt receipt;
    for (std::uint64_t i = 1; i <= o.wagers && !interrupted(); ++i) {
        const auto player = numbered("player-", below(500));
        jackpot::contribute_request wager{.game = games[below(std::size(games))],
                                          .wager = static_cast<std::int64_t>(100 + below(20'000))};
        if (i % 2 == 0) {
            wager.player = player;
        }
        if (i % 4 == 0) {
            wager.key = numbered("wager-", i);
        }
        if (auto done = network.contribute(wager, receipt); !done) {
            return done;
        }
        const auto draw = below(20'000);
        if (draw < 22) {
            const auto won = draw < 20 ? "minor" : draw < 21 ? "major" : "mega";
            if (auto done = network.win({.pool = won, .game = wager.game, .player = player}, receipt);
                !done) {
                return done;
            }
        }
    }
    return {};
}

}  // namespace migrator

#endif
