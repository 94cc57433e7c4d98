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

// One session of a server: how it is set up by a URL, in which forms it commits, and what it makes of
// warnings, silence and copies that end early.

namespace {

soci_storage open(const test::place& at, const std::string& options = "") {
    return value_of(soci_storage::open(at.url() + options));
}

/// The store is what the same commits make in memory, and what its journal says.
void check_equal(soci_storage& store, const testing::ledger<std::int64_t>& l) {
    memory_storage<> memory;
    test::commit_after(memory, l, 0);
    CHECK(value_of(compare(memory, store)).equal());
    CHECK(value_of(audit(store)).clean());
}

void add(testing::ledger<std::int64_t>& l, basic_request<std::int64_t> request) {
    REQUIRE(value_of(l.add(std::move(request))));
}

/// Where a URL leads by that dialect.
expected<sql::location> locate(const sql::dialect& engine, std::string_view url) {
    return engine.locate(url, open_mode::create);
}
bool has(const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a commit is the same in every form that a session may have to give it") {
    sql::dialect by_packets = sql::mysql_dialect;
    by_packets.script = sql::mysql::allow_packets;
    sql::dialect by_steps = sql::mysql_dialect;
    by_steps.script = nullptr;
    const sql::dialect* const forms[] = {&sql::mysql_dialect, &by_packets, &by_steps,
                                         &sql::postgresql_dialect};
    for (const sql::dialect* engine : forms) {
        CAPTURE(std::string(engine->scheme));
        const bool is_mysql = engine->scheme == "mysql";
        const test::place at{std::string(engine->scheme)};
        auto store = open(at);
        auto l = test::small_ledger();
        test::commit_after(store, l, 0);
        std::string_view rest = at.url();
        static_cast<void>(sql::dialect_of(rest));
        const sql::location where = value_of(engine->locate(rest, open_mode::create));
        soci::session session;
        sql::connection c(*engine, where, session);
        sql::session_storage<std::int64_t> formed(c);
        const auto add_wager = [&](std::string_view key) {
            const auto sequence = l.sequence();
            add(l, test::wager("slots", name(key)));
            return l.commit_after(sequence);
        };
        CHECK(value_of(formed.commit(add_wager("k1"))) == commit_result::committed);
        value_of(formed.lock());
        CHECK(value_of(formed.commit(add_wager("k2"))) == commit_result::committed);
        check_equal(store, l);
        // Elsewhere than at the guard, a key that is there, a pool that is not as it should be, a sealed
        // store: nothing is kept.
        CHECK(value_of(formed.commit(l.commit_after(l.sequence() - 1))) == commit_result::duplicate);
        auto other = l;
        const auto sequence = l.sequence();
        add(other, test::wager("slots", name("k1 again")));
        at.run("UPDATE jackpot_journal SET \"key\" = 'k1 again' WHERE \"key\" = 'k1'");
        CHECK(value_of(formed.commit(other.commit_after(sequence))) == commit_result::duplicate);
        at.run("UPDATE jackpot_journal SET \"key\" = 'k1' WHERE \"key\" = 'k1 again'");
        at.run("UPDATE jackpots SET version = version + 7 WHERE \"group\" = 'minor'");
        CHECK(code_of(formed.commit(other.commit_after(sequence))) == errc::corrupt);
        at.run("UPDATE jackpots SET version = version - 7 WHERE \"group\" = 'minor'");
        auto unknown = other.commit_after(sequence);
        unknown.newest.low += 1;
        CHECK(value_of(formed.commit(unknown)) == commit_result::conflict);
        value_of(store.seal(true));
        CHECK(code_of(formed.commit(other.commit_after(sequence))) == errc::store_sealed);
        value_of(store.seal(false));
        check_equal(store, l);
        // A transaction that the server rolled back in silence, as MariaDB may, takes nothing more.
        if (is_mysql) {
            value_of(formed.lock());
            c.run_once("ROLLBACK");
            CHECK(code_of(formed.commit(other.commit_after(sequence))) == errc::conflict);
            check_equal(store, l);
        }
        CHECK(value_of(formed.commit(other.commit_after(sequence))) == commit_result::committed);
        check_equal(store, other);
    }
}

TEST_CASE("a handle that only reads sees what others commit, whole and at once") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto writing = open(at);
        auto reading = open(at);
        auto l = test::small_ledger();
        // In it is what statements, arrays, copies and character sets have their own words for.
        const std::string_view odd = "gr\xC3\xB6\xC3\x9F \"\\N\\\", {NULL} '\xF0\x9F\x8E\xB0";
        add(l, open_request{.pool = odd, .configuration = {.rate = test::rate_of("1")}});
        test::commit_after(writing, l, 0);
        for (const int wagers : {1, 20, 100}) {
            snapshot states;
            value_of(reading.load(states));
            CHECK(states == l.states());
            operation found;
            CHECK(value_of(reading.find("bet-1", found)));
            const auto before = l.sequence();
            for (int i = 0; i < wagers; ++i) {
                add(l, contribute_request{.game = odd, .wager = 10, .player = name(odd)});
            }
            test::commit_after(writing, l, before);
        }
        check_equal(reading, l);
    }
}

