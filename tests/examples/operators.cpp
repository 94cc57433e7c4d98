// SPDX-License-Identifier: BSL-1.0
#include "bench.hpp"

#include <algorithm>

namespace {

using namespace test;

TEST_CASE(
    "status says where a store stands, to people and by its exit code to monitors, and changes nothing") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        b.fill(store);
        const auto before = store.rows();
        const auto open = b.migrator({"status", store.url, "--expect-pools", "mega,minor,major"});
        CHECK(open.code == 0);
        for (const char* words :
             {"Takes changes: yes\n", "Operations: 63\n", "Pools: 3\n", "Schema: number "}) {
            CHECK_MESSAGE(says(open, words), words, open.out);
        }
        b.check(b.migrator({"status", store.url, "--expect-pools", "minor,major"}), 1,
                {"there are major,mega,minor, and major,minor are expected"});
        // The run in memory has a clock of its own, which is long ago.
        b.check(b.migrator({"status", store.url, "--max-age", "60"}), 5, {"No operation of late"});
        CHECK(store.rows() == before);
        REQUIRE(b.migrator({"seal", store.url}).code == 0);
        b.check(b.migrator({"status", store.url}), 4, {"The store is sealed"});
        b.check(b.migrator({"status", store.url, "--json"}), 4, {"\"sealed\": true", "\"sequence\": 63"});
        const auto watched =
            b.shell("{ " + command_of(JACKPOT_MIGRATOR, {"status", store.url, "--watch", "1"}) +
                    " >watched & } && until grep -qs 'operation 63, .*sealed' watched; do sleep 0.01;"
                    " done; kill -INT $!; wait $!");
        CHECK(watched.code == 130);
        REQUIRE(b.migrator({"seal", store.url, "--off", "--alone"}).code == 0);
    }
    b.check(b.migrator({"status", "postgresql://u@127.0.0.1:1/db"}), 3, {"connection refused"});
    b.check(b.migrator({"status", b.files.url("none")}), 3, {"no such file"});
    CHECK(b.migrator({"status", b.good, "--watch", "1", "--json"}).code == 2);
}

TEST_CASE("statements and histories are the same on every engine, add up, chain, and change nothing") {
    const bench b;
    std::string statement;
    std::string history;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        b.fill(store);
        const auto before = store.rows();
        const auto all = b.migrator({"statement", store.url});
        CHECK(all.code == 0);
        for (const char* words :
             {"Operations: 1 to 63\n", "Pool minor\n   opening: nothing\n   1 opened: current ",
              "\n   60 contributed: current ", "closing add up"}) {
            CHECK_MESSAGE(says(all, words), words, all.out);
        }
        const auto csv = b.migrator({"statement", store.url, "--csv"});
        REQUIRE(csv.code == 0);
        CHECK(csv.out.starts_with("pool,scope,site,line,operations,current,"));
        CHECK(csv.out.ends_with("\r\n"));
        statement = statement.empty() ? csv.out : statement;
        CHECK(csv.out == statement);
        const auto journal = b.migrator({"history", store.url, "--csv"});
        REQUIRE(journal.code == 0);
        history = history.empty() ? journal.out : history;
        CHECK(journal.out == history);
        const auto last = b.migrator({"history", store.url, "--newest-first", "--pool", "mega"});
        CHECK(last.out.starts_with("63 "));
        const auto at = last.out.substr(3, 27);
        const auto newest = lines_of(last.out);
        CHECK(lines_of(b.migrator({"history", store.url, "--from", at}).out) ==
              std::vector(newest.begin(), newest.begin() + 3));
        // What one closes with the next one opens with.
        const auto line_of = [&](const outcome& r, const std::string& word) {
            const auto begin = r.out.find("Pool mega\n");
            const auto from = r.out.find(word + ": ", begin) + word.size();
            return r.out.substr(from, r.out.find('\n', from) - from);
        };
        const auto middle =
            lines_of(b.migrator({"history", store.url, "--pool", "mega"}).out)[30].substr(3, 27);
        const auto first = b.migrator({"statement", store.url, "--until", middle});
        const auto second = b.migrator({"statement", store.url, "--after", middle});
        CHECK(line_of(first, "closing") == line_of(second, "opening"));
        CHECK(line_of(second, "closing") == line_of(all, "closing"));
        CHECK(says(b.migrator({"statement", store.url, "--json"}), "\"closedAtSequence\": 63"));
        CHECK(says(b.migrator({"history", store.url, "--json", "--kind", "opened"}), "\"kind\": \"opened\""));
        CHECK(store.rows() == before);
    }
    // A backup does not tell what was before it.
    const auto begun = b.files.url("begun");
    REQUIRE(b.migrator({"migrate", "--from", b.snapshot, "--to", begun, "--quiet"}).code == 0);
    CHECK(b.migrator({"statement", begun}).code == 0);
    b.check(b.migrator({"statement", begun, "--after", "2000-02-29"}), 1,
            {"lacks that moment", "Remedy: name times that the journal reaches back to"});
    for (const char* wrong : {"2000-02-30", "2000-02-29T24:00:00Z", "yesterday", "2000-2-1",
                              "2000-02-29T00:00:00+1", "1969-12-31"}) {
        const auto refused = b.migrator({"statement", begun, "--after", wrong});
        CHECK_MESSAGE((refused.code == 2 && says(refused, "is no time")), wrong, refused.out, refused.err);
    }
    CHECK(b.migrator({"statement", begun, "--csv", "--json"}).code == 2);
    CHECK(b.migrator({"history", begun, "--kind", "refunded"}).code == 2);
    CHECK(b.migrator({"history", begun, "--player="}).code == 2);
}

