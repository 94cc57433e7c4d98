// SPDX-License-Identifier: BSL-1.0
#include "casino.hpp"

#include <jackpot/replication/repair.hpp>
#include <jackpot/testing/faulty_storage.hpp>

using namespace jackpot;
using test::casino;
using test::code_of;
using test::rate_of;
using test::value_of;

TEST_CASE("61, 71: values are computed exactly: the sums balance after every operation") {
    casino c;
    c.open("p", {.seed = 100, .cap = 700, .rate = rate_of("0.3"), .seed_rate = rate_of("0.07")});
    for (int i = 1; i <= 60; ++i) {
        c.wager(i);
        if (i % 20 == 0) {
            c.win("p", 50);
        }
        CHECK(check_meters(c.pool("p")).has_value());
    }
    c.check_audit();
}

TEST_CASE("62, 64: a value that was altered in the store is found, and named") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    c.wager(100);
    auto states = test::snapshot_of<std::int64_t>(c.store);
    states.pools[0].current += 1;
    states.pools[0].adjusted += 1;
    value_of(c.store.rewrite(states));
    const auto report = value_of(audit(c.store));
    REQUIRE_FALSE(report.clean());
    CHECK(report.findings[0].where.find("p") != std::string::npos);
    value_of(repair_from_journal(c.store));
    c.check_audit();
}

TEST_CASE("66: no failure of the store clears or doubles a meter") {
    for (const auto lost : {testing::lost::request, testing::lost::answer}) {
        memory_storage<> behind;
        testing::fault_plan plan{.lost = lost};
        testing::faulty_storage store(behind, plan);
        network net(store, seeded_environment(66));
        value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
        for (int i = 1; i <= 20; ++i) {
            const std::string key = "bet " + std::to_string(i);
            plan.call = plan.calls + 1 + static_cast<unsigned>(i % 3);
            while (!net.contribute({.game = "slots", .wager = 5, .key = name(key)})) {
            }
            plan.call = 0;
            CHECK(value_of(net.pool("p")).current == 5 * i);
        }
    }
}

TEST_CASE("67: one clock stamps all, and never runs backwards") {
    casino c;
    c.open("p", {.seed = 100, .rate = rate_of("0.5")});
    for (int i = 0; i < 20; ++i) {
        c.wager(10);
    }
    timestamp newest = 0;
    for (const auto& o : value_of(c.net.history())) {
        CHECK(o.at >= newest);
        newest = o.at;
    }
}

TEST_CASE("73: operations are read by time") {
    casino c;
    c.open("p", {.rate = rate_of("0.5")});
    std::vector<timestamp> times;
    for (int i = 0; i < 10; ++i) {
        times.push_back(c.wager(10).at);
    }
    const auto between = value_of(c.net.history({.from = times[3], .to = times[6]}));
    for (const auto& o : between) {
        CHECK(o.at >= times[3]);
        CHECK(o.at <= times[6]);
    }
    CHECK(between.size() >= 4);
}

TEST_CASE("74: what the operator owes players can be read: current, overflow, reserve and what is held") {
    casino c;
    c.open("p", {.seed = 10, .cap = 100, .rate = rate_of("0.6"), .seed_rate = rate_of("0.4")});
    c.wager(500);
    value_of(c.net.hold({.pool = "p", .game = "slots", .player = "ann", .amount = 90, .hold = "claim 1"}));
    const auto sums = value_of(c.net.statistics());
    CHECK(sums.held == 90);
    CHECK(sums.current + sums.overflow + sums.reserve + sums.held == 510);
    CHECK(value_of(c.net.liability()) == 510);
}
