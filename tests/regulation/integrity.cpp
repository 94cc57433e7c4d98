// SPDX-License-Identifier: BSL-1.0
#include "casino.hpp"

#include <jackpot/replication/csv.hpp>
#include <jackpot/replication/repair.hpp>
#include <jackpot/replication/statement.hpp>
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

TEST_CASE("57, 70, 71: each month has a statement of every pool and site, which balances to the unit") {
    constexpr timestamp october = 1'759'276'800'000'000;
    constexpr timestamp month = timestamp(30) * 86'400 * 1'000'000;
    timestamp then = october + 5;
    memory_storage<> store;
    network net(store, test::past_environment{&then});
    value_of(net.open({.pool = "p", .configuration = {.seed = 100, .rate = rate_of("0.15")}}));
    const auto play = [&](const char* site, std::int64_t wager) {
        then += 1'000'000;
        value_of(net.contribute({.game = "slots", .wager = wager, .site = site}));
    };
    const auto of_month = [&](int i) {
        return value_of(
            statement(store, {.after = october + i * month - 1, .until = october + (i + 1) * month - 1}));
    };
    play("hall 1", 10);
    play("hall 2", 110);
    const auto first = statement_csv(of_month(0));
    then = october + month;  // its very first moment
    play("hall 2", 30);
    value_of(net.win({.pool = "p", .game = "slots", .player = "ann", .site = "hall 1"}));
    play("hall 1", 1'000);
    then = october + 2 * month;
    play("hall 1", 7);
    CHECK(statement_csv(of_month(0)) == first);
    for (int i = 0; i < 3; ++i) {
        const auto s = of_month(i);
        value_of(check_statement(s));
        const auto& p = s.pools.at(0);
        const auto next = of_month(i + 1);
        CHECK(p.closing == next.pools.at(0).opening);
        for (std::size_t site = 0; site < p.sites.size(); ++site) {
            CHECK(p.sites[site].closing == next.pools.at(0).sites.at(site).opening);
        }
        CHECK(value_of(as_of(store, s.period.until)).pools[0].current == p.closing[&meters::current]);
    }
    // What each hall put into the jackpot in November.
    const auto november = of_month(1);
    const auto& sites = november.pools.at(0).sites;
    REQUIRE(sites.size() == 3);
    CHECK(*sites[1].site == "hall 1");
    const auto put_in = [&](const auto& account) {
        return account.closing[&meters::total_contributions] - account.opening[&meters::total_contributions];
    };
    CHECK(put_in(sites[1]) == 150);
    CHECK(put_in(sites[2]) == 4);  // of 4.5
    CHECK(put_in(november.pools.at(0)) == 154);
    CHECK(sites[1].closing[&meters::total_wins] == 122);
    CHECK(november.pools.at(0).closing[&meters::total_wins] == 122);
}

TEST_CASE("72: a journal and its statement are exported as CSV") {
    casino c;
    c.open("p", {.seed = 10, .rate = rate_of("0.5")});
    c.wager(100);
    std::string journal;
    CHECK(value_of(journal_csv(c.store, {}, [&](std::string_view text) { journal.append(text); })) == 2);
    CHECK(journal.find("contributed,\"p\",2,,\"slots\",\"ann\",\"round 1\",\"hall 1\",100,") !=
          std::string::npos);
    CHECK(statement_csv(value_of(statement(c.store, {}))).find("\"p\",pool,,contributed,1,50,") !=
          std::string::npos);
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
