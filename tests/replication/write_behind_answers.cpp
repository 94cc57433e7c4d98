// SPDX-License-Identifier: BSL-1.0
#include "behind.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/replication/replicate.hpp>

using namespace jackpot;
using test::code_of;
using test::rig;
using test::take_wagers;
using test::value_of;
using testing::lost;

namespace {

/// Every verb that asks something of the store behind, one after the other, each until it succeeds, with a
/// wager before and after each try. Keeps what was acknowledged.
class session {
public:
    explicit session(rig<>& r) : r_(r), net_(r.net(1)) {
        test::open_pools(net_);
        value_of(r.front->flush());
    }

    void run() {
        const auto flush = [this] { return r_.front->flush(); };
        const auto seal = [this] { return net_.seal(); };
        const auto unseal = [this] { return net_.unseal(); };
        const auto durable = [this](bool on) { return [=, this] { return r_.front->set_durable(on); }; };
        until_done(flush);
        until_done(seal);
        CHECK(test::snapshot_of<std::int64_t>(r_.store).head.sealed);
        CHECK(r_.front->lag().operations == 0);
        CHECK(answer_to_a_wager() == errc::store_sealed);
        until_done(seal);
        until_done(unseal);
        CHECK_FALSE(test::snapshot_of<std::int64_t>(r_.store).head.sealed);
        until_done(unseal);
        until_done(durable(true));
        until_done(durable(true));
        until_done(seal);
        CHECK(answer_to_a_wager() == errc::store_sealed);
        until_done(unseal);
        until_done(durable(false));
        until_done(seal);
        until_done(unseal);
        CHECK(answer_to_a_wager() == errc{});
        until_done(flush);
        until_done(flush);  // the wager behind the first, too
    }

    void check_acknowledged() {
        operation found;
        for (const auto& [key, sequence] : acknowledged_) {
            REQUIRE(value_of(r_.store.find(key, found)));
            CHECK(found.sequence == sequence);
        }
        r_.check_equal();
    }

private:
    template <class Verb>
    void until_done(Verb&& verb) {
        static_cast<void>(take_wager());
        if (const auto done = verb(); !done) {
            CHECK(code_of(done) == errc::unavailable);
            static_cast<void>(take_wager());
            r_.mend();
            value_of(verb());
        }
    }

    errc answer_to_a_wager() {
        const errc code = take_wager();
        if (code != errc::unavailable) {
            return code;
        }
        r_.mend();
        return take_wager();
    }
    errc take_wager() {
        const name key(std::to_string(++wagers_));
        const auto answer = net_.contribute({.game = "slots", .wager = 1000, .key = key});
        if (answer) {
            acknowledged_.emplace_back(key, answer->sequence);
        }
        return code_of(answer);
    }

    rig<>& r_;
    decltype(r_.net(1)) net_;
    int wagers_ = 0;
    std::vector<std::pair<name, std::uint64_t>> acknowledged_{};
};

/// A store whose first seal is given up for lost, and lands with the next commit or seal.
struct late_seal : memory_storage<> {
    int seals = 0;

    void land() {
        if (seals == 1) {
            value_of(memory_storage::seal(true));
        }
    }
    auto commit(const basic_commit<std::int64_t>& c) {
        land();
        return memory_storage::commit(c);
    }
    expected<void> seal(bool sealed) {
        land();
        return ++seals == 1 ? fail(errc::unavailable) : memory_storage::seal(sealed);
    }
};

}  // namespace

TEST_CASE("whatever answer is lost, only what gets behind is acknowledged, and trying again succeeds") {
    rig counted;
    session(counted).run();
    const auto calls = counted.plan.calls;
    REQUIRE(calls > 20);
    for (const auto way : {lost::request, lost::answer}) {
        for (const bool for_good : {false, true}) {       // down until the next try
            for (std::uint64_t n = 4; n <= calls; ++n) {  // the first three are those of the start
                CAPTURE(n);
                CAPTURE(for_good);
                rig r;
                session s(r);
                r.plan = {.call = n, .lost = way, .for_good = for_good, .calls = r.plan.calls};
                s.run();
                s.check_acknowledged();
            }
        }
    }
}

TEST_CASE("a seal that lands when it was given up for lost finds nothing that waits") {
    late_seal behind;
    write_behind front(behind);
    network net(front, seeded_environment(1));
    test::open_pools(net);
    CHECK(code_of(net.seal()) == errc::unavailable);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::store_sealed);
    CHECK(value_of(front.pump()).left == 0);
    value_of(net.seal());
    value_of(net.unseal());
    take_wagers(net, 1);
    value_of(front.flush());
    CHECK(value_of(compare(front, behind)).equal());
}

TEST_CASE("a seal that is refused for good leaves the front open") {
    struct refusing : memory_storage<> {
        expected<void> seal(bool) { return fail(errc::permission_denied); }
    };
    refusing behind;
    write_behind front(behind);
    network net(front, seeded_environment(1));
    test::open_pools(net);
    CHECK(code_of(net.seal()) == errc::permission_denied);
    take_wagers(net, 1);
    value_of(front.flush());
    CHECK(value_of(compare(front, behind)).equal());
}

