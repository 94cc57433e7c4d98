// SPDX-License-Identifier: BSL-1.0
#include "group_commit.hpp"

#include <atomic>
#include <thread>

using namespace jackpot;
using test::rate_of;
using test::value_of;

namespace {

/// A memory store whose commits wait until a test lets them go, and may fail.
class gated_storage {
public:
    using amount_type = std::int64_t;

    expected<void> load(snapshot& states) {
        auto loaded = inner_.load(states);
        if (torn && !states.pools.empty()) {
            states.pools[0].current += 1;
            return fail(errc::unavailable, "the connection was lost in the middle");
        }
        return loaded;
    }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        arrived.fetch_add(1);
        while (closed) {
            std::this_thread::yield();
        }
        largest = (std::max)(largest.load(), c.operations.size());
        ++commits;
        if (failing) {
            return fail(failure);
        }
        for (const auto& o : c.operations) {
            const auto* w = std::get_if<contribute_request>(&o.request);
            if (w != nullptr && w->wager == unheld) {
                return fail(errc::amount_overflow);
            }
        }
        return inner_.commit(c);
    }
    expected<bool> find(const name& key, operation& found) { return inner_.find(key, found); }
    expected<void> read(const history_query& q, std::vector<operation>& page) { return inner_.read(q, page); }
    expected<void> seal(bool sealed) { return inner_.seal(sealed); }

    std::atomic<bool> closed = false;
    std::atomic<bool> failing = false;
    bool torn = false;  // a load fails when it has read something already
    errc failure = errc::permission_denied;
    std::int64_t unheld = -1;  // a wager that this store alone cannot hold
    std::atomic<int> arrived = 0;
    std::atomic<int> commits = 0;
    std::atomic<std::size_t> largest = 0;

private:
    memory_storage<> inner_;
};
static_assert(storage<gated_storage>);

using shared = shared_network<gated_storage>;

void open_two(shared& net) {
    value_of(net.open({.pool = "mega", .configuration = {.seed = 100, .rate = rate_of("0.1")}}));
    value_of(net.open({.pool = "minor", .configuration = {.seed = 10, .rate = rate_of("0.2")}}));
}

template <class Body>
void on_threads(int count, Body&& body) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&body, i] { body(i); });
    }
    for (auto& t : threads) {
        t.join();
    }
}

/// Starts callers while the store is closed, until all of them wait behind the first, and opens it.
template <class Body>
void together(gated_storage& store, shared& net, int count, Body&& body) {
    store.closed = true;
    const int before = store.arrived;
    std::thread first([&] { value_of(net.contribute({.game = "slots", .wager = 10})); });
    while (store.arrived == before) {
        std::this_thread::yield();
    }
    std::thread opener([&] {
        while (net.waiting() != static_cast<std::size_t>(count) + 1) {
            std::this_thread::yield();
        }
        store.closed = false;
    });
    on_threads(count, body);
    opener.join();
    first.join();
}

}  // namespace

TEST_CASE("callers who wait while a commit is under way share the next one") {
    gated_storage store;
    shared net(store);
    open_two(net);
    store.commits = 0;
    std::atomic<std::int64_t> paid = 0;
    together(store, net, 7, [&](int i) {
        if (i == 0) {
            paid += value_of(net.win({.pool = "minor", .game = "slots", .player = "eve"})).parts[0].paid;
        } else {
            CHECK(value_of(net.contribute({.game = "slots", .wager = 1000})).parts.size() == 2);
        }
    });
    CHECK(store.commits == 2);
    CHECK(store.largest == 7);
    const pool mega = value_of(net.pool("mega"));
    CHECK(mega.total_wagered == 6010);
    CHECK(mega.version == 8);
    CHECK(value_of(net.pool("minor")).total_wins == paid);
    CHECK(value_of(audit(store)).clean());
    CHECK(net.waiting() == 0);
}

