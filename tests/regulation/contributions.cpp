// SPDX-License-Identifier: BSL-1.0
#include "casino.hpp"

using namespace jackpot;
using test::casino;
using test::code_of;
using test::rate_of;
using test::value_of;

TEST_CASE("24: a wager is recorded with its game, its player and its round") {
    casino c;
    c.open("p", {.rate = rate_of("0.5")});
    c.wager(100, "bet 1");
    const auto recorded = test::request_of<contribute_request>(c.newest());
    CHECK(recorded.game == "slots");
    CHECK(recorded.player == "ann");
    CHECK(recorded.round == "round 1");
    CHECK(value_of(c.net.history({.player = "ann"})).size() == 1);
    CHECK(value_of(c.net.history({.player = "bob"})).empty());
    CHECK(value_of(c.net.history({.round = "round 1"})).size() == 1);
    CHECK(value_of(c.net.history({.site = "hall 2"})).empty());
}

TEST_CASE("26: a wager that was cancelled leaves the meters, and stays in the journal") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    const auto before = c.pool("p");
    c.wager(100, "bet 1");
    value_of(c.net.revert({.reverts = "bet 1", .actor = "desk", .reason = "machine fault"}));
    const auto after = c.pool("p");
    CHECK(after.current == before.current);
    CHECK(after.total_wagered == 0);
    CHECK(after.total_contributions == 0);
    CHECK(after.wager_count == 0);
    CHECK(value_of(c.net.history({.kind = operation_kind::contributed})).size() == 1);
    CHECK(test::request_of<revert_request>(c.newest()).reason == "machine fault");
    c.check_audit();
}

TEST_CASE("26: what was won before its wager was cancelled, the house stands in for") {
    casino c;
    c.open("p", {.rate = rate_of("0.5")});
    c.wager(100, "bet 1");
    c.win("p");
    c.wager(60, "bet 2");
    value_of(c.net.revert({.reverts = "bet 1", .actor = "desk", .reason = "machine fault"}));
    CHECK(c.pool("p").current == 30);  // of the other wager
    CHECK(c.pool("p").funded == 50);
    c.check_audit();
}

TEST_CASE("20, 21: nothing that players put in is lost at the limit or in fractions of a unit") {
    casino c;
    c.open("p", {.seed = 10, .cap = 1000, .rate = rate_of("0.333333333")});
    std::int64_t wagered = 0;
    for (int i = 0; i < 500; ++i) {
        c.wager(13 + i % 7);
        wagered += 13 + i % 7;
    }
    const auto p = c.pool("p");
    CHECK(p.current == 1000);
    CHECK((p.current - 10 + p.overflow) * 1'000'000'000 + p.carry == wagered * 333'333'333);
}
