// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/write_behind.hpp>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

// Handles and the stores that did not make them.

namespace {

template <class Network>
void open_pool(Network& net, const char* pool, const char* rate) {
    value_of(net.open({.pool = pool, .configuration = {.rate = rate_of(rate), .games = {"g"}}}));
}

/// Wagers by the handle in each way there is; `store` has one pool, which takes half of each.
template <class Store>
void check_goes_by_name(Store& store, const game_handle& game) {
    network net(store, seeded_environment(5));
    CHECK(value_of(net.contribute(game, {.wager = 100, .key = "one"})).total() == 50);
    CHECK(value_of(net.contribute(game, {.wager = 100, .key = "one"})).replayed);
    const std::vector<wager> wagers{{.wager = 10}, {.wager = 0}, {.wager = 30}};
    std::vector<expected<receipt>> receipts(3);
    value_of(net.contribute(game, wagers, receipts));
    CHECK(value_of(receipts[2]).total() == 15);
    CHECK(code_of(receipts[1]) == errc::invalid_wager);
    shared_network shared(store, seeded_environment(6));
    CHECK(value_of(shared.contribute(game, {.wager = 8})).total() == 4);
    CHECK(value_of(net.pool("half")).current == 50 + 5 + 15 + 4);
    CHECK(value_of(audit(store)).clean());
}

}  // namespace

TEST_CASE("a game's handle of another store stands for its name, and moves nothing there") {
    memory_storage<> other;
    network theirs(other, seeded_environment(1));
    open_pool(theirs, "all", "1");
    const auto game = value_of(theirs.resolve_game("g"));
    value_of(theirs.contribute(game, {.wager = 1}));
    const auto before = test::snapshot_of<std::int64_t>(other);

    memory_storage<> store;
    network net(store, seeded_environment(2));
    open_pool(net, "half", "0.5");
    check_goes_by_name(store, game);
    receipt given;
    CHECK_FALSE(value_of(store.exclusive([&](auto& locked) -> expected<bool> {
        return locked.contribute(game, {.wager = 1}, {.id = {1, 1}}, given);
    })));

    memory_storage<> behind;
    write_behind front(behind);
    network in_front(front, seeded_environment(3));
    open_pool(in_front, "half", "0.5");
    check_goes_by_name(front, game);
    value_of(front.flush());
    CHECK(value_of(audit(behind)).clean());

    CHECK(test::snapshot_of<std::int64_t>(other) == before);
    CHECK(value_of(audit(other)).clean());
}

TEST_CASE("handles of a front, and those of the store behind it, stand for their names with each other") {
    memory_storage<> behind;
    write_behind front(behind);
    network net(front, seeded_environment(1));
    open_pool(net, "half", "0.5");
    const auto game = value_of(net.resolve_game("g"));
    const auto pool = value_of(net.resolve_pool("half"));
    value_of(net.contribute(game, {.wager = 100}));
    value_of(front.flush());
    network at_behind(behind, seeded_environment(2));
    CHECK(value_of(at_behind.meters(pool)).current == 50);
    value_of(at_behind.contribute(game, {.wager = 100}));
    CHECK(value_of(at_behind.meters(pool)).current == 100);
    CHECK(value_of(net.meters(pool)).current == 50);
    CHECK(value_of(net.meters(value_of(at_behind.resolve_pool("half")))).current == 50);
    CHECK(value_of(audit(behind)).clean());
}

TEST_CASE("a pool's handle of another store reads the pool of that name") {
    memory_storage<> other;
    network theirs(other, seeded_environment(1));
    memory_storage<> store;
    network net(store, seeded_environment(2));
    for (auto* one : {&theirs, &net}) {
        value_of(one->open({.pool = "p", .configuration = {.seed = one == &net ? 7 : 9}}));
    }
    value_of(theirs.open({.pool = "q", .configuration = {.seed = 1}}));
    const auto p = value_of(theirs.resolve_pool("p"));
    const auto q = value_of(theirs.resolve_pool("q"));
    CHECK(value_of(net.meters(p)) == value_of(net.meters(value_of(net.resolve_pool("p")))));
    CHECK(value_of(net.meters(p)).current == 7);
    const auto missing = net.meters(q);
    CHECK(code_of(missing) == errc::unknown_pool);
    CHECK(missing.error().detail == "pool: q");
}

