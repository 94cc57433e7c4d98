// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/copy/load_watch.hpp"
#include "../soci/server.hpp"
#include "bench.hpp"

namespace {

using namespace test;

const std::vector<std::string> deaf_urls{
    "postgresql://u:hunter2@127.0.0.1:1/db", "mysql://u:hunter2@127.0.0.1:1/db",
    "mysql://u:hunter2@localhost/db?socket=/nowhere.sock", "postgresql://u:hunter2@/db?host=/nowhere"};

TEST_CASE("connection refused: every verb says so, with what looks at the server, and shows no password") {
    const bench b;
    for (const auto& url : deaf_urls) {
        for (const auto& with : b.verbs(url)) {
            const auto done = b.migrator(with);
            b.check(done, 3, {"connection refused", "start the server"}, with);
            const bool json = with.back() == "--json";
            CHECK((json || says(done, "❌ Database connectivity failed: connection refused\n")));
            CHECK(
                (json || says(done, url.starts_with("postgresql") ? "pg_isready -h HOST -p PORT\n"
                                                                  : "mariadb-admin ping -h HOST -P PORT\n")));
            CHECK((!json || says(done, "\"remedy\": \"start the server")));
        }
    }
    CHECK(run_shell("pg_isready -h 127.0.0.1 -p 1").code == 2);
    CHECK(run_shell("mariadb-admin --no-defaults ping -h 127.0.0.1 -P 1").code != 0);
    // Of a file: a folder that is not there, and one that is a file.
    for (const auto& url : {b.files.url("no/such"), b.files.url("good/below")}) {
        for (const auto& with : b.verbs(url)) {
            const bool copies_to = with[0] == "migrate" && with[2] != url;
            const bool looks = copies_to && (with.back() == "--dry-run" || with.back() == "--validate-only");
            if (!looks) {
                b.check(b.migrator(with), 3, {}, with);
            }
        }
    }
    run_shell("mkdir -p " + in_quotes((b.files / "no").string()));
    CHECK(b.migrator({"schema", "apply", b.files.url("no/such")}).code == 0);
}

TEST_CASE("a wrong password is told from a server that is down, and is shown nowhere") {
    const bench b;
    const server postgresql("postgresql");
    const auto folder = postgresql.url().substr(postgresql.url().find("host=") + 5);
    const auto host = folder.substr(0, folder.find('&'));
    const place owner{postgresql.url()};
    owner.sql("CREATE ROLE ann LOGIN PASSWORD 'right'; ALTER DATABASE jackpot OWNER TO ann");
    std::ofstream(host + "/data/pg_hba.conf") << "local all ann scram-sha-256\nlocal all all trust\n";
    owner.sql("SELECT pg_reload_conf()");
    const auto mysql = new_places()[1];
    const auto socket = mysql.substr(mysql.find('?'));
    const auto name = mysql.substr(mysql.rfind("jackpot_"), mysql.find('?') - mysql.rfind("jackpot_"));
    const auto ann = "a" + name.substr(name.size() - 16);
    place{mysql}.sql("CREATE USER " + ann + "@localhost IDENTIFIED BY 'right'; GRANT ALL ON " + name +
                     ".* TO " + ann + "@localhost");
    const auto urls = [&](const std::string& password) {
        return std::vector<std::string>{"postgresql://ann:" + password + "@/jackpot?host=" + host,
                                        "mysql://" + ann + ":" + password + "@localhost/" + name + socket};
    };
    // The server reads its rules some time after it was told to.
    while (run_program("psql", {"-XAtc", "SELECT 1", urls("hunter2")[0]}).code == 0) {
    }
    for (const auto& url : urls("hunter2")) {
        for (const auto& with : b.verbs(url)) {
            b.check(b.migrator(with), 3, {"access denied: ", "check user and password"}, with);
        }
    }
    for (const auto& url : urls("right")) {
        CHECK(b.migrator({"migrate", "--from", b.good, "--to", url}).code == 0);
    }
    place{mysql}.sql("DROP USER " + ann + "@localhost");
}

TEST_CASE("missing tables are named, and made by the printed command") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        store.sql("CREATE TABLE t (id INT); DROP TABLE t");  // there is an empty file, too
        for (const auto& with : b.verbs(store.url)) {
            const bool makes_them =
                with[0] == "migrate" && with[2] != store.url;  // or, in a dry run, only says so
            if (!makes_them && with[1] != "apply" && with[1] != "status") {
                b.check(b.migrator(with), 1, {"no table jackpot_schema", "migrator schema apply STORE"},
                        with);
            }
        }
        b.check(b.migrator({"schema", "status", store.url}), 1, {"migrator schema apply STORE"});
        CHECK(store.tables().empty());
        CHECK(b.migrator({"schema", "apply", store.url}).code == 0);
        CHECK(b.migrator({"validate", store.url}).code == 0);
        b.check(b.migrator({"backup", store.url}), 1, {"the store is empty", "Remedy: "});
        store.sql("DROP TABLE jackpot_games");
        b.check(b.migrator({"migrate", "--from", b.good, "--to", store.url}), 1,
                {"no table jackpot_games", "migrator schema print"});
    }
}

