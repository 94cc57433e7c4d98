// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/rollback_data.hpp"
#include "../fuzz/digest.hpp"
#include "../fuzz/mutator.hpp"
#include "program.hpp"

#include <jackpot/testing/ledger.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <fcntl.h>
#include <unistd.h>

/// The migrator's main, which is built into this test under another name.
int migrator_main(int argc, char** argv);

namespace {

using namespace test;

/// A store with a few hundred operations, and what `backup` wrote of it.
struct rollback_case {
    const scratch files;
    std::string url;
    std::string snapshot = (files / "snapshot.json").string();

    explicit rollback_case(const std::string& where = {}) : url(where.empty() ? files.url("store") : where) {
        REQUIRE(migrator({"migrate", "--to", url, "--wagers", "200", "--quiet"}).code == 0);
        REQUIRE(migrator({"backup", url, "--output", snapshot}).code == 0);
    }

    /// Runs in a folder of its own, in which it keeps its log and its backups.
    [[nodiscard]] outcome migrator(const arguments& with) const {
        return run_shell("cd " + (files / "").string() + " && " + command_of(JACKPOT_MIGRATOR, with));
    }
    [[nodiscard]] outcome rollback(arguments more = {}) const {
        arguments all{"rollback", url, "--rollback-data-file", snapshot};
        all.insert(all.end(), more.begin(), more.end());
        return migrator(all);
    }
    /// What the pools hold, as people see it.
    [[nodiscard]] std::string pools() const { return replay(R"({"op":"pools"})"); }
    [[nodiscard]] std::string replay(const std::string& commands) const {
        return run_program(JACKPOT_REPLAY, {"--store", url}, commands + "\n").out;
    }
    void wager() const {
        const auto receipts = replay(R"({"op":"contribute","game":"poker","wager":100000,"key":"late"})"
                                     "\n"
                                     R"({"op":"win","pool":"minor","game":"poker","player":"eve"})"
                                     "\n"
                                     R"({"op":"open","pool":"young","seed":5})");
        REQUIRE(receipts.find("\"ok\":false") == std::string::npos);
    }
};

/// The pools without what never goes back.
std::string meters(const std::string& pools) {
    const auto done = run_program("sed", {"-E", "s/\"(version|modified_at|sequence)\":[0-9]+,?//g"}, pools);
    return done.out;
}

bool says(const outcome& done, std::string_view words) {
    const bool there = (done.out + done.err).find(words) != std::string::npos;
    CHECK_MESSAGE(there, words, " is not in\n", done.out, done.err);
    return there;
}

std::vector<std::string> places(const scratch& files) {
    auto all = new_places();
    all.push_back(files.url("store"));
    return all;
}

TEST_CASE("a rollback is refused, then forced, and gives the backup's pools; the journal goes on") {
    const scratch files;
    for (const auto& place : places(files)) {
        CAPTURE(place);
        const rollback_case c(place);
        const auto before = meters(c.pools());
        c.wager();
        const auto moved = c.pools();

        const auto refused = c.rollback();
        CHECK(refused.code == 1);
        says(refused, "Operations since then, which would be undone: 3");
        says(refused, "1 won in pool minor");
        says(refused, "operation 204: contributed major");
        says(refused, "--force-rollback");
        CHECK(c.pools() == moved);
        for (const char* look : {"--validate-only", "--dry-run"}) {
            const auto looked = c.rollback({look, "--force-rollback"});
            CHECK(looked.code == 0);
            says(looked, "Nothing was changed.");
            CHECK(c.pools() == moved);
        }

        const auto forced = c.rollback({"--force-rollback", "--validate-rollback", "--actor", "ann"});
        CHECK(forced.code == 0);
        says(forced, "✅ Existing data backed up: backups/jackpot-migration/rollback-data-");
        says(forced, "Returned to operation: 203\nNow at operation: 207\n");
        says(forced, "✅ Rollback validation passed");
        const auto after = c.pools();
        CHECK(meters(after).find(before.substr(0, before.size() - 4)) == 0);
        says({0, after, ""}, R"("pool":"young","status":"suspended")");
        says({0, c.replay(R"({"op":"contribute","game":"poker","wager":100000,"key":"late"})"), ""},
             R"("replayed":true)");
    }
}

TEST_CASE("what does not fit the store is refused, whatever is forced") {
    const rollback_case c;
    const auto refuses = [&](const arguments& with, std::string_view words) {
        const auto before = c.pools();
        auto all = with;
        all.push_back("--force-rollback");
        const auto done = c.migrator(all);
        CHECK(done.code == 1);
        says(done, words);
        CHECK(c.pools() == before);
    };
    refuses({"rollback", c.url, "--rollback-data", "{\"pools\":[]}"}, "sha256: is missing");
    refuses({"rollback", c.url, "--rollback-data", "nonsense"}, "it is no JSON object");
    refuses({"rollback", c.url, "--rollback-data-file", "no-such-file"}, "no-such-file: ");
    const auto deep = (c.files / "deep.json").string();
    std::ofstream(deep) << R"({"a":)" << std::string(1'000'000, '[') << std::string(1'000'000, ']') << "}";
    refuses({"rollback", c.url, "--rollback-data-file", deep}, "it is nested too deep");
    const rollback_case other;
    REQUIRE(run_program("sqlite3", {(other.files / "store").string(),
                                    "UPDATE jackpot_store SET identity = '00000000000000000000000000000001'"})
                .code == 0);
    refuses({"rollback", other.url, "--rollback-data-file", c.snapshot}, "another network of pools");
    c.wager();
    const auto newer = (c.files / "newer.json").string();
    REQUIRE(c.migrator({"backup", c.url, "--output", newer}).code == 0);
    const rollback_case older;
    const auto done =
        older.migrator({"rollback", older.url, "--rollback-data-file", newer, "--force-rollback"});
    CHECK(done.code == 1);
    says(done, "it is an older copy");

    CHECK(c.migrator({"rollback", c.url}).code == 2);
    CHECK(c.migrator({"rollback", c.url, "--rollback-data", "{}", "--rollback-data-file", "x"}).code == 2);
}

TEST_CASE("no rollback without its backup") {
    const rollback_case c;
    c.wager();
    const auto before = c.pools();
    const auto done = c.rollback({"--force-rollback", "--backup-folder", "/proc/no/such/folder"});
    CHECK(done.code == 1);
    says(done, "no backup could be made, and nothing was changed: /proc/no/such/folder");
    CHECK(c.pools() == before);
}

TEST_CASE("a backup is a source: what it holds goes on in another store") {
    const rollback_case c;
    const auto copy = c.files.url("copy");
    const auto done = c.migrator({"migrate", "--from", c.snapshot, "--to", copy});
    CHECK(done.code == 0);
    says(done, "✅ Migration validation passed");
    CHECK(run_program(JACKPOT_REPLAY, {"--store", copy}, R"({"op":"pools"})").out == c.pools());
}

/// A moment with everything that a pool can have in it.
migrator::rollback_data moment() {
    jackpot::testing::ledger<std::int64_t> ledger({7, 9});
    jackpot::testing::random_requests<std::int64_t> random(5);
    for (int operations = 0; operations < 150;) {
        operations += ledger.add(random.next(ledger.states())).value_or(false) ? 1 : 0;
    }
    return {ledger.states(), ledger.journal().back().id};
}

TEST_CASE("what is written is read back") {
    const auto data = moment();
    const auto again = migrator::read_rollback_data(migrator::to_text(data));
    REQUIRE_MESSAGE(again.has_value(), again.error());
    CHECK(again->states == data.states);
    CHECK(again->last_operation == data.last_operation);
}

/// The program itself, in this process: thousands of starts would take minutes. What it says is dropped.
int run_here(arguments with) {
    with.insert(with.begin(), "migrator");
    std::vector<char*> argv;
    for (auto& argument : with) {
        argv.push_back(argument.data());
    }
    std::fflush(stdout);
    const int kept = dup(STDOUT_FILENO);
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nothing, STDOUT_FILENO);
    const int code = migrator_main(static_cast<int>(argv.size()), argv.data());
    std::fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(nothing);
    return code;
}

