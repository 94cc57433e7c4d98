// SPDX-License-Identifier: BSL-1.0
#include "async.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/write_behind.hpp>

// The keys of reverts (R15): a revert takes that of the contribution, on every way into a store.

using namespace jackpot;
using test::asked;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

contribute_request wager_of(const name& key) {
    return {.game = "g", .wager = 10, .key = key};
}
revert_request revert_of(const name& key, const name& actor = "ann") {
    return {.reverts = key, .actor = actor, .reason = "cancelled"};
}

template <class Net>
void open_pools(Net& net) {
    value_of(net.open({.pool = "p", .configuration = {.seed = 5, .rate = rate_of("0.5")}}));
    value_of(net.open({.pool = "q", .configuration = {.rate = rate_of("0.1")}}));
}

template <class Net>
void check_keys(Net& net) {
    for (const name& key : {name("w"), name(std::string(128, 'k'))}) {
        CHECK(code_of(net.revert(revert_of(key))) == errc::unknown_wager);
        const auto fed = value_of(net.contribute(wager_of(key)));
        const auto first = value_of(net.revert(revert_of(key)));
        CHECK(first.parts.size() == 2);
        CHECK_FALSE(first.replayed);
        auto again = value_of(net.revert(revert_of(key)));
        CHECK(again.replayed);
        again.replayed = false;
        CHECK(again == first);
        CHECK(code_of(net.revert(revert_of(key, "eve"))) == errc::key_conflict);
        auto contributed = value_of(net.contribute(wager_of(key)));
        CHECK(contributed.replayed);
        contributed.replayed = false;
        CHECK(contributed == fed);
        auto keyed = revert_of(key);
        keyed.key = "mine";
        CHECK(code_of(net.revert(keyed)) == errc::invalid_key);
    }
    value_of(net.win({.pool = "p", .game = "g", .player = "ann", .key = "won"}));
    CHECK(code_of(net.revert(revert_of("won"))) == errc::unknown_wager);
}

template <class Store>
void check_store(Store& store) {
    CHECK(value_of(audit(store)).clean());
    const auto states = test::snapshot_of<std::int64_t>(store);
    CHECK(value_of(fold(store, states.head.sequence)).pools == states.pools);
}

/// Puts so many operations without keys into the journal.
template <class Net>
void pass(Net& net, int operations) {
    for (int i = 0; i < operations; ++i) {
        value_of(net.contribute({.game = "g", .wager = 10}));
    }
}

}  // namespace

TEST_CASE("a revert sent again gets its receipt, and so does the contribution") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    open_pools(net);
    check_keys(net);
    check_store(store);
    memory_storage<> shared_store;
    shared_network shared(shared_store);
    open_pools(shared);
    check_keys(shared);
    check_store(shared_store);
}

TEST_CASE("a wager is reverted in the very commit that brings it, once") {
    memory_storage<> store;
    network direct(store);
    open_pools(direct);
    async_network<memory_storage<>> net(store);
    std::deque<asked> all;
    all.emplace_back(wager_of("w"));
    all.emplace_back(revert_of("w"));
    all.emplace_back(revert_of("w"));
    all.emplace_back(revert_of("w", "eve"));
    all.emplace_back(wager_of("w"));
    all.emplace_back(revert_of("v"));
    for (auto& each : all) {
        static_cast<void>(value_of(net.submit(each)));
    }
    net.pump().complete();
    const errc wanted[] = {errc{}, errc{}, errc{}, errc::key_conflict, errc{}, errc::unknown_wager};
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(i);
        CHECK(code_of(all[i].result()) == wanted[i]);
    }
    CHECK(all[1].got.parts.size() == 2);
    CHECK_FALSE(all[1].got.replayed);
    CHECK(all[2].got.replayed);
    CHECK(all[4].got.replayed);
    CHECK(value_of(direct.pool("p")).total_contributions == 0);
    check_store(store);
}

TEST_CASE("after the journal forgot the contribution, its revert is still told, and no other is possible") {
    memory_storage<> store({.history_limit = 500});
    network net(store, seeded_environment(1));
    open_pools(net);
    value_of(net.contribute(wager_of("reverted")));
    value_of(net.contribute(wager_of("kept")));
    pass(net, 1000);
    const auto first = value_of(net.revert(revert_of("reverted")));
    operation found;
    for (int i = 0; i < 100 && value_of(store.find("reverted", found)); ++i) {
        pass(net, 50);
    }
    REQUIRE_FALSE(value_of(store.find("reverted", found)));
    const auto again = value_of(net.revert(revert_of("reverted")));
    CHECK(again.replayed);
    CHECK(again.sequence == first.sequence);
    CHECK(code_of(net.revert(revert_of("reverted", "eve"))) == errc::key_conflict);
    CHECK(code_of(net.revert(revert_of("kept"))) == errc::unknown_wager);
    check_store(store);
    // The same key again is another wager: nobody says that this one was reverted.
    value_of(net.contribute(wager_of("reverted")));
    CHECK(code_of(net.revert(revert_of("reverted"))) == errc::key_conflict);
}

TEST_CASE("a contribution that only the store behind remembers is reverted") {
    memory_storage<> behind;
    write_behind<memory_storage<>> front(behind, {.history_limit = 500});
    network net(front, seeded_environment(1));
    open_pools(net);
    value_of(net.contribute(wager_of("early")));
    for (int i = 0; i < 10; ++i) {
        pass(net, 1000);
        value_of(front.flush());
    }
    CHECK_FALSE(value_of(net.revert(revert_of("early"))).replayed);
    CHECK(value_of(net.revert(revert_of("early"))).replayed);
    check_keys(net);
    value_of(front.flush());
    check_store(behind);
}