TEST_CASE(
    "relation jackpots already exists: another service's table stays, and renamed it is in nobody's way") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        store.sql("CREATE TABLE jackpots (id INT); INSERT INTO jackpots VALUES (7)");
        for (const auto& with : b.verbs(store.url)) {
            if (with[1] != "status") {
                b.check(b.migrator(with), 1, {"another service", "ALTER TABLE jackpots RENAME TO"}, with);
            }
        }
        b.check(b.migrator({"schema", "status", store.url}), 1, {"Remedy: rename"});
        CHECK(store.sql("SELECT * FROM jackpots") == "7\n");
        CHECK(store.tables() == "jackpots\n");
        if (store.engine() == "postgresql") {
            const auto script = b.migrator({"schema", "print", store.engine()});
            CHECK(store.client(script.out).err.find("relation \"jackpots\" already exists") !=
                  std::string::npos);
        }
        store.sql("ALTER TABLE jackpots RENAME TO jackpots_before");
        CHECK(b.migrator({"schema", "apply", store.url}).code == 0);
        CHECK(store.sql("SELECT * FROM jackpots_before") == "7\n");
    }
}

TEST_CASE("a schema of a newer version is left alone by every verb") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        b.fill(store);
        store.sql("INSERT INTO jackpot_schema (number, title, library) VALUES (99, 'later', '9.0.0')");
        const auto before = store.rows();
        for (const auto& with : b.verbs(store.url)) {
            b.check(b.migrator(with), 1, {"99", "use a migrator of that version or newer"}, with);
        }
        CHECK(store.rows() == before);
        CHECK(store.sql("SELECT number, library FROM jackpot_schema WHERE number > 1").find("9.0.0") !=
              std::string::npos);
    }
}

TEST_CASE("who may only read is told what to grant, and changes nothing") {
    const bench b;
    for (const auto& store : b.servers()) {
        CAPTURE(store.url);
        const role guest(store);
        b.check(b.migrator({"migrate", "--from", b.good, "--to", guest.url()}), 1,
                {"permission denied", "as a role that may make tables: migrator schema apply STORE"});
        CHECK(store.tables().empty());
        for (const char* looks : {"--dry-run", "--validate-only"}) {
            b.check(b.migrator({"migrate", "--from", b.good, "--to", guest.url(), looks}), 1,
                    {"permission denied", "as a role that may make tables: migrator schema apply STORE"});
            CHECK(b.migrator({"migrate", "--from", b.good, "--to", store.url, looks}).code == 0);
        }
        CHECK(store.tables().empty());
        b.fill(store);
        for (const arguments& with : {arguments{"validate", guest.url()},
                                      {"status", guest.url()},
                                      {"backup", guest.url()},
                                      {"seal", guest.url()}}) {
            b.check(b.migrator(with), 1, {"permission denied", "GRANT SELECT, INSERT, UPDATE, DELETE on"},
                    with);
        }
        guest.grant("SELECT");
        for (const arguments& with : {arguments{"validate", guest.url()},
                                      {"schema", "status", guest.url()},
                                      {"backup", guest.url()}}) {
            CHECK(b.migrator(with).code == 0);
        }
        const auto snapshot = (b.files / "snapshot.json").string();
        CHECK(b.migrator({"backup", guest.url(), "--output", snapshot}).code == 0);
        REQUIRE(b.migrator({"migrate", "--from", "memory", "--to", store.url, "--wagers", "70", "--quiet"})
                    .code == 0);
        const auto unedited = store.rows();
        const arguments copies{"migrate", "--from", "memory", "--to", guest.url(), "--wagers", "80"};
        b.check(b.migrator(copies), 1, {"permission denied", "GRANT SELECT, INSERT, UPDATE, DELETE on"},
                copies);
        CHECK(store.rows() == unedited);
        store.sql(
            "UPDATE jackpots SET adjusted = adjusted + 5, current_amount = current_amount + 5"
            " WHERE \"group\" = 'mega'");
        const auto before = store.rows();
        const arguments changes[] = {
            {"rollback", guest.url(), "--rollback-data-file", snapshot, "--force-rollback"},
            {"repair", guest.url(), "--from-journal"},
            {"repair", guest.url(), "--adopt", "--actor", "a", "--reason", "b"},
            {"seal", guest.url()},
        };
        for (const auto& with : changes) {
            b.check(b.migrator(with), 1, {"permission denied", "GRANT SELECT, INSERT, UPDATE, DELETE on"},
                    with);
            CHECK(store.rows() == before);
        }
        guest.grant("SELECT, INSERT, UPDATE, DELETE");
        CHECK(b.migrator({"repair", guest.url(), "--from-journal"}).code == 0);
        CHECK(b.migrator({"migrate", "--from", "memory", "--to", guest.url(), "--wagers", "80"}).code == 0);
    }
}

