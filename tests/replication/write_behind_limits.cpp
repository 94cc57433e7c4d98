// SPDX-License-Identifier: BSL-1.0
#include "behind.hpp"

using namespace jackpot;
using test::code_of;
using test::rig;
using test::take_wagers;
using test::value_of;

// What a front refuses because the store behind could not take it, and what it tells of another history
// there.

namespace {

struct small_storage : memory_storage<> {
    [[nodiscard]] std::int64_t amount_max() const { return 1'000'000; }
};

}  // namespace

TEST_CASE("an amount that the store behind could not hold is refused wherever it would stand") {
    small_storage behind;
    write_behind front(behind);
    network net(front, seeded_environment(1));
    value_of(net.open({.pool = "open", .configuration = {.seed = 5}}));
    basic_patch<std::int64_t> patch;
    patch.seed = 1'000'001;
    CHECK(code_of(net.configure({.pool = "open", .when = when::after_win, .patch = patch})) ==
          errc::amount_overflow);
    patch.seed = 1'000'000;
    value_of(net.configure({.pool = "open", .when = when::after_win, .patch = patch}));

    value_of(
        net.open({.pool = "full",
                  .configuration = {
                      .seed = 900'000, .cap = 1'000'000, .rate = test::rate_of("0.5"), .games = {"g"}}}));
    value_of(net.contribute({.game = "g", .wager = 1'000'000}));
    const auto take_away = [&](std::int64_t amount) {
        return code_of(net.adjust({.pool = "full", .delta = -amount, .actor = "ann", .reason = "test"}));
    };
    CHECK(take_away(1'000'000) == errc{});
    CHECK(take_away(1) == errc::amount_overflow);
    CHECK(value_of(net.pool("full")).adjusted == -1'000'000);
    value_of(front.flush());
    CHECK(value_of(compare(front, behind)).equal());
}

TEST_CASE("another writer's operations are diverged, though they are as many as those that wait") {
    rig r;
    auto net = r.net(1);
    test::open_pools(net);
    value_of(r.front->flush());
    network other(r.store, seeded_environment(9));
    take_wagers(other, 2);
    take_wagers(net, 2);
    const auto theirs = test::snapshot_of<std::int64_t>(r.store);
    for (int i = 0; i < 2; ++i) {
        CHECK(code_of(r.front->pump()) == errc::diverged);
        CHECK(r.front->lag().operations == 2);
    }
    CHECK(test::snapshot_of<std::int64_t>(r.store) == theirs);
}

TEST_CASE("what another writer put behind a batch that had landed is diverged, and not taken over") {
    rig r;
    auto net = r.net(1);
    test::open_pools(net);
    value_of(r.front->flush());
    take_wagers(net, 2);
    r.plan.lost = testing::lost::answer;
    r.plan.call = r.plan.calls + 1;
    CHECK(code_of(r.front->pump()) == errc::unavailable);
    r.mend();
    REQUIRE(r.reached() == 5);
    network other(r.store, seeded_environment(9));
    take_wagers(other, 1);
    const auto ours = test::snapshot_of<std::int64_t>(*r.front);
    for (int i = 0; i < 2; ++i) {
        CHECK(code_of(r.front->pump()) == errc::diverged);
    }
    CHECK(test::snapshot_of<std::int64_t>(*r.front) == ours);
}

TEST_CASE("what the store behind lacks is kept however little history there is to be") {
    rig r({.history_limit = 10});
    auto net = r.net(1);
    test::open_pools(net);
    value_of(r.front->flush());
    r.cut();
    take_wagers(net, 3000);
    CHECK(code_of(r.front->pump()) == errc::unavailable);
    r.mend();
    value_of(r.front->flush());
    std::vector<operation> all;
    value_of(r.store.read({.limit = 5000}, all));
    CHECK(all.size() == 3003);
    r.check_equal();
}

TEST_CASE("of a batch that is longer than may wait, the front takes what may") {
    for (const bool by_handle : {false, true}) {
        rig r({.lag_limit = 5});
        auto net = r.net(1);
        value_of(net.open({.pool = "p", .configuration = {.rate = test::rate_of("1")}}));
        std::vector<expected<receipt>> answers(7);
        if (by_handle) {
            const std::vector<wager> wagers(7, {.wager = 1});
            value_of(net.contribute(value_of(net.resolve_game("g")), wagers, answers));
        } else {
            const std::vector<contribute_request> wagers(7, {.game = "g", .wager = 1});
            value_of(net.contribute(wagers, answers));
        }
        CHECK(value_of(answers[3]).sequence == 5);
        for (std::size_t i = 4; i < 7; ++i) {
            CHECK(code_of(answers[i]) == errc::overloaded);
        }
        value_of(r.front->flush());
        r.check_equal();
    }
}
