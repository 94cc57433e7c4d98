// SPDX-License-Identifier: BSL-1.0
#include "async.hpp"
#include "scripted.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/network/submitted.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/testing/faulty_storage.hpp>
#include <jackpot/testing/random_requests.hpp>

using namespace jackpot;
using test::asked;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

using memory_network = async_network<memory_storage<>>;

template <class Store>
void open_mega(Store& store) {
    network net(store);
    value_of(net.open({.pool = "mega", .configuration = {.seed = 100, .rate = rate_of("0.1")}}));
}

contribute_request bet(const char* key = "") {
    return {.game = "slots", .wager = 10, .key = *key == 0 ? std::nullopt : std::optional<name>(key)};
}

}  // namespace

TEST_CASE("requests that wait are one commit, and are answered in the order of submission") {
    memory_storage<> store;
    open_mega(store);
    memory_network net(store);
    std::deque<asked> all;
    all.emplace_back(bet("one"));
    all.emplace_back(win_request{.pool = "mega", .game = "slots", .player = "eve"});
    all.emplace_back(bet(""));
    all.emplace_back(win_request{.pool = "none", .game = "slots", .player = "eve"});
    all.emplace_back(configure_request{.pool = "mega", .patch = {.rate = rate_of("0.2")}});
    all.emplace_back(bet("one"));
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(value_of(net.submit(all[i])) == (i == 0));
    }
    CHECK(net.waiting() == 6);
    std::size_t answered = 0;
    for (auto& each : all) {
        each.counted = &answered;
    }
    auto answers = net.pump();
    CHECK(answers.size() == 6);
    CHECK_FALSE(answers.more());
    CHECK(net.waiting() == 0);
    CHECK(answered == 0);
    answers.complete();
    CHECK(answered == 6);
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].answers == 1);
        CHECK(all[i].place == i);
        CHECK(code_of(all[i].result()) == (i == 3 ? errc::unknown_pool : errc{}));
    }
    CHECK(all[1].got.parts[0].paid == 101);
    CHECK(all[5].got.replayed);
    CHECK(all[5].got.sequence == all[0].got.sequence);
    CHECK(value_of(net.submit(all[0])));  // again, and as the first
    net.pump().complete();
    CHECK(all[0].got.replayed);
    CHECK(all[0].answers == 2);
}

TEST_CASE("answers that nobody completes are completed where they end, and those that are replaced, too") {
    memory_storage<> store;
    open_mega(store);
    memory_network net(store);
    asked first(bet());
    asked second(bet());
    asked third(bet());
    value_of(net.submit(first));
    auto answers = net.pump();
    value_of(net.submit(second));
    answers = net.pump();
    CHECK(first.answers == 1);
    CHECK(second.answers == 0);
    {
        const auto moved = std::move(answers);
        CHECK(moved.size() == 1);
        CHECK(answers.size() == 0);
    }
    CHECK(second.answers == 1);
    value_of(net.submit(third));
    static_cast<void>(net.pump());
    CHECK(third.answers == 1);
}

TEST_CASE("a commit takes no more than a batch, and says that others wait") {
    memory_storage<> store;
    open_mega(store);
    memory_network net(store, {}, {.batch = 2});
    std::deque<asked> all;
    for (int i = 0; i < 5; ++i) {
        all.emplace_back(bet());
        value_of(net.submit(all.back()));
    }
    asked late(bet());
    for (const int left : {4, 2, 0}) {
        const auto answers = net.pump();
        CHECK(answers.size() == 2);
        CHECK(answers.more() == (left > 0));
        if (left == 4) {
            CHECK_FALSE(value_of(net.submit(late)));  // who pumped was told by `more`
        }
    }
    CHECK(net.pump().size() == 0);
    asked again(bet());
    CHECK(value_of(net.submit(again)));
    net.pump().complete();
}

