// SPDX-License-Identifier: BSL-1.0

// [hello]
#include <jackpot/jackpot.hpp>

#include <cinttypes>
#include <cstdio>

using namespace jackpot::literals;

int main() {
    jackpot::memory_storage<> store;
    jackpot::network net(store);

    // Amounts are minor units: a jackpot of 1,000.00 that takes 2 % of every wager, up to 10,000.00.
    const jackpot::open_request pools[] = {
        {.pool = "minor", .configuration = {.seed = 100'000, .cap = 1'000'000, .rate = "0.02"_rate}},
        {.pool = "mega", .configuration = {.seed = 10'000'000, .rate = "0.005"_rate}}};
    for (const auto& pool : pools) {
        if (!net.open(pool)) {
            return 1;
        }
    }

    // Sent again, the same key gives the same receipt: no wager counts twice.
    const auto wager = net.contribute({.game = "slots", .wager = 2'500, .key = "bet-1"});
    const auto win = net.win({.pool = "minor", .game = "slots", .player = "alice"});
    if (!wager || !win) {
        return 1;
    }
    std::printf("the wager put in %" PRId64 ", alice won %" PRId64 ", and it starts again at %" PRId64 "\n",
                wager->total(), win->paid(), win->part("minor")->current);
}
// [hello]
