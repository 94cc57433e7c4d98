// SPDX-License-Identifier: BSL-1.0
#include "program.hpp"

#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>

#include <nlohmann/json.hpp>

namespace {

using namespace test;

outcome run(arguments with) {
    return run_program(JACKPOT_MIGRATOR, with);
}
outcome validate(const std::string& url, arguments more = {}) {
    more.insert(more.begin(), {"validate", url});
    return run(std::move(more));
}

enum class engine { sqlite, postgresql, mysql };

/// A store with a short run in it, on one of the engines.
struct place {
    engine kind;
    std::string url;

    void edit(const std::vector<std::string>& statements) const {
        const auto done = jackpot::soci_storage::visit(url, [&](jackpot::sql::connection& c) {
            for (const auto& statement : statements) {
                c.run_once(statement);
            }
        });
        REQUIRE_MESSAGE(done.has_value(), std::string(done ? "" : to_text(done.error()).view()));
    }
    /// What only people do, who first lift what the engine checks.
    void edit_unchecked(std::string statement) const {
        switch (kind) {
            case engine::sqlite:
                return edit({"PRAGMA ignore_check_constraints = ON", "PRAGMA foreign_keys = OFF", statement});
            case engine::mysql:
                return edit({"SET check_constraint_checks = 0", "SET foreign_key_checks = 0", statement});
            case engine::postgresql: {
                std::string lift("SET client_min_messages TO warning; ALTER TABLE jackpots");
                for (const std::string name :
                     {"check", "check1", "check2", "check3", "check4", "check5", "check6", "check7", "check8",
                      "check9", "status_check", "current_amount_check", "contribution_rate_check",
                      "carry_check", "total_wagered_check", "funded_check"}) {
                    lift += (lift.back() == 's' ? " DROP CONSTRAINT IF EXISTS jackpots_"
                                                : ", DROP CONSTRAINT IF EXISTS jackpots_") +
                            name;
                }
                return edit({lift,
                             "ALTER TABLE jackpot_games DROP CONSTRAINT IF EXISTS jackpot_games_group_fkey",
                             statement});
            }
        }
    }
    /// SQLite cannot change a table's columns and constraints: it is copied into one that has others.
    void rebuild(const std::string& table, const std::string& from, const std::string& to) const {
        std::string sql;
        const auto read = jackpot::soci_storage::visit(url, [&](jackpot::sql::connection& c) {
            c.prepared("SELECT sql FROM sqlite_master WHERE name = '" + table + "'")
                .select<jackpot::sql::constraint_row>([&](const auto& row) { sql = row.text; });
        });
        REQUIRE(read.has_value());
        const auto at = sql.find(from);
        REQUIRE_MESSAGE(at != std::string::npos, from, "\nis not in\n", sql);
        sql.replace(at, from.size(), to);
        sql.replace(sql.find(table), table.size(), "copied");
        std::vector<std::string> statements{"PRAGMA foreign_keys = OFF", sql,
                                            "INSERT INTO copied SELECT * FROM " + table,
                                            "DROP TABLE " + table, "ALTER TABLE copied RENAME TO " + table};
        // The indexes went with the table.
        const auto listed = jackpot::soci_storage::visit(url, [&](jackpot::sql::connection& c) {
            c.prepared(
                 "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '" +
                 table + "'")
                .select<jackpot::sql::constraint_row>(
                    [&](const auto& row) { statements.push_back(row.text); });
        });
        REQUIRE(listed.has_value());
        edit(statements);
    }
};

engine engine_of(const std::string& url) {
    return url.starts_with("sqlite")  ? engine::sqlite
           : url.starts_with("mysql") ? engine::mysql
                                      : engine::postgresql;
}

/// New stores, one an engine, each with the same run.
std::vector<place> stores(const scratch& files, const std::string& file = "jackpots") {
    std::vector<std::string> urls = new_places();
    urls.push_back(files.url(file));
    std::vector<place> all;
    for (const auto& url : urls) {
        const auto made = run({"migrate", "--from", "memory", "--to", url, "--wagers", "60", "--quiet"});
        REQUIRE_MESSAGE(made.code == 0, made.out);
        all.push_back({engine_of(url), url});
    }
    return all;
}

void check_says(const outcome& done, int code, const std::vector<std::string>& words) {
    CHECK_MESSAGE(done.code == code, done.out, done.err);
    for (const auto& each : words) {
        CHECK_MESSAGE(done.out.find(each) != std::string::npos, "not said: ", each, "\nin\n", done.out);
    }
}

const std::string schema_lines =
    "✅ Database schema validation passed\n✅ All required columns present\n"
    "✅ Indexes created successfully\n✅ Constraints applied correctly\n";

TEST_CASE("a good store passes every check, in the guide's words") {
    const scratch files;
    for (const auto& store : stores(files)) {
        CAPTURE(store.url);
        const auto schema_only = validate(store.url, {"--schema-only"});
        CHECK(schema_only.code == 0);
        CHECK(schema_only.out == schema_lines);
        const auto whole = validate(store.url);
        CHECK(whole.code == 0);
        CHECK(whole.out.starts_with("✅ Database connectivity verified\n" + schema_lines +
                                    "✅ Data integrity check passed\n✅ Journal audit passed\n"
                                    "📊 Data integrity score: 100% ("));
        // Made for speed, as the tests' servers are.
        const auto risks = nlohmann::json::parse(validate(store.url, {"--json"}).out)["durability_risks"];
        CHECK((whole.err.find("⚠️ Durability: fsync = off: ") != std::string::npos) ==
              (store.kind == engine::postgresql));
        CHECK(risks.empty() == whole.err.empty());
        check_says(
            validate(store.url, {"--detailed"}), 0,
            {"   ✅ jackpots: current_amount BIGINT NOT NULL\n",
             "   ✅ jackpot_journal: PRIMARY KEY (sequence, part)\n",
             "   ✅ jackpots: CHECK (current_amount <= max_amount)\n", "   ✅ pool minor: contribution_rate\n",
             "   ✅ pool mega: current_amount + overflow + reserve + total_wins + held = funded + ",
             "   ✅ 63 operations (60 contributions, "});
    }
}

struct broken_schema {
    std::string table, from, to;    // in SQLite
    std::string postgresql, mysql;  // what does the same there
    std::string said;
    bool opens = true;  // is a store with it used at all?
};

TEST_CASE("a schema fails by what is broken in it") {
    const broken_schema all[] = {
        {"jackpot_journal", "UNIQUE (\"key\"),\n  ", "",
         "ALTER TABLE jackpot_journal DROP CONSTRAINT jackpot_journal_key_key",
         "ALTER TABLE jackpot_journal DROP INDEX \"key\"",
         "❌ Index not as required: jackpot_journal: UNIQUE (\"key\"): is missing\n"},
        {"jackpot_schema", "PRIMARY KEY (number)", "PRIMARY KEY (number, title)",
         "ALTER TABLE jackpot_schema DROP CONSTRAINT jackpot_schema_pkey",
         "ALTER TABLE jackpot_schema DROP PRIMARY KEY",
         "❌ Index not as required: jackpot_schema: PRIMARY KEY (number): is missing\n"},
        {"jackpots", "CHECK (current_amount <= max_amount),\n  ", "",
         "ALTER TABLE jackpots DROP CONSTRAINT jackpots_check2",
         "ALTER TABLE jackpots DROP CONSTRAINT CONSTRAINT_3",
         "❌ Constraint not as required: jackpots: CHECK (current_amount <= max_amount): is missing\n"},
        {"jackpots", " CHECK (\"contribution_rate\" >= 0 AND \"contribution_rate\" <= 1)", "",
         "ALTER TABLE jackpots DROP CONSTRAINT jackpots_contribution_rate_check",
         "ALTER TABLE jackpots MODIFY contribution_rate DECIMAL(10,9) NOT NULL",
         "❌ Constraint not as required: jackpots: CHECK (\"contribution_rate\" >= 0 AND "},
        {"jackpot_games", ",\n  FOREIGN KEY (\"group\") REFERENCES jackpots (\"group\")", "",
         "ALTER TABLE jackpot_games DROP CONSTRAINT jackpot_games_group_fkey",
         "ALTER TABLE jackpot_games DROP FOREIGN KEY jackpot_games_ibfk_1",
         "❌ Constraint not as required: jackpot_games: FOREIGN KEY (\"group\") REFERENCES jackpots "},
        {"jackpots", "\"win_count\" BIGINT", "\"win_count\" INTEGER",
         "ALTER TABLE jackpots ALTER win_count TYPE NUMERIC(30,0)",
         "ALTER TABLE jackpots MODIFY win_count INT NOT NULL CHECK (win_count >= 0)",
         "❌ Column not as required: jackpots: win_count BIGINT NOT NULL: is "},
        {"jackpots", "\"adjusted\" BIGINT NOT NULL", "\"adjusted\" BIGINT",
         "ALTER TABLE jackpots ALTER adjusted DROP NOT NULL", "ALTER TABLE jackpots MODIFY adjusted BIGINT",
         "❌ Column not as required: jackpots: adjusted BIGINT NOT NULL: is BIGINT\n"},
        {"jackpot_journal", "\"player\" TEXT COLLATE BINARY", "\"player\" TEXT COLLATE NOCASE",
         "ALTER TABLE jackpot_journal ALTER player TYPE TEXT COLLATE \"POSIX\"",
         "ALTER TABLE jackpot_journal MODIFY player VARCHAR(128) COLLATE utf8mb4_general_ci",
         "❌ Column not as required: jackpot_journal: player ", false},
    };
    for (const auto& broken : all) {
        CAPTURE(broken.said);
        const scratch files;
        for (const auto& store : stores(files)) {
            CAPTURE(store.url);
            switch (store.kind) {
                case engine::sqlite:
                    store.rebuild(broken.table, broken.from, broken.to);
                    break;
                case engine::postgresql:
                    store.edit({broken.postgresql});
                    break;
                case engine::mysql:
                    store.edit({broken.mysql});
                    break;
            }
            const auto done = validate(store.url, {"--schema-only"});
            check_says(done, 1, {broken.said, "❌ Database schema validation failed: ", "   Remedy: "});
            CHECK(lines_of(done.out).size() == 5);  // that, and nothing else
            check_says(validate(store.url), 1,
                       {"✅ Data integrity check passed",
                        broken.opens ? "✅ Journal audit passed" : "❌ Journal audit failed: journal: schema",
                        "Data integrity score: 9"});
        }
    }
}

TEST_CASE("columns and tables that are gone, and a number that is not the newest, are named") {
    const scratch files;
    for (const auto& store : stores(files)) {
        CAPTURE(store.url);
        store.edit({"DELETE FROM jackpot_schema"});
        check_says(validate(store.url), 1,
                   {"❌ Database schema validation failed: number: is 0, and 2 is wanted\n",
                    "   Remedy: migrator schema apply STORE"});
        check_says(
            run({"schema", "status", store.url}), 1,
            {"Schema number: 0\n", "Newest number: 2\n", "Lacks: nothing\n", "❌ Schema not up to date\n"});
        check_says(run({"schema", "apply", store.url}), 0, {"✅ Schema migrated from number 0 to 2 in "});
        check_says(validate(store.url), 0, {});

        store.edit({"ALTER TABLE jackpot_journal DROP COLUMN reason"});
        check_says(validate(store.url), 1,
                   {"❌ Column not as required: jackpot_journal: reason ", "is missing\n"});
        store.edit({"DROP TABLE jackpot_games"});
        check_says(validate(store.url), 1, {"table jackpot_games: is missing, or may not be seen\n"});
        check_says(run({"schema", "status", store.url}), 1,
                   {"Lacks: jackpot_journal lacks reason; no table jackpot_games\n",
                    "Remedy: restore the database, or make what is lacking"});
        check_says(run({"schema", "apply", store.url}), 1,
                   {"❌ Schema migration failed: ", "jackpot_journal lacks reason"});
    }
}

struct broken_row {
    std::string set;
    std::string said;  // in the check of the data
    std::string column;
};

/// Every way in which the row of the pool minor can break a law, each alone.
const broken_row broken_rows[] = {
    {"contribution_rate = '2'", "contribution_rate: is 2", "contribution_rate"},
    {"contribution_rate = '-0.5'", "contribution_rate: is -0.5", "contribution_rate"},
    {"current_amount = -5", "current_amount: is -5, below 0\n", "current_amount"},
    {"total_wagered = -1", "total_wagered: is -1, below 0\n", "total_wagered"},
    {"funded = -7", "funded: is -7, below 0\n", "funded"},
    {"current_amount = current_amount + 1",
     "current_amount + overflow + reserve + total_wins + held = funded + total_contributions + adjusted + "
     "transferred: ",
     "current_amount"},
    {"adjusted = adjusted + max_amount + 1 - current_amount, current_amount = max_amount + 1",
     "current_amount <= max_amount: current_amount is 1000001, max_amount 1000000\n", "current_amount"},
    {"max_amount = seed_amount", "seed_amount < max_amount: seed_amount is 100000, max_amount 100000\n",
     "max_amount"},
    {"overflow = 1, adjusted = adjusted + 1",
     "overflow only while current_amount is max_amount: overflow is 1", "overflow"},
    {"carry = 1000000000", "carry below one minor unit, and 0 where rounding is floor: carry is 1000000000",
     "carry"},
    {"carry = 1, rounding = 'floor'", "carry is 1, rounding floor\n", "rounding"},
    {"status = 'open'", "status: is open: ", "status"},
    {"last_win_amount = 5, last_win_game = NULL", "only some of last_win_* are there\n", "last_win_amount"},
    {"version = 0", "version is 0\n", "version"},
    {"sequence = 99", "sequence is 99, the store's 63\n", "sequence"},
    {"opened_at = '2999-01-01 00:00:00'", "the times are in another order\n", "opened_at"},
    {"pending = 'rubbish'", "pending is rubbish\n", "pending"},
};

TEST_CASE("a row that breaks a law is named with pool, field and value, and rebuilt from the journal") {
    const scratch files;
    for (const auto& store : stores(files)) {
        for (const auto& broken : broken_rows) {
            CAPTURE(store.url);
            CAPTURE(broken.set);
            store.edit_unchecked("UPDATE jackpots SET " + broken.set + " WHERE \"group\" = 'minor'");
            const auto seen = validate(store.url);
            check_says(seen, 1,
                       {"❌ Data integrity check failed: pool minor: ", broken.said,
                        "❌ Journal audit failed: ", "migrator repair STORE"});
            CHECK_MESSAGE(seen.out.find("check failed: pool major") == std::string::npos, seen.out);

            const std::string change = "pool minor: " + broken.column + " is ";
            check_says(run({"repair", store.url, "--from-journal", "--dry-run"}), 0,
                       {"⚠️ No writer may run", change, " by the journal\n",
                        "Dry run: 1 pools would be rebuilt from the journal; nothing was written.\n"});
            check_says(validate(store.url), 1, {broken.said});
            check_says(run({"repair", store.url, "--from-journal"}), 0,
                       {change, "✅ Repaired: 1 pools were rebuilt from the journal\n"});
            const auto repaired = validate(store.url);
            CHECK_MESSAGE(repaired.out.find("✅ Data integrity check passed\n✅ Journal audit passed\n") !=
                              std::string::npos,
                          repaired.out);
        }
        check_says(run({"repair", store.url, "--from-journal"}), 0, {"✅ Nothing to repair"});
    }
}

TEST_CASE("rows that are right are adopted; those that no rule makes are not") {
    const scratch files;
    const arguments who{"--adopt", "--actor", "ops", "--reason", "counted by hand"};
    for (const auto& store : stores(files)) {
        CAPTURE(store.url);
        const auto adopt = [&](arguments more = {}) {
            more.insert(more.begin(), who.begin(), who.end());
            more.insert(more.begin(), {"repair", store.url});
            return run(more);
        };
        store.edit_unchecked("UPDATE jackpots SET current_amount = 1000001 WHERE \"group\" = 'minor'");
        for (const arguments& more : {arguments{}, arguments{"--dry-run"}}) {
            check_says(
                adopt(more), 1,
                {"pool minor: current_amount is 1000001, and ", "❌ Repair failed: corrupt", "above the cap"});
        }
        store.edit_unchecked("UPDATE jackpots SET current_amount = 777777 WHERE \"group\" = 'minor'");
        check_says(adopt({"--dry-run"}), 0, {"Dry run: 1 pools would be adopted into the journal"});
        check_says(validate(store.url), 1, {"❌ Data integrity check failed: pool minor: "});
        check_says(adopt(), 0, {"✅ Repaired: 1 pools were adopted into the journal\n"});
        const auto after = validate(store.url, {"--detailed"});
        check_says(after, after.code,
                   {"✅ Data integrity check passed\n", "✅ Journal audit passed\n", "64 operations"});
        check_says(adopt(), 0, {"✅ Nothing to repair"});
    }
}

TEST_CASE("a game without its pool, and a store without its row, are found") {
    const scratch files;
    for (const auto& store : stores(files)) {
        CAPTURE(store.url);
        store.edit_unchecked("INSERT INTO jackpot_games (\"group\", game) VALUES ('ghost', 'poker')");
        check_says(validate(store.url), 1,
                   {"❌ Data integrity check failed: jackpot_games: pool ghost: there is no such pool\n"});
        store.edit({"DELETE FROM jackpot_games"});
        store.edit({"INSERT INTO jackpot_games (\"group\", game) VALUES ('minor', 'poker')"});
        check_says(run({"repair", store.url, "--from-journal"}), 0,
                   {"pool minor: games is poker, and every game by the journal\n"});
        store.edit({"DELETE FROM jackpots WHERE \"group\" = 'major'"});
        check_says(run({"repair", store.url, "--from-journal"}), 0,
                   {"pool major: row is missing, and there by the journal\n"});
        store.edit({"DELETE FROM jackpot_store"});
        check_says(validate(store.url), 1,
                   {"❌ Data integrity check failed: jackpot_store: one row: has none\n"});
        check_says(run({"repair", store.url, "--from-journal"}), 1, {"❌ Repair failed: corrupt"});
    }
}

std::string rows_of(const std::string& url) {
    auto store = jackpot::soci_storage::open(url, jackpot::open_mode::existing);
    jackpot::snapshot states;
    REQUIRE(store.has_value());
    REQUIRE(store->load(states).has_value());
    std::string text = std::to_string(states.head.sequence) + " " + std::to_string(states.head.at);
    for (const auto& p : states.pools) {
        text += " " + std::to_string(p.current) + " " + std::to_string(p.version);
    }
    return text;
}

TEST_CASE("a store's row that was edited is what the journal says after a repair, and no pool goes back") {
    const scratch files;
    for (const auto& store : stores(files)) {
        CAPTURE(store.url);
        const auto before = rows_of(store.url);
        for (const std::string edit :
             {"sequence = sequence - 3", "sequence = 9999", "newest_at = '2001-01-01 00:00:00'"}) {
            for (const arguments& how :
                 {arguments{"--from-journal"}, arguments{"--adopt", "--actor", "a", "--reason", "b"}}) {
                CAPTURE(edit);
                store.edit({"UPDATE jackpot_store SET " + edit});
                CHECK(validate(store.url).code == 1);
                auto with = how;
                with.insert(with.begin(), {"repair", store.url});
                auto dry = with;
                dry.push_back("--dry-run");
                check_says(run(dry), 0, {"the store: ", " by the journal\n", "nothing was written"});
                CHECK(validate(store.url).code == 1);
                check_says(run(with), 0, {"the store: ", "✅ Repaired: 0 pools"});
                CHECK(rows_of(store.url) == before);
                check_says(validate(store.url), 0, {"score: 100%"});
            }
        }
        store.edit_unchecked("INSERT INTO jackpot_games (\"group\", game) VALUES ('ghost', 'poker')");
        check_says(run({"repair", store.url, "--from-journal"}), 0,
                   {"pool ghost: games is poker, and no such"});
        CHECK(validate(store.url).out.find("ghost") == std::string::npos);
        // The rows know more than a journal that was cut.
        store.edit({"DELETE FROM jackpot_journal WHERE sequence > 60"});
        check_says(run({"repair", store.url, "--from-journal"}), 1,
                   {"the journal ends with operation 60, and pool ", "begin a new store with a backup"});
        CHECK(rows_of(store.url) == before);
    }
}

TEST_CASE("a store without an identity, which refuses every change, is found") {
    const scratch files;
    for (const auto& store : stores(files)) {
        CAPTURE(store.url);
        store.edit({"UPDATE jackpot_store SET identity = '00000000000000000000000000000000'"});
        check_says(validate(store.url), 1,
                   {"❌ Data integrity check failed: jackpot_store: identity: is 0",
                    "UPDATE jackpot_store SET identity"});
    }
}

TEST_CASE("a row of the journal that was edited is found, and no repair is promised") {
    const scratch files;
    for (const auto& store : stores(files)) {
        CAPTURE(store.url);
        store.edit({"UPDATE jackpot_journal SET to_pool = to_pool + 1 WHERE sequence = 10 AND part = 0"});
        const auto done = validate(store.url);
        check_says(done, 1,
                   {"✅ Data integrity check passed\n", "❌ Journal audit failed: operation 10: ",
                    "Remedy: what the journal says cannot be repaired: begin a new store with a backup"});
        // Rows can be repaired, and what the journal says not.
        store.edit_unchecked(
            "UPDATE jackpots SET current_amount = current_amount + 1, adjusted = adjusted + 1"
            " WHERE \"group\" = 'major'");
        check_says(
            run({"repair", store.url, "--adopt", "--actor", "a", "--reason", "b"}), 1,
            {"❌ The journal is not sound: operation 10: ", "migrator migrate --from BACKUP.json --to NEW"});
        store.edit({"DELETE FROM jackpot_journal WHERE sequence = 11"});
        check_says(validate(store.url), 1, {"❌ Journal audit failed: "});
        check_says(run({"repair", store.url, "--from-journal"}), 1, {"❌ Repair failed: corrupt"});
    }
}

TEST_CASE("a store is compared with another, on any two engines") {
    const scratch files;
    const auto all = stores(files);
    const auto same = stores(files, "same");
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& other = same[(i + 1) % all.size()];
        CAPTURE(all[i].url);
        check_says(validate(all[i].url, {"--against", other.url}), 0, {"✅ Equal to "});
        REQUIRE(run({"migrate", "--from", "memory", "--to", other.url, "--wagers", "61", "--quiet"}).code ==
                0);
        check_says(validate(all[i].url, {"--against", other.url}), 1,
                   {"❌ Not equal to ", ": store: sequence: 63 here, 64 there\n",
                    ": pool minor: total_wagered: ", "operation 64: journal: missing here, another there\n"});
    }
}

