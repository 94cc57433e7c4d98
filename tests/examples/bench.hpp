// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_EXAMPLES_BENCH_HPP
#define JACKPOT_TESTS_EXAMPLES_BENCH_HPP

#include "program.hpp"

#include <unistd.h>

namespace test {

inline bool says(const outcome& done, std::string_view words) {
    return (done.out + done.err).find(words) != std::string::npos;
}

/// Where a store is or may be, as its engine's own client sees it.
struct place {
    std::string url;

    [[nodiscard]] std::string engine() const { return url.substr(0, url.find(':')); }

    [[nodiscard]] std::string client_command() const {
        if (engine() == "sqlite") {
            return "sqlite3 -bail " + in_quotes(url.substr(9, url.find('?') - 9));
        }
        if (engine() == "postgresql") {
            return "psql -XqAt -v ON_ERROR_STOP=1 " + in_quotes(url);
        }
        const auto database = url.substr(url.find('/', 8) + 1);
        return "mariadb --no-defaults -N -S " + in_quotes(url.substr(url.find("socket=") + 7)) + " -u " +
               in_quotes(url.substr(8, url.find('@') - 8)) + " " +
               in_quotes(database.substr(0, database.find('?')));
    }
    [[nodiscard]] outcome client(const std::string& script) const {
        return run_shell(client_command(), script);
    }
    /// What the client prints for these statements, columns apart as it likes.
    std::string sql(const std::string& statements) const {
        const auto done =
            client((engine() == "mysql" ? "SET sql_mode = 'ANSI_QUOTES';\n" : "") + statements + ";");
        REQUIRE_MESSAGE(done.code == 0, statements, "\n", done.err);
        return done.out;
    }
    /// What only people do, who first lift what the engine checks.
    void edit_unchecked(const std::string& statement) const {
        const std::string lift =
            engine() == "sqlite" ? "PRAGMA ignore_check_constraints = ON; "
            : engine() == "mysql"
                ? "SET check_constraint_checks = 0; "
                : "DO $$ DECLARE c text; BEGIN FOR c IN SELECT conname FROM pg_constraint WHERE"
                  " contype = 'c' AND conrelid = 'jackpots'::regclass LOOP EXECUTE"
                  " 'ALTER TABLE jackpots DROP CONSTRAINT ' || c; END LOOP; END $$; ";
        sql(lift + statement);
    }
    /// Has the journal take no operation after that one.
    void stop_after(int sequence) const {
        const auto number = std::to_string(sequence);
        const std::string begin = "CREATE TRIGGER stop BEFORE INSERT ON jackpot_journal ";
        if (engine() == "sqlite") {
            sql(begin + "WHEN NEW.sequence > " + number + " BEGIN SELECT RAISE(ABORT, 'no more room'); END");
        } else if (engine() == "mysql") {
            sql("DELIMITER //\n" + begin + "FOR EACH ROW IF NEW.sequence > " + number +
                " THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more room'; END IF//\nDELIMITER "
                ";\nSELECT 1");
        } else {
            sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'no more room'; END $$; " +
                begin + "FOR EACH ROW WHEN (NEW.sequence > " + number + ") EXECUTE FUNCTION refuse()");
        }
    }
    [[nodiscard]] std::string rows() const {
        return sql(
            "SELECT * FROM jackpots ORDER BY \"group\"; SELECT * FROM jackpot_store;"
            " SELECT * FROM jackpot_journal ORDER BY sequence, part; SELECT * FROM jackpot_schema");
    }
    [[nodiscard]] std::string tables() const {
        return sql(
            engine() == "sqlite"
                ? "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
                : std::string("SELECT table_name FROM information_schema.tables WHERE table_schema = ") +
                      (engine() == "mysql" ? "database()" : "current_schema()") + " ORDER BY table_name");
    }
};

/// A folder to run the migrator in, a good store with 63 operations, and rollback data of it.
struct bench {
    const scratch files;
    std::string good = files.url("good");
    std::string snapshot = (files / "good.json").string();

    bench() {
        fill({good});
        REQUIRE(migrator({"backup", good, "--output", snapshot}).code == 0);
    }

    [[nodiscard]] outcome shell(const std::string& command) const {
        return run_shell("cd " + (files / "").string() + " && " + command);
    }
    [[nodiscard]] outcome migrator(const arguments& with) const {
        return shell(command_of(JACKPOT_MIGRATOR, with));
    }
    void fill(const place& store) const {
        const auto done =
            migrator({"migrate", "--from", "memory", "--to", store.url, "--wagers", "60", "--quiet"});
        REQUIRE_MESSAGE(done.code == 0, done.out, done.err);
    }
    [[nodiscard]] std::vector<place> servers() const {
        std::vector<place> all;
        for (const auto& url : new_places()) {
            all.push_back({url});
        }
        return all;
    }
    [[nodiscard]] std::vector<place> places() const {
        auto all = servers();
        all.push_back({files.url("store")});
        return all;
    }