TEST_CASE(
    "two stores of one database that differ by their schema are told apart by every verb that changes one") {
    const bench b;
    const auto places = b.servers();
    const auto& store = places[0];
    REQUIRE(store.engine() == "postgresql");
    b.fill(store);
    const auto at = store.url.find("search_path%3D") + 14;
    const auto schema = ", schema " + store.url.substr(at, store.url.find('&', at) - at);
    CHECK(says(b.migrator({"status", store.url}), schema));
    CHECK(says(b.migrator({"seal", store.url}), schema));
    CHECK(says(b.migrator({"seal", store.url, "--off", "--alone"}), schema));
    CHECK(says(b.migrator({"repair", store.url, "--from-journal"}), schema));
    CHECK(says(b.migrator({"rollback", store.url, "--rollback-data-file", b.snapshot}), schema));
}

TEST_CASE("runs that only look fail where the run would: no right to write, no folder, no room") {
    const bench b;
    for (const auto& store : b.servers()) {
        CAPTURE(store.url);
        b.fill(store);
        const role guest(store);
        guest.grant("SELECT");
        const auto before = store.rows();
        for (const char* looks : {"--dry-run", "--validate-only"}) {
            const arguments to{"migrate", "--from", "memory", "--wagers", "80", looks, "--to"};
            const auto with = [&](const arguments& more) {
                auto all = to;
                all.insert(all.end(), more.begin(), more.end());
                return all;
            };
            b.check(b.migrator(with({guest.url()})), 1,
                    {"permission denied", "GRANT SELECT, INSERT, UPDATE, DELETE on"});
            b.check(
                b.migrator(with({store.url, "--backup-folder", (b.files / "good").string() + "/backups"})), 1,
                {"no backup could be made: ", "Not a directory", "--backup-folder FOLDER"});
            CHECK(b.migrator(with({store.url})).code == 0);
        }
        CHECK(store.rows() == before);
        CHECK(!std::filesystem::exists(b.files / "backups"));
    }
    CHECK(says(b.migrator({"migrate", "--from", b.good, "--to", b.files.url("new"), "--validate-only"}),
               "the tables are yet to be made"));
}

/// The file of that name that the guide has for the store's engine, as a word of the shell.
std::string sql_file(const std::string& name, const place& store) {
    return in_quotes(std::string(JACKPOT_SQL) + "/" + name + "-" + store.engine() + ".sql");
}

/// Runs the grants of the guide, with that edit for sed.
void grant(const place& store, const std::string& edit) {
    const auto done = run_shell("sed " + in_quotes(edit) + " " + sql_file("grants", store) + " | " +
                                store.client_command());
    REQUIRE_MESSAGE(done.code == 0, done.err);
}

TEST_CASE("the guide's grants, table by table, are enough for every verb, and its looks at the load run") {
    const bench b;
    const auto places = b.servers();
    for (const auto& store : places) {
        const auto look = run_shell(store.client_command() + " <" + sql_file("load", store));
        CHECK_MESSAGE(look.code == 0, look.err);
    }
    const auto& store = places[0];
    b.fill(store);
    const role guest(store);
    auto name = guest.url();
    name = name.substr(name.find("user=") + 5);
    grant(store, "s/:role/" + name.substr(0, name.find('&')) + "/");
    for (const arguments& with :
         {arguments{"migrate", "--from", "memory", "--wagers", "70", "--to", guest.url()},
          {"validate", guest.url()},
          {"status", guest.url()},
          {"backup", guest.url(), "--output", "guest.json"},
          {"seal", guest.url()},
          {"seal", guest.url(), "--off", "--alone"},
          {"rollback", guest.url(), "--rollback-data-file", "guest.json"},
          {"repair", guest.url(), "--from-journal"}}) {
        const auto done = b.migrator(with);
        CHECK_MESSAGE(done.code == 0, with[0], done.out, done.err);
    }
}

