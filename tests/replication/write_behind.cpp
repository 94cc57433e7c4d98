// SPDX-License-Identifier: BSL-1.0
#include "../wide.hpp"
#include "behind.hpp"

#include <jackpot/testing/conformance.hpp>

#include <thread>

using namespace jackpot;
using test::code_of;
using test::rig;
using test::take_wagers;
using test::value_of;
using testing::lost;

namespace {

template <class Net, class Front>
void play(Net& net, Front& front, std::uint64_t seed, int requests) {
    using amount_type = typename Front::amount_type;
    testing::random_requests<amount_type> random(seed);
    for (int i = 0; i < requests; ++i) {
        static_cast<void>(net.submit(random.next(test::snapshot_of<amount_type>(front))));
    }
}

/// A store that can be another one from one call to the next.
struct replaceable {
    using amount_type = std::int64_t;
    memory_storage<>* store;

    auto load(snapshot& states) { return store->load(states); }
    auto commit(const basic_commit<std::int64_t>& c) { return store->commit(c); }
    auto find(const name& key, operation& found) { return store->find(key, found); }
    auto read(const history_query& q, std::vector<operation>& page) { return store->read(q, page); }
    auto seal(bool sealed) { return store->seal(sealed); }
};

/// Brings some of it behind before every verb.
template <class Behind>
class pumped : public write_behind<Behind> {
public:
    using base = write_behind<Behind>;
    using typename base::amount_type;

    pumped(Behind& behind, const write_behind_options& o, std::uint64_t operations)
        : base(behind, o), operations_(operations) {}

    auto load(basic_snapshot<amount_type>& states) { return after_pump().load(states); }
    auto commit(const basic_commit<amount_type>& c) { return after_pump().commit(c); }
    auto find(const name& key, basic_operation<amount_type>& found) { return after_pump().find(key, found); }
    auto read(const history_query& q, std::vector<basic_operation<amount_type>>& page) {
        return after_pump().read(q, page);
    }

private:
    base& after_pump() {
        value_of(base::pump(operations_));
        return *this;
    }
    std::uint64_t operations_;
};

template <class Amount>
std::string report_on(const write_behind_options& o, std::uint64_t operations,
                      memory_options of_behind = {}) {
    std::unique_ptr<memory_storage<Amount>> behind;
    return to_text(testing::check_conformance([&] {
        behind = std::make_unique<memory_storage<Amount>>(of_behind);
        return pumped<memory_storage<Amount>>(*behind, o, operations);
    }));
}

}  // namespace

// ThreadSanitizer would take minutes for what one thread does alone.
#ifndef __SANITIZE_THREAD__
TEST_CASE_TEMPLATE("it keeps the laws of a store", Amount, std::int64_t, wide_amount) {
    CHECK(report_on<Amount>({}, 0) == "");
    CHECK(report_on<Amount>({.batch = 3}, 7) == "");
    CHECK(report_on<Amount>({.history_limit = 1}, 50) == "");
    CHECK(report_on<Amount>({.history_limit = 1, .batch = 40}, sequence_max) == "");
    CHECK(report_on<Amount>({.history_limit = 200}, sequence_max, {.history_limit = 1}) == "");
    CHECK(report_on<Amount>({.history_limit = 1, .durable = true}, 0) == "");
    CHECK(report_on<Amount>({.durable = true}, 5) == "");
}
#endif

TEST_CASE("what a crash would lose can be read, and a pump costs what it copies") {
    rig r({.batch = 10});
    auto net = r.net(1);
    test::open_pools(net);
    const auto oldest = test::snapshot_of<std::int64_t>(*r.front).pools[1].opened_at;  // mega was the last
    CHECK(r.front->lag().operations == 3);
    CHECK(r.front->lag().since < oldest);
    auto pumped = value_of(r.front->pump(2));
    CHECK(pumped.operations == 2);
    CHECK(pumped.left == 1);
    CHECK(r.front->lag().operations == 1);
    CHECK(r.front->lag().since == oldest);
    value_of(r.front->flush());
    CHECK(r.front->lag().operations == 0);
    CHECK(r.front->lag().since == 0);
    for (int operations : {0, 1, 7, 10, 11, 35}) {
        take_wagers(net, operations);
        const auto before = r.plan.calls;
        pumped = value_of(r.front->pump());
        CHECK(pumped.operations == static_cast<std::uint64_t>(operations));
        CHECK(pumped.left == 0);
        CHECK(r.plan.calls - before == static_cast<std::uint64_t>((operations + 9) / 10));
    }
    r.check_equal();
}

