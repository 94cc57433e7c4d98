// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/cut_over.hpp>
#include <jackpot/replication/replicate.hpp>
#include <jackpot/testing/faulty_storage.hpp>

#include <functional>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::snapshot_of;
using test::value_of;

namespace {

using store_type = memory_storage<>;
using network_type = network<store_type, seeded_environment>;

bool sealed(store_type& store) {
    return snapshot_of<std::int64_t>(store).head.sealed;
}

/// Runs `before` ahead of each call: what others do in between.
struct disturbed_storage {
    using amount_type = std::int64_t;

    store_type& store;
    std::function<void()>& before;

    template <class Call>
    auto then(Call&& call) {
        before();
        return call();
    }
    expected<void> load(snapshot& states) {
        return then([&] { return store.load(states); });
    }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        return then([&] { return store.commit(c); });
    }
    expected<bool> find(const name& key, operation& found) {
        return then([&] { return store.find(key, found); });
    }
    expected<void> read(const history_query& q, std::vector<operation>& page) {
        return then([&] { return store.read(q, page); });
    }
    expected<void> seal(bool on) {
        return then([&] { return store.seal(on); });
    }
    template <class Body>
    auto exclusive(Body&& body) -> decltype(store.exclusive(body)) {
        before();
        // Who asks a store that is held waits for it.
        const auto outer = std::exchange(before, [] {});
        auto done = store.exclusive(body);
        before = outer;
        return done;
    }
};

/// The steps of a cut-over as cut_over.hpp has them. Run again, whatever ended it, it goes on.
template <class From, class To>
expected<void> cut_over(From& from, To& to) {
    snapshot source;
    snapshot target;
    seeded_environment world(1);
    const auto copies = [&] {
        return replicate(
                   from, to, {.batch = 7, .pause_us = 1, .sealed = true}, [](auto&&) { return true; }, world)
            .map([](auto&&) {});
    };
    const auto compares = [&]() -> expected<void> {
        const auto compared = compare(from, to);
        return !compared           ? expected<void>(tl::unexpected(compared.error()))
               : compared->equal() ? success()
                                   : fail(errc::corrupt);
    };
    return from.load(source).and_then([&] { return to.load(target); }).and_then([&]() -> expected<void> {
        if (source.head.sealed && !target.head.sealed && take_over(to, from)) {
            return success();  // that was the last step
        }
        return to.seal(true)
            .and_then(copies)
            .and_then([&] { return from.seal(true); })
            .and_then(copies)
            .and_then(compares)
            .and_then([&] { return take_over(to, from); });
    });
}

/// Does as the guide says: what is refused as store_sealed goes to the other store, with the same key.
class client {
public:
    client(store_type& first, store_type& second, std::uint64_t seed)
        : stores_{network_type(first, seeded_environment(seed)),
                  network_type(second, seeded_environment(seed + 100))},
          seed_(seed) {}

    /// One request to each store in turn, until one takes it.
    void act() {
        const name key(std::to_string(seed_) + "-" + std::to_string(acknowledged));
        for (int i = 0; i < 2; ++i) {
            auto& store = stores_[at_];
            const auto answer = acknowledged % 3 == 2
                                    ? store.win({.pool = "minor", .game = "g", .player = "p", .key = key})
                                    : store.contribute({.game = "g", .wager = 1000, .key = key});
            if (answer) {
                CHECK(answer->parts.size() == (acknowledged % 3 == 2 ? 1 : 3));
                CHECK_FALSE(answer->replayed);
                ++acknowledged;
                return;
            }
            REQUIRE(code_of(answer) == errc::store_sealed);
            at_ = 1 - at_;
        }
    }

    std::uint64_t acknowledged = 0;

private:
    network_type stores_[2];
    std::size_t at_ = 0;
    std::uint64_t seed_;
};

struct pair_of_stores {
    store_type source;
    store_type target;
    client faithful{source, target, 1};  // asks the source first
    client eager{target, source, 2};     // heard of the target before
    bool begun = false;

    pair_of_stores() {
        network_type net(source, seeded_environment(7));
        test::open_pools(net);
    }

    /// Cuts over while clients ask between any two calls, ended by the plan. Never are both stores open.
    expected<void> cut_over_among_clients(testing::fault_plan& plan) {
        std::function<void()> disturb = [&] {
            begun = begun || sealed(target);
            if (begun) {
                CHECK((sealed(source) || sealed(target)));
            }
            if (begun && (eager.acknowledged < 30 || sealed(source))) {
                eager.act();
            }
            // Whoever copies a store that never rests would not end.
            if (faithful.acknowledged < 30 || sealed(source)) {
                faithful.act();
            }
        };
        disturbed_storage from{source, disturb};
        disturbed_storage to{target, disturb};
        testing::faulty_storage a(from, plan);
        testing::faulty_storage b(to, plan);
        return cut_over(a, b);
    }

