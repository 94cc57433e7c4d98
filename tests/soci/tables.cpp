// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

#include <jackpot/replication/compare.hpp>
#include <jackpot/replication/repair.hpp>
#include <jackpot/replication/replicate.hpp>

#include <sys/wait.h>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::snapshot_of;
using test::value_of;

namespace {

/// A user of a server who may do nothing yet; gone with this.
class user {
public:
    explicit user(const test::place& at) : at_(at) {
        at.run(is_postgresql() ? "CREATE ROLE " + who() + " LOGIN" : "CREATE USER " + who());
        if (is_postgresql()) {
            at.run("GRANT USAGE ON SCHEMA " + at.name() + " TO " + who());
        }
    }
    ~user() {
        if (is_postgresql()) {
            at_.run("DROP OWNED BY " + who());
        }
        at_.run((is_postgresql() ? "DROP ROLE " : "DROP USER ") + who());
    }
    user(const user&) = delete;
    user& operator=(const user&) = delete;

    void grant(const std::string& verbs) const {
        at_.run("GRANT " + verbs + " ON " +
                (is_postgresql() ? "ALL TABLES IN SCHEMA " + at_.name() : at_.name() + ".*") + " TO " +
                who());
    }
    [[nodiscard]] std::string who() const { return at_.name() + (is_postgresql() ? "" : "@localhost"); }
    [[nodiscard]] std::string url() const {
        std::string url = at_.url();
        const std::string_view before = is_postgresql() ? "user=" : "mysql://";
        return url.replace(url.find(before) + before.size(), std::string_view("jackpot").size(), at_.name());
    }

private:
    [[nodiscard]] bool is_postgresql() const { return at_.engine() == "postgresql"; }

    const test::place& at_;
};

error refused(const std::string& url, open_mode mode = open_mode::create) {
    const auto opened = soci_storage::open(url, mode);
    REQUIRE(!opened);
    CAPTURE(std::string(opened.error().detail.view()));
    return opened.error();
}

/// The statements of the schema's script.
std::vector<std::string> statements_of(const std::string& engine) {
    const std::string script = value_of(print_schema<std::int64_t>(engine));
    std::vector<std::string> statements;
    for (std::size_t begin = 0, end = 0; (end = script.find(";\n", begin)) != std::string::npos;
         begin = end + 2) {
        statements.push_back(script.substr(begin, end - begin));
    }
    return statements;
}

/// Everything that the engine says about the tables there, as text.
std::string described(const test::place& at) {
    const std::string queries[] = {
        "SELECT name || coalesce(sql, '') FROM sqlite_master ORDER BY name",
        "SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, is_nullable, "
        "numeric_precision,"
        " numeric_scale, datetime_precision, collation_name) FROM information_schema.columns"
        " WHERE table_schema = current_schema() UNION ALL"
        " SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint"
        " WHERE connamespace = current_schema()::regnamespace ORDER BY 1",
        "SELECT concat_ws(' ', table_name, ordinal_position, column_name, column_type, is_nullable, "
        "collation_name)"
        " FROM information_schema.columns WHERE table_schema = DATABASE() UNION ALL"
        " SELECT concat_ws(' ', table_name, constraint_name, check_clause)"
        " FROM information_schema.check_constraints WHERE constraint_schema = DATABASE() UNION ALL"
        " SELECT concat_ws(' ', table_name, index_name, seq_in_index, column_name, non_unique)"
        " FROM information_schema.statistics WHERE table_schema = DATABASE() UNION ALL"
        " SELECT concat_ws(' ', table_name, engine, table_collation) FROM information_schema.tables"
        " WHERE table_schema = DATABASE() ORDER BY 1"};
    const auto engine = std::find(std::begin(test::engines), std::end(test::engines), at.engine());
    const auto session = at.session();
    const soci::rowset<std::string> lines = (session->prepare << queries[engine - std::begin(test::engines)]);
    std::string all;
    for (const std::string& line : lines) {
        all.append(line).append("\n");
    }
    return all;
}

}  // namespace

