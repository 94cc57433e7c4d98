// SPDX-License-Identifier: BSL-1.0
#include "casino.hpp"

using namespace jackpot;
using test::casino;
using test::code_of;
using test::rate_of;
using test::value_of;

TEST_CASE("43: where it is so set, parameters of a jackpot in play change only after it is won") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.01"), .changes = changes::after_win});
    CHECK(code_of(c.net.configure({.pool = "p", .patch = {.rate = rate_of("0.02")}})) ==
          errc::changes_locked);
    CHECK(code_of(c.net.configure({.pool = "p", .patch = {.changes = changes::any}})) ==
          errc::changes_locked);
    value_of(c.net.configure({.pool = "p", .when = when::after_win, .patch = {.rate = rate_of("0.02")}}));
    CHECK(c.pool("p").configuration->rate == rate_of("0.01"));
    c.win("p");
    CHECK(c.pool("p").configuration->rate == rate_of("0.02"));
}

TEST_CASE("44: a limit is not lowered below the value that is shown") {
    casino c;
    c.open("p", {.seed = 100, .cap = 1000});
    CHECK(code_of(c.net.configure({.pool = "p", .patch = {.seed = 0, .cap = std::int64_t(99)}})) ==
          errc::cap_below_current);
}

TEST_CASE("47: where it is so set, parameters change only while the pool is out of operation") {
    casino c;
    c.open("p", {.rate = rate_of("0.01"), .changes = changes::suspended});
    const configure_request change{.pool = "p", .patch = {.rate = rate_of("0.02")}};
    CHECK(code_of(c.net.configure(change)) == errc::changes_locked);
    c.suspend("p");
    value_of(c.net.configure(change));
    CHECK(c.pool("p").configuration->rate == rate_of("0.02"));
}

TEST_CASE("48, 50: every change of a parameter is recorded, with who made it and why") {
    casino c;
    c.open("p", {.rate = rate_of("0.01")});
    const auto before = c.newest().sequence;
    value_of(c.net.configure(
        {.pool = "p", .patch = {.rate = rate_of("0.02")}, .actor = "ann", .reason = "promotion"}));
    const auto change = test::request_of<configure_request>(c.newest());
    CHECK(change.actor == "ann");
    CHECK(change.reason == "promotion");
    CHECK(change.patch.rate == rate_of("0.02"));
    // What it was before, the states of the sequence before tell (49).
    CHECK(value_of(fold(c.store, before)).pools[0].configuration->rate == rate_of("0.01"));
    value_of(c.net.suspend({.pool = "p", .actor = "bob", .reason = "service"}));
    CHECK(test::request_of<suspend_request>(c.newest()).actor == "bob");
    value_of(c.net.resume({.pool = "p", .actor = "eve", .reason = "serviced"}));
    CHECK(test::request_of<resume_request>(c.newest()).reason == "serviced");
}

TEST_CASE("51, 52: a meter falls but by a win, or by an operation that says who and why") {
    casino c;
    c.open("p", {.seed = 100});
    CHECK(code_of(c.net.adjust({.pool = "p", .delta = -10, .actor = "", .reason = "r"})) ==
          errc::invalid_actor);
    CHECK(code_of(c.net.adjust({.pool = "p", .delta = -10, .actor = "ann", .reason = ""})) ==
          errc::invalid_reason);
    value_of(c.net.adjust({.pool = "p", .delta = -10, .actor = "ann", .reason = "counted twice"}));
    CHECK(c.pool("p").current == 90);
    CHECK(c.pool("p").adjusted == -10);
    c.check_audit();
}

TEST_CASE("54, 55: at retirement players' money goes on, and the house gets back its seed alone") {
    casino c;
    c.open("old", {.seed = 100, .rate = rate_of("0.5")});
    c.wager(60);
    c.open("new", {.seed = 10, .rate = rate_of("0.5")});
    c.suspend("old");
    CHECK(code_of(c.net.close({.pool = "old", .to = "new", .to_house = 101, .actor = "a", .reason = "r"})) ==
          errc::amount_exceeds_seed);
    CHECK(code_of(c.net.close({.pool = "old", .to_house = 100, .actor = "a", .reason = "r"})) ==
          errc::pool_not_empty);
    value_of(c.net.close({.pool = "old", .to = "new", .to_house = 100, .actor = "a", .reason = "retired"}));
    CHECK(c.pool("new").current == 40);
    CHECK(c.pool("old").status == pool_status::closed);
    CHECK(c.pool("old").funded == 0);
    CHECK(code_of(c.net.resume({.pool = "old"})) == errc::pool_closed);
    CHECK(code_of(c.net.open({.pool = "old"})) == errc::pool_exists);
    c.check_audit();
}

TEST_CASE("56: what a pool holds is what was put in, less what was paid") {
    casino c;
    c.open("p", {.rate = rate_of("0.5")});
    for (int i = 0; i < 10; ++i) {
        c.wager(50);
    }
    c.win("p", 70);
    const auto p = c.pool("p");
    CHECK(p.current == p.total_contributions - p.total_wins);
}

TEST_CASE("76: one pool, or all, are disabled on demand, and nothing accrues or is won meanwhile") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    c.suspend("p");
    CHECK(c.wager(100).parts.empty());
    CHECK(code_of(c.net.win({.pool = "p", .game = "slots", .player = "ann"})) == errc::pool_suspended);
    CHECK(c.pool("p").current == 100);
    value_of(c.net.seal());
    CHECK(code_of(c.net.resume({.pool = "p"})) == errc::store_sealed);
    value_of(c.net.unseal());
    value_of(c.net.resume({.pool = "p"}));
    CHECK(c.pool("p").current == 100);
}
