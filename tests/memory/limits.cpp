// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/copy_batch.hpp>
#include <jackpot/store/checkpoint.hpp>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

// What a store in memory may no longer believe once others changed it, and what it keeps of a limited
// history.

namespace {

constexpr auto most = amount_traits<std::int64_t>::amount_max();

template <class Network>
void open_pool(Network& net) {
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
}

}  // namespace

TEST_CASE("a wager is refused where a commit since the last one has brought a pool near its limit") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    open_pool(net);
    value_of(net.contribute({.game = "g", .wager = 1}));
    value_of(net.adjust({.pool = "p", .delta = most - 10, .actor = "ann", .reason = "test"}));
    CHECK(code_of(net.contribute({.game = "g", .wager = 1000})) == errc::amount_overflow);
    CHECK(value_of(net.pool("p")).current == most - 9);
    value_of(net.contribute({.game = "g", .wager = 9}));
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("wagers that fit one by one are refused where they do not fit together") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    open_pool(net);
    const auto game = value_of(net.resolve_game("g"));
    value_of(net.contribute(game, {.wager = 1}));  // the room is known from here on
    int taken = 0;
    errc said{};
    while (said == errc{} && taken < 100) {
        said = code_of(net.contribute(game, {.wager = most / 40}));
        taken += said == errc{} ? 1 : 0;
    }
    CHECK(said == errc::amount_overflow);
    CHECK(taken == 40);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("states of another history of the same length are read anew") {
    memory_storage<> store;
    memory_storage<> other;
    network net(store, seeded_environment(1));
    open_pool(net);
    snapshot begun;
    begun.head.identity = test::snapshot_of<std::int64_t>(store).head.identity;
    std::vector<operation> page;
    value_of(detail::copy_batch(store, other, begun, page, 1000, false));
    value_of(net.contribute({.game = "g", .wager = 10}));
    value_of(network(other, seeded_environment(2)).contribute({.game = "g", .wager = 20}));
    auto states = test::snapshot_of<std::int64_t>(other);
    value_of(store.load(states));
    CHECK(states == test::snapshot_of<std::int64_t>(store));
    CHECK(states.pools[0].current == 10);
}

TEST_CASE("a wager is refused while rows are broken that a rewrite put there") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    open_pool(net);
    value_of(net.contribute({.game = "g", .wager = 1}));
    const auto whole = test::snapshot_of<std::int64_t>(store);
    auto broken = whole;
    broken.pools[0].current += 5;
    CHECK(value_of(store.rewrite(broken)) == commit_result::committed);
    CHECK(code_of(net.contribute({.game = "g", .wager = 1})) == errc::corrupt);
    CHECK(value_of(store.rewrite(whole)) == commit_result::committed);
    value_of(net.contribute({.game = "g", .wager = 1}));
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("a seal is seen by the next wager") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    open_pool(net);
    value_of(net.contribute({.game = "g", .wager = 1}));
    value_of(net.seal());
    CHECK(code_of(net.contribute({.game = "g", .wager = 1})) == errc::store_sealed);
    value_of(net.unseal());
    CHECK(value_of(net.contribute({.game = "g", .wager = 1})).sequence == 3);
}

TEST_CASE("however blocks of a journal are used again, the newest operations are there at every moment") {
    constexpr std::uint64_t limit = 700;
    memory_storage<> store({.history_limit = limit});
    network net(store, seeded_environment(1));
    open_pool(net);
    std::vector<operation> page;
    std::uint64_t forgotten = 0;
    for (std::uint64_t last = 2; last < 6000; ++last) {
        value_of(net.contribute({.game = "g", .wager = 1}));
        if (last <= limit) {
            continue;
        }
        const std::uint64_t oldest = last - limit + 1;
        value_of(store.read({.after = oldest - 1, .limit = 1}, page));
        REQUIRE(page.size() == 1);
        REQUIRE(page[0].sequence == oldest);
        REQUIRE(page[0].kind() == operation_kind::contributed);
        value_of(store.read({.limit = 1}, page));
        forgotten = page[0].kind() == operation_kind::checkpoint ? page[0].sequence : forgotten;
    }
    CHECK(forgotten > 3 * limit);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("a clock that is set back moves no wager before the operations that it follows") {
    struct settable {
        timestamp* then;
        timestamp now() const { return *then; }
        std::uint64_t random() const { return 1; }
        void sleep(std::int64_t) const {}
    };
    timestamp then = 2000;
    memory_storage<> store;
    network net(store, settable{&then});
    open_pool(net);
    const auto game = value_of(net.resolve_game("g"));
    then = 1000;
    CHECK(value_of(net.contribute({.game = "g", .wager = 1})).at == 2000);
    CHECK(value_of(net.contribute(game, {.wager = 1})).at == 2000);
    then = 3000;
    CHECK(value_of(net.contribute({.game = "g", .wager = 1})).at == 3000);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("an older copy that leaps over many operations forgets no key of those that it keeps") {
    memory_storage<> source;
    network net(source, seeded_environment(1));
    open_pool(net);
    value_of(net.contribute({.game = "g", .wager = 1, .key = "first"}));
    const auto play = [](auto& one, int wagers) {
        for (int i = 0; i < wagers; ++i) {
            value_of(one.contribute({.game = "g", .wager = 1}));
        }
    };
    play(net, 1500);
    memory_storage<> copy({.history_limit = 5000});
    snapshot reached;
    reached.head.identity = test::snapshot_of<std::int64_t>(source).head.identity;
    std::vector<operation> page;
    for (int blocks = 0; blocks < 2; ++blocks) {  // that it leaps in another than the oldest
        value_of(detail::copy_batch(source, copy, reached, page, 1000, false));
    }
    play(net, 20'000);
    const auto states = test::snapshot_of<std::int64_t>(source);
    const auto checkpoint = detail::checkpoint_of(states);
    named_pools<std::int64_t> all;
    CHECK(value_of(copy.commit({.identity = states.head.identity,
                                .sequence = reached.head.sequence,
                                .newest = reached.head.newest,
                                .operations = {&checkpoint, 1},
                                .pools = name_changed(states, {&checkpoint, 1}, all)})) ==
          commit_result::committed);
    network later(copy, seeded_environment(2));
    play(later, 1500);
    operation found;
    CHECK(value_of(copy.find("first", found)));
    CHECK(found.sequence == 2);
    play(later, 8000);
    CHECK_FALSE(value_of(copy.find("first", found)));
}