TEST_CASE("a policy that hides a pool from a role is told: no verb takes the rest for the whole") {
    const bench b;
    const place store = b.servers()[0];
    REQUIRE(store.engine() == "postgresql");
    const role guest(store);
    b.fill(store);
    guest.grant("ALL");
    store.sql(
        "ALTER TABLE jackpots ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY hides ON jackpots USING (\"group\" <> 'mega')");
    const auto before = store.rows();
    for (const arguments& with : {arguments{"validate", guest.url()},
                                  {"backup", guest.url()},
                                  {"repair", guest.url(), "--from-journal"},
                                  {"rollback", guest.url(), "--rollback-data-file", b.snapshot},
                                  {"migrate", "--from", b.good, "--to", guest.url()}}) {
        b.check(b.migrator(with), 1, {"row-level security", "BYPASSRLS"}, with);
    }
    CHECK(store.rows() == before);
    // The owner is under no policy.
    CHECK(b.migrator({"backup", store.url, "--output", (b.files / "whole.json").string()}).code == 0);
}

TEST_CASE("a file that may only be read is told with what makes it writable") {
    const bench b;
    const place store{b.files.url("readonly")};
    b.fill(store);
    const auto before = store.rows();
    const auto file = (b.files / "readonly").string();
    // For root no file is read-only: a copy of the program runs as nobody, in a folder that is not its own.
    const auto copy = (b.files / "migrator").string();
    std::filesystem::copy_file(JACKPOT_MIGRATOR, copy);
    run_shell("chmod 755 " + in_quotes((b.files / "").string()) + " && chmod 444 " + in_quotes(file) + "*");
    const std::string nobody =
        ::getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : std::string();
    const arguments changes[] = {{"seal", store.url},
                                 {"migrate", "--from", "memory", "--to", store.url, "--wagers", "80",
                                  "--log-file", "", "--no-backup"}};
    for (const auto& with : changes) {
        const auto done = run_shell(nobody + command_of(copy, with));
        CHECK_MESSAGE(done.code != 0, done.out);
        CHECK_MESSAGE(says(done, "ls -l FILE"), done.out);
        CHECK(store.rows() == before);
    }
    run_shell("chmod 777 " + in_quotes((b.files / "").string()) + " && chmod 666 " + in_quotes(file) + "*");
    for (const auto& with : changes) {
        CHECK(run_shell(nobody + command_of(copy, {"seal", store.url, "--off", "--alone"})).code == 0);
        const auto done = run_shell(nobody + command_of(copy, with));
        CHECK_MESSAGE(done.code == 0, done.out);
    }
}

TEST_CASE("a full disk under a file that is written: path, reason and remedy, and the file before it stays") {
    const bench b;
    const auto file = (b.files / "rollback-data.json").string();
    const auto dump = (b.files / "dump.sql").string();
    run_shell("sqlite3 " + in_quotes((b.files / "good").string()) + " .dump >" + in_quotes(dump));
    const arguments makes{"generate-rollback-data", "--backup-file", dump, "--output", file};
    const auto refused = [&](const std::string& before, const arguments& with, const std::string& said) {
        b.check(b.shell("{ " + before + command_of(JACKPOT_MIGRATOR, with) + " 2>&1; echo code $?; } | cat"),
                0, {"code 1\n", file + ": " + said, "df -h FOLDER", "--output FILE"}, with);
        for (const auto& entry : std::filesystem::directory_iterator(b.files / "")) {
            CHECK(!entry.path().filename().string().starts_with("rollback-data.json."));
        }
    };
    // A file of 512 bytes is all that there is room for. SQLite would need more itself.
    std::ofstream(file) << "before";
    refused("ulimit -f 1; ", makes, "cannot be written: File too large");
    CHECK(contents_of(file) == "before");
    for (const arguments& with : {arguments{"backup", b.good, "--output", file}, makes}) {
        run_shell("rm -rf " + file + "; mkdir -p " + file + "/x");
        refused("", with, "is no regular file, and is left alone");
        CHECK(std::filesystem::exists(file + "/x"));
        run_shell("rm -rf " + file);
        CHECK(b.migrator(with).code == 0);
    }
}