TEST_CASE(
    "of 10,000 broken documents none changes a byte of the store, digest right or not, unless it is valid") {
    const rollback_case c;
    const std::string text = contents_of(c.snapshot);
    const auto data = migrator::read_rollback_data(text);
    REQUIRE(data);
    c.wager();
    const auto store = c.files / "store";
    const std::string before = contents_of(store);
    const std::string broken = (c.files / "broken.json").string();
    const auto roll_back = [&](const std::string& document) {
        std::ofstream(broken, std::ios::binary) << document;
        return run_here(
            {"rollback", c.url, "--rollback-data-file", broken, "--force-rollback", "--no-backup"});
    };
    REQUIRE(roll_back(text) == 0);
    REQUIRE(contents_of(store) != before);

    const std::vector<std::string> files{text};
    mutator mutations(files);
    int same = 0;
    for (int i = 0; i < 10'000; ++i) {
        std::ofstream(store, std::ios::binary) << before;
        std::string document = text;
        while (document == text) {
            document = mutations.next();
        }
        document = i % 2 == 0 ? document : with_digest(std::move(document));
        CAPTURE(document);
        if (roll_back(document) == 0) {
            // Blanks between members mean nothing, and the digest is not of them.
            const auto read = migrator::read_rollback_data(document);
            REQUIRE(read);
            REQUIRE(read->states.pools == data->states.pools);
            ++same;
        } else {
            REQUIRE(contents_of(store) == before);
        }
    }
    CHECK(same < 5000);
}

}  // namespace
