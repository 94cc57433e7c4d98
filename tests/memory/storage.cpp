// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "../wide.hpp"

#include <jackpot/core/key_table.hpp>
#include <jackpot/memory/storage.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <set>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

TEST_CASE_TEMPLATE("an operation of any kind is a record and back", Amount, std::int64_t, wide_amount) {
    memory_storage<Amount> store;
    network net(store, seeded_environment(1));
    testing::random_requests<Amount> random(11);
    for (int i = 0; i < 3000; ++i) {
        static_cast<void>(net.submit(random.next(test::snapshot_of<Amount>(store))));
    }
    std::set<operation_kind> kinds;
    basic_operation<Amount> copy;  // reused, as a reader of pages does
    for (const auto& o : value_of(net.history({.limit = 100'000}))) {
        detail::byte_counter count;
        detail::record<Amount>(count, o);
        std::vector<unsigned char> bytes(count.size);
        detail::byte_writer writer{bytes.data()};
        detail::record<Amount>(writer, o);
        CHECK(writer.to == bytes.data() + bytes.size());
        detail::byte_reader reader{bytes.data()};
        detail::record<Amount>(reader, copy);
        CHECK(reader.from == bytes.data() + bytes.size());
        CHECK(copy == o);
        kinds.insert(o.kind());
    }
    CHECK(kinds.size() == 14);  // all but the checkpoint, which only a limited history has
}

TEST_CASE("a limited history begins with a checkpoint, and keeps at least the newest operations") {
    memory_storage<> limited({.history_limit = 500});
    memory_storage<> whole;
    network a(limited, seeded_environment(1));
    network b(whole, seeded_environment(1));
    testing::random_requests<std::int64_t> random(3);
    for (int i = 0; i < 20'000; ++i) {
        const auto request = random.next(test::snapshot_of<std::int64_t>(whole));
        CHECK(code_of(a.submit(request)) == code_of(b.submit(request)));
    }
    const auto history = value_of(a.history({.limit = 100'000}));
    const auto all = value_of(b.history({.limit = 100'000}));
    REQUIRE(history.size() > 500);
    REQUIRE(history.size() < all.size() / 2);
    CHECK(history.front().kind() == operation_kind::checkpoint);
    CHECK(history.front().id == all[history.front().sequence - 1].id);
    for (std::size_t i = 1; i < history.size(); ++i) {
        CHECK(history[i] == all[history[i].sequence - 1]);
    }
    CHECK(test::snapshot_of<std::int64_t>(limited) == test::snapshot_of<std::int64_t>(whole));
    CHECK(value_of(audit(limited)).clean());

    // Keys last as long as the history: those before it are free again, those within it are not.
    operation found;
    bool forgotten = false;
    for (const auto& o : all) {
        if (const name* key = o.key()) {
            const bool kept = o.sequence > history.front().sequence;
            CHECK(value_of(limited.find(*key, found)) == kept);
            forgotten = forgotten || !kept;
        }
    }
    CHECK(forgotten);
}

TEST_CASE("what is retained is not trimmed") {
    memory_storage<> store({.history_limit = 100});
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    value_of(store.retain(700));
    for (int i = 0; i < 5000; ++i) {
        value_of(net.contribute({.game = "g", .wager = 1}));
    }
    auto page = value_of(net.history({.limit = 2}));
    CHECK(page[1].sequence <= 701);
    value_of(store.retain(sequence_max));
    page = value_of(net.history({.limit = 2}));
    CHECK(page[1].sequence > 4000);
}

TEST_CASE("a batch is all in or not at all where a key in it is held") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}, .key = "held"}));
    snapshot states = test::snapshot_of<std::int64_t>(store);
    const store_head before = states.head;
    std::vector<operation> operations(3);
    for (auto& o : operations) {
        o.request = contribute_request{.game = "g", .wager = 1};
        value_of(decide(states, 0, o));
        o.id = {7, o.sequence};
        value_of(apply(states, o));
    }
    const auto commit = [&](std::uint64_t guard) {
        named_pools<std::int64_t> named;
        return value_of(store.commit({.identity = before.identity,
                                      .sequence = guard,
                                      .newest = before.newest,
                                      .operations = operations,
                                      .pools = name_changed(states, operations, named)}));
    };
    std::get_if<contribute_request>(&operations[2].request)->key = "held";
    CHECK(commit(1) == commit_result::duplicate);
    std::get_if<contribute_request>(&operations[2].request)->key = "new";
    std::get_if<contribute_request>(&operations[0].request)->key = "new";
    CHECK(commit(1) == commit_result::duplicate);
    CHECK(test::snapshot_of<std::int64_t>(store).head.sequence == 1);
    std::get_if<contribute_request>(&operations[0].request)->key.reset();
    CHECK(commit(1) == commit_result::committed);
    operation found;
    CHECK(value_of(store.find("new", found)));
    CHECK(found == operations[2]);
}

TEST_CASE("the key table finds what was put in, and nothing that was taken out") {
    detail::key_table table;
    std::set<std::uint64_t> held;
    seeded_environment random(5);
    const auto key = [](std::uint64_t n) { return "key " + std::to_string(n); };
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t n = random.random() % 300;
        const auto* found = table.find(key(n), [&](std::uint64_t value) { return value == n; });
        REQUIRE((found != nullptr) == held.contains(n));
        if (found != nullptr) {
            table.erase(key(n), n);
            held.erase(n);
        } else {
            REQUIRE(table.try_reserve(table.size() + 1));
            table.insert(key(n), n);
            held.insert(n);
        }
        REQUIRE(table.size() == held.size());
    }
}

TEST_CASE("threads with a network each lose and double nothing on one store") {
    memory_storage<> store;
    {
        network net(store, seeded_environment(1));
        value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    }
    constexpr int wagers = 2000;
    const auto feed = [&](std::uint64_t seed, errc& worst) {
        network net(store, seeded_environment(seed), {.attempts = 100});
        for (int i = 0; i < wagers; ++i) {
            const auto key = std::to_string(seed) + "-" + std::to_string(i / 2);  // each key twice
            const auto done = net.contribute({.game = "g", .wager = 3, .key = name(key)});
            if (!done) {
                worst = done.error().code;
            }
        }
    };
    errc first{};
    errc second{};
    {
        std::thread a(feed, 1, std::ref(first));
        std::thread b(feed, 2, std::ref(second));
        a.join();
        b.join();
    }
    CHECK(first == errc{});
    CHECK(second == errc{});
    const auto states = test::snapshot_of<std::int64_t>(store);
    CHECK(states.head.sequence == 1 + wagers);
    CHECK(states.pools[0].current == 3 * wagers);
    CHECK(value_of(audit(store)).clean());
}