TEST_CASE(
    "MariaDB's checks, which it lists to nobody whose rights are by table, are not said to be missing") {
    const bench b;
    const auto store = b.servers()[1];
    REQUIRE(store.engine() == "mysql");
    b.fill(store);
    const auto at = store.url.rfind("jackpot_");
    const auto database = store.url.substr(at, store.url.find('?', at) - at);
    const auto user = "t" + database.substr(database.size() - 16);
    store.sql("CREATE USER " + user + "@localhost");
    grant(store, "s/ROLE/" + user + "@localhost/");
    auto url = store.url;
    url.replace(url.find("jackpot@"), 8, user + "@");
    REQUIRE(b.migrator({"migrate", "--from", "memory", "--wagers", "70", "--to", url}).code == 0);
    const auto seen = b.migrator({"validate", url});
    CHECK_MESSAGE(seen.code == 0, seen.out);
    store.sql("ALTER TABLE jackpots DROP CONSTRAINT IF EXISTS CONSTRAINT_1");
    b.check(b.migrator({"validate", url}), 1, {"Constraint not as required"});
    store.sql("DROP USER " + user + "@localhost");
}

TEST_CASE("a dash is standard input, and pools without a digest are told what they are") {
    const bench b;
    const auto shell = [&](const std::string& line) { return b.shell(line); };
    const auto big =
        shell("cat good.json | " + command_of(JACKPOT_MIGRATOR, {"rollback", b.good, "--rollback-data-file",
                                                                 "-", "--validate-only"}));
    CHECK_MESSAGE(big.code == 0, big.out);
    CHECK(shell("cat good.json | " +
                command_of(JACKPOT_MIGRATOR, {"migrate", "--from", "-", "--to", b.files.url("piped")}))
              .code == 0);
    CHECK(shell("sqlite3 good .dump | " +
                command_of(JACKPOT_MIGRATOR, {"generate-rollback-data", "--backup-file", "-"}))
              .code == 0);
    b.check(b.migrator({"rollback", b.good, "--rollback-data={\"pools\":[]}", "--force-rollback"}), 1,
            {"without the moment that they are of and a digest", "--rollback-data-file=FILE"});
}

TEST_CASE("where the locale has no UTF-8 every byte that is shown is ASCII, and the words stay") {
    const bench b;
    const auto ascii = [](const std::string& text) {
        return std::all_of(text.begin(), text.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    };
    for (const std::string before : {"LC_ALL=C ", "LANG=POSIX LC_ALL= LC_CTYPE= "}) {
        const auto done = b.shell(before + command_of(JACKPOT_MIGRATOR, {"validate", b.good}));
        CHECK(ascii(done.out + done.err));
        CHECK(says(done, "[ok] Journal audit passed\n"));
    }
    const auto moved =
        b.migrator({"migrate", "--from", "memory", "--to", b.files.url("moved"), "--wagers", "9", "--ascii"});
    CHECK(moved.code == 0);
    CHECK(ascii(moved.out + moved.err));
    CHECK(says(moved, "Status: [ok] Success\n"));
    // Nobody chose a locale under cron and systemd.
    const auto plain =
        b.shell("env -i HOME=/ PATH=/bin:/usr/bin " + command_of(JACKPOT_MIGRATOR, {"validate", b.good}));
    CHECK(says(plain, "✅ Journal audit passed\n"));
}

TEST_CASE("who is asked at a terminal and does not say yes has changed nothing") {
    const bench b;
    const place store{b.good};
    const auto before = store.rows();
    const auto at_terminal = [&](const std::string& said, arguments with) {
        return b.shell("printf '" + said + "\\n' | script -qec " +
                       in_quotes(command_of(JACKPOT_MIGRATOR, with) + "; echo code $?") + " /dev/null");
    };
    CHECK(says(at_terminal("n", {"seal", b.good}), "code 1"));
    CHECK(store.rows() == before);
    CHECK(says(at_terminal("y", {"seal", b.good}), "code 0"));
    CHECK(store.rows() != before);
    CHECK(says(at_terminal("", {"seal", b.good, "--off", "--alone", "--yes"}), "code 0"));
    CHECK(store.rows() == before);
}

TEST_CASE("completions and the manual's page are made of what --help says") {
    const bench b;
    std::ofstream(b.files / "asked.bash") << R"(source ./done.bash
asked() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _migrator; echo "${COMPREPLY[0]}"; }
asked migrator migrate --ste
asked migrator migrate --step w
asked migrator statu
asked migrator schema print post
)";
    const auto bash =
        b.shell(command_of(JACKPOT_MIGRATOR, {"completion", "bash"}) + " >done.bash; bash asked.bash");
    CHECK_MESSAGE(bash.out == "--step\nwins\nstatus\npostgresql\n", bash.out, bash.err);
    for (const std::string shell : {"zsh", "fish"}) {
        const auto done =
            b.shell(command_of(JACKPOT_MIGRATOR, {"completion", shell}) + " >completion; ! command -v " +
                    shell + " >/dev/null || " + shell + " -n completion");
        CHECK_MESSAGE(done.code == 0, shell, done.err);
        CHECK(contents_of(b.files / "completion").find("rollback-data-file") != std::string::npos);
    }
    const auto page = b.migrator({"man"});
    for (const char* verb : {"backup", "history", "migrate", "schema apply", "statement", "status"}) {
        CHECK(page.out.find("\n.SS " + std::string(verb)) != std::string::npos);
    }
    CHECK(page.out.find("Exit codes: 0 ") != std::string::npos);
}

