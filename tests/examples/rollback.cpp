// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/verbs/files.hpp"
#include "../../examples/migrator/verbs/rollback_data.hpp"
#include "../fuzz/digest.hpp"
#include "../fuzz/mutator.hpp"
#include "program.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/testing/laws/ledger.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
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
        REQUIRE(migrator({"migrate", "--from", "memory", "--to", url, "--wagers", "200", "--quiet"}).code ==
                0);
        REQUIRE(migrator({"backup", url, "--output", snapshot}).code == 0);
    }

    /// Runs in a folder of its own, in which it keeps its log and its backups.
    [[nodiscard]] outcome migrator(const arguments& with) const {
        return run_shell("cd " + in_quotes((files / "").string()) + " && " +
                         command_of(JACKPOT_MIGRATOR, with));
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

TEST_CASE("holds that would wait again are listed, and that one would be paid twice is said") {
    rollback_case c;
    for (const char* hold : {"h-1", "h-2", "h-3"}) {
        says({0,
              c.replay(R"({"op":"hold","pool":"minor","game":"poker","player":"ann","amount":1,"hold":")" +
                       std::string(hold) + R"("})"),
              ""},
             R"("ok":true)");
    }
    c.snapshot = (c.files / "holds.json").string();
    REQUIRE(c.migrator({"backup", c.url, "--output", c.snapshot}).code == 0);
    const auto before = meters(c.pools());
    says({0, c.replay(R"({"op":"release","pool":"minor","hold":"h-2","actor":"bob","reason":"no win"})"), ""},
         R"("ok":true)");
    const auto moved = c.rollback();
    CHECK(moved.code == 1);
    says(moved, "  hold h-2 of pool minor: 1 to ann, released since\n");
    CHECK((moved.out + moved.err).find("paid twice") == std::string::npos);
    says({0, c.replay(R"({"op":"confirm","pool":"minor","hold":"h-1","actor":"bob"})"), ""}, R"("ok":true)");
    const auto refused = c.rollback();
    CHECK(refused.code == 1);
    says(refused, "Holds that would wait again:\n  hold h-1 of pool minor: 1 to ann, confirmed since\n");
    says(refused, "1 of its holds was confirmed: confirmed again, it is paid twice");
    CHECK((refused.out + refused.err).find("h-3") == std::string::npos);
    const auto forced = c.rollback({"--force-rollback", "--validate-rollback"});
    CHECK(forced.code == 0);
    says(forced, "✅ Rollback validation passed");
    CHECK(meters(c.pools()).find(before.substr(0, before.size() - 4)) == 0);
}

