// SPDX-License-Identifier: BSL-1.0
#include "casino.hpp"

#include <jackpot/rules/odometer.hpp>

using namespace jackpot;
using test::casino;
using test::code_of;
using test::rate_of;
using test::value_of;

TEST_CASE("29: a hit resets at once; who won, how much, and the new value are told") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    c.wager(60);
    const auto hit = c.win("p");
    CHECK(hit.paid() == 130);
    CHECK(hit.parts[0].current == 100);
    REQUIRE(c.pool("p").last_win);
    CHECK(c.pool("p").last_win->player == "ann");
    CHECK(c.pool("p").last_win->amount == 130);
    c.wager(60);
    CHECK(c.pool("p").current == 130);
}

TEST_CASE("32, 33: wins at nearly the same time have an order, and the second gets the new value") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    c.wager(60);
    const auto first = c.win("p");
    const auto second = c.win("p");
    CHECK(first.sequence < second.sequence);
    CHECK(first.paid() == 130);
    CHECK(second.paid() == 100);
}

TEST_CASE("36, 37, 38: a large win is held until somebody has verified it, whose name is recorded") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    c.wager(60);
    value_of(c.net.hold({.pool = "p", .game = "slots", .player = "ann", .hold = "claim 1"}));
    auto p = c.pool("p");
    CHECK(p.held == 130);
    CHECK(p.win_count == 0);
    CHECK(p.total_wins == 0);
    CHECK_FALSE(p.last_win);
    CHECK(p.current == 100);
    CHECK(code_of(c.net.confirm({.pool = "p", .hold = "claim 1", .actor = ""})) == errc::invalid_actor);
    value_of(c.net.confirm({.pool = "p", .hold = "claim 1", .actor = "cashier"}));
    p = c.pool("p");
    CHECK(p.held == 0);
    CHECK(p.total_wins == 130);
    CHECK(p.last_win->player == "ann");
    CHECK(test::request_of<confirm_request>(c.newest()).actor == "cashier");
    c.check_audit();
}

TEST_CASE("39: a claim that fails leaves a trace, and its money goes back where it came from") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    c.wager(60);
    value_of(c.net.hold({.pool = "p", .game = "slots", .player = "ann", .hold = "claim 1"}));
    value_of(c.net.release({.pool = "p", .hold = "claim 1", .actor = "desk", .reason = "malfunction"}));
    const auto p = c.pool("p");
    CHECK(p.current == 130);
    CHECK(p.held == 0);
    CHECK(p.funded == 100);
    CHECK(test::request_of<release_request>(c.newest()).reason == "malfunction");
    c.check_audit();
}

TEST_CASE("40: a display that ticks promises no more than the jackpot holds, and shows a win at once") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    sample earlier{c.pool("p").current, 0};
    c.wager(200);
    const sample newest{c.pool("p").current, 1'000'000};
    CHECK(odometer(earlier, newest, 1'000'000) == 100);
    CHECK(odometer(earlier, newest, 1'400'000) == 140);
    CHECK(odometer(earlier, newest, 5'000'000) == 200);
    const auto paid = c.win("p").paid();
    CHECK(paid == 200);
    CHECK(odometer(newest, {c.pool("p").current, 2'000'000}, 2'000'000) == 100);
}

TEST_CASE("58: a jackpot that is owed does not lapse, and its pool is not closed") {
    casino c;
    c.open("p", {.seed = 100});
    value_of(c.net.hold({.pool = "p", .game = "slots", .player = "ann", .hold = "claim 1"}));
    c.suspend("p");
    CHECK(code_of(c.net.close({.pool = "p", .to_house = 100, .actor = "a", .reason = "r"})) ==
          errc::pool_held);
    value_of(c.net.confirm({.pool = "p", .hold = "claim 1", .actor = "cashier"}));
    CHECK(c.pool("p").total_wins == 100);
}
