// SPDX-License-Identifier: BSL-1.0
#include "program.hpp"

#include <jackpot/replication/compare.hpp>
#include <jackpot/soci.hpp>

#include <regex>

namespace {

using namespace test;

arguments migrate_to(const std::string& to, arguments more = {}) {
    arguments all{"migrate", "--from", "memory", "--to", to};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

outcome migrate(const std::string& to, arguments more = {}) {
    return run_program(JACKPOT_MIGRATOR, migrate_to(to, std::move(more)));
}

jackpot::soci_storage opened(const std::string& url) {
    auto store = jackpot::soci_storage::open(url, jackpot::open_mode::existing);
    REQUIRE_MESSAGE(store.has_value(), url);
    return std::move(*store);
}

jackpot::snapshot states_of(const std::string& url) {
    auto store = opened(url);
    jackpot::snapshot states;
    REQUIRE(store.load(states).has_value());
    return states;
}

bool equal(const std::string& left, const std::string& right) {
    auto a = opened(left);
    auto b = opened(right);
    const auto compared = jackpot::compare(a, b);
    return compared.has_value() && compared->equal();
}

/// Does the text hold these, one after the other?
void check_sequence(const std::string& text, const std::vector<std::string>& wanted) {
    std::size_t at = 0;
    for (const auto& words : wanted) {
        const auto found = text.find(words, at);
        CHECK_MESSAGE(found != std::string::npos, "not there, or not in its place: ", words, "\nin\n", text);
        at = found == std::string::npos ? at : found + words.size();
    }
}

TEST_CASE("a run in memory is moved into a file, and the result is shown as in the guide") {
    const scratch files;
    const auto url = files.url("jackpots.sqlite");
    const auto done = migrate(url, {"--wagers", "2000", "--batch-size", "100"});
    CHECK(done.code == 0);
    CHECK(done.err.empty());
    check_sequence(
        done.out, {"🎰 Jackpot Data Migration Tool\n===================================\n",
                   "Configuration: { from: memory, to: " + url,
                   "wagers: 2000, seed: 1, dryRun: false, batchSize: 100, maxRetries: 3, validateData: false",
                   "[JACKPOT-MIGRATION] [info] Starting jackpot data migration...\n",
                   "[JACKPOT-MIGRATION] [info] Validating migration prerequisites...\n",
                   "[JACKPOT-MIGRATION] [info] Migrating pool: minor\n",
                   "[JACKPOT-MIGRATION] [info] Migrating pool: major\n",
                   "[JACKPOT-MIGRATION] [info] Migrating pool: mega\n",
                   "[JACKPOT-MIGRATION] [info] Migration completed in ",
                   "\n📊 Migration Results:\n====================\nStatus: ✅ Success\n",
                   "Pools migrated: 3\nContributions migrated: 2000\n", "Execution time: ",
                   "\n\n✅ Migration validation passed\n🎉 Migration completed successfully!\n"});
    const std::regex stamped(
        R"(\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] \[JACKPOT-MIGRATION\] \[[a-z]+\] .+)");
    for (const auto& line : lines_of(done.out)) {
        if (line.find("[JACKPOT-MIGRATION]") != std::string::npos) {
            CHECK_MESSAGE(std::regex_match(line, stamped), line);
        }
    }

    const auto states = states_of(url);
    REQUIRE(states.pools.size() == 3);
    std::string rows;
    for (const auto& p : states.pools) {
        rows += std::string(p.pool.view()) + "|" + std::to_string(p.current) + "|" +
                std::to_string(p.version) + "\n";
    }
    CHECK(run_program("sqlite3", {(files / "jackpots.sqlite").string(),
                                  R"(SELECT "group", current_amount, version FROM jackpots)"})
              .out == rows);
    CHECK(states.pools[2].version > 2000);
    CHECK(states.pools[2].win_count > 0);
}

TEST_CASE("run once more it changes nothing, byte for byte") {
    const scratch files;
    const auto url = files.url("jackpots.sqlite");
    REQUIRE(migrate(url, {"--wagers", "300"}).code == 0);
    const auto before = contents_of(files / "jackpots.sqlite");
    const auto again = migrate(url, {"--wagers", "300"});
    CHECK(again.code == 0);
    check_sequence(again.out, {"There is nothing to copy", "Status: ✅ Success", "Contributions migrated: 0\n",
                               "Wins migrated: 0\n", "✅ Migration validation passed"});
    CHECK(contents_of(files / "jackpots.sqlite") == before);
}

TEST_CASE("a target that holds a part of it is completed, and equal to one that was copied at once") {
    const scratch files;
    REQUIRE(migrate(files.url("parts"), {"--wagers", "500", "--batch-size", "7"}).code == 0);
    const auto rest = migrate(files.url("parts"), {"--wagers", "1200"});
    CHECK(rest.code == 0);
    CHECK_MESSAGE(rest.out.find("Contributions migrated: 700\n") != std::string::npos, rest.out);
    REQUIRE(migrate(files.url("whole"), {"--wagers", "1200"}).code == 0);
    CHECK(equal(files.url("parts"), files.url("whole")));
    CHECK(states_of(files.url("parts")).head.sequence >= 1203);
}

TEST_CASE("keys that were used in memory are known in the file") {
    const scratch files;
    REQUIRE(migrate(files.url("jackpots"), {"--wagers", "8"}).code == 0);
    const auto used = run_program(JACKPOT_REPLAY, {"--store", files.url("jackpots")},
                                  R"({"op":"contribute","game":"elsewhere","wager":1,"key":"wager-8"})"
                                  "\n"
                                  R"({"op":"contribute","game":"elsewhere","wager":1,"key":"wager-9"})");
    const auto out = lines_of(used.out);
    REQUIRE(out.size() == 2);
    CHECK(out[0] == R"({"ok":false,"error":"key_conflict"})");
    CHECK(out[1].starts_with(R"({"ok":true)"));
}

TEST_CASE("a dry run says what it would do, and writes nothing") {
    const scratch files;
    const auto url = files.url("jackpots");
    const auto fresh = migrate(url, {"--dry-run", "--wagers", "300"});
    CHECK(fresh.code == 0);
    check_sequence(
        fresh.out,
        {"dryRun: true", "[DRY RUN] Would migrate pool: minor\n", "[DRY RUN] Would migrate pool: major\n",
         "[DRY RUN] Would migrate pool: mega\n", "Status: ✅ Success",
         "Pools migrated: 3\nContributions migrated: 300\n", "Dry run: nothing was written."});
    CHECK(!std::filesystem::exists(files / "jackpots"));

    REQUIRE(migrate(url, {"--wagers", "300"}).code == 0);
    const auto before = contents_of(files / "jackpots");
    const auto more = migrate(url, {"--dry-run", "--wagers", "400"});
    CHECK(more.code == 0);
    CHECK_MESSAGE(more.out.find("Contributions migrated: 100\n") != std::string::npos, more.out);
    const auto other = migrate(url, {"--dry-run", "--seed", "2"});
    CHECK(other.code == 1);
    CHECK_MESSAGE(other.out.find("Reason: diverged") != std::string::npos, other.out);
    CHECK(contents_of(files / "jackpots") == before);
}

TEST_CASE("a target with another history is refused as diverged, and stays as it was") {
    const scratch files;
    const auto url = files.url("jackpots");
    REQUIRE(migrate(url, {"--wagers", "100"}).code == 0);
    const auto refused = [&](const arguments& more, const std::string& words) {
        const auto before = contents_of(files / "jackpots");
        const auto done = migrate(url, more);
        CHECK(done.code == 1);
        check_sequence(done.out,
                       {"Status: ❌ Failed\n", "Reason: diverged", words, "Contributions migrated: 0\n"});
        CHECK(done.out.find("🎉") == std::string::npos);
        CHECK(contents_of(files / "jackpots") == before);
    };
    refused({"--wagers", "100", "--seed", "2"}, "another network");
    const auto whole = contents_of(files / "jackpots");
    const auto ahead = migrate(url, {"--wagers", "90"});
    CHECK(ahead.code == 0);
    check_sequence(ahead.out,
                   {"took over from the source, and went on since", "Contributions migrated: 0\n"});
    CHECK(contents_of(files / "jackpots") == whole);
    REQUIRE(
        run_program(JACKPOT_REPLAY, {"--store", url}, R"({"op":"contribute","game":"g","wager":100})").code ==
        0);
    refused({"--wagers", "200"}, "first at sequence: 104");
}

TEST_CASE("a full disk and a table of another kind fail with a reason, and lose nothing") {
    const scratch files;
    const auto full =
        migrate(files.url("full?max_page_count=60"), {"--wagers", "3000", "--max-retries", "0"});
    CHECK(full.code == 1);
    check_sequence(full.out, {"Status: ❌ Failed\n", "Reason: unavailable", "full"});
    const auto reached = states_of(files.url("full")).head.sequence;
    CHECK(migrate(files.url("full"), {"--wagers", "3000"}).code == 0);
    CHECK(states_of(files.url("full")).head.sequence > reached);

    REQUIRE(run_program(JACKPOT_REPLAY, {"--store", files.url("wide"), "--wide"}).code == 0);
    const auto wide = migrate(files.url("wide"), {"--wagers", "10"});
    CHECK(wide.code == 1);
    check_sequence(wide.out, {"Reason: schema_mismatch", "amount_type"});

    std::ofstream(files / "junk") << std::string(5000, 'x');
    const auto junk = migrate(files.url("junk"), {"--wagers", "10"});
    CHECK(junk.code == 1);
    check_sequence(junk.out, {"Reason: corrupt", "junk"});
    CHECK(contents_of(files / "junk") == std::string(5000, 'x'));
}

TEST_CASE("an interrupted run ends with 130 between two batches, and goes on when it is run again") {
    const scratch files;
    const auto url = files.url("jackpots");
    const auto log = (files / "log").string();
    // Every batch is one operation: it cannot be done before the signal comes.
    const auto slow =
        command_of(JACKPOT_MIGRATOR, migrate_to(url, {"--wagers", "30000", "--batch-size", "1"}));
    const auto stopped =
        run_shell(command_of(JACKPOT_MIGRATOR, migrate_to(url, {"--wagers", "10"})) + " && { " + slow +
                  " --verbose >" + in_quotes(log) + " & } && until grep -q Copied " + in_quotes(log) +
                  "; do sleep 0.01; done; kill -INT $!; wait $!");
    CHECK(stopped.code == 130);
    check_sequence(contents_of(log), {"Interrupted: the target holds the first ",
                                      "Remedy: run the same command again to go on"});
    const auto reached = states_of(url).head.sequence;
    CHECK(reached > 13);
    CHECK(reached < 30'003);
    const auto wagers = std::to_string(reached + 100);
    CHECK(migrate(url, {"--wagers", wagers}).code == 0);
    REQUIRE(migrate(files.url("whole"), {"--wagers", wagers}).code == 0);
    CHECK(equal(url, files.url("whole")));
}

struct misused {
    arguments with;
    const char* words;
};

TEST_CASE("flags that make no sense end with 2, naming flag and value, and touch no file") {
    const scratch files;
    const auto url = files.url("jackpots");
    const misused lines[] = {
        {{}, "subcommand"},
        {{"refund"}, "subcommand"},
        {{"migrate", "--to", url}, "--from is required"},
        {migrate_to(url, {"--dry-run", "--follow"}), "--dry-run"},
        {migrate_to(url, {"--no-backup", "--backup-existing"}), "--backup-existing excludes --no-backup"},
        {migrate_to(url, {"--step", "games"}), "--step: games"},
        {{"migrate", "--from", "memory"}, "--to is required"},
        {{"migrate", "--from", "redis://a", "--to", url}, "mysql://: redis"},
        {migrate_to("memory"), "--to: memory"},
        {migrate_to("oracle://localhost/jackpots"), "mysql://: oracle"},
        {migrate_to("sqlite://"), "a file of this name"},
        {migrate_to(url + "?sync=no"), "sync"},
        {migrate_to(url, {"--wagers", "-1"}), "--wagers: -1 "},
        {migrate_to(url, {"--wagers", "1e5"}), "--wagers: 1e5 "},
        {migrate_to(url, {"--wagers", "100000001"}), "--wagers: 100000001 "},
        {migrate_to(url, {"--seed", "18446744073709551616"}), "--seed: 18446744073709551616 "},
        {migrate_to(url, {"--batch-size", "0"}), "--batch-size: 0 "},
        {migrate_to(url, {"--batch-size", ""}), "--batch-size"},
        {migrate_to(url, {"--max-retries", "x"}), "--max-retries: x "},
        {migrate_to(url, {"--quiet", "--verbose"}), "--quiet excludes --verbose"},
        {migrate_to(url, {"--fast"}), "--fast"},
        {migrate_to(url, {"again"}), "again"},
    };
    for (const auto& line : lines) {
        CAPTURE(line.words);
        const auto done = run_program(JACKPOT_MIGRATOR, line.with);
        CHECK(done.code == 2);
        CHECK_MESSAGE((done.out + done.err).find(line.words) != std::string::npos, done.out, done.err);
    }
    CHECK(!std::filesystem::exists(files / "jackpots"));
    CHECK(run_program(JACKPOT_MIGRATOR, {"migrate", "--help"}).code == 0);
}

TEST_CASE("quiet shows the result alone, verbose every batch, and without either it is told by time") {
    const scratch files;
    const auto usual = migrate(files.url("usual"), {"--wagers", "2000", "--batch-size", "10"});
    std::size_t told = 0;
    for (std::size_t at = usual.out.find("Copied "); at != std::string::npos;
         at = usual.out.find("Copied ", at + 1)) {
        ++told;
    }
    CHECK(told >= 1);
    CHECK(told < 9);  // in two minutes
    const auto quiet = migrate(files.url("quiet"), {"--wagers", "10", "--quiet"});
    CHECK(quiet.code == 0);
    CHECK(quiet.out.starts_with("\n📊 Migration Results:"));
    const auto verbose = migrate(files.url("verbose"), {"--wagers", "10", "--batch-size", "1", "--verbose"});
    check_sequence(verbose.out, {"Copied 1 of 13", "Copied 2 of 13", "Copied 12 of 13", "Copied 13 of 13"});
}

}  // namespace
