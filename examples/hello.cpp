// SPDX-License-Identifier: BSL-1.0

// [hello]
#include <jackpot/core/system.hpp>
#include <jackpot/jackpot.hpp>

#include <cstdio>

int main() {
    jackpot::memory_storage<> store;
    jackpot::network pools(store);

    // Amounts are minor units: a jackpot of 1,000.00 that takes 2 % of every wager, up to 10,000.00.
    const auto two_percent = *jackpot::rate::parse("0.02");
    const auto opened = pools.open(
        {.pool = "minor", .configuration = {.seed = 100'000, .cap = 1'000'000, .rate = two_percent}});

    // Sent again, the same key gives the same receipt: no wager counts twice.
    const auto wager = pools.contribute({.game = "slots", .wager = 2'500, .key = "bet-1"});
    const auto win = pools.win({.pool = "minor", .game = "slots", .player = "alice"});
    if (!opened || !wager || !win) {
        return 1;
    }
    std::printf("the wager put in %lld, alice won %lld, and it starts again at %lld\n",
                static_cast<long long>(wager->total()), static_cast<long long>(win->parts[0].paid),
                static_cast<long long>(win->parts[0].current));
}
// [hello]
