// SPDX-License-Identifier: BSL-1.0
#include "bench.hpp"

namespace {

using namespace test;

struct misuse {
    std::string flags;  // S is the good store, T one that is not there yet
    std::vector<std::string> words;
};

const misuse wrong_values[] = {
    {"migrate --from memory --to T --batch-size=0", {"--batch-size: 0 ", "1 to 1000000"}},
    {"migrate --from memory --to T --batch-size=-5", {"--batch-size: -5 "}},
    {"migrate --from memory --to T --batch-size=abc", {"--batch-size: abc "}},
    {"migrate --from memory --to T --batch-size=1.5", {"--batch-size: 1.5 "}},
    {"migrate --from memory --to T --batch-size=0x10", {"--batch-size: 0x10 "}},
    {"migrate --from memory --to T --batch-size=1000001", {"--batch-size: 1000001 "}},
    {"migrate --from memory --to T --batch-size=99999999999999999999",
     {"--batch-size: 99999999999999999999 "}},
    {"migrate --from memory --to T --batch-size", {"--batch-size"}},
    {"migrate --from memory --to T --batch-size=5 --batch-size=6", {"--batch-size"}},
    {"migrate --from memory --to T --max-retries=-1", {"--max-retries: -1 ", "0 to 1000"}},
    {"migrate --from memory --to T --max-retries=x", {"--max-retries: x "}},
    {"migrate --from memory --to T --max-retries=1001", {"--max-retries: 1001 "}},
    {"migrate --from memory --to T --wagers=1e5", {"--wagers: 1e5 "}},
    {"migrate --from memory --to T --seed=18446744073709551616", {"--seed: 18446744073709551616 "}},
    {"migrate --from memory --to T --step=foo", {"--step: foo", "contributions"}},
    {"migrate --from memory --to T --log-level=loud", {"--log-level: loud", "debug"}},
    {"migrate --from memory --to T --fast", {"--fast"}},
    {"migrate --from memory --to T again", {"again"}},
    {"migrate --from memory", {"--to is required"}},
    // Memory is a run of invented wagers: nobody gets them who did not name it.
    {"migrate --to T", {"--from is required"}},
    {"nosuchverb --help", {"subcommand", "nosuchverb"}},
    {"migrate --from memory --to memory", {"--to: memory"}},
    {"migrate --from memory --to store.db", {"--to: ", "sqlite://"}},
    {"migrate --from memory --to sqlite://", {"--to: "}},
    {"migrate --from memory --to T?sync=1", {"--to: ", "sync"}},
    {"migrate --from memory --to T?busy_timeout=x", {"--to: ", "busy_timeout=x"}},
    {"migrate --from memory --to oracle://u:hunter2@h/db", {"--to: ", "oracle"}},
    {"migrate --from memory --to mysql://u:hunter2@h/db?nonsense=1", {"--to: "}},
    {"migrate --from redis://u:hunter2@h --to T", {"--from: ", "redis"}},
    {"migrate --from mysql://u:hunter2@h:port/db --to T", {"--from: "}},
    {"validate oracle://u:hunter2@h", {"store: ", "oracle"}},
    {"validate S --against store.db", {"--against: "}},
    {"backup oracle://u:hunter2@h", {"store: ", "oracle"}},
    {"rollback oracle://u:hunter2@h --rollback-data={}", {"store: ", "oracle"}},
    {"repair oracle://u:hunter2@h --from-journal", {"store: ", "oracle"}},
    {"seal oracle://u:hunter2@h", {"store: ", "oracle"}},
    {"schema apply oracle://u:hunter2@h", {"store: ", "oracle"}},
    {"schema status oracle://u:hunter2@h", {"store: ", "oracle"}},
    {"schema print oracle", {"engine: ", "oracle"}},
    {"schema", {"subcommand"}},
    {"refund", {"subcommand", "refund"}},
    {"schema refund", {"subcommand", "refund"}},
    {"validate S postgresql://u:hunter2@h/db", {"not expected: postgresql:"}},
    {"migrate --from memory --to T --step=postgresql://u:hunter2@h/db", {"--step: postgresql:"}},
    {"migrate --from postgresql:/u:hunter2@h/db --to T", {"--from: ", "postgresql://"}},
    {"migrate --from memory --to sqlite://:memory:", {"--to: sqlite://:memory: ends with the program"}},
    {"schema apply sqlite://:memory:", {"store: sqlite://:memory: ends with the program"}},
    {"", {"subcommand"}},
    {"validate", {"store is required"}},
    {"backup", {"store is required"}},
    {"seal", {"store is required"}},
    {"generate-rollback-data", {"--backup-file is required"}},
    {"rollback S --rollback-data={} --actor=", {"--actor"}},
    {"rollback S --rollback-data={} --reason=", {"--reason"}},
};

const misuse contradictions[] = {
    {"migrate --from memory --to T --dry-run --follow", {"--dry-run", "--follow", "at most 1"}},
    {"migrate --from memory --to T --dry-run --validate-only", {"--dry-run", "--validate-only", "at most 1"}},
    {"migrate --from memory --to T --follow --validate-only", {"--follow", "--validate-only", "at most 1"}},
    {"migrate --from memory --to T --backup-existing --no-backup",
     {"--backup-existing excludes --no-backup"}},
    {"migrate --from memory --to T --backup-folder F --no-backup", {"--backup-folder", "--no-backup"}},
    {"migrate --from memory --to T --validation --no-validation", {"--validation excludes --no-validation"}},
    {"migrate --from memory --to T --verbose --quiet", {"--quiet excludes --verbose"}},
    {"migrate --from S --to S", {"--from and --to: both are sqlite://"}},
    {"migrate --from S --to S?busy_timeout=7", {"--from and --to: both are sqlite://"}},
    {"migrate --from memory --to T --follow", {"--follow: --from memory"}},
    {"migrate --from backup.json --to T --follow", {"--follow: --from backup.json"}},
    {"migrate --from S --to T --wagers 5", {"--wagers: is for --from memory", "sqlite://"}},
    {"migrate --from backup.json --to T --seed 5", {"--seed: is for --from memory", "backup.json"}},
    {"migrate --from memory --to T --adopt", {"--adopt: ", "--from is memory"}},
    {"migrate --from node.json --to T --actor ann", {"--actor requires --adopt"}},
    {"migrate --from node.json --to T --reason why", {"--reason requires --adopt"}},
    {"migrate --from node.json --to T --adopt --actor=", {"--actor"}},
    {"generate-rollback-data --backup-file F --actor ann", {"--actor requires --adopt"}},
    {"generate-rollback-data --backup-file F --reason why", {"--reason requires --adopt"}},
    {"rollback S", {"--rollback-data,--rollback-data-file", "required"}},
    {"rollback S --rollback-data={} --rollback-data-file=F",
     {"--rollback-data,--rollback-data-file", "2 were given"}},
    {"rollback S --rollback-data={} --no-backup --backup-folder F", {"--backup-folder", "--no-backup"}},
    {"repair S", {"--from-journal,--adopt"}},
    {"repair S --from-journal --adopt --actor a --reason b", {"--from-journal,--adopt", "2 were given"}},
    {"repair S --adopt --reason b", {"--adopt requires --actor"}},
    {"repair S --adopt --actor a", {"--adopt requires --reason"}},
    {"repair S --from-journal --actor a", {"--actor requires --adopt"}},
    {"repair S --from-journal --reason b", {"--reason requires --adopt"}},
    {"validate S --schema-only --against T", {"--against", "excludes", "--schema-only"}},
    {"backup S --output F --backup-folder F", {"--output", "excludes", "--backup-folder"}},
};

const misuse variables[] = {
    {"JACKPOT_DATABASE_URL=oracle://u:hunter2@h", {"JACKPOT_DATABASE_URL: ", "oracle"}},
    {"JACKPOT_DATABASE_URL=store.db", {"JACKPOT_DATABASE_URL: "}},
    {"JACKPOT_MIGRATION_ENABLED=maybe", {"JACKPOT_MIGRATION_ENABLED: maybe is not true, false"}},
    {"JACKPOT_DATABASE_BACKUP=2", {"JACKPOT_DATABASE_BACKUP: 2 is not "}},
    {"JACKPOT_VALIDATION_ENABLED=TRUE", {"JACKPOT_VALIDATION_ENABLED: TRUE is not "}},
    {"JACKPOT_CONNECTION_POOL_SIZE=0", {"JACKPOT_CONNECTION_POOL_SIZE: 0 is not ", "1 to 1000"}},
    {"JACKPOT_CONNECTION_POOL_SIZE=-1", {"JACKPOT_CONNECTION_POOL_SIZE: -1 is not "}},
    {"JACKPOT_CONNECTION_POOL_SIZE=5x", {"JACKPOT_CONNECTION_POOL_SIZE: 5x is not "}},
    {"JACKPOT_CONNECTION_POOL_SIZE=99999999999999999999", {"JACKPOT_CONNECTION_POOL_SIZE: 9999"}},
    {"JACKPOT_LOG_LEVEL=loud", {"JACKPOT_LOG_LEVEL: loud is not trace"}},
};

/// A command line, with the stores in place of their letters.
std::string line_of(const bench& b, const std::string& flags) {
    std::string line = in_quotes(JACKPOT_MIGRATOR);
    for (std::size_t at = 0; at < flags.size();) {
        const auto end = (std::min)(flags.find(' ', at), flags.size());
        auto word = flags.substr(at, end - at);
        if (word[0] == 'S' || word[0] == 'T') {
            word = (word[0] == 'S' ? b.good : b.files.url("target")) + word.substr(1);
        }
        line += " " + in_quotes(word);
        at = end + 1;
    }
    return line;
}

void check_usage(const bench& b, const std::string& line, const std::vector<std::string>& words) {
    const auto done = b.shell(line);
    CHECK_MESSAGE(done.code == 2, line, "\n", done.out, done.err);
    for (const auto& each : words) {
        CHECK_MESSAGE(says(done, each), "not said: ", each, "\n", line, "\n", done.out, done.err);
    }
    CHECK(says(done, "Run with --help for more information."));
    CHECK_MESSAGE(!says(done, "hunter2"), done.out, done.err);
    CHECK(!std::filesystem::exists(b.files / "target"));
}

TEST_CASE("a flag or value that makes no sense ends with 2, is named, and changes nothing") {
    const bench b;
    const auto before = contents_of(b.files / "good");
    for (const auto& line : wrong_values) {
        check_usage(b, line_of(b, line.flags), line.words);
    }
    for (const auto& line : contradictions) {
        check_usage(b, line_of(b, line.flags), line.words);
    }
    CHECK(contents_of(b.files / "good") == before);
}

TEST_CASE("a variable that says nothing of use ends every verb with 2, and is named") {
    const bench b;
    for (const auto& [settings, words] : variables) {
        const bool url = settings.starts_with("JACKPOT_DATABASE_URL");
        for (const auto& with :
             url ? std::vector<std::string>{"migrate --from memory", "validate", "backup", "schema apply",
                                            "seal"}
                 : std::vector<std::string>{"migrate --from memory --to T", "validate S", "backup S",
                                            "schema apply T", "repair S --from-journal"}) {
            check_usage(b, "env " + in_quotes(settings) + " " + line_of(b, with), words);
        }
    }
    // A flag beats a variable, and a variable may be empty.
    CHECK(b.shell("JACKPOT_DATABASE_URL=rubbish JACKPOT_LOG_LEVEL= " + line_of(b, "validate S")).code == 0);
    const auto checked = [&](const std::string& flag) {
        const auto url = b.files.url("checked" + flag);
        return says(b.shell("JACKPOT_VALIDATION_ENABLED=false " +
                            command_of(JACKPOT_MIGRATOR,
                                       {"migrate", "--from", "memory", "--wagers", "9", flag, "--to", url})),
                    "✅ Migration validation passed");
    };
    CHECK(checked("--validation"));
    CHECK(!checked("--quiet"));
    for (const bool asked : {false, true}) {
        REQUIRE(
            run_program(JACKPOT_REPLAY, {"--store", b.good}, R"({"op":"contribute","game":"g","wager":100})")
                .code == 0);
        const auto done = b.shell("JACKPOT_DATABASE_BACKUP=false " +
                                  line_of(b, "rollback S --force-rollback --rollback-data-file " +
                                                 b.snapshot + (asked ? " --backup-folder kept" : "")));
        CHECK(done.code == 0);
        CHECK(says(done, "Existing data backed up") == asked);
    }
    const auto off = b.shell("JACKPOT_MIGRATION_ENABLED=false " + line_of(b, "migrate --from memory --to T"));
    b.check(off, 1, {"JACKPOT_MIGRATION_ENABLED is false", "export JACKPOT_MIGRATION_ENABLED=true"});
    CHECK(!std::filesystem::exists(b.files / "target"));
    CHECK(b.shell("JACKPOT_MIGRATION_ENABLED=true " + line_of(b, "migrate --from memory --to T --wagers 9"))
              .code == 0);
}

TEST_CASE("a script that asks for JSON gets a document, whatever happens") {
    const bench b;
    const auto file = (b.files / "document").string();
    struct asked {
        std::string flags;
        int code;
        std::string word;
    };
    const asked lines[] = {{"migrate --from memory --to T --json --fast", 2, "failed"},
                           {"migrate --from memory --to T --json --validate-only", 0, "success"},
                           {"migrate --from memory --to S --json --validate-only --from S?x=1", 2, "failed"},
                           {"migrate --from memory --to T --json --dry-run --wagers 9", 0, "success"},
                           {"migrate --from memory --to S --json --dry-run --wagers 90", 0, "success"}};
    for (const auto& each : lines) {
        CAPTURE(each.flags);
        const auto done = b.shell(line_of(b, each.flags));
        CHECK(done.code == each.code);
        std::ofstream(file) << done.out;
        CHECK(
            run_shell("sqlite3 :memory: \"SELECT json_extract(readfile('" + file + "'), '$.status')\"").out ==
            each.word + "\n");
    }
    CHECK(run_shell("sqlite3 :memory: \"SELECT json_extract(readfile('" + file +
                    "'), '$.rollbackData.sha256') IS NOT NULL\"")
              .out == "1\n");
    const auto stopped = b.shell(
        "{ " +
        line_of(b, "migrate --from memory --to T --json --dry-run --wagers 30000 --batch-size 1 --verbose") +
        " >document 2>log & } && until grep -q Read log; do sleep 0.01; done; kill -INT $!; wait $!");
    CHECK(stopped.code == 130);
    CHECK(run_shell("sqlite3 :memory: \"SELECT json_extract(readfile('" + file +
                    "'), '$.status', '$.reason')\"")
              .out == "[\"interrupted\",\"a dry run: nothing was written\"]\n");
    CHECK(!std::filesystem::exists(b.files / "target"));
}

TEST_CASE("output that cannot be written is a failure") {
    const bench b;
    for (const std::string flags :
         {"validate S", "migrate --from memory --to T --wagers 9 --quiet", "schema print sqlite"}) {
        CHECK_MESSAGE(b.shell(line_of(b, flags) + " >/dev/full").code == 1, flags);
    }
}

}  // namespace
