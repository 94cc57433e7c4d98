// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <sys/wait.h>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::value_of;

namespace {

constexpr std::string_view tables =
    "SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name)";

error refused(const test::database& file, open_mode mode = open_mode::create) {
    const auto opened = soci_storage::open(file.url(), mode);
    REQUIRE(!opened);
    return opened.error();
}

}  // namespace

TEST_CASE("the tables are made once, however often the store is opened") {
    const test::database file;
    value_of(soci_storage::open(file.url()));
    const std::string made = file.ask(tables);
    CHECK(made == "jackpot_games,jackpot_holds,jackpot_journal,jackpot_schema,jackpot_store,jackpots");
    value_of(soci_storage::open(file.url()));
    value_of(soci_storage::open(file.url(), open_mode::existing));
    CHECK(file.ask(tables) == made);
    CHECK(file.ask("SELECT count(*) FROM jackpot_schema") == "2");
    CHECK(file.ask("SELECT library FROM jackpot_schema") == "0.1.0");
    CHECK(file.ask("SELECT amount_type FROM jackpot_store") == "int64");
    CHECK(file.ask("PRAGMA journal_mode") == "wal");
}

TEST_CASE("threads and processes make the tables of one new file at once") {
    for (int round = 0; round < 10; ++round) {
        const test::database file;
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(soci_storage::open(file.url()) ? 0 : 1);
        }
        std::vector<expected<void>> results(4);
        std::vector<std::thread> threads;
        for (auto& result : results) {
            threads.emplace_back([&] {
                auto opened = soci_storage::open(file.url());
                result = opened ? expected<void>{} : tl::unexpected(opened.error());
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        int status = -1;
        ::waitpid(child, &status, 0);
        CHECK(status == 0);
        for (const auto& result : results) {
            value_of(result);
        }
        CHECK(file.ask("SELECT count(*) FROM jackpot_schema") == "2");
        CHECK(file.ask("SELECT count(*) FROM jackpot_store") == "1");
    }
}

TEST_CASE("a schema that is newer than the library is refused and left alone") {
    const test::database file;
    value_of(soci_storage::open(file.url()));
    file.edit("INSERT INTO jackpot_schema (number, title, library) VALUES (99, 'of the future', '9.0.0')",
              "ALTER TABLE jackpots RENAME COLUMN funded TO funding");
    const error e = refused(file);
    CHECK(e.code == errc::schema_mismatch);
    CHECK(contains(e, "99"));
    CHECK(contains(e, "newer"));
    CHECK(file.ask("SELECT count(*) FROM jackpot_schema") == "3");
}

TEST_CASE("a jackpots table of another program is told what it lacks, and left alone") {
    const test::database file;
    file.edit(
        "CREATE TABLE jackpots (id TEXT PRIMARY KEY, \"group\" TEXT, current_amount INTEGER, seed_amount "
        "INTEGER,"
        " max_amount INTEGER, contribution_rate REAL, total_contributions INTEGER, total_wins INTEGER,"
        " last_won_at TEXT, version INTEGER)",
        "INSERT INTO jackpots (id, \"group\") VALUES ('1', 'minor')");
    const std::string shape = file.ask("SELECT sql FROM sqlite_master");
    for (const open_mode mode : {open_mode::create, open_mode::existing}) {
        const error e = refused(file, mode);
        CHECK(e.code == errc::schema_mismatch);
        CHECK(contains(e, "another service"));
        CHECK(contains(e, "rename"));
        CHECK(contains(e, "jackpots lacks status, rounding, on_cap, min_wager, seed_rate, reserve_cap"));
    }
    CHECK(file.ask("SELECT group_concat(sql) FROM sqlite_master WHERE sql IS NOT NULL") == shape);
    CHECK(file.ask("SELECT count(*) FROM jackpots") == "1");
    CHECK(file.ask("PRAGMA journal_mode") == "delete");
}

TEST_CASE("a store of another amount type is refused") {
    const test::database narrow;
    const test::database wide;
    value_of(soci_storage::open(narrow.url()));
    value_of(basic_soci_storage<wide_amount>::open(wide.url()));
    const error e = refused(wide);
    CHECK(e.code == errc::schema_mismatch);
    CHECK(contains(e, "int256"));
    CHECK(code_of(basic_soci_storage<wide_amount>::open(narrow.url())) == errc::schema_mismatch);
}

TEST_CASE("a store that must exist is never made") {
    const test::database file;
    const error missing = refused(file, open_mode::existing);
    CHECK(missing.code == errc::unavailable);
    CHECK(contains(missing, file.path()));
    CHECK(!std::filesystem::exists(file.path()));

    file.edit("CREATE TABLE unrelated (x INTEGER)");
    const error empty = refused(file, open_mode::existing);
    CHECK(empty.code == errc::schema_mismatch);
    CHECK(contains(empty, "no table jackpot_schema"));
    CHECK(file.ask(tables) == "unrelated");
}

TEST_CASE("a table or a column that is gone is named") {
    const test::database file;
    value_of(soci_storage::open(file.url()));
    file.edit("ALTER TABLE jackpot_journal DROP COLUMN reason", "DROP TABLE jackpot_games");
    for (const open_mode mode : {open_mode::create, open_mode::existing}) {
        const error e = refused(file, mode);
        CHECK(e.code == errc::schema_mismatch);
        CHECK(contains(e, "jackpot_journal lacks reason"));
        CHECK(contains(e, "no table jackpot_games"));
    }
    file.edit("DELETE FROM jackpot_schema");
    CHECK(refused(file).code == errc::schema_mismatch);
}

TEST_CASE("only URLs of engines that are there are taken, and only options that are known") {
    for (const std::string_view url :
         {"", "store.db", "sqlite:store.db", "sqlite://", "sqlite", "oracle://x", "sqlite://a\"b",
          "sqlite:///tmp/x?mode=ro", "sqlite:///tmp/x?busy_timeout", "sqlite:///tmp/x?busy_timeout=soon",
          "sqlite:///tmp/x?max_page_count=-1"}) {
        CAPTURE(std::string(url));
        CHECK(code_of(soci_storage::open(url)) == errc::unsupported);
    }
    CHECK(contains(soci_storage::open("oracle://scott:tiger@host").error(), "oracle"));
    CHECK(!contains(soci_storage::open("oracle://scott:tiger@host").error(), "tiger"));
    CHECK(contains(soci_storage::open("sqlite:///tmp/x?busy_timeout=soon").error(), "busy_timeout=soon"));

    const test::database odd("a b=c; 'd' \xC3\xA9 %20&.db");
    value_of(soci_storage::open(odd.url("?busy_timeout=100&max_page_count=1000")));
    CHECK(std::filesystem::exists(odd.path()));
}

TEST_CASE("the constraints refuse rows that break a law") {
    const test::database file;
    auto store = file.open();
    test::commit_after(store, test::small_ledger(), 0);
    const auto refuses = [&](std::string_view table, std::string_view change) {
        soci::session session(soci::sqlite3, "dbname=\"" + file.path() + "\"");
        const std::string sql = "UPDATE " + std::string(table) + " SET " + std::string(change);
        CAPTURE(sql);
        CHECK(test::is_refused([&] { session << sql; }));
    };
    for (const std::string_view change :
         {"current_amount = current_amount + 1", "current_amount = -1", "current_amount = 'abc'",
          "adjusted = 0.5", "current_amount = NULL", "status = 'open'", "contribution_rate = '1.5'",
          "contribution_rate = '-0.1'", "carry = 1000000000", "carry = -1",
          "overflow = 1, total_contributions = total_contributions + 1", "seed_amount = max_amount",
          "rounding = 'floor', carry = 1", "version = -1"}) {
        refuses("jackpots", change);
    }
    refuses("jackpots", "max_amount = current_amount - 1, seed_amount = 0");
    for (const std::string_view change :
         {"kind = 'lost'", "sequence = 0", "\"when\" = 'later'", "amount = 'many'", "to_pool = -1",
          "\"key\" = 'k'", "version = 1"}) {
        refuses("jackpot_journal", change);
    }
    refuses("jackpot_store", "sealed = 2");
    refuses("jackpot_store", "id = 2");
    CHECK(file.ask("SELECT count(*) FROM jackpots WHERE version = 0") == "0");
}

TEST_CASE("the guide's queries give what they should") {
    const test::database file;
    auto store = file.open();
    auto l = test::small_ledger();
    test::commit_after(store, l, 0);
    soci::session session(soci::sqlite3, "dbname=\"" + file.path() + "\"");
    std::string seen;
    std::string group;
    std::string rate;
    std::string modified;
    long long current = 0;
    long long seed = 0;
    long long most = 0;
    long long contributions = 0;
    long long wins = 0;
    long long version = 0;
    soci::indicator capped = soci::i_null;
    soci::statement query =
        (session.prepare << "SELECT \"group\", current_amount, seed_amount, max_amount, contribution_rate,"
                            " total_contributions, total_wins, version, last_modified_at FROM jackpots"
                            " ORDER BY \"group\"",
         soci::into(group), soci::into(current), soci::into(seed), soci::into(most, capped), soci::into(rate),
         soci::into(contributions), soci::into(wins), soci::into(version), soci::into(modified));
    for (bool more = query.execute(true); more; more = query.fetch()) {
        const auto* pool = detail::find_pool(l.states().pools, group);
        REQUIRE(pool != nullptr);
        CHECK(current == pool->current);
        CHECK(seed == pool->configuration->seed);
        CHECK((capped == soci::i_ok ? std::optional<std::int64_t>(most) : std::nullopt) ==
              pool->configuration->cap);
        CHECK(rate == to_text(pool->configuration->rate).view());
        CHECK(contributions == pool->total_contributions);
        CHECK(wins == pool->total_wins);
        CHECK(version == static_cast<long long>(pool->version));
        seen += group + " " + modified + "\n";
    }
    CHECK(seen ==
          "major 2025-06-15 15:06:40.004000\nmega 2025-06-15 15:06:40.006000\nminor 2025-06-15 "
          "15:06:40.005000\n");
    CHECK(file.ask("SELECT count(*) FROM jackpots WHERE contribution_rate < 0 OR contribution_rate > 1") ==
          "0");
}

TEST_CASE("a constraint is the same however an engine spells it, and another where it says something else") {
    const std::string wanted = sql::plain("CHECK (carry = 0 OR rounding = 'carry')");
    for (const std::string_view same : {
             "CHECK (`carry` = 0 or `rounding` = 'carry')",                    // MariaDB
             "CHECK (((`carry` = 0) or (`rounding` = _utf8mb4\\'carry\\')))",  // MySQL
             "CHECK (((`carry` = 0) or (`rounding` = _latin1\\'carry\\')))",
             "CHECK (((carry = 0) OR (rounding = 'carry'::text)))",  // PostgreSQL
         }) {
        CHECK(sql::plain(same) == wanted);
    }
    for (const std::string_view other : {
             "CHECK (((`carry` = 0) or (`rounding` = _utf8mb4\\'Carry\\')))",
             "CHECK (((`carry` = 0) or (`rounding` = _utf8mb4\\' carry\\')))",
             "CHECK (((`carry` = 1) or (`rounding` = _utf8mb4\\'carry\\')))",
         }) {
        CHECK(sql::plain(other) != wanted);
    }
}
