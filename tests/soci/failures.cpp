// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <jackpot/network/shared_network.hpp>

#include <fstream>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::snapshot_of;
using test::value_of;

namespace {

/// Every verb that reads, and the first error of any.
expected<void> read_all(soci_storage& store) {
    snapshot states;
    if (auto loaded = store.load(states); !loaded) {
        return loaded;
    }
    operation found;
    if (auto held = store.find("bet-1", found); !held) {
        return tl::unexpected(held.error());
    }
    std::vector<operation> page;
    return store.read({}, page);
}

void overwrite(const std::string& path, std::size_t first, std::size_t count) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(first));
    file << std::string(count, '\xA5');
}

/// Somebody else than root, for whom a file's permissions count.
class unprivileged {
public:
    unprivileged() { static_cast<void>(::seteuid(::getuid() == 0 ? 65534 : ::getuid())); }
    ~unprivileged() { static_cast<void>(::seteuid(::getuid())); }
};

}  // namespace

TEST_CASE("a value that was edited so that it cannot be read is named with its table, row and column") {
    const auto named = [](std::string_view change, std::string_view where) {
        const test::database file;
        auto store = file.open();
        test::commit_after(store, test::small_ledger(), 0);
        value_of(read_all(store));
        file.edit(change);
        const auto read = read_all(store);
        CAPTURE(std::string(change));
        REQUIRE(!read);
        CAPTURE(std::string(read.error().detail.view()));
        CHECK(read.error().code == errc::corrupt);
        CHECK(contains(read.error(), where));
        // No SELECT was left open: it would hold the log back.
        CHECK(file.ask("PRAGMA wal_checkpoint(TRUNCATE)") == "0");
    };
    const auto journal = [&](std::string_view set, std::string_view row, std::string_view what) {
        named("UPDATE jackpot_journal SET " + std::string(set) + " WHERE " + std::string(row),
              "jackpot_journal, sequence " + std::string(what));
    };
    journal("kind = 'lost'", "sequence = 4 AND part = 0", "4, kind: lost");
    journal("kind = 'won'", "sequence = 4 AND part = 1", "4, kind: won");
    journal("kind = 'adjusted'", "sequence = 5", "5, amount: NULL");
    journal("part = 3", "sequence = 4 AND part = 1", "4, part: 2");
    journal("part = 1", "sequence = 5", "5, part: 1");
    journal("id = NULL", "sequence = 5", "5, id: NULL");
    journal("id = 'abc'", "sequence = 5", "5, id: abc");
    journal("at = '2025-02-30 00:00:00.000000'", "sequence = 5", "5, at: 2025-02-30");
    journal("at = '2025-02-03T00:00:00.000000'", "sequence = 5", "5, at: 2025-02-03T");
    journal("amount = 'many'", "sequence = 4 AND part = 0", "4, amount: many");
    journal("amount = NULL", "sequence = 4 AND part = 0", "4, amount: NULL");
    journal("to_pool = 0.5", "sequence = 4 AND part = 1", "4, to_pool: 0.5");
    journal("pools = 'minor'", "sequence = 4 AND part = 0", "4, pools: minor");
    journal("player = ''", "sequence = 5", "5, player");
    journal("detail = 'seed 5'", "sequence = 6", "6, detail: seed 5");
    journal("detail = NULL", "sequence = 1", "1, detail: NULL");
    journal("version = NULL", "sequence = 5", "5, version: NULL");
    journal("carry = -1", "sequence = 5", "5, carry: -1");
    named("DELETE FROM jackpot_store", "jackpot_store: no row");
    named("UPDATE jackpot_store SET sequence = 'x'", "jackpot_store, id 1, sequence: x");
    named("UPDATE jackpot_store SET identity = 'x'", "jackpot_store, id 1, identity: x");
}