TEST_CASE("while the store behind is down wagers go on up to the limit, and then are refused as overloaded") {
    rig r({.lag_limit = 20});
    auto net = r.net(1);
    test::open_pools(net);
    const auto first = value_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"}));
    value_of(r.front->flush());
    r.cut();
    for (std::uint64_t lag = 1; lag <= 20; ++lag) {
        take_wagers(net, 1);
        CHECK(code_of(r.front->pump()) == errc::unavailable);
        CHECK(r.front->lag().operations == lag);
    }
    const auto before = test::snapshot_of<std::int64_t>(*r.front);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::overloaded);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000, .key = "next"})) == errc::overloaded);
    CHECK(test::snapshot_of<std::int64_t>(*r.front) == before);
    CHECK(value_of(net.pool("minor")).version == before.pools[2].version);
    CHECK(value_of(net.history()).size() == before.head.sequence);
    const auto again = value_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"}));
    CHECK(again.replayed);
    CHECK(again.sequence == first.sequence);

    r.mend();
    CHECK(value_of(r.front->pump(5)).left == 15);
    take_wagers(net, 5);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::overloaded);
    value_of(r.front->flush());
    take_wagers(net, 20);
    value_of(r.front->flush());
    r.check_equal();
}

TEST_CASE(
    "whatever call to the store behind is lost, the next pump goes on, and nothing is lost or doubled") {
    const auto scenario = [](rig<>& r) {
        auto net = r.net(3);
        test::open_pools(net);
        for (int frame = 0; frame < 6; ++frame) {
            play(net, *r.front, static_cast<std::uint64_t>(frame), 12);
            static_cast<void>(r.front->pump(9));
        }
    };
    rig counted({.batch = 4});
    scenario(counted);
    value_of(counted.front->flush());
    REQUIRE(counted.plan.calls > 12);
    const auto calls = counted.plan.calls;
    for (const auto way : {lost::request, lost::answer}) {
        for (std::uint64_t n = 3; n <= calls; ++n) {  // the first two are those of the start
            CAPTURE(n);
            rig r({.batch = 4});
            r.plan = {.call = n, .lost = way};
            scenario(r);
            while (!r.front->flush()) {
                CHECK(r.plan.calls >= n);
            }
            r.check_equal();
            CHECK(r.reached() == counted.reached());
        }
    }
}

TEST_CASE("a start without the store behind is refused, and made good by the first verb that reaches it") {
    rig r;
    r.cut();
    snapshot states;
    CHECK(code_of(r.front->restore()) == errc::unavailable);
    CHECK(code_of(r.front->load(states)) == errc::unavailable);
    CHECK(code_of(r.front->pump()) == errc::unavailable);
    r.mend();
    auto net = r.net(1);
    test::open_pools(net);
    value_of(r.front->flush());
    r.check_equal();
}

