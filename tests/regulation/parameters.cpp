// SPDX-License-Identifier: BSL-1.0
#include "casino.hpp"

using namespace jackpot;
using test::casino;
using test::code_of;
using test::rate_of;
using test::value_of;

TEST_CASE("1: what a jackpot starts at, and what it is reset to, are apart") {
    casino c;
    c.open("p", {.seed = 500, .rate = rate_of("0.1")});
    value_of(c.net.configure({.pool = "p", .patch = {.seed = 800}}));
    CHECK(c.pool("p").current == 500);
    c.win("p");
    CHECK(c.pool("p").current == 800);
}

TEST_CASE("2, 23: the rate of progression is a parameter, and each wager moves the meter by it") {
    casino c;
    c.open("p", {.rate = rate_of("0.015")});
    for (int i = 1; i <= 40; ++i) {
        c.wager(101);
        CHECK(c.pool("p").current == 101 * i * 15 / 1000);
    }
}

TEST_CASE("3, 10: the limit is a parameter; what exceeds it is metered, taken or not") {
    casino c;
    c.open("diverts", {.cap = 50, .rate = rate_of("1")});
    c.open("stops", {.cap = 50, .rate = rate_of("1"), .on_cap = on_cap::stop});
    c.wager(80);
    CHECK(c.pool("diverts").current == 50);
    CHECK(c.pool("diverts").overflow == 30);
    CHECK(c.pool("stops").current == 50);
    CHECK(c.pool("stops").total_forgone == 30);
}

TEST_CASE("4, 11: a second rate fills a reserve, which has a meter and pays the next reset") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.01"), .seed_rate = rate_of("0.02")});
    c.wager(3000);
    CHECK(c.pool("p").reserve == 60);
    CHECK(c.pool("p").current == 130);
    const auto won = c.win("p");
    CHECK(won.parts[0].from_reserve == 60);
    CHECK(won.parts[0].from_house == 40);
    CHECK(c.pool("p").reserve == 0);
    CHECK(c.pool("p").current == 100);
    c.check_audit();
}

TEST_CASE("5: a wager that is implausible is refused") {
    casino c;
    c.open("p", {.rate = rate_of("0.01"), .max_wager = 10'000});
    const auto before = c.pool("p");
    CHECK(code_of(c.net.contribute({.game = "slots", .wager = 10'001})) == errc::wager_too_large);
    CHECK(c.pool("p") == before);
    c.wager(10'000);
}

TEST_CASE("6: a meter counts the wagers that qualify") {
    casino c;
    c.open("p", {.rate = rate_of("0.01"), .min_wager = 10});
    c.wager(9);
    c.wager(10);
    c.wager(11);
    CHECK(c.pool("p").wager_count == 2);
    CHECK(c.pool("p").total_wagered == 21);
}

TEST_CASE("7, 69: the value can be read at any time, while wagers come") {
    casino c;
    c.open("p", {.rate = rate_of("1")});
    const auto handle = value_of(c.net.resolve_pool("p"));
    for (int i = 1; i <= 10; ++i) {
        c.wager(7);
        CHECK(value_of(c.net.meters(handle)).current == 7 * i);
    }
}

TEST_CASE("8, 9: wins are counted, and their sum is metered, of each level") {
    casino c;
    c.open("minor", {.seed = 100});
    c.open("major", {.seed = 1000});
    c.win("minor");
    c.win("minor", 30);
    c.win("major");
    CHECK(c.pool("minor").win_count == 2);
    CHECK(c.pool("minor").total_wins == 130);
    CHECK(c.pool("major").win_count == 1);
    CHECK(c.pool("major").total_wins == 1000);
}

TEST_CASE("12, 13: meters, limits, games and the newest wins can be read") {
    casino c;
    c.open("p", {.seed = 100, .cap = 900, .games = {"slots"}});
    for (int i = 1; i <= 30; ++i) {
        c.win("p", i);
    }
    const auto p = c.pool("p");
    CHECK(p.configuration->seed == 100);
    CHECK(p.configuration->cap == 900);
    CHECK(p.configuration->games == std::vector<name>{"slots"});
    const auto wins = value_of(
        c.net.history({.limit = 25, .pool = "p", .kind = operation_kind::won, .newest_first = true}));
    REQUIRE(wins.size() == 25);
    for (int i = 0; i < 25; ++i) {
        CHECK(wins[static_cast<std::size_t>(i)].parts[0].paid == 30 - i);
    }
}