TEST_CASE("while one commit is under way another pump gives no answers, and takes nothing") {
    memory_storage<> memory;
    open_mega(memory);
    test::scripted_storage store(memory);
    async_network<test::scripted_storage> net(store);
    asked first(bet());
    asked second(bet());
    store.steps = {[&](test::scripted_storage& s, const test::commit_type& c) {
        CHECK_FALSE(value_of(net.submit(second)));
        CHECK(net.pump().size() == 0);
        return s.store().commit(c);
    }};
    value_of(net.submit(first));
    const auto answers = net.pump();
    CHECK(answers.size() == 1);
    CHECK(answers.more());
    CHECK(net.pump().size() == 1);
    CHECK(second.answers == 1);
}

TEST_CASE("what waits is taken back, what was taken is not; the wake-up is not lost") {
    memory_storage<> store;
    open_mega(store);
    memory_network net(store);
    std::deque<asked> all;
    for (int i = 0; i < 4; ++i) {
        all.emplace_back(bet());
        CHECK_FALSE(net.cancel(all.back()));  // it was never submitted
        value_of(net.submit(all.back()));
    }
    for (const std::size_t i : {1u, 0u, 3u}) {  // in the middle, in front, behind
        CHECK(net.cancel(all[i]));
        CHECK_FALSE(net.cancel(all[i]));
    }
    CHECK(net.waiting() == 1);
    auto answers = net.pump();
    CHECK_FALSE(net.cancel(all[2]));
    answers.complete();
    CHECK_FALSE(net.cancel(all[2]));
    for (const int i : {0, 1, 2, 3}) {
        CHECK(all[static_cast<std::size_t>(i)].answers == (i == 2 ? 1 : 0));
    }

    CHECK(value_of(net.submit(all[0])));
    CHECK(net.cancel(all[0]));
    CHECK_FALSE(value_of(net.submit(all[1])));  // the pump that was asked for is still to come
    CHECK(net.pump().size() == 1);
    CHECK(value_of(net.submit(all[0])));
    CHECK(net.cancel(all[0]));
    CHECK(net.pump().size() == 0);
    CHECK(value_of(net.submit(all[1])));
    net.pump().complete();
}

TEST_CASE("a full queue and a closed network refuse at once, and nothing changes") {
    memory_storage<> store;
    open_mega(store);
    memory_network net(store, {}, {.waiting_max = 2});
    asked first(bet());
    asked second(bet());
    asked third(bet());
    value_of(net.submit(first));
    value_of(net.submit(second));
    CHECK(code_of(net.submit(third)) == errc::overloaded);
    CHECK(net.cancel(second));
    value_of(net.submit(third));
    net.close();
    CHECK(code_of(net.submit(second)) == errc::cancelled);
    CHECK(net.pump().size() == 2);
    CHECK(second.answers == 0);
    CHECK(third.answers == 1);
    CHECK(errc::cancelled == errc(38));
    CHECK(error{errc::cancelled}.retryable());
}

TEST_CASE("a completion submits again, and that is answered by the next pump") {
    memory_storage<> store;
    open_mega(store);
    memory_network net(store);
    struct endless : basic_submission<std::int64_t> {
        explicit endless(memory_network& n)
            : basic_submission<std::int64_t>(request, got,
                                             [](basic_submission<std::int64_t>& s) noexcept {
                                                 auto& self = static_cast<endless&>(s);
                                                 ++self.times;
                                                 self.told += self.net.submit(self).value_or(false) ? 1 : 0;
                                             }),
              net(n) {}
        memory_network& net;
        contribute_request request = bet();
        receipt got{};
        int times = 0;
        int told = 0;
    } again(net);
    value_of(net.submit(again));
    for (int i = 1; i <= 3; ++i) {
        CHECK(net.pump().size() == 1);
        CHECK(again.times == i);
        CHECK(again.told == i);
    }
    CHECK(net.cancel(again));
}

TEST_CASE("a function that is called back, and what is refused before") {
    memory_storage<> store;
    open_mega(store);
    memory_network net(store, {}, {.waiting_max = 2});
    int called = 0;
    const auto good = [&](expected<receipt> r) noexcept {
        called += value_of(r).parts.size() == 1 ? 1 : 100;
    };
    const auto bad = [&](expected<receipt> r) noexcept {
        called += code_of(r) == errc::unknown_pool ? 10 : 1000;
    };
    CHECK(value_of(submit(net, bet(), good)));
    CHECK_FALSE(value_of(submit(net, win_request{.pool = "none", .game = "slots", .player = "eve"}, bad)));
    CHECK(code_of(submit(net, bet(), good)) == errc::overloaded);
    net.pump().complete();
    CHECK(called == 11);
}

