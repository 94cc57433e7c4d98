// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/compare.hpp>
#include <jackpot/replication/repair.hpp>
#include <jackpot/replication/replicate.hpp>

#include <csignal>
#include <sstream>
#include <sys/wait.h>

// Stores of schema 1, as the last library before schema 2 made them (tests/fixtures/version_1), and what
// becomes of them.

using namespace jackpot;
using test::contains;
using test::snapshot_of;
using test::value_of;

namespace {

constexpr const char* narrow_fixtures[] = {"kinds", "random", "trimmed", "leapt", "sealed", "empty"};

std::string fixture(const std::string& engine, const std::string& store) {
    const std::string path = std::string(JACKPOT_FIXTURES "/version_1/") + engine + "/" + store + ".sql";
    std::ifstream file(path);
    REQUIRE(file.good());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// A store of schema 1 in a place of its own.
class old_store : public test::place {
public:
    old_store(const std::string& engine, const std::string& store) : place(engine) {
        REQUIRE(test::run_script(*this, fixture(engine, store)));
    }
};

/// A value of any column.
struct value_row {
    std::optional<std::string> value{};

    static constexpr std::string_view table = "";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("value", row.value);
    }
};

/// What the tables hold in the columns that schema 1 has, column by column.
template <amount Amount>
std::string kept(const std::string& url) {
    return value_of(basic_soci_storage<Amount>::visit(url, [](sql::connection& c) {
        std::string all;
        for (const auto& table : sql::version_1::tables<Amount>()) {
            for (const auto& column : table.columns) {
                all.append(table.name).append(".").append(column.name).append(":");
                const auto key = std::span(table.columns).first(2);
                c.prepared("SELECT \"" + std::string(column.name) + "\" FROM " + std::string(table.name) +
                           (table.name == "jackpot_schema" ? " WHERE number = 1" : "") + " ORDER BY " +
                           sql::list_columns(key, "\"", "\""))
                    .template select<value_row>(
                        [&](const value_row& row) { all.append(" ").append(row.value.value_or("NULL")); });
                all.append("\n");
            }
        }
        return all;
    }));
}

/// Everything that is said of a migrated store is true of one that was always of this schema.
template <amount Amount>
void check_migrated(const test::place& at, const std::string& before) {
    CHECK(kept<Amount>(at.url()) == before);
    const auto shapes = value_of(basic_soci_storage<Amount>::visit(at.url(), sql::verify_schema<Amount>));
    for (const auto& each : shapes) {
        CAPTURE(each.table);
        CAPTURE(each.wanted);
        CHECK(each.wrong == "");
    }
    auto store = value_of(basic_soci_storage<Amount>::open(at.url(), open_mode::existing));
    const auto report = value_of(audit(store));
    for (const auto& found : report.findings) {
        CAPTURE(found.where);
        CHECK(found.what == "");
    }
    memory_storage<Amount> copy;
    seeded_environment world(1);
    value_of(replicate(
        store, copy, {}, [](auto&&) { return true; }, world));
    const auto compared = value_of(compare(store, copy));
    for (const auto& each : compared.differences) {
        CAPTURE(each.where);
        CAPTURE(each.what);
        CHECK(each.left == each.right);
    }
}

/// It goes on, with what schema 1 could not do.
template <amount Amount>
void check_goes_on(const test::place& at) {
    auto store = value_of(basic_soci_storage<Amount>::open(at.url()));
    if (snapshot_of<Amount>(store).head.sealed) {
        return;
    }
    network net(store, seeded_environment(3));
    value_of(net.open({.pool = "newer",
                       .configuration = {.seed = 5,
                                         .rate = test::rate_of("0.5"),
                                         .seed_rate = test::rate_of("0.25"),
                                         .reserve_cap = Amount(100)},
                       .actor = "ops"}));
    value_of(
        net.contribute({.game = "newest game", .wager = 100, .pools = name_list{"newer"}, .round = "r"}));
    value_of(net.win({.pool = "newer", .game = "newest game", .player = "p", .site = "s"}));
    CHECK(value_of(audit(store)).clean());
}

template <amount Amount>
void check_fixture(const std::string& engine, const std::string& name) {
    CAPTURE(engine);
    CAPTURE(name);
    const old_store at(engine, name);
    const std::string before = kept<Amount>(at.url());
    const auto refused = basic_soci_storage<Amount>::open(at.url(), open_mode::existing);
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::schema_mismatch);
    CHECK(contains(refused.error(), "number 1"));
    CHECK(contains(refused.error(), "schema apply"));
    CHECK(value_of(basic_soci_storage<Amount>::inspect(at.url())).lacking == "");
    CHECK(kept<Amount>(at.url()) == before);
    static_cast<void>(value_of(basic_soci_storage<Amount>::open(at.url())));
    check_migrated<Amount>(at, before);
    static_cast<void>(value_of(basic_soci_storage<Amount>::open(at.url())));
    CHECK(at.ask("SELECT COUNT(*) FROM jackpot_schema") == "2");
    check_goes_on<Amount>(at);
}

}  // namespace