    /// Each verb that takes a store, on that one.
    [[nodiscard]] std::vector<arguments> verbs(const std::string& url) const {
        const auto other = files.url("other");
        return {{"statement", url},
                {"history", url},
                {"validate", url},
                {"validate", url, "--schema-only"},
                {"validate", good, "--against", url},
                {"schema", "status", url},
                {"schema", "apply", url},
                {"repair", url, "--from-journal"},
                {"repair", url, "--adopt", "--actor", "a", "--reason", "b"},
                {"backup", url},
                {"rollback", url, "--rollback-data-file", snapshot},
                {"seal", url},
                {"seal", url, "--off", "--alone"},
                {"migrate", "--from", url, "--to", other},
                {"migrate", "--from", url, "--to", other, "--follow"},
                {"migrate", "--from", good, "--to", url},
                {"migrate", "--from", good, "--to", url, "--dry-run"},
                {"migrate", "--from", good, "--to", url, "--validate-only"},
                {"migrate", "--from", good, "--to", url, "--json"}};
    }

    /// Refused with that code, in these words, a remedy and no password; and no file but `kept` was left
    /// behind.
    void check(const outcome& done, int code, const std::vector<std::string>& words,
               const arguments& with = {}, std::string_view kept = {}) const {
        const auto command = with.empty() ? std::string() : command_of("migrator", with);
        CHECK_MESSAGE(done.code == code, command, "\n", done.out, done.err);
        for (const auto& each : words) {
            CHECK_MESSAGE(says(done, each), "not said: ", each, "\n", command, "\n", done.out, done.err);
        }
        CHECK_MESSAGE((says(done, "Remedy: ") || says(done, "\"remedy\": ")), command, "\n", done.out);
        CHECK_MESSAGE(!says(done, "hunter2"), command, "\n", done.out, done.err);
        CHECK(contents_of(files / "logs/jackpot-migration.log").find("hunter2") == std::string::npos);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(files / "")) {
            const auto name = entry.path().filename().string();
            CHECK_MESSAGE((!name.ends_with(".new") || name == kept), entry.path().string());
        }
        CHECK(!std::filesystem::exists(files / "other"));
    }
};

/// Somebody who may do on a place what is granted, and no more; gone with this.
class role {
public:
    explicit role(place owner) : owner_(std::move(owner)), mysql_(owner_.engine() == "mysql") {
        const auto at = owner_.url.rfind("jackpot_");
        const auto end = owner_.url.find('?', at);
        schema_ = owner_.url.substr(at, end == std::string::npos ? end : end - at);
        name_ = "r" + schema_.substr(schema_.size() - 16);
        owner_.sql(mysql_ ? "CREATE USER " + name_ + "@localhost; GRANT SHOW VIEW ON " + schema_ + ".* TO " +
                                name_ + "@localhost"
                          : "CREATE ROLE " + name_ + " LOGIN; GRANT USAGE ON SCHEMA " + schema_ + " TO " +
                                name_);
    }
    ~role() {
        owner_.sql(mysql_ ? "DROP USER " + name_ + "@localhost"
                          : "DROP OWNED BY " + name_ + "; DROP ROLE " + name_);
    }
    role(const role&) = delete;
    role& operator=(const role&) = delete;

    void grant(const std::string& what) const {
        owner_.sql("GRANT " + what +
                   (mysql_ ? " ON " + schema_ + ".* TO " + name_ + "@localhost"
                           : " ON ALL TABLES IN SCHEMA " + schema_ + " TO " + name_));
    }
    [[nodiscard]] std::string url() const {
        const std::string owner = mysql_ ? "jackpot@" : "user=jackpot";
        auto url = owner_.url;
        return url.replace(url.find(owner), owner.size(), mysql_ ? name_ + "@" : "user=" + name_);
    }

private:
    place owner_;
    bool mysql_;
    std::string schema_;
    std::string name_;
};

/// A transaction of another client, which holds the store's row until it is released.
class lock {
public:
    lock(const bench& b, const place& store) : folder_((b.files / ("lock-" + store.engine())).string()) {
        const auto shell = store.engine() == "sqlite" ? ".shell" : "\\!";
        const auto begin = store.engine() == "sqlite" ? "BEGIN IMMEDIATE;" : "BEGIN;";
        std::filesystem::create_directory(folder_);
        std::ofstream(folder_ + "/script")
            << begin << "\nUPDATE jackpot_store SET sealed = sealed;\n"
            << shell << " touch " << folder_ << "/held\n"
            << shell << " until test -e " << folder_ << "/release; do sleep 0.02; done\n";
        const auto done = run_shell("{ " + store.client_command() + " <" + folder_ + "/script >" + folder_ +
                                    "/log 2>&1 & } ; until test -e " + folder_ +
                                    "/held; do kill -0 $! || exit 1; sleep 0.02; done");
        REQUIRE_MESSAGE(done.code == 0, contents_of(folder_ + "/log"));
    }
    ~lock() { run_shell(release()); }
    lock(const lock&) = delete;
    lock& operator=(const lock&) = delete;

    [[nodiscard]] std::string release() const {
        return "mkdir -p " + folder_ + "; touch " + folder_ + "/release";
    }

private:
    std::string folder_;
};

}  // namespace test

#endif
