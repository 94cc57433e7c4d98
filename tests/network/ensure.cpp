// SPDX-License-Identifier: BSL-1.0
#include "../replication/behind.hpp"
#include "../wide.hpp"

#include <jackpot/network/network.hpp>
#include <jackpot/network/shared_network.hpp>

#include <thread>
#include <utility>

using namespace jackpot;
using test::code_of;
using test::value_of;

namespace {

const open_request minor{.pool = "minor", .configuration = {.seed = 100, .cap = 1000, .rate = "0.5"_rate}};

open_request minor_by_key() {
    open_request r = minor;
    r.key = "start";
    return r;
}

/// What every network answers, whatever store it is over.
template <class Network>
void check_ensure(Network& net) {
    auto found = value_of(net.ensure(minor));
    CHECK(found.opened);
    CHECK_FALSE(found.changed);
    CHECK(found.differs.empty());
    CHECK(found.pool.current == 100);
    value_of(net.contribute({.game = "slots", .wager = 100}));

    // Once more, as after a restart: what is there, and no operation.
    found = value_of(net.ensure(minor));
    CHECK_FALSE(found.opened);
    CHECK(found.differs.empty());
    CHECK(found.pool.current == 150);
    CHECK(found.pool.version == 2);

    open_request other = minor;
    other.configuration.cap = no_cap;
    other.configuration.games = {"slots", "poker", "slots"};
    found = value_of(net.ensure(other));
    CHECK(to_text(found.differs) == "cap none, games 2");
    CHECK(found.pool.version == 2);
    CHECK(found.pool.configuration->cap == 1000);

    found = value_of(net.ensure(other, when::now));
    CHECK(found.changed);
    CHECK(found.differs.empty());
    CHECK(found.pool.version == 3);
    CHECK(found.pool.configuration->cap == std::nullopt);
    CHECK(found.pool.configuration->games == std::vector<name>{"poker", "slots"});
    found = value_of(net.ensure(other, when::now));
    CHECK_FALSE(found.changed);
    CHECK(found.pool.version == 3);
}

}  // namespace

TEST_CASE("ensure opens a pool, answers what is there and changes it only where it is asked to") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    check_ensure(net);
    memory_storage<> shared_store;
    shared_network shared(shared_store, seeded_environment(1));
    check_ensure(shared);
    test::rig<> rig;
    auto before = rig.net(1);
    check_ensure(before);
    value_of(rig.front->flush());
    rig.restart();
    auto again = rig.net(2);
    const auto found = value_of(again.ensure(minor));
    CHECK_FALSE(found.opened);
    CHECK(to_text(found.differs) == "cap 1000, games 0");
}

TEST_CASE("ensure after the next win is asked for once, however often the program starts") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.ensure(minor));
    open_request richer = minor;
    richer.configuration.seed = 200;
    auto found = value_of(net.ensure(richer, when::after_win));
    CHECK(found.changed);
    CHECK(to_text(found.differs) == "seed 200");  // as yet
    REQUIRE(found.pool.pending != nullptr);
    CHECK(found.pool.pending->configuration.seed == 200);
    found = value_of(net.ensure(richer, when::after_win));
    CHECK_FALSE(found.changed);
    CHECK(found.pool.version == 2);
    value_of(net.win({.pool = "minor", .game = "slots", .player = "ann"}));
    found = value_of(net.ensure(richer, when::after_win));
    CHECK(found.differs.empty());
    CHECK(found.pool.current == 200);
}

TEST_CASE("ensure now leaves nothing waiting that a win would undo it by") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.ensure(minor));
    open_request richer = minor;
    richer.configuration.seed = 200;
    value_of(net.ensure(richer, when::after_win));
    auto found = value_of(net.ensure(minor, when::now));
    CHECK(found.changed);
    CHECK(found.pool.pending == nullptr);
    value_of(net.win({.pool = "minor", .game = "slots", .player = "ann"}));
    found = value_of(net.ensure(minor, when::now));
    CHECK_FALSE(found.changed);
    CHECK(found.differs.empty());
    CHECK(found.pool.current == 100);
}

TEST_CASE("of two programs that ensure a pool by one key, the first opens it") {
    /// Lets the other program in between what this one reads and what it does.
    struct shared_storage {
        using amount_type = std::int64_t;
        memory_storage<>* store;
        open_request others;

        expected<void> load(snapshot& states) {
            auto done = store->load(states);
            if (std::exchange(others.pool, "") != "") {
                network other(*store, seeded_environment(2));
                CHECK(value_of(other.ensure(minor_by_key())).opened);
            }
            return done;
        }
        expected<commit_result> commit(const basic_commit<std::int64_t>& c) { return store->commit(c); }
        expected<bool> find(const name& key, operation& found) { return store->find(key, found); }
        expected<void> read(const history_query& q, std::vector<operation>& page) {
            return store->read(q, page);
        }
        expected<void> seal(bool sealed) { return store->seal(sealed); }
    };
    memory_storage<> store;
    shared_storage mine{&store, minor_by_key()};
    network net(mine, seeded_environment(1));
    const auto found = value_of(net.ensure(minor_by_key()));
    CHECK_FALSE(found.opened);
    CHECK(found.pool.version == 1);
}