TEST_CASE("a pool's row that cannot be read is named; one that breaks a law is for the audit to judge") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    file.edit("CREATE TABLE kept AS SELECT * FROM jackpots");
    const auto load_after = [&](std::string_view change) {
        file.edit("UPDATE jackpots SET " + std::string(change) + " WHERE \"group\" = 'minor'");
        snapshot states;
        auto loaded = store.load(states);
        file.edit("DELETE FROM jackpots", "INSERT INTO jackpots SELECT * FROM kept");
        return loaded ? expected<snapshot>(states) : tl::unexpected(loaded.error());
    };
    const std::pair<std::string_view, std::string_view> unreadable[] = {
        {"current_amount = 'abc'", "current_amount: abc"},
        {"current_amount = 1.5", "current_amount: 1.5"},
        {"status = 'open'", "status: open"},
        {"contribution_rate = '2'", "contribution_rate: 2"},
        {"contribution_rate = ''", "contribution_rate"},
        {"pending = 'cap'", "pending: cap"},
        {"pending = ''", "pending"},
        {"last_win_game = NULL", "last_win_amount: 12345"},
        {"version = -1", "version: -1"},
        {"opened_at = 'yesterday'", "opened_at: yesterday"},
        {"last_modified_at = '2025-06-15 24:00:00.000000'", "last_modified_at: 2025-06-15 24"},
    };
    for (const auto& each : unreadable) {
        const std::string_view change = each.first;  // clang captures no part of a structured binding
        CAPTURE(std::string(change));
        const auto loaded = load_after(change);
        REQUIRE(!loaded);
        CHECK(loaded.error().code == errc::corrupt);
        CHECK(contains(loaded.error(), "jackpots, group minor, " + std::string(each.second)));
    }
    for (const std::string_view change :
         {"current_amount = current_amount + 1", "overflow = 5", "carry = 2000000000", "total_wins = -3",
          "max_amount = -1", "current_amount = -9223372036854775807 - 1"}) {
        CAPTURE(std::string(change));
        const auto loaded = value_of(load_after(change));
        CHECK(code_of(check_meters(*detail::find_pool(loaded.pools, "minor"))) == errc::corrupt);
    }
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
}

TEST_CASE("rows are rewritten at the sequence where the store is, and only there") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    file.edit("UPDATE jackpots SET current_amount = 'abc'", "DELETE FROM jackpot_games");
    auto states = l.states();
    states.head.sequence -= 1;
    CHECK(value_of(store.rewrite(states)) == commit_result::conflict);
    snapshot seen;
    CHECK(code_of(store.load(seen)) == errc::corrupt);
    CHECK(value_of(store.rewrite(l.states())) == commit_result::committed);
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
    states = l.states();
    states.pools[0].current += 1;
    CHECK(code_of(store.rewrite(states)) == errc::corrupt);
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
}

TEST_CASE("a file that is damaged, or no database, is corrupt") {
    const test::database text;
    std::ofstream(text.path()) << std::string(5000, 'x');
    CHECK(code_of(soci_storage::open(text.url())) == errc::corrupt);
    CHECK(contains(soci_storage::open(text.url()).error(), text.path()));

    const test::database file;
    {
        auto store = file.open();
        auto l = test::small_ledger();
        for (int i = 0; i < 500; ++i) {
            REQUIRE(value_of(l.add(test::wager())));
        }
        test::commit_after(store, l, 0);
    }
    overwrite(file.path(), 4096 * 30, 4096 * 20);
    {
        auto store = file.open();
        CHECK(code_of(read_all(store)) == errc::corrupt);
    }
    overwrite(file.path(), 4096, 4096 * 20);
    CHECK(code_of(soci_storage::open(file.url())) == errc::corrupt);
}

TEST_CASE("a folder that is not there is named") {
    const test::database file;
    const auto opened = soci_storage::open("sqlite://" + file.path() + "/none/store.db");
    REQUIRE(!opened);
    CHECK(opened.error().code == errc::unavailable);
    CHECK(contains(opened.error(), file.path() + "/none/store.db"));
}

TEST_CASE("a database that each connection has for itself is refused to several, with the remedy") {
    for (const char* url : {"sqlite://:memory:", "sqlite://:memory:?busy_timeout=10"}) {
        const auto refused = soci_storage::open(url, open_mode::create, {.count = 2});
        REQUIRE(code_of(refused) == errc::unsupported);
        CHECK(contains(refused.error(), ":memory:"));
        CHECK(contains(refused.error(), "open it with one, or name a file"));
        auto store = value_of(soci_storage::open(url));
        shared_network net(store, system_environment());
        value_of(net.open({.pool = "minor", .configuration = {.seed = 10}}));
        CHECK(value_of(net.pool("minor")).current == 10);
    }
}

TEST_CASE("a URL that is a null pointer is no URL") {
    const char* none = nullptr;  // as getenv gives it
    CHECK(code_of(soci_storage::open(none)) == errc::unsupported);
    CHECK(code_of(soci_storage::inspect(none)) == errc::unsupported);
    CHECK(code_of(print_schema<std::int64_t>(none)) == errc::unsupported);
    CHECK(without_password(none) == "://...");
}