TEST_CASE("who may only select, insert, update and delete can do everything but make the tables") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        const test::place at(engine);
        const user plain(at);
        if (engine == "mysql") {
            plain.grant("SELECT, INSERT, UPDATE, DELETE");
        }
        const error e = refused(plain.url());
        CHECK(e.code == errc::permission_denied);
        CHECK(contains(e, "print_schema"));
        CHECK(refused(plain.url(), open_mode::existing).code == errc::schema_mismatch);
        value_of(soci_storage::open(at.url()));
        plain.grant("SELECT, INSERT, UPDATE, DELETE");

        auto store = value_of(soci_storage::open(plain.url()));
        network net(store);
        value_of(net.open({.pool = "minor", .configuration = {.seed = 5, .rate = test::rate_of("1")}}));
        value_of(net.contribute({.game = "g", .wager = 10, .key = name("k")}));
        value_of(net.win({.pool = "minor", .game = "g", .player = "p"}));
        for (const std::vector<name>& games : {std::vector<name>{"a", "b"}, {"c"}}) {
            value_of(net.configure({.pool = "minor", .patch = {.games = games}}));
        }
        value_of(net.adjust({.pool = "minor", .delta = 1, .actor = "a", .reason = "r"}));
        value_of(net.suspend({.pool = "minor"}));
        value_of(net.resume({.pool = "minor"}));
        value_of(net.seal());
        value_of(net.unseal());
        at.run("UPDATE jackpots SET version = 99");
        CHECK(value_of(repair_from_journal(store)).pools.size() == 1);

        const test::place copy_at(engine);
        value_of(soci_storage::open(copy_at.url()));
        const user copier(copy_at);
        copier.grant("SELECT, INSERT, UPDATE, DELETE");
        auto copy = value_of(soci_storage::open(copier.url(), open_mode::existing));
        system_environment world;
        value_of(replicate(
            store, copy, {}, [](const replicate_progress&) { return true; }, world));
        CHECK(value_of(compare(store, copy)).equal());
    }
}

TEST_CASE("who may only read can load, and is refused what would change anything") {
    for (const std::string engine : test::server_engines) {
        for (const bool by_setting : {false, true}) {
            if (by_setting && engine == "mysql") {
                continue;  // it has no such setting of a user
            }
            CAPTURE(engine);
            CAPTURE(by_setting);
            const test::place at(engine);
            auto l = test::small_ledger();
            {
                auto owner = value_of(soci_storage::open(at.url()));
                test::commit_after(owner, l, 0);
            }
            const user reader(at);
            reader.grant(by_setting ? "SELECT, INSERT, UPDATE, DELETE" : "SELECT");
            if (by_setting) {
                at.run("ALTER ROLE " + reader.who() + " SET default_transaction_read_only = on");
            }
            auto store = value_of(soci_storage::open(reader.url()));
            CHECK(snapshot_of<std::int64_t>(store) == l.states());
            operation found;
            CHECK(value_of(store.find("bet-1", found)));
            const auto before = l.states();
            REQUIRE(value_of(l.add(test::wager())));
            // A setting may be a fence that is lifted, or a server after a switch-over: each asks anew.
            const errc refused = by_setting ? errc::unavailable : errc::permission_denied;
            CHECK(code_of(store.commit(l.commit_after(6))) == refused);
            CHECK(code_of(store.seal(true)) == refused);
            CHECK(code_of(store.rewrite(before)) == refused);
            CHECK(snapshot_of<std::int64_t>(store) == before);
            CHECK((store.usage().replaced != 0) == by_setting);
        }
    }
}