TEST_CASE("ensure refuses what open refuses, and a change what configure refuses") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open(minor));
    CHECK(code_of(net.ensure({})) == errc::invalid_pool);
    CHECK(code_of(net.ensure({.pool = "minor", .configuration = {.seed = -1}})) == errc::invalid_seed);
    CHECK(code_of(net.ensure({.pool = "minor", .configuration = {.seed = 5, .cap = 5}})) ==
          errc::invalid_cap);
    CHECK(code_of(net.ensure({.pool = "minor", .key = name()})) == errc::invalid_key);
    CHECK(code_of(net.ensure(minor, when::discard)) == errc::invalid_when);
    CHECK(code_of(net.ensure({.pool = "minor", .configuration = {.cap = 50}}, when::now)) ==
          errc::cap_below_current);
    CHECK(value_of(net.pool("minor")).version == 1);

    value_of(net.open({.pool = "other", .key = "k"}));
    CHECK(code_of(net.ensure({.pool = "third", .key = "k"})) == errc::key_conflict);
    CHECK(value_of(net.ensure({.pool = "other", .key = "k"})).pool.version == 1);
    value_of(net.suspend({.pool = "minor"}));
    CHECK(value_of(net.ensure(minor)).pool.status == pool_status::suspended);
    value_of(net.seal());
    CHECK(value_of(net.ensure(minor)).differs.empty());
    CHECK(code_of(net.ensure({.pool = "fourth"})) == errc::store_sealed);
}

TEST_CASE("whichever call of ensure is lost, once more ends well, with one pool") {
    for (const auto way : {testing::lost::request, testing::lost::answer}) {
        for (std::uint64_t call = 1; call <= 6; ++call) {
            CAPTURE(call);
            test::rig<> r;
            r.plan = {.call = call, .lost = way};
            network net(r.behind, seeded_environment(1), {.attempts = 1});
            static_cast<void>(net.ensure(minor));
            r.mend();
            CHECK(value_of(net.ensure(minor)).pool.version == 1);
            CHECK(r.reached() == 1);
        }
    }
}

TEST_CASE("of many who ensure a pool at once, one opens it") {
    memory_storage<> store;
    std::atomic<int> opened = 0;
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            network net(store, seeded_environment(i + 1));
            opened += value_of(net.ensure(minor)).opened ? 1 : 0;
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(opened == 1);
    network net(store, seeded_environment(9));
    CHECK(value_of(net.pool("minor")).version == 1);
}

TEST_CASE("a receipt says what was paid, and what became of each pool") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    test::open_pools(net);
    const auto wager = value_of(net.contribute({.game = "slots", .wager = 1000}));
    CHECK(wager.paid() == 0);
    REQUIRE(wager.part("minor") != nullptr);
    CHECK(wager.part("minor")->to_pool == 20);
    CHECK(wager.part("mega")->to_pool == 5);
    CHECK(wager.part("MINOR") == nullptr);
    const auto win = value_of(net.win({.pool = "minor", .game = "slots", .player = "ann"}));
    CHECK(win.paid() == 100'020);
    CHECK(win.total() == 0);
    CHECK(win.part("minor")->current == 100'000);
    CHECK(win.part("mega") == nullptr);
    CHECK(receipt().paid() == 0);
}

TEST_CASE_TEMPLATE("what is owed is what the pools hold, and what is set aside above their caps", Amount,
                   std::int64_t, wide_amount) {
    const Amount most = amount_traits<Amount>::amount_max();
    memory_storage<Amount> store;
    network net(store, seeded_environment(1));
    CHECK(value_of(net.liability()) == 0);
    value_of(net.open({.pool = "capped", .configuration = {.cap = Amount(50), .rate = "1"_rate}}));
    value_of(net.open({.pool = "seeded", .configuration = {.seed = 7}}));
    value_of(net.contribute({.game = "slots", .wager = 80}));
    CHECK(value_of(net.liability()) == 87);
    value_of(net.win({.pool = "capped", .game = "slots", .player = "ann"}));
    CHECK(value_of(net.liability()) == 37);
    value_of(net.open({.pool = "huge", .configuration = {.seed = Amount(most - 36)}}));
    CHECK(code_of(net.liability()) == errc::amount_overflow);
}
