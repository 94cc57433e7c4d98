// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <thread>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::snapshot_of;
using test::value_of;

namespace {

template <class Amount, class Store>
std::vector<basic_operation<Amount>> all_of(Store& store, history_query q = {}) {
    std::vector<basic_operation<Amount>> all;
    std::vector<basic_operation<Amount>> page;
    do {
        value_of(store.read(q, page));
        CHECK(page.size() <= q.limit);
        all.insert(all.end(), page.begin(), page.end());
        q.after = page.empty() ? q.after : page.back().sequence;
    } while (!page.empty());
    return all;
}

}  // namespace

TEST_CASE_TEMPLATE("random operations are read back bit for bit", Amount, std::int64_t, wide_amount) {
    const test::database file;
    auto store = file.open<Amount>();
    testing::ledger<Amount> l;
    testing::random_requests<Amount> requests(20);
    basic_snapshot<Amount> followed;
    for (std::uint64_t batch = 1; l.sequence() < 1500; batch = batch * 7 % 61) {
        const std::uint64_t before = l.sequence();
        while (l.sequence() < before + batch) {
            static_cast<void>(l.add(requests.next(l.states())));
        }
        test::commit_after(store, l, before);
        value_of(store.load(followed));
        REQUIRE(followed == l.states());
    }
    auto fresh = file.open<Amount>();
    CHECK(snapshot_of<Amount>(fresh) == l.states());
    CHECK(all_of<Amount>(fresh, {.limit = 97}) == l.journal());
    basic_operation<Amount> found;
    for (const auto& o : l.journal()) {
        if (o.key() != nullptr) {
            REQUIRE(value_of(fresh.find(*o.key(), found)));
            CHECK(found == o);
        }
    }
    CHECK(!value_of(fresh.find("a key that nobody used", found)));

    history_query q{.after = 100, .limit = 13};
    for (const std::optional<name>& pool : {std::optional<name>{}, std::optional<name>("minor")}) {
        for (const auto kind :
             {std::optional<operation_kind>{}, std::optional(operation_kind::contributed)}) {
            for (const std::optional<name>& game : {std::optional<name>{}, std::optional<name>("keno")}) {
                q.pool = pool;
                q.kind = kind;
                q.game = game;
                auto wanted = l.journal();
                std::erase_if(wanted, [&](const auto& o) { return o.sequence <= q.after || !matches(q, o); });
                CHECK(!wanted.empty());
                CHECK(all_of<Amount>(fresh, q) == wanted);
            }
        }
    }
    q = {.after = std::uint64_t(-1), .limit = std::size_t(-1)};
    CHECK(all_of<Amount>(fresh, q).empty());
}

TEST_CASE_TEMPLATE("the largest amounts, any name and 4096 games are kept", Amount, std::int64_t,
                   wide_amount) {
    const test::database file;
    auto store = file.open<Amount>();
    testing::ledger<Amount> l;
    const Amount most = amount_traits<Amount>::amount_max();
    const name quoted("Robert'); DROP TABLE \"jackpots\"; -- \xF0\x9F\x8E\xB0:x ? %");
    basic_open_request<Amount> open{.pool = quoted, .configuration = {.seed = most / 2, .cap = most}};
    for (std::size_t i = 0; i < games_max; ++i) {
        open.configuration.games.push_back(name(std::to_string(i)).append(std::string(120, '\'')));
    }
    detail::make_set(open.configuration.games);
    REQUIRE(value_of(l.add(open)));
    REQUIRE(value_of(l.add(
        basic_win_request<Amount>{.pool = quoted, .game = quoted, .player = name(std::string(128, '"'))})));
    REQUIRE(value_of(l.add(basic_adjust_request<Amount>{
        .pool = quoted, .delta = -(most / 2), .actor = quoted, .reason = quoted})));
    test::commit_after(store, l, 0);
    CHECK(snapshot_of<Amount>(store) == l.states());
    CHECK(all_of<Amount>(store) == l.journal());
}

TEST_CASE("a list of no pools is not the same as no list") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    REQUIRE(value_of(l.add(contribute_request{.game = "g", .wager = 9, .pools = name_list{"minor"}})));
    auto o = l.journal().back();
    o.sequence += 1;
    o.parts[0].version += 1;
    o.parts[0].to_pool = 0;
    std::get<contribute_request>(o.request).pools = name_list{};
    l.take(o);
    test::commit_after(store, l, 0);
    CHECK(all_of<std::int64_t>(store) == l.journal());
    CHECK(file.ask("SELECT pools FROM jackpot_journal WHERE sequence = 7") == "minor\n");
    CHECK(file.ask("SELECT pools FROM jackpot_journal WHERE sequence = 8") == "");
    CHECK(file.ask("SELECT pools FROM jackpot_journal WHERE sequence = 4 AND part = 0") == "NULL");
}