    void check_that_all_is_in_the_target() {
        faithful.act();
        eager.act();
        CHECK(sealed(source));
        CHECK_FALSE(sealed(target));
        const auto states = snapshot_of<std::int64_t>(target);
        CHECK(states.head.sequence == 3 + faithful.acknowledged + eager.acknowledged);
        CHECK(value_of(audit(target)).clean());
        const auto copied = snapshot_of<std::int64_t>(source).head.sequence;
        CHECK(value_of(fold(target, copied)).pools == snapshot_of<std::int64_t>(source).pools);
    }
};

}  // namespace

TEST_CASE("a cut-over among clients loses nothing, whichever store they ask first") {
    pair_of_stores stores;
    testing::fault_plan plan;
    value_of(stores.cut_over_among_clients(plan));
    stores.check_that_all_is_in_the_target();
    CHECK(stores.eager.acknowledged > 10);
    // Once it is done it is done: the target goes on while somebody asks again.
    value_of(stores.cut_over_among_clients(plan));
    stores.check_that_all_is_in_the_target();
}

TEST_CASE("a cut-over that is killed at any call, and run again, loses nothing") {
    testing::fault_plan counted;
    {
        pair_of_stores stores;
        value_of(stores.cut_over_among_clients(counted));
    }
    REQUIRE(counted.calls > 20);
    for (const auto lost : {testing::lost::request, testing::lost::answer}) {
        for (std::uint64_t n = 1; n <= counted.calls; ++n) {
            CAPTURE(n);
            pair_of_stores stores;
            testing::fault_plan killed{.call = n, .lost = lost, .for_good = true};
            CHECK(code_of(stores.cut_over_among_clients(killed)) == errc::unavailable);
            testing::fault_plan none;
            value_of(stores.cut_over_among_clients(none));
            stores.check_that_all_is_in_the_target();
        }
    }
}

TEST_CASE("a cut-over is given up only where the target took nothing") {
    pair_of_stores stores;
    auto& [source, target, faithful, eager, begun] = stores;
    value_of(target.seal(true));
    CHECK(code_of(take_over(target, source)) == errc::conflict);  // the source is open
    value_of(source.seal(true));
    CHECK(code_of(take_over(target, source)) == errc::diverged);  // the tail is not there
    CHECK(sealed(target));
    value_of(take_over(source, target));
    value_of(take_over(source, target));
    CHECK_FALSE(sealed(source));
    testing::fault_plan none;
    value_of(stores.cut_over_among_clients(none));
    CHECK(code_of(take_over(source, target)) == errc::conflict);  // the target is open
    eager.act();
    value_of(target.seal(true));
    CHECK(code_of(take_over(source, target)) == errc::diverged);  // the target went on
    CHECK(sealed(source));
    // The way back is a cut-over too.
    value_of(cut_over(target, source));
    CHECK(sealed(target));
    CHECK_FALSE(sealed(source));

    // Another operation at the same sequence is another history.
    value_of(source.seal(false));
    value_of(target.seal(false));
    for (auto* store : {&source, &target}) {
        network_type net(*store, seeded_environment(store == &source ? 10 : 11));
        value_of(net.contribute({.game = "g", .wager = 1000}));
        value_of(store->seal(true));
    }
    CHECK(snapshot_of<std::int64_t>(source).head.sequence == snapshot_of<std::int64_t>(target).head.sequence);
    CHECK(code_of(take_over(source, target)) == errc::diverged);

    store_type stranger;
    network_type net(stranger, seeded_environment(8));
    test::open_pools(net);
    value_of(stranger.seal(true));
    value_of(source.seal(true));
    CHECK(code_of(take_over(source, stranger)) == errc::diverged);
    CHECK(code_of(take_over(source, source)) == errc::conflict);
}

TEST_CASE("of two who open a store each at once, one is refused") {
    store_type stores[2];
    network_type net(stores[0], seeded_environment(1));
    test::open_pools(net);
    seeded_environment world(1);
    value_of(replicate(
        stores[0], stores[1], {}, [](auto&&) { return true; }, world));
    for (int round = 0; round < 300; ++round) {
        value_of(stores[0].seal(true));
        value_of(stores[1].seal(true));
        bool opened[2];
        std::thread other([&] { opened[1] = take_over(stores[1], stores[0]).has_value(); });
        opened[0] = take_over(stores[0], stores[1]).has_value();
        other.join();
        CHECK(opened[0] != opened[1]);
        CHECK(sealed(stores[0]) == opened[1]);
        CHECK(sealed(stores[1]) == opened[0]);
    }
}