TEST_CASE("tables of another engine are told, as those that compare texts otherwise are") {
    const test::place at("mysql");
    static_cast<void>(open(at));
    at.run("ALTER TABLE jackpot_journal ENGINE = MyISAM");
    const auto refused = soci_storage::open(at.url());
    CHECK(code_of(refused) == errc::schema_mismatch);
    CHECK(contains(refused.error(), "jackpot_journal.sequence is BIGINT NOT NULL ENGINE MyISAM"));
}

TEST_CASE(
    "a warning of the server's puts a commit in doubt, one that a trigger of the user's raises does not") {
    const test::place at("postgresql");
    auto store = open(at);
    at.run("CREATE TABLE mood (say TEXT)");
    // Of nobody's process, the server warns.
    at.run(
        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
        " IF EXISTS (SELECT 1 FROM mood WHERE say = ''raise'') THEN RAISE WARNING ''of the user''; END IF;"
        " IF EXISTS (SELECT 1 FROM mood WHERE say = ''doubt'') THEN PERFORM pg_cancel_backend(0); END IF;"
        " RETURN NULL; END'");
    at.run("CREATE TRIGGER warn AFTER UPDATE ON jackpot_store FOR EACH ROW EXECUTE FUNCTION warn()");
    auto l = test::small_ledger();
    at.run("INSERT INTO mood VALUES ('raise')");
    test::commit_after(store, l, 0);
    auto before = l.sequence();
    add(l, test::wager());
    test::commit_after(store, l, before);
    at.run("UPDATE mood SET say = 'doubt'");
    before = l.sequence();
    add(l, test::wager());
    const auto refused = store.commit(l.commit_after(before));
    CHECK(code_of(refused) == errc::unavailable);
    CHECK(contains(refused.error(), "perhaps committed"));
    at.run("DELETE FROM mood");
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
}

TEST_CASE(
    "a server that says nothing for too long is given up, and a copy that ends early leaves its session "
    "whole") {
    const test::place at("postgresql");
    static_cast<void>(open(at));
    const auto silent = soci_storage::visit(at.url() + "&answer_timeout=300", [](sql::connection& c) {
        c.run_once("SET statement_timeout = 0");
        c.run_once("SELECT pg_sleep(4)");
    });
    CHECK(code_of(silent) == errc::unavailable);
    CHECK(contains(silent.error(), "has said nothing for 300 ms"));

    value_of(soci_storage::visit(at.url(), [](sql::connection& c) {
        const auto copy = [&] {
            c.copy("COPY jackpot_games FROM STDIN", [](const auto& put) {
                put("minor\tg\n");
                throw sql::failure{{errc::corrupt, "the source broke"}};
            });
        };
        bool lost = false;
        CHECK(code_of(sql::attempt(c.engine(), lost, copy)) == errc::corrupt);
        CHECK_FALSE(lost);
        std::string count;
        c.prepared("SELECT CAST(count(*) AS TEXT) FROM jackpot_games")
            .select<sql::sentence_row>([&](const sql::sentence_row& row) { count = row.sentence; });
        CHECK(count == "0");
    }));
}