TEST_CASE("a file that may not be written can be read, and refuses what would change it") {
    const test::database file;
    auto l = test::small_ledger();
    {
        auto store = file.open();
        test::commit_after(store, l, 0);
    }
    const std::filesystem::path path = file.path();
    using std::filesystem::perms;
    std::filesystem::permissions(path.parent_path(), perms::all);
    std::filesystem::permissions(path, perms::owner_read | perms::group_read | perms::others_read);
    auto more = l;
    REQUIRE(value_of(more.add(test::wager())));
    {
        const unprivileged user;
        auto store = file.open();
        CHECK(snapshot_of<std::int64_t>(store) == l.states());
        CHECK(code_of(store.commit(more.commit_after(6))) == errc::permission_denied);
        CHECK(code_of(store.seal(true)) == errc::permission_denied);
        CHECK(code_of(store.rewrite(l.states())) == errc::permission_denied);
        CHECK(snapshot_of<std::int64_t>(store) == l.states());
        CHECK(code_of(basic_soci_storage<wide_amount>::open(file.url())) == errc::schema_mismatch);
    }
    std::filesystem::permissions(path, perms::owner_all);
    auto store = file.open();
    test::commit_after(store, more, 6);
}

TEST_CASE("a full disk refuses a commit whole, and nothing is lost") {
    const test::database file;
    auto l = test::small_ledger();
    {
        auto store = file.open("?max_page_count=40");
        test::commit_after(store, l, 0);
        for (;;) {
            const auto before = l;
            for (int i = 0; i < 50; ++i) {
                REQUIRE(value_of(l.add(test::wager())));
            }
            const auto done = store.commit(l.commit_after(before.sequence()));
            if (!done) {
                CHECK(done.error().code == errc::unavailable);
                CHECK(contains(done.error(), "full"));
                l = before;
                break;
            }
            REQUIRE(l.sequence() < 10'000);
        }
        CHECK(snapshot_of<std::int64_t>(store) == l.states());
        value_of(read_all(store));
    }
    auto store = file.open();
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
    const std::uint64_t before = l.sequence();
    REQUIRE(value_of(l.add(test::wager())));
    test::commit_after(store, l, before);
}

TEST_CASE("a store that others hold is unavailable for writing, and goes on when they are done") {
    const test::database file;
    auto store = file.open("?busy_timeout=1");
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    const auto before = l;
    REQUIRE(value_of(l.add(test::wager())));
    soci::session other(soci::sqlite3, "dbname=\"" + file.path() + "\"");
    other << "BEGIN IMMEDIATE";
    const auto refused = store.commit(l.commit_after(6));
    CHECK(code_of(refused) == errc::unavailable);
    CHECK(refused.error().retryable());
    CHECK(contains(refused.error(), "locked"));
    CHECK(code_of(store.seal(true)) == errc::unavailable);
    CHECK(snapshot_of<std::int64_t>(store) == before.states());
    other << "COMMIT";
    test::commit_after(store, l, 6);
}

TEST_CASE("a table that is dropped under an open handle is a schema mismatch") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    file.edit("ALTER TABLE jackpot_journal RENAME TO away");
    REQUIRE(value_of(l.add(test::wager())));
    const auto done = store.commit(l.commit_after(6));
    CHECK(code_of(done) == errc::schema_mismatch);
    CHECK(contains(done.error(), "jackpot_journal"));
    file.edit("ALTER TABLE away RENAME TO jackpot_journal");
    test::commit_after(store, l, 6);
}

TEST_CASE("states that break a law are refused by the constraints, and nothing of them stays") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    auto more = l;
    REQUIRE(value_of(more.add(test::wager())));
    test::kept_commit wrong;
    wrong.keep(more.commit_after(6));
    wrong.pools[2].current += 1;
    const auto done = store.commit(wrong.commit);
    CHECK(code_of(done) == errc::corrupt);
    CHECK(contains(done.error(), "CHECK"));
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
    CHECK(file.ask("SELECT max(sequence) FROM jackpot_journal") == "6");
    test::commit_after(store, more, 6);
}

TEST_CASE("a sealed store refuses commits, through every handle and reopened") {
    const test::database file;
    auto store = file.open();
    auto other = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    value_of(store.seal(true));
    REQUIRE(value_of(l.add(test::wager())));
    CHECK(code_of(other.commit(l.commit_after(6))) == errc::store_sealed);
    auto late = file.open();
    CHECK(snapshot_of<std::int64_t>(late).head.sealed);
    value_of(late.seal(false));
    test::commit_after(other, l, 6);
}
