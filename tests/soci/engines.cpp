// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"

#include "support.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/compare.hpp>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::snapshot_of;
using test::value_of;

namespace {

template <amount Amount = std::int64_t>
basic_soci_storage<Amount> open(const test::place& at) {
    return value_of(basic_soci_storage<Amount>::open(at.url()));
}

/// The store is what the same commits make in memory, and what its journal says.
void check_equal(soci_storage& store, const testing::ledger<std::int64_t>& l) {
    memory_storage<> memory;
    test::commit_after(memory, l, 0);
    const auto compared = value_of(compare(memory, store));
    for (const auto& d : compared.differences) {
        CAPTURE(d.where);
        CAPTURE(d.what);
        CHECK(d.left == d.right);
    }
    CHECK(compared.equal());
    CHECK(value_of(audit(store)).clean());
}

void add(testing::ledger<std::int64_t>& l, basic_request<std::int64_t> request) {
    REQUIRE(value_of(l.add(std::move(request))));
}

/// Every row of the query, its columns as text.
std::vector<std::vector<std::string>> rows_of(const test::place& at, const std::string& query,
                                              std::size_t columns) {
    const auto session = at.session();
    std::vector<std::string> texts(columns);
    std::vector<soci::indicator> states(columns);
    soci::statement statement(*session);
    for (std::size_t i = 0; i < columns; ++i) {
        statement.exchange(soci::into(texts[i], states[i]));
    }
    statement.alloc();
    statement.prepare(query);
    statement.define_and_bind();
    std::vector<std::vector<std::string>> rows;
    for (bool more = statement.execute(true); more; more = statement.fetch()) {
        for (std::size_t i = 0; i < columns; ++i) {
            texts[i] = states[i] == soci::i_ok ? texts[i] : "NULL";
        }
        rows.push_back(texts);
    }
    return rows;
}

}  // namespace

TEST_CASE("a thousand operations in one commit are what they are in memory") {
    testing::ledger<std::int64_t> l;
    for (const std::string_view pool : {"major", "mega", "minor"}) {
        add(l, open_request{.pool = pool,
                            .configuration = {.seed = 500,
                                              .cap = std::int64_t(40'000),
                                              .rate = test::rate_of("0.0125"),
                                              .on_cap = pool == "mega" ? on_cap::stop : on_cap::divert}});
    }
    const auto opened = l;
    for (int i = 0; i < 1000; ++i) {
        const std::string number = std::to_string(i);
        if (i % 50 == 49) {
            add(l, win_request{.pool = i % 100 == 49 ? "mega" : "minor", .game = "keno", .player = "bob"});
            continue;
        }
        add(l,
            contribute_request{.game = "slots",
                               .wager = 1 + i * 7919 % 90'000,
                               .player = i % 2 == 0 ? std::optional<name>("player " + number) : std::nullopt,
                               .key = i % 3 == 0 ? std::optional<name>("bet " + number) : std::nullopt});
    }
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at);
        test::commit_after(store, opened, 0);
        test::commit_after(store, l, opened.sequence());
        check_equal(store, l);
    }
}

TEST_CASE("names that mean something to an engine are names on every one, byte for byte") {
    const std::string_view odd[] = {"minor",
                                    "MINOR",
                                    "minor ",
                                    " minor",
                                    "NULL",
                                    "null",
                                    "'",
                                    "\"",
                                    "\\",
                                    "\\N",
                                    "\\'",
                                    "{}",
                                    "{a,b}",
                                    ",",
                                    "\"a\",\"b\"",
                                    "%",
                                    "%s%n",
                                    "_",
                                    ":group",
                                    ":1 ::x",
                                    "$1",
                                    "?",
                                    "--",
                                    "/* a */",
                                    "'; DROP--",
                                    "`a`",
                                    "\xC3\xA9",
                                    "e\xCC\x81",
                                    "\xF0\x9F\x8E\xB0",
                                    "\xF0\x9D\x84\x9E\\\"'",
                                    "\xEF\xBF\xBF"};
    testing::ledger<std::int64_t> l;
    for (const std::string_view text : odd) {
        add(l, open_request{.pool = text,
                            .configuration = {.seed = 5, .rate = test::rate_of("0.1"), .games = {text}},
                            .key = name(text)});
    }
    for (const std::string_view text : odd) {
        const std::string longer = "2" + std::string(text);
        add(l, contribute_request{.game = text,
                                  .wager = 10,
                                  .pools = name_list{text},
                                  .player = name(text),
                                  .key = name(longer)});
        add(l, win_request{.pool = text, .game = text, .player = text});
        add(l, adjust_request{.pool = text, .delta = 1, .actor = text, .reason = text});
        add(l, configure_request{.pool = text, .when = when::after_win, .patch = {.seed = std::int64_t(9)}});
        add(l, configure_request{.pool = text, .when = when::discard});
    }
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at);
        test::commit_after(store, l, 0);
        check_equal(store, l);
        operation found;
        for (const std::string_view text : odd) {
            CAPTURE(std::string(text));
            REQUIRE(value_of(store.find(text, found)));
            CHECK(found.parts[0].pool == text);
        }
        CHECK(!value_of(store.find("Minor", found)));
        CHECK(!value_of(store.find("minor  ", found)));
    }
}