TEST_CASE("of the automatic backups of a store the newest stay, and another store's are left alone") {
    const bench b;
    const auto backups = [&](std::size_t wagers, const std::string& seed) {
        const auto done = b.migrator({"migrate", "--from", "memory", "--seed", seed, "--wagers",
                                      std::to_string(wagers), "--to", b.files.url("kept" + seed),
                                      "--keep-backups", "2", "--backup-folder", "kept"});
        REQUIRE_MESSAGE(done.code == 0, done.out);
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(b.files / "kept")) {
            count += entry.is_regular_file() ? 1 : 0;
        }
        return count;
    };
    std::filesystem::create_directory(b.files / "kept");
    CHECK(backups(10, "1") == 0);
    CHECK(backups(20, "1") == 1);
    CHECK(backups(20, "1") == 1);  // nothing was copied
    CHECK(backups(30, "1") == 2);
    CHECK(backups(40, "1") == 2);
    CHECK(backups(10, "2") == 2);
    CHECK(backups(20, "2") == 3);
}

TEST_CASE("a URL may be in a file, and folder and log in variables") {
    const bench b;
    std::ofstream(b.files / "url") << b.good << "\n";
    CHECK(b.migrator({"validate", "@url"}).code == 0);
    CHECK(b.shell("JACKPOT_SOURCE_URL=@url JACKPOT_LOG_FILE=other.log " +
                  command_of(JACKPOT_MIGRATOR, {"migrate", "--to", b.files.url("copied")}))
              .code == 0);
    CHECK(std::filesystem::exists(b.files / "other.log"));
    CHECK(
        b.shell("JACKPOT_BACKUP_FOLDER=elsewhere " + command_of(JACKPOT_MIGRATOR, {"backup", b.good})).code ==
        0);
    CHECK(std::filesystem::exists(b.files / "elsewhere"));
    CHECK(b.migrator({"validate", "@none"}).code == 2);
}

TEST_CASE("a time in seconds is not taken for one of the 1970s") {
    const bench b;
    std::ofstream(b.files / "node.json") << R"({"pools": [{"group": "minor", "currentAmount": 12000,
        "seedAmount": 10000, "contributionRate": 0.02, "totalContributions": 2000, "totalWins": 0, "version": 5,
        "lastModifiedAt": 1761972420}], "timestamp": "2025-11-01T04:47:00.000Z"})";
    b.check(b.migrator({"migrate", "--from", "node.json", "--to", b.files.url("new")}), 1,
            {"is a time in seconds"});
}

TEST_CASE("three migrators at once on one target all end well, and the target is right") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        const auto one =
            command_of(JACKPOT_MIGRATOR, {"migrate", "--from", "memory", "--wagers", "2000", "--batch-size",
                                          "20", "--to", store.url, "--no-backup", "--break-lock"});
        const auto done =
            b.shell("for i in 1 2 3; do { " + one +
                    " --log-file $i.log >$i.out 2>&1; echo $? >$i.code; } & done; wait; cat ?.code");
        CHECK_MESSAGE(done.out == "0\n0\n0\n", contents_of(b.files / "1.out"), contents_of(b.files / "2.out"),
                      contents_of(b.files / "3.out"));
        CHECK(b.migrator({"validate", store.url}).code == 0);
    }
}

TEST_CASE("a dump in another character set is told so, with what makes it UTF-8") {
    const bench b;
    const auto done =
        b.shell("sqlite3 good .dump | sed \"s/minor/min$(printf '\\351')r/\" >latin1.sql; " +
                command_of(JACKPOT_MIGRATOR, {"generate-rollback-data", "--backup-file", "latin1.sql"}));
    b.check(done, 1, {"it is not in UTF-8: iconv -f LATIN1"});
    CHECK(done.out.find('\351') == std::string::npos);
}

}  // namespace