TEST_CASE("a start takes the newest states, whatever the length of the journal, and keys go on counting") {
    rig r;
    {
        auto net = r.net(1);
        test::open_pools(net);
        take_wagers(net, 500);
        value_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"}));
        value_of(r.front->flush());
    }
    const auto states = test::snapshot_of<std::int64_t>(r.store);
    r.restart();
    const auto before = r.plan.calls;
    value_of(r.front->restore());
    CHECK(r.plan.calls - before == 1);
    CHECK(test::snapshot_of<std::int64_t>(*r.front) == states);
    auto net = r.net(2);
    CHECK(value_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"})).replayed);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1, .key = "bet"})) == errc::key_conflict);
    CHECK_FALSE(value_of(net.contribute({.game = "slots", .wager = 1000, .key = "new"})).replayed);

    // Without the store behind no unknown key is taken; wagers without one, and keys of this run, are.
    r.cut();
    const auto sequence = test::snapshot_of<std::int64_t>(*r.front).head.sequence;
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"})) == errc::unavailable);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000, .key = "other"})) == errc::unavailable);
    CHECK(test::snapshot_of<std::int64_t>(*r.front).head.sequence == sequence);
    CHECK(value_of(net.contribute({.game = "slots", .wager = 1000, .key = "new"})).replayed);
    take_wagers(net, 3);
    r.mend();
    CHECK(value_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"})).replayed);
    value_of(r.front->flush());
    r.check_equal();
}

TEST_CASE("keys that the front has forgotten are known to the store behind") {
    rig r({.history_limit = 10});
    auto net = r.net(1);
    test::open_pools(net);
    value_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"}));
    for (int i = 0; i < 200; ++i) {
        take_wagers(net, 100);
        value_of(r.front->pump());
    }
    operation found;
    CHECK(value_of(r.front->find("bet", found)));
    CHECK(found.sequence == 4);
    CHECK(value_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"})).replayed);
    r.cut();
    CHECK(code_of(r.front->find("bet", found)) == errc::unavailable);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"})) == errc::unavailable);
}

TEST_CASE("the journal is read over the seam as if it were one") {
    rig r({.history_limit = 50});
    auto net = r.net(5);
    for (int i = 0; i < 8; ++i) {
        play(net, *r.front, 5 + static_cast<std::uint64_t>(i), 400);
        value_of(r.front->pump());
    }
    const auto last = r.reached();
    std::vector<history_query> filters(1);
    filters.push_back({.pool = "minor"});
    filters.push_back({.kind = operation_kind::won});
    filters.push_back({.kind = operation_kind::checkpoint});
    filters.push_back({.game = "poker"});
    std::vector<operation> seen;
    std::vector<operation> wanted;
    const auto check_pages = [&] {
        for (auto& q : filters) {
            for (const std::size_t limit :
                 {std::size_t(0), std::size_t(1), std::size_t(300), std::size_t(-1)}) {
                for (std::uint64_t after = 0; after < last + 5; after += 53) {
                    q.limit = limit;
                    q.after = after;
                    value_of(r.front->read(q, seen));
                    value_of(r.store.read(q, wanted));
                    REQUIRE(seen == wanted);
                }
            }
        }
    };
    check_pages();
    r.restart();
    check_pages();
    // What is not behind yet continues what is.
    auto later = r.net(6);
    take_wagers(later, 30);
    value_of(r.front->read({.after = last - 10, .limit = 25}, seen));
    REQUIRE(seen.size() == 25);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        CHECK(seen[i].sequence == last - 10 + 1 + i);
    }
    r.cut();
    CHECK(code_of(r.front->read({}, seen)) == errc::unavailable);
    CHECK(r.front->read({.after = last}, seen));
    CHECK(seen.size() == 30);
}

TEST_CASE_TEMPLATE("after a crash at any point the pools are as of the last pump", Amount, std::int64_t,
                   wide_amount) {
    rig<Amount> r({.batch = 5});
    for (std::uint64_t crash = 1; crash <= 40; ++crash) {
        std::uint64_t pumped = 0;
        auto net = r.net(crash);
        for (std::uint64_t step = 0; step < crash; ++step) {
            play(net, *r.front, 100 * crash + step, 3);
            if (step % 3 == 0) {
                value_of(r.front->pump(step % 2 == 0 ? 4 : sequence_max));
            }
            pumped = test::snapshot_of<Amount>(*r.front).head.sequence - r.front->lag().operations;
        }
        r.restart();
        const auto found = test::snapshot_of<Amount>(*r.front);
        CHECK(found.head.sequence == pumped);
        CHECK(value_of(fold(r.store, pumped)).pools == found.pools);
    }
    r.check_equal();
}

TEST_CASE("another writer of the store behind is said as diverged, and nothing is overwritten") {
    rig r;
    auto net = r.net(1);
    test::open_pools(net);
    value_of(r.front->flush());
    network other(r.store, seeded_environment(9));
    take_wagers(other, 1);
    CHECK(r.front->pump());  // there is nothing to bring
    take_wagers(net, 3);
    const auto theirs = test::snapshot_of<std::int64_t>(r.store);
    for (int i = 0; i < 2; ++i) {
        CHECK(code_of(r.front->pump()) == errc::diverged);
        CHECK(code_of(r.front->seal(true)) == errc::diverged);
    }
    CHECK(test::snapshot_of<std::int64_t>(r.store) == theirs);
    CHECK(r.front->lag().operations == 3);
    take_wagers(net, 1);  // neither is sealed

    // So is a store behind that was put back to an earlier state, and another network's.
    memory_storage<> now;
    memory_storage<> earlier;
    memory_storage<> stranger;
    replaceable behind{&now};
    write_behind front(behind);
    network mine(front, seeded_environment(3));
    network theirs_too(stranger, seeded_environment(4));
    test::open_pools(mine);
    test::open_pools(theirs_too);
    value_of(front.flush());
    take_wagers(mine, 2);
    for (memory_storage<>* instead : {&earlier, &stranger}) {
        behind.store = instead;
        const auto found = test::snapshot_of<std::int64_t>(*instead);
        for (int i = 0; i < 2; ++i) {
            CHECK(code_of(front.pump()) == errc::diverged);
            CHECK(test::snapshot_of<std::int64_t>(*instead) == found);
        }
    }
    behind.store = &now;
    value_of(front.flush());
    CHECK(value_of(compare(front, now)).equal());
}

TEST_CASE("a batch that lands when it was given up for lost is not taken for another writer's") {
    struct late_storage : replaceable {
        test::kept_commit late{};
        int commits = 0;

        expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
            commits += 1;
            if (commits == 1) {
                late.keep(c);
                return fail(errc::unavailable);
            }
            if (commits == 2) {
                CHECK(store->commit(late.commit));
            }
            return store->commit(c);
        }
    };
    for (const bool keyed : {false, true}) {  // then the store says duplicate, and not conflict
        memory_storage<> store;
        late_storage behind{{&store}};
        write_behind front(behind);
        network net(front, seeded_environment(1));
        test::open_pools(net);
        contribute_request last{.game = "slots", .wager = 1000};
        if (keyed) {
            last.key = "bet";
        }
        value_of(net.contribute(last));
        CHECK(code_of(front.pump()) == errc::unavailable);
        take_wagers(net, 2);
        const auto pumped = value_of(front.pump());
        CHECK(pumped.operations == 6);
        CHECK(behind.commits == 3);
        CHECK(value_of(compare(front, store)).equal());
    }
}

TEST_CASE("sealing brings everything behind first; where it fails, neither is sealed") {
    rig r;
    auto net = r.net(1);
    test::open_pools(net);
    r.cut();
    CHECK(code_of(net.seal()) == errc::unavailable);
    take_wagers(net, 1);
    r.mend();
    value_of(net.seal());
    CHECK(r.reached() == 4);
    CHECK(test::snapshot_of<std::int64_t>(r.store).head.sealed);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::store_sealed);
    r.restart();
    auto later = r.net(2);
    CHECK(code_of(later.contribute({.game = "slots", .wager = 1000})) == errc::store_sealed);
    value_of(later.unseal());
    take_wagers(later, 1);
    value_of(r.front->flush());
    r.check_equal();
}

