// SPDX-License-Identifier: BSL-1.0

// Coroutines without a library for them: each player's wagers read as if they were blocking calls.
#include <jackpot/jackpot.hpp>
#include <jackpot/network/submitted.hpp>

#include <cinttypes>
#include <cstdio>

using namespace jackpot::literals;

namespace {

/// Starts at once, and is nobody's: the program's own tasks would be here.
struct task {
    struct promise_type {
        task get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept {}
    };
};

using network = jackpot::async_network<jackpot::memory_storage<>>;

// By value: a reference may be gone when the coroutine goes on.
task play(network& net, bool& to_pump, jackpot::name player) {
    const auto wake = [&to_pump]() noexcept { to_pump = true; };
    std::int64_t put_in = 0;
    for (int spin = 0; spin < 10; ++spin) {
        const jackpot::contribute_request bet{.game = "slots", .wager = 500, .player = player};
        const auto receipt = co_await submitted(net, bet, wake);
        put_in += receipt ? receipt->total() : 0;
    }
    std::printf("%s put in %" PRId64 "\n", player.c_str(), put_in);
}

}  // namespace

int main() {
    jackpot::memory_storage<> store;
    if (!jackpot::network(store).ensure(
            {.pool = "minor", .configuration = {.seed = 100'000, .rate = "0.02"_rate}})) {
        return 1;
    }
    network net(store);
    bool to_pump = false;
    play(net, to_pump, "alice");
    play(net, to_pump, "bob");
    // The program's event loop: elsewhere `wake` would post the pump to it.
    while (std::exchange(to_pump, false)) {
        net.pump().complete();
    }
}