TEST_CASE("the table of the older service is recognised, and left as it was") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        const test::place at(engine);
        const bool pg = engine == "postgresql";
        if (pg) {
            at.run("CREATE TYPE jackpot_group AS ENUM ('minor', 'major', 'mega')");
        }
        at.run(std::string("CREATE TABLE jackpots (id ") +
               (pg ? "uuid DEFAULT gen_random_uuid()" : "char(36) DEFAULT uuid()") +
               " PRIMARY KEY, \"group\" " + (pg ? "jackpot_group" : "enum('minor', 'major', 'mega')") +
               " NOT NULL UNIQUE, current_amount integer NOT NULL, seed_amount integer NOT NULL,"
               " max_amount integer, contribution_rate real NOT NULL, total_contributions integer NOT NULL,"
               " total_wins integer NOT NULL, contributions " +
               (pg ? "jsonb" : "json") + ", wins " + (pg ? "jsonb" : "json") +
               ", version integer NOT NULL, created_at timestamp, last_modified_at timestamp)");
        at.run(
            "INSERT INTO jackpots (\"group\", current_amount, seed_amount, max_amount, contribution_rate,"
            " total_contributions, total_wins, contributions, wins, version)"
            " VALUES ('minor', 150, 100, 1000, 0.02, 50, 0, '[]', '[]', 3)");
        const std::string before = described(at);
        for (const open_mode mode : {open_mode::create, open_mode::existing}) {
            const error e = refused(at.url(), mode);
            CHECK(e.code == errc::schema_mismatch);
            CHECK(contains(e, "older service"));
            CHECK(contains(e, "rename"));
        }
        CHECK(described(at) == before);
        CHECK(at.ask("SELECT current_amount + version FROM jackpots WHERE \"group\" = 'minor'") == "153");
    }
}

TEST_CASE("tables of another amount type, newer ones, and ones that are not all there are refused") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        const test::place at(engine);
        value_of(soci_storage::open(at.url()));
        const auto wide = basic_soci_storage<wide_amount>::open(at.url());
        CHECK(code_of(wide) == errc::schema_mismatch);
        CHECK(contains(wide.error(), "amount_type: int64"));
        at.run("INSERT INTO jackpot_schema (number, title, library) VALUES (99, 'of the future', '9.0.0')");
        const error newer = refused(at.url());
        CHECK(newer.code == errc::schema_mismatch);
        CHECK(contains(newer, "99"));
        CHECK(contains(newer, "newer"));
        at.run("DELETE FROM jackpot_schema WHERE number = 99");
        at.run("DROP TABLE jackpot_games");
        const error missing = refused(at.url());
        CHECK(missing.code == errc::schema_mismatch);
        CHECK(contains(missing, "no table jackpot_games"));
        const test::place other(engine);
        value_of(basic_soci_storage<wide_amount>::open(other.url()));
        CHECK(contains(refused(other.url()), "amount_type: int256"));
    }
}

TEST_CASE("two processes make the tables of one new database at once") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        for (int round = 0; round < 10; ++round) {
            const test::place at(engine);
            const pid_t child = ::fork();
            if (child == 0) {
                ::_exit(soci_storage::open(at.url()) ? 0 : 1);
            }
            const auto opened = soci_storage::open(at.url());
            int status = -1;
            ::waitpid(child, &status, 0);
            CHECK(status == 0);
            value_of(opened.map([](const soci_storage&) {}));
            CHECK(at.ask("SELECT count(*) FROM jackpot_schema") == "2");
            CHECK(at.ask("SELECT count(*) FROM jackpot_store") == "1");
        }
    }
}

TEST_CASE("a migration that was cut after any statement is completed by the next") {
    const std::vector<std::string> statements = statements_of("mysql");
    std::string whole;
    for (std::size_t done = 0; done + 1 < statements.size(); ++done) {
        CAPTURE(statements[done]);
        const test::place at("mysql");
        const auto session = at.session();
        for (std::size_t i = 0; i <= done; ++i) {
            *session << statements[i];
        }
        *session << "COMMIT";
        auto store = value_of(soci_storage::open(at.url()));
        test::commit_after(store, test::small_ledger(), 0);
        CHECK(at.ask("SELECT count(*) FROM jackpot_schema") == "2");
        CHECK(at.ask("SELECT count(*) FROM jackpot_store") == "1");
        whole = whole.empty() ? described(at) : whole;
        CHECK(described(at) == whole);
    }
}

TEST_CASE("the printed schema, run by the engine's own client, makes what opening makes") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place made(engine);
        value_of(soci_storage::open(made.url()));
        const test::place printed(engine);
        REQUIRE(test::run_script(printed, value_of(print_schema<std::int64_t>(engine))));
        auto store = value_of(soci_storage::open(printed.url(), open_mode::existing));
        test::commit_after(store, test::small_ledger(), 0);
        CHECK(!described(made).empty());
        CHECK(described(printed) == described(made));
    }
}
