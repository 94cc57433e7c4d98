// SPDX-License-Identifier: BSL-1.0
#include "../wide.hpp"
#include "bent.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/repair.hpp>
#include <jackpot/store/checkpoint.hpp>

using namespace jackpot;
using test::bent_storage;
using test::code_of;
using test::play;
using test::rate_of;
using test::value_of;

TEST_CASE("a pool that is newer than the operation that left it is found") {
    memory_storage<> played;
    play(played);
    for (const bool newer : {false, true}) {
        auto states = test::snapshot_of<std::int64_t>(played);
        states.pools[0].modified_at = states.head.at + (newer ? 1 : 0);
        const auto checkpoint = detail::checkpoint_of(states);
        memory_storage<> store;
        test::begin_with(store, states, {&checkpoint, 1});
        const auto report = value_of(audit(store));
        CHECK(report.count == (newer ? 1 : 0));
        CHECK((!newer || report.findings[0].what == "the times of a pool are in another order: major"));
    }
}

TEST_CASE("an audit counts what it has checked") {
    memory_storage<> store;
    play(store);
    const auto report = value_of(audit(store));
    CHECK(report.clean());
    CHECK(report.operations == 27);
    CHECK(report.contributions == 20);
    CHECK(report.wins == 1);
    CHECK(report.pools == 3);
}

