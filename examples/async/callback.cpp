// SPDX-License-Identifier: BSL-1.0

// A program with a thread that commits, and functions that are called back: nobody else waits.
#include <jackpot/jackpot.hpp>
#include <jackpot/network/submitted.hpp>

#include <cinttypes>
#include <cstdio>
#include <semaphore>
#include <thread>

using namespace jackpot::literals;

int main() {
    jackpot::memory_storage<> store;
    if (!jackpot::network(store).ensure(
            {.pool = "minor", .configuration = {.seed = 100'000, .rate = "0.02"_rate}})) {
        return 1;
    }
    jackpot::async_network net(store);

    // Whoever submits first of those that wait lets it go; it commits for all, and calls back.
    std::counting_semaphore<> told(0);
    std::thread commits([&] {
        for (int left = 3; left > 0;) {
            told.acquire();
            for (bool more = true; more;) {
                auto answers = net.pump();
                more = answers.more();
                left -= static_cast<int>(answers.size());
                answers.complete();
            }
        }
    });
    for (const char* key : {"bet-1", "bet-2", "bet-3"}) {
        const auto first =
            submit(net, jackpot::contribute_request{.game = "slots", .wager = 2'500, .key = key},
                   [key](const jackpot::expected<jackpot::receipt>& r) noexcept {
                       std::printf("%s put in %" PRId64 "\n", key, r ? r->total() : -1);
                   });
        if (first && *first) {
            told.release();
        }
    }
    commits.join();
}