TEST_CASE("for scripts the same comes as one JSON document") {
    const scratch files;
    const auto url = files.url("jackpots");
    REQUIRE(run({"migrate", "--from", "memory", "--to", url, "--wagers", "60", "--quiet"}).code == 0);
    const auto good = nlohmann::json::parse(validate(url, {"--json", "--detailed"}).out);
    CHECK(good["ok"] == true);
    CHECK(good["exit_code"] == 0);
    CHECK(good["score"] == 100);
    CHECK(good["checks_passed"] == good["checks_made"]);
    CHECK(good["checks"].size() == 7);
    CHECK(good["checks"][2]["steps"].size() == 102);

    const place store{engine::sqlite, url};
    store.edit_unchecked("UPDATE jackpots SET carry = -4 WHERE \"group\" = 'mega'");
    const auto done = validate(url, {"--json"});
    CHECK(done.code == 1);
    auto bad = nlohmann::json::parse(done.out);
    CHECK(bad["ok"] == false);
    CHECK(bad["score"] == 99);
    auto& data = bad["checks"][5];
    CHECK(data["check"] == "data");
    CHECK(data["message"] == "Data integrity check failed");
    REQUIRE(data["steps"].size() == 1);
    CHECK(data["steps"][0]["what"] == "pool mega: carry");
    CHECK(data["steps"][0]["wrong"] == "is -4: a whole number, 0 or more, is wanted");
    CHECK(std::string(data["remedy"]).find("migrator repair STORE") != std::string::npos);
    CHECK(nlohmann::json::parse(validate(files.url("none"), {"--json"}).out)["exit_code"] == 3);
}