TEST_CASE("a full disk under the backup stops a migration and a rollback before they change anything") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        b.fill(store);
        const auto snapshot = (b.files / "snapshot.json").string();
        REQUIRE(b.migrator({"backup", store.url, "--output", snapshot}).code == 0);
        REQUIRE(b.migrator({"migrate", "--from", "memory", "--to", store.url, "--wagers", "70", "--quiet"})
                    .code == 0);
        const auto before = store.rows();
        const arguments changes[] = {
            {"migrate", "--from", "memory", "--to", store.url, "--wagers", "80", "--log-file", ""},
            {"rollback", store.url, "--rollback-data-file", snapshot, "--force-rollback"}};
        for (auto with : changes) {
            const auto whole = with;
            with.insert(with.end(), {"--backup-folder", (b.files / "good").string() + "/backups"});
            b.check(b.migrator(with), 1,
                    {"no backup could be made, and nothing was changed: ", "/good/backups: Not a directory",
                     "--backup-folder FOLDER"},
                    with);
            CHECK(store.rows() == before);
            // A file of 512 bytes is all that there is room for. SQLite would need more itself.
            if (store.engine() != "sqlite") {
                const auto folder = (b.files / "full").string();
                with.back() = folder;
                b.check(b.shell("{ ( ulimit -f 1; " + command_of(JACKPOT_MIGRATOR, with) +
                                "; echo code $? ) 2>&1 | cat; }"),
                        0,
                        {"code 1\n", "nothing was changed: " + folder + "/rollback-data-",
                         "cannot be written: File too large", "--backup-folder FOLDER"},
                        with);
                CHECK(store.rows() == before);
                CHECK(std::filesystem::is_empty(folder));
            }
        }
        CHECK(b.migrator(changes[0]).code == 0);
        CHECK(b.migrator(changes[1]).code == 0);
    }
    // Under the store itself: what is there is whole, and the same command goes on.
    const auto url = b.files.url("full.sqlite");
    b.check(b.migrator({"migrate", "--from", "memory", "--to", url + "?max_page_count=60", "--wagers", "3000",
                        "--max-retries", "0"}),
            1, {"Reason: unavailable", "is full", "make room where the store keeps its data"});
    CHECK(b.migrator({"migrate", "--from", "memory", "--to", url, "--wagers", "3000"}).code == 0);
}

TEST_CASE("data integrity violation: the pool is named, nothing is written, and repair makes it good") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        b.fill(store);
        for (const std::string edit : {"contribution_rate = '2'", "current_amount = -5"}) {
            CAPTURE(edit);
            store.edit_unchecked("UPDATE jackpots SET " + edit + " WHERE \"group\" = 'minor'");
            CHECK(store.sql("SELECT \"group\" FROM jackpots WHERE current_amount < 0 OR contribution_rate < 0"
                            " OR contribution_rate > 1") == "minor\n");
            const auto before = store.rows();
            const auto target = b.files.url("target");
            const arguments looks[] = {{"migrate", "--from", store.url, "--to", target, "--validate-only"},
                                       {"migrate", "--from", store.url, "--to", target, "--validate-data"},
                                       {"migrate", "--from", b.good, "--to", store.url, "--validate-only"}};
            for (const auto& with : looks) {
                b.check(b.migrator(with), 1,
                        {"❌ Migration validation failed: data integrity violation: the ", "minor",
                         "migrator validate STORE --detailed", "migrator repair STORE --from-journal"},
                        with);
            }
            CHECK(store.rows() == before);
            CHECK(!std::filesystem::exists(b.files / "target"));
            b.check(b.migrator({"validate", store.url, "--detailed"}), 1, {"pool minor: "});
            CHECK(b.migrator({"repair", store.url, "--from-journal"}).code == 0);
        }
        CHECK(b.migrator({"migrate", "--from", store.url, "--to", b.files.url("copy-" + store.engine())})
                  .code == 0);
        // A row that was edited as the remedy of old said, and a copy that is compared afterwards.
        store.sql("UPDATE jackpots SET contribution_rate = 0.5 WHERE \"group\" = 'minor'");
        b.check(b.migrator({"migrate", "--from", "memory", "--to", store.url, "--wagers", "60"}), 1,
                {"pools are not as its journal left them"});
        CHECK(b.migrator({"repair", store.url, "--adopt", "--actor", "ann", "--reason", "ticket 1"}).code ==
              0);
        // What was lifted for the edit stays so.
        CHECK(says(b.migrator({"validate", store.url}),
                   "✅ Data integrity check passed\n✅ Journal audit passed\n"));
    }
}

