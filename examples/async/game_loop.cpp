// SPDX-License-Identifier: BSL-1.0

// A game's loop: systems submit during the frame, and the frame ends with one commit for all of them. The
// nodes belong to the game, so a frame allocates nothing.
#include <jackpot/jackpot.hpp>
#include <jackpot/network/async_network.hpp>

#include <array>
#include <cinttypes>
#include <cstdio>

using namespace jackpot::literals;

namespace {

using network = jackpot::async_network<jackpot::memory_storage<>>;
using submission = network::submission_type;

/// A machine in the casino: one spin at a time.
struct machine : submission {
    machine()
        : submission(bet, won, [](submission& s) noexcept { static_cast<machine&>(s).spins = false; }) {}

    jackpot::contribute_request bet{.game = "slots", .wager = 500};
    jackpot::receipt won{};
    bool spins = false;
};

}  // namespace

int main() {
    jackpot::memory_storage<> store;
    if (!jackpot::network(store).ensure(
            {.pool = "minor", .configuration = {.seed = 100'000, .rate = "0.02"_rate}})) {
        return 1;
    }
    // A frame waits for nobody.
    network net(store, {}, {.retry = {.attempts = 1}, .gather = false});
    std::array<machine, 4> machines;
    for (int frame = 0; frame < 60; ++frame) {
        for (machine& m : machines) {
            m.spins = m.spins || net.submit(m).has_value();
        }
        net.pump().complete();
    }
    const auto pool = net.pool("minor");
    std::printf("240 spins later: %" PRId64 "\n", pool ? pool->current : -1);
}