TEST_CASE("version 1 is described as it was published") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const auto check = [&]<amount Amount>(const Amount&, const std::string& name) {
            const std::string url = engine + "://";
            std::string_view rest = url;
            const auto& dialect = *value_of(sql::dialect_of(rest));
            const std::string script = fixture(engine, name);
            sql::each_create(dialect, sql::version_1::tables<Amount>(), sql::computes<Amount>(dialect),
                             [&](const std::string& statement) {
                                 CHECK(script.find(statement + ";\n") != std::string::npos);
                             });
        };
        check(std::int64_t(), "empty");
        check(wide_amount(), "wide");
    }
}

TEST_CASE("a store of schema 1 is migrated where it is opened, and nothing in it changes") {
    for (const std::string engine : test::engines) {
        for (const char* name : narrow_fixtures) {
            check_fixture<std::int64_t>(engine, name);
        }
        check_fixture<wide_amount>(engine, "wide");
    }
}

TEST_CASE("the meters that schema 1 lacked are those that its journal tells") {
    const auto none = [](const test::place& at, const std::string& wrong) {
        return at.ask("SELECT COUNT(*) FROM jackpots p WHERE " + wrong) == "0";
    };
    const std::string parts = "FROM jackpot_journal j WHERE j.\"group\" = p.\"group\" AND ";
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const old_store whole(engine, "random");
        static_cast<void>(value_of(soci_storage::open(whole.url())));
        CHECK(none(whole, "wager_count <> (SELECT COUNT(*) " + parts + "kind = 'contributed')"));
        CHECK(none(whole, "total_forgone <> (SELECT COALESCE(SUM(forgone), 0) " + parts + "1 = 1)"));
        CHECK(none(whole, "reset_sequence <> (SELECT MAX(sequence) " + parts + "kind IN ('opened', 'won'))"));
        CHECK(!none(whole, "seeded > 0"));
        CHECK(!none(whole, "wager_count > 0"));
        // A journal that was trimmed tells what came since, and of a reset before that nothing.
        const old_store trimmed(engine, "trimmed");
        static_cast<void>(value_of(soci_storage::open(trimmed.url())));
        CHECK(none(trimmed, "wager_count <> (SELECT COUNT(*) " + parts + "kind = 'contributed')"));
        CHECK(none(trimmed, "reset_sequence <> (SELECT COALESCE(MAX(sequence), 0) " + parts +
                                "kind IN ('opened', 'won'))"));
        CHECK(none(trimmed, "reset_sequence = 0 AND seeded <> 0"));
        CHECK(!none(trimmed, "reset_sequence = 0"));
    }
}

TEST_CASE("a row that somebody edited keeps nobody from the next schema, and is found as before") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const old_store at(engine, "random");
        at.run(
            "UPDATE jackpots SET current_amount = 0, overflow = 0, max_amount = NULL,"
            " adjusted = total_wins - funded - total_contributions");
        auto store = value_of(soci_storage::open(at.url()));
        CHECK(!value_of(audit(store)).clean());
        value_of(repair_from_journal(store));
        CHECK(value_of(audit(store)).clean());
    }
}

