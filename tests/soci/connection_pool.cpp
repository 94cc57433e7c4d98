// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

#include <jackpot/replication/audit.hpp>

#include <future>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::snapshot_of;
using test::value_of;

namespace {

struct sorted {
    std::string_view what;
    std::string state;  // of PostgreSQL; empty = it has none
    int number;         // of MariaDB and MySQL; 0 = they have none
    errc code;
    category kind;
    bool lost = false;
    bool constraint = false;
};

/// As the README of the SQL stores opens one. Compiled, and never called: there is no such server.
[[maybe_unused]] expected<jackpot::soci_storage> open_on_a_server() {
    // [server]
    auto store = jackpot::soci_storage::open("postgresql://jackpot@db.example/casino?sslmode=verify-full",
                                             jackpot::open_mode::create, {.count = 8, .wait_ms = 2000});
    // [server]
    return store;
}

soci_storage open(const test::place& at, const std::string& options = {}, const connection_options& o = {}) {
    // The sessions of one place can be told from those of others on the same server.
    const std::string named = at.engine() == "postgresql" ? "&application_name=" + at.name() : "";
    return value_of(soci_storage::open(at.url() + named + options, open_mode::create, o));
}

/// The ids of the sessions that stores have open there, as another session sees it.
std::vector<std::string> sessions_of(const test::place& at, soci::session& session) {
    const std::string query =
        at.engine() == "postgresql"
            ? "SELECT CAST(pid AS TEXT) FROM pg_stat_activity WHERE application_name = '" + at.name() + "'"
            : "SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND db = '" +
                  at.name() + "'";
    const soci::rowset<std::string> ids = (session.prepare << query);
    return {ids.begin(), ids.end()};
}

/// Ends those sessions, as an administrator would.
void disconnect(const test::place& at) {
    const auto session = at.session();
    for (const std::string& id : sessions_of(at, *session)) {
        try {
            *session << (at.engine() == "postgresql" ? "SELECT pg_terminate_backend(" + id + ")"
                                                     : "KILL " + id);
        } catch (const soci::mysql_soci_error& e) {
            REQUIRE(e.err_num_ == 1094);  // it has ended since, by itself
        }
    }
    for (int i = 0; !sessions_of(at, *session).empty(); ++i) {
        REQUIRE(i < 1000);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

}  // namespace

TEST_CASE("what the servers say is sorted by what a caller can do about it") {
    using enum errc;
    constexpr auto busy = category::transient;
    constexpr auto fatal = category::fatal;
    const sorted all[] = {
        {"serialization failure", "40001", 1020, conflict, category::conflict},
        {"a table that changed since the snapshot", "40001", 1412, conflict, category::conflict},
        {"deadlock", "40P01", 1213, conflict, category::conflict},
        {"lock timeout", "55P03", 1205, unavailable, busy},
        {"statement timeout", "57014", 1969, unavailable, busy},
        {"statement timeout of MySQL", "57014", 3024, unavailable, busy},
        {"no such database", "3D000", 0, unavailable, busy, true},
        {"lost connection", "08006", 2013, unavailable, busy, true},
        {"the server has gone away", "08003", 2006, unavailable, busy, true},
        {"nothing said", "     ", 0, unavailable, busy, true},
        {"server shutting down", "57P01", 1053, unavailable, busy, true},
        {"crash of another session", "57P02", 1927, unavailable, busy, true},
        {"server starting", "57P03", 2002, unavailable, busy, true},
        {"idle in a transaction for too long", "25P03", 4031, unavailable, busy, true},
        {"too many connections", "53300", 1040, unavailable, busy},
        {"disk full", "53100", 1021, unavailable, busy},
        {"out of memory", "53200", 1037, unavailable, busy},
        {"input or output", "58030", 1030, unavailable, busy},
        {"table full", "53100", 1114, unavailable, busy},
        {"read-only transaction", "25006", 0, unavailable, busy, true},
        {"a read-only transaction of MariaDB", "", 1792, unavailable, busy, true},
        {"a read-only server", "", 1290, unavailable, busy, true},
        {"a server in a read-only mode", "", 1836, unavailable, busy, true},
        {"a server whose InnoDB is read-only", "", 1874, unavailable, busy, true},
        {"a node without quorum", "", 1047, unavailable, busy, true},
        {"a COMMIT that failed", "", 1180, unavailable, busy},
        {"a COMMIT that group replication failed", "", 3100, unavailable, busy},
        {"rolled back by group replication", "", 3101, conflict, category::conflict},
        {"permission denied", "42501", 1142, permission_denied, fatal},
        {"wrong password", "28P01", 1045, permission_denied, fatal},
        {"a server that is fenced off", "", 3032, unavailable, busy, true},
        {"a host that is blocked for a while", "", 1129, unavailable, busy},
        {"a host that may not connect", "", 1130, permission_denied, fatal},
        {"missing table", "42P01", 1146, schema_mismatch, fatal},
        {"missing column", "42703", 1054, schema_mismatch, fatal},
        {"unique violation", "23505", 1062, corrupt, fatal, false, true},
        {"check violation", "23514", 4025, corrupt, fatal, false, true},
        {"check violation of MySQL", "23514", 3819, corrupt, fatal, false, true},
        {"null", "23502", 1048, corrupt, fatal, false, true},
        {"damaged index", "XX002", 1034, corrupt, fatal},
        {"out of range", "22003", 1264, amount_overflow, category::rejected},
        {"unknown", "P0001", 1644, unsupported, fatal},
    };
    const auto check = [](const sorted& wanted, const sql::fault& seen) {
        CAPTURE(std::string(wanted.what));
        CHECK(seen.what.code == wanted.code);
        CHECK(seen.what.kind() == wanted.kind);
        CHECK(seen.lost == wanted.lost);
        CHECK(seen.constraint == wanted.constraint);
        CHECK(seen.what.detail.view() == "it failed");
    };
    for (const sorted& each : all) {
        if (!each.state.empty()) {
            check(each, sql::postgresql_dialect.classify(soci::postgresql_soci_error(
                            "ERROR:  it failed\nDETAIL:  so", each.state.c_str())));
        }
        if (each.number != 0) {
            check(each, sql::mysql_dialect.classify(soci::mysql_soci_error("it failed", each.number)));
        }
    }
}

TEST_CASE("who finds a store held for too long is told to come again, and who holds it commits") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto first = open(at);
        auto second = open(at, "&busy_timeout=100");
        const auto l = test::small_ledger();
        const auto done = first.exclusive([&](auto& locked) {
            bool entered = false;
            const auto refused = second.exclusive([&](auto&) {
                entered = true;
                return expected<void>{};
            });
            CHECK(!entered);
            CHECK(code_of(refused) == errc::unavailable);
            CHECK(refused.error().retryable());
            CHECK(code_of(second.commit(l.commit_after(0))) == errc::unavailable);
            CHECK(snapshot_of<std::int64_t>(second).head.sequence == 0);
            return locked.commit(l.commit_after(0));
        });
        CHECK(value_of(done) == commit_result::committed);
        CHECK(snapshot_of<std::int64_t>(second) == l.states());
        CHECK(second.usage().replaced == 0);
        value_of(second.seal(true));
    }
}

