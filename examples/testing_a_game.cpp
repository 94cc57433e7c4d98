// SPDX-License-Identifier: BSL-1.0

// How to test a game that is built on the library: a world that can be repeated, and a store that fails when
// you say.
//
// `seeded_environment` gives the same times and ids each time, so that a run can be repeated byte for byte.
// `faulty_storage` loses the call that its plan names, on the way there or on the way back. Let a scenario
// fail at its first call, at its second, and so on to the last, and look each time at what the players have.
#include <jackpot/core/environment.hpp>
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/testing/faulty_storage.hpp>

#include <cstdio>

namespace {

using namespace jackpot::literals;

/// The game under test: yours would be somewhere else. Ten spins and a win, each sent again with its key
/// until it is answered. What the player won.
template <class Network>
std::int64_t play(Network& net) {
    const auto answered = [](auto&& send) {
        auto answer = send();
        while (!answer && answer.error().retryable()) {
            answer = send();
        }
        return answer;
    };
    answered(
        [&] { return net.ensure({.pool = "minor", .configuration = {.seed = 1'000, .rate = "0.02"_rate}}); });
    for (int spin = 1; spin <= 10; ++spin) {
        const jackpot::name key = "spin-" + std::to_string(spin);
        answered([&] { return net.contribute({.game = "slots", .wager = 500, .key = key}); });
    }
    const auto win = answered(
        [&] { return net.win({.pool = "minor", .game = "slots", .player = "ann", .key = "win-1"}); });
    return win ? win->paid() : -1;
}

/// Plays with one call lost. Is everything as if none had been? `calls` becomes the number of calls that it
/// took.
bool survives(std::uint64_t lost_call, jackpot::testing::lost way, std::uint64_t& calls) {
    jackpot::memory_storage<> store;
    jackpot::testing::fault_plan plan{.call = lost_call, .lost = way};
    jackpot::testing::faulty_storage faulty(store, plan);
    jackpot::network net(faulty, jackpot::seeded_environment(7),
                         {.attempts = 1});  // the game tries again itself
    const std::int64_t won = play(net);
    calls = plan.calls;

    jackpot::snapshot states;
    const auto audited = jackpot::audit(store);
    return won == 1'100 && audited && audited->clean() && store.load(states) &&
           states.head.sequence == 12;  // opened, ten wagers, one win: nothing twice, nothing missing
}

/// Two runs of one seed are the same, times and ids included.
bool repeats() {
    std::vector<jackpot::operation> journals[2];
    for (auto& journal : journals) {
        jackpot::memory_storage<> store;
        jackpot::network net(store, jackpot::seeded_environment(7));
        play(net);
        journal = net.history().value_or(journal);
    }
    return journals[0].size() == 12 && journals[0] == journals[1];
}

}  // namespace

int main() {
    std::uint64_t calls = 0;
    bool sound = repeats() && survives(0, jackpot::testing::lost::request, calls);
    const std::uint64_t all = calls;
    for (const auto way : {jackpot::testing::lost::request, jackpot::testing::lost::answer}) {
        for (std::uint64_t call = 1; call <= all; ++call) {
            if (!survives(call, way, calls)) {
                std::printf("call %llu of %llu, lost: something is wrong\n",
                            static_cast<unsigned long long>(call), static_cast<unsigned long long>(all));
                sound = false;
            }
        }
    }
    std::printf("%llu calls, each lost on the way there and on the way back: %s\n",
                static_cast<unsigned long long>(all), sound ? "the player has what was won" : "NOT SOUND");
    return sound ? 0 : 1;
}