TEST_CASE("amounts that the store behind could not hold are refused at once") {
    struct small_storage : memory_storage<> {
        [[nodiscard]] std::int64_t amount_max() const { return 1'000'000; }
    };
    small_storage behind;
    write_behind front(behind);
    CHECK(amount_max(front) == 1'000'000);
    network net(front, seeded_environment(1));
    const auto open = [&](name pool, std::int64_t seed, std::optional<std::int64_t> cap) {
        return code_of(net.open(
            {.pool = pool, .configuration = {.seed = seed, .cap = cap, .rate = test::rate_of("0.5")}}));
    };
    CHECK(open("seed", 1'000'001, {}) == errc::amount_overflow);
    CHECK(open("cap", 1, 1'000'001) == errc::amount_overflow);
    CHECK(open("fits", 999'000, 1'000'000) == errc{});
    CHECK(code_of(net.contribute({.game = "g", .wager = 1'000'001})) == errc::amount_overflow);
    CHECK(code_of(net.contribute({.game = "g", .wager = 10})) == errc{});
    CHECK(front.lag().operations == 2);
}

TEST_CASE("durable: whatever call is lost, nothing acknowledged is, and no key counts twice") {
    const auto scenario = [](rig<>& r, bool until_done) {
        auto net = r.net(3);
        const auto patiently = [&](const basic_request<std::int64_t>& request) {
            auto answer = net.submit(request);
            while (!answer && until_done) {
                CHECK(code_of(answer) == errc::unavailable);
                answer = net.submit(request);
            }
            operation found;
            if (answer) {
                const auto* key = key_of<std::int64_t>(request);
                CHECK(value_of(r.store.find(*key, found)));
                CHECK(found.sequence == answer->sequence);
            }
        };
        patiently(open_request{
            .pool = "minor", .configuration = {.seed = 5, .rate = test::rate_of("0.5")}, .key = "open"});
        for (const char* key : {"a", "b", "c", "d", "e", "f"}) {
            patiently(contribute_request{.game = "slots", .wager = 1000, .key = key});
        }
        patiently(win_request{.pool = "minor", .game = "slots", .player = "ann", .key = "hit"});
    };
    rig counted({.durable = true});
    scenario(counted, true);
    const auto wanted = test::snapshot_of<std::int64_t>(counted.store).pools[0].total_wins;
    CHECK(wanted == 5 + 6 * 500);
    for (const auto way : {lost::request, lost::answer}) {
        for (std::uint64_t n = 1; n <= counted.plan.calls + 3; ++n) {
            CAPTURE(n);
            rig r({.durable = true});
            r.plan = {.call = n, .lost = way};
            scenario(r, true);
            CHECK(r.reached() == 8);
            CHECK(test::snapshot_of<std::int64_t>(r.store).pools[0].total_wins == wanted);
            r.check_equal();
            // And where nothing comes through any more, the front has taken nothing on its own.
            rig down({.durable = true});
            down.plan = {.call = n, .lost = way, .for_good = true};
            scenario(down, false);
            const auto reached = down.reached();
            down.mend();
            CHECK(test::snapshot_of<std::int64_t>(*down.front).head.sequence == reached);
            down.check_equal();
        }
    }
}

TEST_CASE("durable can be switched at run time, and follows other writers") {
    rig r;
    auto net = r.net(1);
    test::open_pools(net);
    r.cut();
    CHECK(code_of(r.front->set_durable(true)) == errc::unavailable);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::unavailable);
    CHECK(r.front->lag().operations == 3);
    r.mend();
    take_wagers(net, 2);
    CHECK(r.front->lag().operations == 0);
    CHECK(r.reached() == 5);
    network other(r.store, seeded_environment(9));
    take_wagers(other, 2);
    take_wagers(net, 1);
    CHECK(r.reached() == 8);
    r.check_equal();
    value_of(r.store.seal(true));
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::store_sealed);
    CHECK(test::snapshot_of<std::int64_t>(*r.front).head.sealed);
    value_of(r.store.seal(false));
    take_wagers(other, 1);
    take_wagers(net, 1);
    CHECK(r.reached() == 10);
    r.check_equal();
    value_of(r.front->set_durable(false));
    take_wagers(net, 2);
    CHECK(r.front->lag().operations == 2);
    CHECK(r.reached() == 10);
    value_of(r.front->set_durable(true));
    CHECK(r.reached() == 12);
    value_of(r.front->set_durable(false));
    take_wagers(net, 2);
    value_of(r.front->flush());
    r.check_equal();
}