TEST_CASE(
    "a backup of a store of the first schema is read, and what it does not know comes from the journal") {
    const rollback_case c;
    const auto before = meters(c.pools());
    auto old = migrator::read_rollback_data(contents_of(c.snapshot));
    REQUIRE(old.has_value());
    old->version = 1;
    jackpot::snapshot states;
    states.head = old->states.head;
    for (const auto& pool : old->states.pools) {
        states.pools.push_back(jackpot::detail::as_first_schema(pool));
    }
    old->states = states;
    const auto text = migrator::to_text(*old);
    CHECK(text.find("seeded") == std::string::npos);
    std::ofstream(c.snapshot, std::ios::binary) << text;
    c.wager();
    const auto forced = c.rollback({"--force-rollback", "--validate-rollback"});
    CHECK(forced.code == 0);
    says(forced, "✅ Rollback validation passed");
    CHECK(meters(c.pools()).find(before.substr(0, before.size() - 4)) == 0);
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
    refuses({"rollback", c.url, "--rollback-data", "{\"pools\":[]}"}, "these are pools alone");
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

TEST_CASE("a backup is no source for a store that went on otherwise, or is at an earlier operation") {
    const rollback_case c;
    const auto other = c.files.url("other");
    REQUIRE(c.migrator({"migrate", "--from", c.url, "--to", other}).code == 0);
    REQUIRE(c.migrator({"seal", other, "--off", "--alone"}).code == 0);
    const auto pools_of = [&] {
        return run_program(JACKPOT_REPLAY, {"--store", other}, R"({"op":"pools"})").out;
    };
    c.wager();
    const auto newer = (c.files / "newer.json").string();
    REQUIRE(c.migrator({"backup", c.url, "--output", newer}).code == 0);
    for (const char* command :
         {R"({"op":"pools"})", R"({"op":"contribute","game":"poker","wager":5000000,"key":"its own"})"}) {
        REQUIRE(run_program(JACKPOT_REPLAY, {"--store", other}, command).code == 0);
        const auto before = pools_of();
        for (const char* how : {"--dry-run", "--quiet"}) {
            const auto refused = c.migrator({"migrate", "--from", newer, "--to", other, how});
            CHECK(refused.code == 1);
            says(refused, "the source begins with a checkpoint");
            says(refused, "migrator rollback STORE --rollback-data-file=FILE");
            CHECK(pools_of() == before);
        }
    }
    // To be run again once it is there.
    const auto copy = c.files.url("copy");
    for (int i = 0; i < 2; ++i) {
        CHECK(c.migrator({"migrate", "--from", newer, "--to", copy}).code == 0);
    }
}

TEST_CASE("what came in behind the list and the backup is not undone") {
    const rollback_case c;
    std::string wagers;
    for (int i = 0; i < 30'000; ++i) {
        wagers += R"({"op":"contribute","game":"poker","wager":1000})"
                  "\n";
    }
    std::ofstream(c.files / "wagers") << wagers;
    const auto replay = "( " + command_of(JACKPOT_REPLAY, {"--store", c.url}) + " <" +
                        in_quotes((c.files / "wagers").string()) + " >/dev/null & echo $! )";
    const auto writer = run_shell(replay).out;
    const auto number = [](const std::string& text, const std::string& after) {
        const auto at = text.find(after);
        REQUIRE_MESSAGE(at != std::string::npos, after, " is not in\n", text);
        return std::stoull(text.substr(at + after.size()));
    };
    int tried = 0;
    while (tried < 3) {
        const auto done = c.rollback({"--force-rollback"});
        if (done.out.find("there is nothing to roll back") != std::string::npos) {
            continue;
        }
        ++tried;
        if (done.code == 0) {
            CHECK(number(done.out, "Now at operation: ") ==
                  203 + number(done.out, "which would be undone: ") + 1);
        } else {
            says(done, "operations came in behind those listed: nothing was undone");
            says(done, "stop the other writers");
        }
    }
    run_shell("kill " + writer);
}

TEST_CASE("rows that were edited by hand are no moment to be at") {
    const rollback_case c;
    const auto good = c.rollback({"--validate-rollback"});
    CHECK(good.code == 0);
    says(good, "nothing to roll back.\n✅ Rollback validation passed\n");
    REQUIRE(run_program("sqlite3", {(c.files / "store").string(),
                                    "UPDATE jackpots SET current_amount = current_amount + 7, "
                                    "adjusted = adjusted + 7 WHERE \"group\" = 'minor'"})
                .code == 0);
    const auto edited = c.rollback();
    CHECK(edited.code == 1);
    says(edited, "its rows are not as its journal left them");
    says(edited, "migrator repair STORE");
}

TEST_CASE("no backup takes the place of another, of the store, or of what is no regular file") {
    const rollback_case c;
    const auto folder = c.files / "backups";
    for (int i = 0; i < 3; ++i) {
        REQUIRE(c.migrator({"backup", c.url, "--backup-folder", folder.string()}).code == 0);
    }
    const std::filesystem::directory_iterator made(folder);
    CHECK(std::distance(begin(made), end(made)) == 3);

    const auto store = (c.files / "store").string();
    const auto refuses = [&](const arguments& with, const std::string& words) {
        const auto done = c.migrator(with);
        CHECK_MESSAGE(done.code == 2, command_of("migrator", with), done.out, done.err);
        says(done, words);
    };
    const auto again = (c.files / "again").string();
    std::filesystem::create_directory_symlink(c.files / "", again);
    std::filesystem::create_hard_link(store, c.files / "hard");
    for (const std::string& folder_of :
         {(c.files / "").string(), std::string(), std::string("./"), again + "/"}) {
        for (const char* beside : {"", "-wal", "-shm", "-journal"}) {
            const auto file = folder_of + "store" + beside;
            refuses({"backup", c.url, "--output", file}, "is a file of the store itself");
            refuses({"backup", c.url, "--backup-folder", file}, "is a file of the store itself");
            refuses({"rollback", c.url, "--rollback-data-file", c.snapshot, "--backup-folder", file},
                    "is a file of the store itself");
            refuses({"migrate", "--from", "memory", "--to", c.url, "--log-file", file},
                    "is a file of the store itself");
            refuses({"migrate", "--from", c.url, "--to", c.files.url("new"), "--log-file", file},
                    "is a file of the store itself");
            refuses({"generate-rollback-data", "--backup-file", c.snapshot, "--output", file},
                    "is a file of a SQLite database");
        }
    }
    refuses({"backup", c.url, "--output", (c.files / "hard").string()}, "is a file of the store itself");
    refuses(
        {"migrate", "--from", "memory", "--to", c.files.url("new"), "--log-file", (c.files / "new").string()},
        "is a file of the store itself");
    refuses({"migrate", "--from", c.snapshot, "--to", c.files.url("new"), "--log-file", c.snapshot},
            "is a file of what is read");
    CHECK(contents_of(store).starts_with("SQLite format 3"));

    const auto pipe = (c.files / "pipe").string();
    const auto link = c.files / "link";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    std::filesystem::create_symlink(c.snapshot, link);
    for (const auto& place : {pipe, link.string()}) {
        const auto done = c.migrator({"backup", c.url, "--output", place});
        CHECK(done.code == 1);
        says(done, "is no regular file");
    }
    CHECK(is_symlink(link));

    using migrator::existing_file;
    const auto file = (c.files / "file").string();
    CHECK(migrator::write_file(file, "one", existing_file::kept));
    CHECK(migrator::write_file(file, "one", existing_file::kept));
    CHECK_FALSE(migrator::write_file(file, "two", existing_file::kept));
    CHECK(contents_of(file) == "one");
    CHECK(migrator::write_file(file, "two"));
    CHECK(contents_of(file) == "two");
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

TEST_CASE("a store whose backup could not be read again is told so, and none is written") {
    auto data = moment();
    CHECK(migrator::checked_text(data).has_value());
    data.states.pools[0].modified_at = data.states.head.at + 1;
    CHECK_FALSE(migrator::checked_text(data).has_value());

    const rollback_case c;
    REQUIRE(run_program("sqlite3", {(c.files / "store").string(),
                                    "PRAGMA ignore_check_constraints = 1; UPDATE jackpots SET overflow = 7"})
                .code == 0);
    const auto output = (c.files / "broken.json").string();
    const auto done = c.migrator({"backup", c.url, "--output", output});
    CHECK(done.code == 1);
    says(done, "a backup of it could not be read again");
    says(done, "migrator repair STORE");
    CHECK_FALSE(std::filesystem::exists(output));
}

TEST_CASE("what a file holds gives the terminal no command, and the log no line") {
    const scratch files;
    const std::string evil = R"(x\n[1999-11-01T04:47:00.000Z] Fake \u001b[2J\u007f\u009b)";
    const auto harmless = [](const std::string& text) {
        for (const char* raw : {"\x1b", "\x7f", "\xc2\x9b", "\n[1999"}) {
            CHECK_MESSAGE(text.find(raw) == std::string::npos, text);
        }
        return text.find("\\u001b[2J\\u007f\\u009b") != std::string::npos;
    };
    const auto run = [&](const std::string& document, const arguments& with) {
        std::ofstream(files / "in.json", std::ios::binary) << document;
        return run_shell("cd " + in_quotes((files / "").string()) + " && " +
                         command_of(JACKPOT_MIGRATOR, with));
    };
    const arguments migrate{"migrate", "--from", "in.json", "--to", files.url("to"), "--log-file", "log"};
    const auto noted =
        run(R"({"pools":[{"group":"minor","currentAmount":5,"seedAmount":5,"contributionRate":0}],)"
            R"("checksum":")" +
                evil + "\"}",
            migrate);
    CHECK(noted.code == 0);
    CHECK(harmless(noted.out));
    CHECK(harmless(contents_of(files / "log")));
    const auto refused = run(R"([{"group":")" + evil + R"(","currentAmount":-5}])", migrate);
    CHECK(refused.code == 1);
    CHECK(harmless(refused.out + refused.err));
    auto scripted = migrate;
    scripted.emplace_back("--json");
    const auto json = run(R"([{"group":")" + evil + R"(","currentAmount":-5}])", scripted);
    CHECK(harmless(json.out + json.err));

    const std::string twice = "{\"" + evil + "\":1,\"" + evil + "\":1}";
    const auto rolled = run(twice, {"rollback", files.url("to"), "--rollback-data-file", "in.json"});
    CHECK(rolled.code == 1);
    CHECK(harmless(rolled.out + rolled.err));
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

/// tests/long.sh has more of them.
int broken_documents() {
    const char* count = std::getenv("JACKPOT_BROKEN_DOCUMENTS");
    return count == nullptr ? 3'000 : std::atoi(count);
}

TEST_CASE("no broken document changes a byte of the store, digest right or not, unless it is valid") {
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
    const int documents = broken_documents();
    int same = 0;
    for (int i = 0; i < documents; ++i) {
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
    CHECK(same < documents / 2);
}

}  // namespace