namespace {

/// A coroutine that runs at once and is nobody's.
struct detached {
    struct promise_type {
        detached get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept {}
    };
};

detached play(memory_network& net, int& woken, std::vector<errc>& ends) {
    for (int i = 0; i < 2; ++i) {
        const auto r = co_await submitted(net, bet(), [&]() noexcept { ++woken; });
        ends.push_back(code_of(r));
    }
}

}  // namespace

TEST_CASE("coroutines go on where answers are completed, and at once where they are refused") {
    memory_storage<> store;
    open_mega(store);
    memory_network net(store);
    int woken = 0;
    std::vector<errc> ends;
    play(net, woken, ends);
    play(net, woken, ends);
    CHECK(woken == 1);
    CHECK(ends.empty());
    net.pump().complete();
    CHECK(ends == std::vector<errc>(2));
    CHECK(woken == 2);
    net.close();
    net.pump().complete();
    CHECK(ends == std::vector<errc>(4));
    play(net, woken, ends);
    CHECK(ends.size() == 6);
    CHECK(ends.back() == errc::cancelled);
    CHECK(woken == 2);
}

TEST_CASE(
    "random requests of every kind get the receipts and errors of a network, however they are grouped") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        memory_storage<> grouped;
        memory_storage<> single;
        memory_network net(grouped, {}, {.batch = 7});
        timestamp then = 0;
        network alone(single, test::past_environment{&then});
        testing::random_requests<std::int64_t> random(seed);
        testing::random_values<std::int64_t> sizes(seed, 1);
        snapshot states;
        for (int round = 0; round < 300; ++round) {
            std::deque<asked> all;
            for (std::size_t left = 1 + sizes.below(12); left > 0; --left) {
                all.emplace_back(random.next(states));
                value_of(net.submit(all.back()));
            }
            while (net.waiting() > 0) {
                net.pump().complete();
            }
            for (asked& each : all) {
                then = each.got.at;
                const auto one = alone.submit(each.wanted);
                REQUIRE(each.answers == 1);
                REQUIRE(code_of(each.result()) == code_of(one));
                if (one) {
                    REQUIRE(each.got == *one);
                }
            }
            value_of(grouped.load(states));
        }
        CHECK(value_of(audit(grouped)).clean());
    }
}

TEST_CASE("a store that loses its n-th call, on either way: each request ends with its true outcome, once") {
    for (const auto lost : {testing::lost::request, testing::lost::answer}) {
        std::uint64_t calls = 1;
        for (std::uint64_t n = 1; n <= calls; ++n) {
            memory_storage<> store;
            open_mega(store);
            testing::fault_plan plan{.call = n, .lost = lost};
            testing::faulty_storage faulty(store, plan);
            async_network<decltype(faulty)> net(faulty, {}, {.retry = {.attempts = 1}});
            std::deque<asked> all;
            for (const char* key : {"one", "two", "three", "", "one"}) {
                all.emplace_back(bet(key));
                value_of(net.submit(all.back()));
            }
            all.emplace_back(win_request{.pool = "mega", .game = "slots", .player = "eve", .key = "four"});
            value_of(net.submit(all.back()));
            net.pump().complete();
            // Those without an answer are asked again, by their key.
            for (asked& each : all) {
                CHECK(each.answers == 1);
                const auto* one = std::get_if<contribute_request>(&each.wanted);
                if (!each.result() && (one == nullptr || one->key)) {
                    CHECK(code_of(each.result()) == errc::unavailable);
                    value_of(net.submit(each));
                    net.pump().complete();
                    value_of(each.result());
                }
            }
            calls = plan.calls;
            const auto kept = test::snapshot_of<std::int64_t>(store);
            CHECK(kept.head.sequence >= 5);  // the pool, and four keys
            CHECK(kept.head.sequence <= 6);
            CHECK(value_of(audit(store)).clean());
        }
    }
}