TEST_CASE("a store that cannot be reached ends with 3, says why and what to do, and shows no password") {
    const scratch files;
    const arguments verbs[] = {{"validate"},
                               {"validate", "--schema-only"},
                               {"schema", "status"},
                               {"schema", "apply"},
                               {"repair", "--from-journal"}};
    for (arguments verb : verbs) {
        for (const std::string url :
             {"postgresql://u:hunter2@127.0.0.1:1/db", "mysql://u:hunter2@127.0.0.1:1/db",
              "mysql://u:hunter2@localhost/db?socket=/nowhere.sock",
              "postgresql://u:hunter2@/db?host=/nowhere"}) {
            CAPTURE(url);
            auto with = verb;
            with.push_back(url);
            const auto done = run(with);
            check_says(done, 3,
                       {"❌ Database connectivity failed: connection refused\n   Said: ",
                        "   Remedy: start the server"});
            CHECK((done.out + done.err).find("hunter2") == std::string::npos);
        }
    }
    check_says(validate(files.url("none")), 3,
               {"❌ Database connectivity failed: no such file", "migrator schema apply STORE"});
    CHECK(!std::filesystem::exists(files / "none"));
    const auto url = files.url("jackpots");
    REQUIRE(run({"schema", "apply", url}).code == 0);
    check_says(validate(url, {"--against", files.url("none")}), 3, {"no such file"});
    for (const auto& place : new_places()) {
        CAPTURE(place);
        const auto replaced = [&](const std::string& from, const std::string& to) {
            auto other = place;
            const auto at = other.find(from);
            REQUIRE(at != std::string::npos);
            return other.replace(at, from.size(), to);
        };
        const bool mysql = engine_of(place) == engine::mysql;
        check_says(
            validate(mysql ? replaced("jackpot@", "stranger@") : replaced("user=jackpot", "user=stranger")),
            3, {"❌ Database connectivity failed: access denied", "Remedy: check user and password"});
        check_says(
            validate(mysql ? replaced("/jackpot_", "/elsewhere_") : replaced("/jackpot?", "/elsewhere?")), 3,
            {"❌ Database connectivity failed: ", "no such database"});
    }
}