TEST_CASE("a wait of no time is a short one in PostgreSQL, where 0 would be for ever, and none elsewhere") {
    const auto settings = [](const sql::dialect& engine, std::string_view url) {
        return value_of(locate(engine, url)).settings.front();
    };
    const auto& postgresql = sql::postgresql_dialect;
    CHECK(has(settings(postgresql, "/db?busy_timeout=0"), "('lock_timeout', '1')"));
    CHECK(has(settings(postgresql, "/db?busy_timeout=7"), "('lock_timeout', '7')"));
    CHECK(has(settings(postgresql, "/db"), "('lock_timeout', '5000'), ('statement_timeout', '60000')"));
    // Who waits for long lets the server answer late.
    CHECK(has(settings(postgresql, "/db?busy_timeout=40000"), "('statement_timeout', '80000')"));
    for (const char* refused : {"0", "2147483648"}) {
        CHECK(code_of(locate(postgresql, std::string("/db?answer_timeout=") + refused)) == errc::unsupported);
    }
    for (const std::uint32_t taken : {1U, 2'147'483'647U}) {
        const auto where = value_of(locate(postgresql, "/db?answer_timeout=" + std::to_string(taken)));
        CHECK(where.answer_timeout_ms == taken);
    }
    const auto& mysql = sql::mysql_dialect;
    const std::pair<std::string, std::string> seconds[] = {
        {"0", "0"}, {"1", "1"}, {"1000", "1"}, {"1001", "2"}};
    for (const auto& each : seconds) {
        CAPTURE(each.first);
        CHECK(settings(mysql, "h/db?busy_timeout=" + each.first)
                  .ends_with("innodb_lock_wait_timeout = " + each.second));
    }
    CHECK(value_of(locate(sql::sqlite_dialect, "f?busy_timeout=0")).settings.back() ==
          "PRAGMA busy_timeout = 0");

    const test::place at("mysql");
    auto holder = open(at);
    auto hasty = open(at, "&busy_timeout=0");
    const auto refused =
        holder.exclusive([&](auto&) { return hasty.exclusive([](auto&) { return success(); }); });
    CHECK(code_of(refused) == errc::unavailable);
}

TEST_CASE("a transaction in which a statement failed is not committed, and no URL is cut short") {
    const test::place at("postgresql");
    const auto committed = soci_storage::visit(at.url(), [](sql::connection& c) {
        c.begin_writing();
        CHECK(test::is_refused([&] { c.run_once("SELECT 1 / 0"); }));
        c.commit();
    });
    CHECK(code_of(committed) == errc::unavailable);
    CHECK(contains(committed.error(), "gave up the transaction"));
    for (const char* url : {"h/d%00b", "h/d%0", "h/d%zz"}) {
        CHECK(code_of(locate(sql::mysql_dialect, url)) == errc::unsupported);
    }
    const std::string connection = value_of(locate(sql::mysql_dialect, "u:p%5Cw%27@h/d%41b")).connection;
    CHECK(has(connection, "db='dAb'"));
    CHECK(has(connection, "password='p\\\\w\\''"));
}

TEST_CASE("of several servers the one that takes wagers is wanted, unless the URL says otherwise") {
    const auto connection = [](std::string_view url) {
        return value_of(locate(sql::postgresql_dialect, url)).connection;
    };
    CHECK(has(connection("a,b/db"), "target_session_attrs"));
    CHECK_FALSE(has(connection("a/db"), "target_session_attrs"));
    CHECK(connection("a,b/db") == connection("a,b/db?target_session_attrs=read-write"));
    CHECK(connection("a,b/db") != connection("a,b/db?target_session_attrs=any"));
    CHECK(has(connection("a/db"), "tcp_user_timeout"));
}

TEST_CASE("parameters are numbered in the order in which they stand, and none is in a string or a name") {
    std::vector<std::string> names;
    CHECK(sql::postgresql::number_parameters("SELECT :a, ':b', \":c\", ':\"' || :d_1 || :a", names) ==
          "SELECT $1, ':b', \":c\", ':\"' || $2 || $3");
    CHECK(names == std::vector<std::string>{"a", "d_1", "a"});
}

TEST_CASE("a refusal's state is the last in libpq's words, whatever language those are in") {
    const auto state_in = [](std::string_view words) { return sql::postgresql::state_in(words); };
    CHECK(state_in("connection to server at \"h\" failed: FATAL:  28P01: password authentication failed") ==
          "28P01");
    CHECK(
        state_in("FATAL:  57P03: starting\nFATAL:  3D000: no database \"a:  b\"\nLOCATION:  InitPostgres") ==
        "3D000");
    CHECK(state_in("could not connect:  refused") == "08001");
    CHECK(state_in("") == "08001");
}
