// SPDX-License-Identifier: BSL-1.0
#include "many_pools.hpp"

#include "taken.hpp"

#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/replication/replicate.hpp>
#include <jackpot/soci.hpp>

#include <chrono>
#include <ctime>
#include <stdexcept>

namespace bench {

namespace {

using namespace jackpot;

name pool_of(std::size_t i) {
    return "pool " + std::to_string(i);
}
name game_of(std::size_t i) {
    return "game " + std::to_string(i);
}

template <class Work>
double seconds_of(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void require(bool holds, const char* what) {
    if (!holds) {
        throw std::runtime_error(what);
    }
}

class batch_client final : public batches {
public:
    explicit batch_client(const std::string& url) : store_(taken(soci_storage::open(url))), net_(store_) {
        for (std::size_t i = 0; i < 1000; ++i) {
            requests_.push_back({.game = game_of(i % 3), .wager = 1000, .player = "alice"});
        }
        receipts_.resize(requests_.size());
    }

    double make(std::size_t commits) override {
        const std::clock_t start = std::clock();
        for (std::size_t i = 0; i < commits; ++i) {
            taken(net_.contribute(requests_, receipts_));
            for (const auto& receipt : receipts_) {
                require(receipt && receipt->parts.size() == 1, "a wager of a batch that no pool took");
            }
        }
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        return 1e6 * seconds / static_cast<double>(commits * requests_.size());
    }

private:
    soci_storage store_;
    network<soci_storage> net_;
    std::vector<contribute_request> requests_;
    std::vector<expected<receipt>> receipts_;
};

}  // namespace

void open_many(const std::string& url, std::size_t pools) {
    memory_storage<> from;
    network net(from, seeded_environment(1));
    for (std::size_t i = 0; i < pools; ++i) {
        taken(net.open(
            {.pool = pool_of(i),
             .configuration = {.seed = seed, .rate = rate::from_ppb(rate_ppb), .games = {game_of(i)}}}));
    }
    auto to = taken(soci_storage::open(url));
    system_environment world;
    replicator copy(from, to, world);
    require(taken(copy.run([](const replicate_progress&) { return true; })).complete, "not all is copied");
}

double load_many(const std::string& url, std::size_t pools) {
    auto store = taken(soci_storage::open(url));
    network net(store);
    const double seconds = seconds_of([&] { static_cast<void>(taken(net.pool(pool_of(pools / 2)))); });
    require(taken(net.pools()).size() == pools, "pools are missing");
    return seconds;
}

double read_many(const std::string& url, std::size_t pools) {
    const auto from = open_raw(url);
    text_rows rows;
    text_rows games;
    const double seconds = seconds_of([&] {
        rows = from->query("SELECT * FROM jackpots");
        games = from->query("SELECT * FROM jackpot_games");
    });
    require(rows.size() == pools && games.size() == pools, "rows are missing");
    return seconds;
}

std::unique_ptr<batches> open_batches(const std::string& url) {
    return std::make_unique<batch_client>(url);
}

}  // namespace bench