TEST_CASE("where others seal the store behind the front takes nothing more, until that takes what waits") {
    rig r({.batch = 2});
    auto net = r.net(1);
    test::open_pools(net);
    value_of(r.front->flush());
    value_of(r.store.seal(true));
    take_wagers(net, 2);
    CHECK(code_of(r.front->pump()) == errc::store_sealed);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::store_sealed);
    CHECK(code_of(net.seal()) == errc::store_sealed);
    CHECK(r.front->lag().operations == 2);
    SUBCASE("opened by others") {
        value_of(r.store.seal(false));
        CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::store_sealed);
        value_of(r.front->pump(1));
    }
    SUBCASE("opened through the front") {
        value_of(net.unseal());
    }
    take_wagers(net, 2);
    value_of(r.front->flush());
    take_wagers(net, 1);
    value_of(net.seal());
    CHECK(r.reached() == 8);
    r.check_equal();
}

TEST_CASE("switched off, the front first follows what others wrote in durable mode") {
    rig r({.durable = true});
    auto net = r.net(1);
    test::open_pools(net);
    network other(r.store, seeded_environment(9));
    take_wagers(other, 3);
    r.cut();
    CHECK(code_of(r.front->set_durable(false)) == errc::unavailable);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::unavailable);
    r.mend();
    take_wagers(net, 1);
    CHECK(r.front->lag().operations == 1);
    value_of(r.front->flush());
    CHECK(r.reached() == 7);
    r.check_equal();

    // Where it never came to that, for the store behind was down, it goes on as before.
    take_wagers(net, 1);
    r.cut();
    CHECK(code_of(r.front->set_durable(true)) == errc::unavailable);
    value_of(r.front->set_durable(false));
    take_wagers(net, 1);
    r.mend();
    value_of(r.front->flush());
    CHECK(r.reached() == 9);
    r.check_equal();
}

TEST_CASE("durable: a key that another writer used gives its receipt, whatever the front would say") {
    rig r({.durable = true});
    auto net = r.net(1);
    value_of(net.open({.pool = "p", .configuration = {.rate = test::rate_of("1")}}));
    network other(r.store, seeded_environment(9));
    take_wagers(other, 1);
    const win_request win{.pool = "p", .game = "slots", .player = "ann", .key = "hit"};
    const auto first = value_of(other.win(win));
    const auto again = value_of(net.win(win));  // of what the front knows, the pool is empty
    CHECK(again.replayed);
    CHECK(again.sequence == first.sequence);
}

TEST_CASE("a pump brings as many operations behind as it was told, whatever the batch") {
    rig r({.batch = 100});
    auto net = r.net(1);
    test::open_pools(net);
    take_wagers(net, 300);
    CHECK(value_of(r.front->pump(150)).operations == 150);
    CHECK(r.reached() == 150);
    CHECK(value_of(r.front->pump(1)).operations == 1);
    CHECK(value_of(r.front->pump(0)).left == 303 - 151);
}

TEST_CASE("a batch that landed counts with the next pump, though nothing more is to be brought") {
    rig r;
    auto net = r.net(1);
    test::open_pools(net);
    r.plan.lost = lost::answer;
    r.plan.call = r.plan.calls + 2;  // behind the read of where the journal ends
    for (int tries = 0; r.reached() == 0 && tries < 3; ++tries) {
        CHECK(code_of(r.front->pump()) == errc::unavailable);
        r.plan.call = r.plan.calls + 1;
    }
    r.mend();
    const auto pumped = value_of(r.front->pump());
    CHECK(pumped.operations == 3);
    CHECK(pumped.left == 0);
    CHECK(r.front->lag().operations == 0);
    r.check_equal();
}

TEST_CASE("a front that was sealed goes on with what the store behind took meanwhile as a copy") {
    rig<> r;
    auto net = r.net(1);
    test::open_pools(net);
    take_wagers(net, 3);
    value_of(net.seal());
    memory_storage<> other;
    system_environment world;
    value_of(replicate(
        r.store, other, {}, [](const replicate_progress&) { return true; }, world));
    network elsewhere(other, seeded_environment(7));
    take_wagers(elsewhere, 2);
    value_of(replicate(
        other, r.store, {.sealed = true}, [](const replicate_progress&) { return true; }, world));

    value_of(net.unseal());
    take_wagers(net, 1);
    value_of(r.front->flush());
    CHECK(r.reached() == test::snapshot_of<std::int64_t>(other).head.sequence + 1);
    r.check_equal();
}

TEST_CASE("a front over a store that was sealed opens with it") {
    rig<> r;
    {
        network net(r.store, seeded_environment(1));
        test::open_pools(net);
        value_of(net.seal());
    }
    r.restart();
    auto net = r.net(2);
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::store_sealed);
    value_of(r.front->pump());
    CHECK(code_of(net.contribute({.game = "slots", .wager = 1000})) == errc::store_sealed);
    value_of(r.store.seal(false));
    value_of(r.front->pump());
    take_wagers(net, 1);
    value_of(r.front->flush());
    r.check_equal();
}