TEST_CASE("tables that are not there, not ours or not to be read are told with what to do") {
    const scratch files;
    auto places = new_places();
    std::ofstream(files / "empty").put('\n').flush();
    std::filesystem::resize_file(files / "empty", 0);
    places.push_back(files.url("empty"));
    for (const auto& url : places) {
        CAPTURE(url);
        const place store{engine_of(url), url};
        check_says(validate(url), 1,
                   {"❌ Database schema validation failed: tables: schema_mismatch", "no table",
                    "   Remedy: migrator schema apply STORE"});
        check_says(run({"schema", "status", url}), 1, {"Schema number: none\n", "❌ Schema not up to date\n"});
        store.edit({"CREATE TABLE jackpots (id INT)"});
        check_says(validate(url), 1, {"another service", "Remedy: rename those tables"});
        check_says(run({"schema", "status", url}), 1, {"Remedy: rename those tables"});
        check_says(run({"schema", "apply", url}), 1, {"❌ Schema migration failed: ", "another service"});
        store.edit({"DROP TABLE jackpots"});
        check_says(run({"schema", "apply", url}), 0, {"✅ Schema created: number 2 in "});
        check_says(run({"schema", "apply", url}), 0, {"✅ Schema up to date: number 2 in "});
        check_says(run({"schema", "status", url}), 0, {"Amounts: int64\n", "✅ Schema up to date\n"});
        check_says(run({"schema", "apply", url, "--wide"}), 1, {"amount_type: int64"});
        check_says(validate(url), 0, {"score: 100%"});
        store.edit({"INSERT INTO jackpot_schema (number, title, library) VALUES (99, 'later', '9.0.0')"});
        check_says(validate(url), 1,
                   {"number: is 99, and 2 is wanted", "Remedy: use a migrator of that version"});
    }
    for (const auto& url : new_places()) {
        REQUIRE(run({"schema", "apply", url}).code == 0);
        const auto from = url.rfind("jackpot_");
        const auto name = url.substr(from, url.find('?', from) - from);
        const bool mysql = engine_of(url) == engine::mysql;
        const std::string user = "r" + name.substr(name.size() - 16);
        const place owner{engine_of(url), url};
        auto guest = url;
        if (mysql) {
            owner.edit({"CREATE USER " + user + "@localhost",
                        "GRANT INSERT ON " + name + ".* TO " + user + "@localhost"});
            guest.replace(guest.find("jackpot@"), 7, user);
        } else {
            owner.edit({"CREATE ROLE " + user + " LOGIN", "GRANT USAGE ON SCHEMA " + name + " TO " + user,
                        "GRANT INSERT ON ALL TABLES IN SCHEMA " + name + " TO " + user});
            guest.replace(guest.find("user=jackpot"), 12, "user=" + user);
        }
        check_says(validate(guest), 1,
                   {"permission denied: ", "Remedy: GRANT SELECT, INSERT, UPDATE, DELETE on jackpots"});
    }
}

