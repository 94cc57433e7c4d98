// SPDX-License-Identifier: BSL-1.0
#include "bent.hpp"

#include <jackpot/replication/repair.hpp>
#include <jackpot/store/checkpoint.hpp>

using namespace jackpot;
using test::bent_storage;
using test::code_of;
using test::play;
using test::snapshot_of;
using test::value_of;

// What an audit finds that only a second look at the journal shows, and what a repair says.

namespace {

/// A store that begins with those states, as a copy does whose source no longer knows how it came to them.
void begin_with(memory_storage<>& store, const snapshot& states) {
    const auto checkpoint = detail::checkpoint_of(states);
    test::begin_with(store, states, {&checkpoint, 1});
}

}  // namespace

TEST_CASE("states that break a law are found where a checkpoint brings them, rows and journal alike") {
    memory_storage<> played;
    play(played);
    const auto findings = [&](auto&& spoil) {
        auto states = snapshot_of<std::int64_t>(played);
        spoil(states.pools[0]);
        memory_storage<> store;
        begin_with(store, states);
        return value_of(audit(store)).findings;
    };
    CHECK(findings([](pool&) {}).empty());
    const auto unbalanced = findings([](pool& p) { p.current += 1; });
    REQUIRE(unbalanced.size() == 1);
    CHECK(unbalanced[0].where == "operation 27");
    const auto unborn = findings([](pool& p) { p.opened_at = p.modified_at + 1; });
    REQUIRE(unborn.size() == 1);
    CHECK(unborn[0].what == "the times of a pool are in another order: major");
}

TEST_CASE("a rollback that did not return to where it says is found, in whatever order rollbacks came") {
    bent_storage store;
    play(store);
    network net(store, seeded_environment(9));
    const auto back_to = [&](std::uint64_t sequence) {
        return value_of(net.restore({.actor = "ann",
                                     .reason = "test",
                                     .returned_to = sequence,
                                     .states = value_of(fold(store, sequence)).pools}))
            .sequence;
    };
    const std::uint64_t rollbacks[] = {back_to(15), back_to(10), back_to(20)};
    CHECK(value_of(audit(store)).clean());
    for (const std::uint64_t bent : rollbacks) {
        CAPTURE(bent);
        // As if the pool had held 5 more then, and every law were kept.
        store.bend_page = [&](std::vector<operation>& page) {
            for (auto& o : page) {
                if (o.sequence == bent) {
                    auto state = *o.parts[0].state;
                    state.current += 5;
                    state.adjusted += 5;
                    o.parts[0].current += 5;
                    o.parts[0].state = std::make_shared<const pool>(state);
                }
            }
        };
        const auto report = value_of(audit(store));
        REQUIRE_FALSE(report.clean());
        CHECK(report.findings[0].where == "operation " + std::to_string(bent));
        CHECK(report.findings[0].what == "its parts are not the ones decided");
    }
}

TEST_CASE("an audit leaves alone what is committed after it began") {
    bent_storage store;
    play(store);
    store.bend_head = [&](store_head&) {  // behind the load
        network net(store.store, seeded_environment(5));
        value_of(net.contribute({.game = "g", .wager = 999}));
    };
    const auto report = value_of(audit(store));
    CHECK(report.clean());
    CHECK(report.operations == 27);
    CHECK(snapshot_of<std::int64_t>(store.store).head.sequence == 28);
}

TEST_CASE("a pool with several edited fields is named once, and only a repair that was kept is one") {
    bent_storage store;
    play(store);
    const auto sound = snapshot_of<std::int64_t>(store.store);
    auto states = sound;
    states.pools[0].current += 500;
    states.pools[0].total_wagered += 500;
    states.pools[2].win_count += 1;
    states.pools[2].last_win->player = "bob";
    value_of(store.store.rewrite(states));
    seeded_environment world(3);
    store.commits_late = true;
    CHECK(code_of(adopt_rows(store, {.actor = "ann", .reason = "r"}, world)) == errc::conflict);
    store.commits_late = false;
    value_of(store.store.rewrite(states));
    const auto repaired = value_of(repair_from_journal(store));
    CHECK(repaired.pools == std::vector<name>{"major", "minor"});
    CHECK(snapshot_of<std::int64_t>(store.store) == sound);
}