TEST_CASE("a load reads what has changed, and nothing where nothing has") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    auto states = snapshot_of<std::int64_t>(store);
    const auto before = states;
    // Rows edited behind the library's back show what is read again.
    file.edit("UPDATE jackpots SET total_wagered = 7");
    value_of(store.load(states));
    CHECK(states == before);
    REQUIRE(value_of(l.add(adjust_request{.pool = "mega", .delta = 5, .actor = "a", .reason = "r"})));
    test::commit_after(store, l, 6);
    file.edit("UPDATE jackpots SET total_wagered = 7");
    value_of(store.load(states));
    CHECK(states.pools[0] == before.pools[0]);
    CHECK(states.pools[1].total_wagered == 7);
    CHECK(states.pools[2] == before.pools[2]);
    // States of another store, and later ones than the store has, are no help.
    for (const int what : {0, 1}) {
        auto other = before;
        what == 0 ? other.head.identity.low += 1 : other.head.sequence += 10;
        value_of(store.load(other));
        CHECK(other == snapshot_of<std::int64_t>(store));
    }
}

TEST_CASE("games are written only where a configuration changed") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    file.edit(
        "CREATE TRIGGER no_insert BEFORE INSERT ON jackpot_games BEGIN SELECT RAISE(ABORT, 'touched'); END",
        "CREATE TRIGGER no_delete BEFORE DELETE ON jackpot_games BEGIN SELECT RAISE(ABORT, 'touched'); END");
    const auto commit = [&](basic_request<std::int64_t> request) {
        const auto before = l;
        REQUIRE(value_of(l.add(std::move(request))));
        const auto done = store.commit(l.commit_after(before.sequence()));
        if (!done) {
            CHECK(contains(done.error(), "touched"));
            l = before;
        }
        return done.has_value();
    };
    CHECK(commit(test::wager()));
    CHECK(commit(win_request{.pool = "mega", .game = "g", .player = "p"}));
    CHECK(commit(configure_request{.pool = "mega", .patch = {.min_wager = 3}}));
    CHECK(
        commit(configure_request{.pool = "mega", .when = when::after_win, .patch = {.games = {{"poker"}}}}));
    CHECK(!commit(win_request{.pool = "mega", .game = "g", .player = "p"}));
    CHECK(!commit(configure_request{.pool = "mega", .patch = {.games = {{"poker"}}}}));
    CHECK(!commit(open_request{.pool = "new", .configuration = {.games = {"poker"}}}));
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
}

TEST_CASE("of two handles the slower one is told; a key that is held comes first") {
    const test::database file;
    auto one = file.open();
    auto two = file.open();
    auto l = test::small_ledger();
    test::commit_after(one, l, 0);
    auto fast = l;
    auto slow = l;
    REQUIRE(value_of(fast.add(test::wager("slots", "bet-2"))));
    REQUIRE(value_of(slow.add(test::wager("slots", "bet-3"))));
    test::commit_after(one, fast, 6);
    CHECK(value_of(two.commit(slow.commit_after(6))) == commit_result::conflict);
    REQUIRE(value_of(l.add(test::wager("keno", "bet-2"))));
    CHECK(value_of(two.commit(l.commit_after(6))) == commit_result::duplicate);
    CHECK(snapshot_of<std::int64_t>(two) == fast.states());

    // With the guard right it is the unique index that tells, and everything before is undone.
    auto again = fast;
    REQUIRE(value_of(again.add(test::wager("keno"))));
    REQUIRE(value_of(again.add(test::wager("keno", "bet-4"))));
    auto twice = again.journal().back();
    twice.sequence += 1;
    for (auto& part : twice.parts) {
        part.version += 1;
    }
    again.take(twice);
    CHECK(value_of(two.commit(again.commit_after(7))) == commit_result::duplicate);
    CHECK(snapshot_of<std::int64_t>(two) == fast.states());
    CHECK(file.ask("SELECT max(sequence) FROM jackpot_journal") == "7");
    REQUIRE(value_of(fast.add(test::wager())));
    test::commit_after(two, fast, 7);
    CHECK(snapshot_of<std::int64_t>(one) == fast.states());
}

TEST_CASE("journal rows that the store's row does not count are never written over") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    file.edit("UPDATE jackpot_store SET sequence = 5");
    auto late = test::small_ledger();
    CHECK(value_of(store.commit(late.commit_after(5))) == commit_result::conflict);
    CHECK(all_of<std::int64_t>(store) == l.journal());
}