TEST_CASE("wide amounts are looked at and repaired like the others") {
    const scratch files;
    auto places = new_places();
    places.push_back(files.url("wide"));
    for (const auto& url : places) {
        CAPTURE(url);
        check_says(run({"schema", "apply", url, "--wide"}), 0, {"✅ Schema created: number 2 in "});
        const auto opened =
            run_program(JACKPOT_REPLAY, {"--store", url, "--wide"},
                        R"({"op":"open","pool":"minor","seed":100000000000000000000,"rate":"0.01"})");
        REQUIRE_MESSAGE(opened.code == 0, opened.out, opened.err);
        check_says(validate(url), 0, {"score: 100%"});
        check_says(run({"seal", url}), 0, {"✅ The store is sealed"});
        check_says(run({"seal", url, "--off", "--alone"}), 0, {"✅ The store takes changes"});
        check_says(run({"backup", url}), 1, {"Remedy: migrate, backup and rollback are for int64 amounts"});
        place{engine_of(url), url}.edit_unchecked("UPDATE jackpots SET funded = '5'");
        check_says(validate(url), 1, {"100000000000000000000 is not 5"});
        check_says(run({"repair", url, "--from-journal"}), 0,
                   {"pool minor: funded is 5, and 100000000000000000000 by the journal\n"});
    }
}