TEST_CASE("keys and pools that differ in case or in a blank at the end are different ones") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at);
        network net(store);
        for (const std::string_view pool : {"minor", "MINOR", "minor "}) {
            value_of(net.open({.pool = pool, .configuration = {.rate = test::rate_of("1")}}));
        }
        std::int64_t wager = 0;
        for (const std::string_view key : {"k", "K", "k "}) {
            ++wager;
            CHECK(!value_of(net.contribute({.game = "g", .wager = wager, .key = name(key)})).replayed);
            CHECK(value_of(net.contribute({.game = "g", .wager = wager, .key = name(key)})).replayed);
        }
        CHECK(value_of(net.win({.pool = "minor ", .game = "g", .player = "p"})).parts[0].paid == 6);
        CHECK(value_of(net.pool("minor")).current == 6);
        CHECK(value_of(net.pool("MINOR")).win_count == 0);
        CHECK(value_of(net.pool("minor ")).win_count == 1);
        CHECK(value_of(net.history({.pool = name("minor ")})).size() == 5);
    }
}

TEST_CASE("configurations of 4,096 games, many in one commit, fit through every connection") {
    testing::ledger<std::int64_t> l;
    std::vector<name> games;
    for (int i = 0; i < 4096; ++i) {
        std::string game = std::to_string(i);
        game.append(128 - game.size(), '\\');  // which MariaDB's client doubles
        games.emplace_back(game);
    }
    add(l, open_request{.pool = "minor", .configuration = {.games = games}});
    // Together they are more than a server takes at once.
    games.resize(1200);
    for (int i = 0; i < 70; ++i) {
        games.pop_back();
        add(l, configure_request{.pool = "minor", .patch = {.games = games}});
    }
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at);
        test::commit_after(store, l, 0);
        check_equal(store, l);
    }
}

TEST_CASE("a store of many pools is followed by what its journal says, and no other row is read") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at);
        testing::ledger<std::int64_t> l;
        const auto open_pool = [&](int i) {
            add(l, open_request{.pool = "pool " + std::to_string(i),
                                .configuration = {.seed = 5, .games = {"game " + std::to_string(i)}}});
        };
        for (int i = 1000; i < 1600; ++i) {
            open_pool(i);
        }
        test::commit_after(store, l, 0);
        auto followed = snapshot_of<std::int64_t>(store);
        REQUIRE(followed == l.states());
        // What nobody changed is not read again, though somebody had its row say that it is newer.
        at.run("UPDATE jackpots SET sequence = 1000000 WHERE \"group\" = 'pool 1500'");
        const auto follows = [&](std::uint64_t before) {
            test::commit_after(store, l, before);
            value_of(store.load(followed));
            REQUIRE(followed == l.states());
            value_of(store.load(followed));
            REQUIRE(followed == l.states());
        };
        const auto after = [&](auto&&... requests) {
            const std::uint64_t before = l.sequence();
            (add(l, requests), ...);
            follows(before);
        };
        after(win_request{.pool = "pool 1007", .game = "g", .player = "ann"});
        after(contribute_request{.game = "game 1001", .wager = 1000, .key = "bet"},
              configure_request{.pool = "pool 1002", .patch = {.games = std::vector<name>{"a", "b"}}});
        const std::uint64_t before = l.sequence();
        open_pool(999);
        follows(before);
        after(suspend_request{.pool = "pool 999"});
        value_of(store.seal(true));
        value_of(store.load(followed));
        CHECK(followed.head.sealed);
        value_of(store.seal(false));
        // A caller that is far behind reads all that is newer.
        at.run("UPDATE jackpots SET sequence = 1500 - 999 WHERE \"group\" = 'pool 1500'");
        auto late = followed;
        for (int i = 0; i < 5; ++i) {
            after(contribute_request{.game = "game 1003", .wager = 1000});
        }
        value_of(store.load(late));
        CHECK(late == l.states());
        CHECK(snapshot_of<std::int64_t>(store) == l.states());
    }
}