TEST_CASE("threads play while another pumps, and switches") {
    for (const bool switches : {false, true}) {
        memory_storage<> behind;
        write_behind front(behind, {.history_limit = 20, .lag_limit = 2000, .batch = 16});
        network opener(front, seeded_environment(1));
        test::open_pools(opener);
        std::atomic<int> playing = 2;
        const auto game = [&](std::uint64_t number) {
            network net(front, seeded_environment(number), {.attempts = 100'000, .first_us = 0});
            for (int i = 0; i < 400; ++i) {
                const std::string key = std::to_string(number) + "-" + std::to_string(i % 300);
                contribute_request r{.game = "slots", .wager = 1000};
                if (i % 3 == 0) {
                    r.key = name(key);
                }
                value_of(net.contribute(r));
            }
            playing -= 1;
        };
        std::thread one([&] { game(1001); });
        std::thread two([&] { game(1002); });
        for (int i = 0; playing != 0; ++i) {
            if (switches && i % 50 == 0) {
                value_of(front.set_durable(i % 100 == 0));
            }
            value_of(front.pump(32));
            static_cast<void>(front.lag());
            std::this_thread::yield();
        }
        one.join();
        two.join();
        value_of(front.flush());
        // Each sent 134 keyed wagers, 34 of them a second time.
        CHECK(test::snapshot_of<std::int64_t>(behind).head.sequence == 3 + 2 * (400 - 34));
        CHECK(value_of(compare(front, behind)).equal());
        CHECK(value_of(audit(behind)).clean());
    }
}