TEST_CASE("--validate-only finds what a migration or its proof would fail on") {
    const bench b;
    const auto looks = [&](const std::string& from, const std::string& to) {
        return b.migrator({"migrate", "--validate-only", "--from", from, "--to", to});
    };
    const auto edited = [&](const std::string& name, const std::string& sql) {
        const place store{b.files.url(name)};
        b.fill(store);
        store.sql(sql);
        return store.url;
    };
    const auto tampered = edited("tampered",
                                 "UPDATE jackpot_journal SET to_pool = to_pool + 1 WHERE sequence = 10"
                                 " AND part = 0");
    const auto keyless = edited("keyless",
                                "ALTER TABLE jackpot_journal RENAME TO a; CREATE TABLE jackpot_journal AS"
                                " SELECT * FROM a; DROP TABLE a");
    const auto other = b.files.url("diverged");
    REQUIRE(b.migrator({"migrate", "--from", "memory", "--to", other, "--wagers", "9", "--seed", "2"}).code ==
            0);
    for (const bool as_target : {false, true}) {
        CAPTURE(as_target);
        const auto with = [&](const std::string& store) {
            return as_target ? looks(b.good, store) : looks(store, b.files.url("new"));
        };
        b.check(with(tampered), 1, {"❌ Migration validation failed: ", "Journal audit failed: operation 10"});
        b.check(
            with(keyless), 1,
            {"❌ Migration validation failed: ", "Database schema validation failed: ", "not as required"});
    }
    b.check(looks(b.good, other), 1, {"❌ Migration validation failed: diverged", "choose an empty database"});
    CHECK(looks(b.good, b.files.url("new")).code == 0);
}

TEST_CASE("control characters from a file neither forge a line nor reach the terminal") {
    const bench b;
    const auto file = (b.files / "node.json").string();
    std::ofstream(file) << R"({"pools": [{"group": "a\u009bb", "currentAmount": 5, "seedAmount": 5,
        "contributionRate": 0.02, "totalContributions": 0, "totalWins": 0, "version": 1}],
        "timestamp": "2025-11-01T04:47:00.000Z", "migrationVersion": "1.0.0",
        "checksum": "x\n[2025-11-01T04:47:00.000Z] Fake \u001b[2J"})";
    const auto done = b.migrator({"migrate", "--from", file, "--to", b.files.url("target")});
    const auto validated = b.migrator({"validate", b.files.url("target"), "--detailed"});
    CHECK(validated.out.find("a\\u009bb") != std::string::npos);
    for (const auto& seen :
         {done.out + done.err, contents_of(b.files / "logs/jackpot-migration.log"), validated.out}) {
        CHECK(seen.find("\n[2025-11-01T04:47:00.000Z] Fake") == std::string::npos);
        CHECK(seen.find('\x1b') == std::string::npos);
        CHECK(seen.find("\xc2\x9b") == std::string::npos);
    }
    b.check(b.migrator({"migrate", "--from", "no\nfile\x1b", "--to", b.files.url("none")}), 1,
            {"no\n      file\\u001b"});
    for (const char* empty : {R"({"pools": [], "timestamp": "2025-11-01T04:47:00.000Z"})", "[]"}) {
        std::ofstream(file) << empty;
        b.check(b.migrator({"migrate", "--from", file, "--to", b.files.url("none")}), 1, {"Source refused"});
        CHECK(!std::filesystem::exists(b.files / "none"));
    }
}