TEST_CASE("a connection that ended while nothing was asked of it is replaced unnoticed") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at);
        auto l = test::small_ledger();
        test::commit_after(store, l, 0);
        disconnect(at);
        CHECK(snapshot_of<std::int64_t>(store) == l.states());
        CHECK(store.usage().replaced == 1);
        disconnect(at);
        network net(store);
        CHECK(value_of(net.contribute({.game = "g", .wager = 100})).sequence == 7);
        CHECK(store.usage().replaced == 2);
        disconnect(at);
        CHECK(value_of(net.contribute({.game = "g", .wager = 100})).sequence == 8);
        disconnect(at);
        CHECK(value_of(store.exclusive([](auto& locked) {
                  snapshot states;
                  return locked.load(states).map([&] { return states.head.sequence; });
              })) == 8);
        disconnect(at);
        operation found;
        CHECK(value_of(store.find("bet-1", found)));
        disconnect(at);
        value_of(store.seal(true));
        CHECK(store.usage().replaced == 6);
        CHECK(value_of(audit(store)).clean());
    }
}

TEST_CASE("what was done under a lock is gone with its connection, and is not done elsewhere") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at);
        const auto l = test::small_ledger();
        const auto done = store.exclusive([&](auto& locked) {
            snapshot states;
            value_of(locked.load(states));
            disconnect(at);
            return locked.commit(l.commit_after(0));
        });
        CHECK(code_of(done) == errc::unavailable);
        CHECK(done.error().retryable());
        CHECK(snapshot_of<std::int64_t>(store).head.sequence == 0);
        CHECK(store.usage().replaced == 1);
        CHECK(at.ask("SELECT count(*) FROM jackpot_journal") == "0");
        test::commit_after(store, l, 0);
        CHECK(snapshot_of<std::int64_t>(store) == l.states());
    }
}