TEST_CASE("handles outlive their store, and one that is built in its place is another") {
    std::optional<memory_storage<>> store(std::in_place);
    const auto open = [&] {
        network net(*store, seeded_environment(1));
        open_pool(net, "half", "0.5");
    };
    open();
    const auto game = value_of(store->resolve_game("g"));
    const auto pool = value_of(store->resolve_pool("half"));
    {
        network net(*store, seeded_environment(2));
        value_of(net.contribute(game, {.wager = 1}));
    }
    store.reset();
    CHECK(game.name() == "g");
    CHECK(pool.name() == "half");
    store.emplace();
    open();
    CHECK(value_of(store->meters(pool)).current == 0);
    receipt given;
    CHECK_FALSE(value_of(store->exclusive([&](auto& locked) -> expected<bool> {
        return locked.contribute(game, {.wager = 1}, {.id = {1, 1}}, given);
    })));
    check_goes_by_name(*store, game);
    CHECK(value_of(store->meters(pool)).current == 74);
}

TEST_CASE("a handle that no store made has no name, and is refused") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    open_pool(net, "half", "0.5");
    CHECK(code_of(net.contribute(game_handle(), {.wager = 100})) == errc::invalid_game);
    CHECK(code_of(net.meters(pool_handle())) == errc::invalid_pool);
    CHECK(value_of(net.pool("half")).current == 0);
}

TEST_CASE("a store stays where it is, and so do its handles after it was restored") {
    static_assert(!std::is_move_constructible_v<memory_storage<std::int64_t, null_lock>>);
    static_assert(!std::is_copy_constructible_v<memory_storage<std::int64_t, null_lock>>);
    memory_storage<> store;
    network net(store, seeded_environment(1));
    open_pool(net, "half", "0.5");
    const auto game = value_of(net.resolve_game("g"));
    const auto pool = value_of(net.resolve_pool("half"));
    const auto before = test::snapshot_of<std::int64_t>(store);
    value_of(net.contribute(game, {.wager = 100}));
    open_pool(net, "later", "1");
    value_of(net.restore(
        {.actor = "ann", .reason = "test", .returned_to = before.head.sequence, .states = before.pools}));
    CHECK(value_of(net.meters(pool)).current == 0);
    const auto after = value_of(net.contribute(game, {.wager = 10}));
    CHECK(after.parts.size() == 1);  // the later pool is suspended
    CHECK(value_of(net.meters(pool)).current == 5);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE(
    "whichever pools of a game are resolved, and whichever games move under one lock, meters are shown") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    const auto open = [&](const char* pool, name game) {
        value_of(net.open({.pool = pool, .configuration = {.rate = rate_of("1"), .games = {game}}}));
    };
    open("a", "g");
    open("b", "g");
    open("c", "h");
    const auto g = value_of(net.resolve_game("g"));
    const auto h = value_of(net.resolve_game("h"));
    const auto a = value_of(net.resolve_pool("a"));
    value_of(net.contribute(g, {.wager = 1}));
    CHECK(value_of(net.meters(a)).current == 1);
    value_of(net.contribute(g, {.wager = 1}));
    CHECK(value_of(net.meters(a)).current == 2);
    const auto c = value_of(net.resolve_pool("c"));
    for (int round = 0; round < 2; ++round) {
        receipt given;
        value_of(store.exclusive([&](auto& locked) -> expected<void> {
            const auto number = static_cast<std::uint64_t>(2 * round);
            CHECK(locked.contribute(g, {.wager = 10}, {.id = {1, number}}, given));
            CHECK(locked.contribute(h, {.wager = 10}, {.id = {1, number + 1}}, given));
            return success();
        }));
    }
    CHECK(value_of(net.meters(a)).current == 22);
    CHECK(value_of(net.meters(c)).current == 20);
}