TEST_CASE("the guide's queries give what they should on every engine") {
    const auto l = test::small_ledger();
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at);
        test::commit_after(store, l, 0);
        const auto whole =
            rows_of(at,
                    "SELECT \"group\", current_amount, seed_amount, max_amount, contribution_rate,"
                    " total_contributions, total_wins, version FROM jackpots ORDER BY \"group\"",
                    8);
        REQUIRE(whole.size() == l.states().pools.size());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            const pool& p = l.states().pools[i];
            const auto& c = *p.configuration;
            auto row = whole[i];
            CHECK(test::rate_of(row[4]) == c.rate);
            row[4].clear();
            CHECK(row == std::vector<std::string>{std::string(p.pool.view()), std::to_string(p.current),
                                                  std::to_string(c.seed),
                                                  c.cap ? std::to_string(*c.cap) : "NULL", "",
                                                  std::to_string(p.total_contributions),
                                                  std::to_string(p.total_wins), std::to_string(p.version)});
        }
        const auto newest =
            rows_of(at,
                    "SELECT \"group\", current_amount, version, last_modified_at FROM jackpots"
                    " ORDER BY last_modified_at DESC",
                    4);
        const std::string_view order[] = {"mega", "minor", "major"};
        const std::string_view times[] = {"06", "05", "04"};
        REQUIRE(newest.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK(newest[i][0] == order[i]);
            CHECK(newest[i][3].starts_with("2025-06-15 15:06:40.0" + std::string(times[i])));
        }
        const std::string broken =
            "SELECT \"group\" FROM jackpots"
            " WHERE current_amount < 0 OR contribution_rate < 0 OR contribution_rate > 1";
        CHECK(rows_of(at, broken, 1).empty());
        if (at.engine() != "sqlite") {
            CHECK(at.ask("SELECT COUNT(*) as total_records FROM information_schema.tables"
                         " WHERE table_name = 'jackpots' AND table_schema = '" +
                         at.name() + "'") == "1");
        }
    }
}

TEST_CASE("amounts beyond what an engine can hold are refused, and nothing changes") {
    const wide_amount most = amount_traits<wide_amount>::amount_max();
    const auto nines = *amount_traits<wide_amount>::from_text(std::string(65, '9'));
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open<wide_amount>(at);
        network net(store);
        const bool limited = at.engine() == "mysql";
        const wide_amount largest = limited ? nines : most;
        value_of(net.open({.pool = "minor", .configuration = {.seed = 1, .rate = test::rate_of("0.5")}}));
        value_of(net.open({.pool = "mega", .configuration = {.seed = largest}}));
        const auto before = snapshot_of<wide_amount>(store);
        CHECK(code_of(net.adjust({.pool = "mega", .delta = 1, .actor = "a", .reason = "r"})) ==
              errc::amount_overflow);
        if (limited) {
            CHECK(code_of(net.open({.pool = "more", .configuration = {.seed = nines + 1}})) ==
                  errc::amount_overflow);
            CHECK(code_of(net.configure({.pool = "minor", .patch = {.cap = std::optional(most)}})) ==
                  errc::amount_overflow);
            CHECK(code_of(net.contribute({.game = "g", .wager = nines + 1, .pools = name_list{"minor"}})) ==
                  errc::amount_overflow);
        }
        CHECK(snapshot_of<wide_amount>(store) == before);
        CHECK(value_of(net.contribute({.game = "g", .wager = 10, .pools = name_list{"minor"}})).sequence ==
              3);
        // MariaDB computes a sum of meters that fit, although it has no column for it.
        value_of(
            net.configure({.pool = "mega", .patch = {.seed = wide_amount(0), .rate = test::rate_of("1")}}));
        value_of(net.win({.pool = "mega", .game = "g", .player = "p"}));
        CHECK(code_of(net.contribute({.game = "g", .wager = largest, .pools = name_list{"mega"}})) ==
              (limited ? errc{} : errc::amount_overflow));
        CHECK(value_of(audit(store)).clean());
    }
}