TEST_CASE("a commit whose connection dies in COMMIT is unknown to the store, and settled by a network") {
    const test::place at("postgresql");
    auto store = open(at);
    // Fires in COMMIT, each time until it has counted down: what a sequence counted no failure takes back.
    at.run("CREATE SEQUENCE deaths");
    at.run(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN IF nextval(''deaths'') <= 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
        " RETURN NULL; END'");
    at.run(
        "CREATE CONSTRAINT TRIGGER die AFTER UPDATE ON jackpot_store DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION die()");
    const auto l = test::small_ledger();
    CHECK(code_of(store.commit(l.commit_after(0))) == errc::unavailable);
    CHECK(at.ask("SELECT last_value FROM deaths") == "1");
    network net(store);
    CHECK(value_of(net.open({.pool = "minor", .configuration = {.rate = test::rate_of("1")}})).sequence == 1);
    CHECK(at.ask("SELECT last_value FROM deaths") == "4");
    CHECK(value_of(net.contribute({.game = "g", .wager = 5})).sequence == 2);
    CHECK(value_of(net.pool("minor")).current == 5);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("eight threads, a network each, share the three connections of one store") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at, {}, {.count = 3, .wait_ms = 60'000});
        network net(store);
        value_of(net.open({.pool = "minor", .configuration = {.rate = test::rate_of("1")}}));
        std::atomic<bool> in_range = true;
        std::atomic<int> acknowledged = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 8; ++t) {
            threads.emplace_back([&, t] {
                network own(store, system_environment{}, {.attempts = 1000});
                for (int i = 0; i < 20; ++i) {
                    const std::string key = std::to_string(t) + "-" + std::to_string(i);
                    acknowledged += own.contribute({.game = "g", .wager = 1, .key = name(key)}) ? 1 : 0;
                    const auto used = store.usage();
                    in_range = in_range && used.count == 3 && used.in_use <= 3 && used.available() <= 100;
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        CHECK(acknowledged == 160);
        CHECK(in_range);
        CHECK(store.usage().in_use == 0);
        CHECK(store.usage().available() == 100);
        const pool minor = value_of(net.pool("minor"));
        CHECK(minor.current == 160);
        CHECK(minor.version == 161);
        CHECK(value_of(audit(store)).clean());
        if (engine != "sqlite") {
            CHECK(sessions_of(at, *at.session()).size() == 3);
        }
    }
}

TEST_CASE("who finds every connection in use for too long is told so") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at, {}, {.count = 1, .wait_ms = 30});
        std::promise<void> held;
        std::promise<void> release;
        std::thread holder([&] {
            value_of(store.exclusive([&](auto&) {
                held.set_value();
                release.get_future().wait();
                return expected<void>{};
            }));
        });
        held.get_future().wait();
        CHECK(store.usage().in_use == 1);
        CHECK(store.usage().available() == 0);
        snapshot states;
        const auto refused = store.load(states);
        release.set_value();
        holder.join();
        CHECK(code_of(refused) == errc::unavailable);
        CHECK(contains(refused.error(), "every connection is in use"));
        CHECK(store.usage().available() == 100);
        value_of(store.load(states));
    }
}

TEST_CASE("statements that fail leak nothing") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = open(at, {}, {.count = 2});
        auto l = test::small_ledger();
        test::commit_after(store, l, 0);
        const auto before = l.states();
        REQUIRE(value_of(l.add(test::wager())));
        at.run("UPDATE jackpots SET version = version + 7");
        for (int i = 0; i < 50; ++i) {
            REQUIRE(code_of(store.commit(l.commit_after(6))) == errc::corrupt);
            REQUIRE(store.usage().in_use == 0);
        }
        CHECK(value_of(store.rewrite(before)) == commit_result::committed);
        // Refused by the table, in the middle of the transaction.
        test::kept_commit wrong;
        wrong.keep(l.commit_after(6));
        wrong.pools[2].current += 1;
        for (int i = 0; i < 50; ++i) {
            REQUIRE(code_of(store.commit(wrong.commit)) == errc::corrupt);
        }
        test::commit_after(store, l, 6);
        CHECK(snapshot_of<std::int64_t>(store) == l.states());
        CHECK(store.usage().in_use == 0);
        CHECK(store.usage().replaced == 0);
        if (engine != "sqlite") {
            CHECK(sessions_of(at, *at.session()).size() == 1);
        }
    }
}