TEST_CASE("one bad request spoils no other, whatever it is refused for") {
    gated_storage store;
    shared net(store);
    open_two(net);
    store.commits = 0;
    std::atomic<int> refused = 0;
    together(store, net, 6, [&](int i) {
        if (i == 1) {
            refused +=
                test::code_of(net.win({.pool = "none", .game = "g", .player = "p"})) == errc::unknown_pool;
        } else if (i == 2) {
            refused += test::code_of(net.contribute({.game = "", .wager = 1})) == errc::invalid_game;
        } else if (i == 3) {
            refused +=
                test::code_of(net.win({.pool = "mega", .game = "g", .player = "p", .amount = 1'000'000})) ==
                errc::amount_exceeds_pool;
        } else {
            value_of(net.contribute({.game = "slots", .wager = 1000}));
        }
    });
    CHECK(refused == 3);
    CHECK(value_of(net.pool("mega")).total_wagered == 3010);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("nor does one that only the store refuses, in a group or in a batch") {
    gated_storage store;
    shared net(store);
    open_two(net);
    store.unheld = 666;
    std::atomic<int> refused = 0;
    together(store, net, 5, [&](int i) {
        const auto done = net.contribute({.game = "slots", .wager = i == 2 ? 666 : 1000});
        refused += done ? 0 : 1;
        CHECK(test::code_of(done) == (i == 2 ? errc::amount_overflow : errc{}));
    });
    CHECK(refused == 1);
    std::vector<contribute_request> wagers(3, {.game = "slots", .wager = 1000});
    wagers[1].wager = 666;
    std::vector<expected<receipt>> answers(3);
    value_of(net.contribute(wagers, answers));
    CHECK(answers[0]);
    CHECK(test::code_of(answers[1]) == errc::amount_overflow);
    CHECK(answers[2]);
    CHECK(value_of(net.pool("mega")).total_wagered == 6010);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("no more callers share a commit than the policy says") {
    for (const std::size_t batch : {std::size_t(1), std::size_t(2), std::size_t(3)}) {
        CAPTURE(batch);
        gated_storage store;
        shared net(store, {}, {.batch = batch});
        open_two(net);
        store.commits = 0;
        together(store, net, 6, [&](int) { value_of(net.contribute({.game = "slots", .wager = 1000})); });
        CHECK(store.largest == batch);
        CHECK(store.commits >= static_cast<int>(6 / batch) + 1);
        CHECK(value_of(net.pool("mega")).total_wagered == 6010);
    }
}

TEST_CASE_TEMPLATE("nothing is shown or built on of a load that failed in the middle", Net,
                   shared_network<gated_storage>, network<gated_storage>) {
    gated_storage store;
    Net net(store, {}, {});
    value_of(net.open({.pool = "mega", .configuration = {.seed = 100, .rate = rate_of("0.1")}}));
    CHECK(value_of(net.pool("mega")).current == 100);
    store.torn = true;
    CHECK(test::code_of(net.pool("mega")) == errc::unavailable);
    store.torn = false;
    CHECK(value_of(net.pool("mega")).current == 100);
    CHECK(value_of(net.contribute({.game = "slots", .wager = 1000})).parts[0].current == 200);
}

TEST_CASE("a policy without callers a commit takes one") {
    gated_storage store;
    shared net(store, {}, {.batch = 0});
    open_two(net);
    CHECK(value_of(net.pool("mega")).current == 100);
}

TEST_CASE("a key counts once, however many send it at the same time") {
    gated_storage store;
    shared net(store);
    open_two(net);
    std::atomic<int> replayed = 0;
    std::atomic<int> conflicts = 0;
    together(store, net, 8, [&](int i) {
        const auto r = net.contribute({.game = "slots", .wager = i == 7 ? 2000 : 1000, .key = name("k")});
        if (!r) {
            CHECK(r.error().code == errc::key_conflict);
            ++conflicts;
        } else {
            replayed += r->replayed ? 1 : 0;
        }
    });
    const std::int64_t wagered = value_of(net.pool("mega")).total_wagered;
    if (wagered == 2010) {  // the odd one came first
        CHECK(conflicts == 7);
        CHECK(replayed == 0);
    } else {
        CHECK(wagered == 1010);
        CHECK(conflicts == 1);
        CHECK(replayed == 6);
    }
}

TEST_CASE("a failed commit is reported to exactly those whose it was") {
    gated_storage store;
    shared net(store);
    open_two(net);
    std::atomic<int> failed = 0;
    std::thread breaker([&] {
        while (net.waiting() != 6) {
            std::this_thread::yield();
        }
        store.failing = true;
    });
    store.closed = true;
    std::thread first([&] {
        failed += test::code_of(net.contribute({.game = "slots", .wager = 10})) == errc::permission_denied;
    });
    while (net.waiting() != 1) {
        std::this_thread::yield();
    }
    std::thread opener([&] {
        breaker.join();
        store.closed = false;
    });
    on_threads(5, [&](int i) {
        const auto r = i == 0 ? net.contribute({.game = "", .wager = 1})
                              : net.contribute({.game = "slots", .wager = 10});
        failed += test::code_of(r) == (i == 0 ? errc::invalid_game : errc::permission_denied);
    });
    opener.join();
    first.join();
    CHECK(failed == 6);
    store.failing = false;
    CHECK(value_of(net.pool("mega")).total_wagered == 0);
    value_of(net.contribute({.game = "slots", .wager = 10}));
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("the queue is bounded, and says so at once") {
    gated_storage store;
    shared net(store, {}, {.waiting_max = 2});
    open_two(net);
    store.closed = true;
    std::thread leader([&] { value_of(net.contribute({.game = "slots", .wager = 10})); });
    while (net.waiting() != 1) {
        std::this_thread::yield();
    }
    std::thread second([&] { value_of(net.contribute({.game = "slots", .wager = 10})); });
    while (net.waiting() != 2) {
        std::this_thread::yield();
    }
    CHECK(test::code_of(net.contribute({.game = "slots", .wager = 10})) == errc::overloaded);
    std::vector<contribute_request> wagers(3, {.game = "slots", .wager = 10});
    std::vector<expected<receipt>> answers(3);
    value_of(net.contribute(wagers, answers));
    for (const auto& answer : answers) {
        CHECK(test::code_of(answer) == errc::overloaded);
    }
    store.closed = false;
    leader.join();
    second.join();
    CHECK(value_of(net.pool("mega")).total_wagered == 20);
}

TEST_CASE("batches, single calls and another writer of the same store keep their meaning") {
    gated_storage store;
    shared net(store);
    open_two(net);
    network other(store);
    constexpr int each = 200;
    on_threads(4, [&](int i) {
        for (int k = 0; k < each; ++k) {
            if (i == 0) {
                std::vector<contribute_request> wagers(3, {.game = "slots", .wager = 10});
                std::vector<expected<receipt>> answers(3);
                value_of(net.contribute(wagers, answers));
                for (auto& answer : answers) {
                    value_of(std::move(answer));
                }
            } else if (i == 1) {
                while (test::code_of(other.contribute({.game = "slots", .wager = 10})) == errc::conflict) {
                }
            } else {
                const std::string key = std::to_string(i) + "-" + std::to_string(k);
                value_of(net.contribute({.game = "slots", .wager = 10, .key = name(key)}));
                CHECK(value_of(net.contribute({.game = "slots", .wager = 10, .key = name(key)})).replayed);
            }
        }
    });
    CHECK(value_of(net.pool("mega")).total_wagered == (3 + 1 + 2) * each * 10);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("random requests of threads in memory come to what they come to one after another") {
    memory_storage<> store;
    test::check_group_commit(store, 8, 1000);
}