TEST_CASE("gaps that somebody made in a journal are passed over, and all that is behind them is read") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    while (l.sequence() < 400) {
        REQUIRE(value_of(l.add(test::wager())));
    }
    test::commit_after(store, l, 0);
    file.edit("DELETE FROM jackpot_journal WHERE sequence IN (1, 7) OR sequence BETWEEN 100 AND 350");
    const auto left = [&](const history_query& q) {
        auto wanted = l.journal();
        std::erase_if(wanted, [&](const auto& o) {
            const auto s = o.sequence;
            return s == 1 || s == 7 || (s >= 100 && s <= 350) || !matches(q, o);
        });
        return wanted;
    };
    for (const std::size_t limit : {1U, 2U, 64U, 1000U}) {
        for (const history_query& q :
             {history_query{.limit = limit}, history_query{.limit = limit, .pool = name("minor")},
              history_query{.limit = limit, .kind = operation_kind::contributed}}) {
            CHECK(all_of<std::int64_t>(store, q) == left(q));
            std::vector<operation> page;
            value_of(store.read(q, page));
            CHECK(page.size() == (std::min)(limit, left(q).size()));
        }
    }
    CHECK(!value_of(audit(store)).clean());

    file.edit("DELETE FROM jackpot_journal WHERE sequence = 50 AND part = 0");
    for (const history_query& q : {history_query{}, history_query{.pool = name("minor")},
                                   history_query{.kind = operation_kind::contributed}}) {
        std::vector<operation> page;
        CHECK(code_of(store.read(q, page)) == errc::corrupt);
    }
}

TEST_CASE("a page that is read while the journal grows has no hole") {
    const test::database file;
    auto store = file.open();
    constexpr std::uint64_t commits = 60;
    std::thread writer([&] {
        auto other = file.open();
        testing::ledger<std::int64_t> l;
        REQUIRE(value_of(l.add(open_request{.pool = "minor"})));
        for (std::uint64_t i = 0; i < commits; ++i) {
            const auto before = l.sequence();
            for (int more = 0; more < 10; ++more) {
                REQUIRE(value_of(l.add(test::wager())));
            }
            test::commit_after(other, l, i == 0 ? 0 : before);
        }
    });
    for (history_query q{.limit = 7}; q.after < 1 + 10 * commits;) {
        std::vector<operation> page;
        value_of(store.read(q, page));
        for (const auto& o : page) {
            CHECK(o.sequence == ++q.after);
        }
    }
    writer.join();
}

TEST_CASE("a lock is held until the first commit, or to the body's end") {
    const test::database file;
    auto store = file.open();
    auto other = file.open("?busy_timeout=1");
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    const auto before = l;
    REQUIRE(value_of(l.add(test::wager())));
    value_of(store.exclusive([&](auto& locked) -> expected<void> {
        CHECK(code_of(other.commit(l.commit_after(6))) == errc::unavailable);
        CHECK(code_of(other.seal(true)) == errc::unavailable);
        CHECK(code_of(other.exclusive([](auto&) -> expected<void> { return {}; })) == errc::unavailable);
        CHECK(snapshot_of<std::int64_t>(other) == before.states());
        CHECK(snapshot_of<std::int64_t>(locked) == before.states());
        return {};
    }));
    value_of(other.seal(false));
    const auto result = store.exclusive([&](auto& locked) {
        auto done = locked.commit(l.commit_after(6));
        CHECK(snapshot_of<std::int64_t>(other) == l.states());
        return done;
    });
    CHECK(value_of(result) == commit_result::committed);
    REQUIRE(value_of(l.add(test::wager())));
    test::commit_after(other, l, 7);
}

TEST_CASE("two handles in two threads lose and double nothing") {
    const test::database file;
    auto first = file.open();
    network opener(first, seeded_environment(1));
    test::open_pools(opener);
    constexpr int each = 150;
    const auto play = [&](std::uint64_t seed) {
        auto store = file.open();
        network net(store, seeded_environment(seed));
        int refused = 0;
        for (int i = 0; i < each; ++i) {
            const auto key = name(std::to_string(seed)).append("-").append(std::to_string(i));
            refused += net.contribute({.game = "slots", .wager = 100, .key = key}) ? 0 : 1;
        }
        return refused;
    };
    int refused = -1;
    std::thread other([&] { refused = play(2); });
    CHECK(play(3) == 0);
    other.join();
    CHECK(refused == 0);
    const auto states = snapshot_of<std::int64_t>(first);
    CHECK(states.head.sequence == 3 + 2 * each);
    for (const auto& pool : states.pools) {
        CHECK(pool.total_wagered == 2 * each * 100);
        value_of(check_meters(pool));
    }
}

TEST_CASE("a handle can be moved, and operations that a journal cannot hold are refused") {
    const test::database file;
    auto made = file.open();
    auto l = test::small_ledger();
    test::commit_after(made, l, 0);
    soci_storage store = std::move(made);
    CHECK(snapshot_of<std::int64_t>(store) == l.states());

    auto o = l.journal().back();
    o.sequence = 7;
    o.parts.clear();
    const auto commit = [&](std::span<const operation> operations) {
        named_pools<std::int64_t> named;
        return code_of(store.commit(
            {l.identity(), 6, l.id_at(6), operations, name_changed(l.states(), operations, named)}));
    };
    CHECK(commit({&o, 1}) == errc::corrupt);
    CHECK(commit({}) == errc::corrupt);
    o = l.checkpoint();
    o.sequence = 7;
    o.parts[0].version += 1;
    CHECK(commit({&o, 1}) == errc::corrupt);
    o.parts[0].version -= 1;
    o.parts[1].state = nullptr;
    CHECK(commit({&o, 1}) == errc::corrupt);
    CHECK(all_of<std::int64_t>(store) == l.journal());
}
