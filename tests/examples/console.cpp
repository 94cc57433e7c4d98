// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/console/progress.hpp"
#include "bench.hpp"

namespace {

using namespace test;

/// One member of the document that standard output was, or of one of its lines.
std::string member_of(const bench& b, const std::string& document, const std::string& path) {
    const auto file = (b.files / "document.json").string();
    std::ofstream(file) << document;
    const auto read = run_shell("jq -r " + in_quotes(path) + " " + in_quotes(file));
    return read.code == 0 ? read.out.substr(0, read.out.find_last_not_of('\n') + 1) : "no JSON: " + document;
}

TEST_CASE("what is drawn of a stage fits the terminal, whatever its width, and says the share first") {
    const migrator::stage_state states[] = {{"Copied", 0, 10},
                                            {"Copied", 450'000, 1'000'000, 22'000},
                                            {"Compared", 99'999'999, 100'000'000, 1'000'000},
                                            {"Audited", 100'000'000, 100'000'000, 0},
                                            {"Copied", 0, 0}};
    for (const auto& s : states) {
        for (std::size_t columns = 1; columns < 200; ++columns) {
            const auto text = bar_of(s, columns);
            CHECK_MESSAGE(text.size() <= columns, text);
            CHECK((columns < 15 || text.find(std::to_string(s.percent()) + "%") != std::string::npos));
        }
    }
    CHECK(bar_of(states[1], 79) ==
          "Copied [#########            ] 45% 450000 of 1000000, 22000 a second, 25 s left");
    CHECK(bar_of(states[1], 39) == "Copied 45% 450000 of 1000000, 25 s left");
    CHECK(bar_of(states[1], 20) == "Copied 45%");
}

TEST_CASE("on a terminal one line is drawn again, at most ten times a second, and nothing of it stays") {
    const bench b;
    for (const std::size_t columns : {80U, 40U}) {
        const auto url = b.files.url("drawn" + std::to_string(columns));
        const auto drawn =
            b.shell("TERM=xterm script -qec " +
                    in_quotes("stty cols " + std::to_string(columns) + "; " +
                              command_of(JACKPOT_MIGRATOR, {"migrate", "--from", "memory", "--to", url,
                                                            "--wagers", "20000", "--batch-size", "20"})) +
                    " /dev/null");
        REQUIRE_MESSAGE(drawn.code == 0, drawn.out);
        std::size_t redrawn = 0;
        for (std::size_t at = drawn.out.find("\r"); at != std::string::npos;
             at = drawn.out.find("\r", at + 1)) {
            const auto end = drawn.out.find("\x1b[K", at);
            const auto next = drawn.out.find('\n', at);
            if (end == std::string::npos || next < end) {
                continue;  // the terminal's own, before a line break
            }
            const auto text = drawn.out.substr(at + 1, end - at - 1);
            CHECK_MESSAGE(text.size() < columns, text);
            redrawn += text.empty() ? 0 : 1;
        }
        const auto took = drawn.out.substr(drawn.out.find("Execution time: ") + 16);
        CHECK(redrawn > 0);
        CHECK_MESSAGE(redrawn <= 1 + std::stoul(took) / 100, redrawn, " in ", took);
        CHECK(drawn.out.find("Copied ", drawn.out.find("Compared ")) != std::string::npos);
    }
    const auto dumb =
        b.shell("TERM=dumb script -qec " +
                in_quotes(command_of(JACKPOT_MIGRATOR, {"migrate", "--from", "memory", "--to",
                                                        b.files.url("dumb"), "--wagers", "2000"})) +
                " /dev/null");
    CHECK(dumb.out.find('\x1b') == std::string::npos);
}

struct signal_case {
    const char* name;
    int code;
};
constexpr signal_case signals[] = {{"INT", 130}, {"TERM", 143}, {"HUP", 129}};

TEST_CASE(
    "each signal, in each stage: one document, the outcome as the log's last line, and run again: equal") {
    const bench b;
    const auto whole = b.files.url("whole");
    const arguments run{"--wagers", "12000", "--batch-size", "100", "--verbose", "--no-backup"};
    const auto to = [&](const std::string& url) {
        arguments all{"migrate", "--from", "memory", "--to", url};
        all.insert(all.end(), run.begin(), run.end());
        return all;
    };
    REQUIRE(b.migrator(to(whole)).code == 0);
    const char* stages[] = {"Played 1000", "Copied 2", "Compared 1000", "Audited 1000"};
    for (std::size_t i = 0; i < std::size(stages); ++i) {
        const auto& [name, code] = signals[i % std::size(signals)];
        CAPTURE(stages[i]);
        const auto url = b.files.url("stopped");
        auto with = to(url);
        with.insert(with.end(), {"--json", "--log-file", "stage.log"});
        const auto stopped = b.shell("rm -f stopped* stage.log; { " + command_of(JACKPOT_MIGRATOR, with) +
                                     " 2>/dev/null & } && until grep -qs '" + stages[i] +
                                     "' stage.log; do kill -0 $! || exit 99; sleep 0.01; done; kill -" +
                                     name + " $!; wait $!");
        CHECK(stopped.code == code);
        CHECK(member_of(b, stopped.out, ".status, .exitCode") == "interrupted\n" + std::to_string(code));
        CHECK(member_of(b, stopped.out, ".remedy").starts_with("run the same command again"));
        const auto log = lines_of(contents_of(b.files / "stage.log"));
        CHECK_MESSAGE(log.back().find("[error] Outcome: interrupted: ") != std::string::npos, log.back());
        REQUIRE(b.migrator(to(url)).code == 0);
        CHECK(b.migrator({"validate", url, "--against", whole}).code == 0);
    }
}

TEST_CASE("a signal ends whatever waits for a server that does not answer") {
    const bench b;
    const auto silent = b.files / "silent.py";
    std::ofstream(silent)
        << "import socket, time\ns = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
           "print(s.getsockname()[1], flush=True)\ntime.sleep(600)\n";
    for (const auto& [name, code] : signals) {
        for (const std::string verb : {"validate", "backup", "schema status", "seal"}) {
            const auto ended =
                b.shell(":; python3 " + silent.string() +
                        " >port & server=$!; until [ -s port ]; do sleep 0.01; done; " +
                        in_quotes(JACKPOT_MIGRATOR) + " " + verb +
                        " \"postgresql://u@127.0.0.1:$(cat port)/db\" --json >document & sleep 0.3; kill -" +
                        name + " $!; wait $!; code=$?; kill $server; rm port; exit $code");
            CHECK_MESSAGE(ended.code == code, verb);
            CHECK(member_of(b, contents_of(b.files / "document"), ".verb, .status, .exitCode") ==
                  verb + "\ninterrupted\n" + std::to_string(code));
        }
    }
}

TEST_CASE("the log is there line by line, with levels, the outcome and the reason in it") {
    const bench b;
    const auto log_of = [&](const arguments& more) {
        arguments with{"migrate", "--from", "memory", "--wagers", "50", "--log-file", "the.log"};
        with.insert(with.end(), more.begin(), more.end());
        std::filesystem::remove(b.files / "the.log");
        const auto done = b.migrator(with);
        return std::pair(done, lines_of(contents_of(b.files / "the.log")));
    };
    const auto [well, lines] = log_of({"--to", b.files.url("well"), "--quiet"});
    CHECK(lines.front().find("[info] Starting jackpot data migration...") != std::string::npos);
    CHECK(lines.back().find("[info] Outcome: success") != std::string::npos);
    const auto badly = log_of({"--to", b.good, "--seed", "2"});
    const auto& failed = badly.second;
    CHECK(badly.first.code == 1);
    CHECK_MESSAGE(
        failed.back().find("[error] Outcome: failed: Migration failed: diverged") != std::string::npos,
        failed.back());
    CHECK(says(badly.first, "❌ Migration failed: diverged"));
    for (const auto& line : failed) {
        CHECK(line.find("There is nothing to copy") == std::string::npos);
    }
    const auto [json, documents] = log_of({"--to", b.files.url("json"), "--log-format=json"});
    for (const auto& line : documents) {
        CHECK(member_of(b, line, ".level") == "info");
    }
    CHECK(member_of(b, documents.back(), ".message") == "Outcome: success");

    // Killed without a word it has said what it did.
    const auto killed = b.shell(
        "{ " +
        command_of(JACKPOT_MIGRATOR, {"migrate", "--from", "memory", "--wagers", "30000", "--batch-size", "1",
                                      "--to", b.files.url("killed"), "--log-file", "killed.log"}) +
        " >/dev/null & } && until grep -qs 'Migrating pool: mega' killed.log; do sleep 0.01; done; kill "
        "-KILL $!");
    CHECK(killed.code == 0);

    const auto full = b.migrator({"migrate", "--from", "memory", "--wagers", "5", "--to", b.files.url("full"),
                                  "--log-file", "/dev/full"});
    CHECK(full.code == 0);
    CHECK_MESSAGE(full.err.find("⚠️ The log is not kept any more: ") == 0, full.err);
    CHECK(full.err.find('\n') + 1 == full.err.size());
}

TEST_CASE("every verb says its exit codes, and answers scripts with one document of one form") {
    const bench b;
    const std::pair<arguments, std::string> lines[] = {
        {{"backup", b.good, "--output", "b.json"}, "backup success 0"},
        {{"validate", b.good}, "validate success 0"},
        {{"schema", "status", b.good}, "schema status success 0"},
        {{"schema", "apply", b.good}, "schema apply success 0"},
        {{"schema", "print", "sqlite"}, "schema print success 0"},
        {{"seal", b.good}, "seal success 0"},
        {{"seal", b.good, "--off", "--alone"}, "seal success 0"},
        {{"repair", b.good, "--from-journal"}, "repair success 0"},
        {{"report", b.good}, "report success 0"},
        {{"rollback", b.good, "--rollback-data-file", b.snapshot}, "rollback success 0"},
        {{"generate-rollback-data", "--backup-file", b.snapshot}, "generate-rollback-data failed 1"},
        {{"migrate", "--from", b.good, "--to", b.files.url("copy")}, "migrate success 0"},
        {{"validate", "postgresql://u:hunter2@127.0.0.1:1/db"}, "validate failed 3"},
        {{"backup", "postgresql://u:hunter2@127.0.0.1:1/db"}, "backup failed 3"},
        {{"seal", b.good, "--off"}, "seal failed 2"},
    };
    for (const auto& line : lines) {
        auto with = line.first;
        const auto& wanted = line.second;
        const auto help =
            with[0] == "schema" ? arguments{with[0], with[1], "--help"} : arguments{with[0], "--help"};
        CHECK_MESSAGE(says(b.migrator(help), "Exit codes: 0"), with[0]);
        CHECK_MESSAGE(says(b.migrator(help), "--json"), with[0]);
        with.emplace_back("--json");
        const auto done = b.migrator(with);
        CAPTURE(done.out);
        CHECK(member_of(b, done.out, R"(.verb + " " + .status + " " + (.exitCode | tostring))") == wanted);
        CHECK(std::to_string(done.code) == wanted.substr(wanted.rfind(' ') + 1));
        CHECK((done.code == 0 || member_of(b, done.out, ".reason != null and .remedy != null") == "true"));
    }
    CHECK(b.migrator({"--version"}).out.starts_with("migrator "));
}

}  // namespace
