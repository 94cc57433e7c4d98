// SPDX-License-Identifier: BSL-1.0
#include "../network/group_commit.hpp"
#include "../wide.hpp"
#include "engines.hpp"

#include <atomic>

using namespace jackpot;
using test::code_of;
using test::value_of;

namespace {

constexpr int threads = 8;
constexpr int wagers = 100;

name key_of(int thread, int wager) {
    return name(std::to_string(thread) + "-" + std::to_string(wager));
}

/// Counts the commits to the store behind it.
struct counted_storage {
    using amount_type = std::int64_t;
    static constexpr bool is_thread_safe = true;

    expected<void> load(snapshot& states) { return store.load(states); }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        ++commits;
        return store.commit(c);
    }
    expected<bool> find(const name& key, operation& found) { return store.find(key, found); }
    expected<void> read(const history_query& q, std::vector<operation>& page) { return store.read(q, page); }
    expected<void> seal(bool sealed) { return store.seal(sealed); }

    soci_storage store;
    std::atomic<int> commits = 0;
};

}  // namespace

TEST_CASE("threads that share a network share its commits on every engine, beside another writer") {
    for (const char* engine : test::engines) {
        CAPTURE(engine);
        const test::place place(engine);
        counted_storage store{value_of(soci_storage::open(place.url(), open_mode::create, {.count = 2}))};
        shared_network<counted_storage> net(store);
        test::open_pools(net);
        store.commits = 0;
        std::atomic<int> answered = 0;
        std::atomic<int> replayed = 0;
        std::atomic<int> refused = 0;
        // Another process's part: it wins now and then, on a connection of its own.
        std::thread rival([&] {
            auto own = value_of(soci_storage::open(place.url()));
            network other(own);
            for (int i = 0; i < 10; ++i) {
                const auto won = other.win({.pool = "mega", .game = "slots", .player = "eve", .amount = 1});
                answered += won ? 1 : 0;
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        });
        std::vector<std::thread> players;
        for (int t = 0; t < threads; ++t) {
            players.emplace_back([&, t] {
                for (int w = 0; w < wagers; ++w) {
                    const contribute_request wager{.game = "slots", .wager = 1000, .key = key_of(t, w)};
                    answered += net.contribute(wager) ? 1 : 0;
                    if (w % 10 == 0) {
                        const auto again = net.contribute(wager);
                        replayed += again && again->replayed ? 1 : 0;
                        refused += code_of(net.win({.pool = "none", .game = "g", .player = "p"})) ==
                                   errc::unknown_pool;
                    }
                }
            });
        }
        for (auto& player : players) {
            player.join();
        }
        rival.join();
        CHECK(answered == threads * wagers + 10);
        CHECK(replayed == threads * wagers / 10);
        CHECK(refused == threads * wagers / 10);
        CHECK(store.commits < threads * wagers);
        MESSAGE(engine, ": ", threads * wagers, " wagers in ", store.commits.load(), " commits");
        const pool minor = value_of(net.pool("minor"));
        CHECK(minor.total_wagered == threads * wagers * 1000);
        CHECK(minor.version == 1 + threads * wagers);
        CHECK(value_of(net.pool("mega")).win_count == 10);
        CHECK(value_of(audit(store)).clean());
    }
}

TEST_CASE_TEMPLATE("random requests of threads come to what they come to one after another on every engine",
                   Amount, std::int64_t, wide_amount) {
    for (const char* engine : test::engines) {
        CAPTURE(engine);
        const test::place place(engine);
        auto store = value_of(basic_soci_storage<Amount>::open(place.url(), open_mode::create, {.count = 2}));
        test::check_group_commit(store, 8, 150);
    }
}
