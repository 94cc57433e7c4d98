// SPDX-License-Identifier: BSL-1.0

// A server's part of the jackpots: eight threads take wagers over one shared network, and the meters are
// printed beside them, until SIGINT or SIGTERM ends it in order.
//
//     server [URL]        sqlite://jackpots.db where none is given
//
// It can be started again and again, and as often at a time as the database bears.
#include <jackpot/core/system.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/soci.hpp>

#include <atomic>
#include <csignal>
#include <iostream>
#include <thread>

namespace {

using namespace jackpot::literals;
using network_type = jackpot::shared_network<jackpot::soci_storage>;

std::atomic<bool> ending = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // as a signal's handler needs it

int refuse(const jackpot::error& e) {
    std::cerr << to_text(e) << '\n';
    return 1;
}

/// Opens the pools in the first run. In a later one they are there, perhaps configured otherwise by a person
/// since: that is told, and left alone.
jackpot::expected<void> ensure_pools(network_type& net) {
    const jackpot::open_request pools[] = {
        {.pool = "minor", .configuration = {.seed = 100'000, .cap = 1'000'000, .rate = "0.02"_rate}},
        {.pool = "mega", .configuration = {.seed = 10'000'000, .rate = "0.005"_rate}}};
    for (const auto& pool : pools) {
        const auto found = net.ensure(pool);
        if (!found) {
            return tl::unexpected(found.error());
        }
        if (!found->differs.empty()) {
            std::cout << pool.pool << " is kept as it is; asked for: " << to_text(found->differs) << '\n';
        }
    }
    return {};
}

struct tally {
    std::atomic<std::uint64_t> wagers = 0;
    std::atomic<std::uint64_t> retries = 0;
    std::atomic<std::uint64_t> unanswered = 0;
};

/// One wager, until it is answered. Unavailable may mean that it was taken and that only the answer is lost:
/// sent again with its key it counts once, whatever became of the first.
void take_wager(network_type& net, const jackpot::contribute_request& wager, tally& counts) {
    jackpot::system_environment world;
    for (std::int64_t pause_us = 1'000;; pause_us = (std::min<std::int64_t>)(2 * pause_us, 1'000'000)) {
        const auto receipt = net.contribute(wager);
        if (receipt) {
            ++counts.wagers;
            return;
        }
        if (!receipt.error().retryable() || (ending && pause_us >= 100'000)) {
            std::cerr << *wager.key << ": " << to_text(receipt.error())
                      << '\n';  // for whoever settles it later
            ++counts.unanswered;
            return;
        }
        ++counts.retries;
        world.sleep(pause_us);
    }
}

void serve(network_type& net, const std::string& session, tally& counts) {
    for (std::uint64_t i = 1; !ending; ++i) {
        take_wager(net, {.game = "slots", .wager = 250, .key = session + "-" + std::to_string(i)}, counts);
    }
}

void print_meters(network_type& net, const tally& counts) {
    const auto pools = net.pools();
    if (!pools) {
        std::cerr << to_text(pools.error()) << '\n';  // the next look may succeed
        return;
    }
    for (const auto& pool : *pools) {
        std::cout << pool.pool << ' ' << pool.current << "  ";
    }
    std::cout << "after " << counts.wagers << " wagers" << std::endl;
}

}  // namespace

int main(int count, char** words) {
    auto store = jackpot::soci_storage::open(count > 1 ? words[1] : "sqlite://jackpots.db",
                                             jackpot::open_mode::create, {.count = 2});
    if (!store) {
        return refuse(store.error());
    }
    network_type net(*store);
    if (auto there = ensure_pools(net); !there) {
        return refuse(there.error());
    }
    for (const int signal : {SIGINT, SIGTERM}) {
        std::signal(signal, [](int) { ending = true; });
    }

    // Names this run's keys: no other run, and no other process, has the same.
    jackpot::system_environment world;
    const std::string run = std::to_string(world.random());
    tally counts;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back(serve, std::ref(net), run + "-" + std::to_string(i), std::ref(counts));
    }
    while (!ending) {
        world.sleep(200'000);
        print_meters(net, counts);
    }
    for (auto& thread : threads) {
        thread.join();  // each ends with the answer to its last wager
    }
    print_meters(net, counts);
    const auto owed = net.liability();
    std::cout << "ended in order: " << counts.wagers << " wagers, " << counts.retries << " retries, "
              << counts.unanswered << " without an answer, " << (owed ? *owed : -1) << " owed to players\n";
    return counts.unanswered == 0 ? 0 : 1;
}