TEST_CASE("a migration that stopped on the way is seen by validate --detailed and completed by --step") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        REQUIRE(b.migrator({"schema", "apply", store.url}).code == 0);
        store.stop_after(30);
        const arguments again{"migrate", "--from", b.good, "--to", store.url, "--batch-size=10"};
        b.check(b.migrator(again), 1, {"Status: ❌ Failed", "no more room", "Remedy: "}, again);
        CHECK(store.sql("SELECT sequence FROM jackpot_store") == "30\n");
        b.check(b.migrator({"validate", store.url, "--detailed", "--against", b.good}), 1,
                {"sequence: 30 here, 63 there", "migrator migrate copies the rest"});
        store.sql("DROP TRIGGER stop" +
                  std::string(store.engine() == "postgresql" ? " ON jackpot_journal" : ""));
        CHECK(b.migrator({"migrate", "--validate-only", "--from", b.good, "--to", store.url}).code == 0);
        CHECK(b.migrator({"migrate", "--step=contributions", "--from", b.good, "--to", store.url}).code == 0);
        CHECK(b.migrator({"validate", store.url, "--against", b.good}).code == 0);

        const auto before = store.rows();
        b.check(
            b.migrator({"migrate", "--from", "memory", "--seed", "2", "--wagers", "9", "--to", store.url}), 1,
            {"Reason: diverged", "choose an empty database"});
        CHECK(store.rows() == before);
        CHECK(b.migrator({"migrate", "--from", "memory", "--wagers", "70", "--to", store.url}).code == 0);
        REQUIRE(b.migrator({"seal", store.url}).code == 0);
        b.check(b.migrator({"rollback", store.url, "--rollback-data-file", b.snapshot, "--force-rollback",
                            "--no-backup"}),
                1, {"Reason: store_sealed", "migrator seal STORE --off --other OTHER"});
        REQUIRE(b.migrator({"seal", store.url, "--off", "--alone"}).code == 0);
    }
}

TEST_CASE("high database load is told once, with its remedy, while another holds the store's lock") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        b.fill(store);
        const auto before = store.rows();
        const auto busy =
            store.url + (store.url.find('?') == std::string::npos ? "?" : "&") + "busy_timeout=50";
        const lock held(b, store);
        const arguments impatient{"migrate",  "--from", "memory",        "--to", busy,
                                  "--wagers", "80",     "--max-retries", "0"};
        b.check(b.migrator(impatient), 1, {"Reason: unavailable", "--batch-size=50 --max-retries=5"},
                impatient);
        CHECK(store.rows() == before);
        const auto log = (b.files / "load.log").string();
        const auto patient =
            command_of(JACKPOT_MIGRATOR, {"migrate", "--from", "memory", "--to", busy, "--wagers", "80",
                                          "--batch-size", "5", "--max-retries", "1000", "--log-file", log});
        const auto done = b.shell("( " + patient + " ) & migration=$!\nuntil grep -qs 'High database load' " +
                                  log + "; do kill -0 $migration || exit 99; sleep 0.02; done\n" +
                                  held.release() + "\nwait $migration");
        CHECK_MESSAGE(done.code == 0, done.out, done.err);
        const std::string words =
            "⚠️ High database load detected during migration: a batch has to wait: unavailable";
        const auto first = done.out.find(words);
        CHECK_MESSAGE(first != std::string::npos, done.out);
        CHECK(done.out.find("High database load", first + words.size()) == std::string::npos);
        CHECK(says(done, "Remedy: run it with --batch-size=50 --max-retries=5"));
        CHECK(says(done, "JACKPOT_CONNECTION_POOL_SIZE=5"));
        std::filesystem::remove(log);
        CHECK(b.shell("JACKPOT_CONNECTION_POOL_SIZE=5 " +
                      command_of(JACKPOT_MIGRATOR, {"migrate", "--from", "memory", "--to", store.url,
                                                    "--wagers", "90", "--batch-size=50", "--max-retries=5"}))
                  .code == 0);
    }
}

TEST_CASE(
    "batches that become several times slower are load; a slow one now and then, and short ones, are not") {
    using std::chrono::milliseconds;
    migrator::load_watch watch;
    const auto took = [&](int ms) { return watch.took(milliseconds(ms)); };
    for (int i = 0; i < 9; ++i) {
        CHECK(!took(i == 4 ? 5000 : 100));
    }
    CHECK(!took(399));
    for (int i = 0; i < 5; ++i) {
        CHECK(!took(900));
        CHECK(!took(900));
        CHECK(!took(100));
    }
    CHECK(!took(401));
    CHECK(!took(401));
    CHECK(took(401));
    migrator::load_watch quick;
    for (int i = 0; i < 30; ++i) {
        CHECK(!quick.took(milliseconds(i < 9 ? 1 : 199)));
    }
}

}  // namespace