TEST_CASE("a program of schema 1 that goes on is refused once the tables are of schema 2") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const old_store at(engine, "sealed");
        const auto append = [&](const std::string& sequence) {
            at.run(
                "INSERT INTO jackpot_journal (sequence, part, \"at\", kind, \"group\", version, "
                "current_amount,"
                " overflow, carry) VALUES (" +
                sequence + ", 0, '2030-01-01 00:00:00', 'suspended', 'minor', " + sequence + ", 0, 0, 0)");
        };
        append("100");
        at.run("DELETE FROM jackpot_journal WHERE sequence = 100");
        static_cast<void>(value_of(soci_storage::open(at.url())));
        CHECK(test::is_refused([&] { append("100"); }));
        CHECK(at.ask("SELECT MAX(number) FROM jackpot_schema") == "2");
    }
}

namespace {

// A process that ends before one of its statements.
int statements_left = 0;
void (*run_script)(soci::session& session, std::string_view script) = nullptr;

void run_while_there(soci::session& session, std::string_view script) {
    if (--statements_left < 0) {
        throw soci::soci_error("the process has ended");
    }
    run_script(session, script);
}

/// True where the migration came to its end before that.
bool migrate_up_to(const test::place& at, int statement) {
    const std::string url = at.url();
    std::string_view rest = url;
    sql::dialect cut = *value_of(sql::dialect_of(rest));
    const auto where = value_of(cut.locate(rest, open_mode::create));
    run_script = std::exchange(cut.run_script, run_while_there);
    statements_left = statement;
    soci::session session;
    sql::connection c(cut, where, session);
    return c
        .attempt([&] {
            sql::schema_state state;
            sql::migrate<std::int64_t>(c, state);
        })
        .has_value();
}

}  // namespace

TEST_CASE("a migration that ended before any statement is completed by the next") {
    for (const std::string engine : test::server_engines) {
        bool done = false;
        for (int statement = 0; !done; ++statement) {
            CAPTURE(engine);
            CAPTURE(statement);
            const old_store at(engine, "kinds");
            const std::string before = kept<std::int64_t>(at.url());
            done = migrate_up_to(at, statement);
            CHECK((statement > 5 || !done));
            // On MariaDB the lock is given back after the last transaction.
            CHECK((at.ask("SELECT MAX(number) FROM jackpot_schema") == "2" || !done));
            static_cast<void>(value_of(soci_storage::open(at.url())));
            check_migrated<std::int64_t>(at, before);
        }
    }
}

TEST_CASE("a migration that is killed at any moment is completed by the next") {
    for (const std::string engine : test::engines) {
        for (int moment = 0; moment < 8; ++moment) {
            CAPTURE(engine);
            CAPTURE(moment);
            const old_store at(engine, "random");
            const std::string before = kept<std::int64_t>(at.url());
            const pid_t child = ::fork();
            if (child == 0) {
                ::_exit(soci_storage::open(at.url()) ? 0 : 1);
            }
            ::usleep(static_cast<useconds_t>(4000 * moment * moment));
            ::kill(child, SIGKILL);
            int status = 0;
            ::waitpid(child, &status, 0);
            static_cast<void>(value_of(soci_storage::open(at.url())));
            check_migrated<std::int64_t>(at, before);
        }
    }
}

TEST_CASE("two programs that migrate one store at once do it once") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const old_store at(engine, "random");
        const std::string before = kept<std::int64_t>(at.url());
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(soci_storage::open(at.url()) ? 0 : 1);
        }
        static_cast<void>(value_of(soci_storage::open(at.url())));
        int status = -1;
        ::waitpid(child, &status, 0);
        CHECK(status == 0);
        CHECK(at.ask("SELECT COUNT(*) FROM jackpot_schema") == "2");
        check_migrated<std::int64_t>(at, before);
    }
}