TEST_CASE("wrong flags and variables end with 2, and name themselves") {
    const scratch files;
    const auto url = files.url("jackpots");
    struct misuse {
        arguments with;
        std::string words;
    };
    const misuse lines[] = {
        {{"validate"}, "store"},
        {{"validate", url, "--schema-only", "--against", url}, "excludes"},
        {{"validate", "oracle://a:hunter2@b"}, "oracle"},
        {{"validate", url, "--against", "store.db"}, "sqlite://"},
        {{"schema", "apply"}, "store"},
        {{"repair", url}, "Exactly 1 option from [--from-journal,--adopt] is required"},
        {{"repair", url, "--from-journal", "--adopt", "--actor", "a", "--reason", "b"}, "and 2 were given"},
        {{"repair", url, "--adopt", "--actor", "a"}, "--reason"},
        {{"repair", url, "--from-journal", "--actor", "a"}, "--adopt"},
        {{"repair", url, "--adopt", "--actor", "", "--reason", "b"}, "--actor"},
    };
    for (const auto& line : lines) {
        const auto done = run(line.with);
        CHECK_MESSAGE(done.code == 2, line.words, done.out, done.err);
        CHECK_MESSAGE((done.out + done.err).find(line.words) != std::string::npos, line.words, done.out,
                      done.err);
        CHECK((done.out + done.err).find("hunter2") == std::string::npos);
    }
    CHECK(!std::filesystem::exists(files / "jackpots"));
    for (const std::string variable :
         {"JACKPOT_CONNECTION_POOL_SIZE=0", "JACKPOT_CONNECTION_POOL_SIZE=1001",
          "JACKPOT_CONNECTION_POOL_SIZE=5x", "JACKPOT_MIGRATION_ENABLED=maybe", "JACKPOT_DATABASE_BACKUP=2",
          "JACKPOT_VALIDATION_ENABLED=TRUE", "JACKPOT_LOG_LEVEL=loud"}) {
        const auto done = run_shell(variable + " " + command_of(JACKPOT_MIGRATOR, {"schema", "apply", url}));
        CHECK_MESSAGE(done.code == 2, variable);
        const auto equals = variable.find('=');
        CHECK_MESSAGE(done.err.find(variable.substr(0, equals) + ": " + variable.substr(equals + 1) +
                                    " is not ") != std::string::npos,
                      done.err);
    }
    CHECK(!std::filesystem::exists(files / "jackpots"));
    const auto fine =
        "JACKPOT_LOG_LEVEL=warn JACKPOT_DATABASE_BACKUP=no JACKPOT_CONNECTION_POOL_SIZE=5 "
        "JACKPOT_DATABASE_URL=";
    CHECK(run_shell(fine + in_quotes(url) + " " + command_of(JACKPOT_MIGRATOR, {"schema", "apply"})).code ==
          0);
    check_says(run_shell(fine + in_quotes(files.url("none")) + " " +
                         command_of(JACKPOT_MIGRATOR, {"validate", url})),
               0, {"score: 100%"});
    check_says(run({"validate", "--help"}), 0, {"Exit codes: 0 every check passed, 1 "});
}

}  // namespace
