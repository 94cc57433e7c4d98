// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

using namespace jackpot;
using test::code_of;
using test::contains;
using test::snapshot_of;
using test::value_of;

// What a store writes into its rows and reads out of them, by one journal that has every kind of operation
// and every field in it. Random journals take longer (storage.cpp).

namespace {

/// A journal with every kind of operation but a checkpoint, and every field once with a value and once
/// without.
testing::ledger<std::int64_t> every_kind() {
    auto l = test::small_ledger();
    const auto add = [&](basic_request<std::int64_t> request) {
        REQUIRE(value_of(l.add(std::move(request))));
    };
    const auto earlier = l.states();
    add(contribute_request{.game = "keno", .wager = 1'000, .pools = name_list{"mega", "minor"}});
    add(contribute_request{.game = "slots", .wager = 9'999'999, .player = "eve"});
    add(win_request{.pool = "major", .game = "slots", .player = "eve", .amount = 4'990});
    add(win_request{.pool = "mega", .game = "keno", .player = "bob", .key = "win-1"});
    add(adjust_request{.pool = "minor", .delta = -7, .actor = "ann", .reason = "counted", .key = "adjust-1"});
    add(suspend_request{.pool = "minor"});
    add(configure_request{
        .pool = "minor",
        .patch = {.rounding = rounding::floor, .on_cap = on_cap::stop, .min_wager = 5, .games = {{"dice"}}}});
    add(resume_request{.pool = "minor"});
    add(configure_request{.pool = "minor", .patch = {.games = {{"cards"}}}});
    add(configure_request{
        .pool = "minor",
        .patch = {.seed = 3, .cap = std::optional<std::int64_t>(l.states().pools[2].current)}});
    add(contribute_request{.game = "cards", .wager = 11});
    add(restore_request{
        .actor = "ann", .reason = "mistake", .returned_to = earlier.head.sequence, .states = earlier.pools});
    return l;
}

std::vector<operation> journal_of(soci_storage& store) {
    std::vector<operation> all;
    value_of(store.read({}, all));
    return all;
}

}  // namespace

TEST_CASE("every field of every kind of operation, one commit each or all in one, is read back") {
    const auto whole = every_kind();
    for (const bool at_once : {false, true}) {
        const test::database file;
        auto store = file.open();
        testing::ledger<std::int64_t> l;
        snapshot followed;
        for (const auto& o : whole.journal()) {
            l.take(o);
            if (!at_once) {
                test::commit_after(store, l, l.sequence() - 1);
                value_of(store.load(followed));
                REQUIRE(followed == l.states());
            }
        }
        if (at_once) {
            test::commit_after(store, l, 0);
        }
        auto fresh = file.open();
        CHECK(snapshot_of<std::int64_t>(fresh) == l.states());
        CHECK(journal_of(fresh) == l.journal());
    }
}

TEST_CASE("what a kind of operation names is stored where it is 0, too, and nothing else is") {
    const test::database file;
    auto store = file.open();
    test::commit_after(store, every_kind(), 0);
    const auto ask = [&](const char* column, const char* sequence) {
        return file.ask("SELECT " + std::string(column) +
                        " FROM jackpot_journal WHERE part = 0 AND sequence = " + sequence);
    };
    CHECK(ask("to_overflow", "4") == "1222");
    CHECK(ask("forgone", "4") == "0");
    for (const char* column : {"to_overflow", "forgone"}) {
        CHECK(ask(column, "5") == "NULL");
    }
    for (const char* column : {"paid", "from_house"}) {
        CHECK(ask(column, "4") == "NULL");
    }
    CHECK(ask("paid", "5") == "12345");
    CHECK(ask("from_house", "5") == "0");
    CHECK(ask("from_overflow", "6") == "0");
    CHECK(ask("from_overflow", "1") == "NULL");
}

TEST_CASE("a load of another store's states keeps none of its pools") {
    const test::database file;
    auto store = file.open();
    const auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    auto states = l.states();
    states.head.identity.high += 1;
    states.pools.push_back(states.pools.back());
    states.pools.back().pool = "of the other store";
    value_of(store.load(states));
    CHECK(states == l.states());
}

TEST_CASE("a commit for another store, or on rows that somebody edited, is refused") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    REQUIRE(value_of(l.add(test::wager())));
    auto c = l.commit_after(6);
    c.identity.low += 1;
    CHECK(code_of(store.commit(c)) == errc::diverged);
    file.edit("UPDATE jackpots SET version = version + 5 WHERE \"group\" = 'mega'");
    const auto done = store.commit(l.commit_after(6));
    CHECK(code_of(done) == errc::corrupt);
    CHECK(contains(done.error(), "mega"));
    CHECK(journal_of(store).size() == 6);
    file.edit("UPDATE jackpots SET version = version - 5 WHERE \"group\" = 'mega'");
    test::commit_after(store, l, 6);
}

TEST_CASE("rows of a store with games are replaced, by a rewrite and by a checkpoint") {
    const test::database file;
    auto store = file.open();
    auto l = every_kind();
    test::commit_after(store, l, 0);
    auto states = l.states();
    states.head.identity.high += 1;
    CHECK(value_of(store.rewrite(states)) == commit_result::conflict);
    CHECK(value_of(store.rewrite(l.states())) == commit_result::committed);
    CHECK(snapshot_of<std::int64_t>(store) == l.states());

    const auto leap = [&] {
        auto later = l.checkpoint();
        later.sequence += 1;
        return later;
    }();
    auto c = l.commit_after(l.sequence());
    c.operations = {&leap, 1};
    named_pools<std::int64_t> all;
    c.pools = name_changed(l.states(), c.operations, all);
    CHECK(value_of(store.commit(c)) == commit_result::committed);
    auto expected = l.states();
    expected.head.sequence += 1;
    CHECK(snapshot_of<std::int64_t>(store) == expected);
}

TEST_CASE("a row that holds another pool's state is named") {
    const test::database file;
    auto store = file.open();
    const auto l = every_kind();
    test::commit_after(store, l, 0);
    file.edit(
        "UPDATE jackpot_journal SET detail = replace(detail, 'pool minor', 'pool minot') WHERE kind = "
        "'restored'");
    std::vector<operation> page;
    const auto read = store.read({}, page);
    REQUIRE(code_of(read) == errc::corrupt);
    CHECK(contains(read.error(), "detail"));
}

TEST_CASE("no two operations leave one version of a pool, whatever wrote them") {
    const test::database file;
    auto store = file.open();
    test::commit_after(store, test::small_ledger(), 0);
    soci::session session(soci::sqlite3, "dbname=\"" + file.path() + "\"");
    for (const char* change : {"version = 1", "\"key\" = 'bet-1'"}) {
        CAPTURE(change);
        CHECK(test::is_refused(
            [&] { session << "UPDATE jackpot_journal SET " << change << " WHERE sequence = 5"; }));
    }
}

TEST_CASE("a session with a file waits for the disk, for other writers, and looks at foreign keys") {
    const test::database file;
    static_cast<void>(file.open());
    const auto ask = [&](const std::string& options, const std::string& query) {
        return value_of(soci_storage::visit(file.url(options), [&](sql::connection& c) {
            std::string answer;
            c.prepared("SELECT " + query).select<sql::sentence_row>([&](const sql::sentence_row& row) {
                answer = row.sentence;
            });
            return answer;
        }));
    };
    const std::pair<std::string, std::string> pragmas[] = {{"synchronous", "2"},
                                                           {"foreign_keys", "1"},
                                                           {"locking_mode", "normal"},
                                                           {"journal_mode", "wal"},
                                                           {"ignore_check_constraints", "0"},
                                                           {"query_only", "0"}};
    for (const auto& each : pragmas) {
        CAPTURE(each.first);
        CHECK(ask("", each.first + " FROM pragma_" + each.first) == each.second);
    }
#if SOCI_VERSION < 400100
    // It waits in turns of its own, which SQLite says nothing of.
    for (const char* options : {"", "?busy_timeout=7", "?busy_timeout=0"}) {
        CHECK(ask(options, "timeout FROM pragma_busy_timeout") == "0");
    }
    void* const seven = reinterpret_cast<void*>(std::intptr_t{7});
    CHECK(sql::sqlite::wait_a_turn(seven, 0) == 1);
    CHECK(sql::sqlite::wait_a_turn(seven, 6) == 1);
    CHECK(sql::sqlite::wait_a_turn(seven, 7) == 0);
#else
    CHECK(ask("", "timeout FROM pragma_busy_timeout") == "5000");
    CHECK(ask("?busy_timeout=7", "timeout FROM pragma_busy_timeout") == "7");
    CHECK(ask("?busy_timeout=0", "timeout FROM pragma_busy_timeout") == "0");
#endif
}

TEST_CASE("a session with a file waits for another writer, at least as long as it is told to") {
    const test::database file;
    auto store = file.open();
    const auto held = value_of(soci_storage::visit(file.url(), [&](sql::connection& c) {
        c.begin_writing();
        using clock = std::chrono::steady_clock;
        const auto start = clock::now();
        CHECK(code_of(soci_storage::visit(file.url("?busy_timeout=60"), [](sql::connection& other) {
                  other.begin_writing();
                  return true;
              })) == errc::unavailable);
        c.roll_back();
        return clock::now() - start;
    }));
    CHECK(held >= std::chrono::milliseconds(60));
}

TEST_CASE("states of a history that the store does not have are read anew, and not written over its own") {
    const test::database file;
    auto store = file.open();
    const auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    auto other = l.states();
    other.head.newest.low += 1;
    other.pools[0].total_wagered += 1;
    CHECK(value_of(store.rewrite(other)) == commit_result::conflict);
    value_of(store.load(other));
    CHECK(other == l.states());
}

TEST_CASE("a store whose journal lacks its newest operation is corrupt, not in conflict for ever") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    file.edit("DELETE FROM jackpot_journal WHERE sequence = 6");
    REQUIRE(value_of(l.add(test::wager())));
    const auto refused = store.commit(l.commit_after(6));
    CHECK(code_of(refused) == errc::corrupt);
    CHECK(contains(refused.error(), "no operation: 6"));
}