TEST_CASE("an audit finds whatever is bent in a journal") {
    const auto finds = [](auto&& bend, std::string_view what) {
        bent_storage store;
        play(store);
        store.bend_page = [&](std::vector<operation>& page) {
            for (auto& o : page) {
                bend(o);
            }
        };
        const auto report = value_of(audit(store));
        CAPTURE(what);
        REQUIRE_FALSE(report.clean());
        const bool named = std::any_of(report.findings.begin(), report.findings.end(), [&](const finding& f) {
            return f.what.find(what) != std::string::npos;
        });
        CHECK(named);
    };
    const auto at = [](std::uint64_t sequence, auto&& change) {
        return [=](operation& o) {
            if (o.sequence == sequence) {
                change(o);
            }
        };
    };
    finds(at(5, [](operation& o) { o.parts[0].to_pool += 1; }), "parts are not the ones decided");
    finds(at(5, [](operation& o) { o.parts[0].current += 1; }), "parts are not the ones decided");
    finds(at(5, [](operation& o) { std::get_if<contribute_request>(&o.request)->wager += 1000; }),
          "parts are not");
    finds(at(5, [](operation& o) { o.id = {}; }), "no id");
    finds(at(5, [](operation& o) { o.at = 0; }), "time runs backwards");
    finds(at(5, [](operation& o) { o.at += 1'000'000'000; }), "time runs backwards");
    finds(at(5, [](operation& o) { o.parts[0].version += 1; }), "versions do not count by one");
    finds(at(5, [](operation& o) { o.parts.truncate(1); }), "parts are not");
    finds(at(5, [](operation& o) { o.sequence = 99; }), "sequence");
    finds(
        at(24, [](operation& o) { std::get_if<basic_win_request<std::int64_t>>(&o.request)->pool = "nope"; }),
        "the rules refuse it");
    finds(at(5,
             [](operation& o) {
                 std::get_if<contribute_request>(&o.request)->pools = name_list{"minor", "major", "mega"};
             }),
          "normal form");
    finds(at(24, [](operation& o) { o.parts[0].from_house += 1; }), "parts are not");

    bent_storage store;
    play(store);
    store.forgets_keys = true;
    CHECK(value_of(audit(store)).count == 20);
    store.forgets_keys = false;
    CHECK(value_of(audit(store)).clean());

    // All but one of the keys lead to an operation that another one holds.
    store.bend_key = [](const name&) { return name("bet 7"); };
    CHECK(value_of(audit(store)).count == 19);
    store.bend_key = [](const name& key) { return key; };
    for (const auto& bend : {+[](store_head& head) { head.at += 1; }, +[](store_head& head) { head.at -= 1; },
                             +[](store_head& head) { head.sequence += 1; }}) {
        store.bend_head = bend;
        const auto report = value_of(audit(store));
        REQUIRE(report.count == 1);
        CHECK(report.findings[0].where == "store");
    }
}

TEST_CASE("rows edited by hand are found, and rebuilt from the journal") {
    memory_storage<> store;
    play(store);
    const auto sound = test::snapshot_of<std::int64_t>(store);
    const auto edited = [&](auto&& change) {
        auto states = sound;
        change(states.pools[2]);
        value_of(store.rewrite(states));
        CHECK_FALSE(value_of(audit(store)).clean());
        const auto repaired = value_of(repair_from_journal(store));
        CHECK(repaired.pools == std::vector<name>{"minor"});
        CHECK(repaired.sequence == sound.head.sequence);
        CHECK(test::snapshot_of<std::int64_t>(store) == sound);
        CHECK(value_of(audit(store)).clean());
    };
    edited([](pool& p) { p.current += 1; });
    edited([](pool& p) { p.version += 1; });
    edited([](pool& p) { p.status = pool_status::suspended; });
    edited([](pool& p) { p.pending = nullptr; });
    edited([](pool& p) { p.last_win->player = "bob"; });
    edited([](pool& p) {
        auto c = *p.configuration;
        c.rate = rate_of("0.03");
        p.configuration = std::make_shared<const configuration>(c);
    });
    CHECK(value_of(repair_from_journal(store)).pools.empty());
}

TEST_CASE("rows edited by hand are adopted as an operation, with the difference booked as adjusted") {
    memory_storage<> store;
    play(store);
    seeded_environment world(3);
    const auto before = test::snapshot_of<std::int64_t>(store);
    auto states = before;
    states.pools[0].current += 500;  // major
    states.pools[1].status = pool_status::active;
    value_of(store.rewrite(states));

    CHECK(code_of(adopt_rows(store, {.actor = "", .reason = "r"}, world)) == errc::invalid_actor);
    const auto adopted = value_of(adopt_rows(store, {.actor = "ann", .reason = "after the incident"}, world));
    CHECK(adopted.pools == std::vector<name>{"major", "mega"});
    CHECK(adopted.sequence == before.head.sequence + 1);
    const auto after = test::snapshot_of<std::int64_t>(store);
    CHECK(after.pools[0].current == before.pools[0].current + 500);
    CHECK(after.pools[0].adjusted == before.pools[0].adjusted + 500);
    CHECK(after.pools[0].version == before.pools[0].version + 1);
    CHECK(after.pools[1].status == pool_status::active);
    CHECK(after.pools[2] == before.pools[2]);
    CHECK(value_of(audit(store)).clean());
    CHECK(value_of(adopt_rows(store, {.actor = "ann", .reason = "again"}, world)).pools.empty());

    // A version is not adopted, and neither is a row that is gone or that the journal knows nothing of.
    states = after;
    states.pools[1].version += 5;
    value_of(store.rewrite(states));
    CHECK(value_of(adopt_rows(store, {.actor = "ann", .reason = "r"}, world)).pools ==
          std::vector<name>{"mega"});
    CHECK(value_of(audit(store)).clean());
    states = after;
    states.pools[0].pool = "by hand";
    states.pools[0].version = 7;
    value_of(store.rewrite(states));
    value_of(adopt_rows(store, {.actor = "ann", .reason = "r"}, world));
    const auto renamed = test::snapshot_of<std::int64_t>(store);
    REQUIRE(renamed.pools.size() == 4);
    CHECK(renamed.pools[0].version == 1);
    CHECK(renamed.pools[1].status == pool_status::suspended);
    CHECK(value_of(audit(store)).clean());
    const basic_restore_request<std::int64_t> back{
        .actor = "ann", .reason = "r", .returned_to = after.head.sequence, .states = after.pools};
    value_of(network(store, seeded_environment(4)).restore(back));
    CHECK(value_of(audit(store)).clean());

    // Rows that cannot be made true by a correction are refused, and stay as they were.
    states = test::snapshot_of<std::int64_t>(store);
    states.pools.back().current = 2'000'000;  // above its cap
    value_of(store.rewrite(states));
    CHECK(code_of(adopt_rows(store, {.actor = "ann", .reason = "r"}, world)) == errc::corrupt);
    CHECK(test::snapshot_of<std::int64_t>(store) == states);
    value_of(repair_from_journal(store));
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("a repair that came too late says so") {
    bent_storage store;
    play(store);
    auto states = test::snapshot_of<std::int64_t>(store);
    states.pools[0].current += 500;
    states.pools[0].version += 5;
    value_of(store.rewrite(states));
    store.rewrites_late = true;
    seeded_environment world(3);
    CHECK(code_of(repair_from_journal(store)) == errc::conflict);
    CHECK(code_of(adopt_rows(store, {.actor = "ann", .reason = "r"}, world)) == errc::conflict);
    CHECK(test::snapshot_of<std::int64_t>(store) == states);
}

TEST_CASE("a writer does not build on rows that somebody broke") {
    memory_storage<> store;
    play(store);
    const auto sound = test::snapshot_of<std::int64_t>(store);
    for (const auto& spoil : {+[](pool& p) { p.current = -1; },
                              +[](pool& p) { p.current = amount_traits<std::int64_t>::amount_max(); }}) {
        auto states = sound;
        spoil(states.pools[2]);
        value_of(store.rewrite(states));
        network net(store, seeded_environment(5));
        CHECK(code_of(net.contribute({.game = "g", .wager = 1000})) == errc::corrupt);
        CHECK(test::snapshot_of<std::int64_t>(store) == states);
        value_of(repair_from_journal(store));
        CHECK(code_of(net.contribute({.game = "g", .wager = 1000, .pools = name_list{}})) == errc{});
    }
}

TEST_CASE("states to return to are checked as what they would become") {
    memory_storage<> store;
    play(store);
    network net(store, seeded_environment(9));
    const auto now = test::snapshot_of<std::int64_t>(store);
    const auto refused = [&](auto&& spoil) {
        basic_restore_request<std::int64_t> r{
            .actor = "a", .reason = "r", .returned_to = 9, .states = now.pools};
        spoil(r.states);
        const auto code = code_of(net.restore(r));
        CHECK(test::snapshot_of<std::int64_t>(store) == now);
        return code;
    };
    CHECK(refused([](auto& states) { states[0].pool = "two\nlines"; }) == errc::invalid_pool);
    CHECK(refused([](auto& states) { states[0].pool = states[1].pool; }) == errc::invalid_pool);
    CHECK(refused([](auto& states) { states[2].last_win->game = ""; }) == errc::invalid_game);
    CHECK(refused([](auto& states) { states[2].last_win->player = "\x7F"; }) == errc::invalid_player);
    CHECK(refused([](auto& states) { states[0].configuration = nullptr; }) == errc::empty_configuration);
    CHECK(refused([](auto& states) {
              auto c = *states[0].configuration;
              c.rate = rate::from_ppb(-1);
              states[0].configuration = std::make_shared<const configuration>(c);
          }) == errc::invalid_rate);
    // A patch of nothing would be written, and never be read again.
    CHECK(refused([](auto& states) {
              states[2].pending = std::make_shared<const basic_pending<std::int64_t>>(
                  basic_pending<std::int64_t>{{}, *states[2].configuration});
          }) == errc::invalid_operation);
    // In another order they are the same states: nothing changes, and nothing is suspended.
    basic_restore_request<std::int64_t> r{.actor = "a", .reason = "r", .returned_to = 9, .states = now.pools};
    std::reverse(r.states.begin(), r.states.end());
    CHECK(value_of(net.restore(r)).parts.empty());
}

TEST_CASE("an earlier state comes back as an operation, and the journal goes on") {
    memory_storage<> store;
    play(store);
    network net(store, seeded_environment(9));
    const auto earlier = value_of(fold(store, 10));
    value_of(
        net.restore({.actor = "ann", .reason = "a mistake", .returned_to = 10, .states = earlier.pools}));
    const auto now = test::snapshot_of<std::int64_t>(store);
    for (std::size_t i = 0; i < now.pools.size(); ++i) {
        CHECK(now.pools[i].current == earlier.pools[i].current);
        CHECK(now.pools[i].version > earlier.pools[i].version);
    }
    CHECK(value_of(net.contribute({.game = "g", .wager = 999, .key = "bet 19"})).replayed);
    CHECK_FALSE(value_of(net.contribute({.game = "g", .wager = 999})).parts.empty());
    CHECK(value_of(audit(store)).clean());
    CHECK(code_of(fold(store, 1000)) == errc::corrupt);
}
