// SPDX-License-Identifier: BSL-1.0
#include "bench.hpp"

#include <algorithm>
#include <unistd.h>

namespace {

using namespace test;

void run(const bench& b, const std::string& line) {
    static_cast<void>(b.shell(line));
}

/// A migrator that follows beside the test, in the bench's folder; ended by SIGKILL where it did not end.
class following {
public:
    following(const bench& b, const std::string& from, const std::string& to)
        : b_(b), log_(b.files / "follow.out") {
        std::filesystem::remove(log_);
        const auto command =
            command_of(JACKPOT_MIGRATOR, {"migrate", "--from", from, "--to", to, "--follow", "--no-backup"});
        run(b, ":; { " + command + " >follow.out 2>&1; echo code $? >>follow.out; } & echo $! >follow.pid");
    }
    ~following() {
        run(b_, "pkill -KILL -P $(cat follow.pid); until grep -qs '^code ' follow.out; do sleep 0.05; done");
    }
    following(const following&) = delete;
    following& operator=(const following&) = delete;

    [[nodiscard]] std::string output() const { return contents_of(log_); }
    void wait_for(const std::string& words) const {
        for (int tries = 0; output().find(words) == std::string::npos; ++tries) {
            REQUIRE_MESSAGE((tries < 3000 && output().find("\ncode ") == std::string::npos), words, "\n",
                            output());
            ::usleep(20'000);
        }
    }
    /// Its exit code, once it has ended.
    [[nodiscard]] std::string code() const {
        for (int tries = 0; output().find("\ncode ") == std::string::npos; ++tries) {
            REQUIRE_MESSAGE(tries < 3000, output());
            ::usleep(20'000);
        }
        const auto text = output();
        return text.substr(text.rfind("code ") + 5);
    }

private:
    const bench& b_;
    std::filesystem::path log_;
};

void wait_until(const bench& b, const arguments& with, const std::string& words) {
    for (int tries = 0; !says(b.migrator(with), words); ++tries) {
        REQUIRE_MESSAGE(tries < 200, words, "\n", b.migrator(with).out);
        ::usleep(50'000);
    }
}

TEST_CASE("the second operator hears who is at work, and a dead one's word counts for nothing") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        b.fill(store);
        const auto copy = b.files.url("copy-" + store.engine());
        const auto into = [&](const std::string& more) {
            return b.shell(
                command_of(JACKPOT_MIGRATOR, {"migrate", "--from", store.url, "--to", copy, "--no-backup"}) +
                " " + more);
        };
        {
            const following first(b, store.url, copy);
            first.wait_for("Following the source");
            const auto second = into("");
            b.check(
                second, 1,
                {"somebody is at work on it: ", "(pid ", "migrate --follow from ", "seen ", "--break-lock"});
            CHECK(says(b.migrator({"status", store.url}), "Followed by: "));
            wait_until(b, {"status", store.url}, ", 0 behind");
            CHECK(b.migrator({"migrate", "--from", b.good, "--to", copy, "--dry-run"}).code == 0);
            const auto five = b.shell(
                "for i in 1 2 3 4 5; do { " +
                command_of(JACKPOT_MIGRATOR, {"migrate", "--from", store.url, "--to", copy}) +
                " --log-file '' >$i.five 2>&1; echo $? >$i.code; } & done; wait; cat ?.code; rm ?.code");
            CHECK(five.out == "1\n1\n1\n1\n1\n");
            const auto beside = into("--break-lock");
            CHECK_MESSAGE(beside.code == 0, beside.out);
        }
        // It was killed, and said nothing more.
        const auto after = into("");
        CHECK_MESSAGE(after.code == 0, after.out);
        CHECK(!says(b.migrator({"status", copy}), "At work"));
        // One of another host is believed until it was silent for a minute.
        const place there{copy};
        const auto now = "strftime('%s', 'now') * 1000000";
        there.sql(
            std::string("INSERT INTO jackpot_work VALUES ('works', 't', 'eve@far', 'far', 7, 'rollback', "
                        "'copying', ") +
            now + ", " + now + ", 0, 0)");
        b.check(into(""), 1, {"eve@far (pid 7): rollback"});
        there.sql("UPDATE jackpot_work SET seen_at = seen_at - 61000000");
        CHECK(into("").code == 0);
        CHECK(b.migrator({"validate", copy, "--against", store.url}).code == 0);
    }
}

TEST_CASE("five who come at once to an empty store: those who are refused hear why, and the store is right") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        const auto one =
            command_of(JACKPOT_MIGRATOR, {"migrate", "--from", "memory", "--wagers", "1500", "--batch-size",
                                          "20", "--no-backup", "--to", store.url});
        REQUIRE(b.migrator({"schema", "apply", store.url}).code == 0);
        run(b, ":; for i in 1 2 3 4 5; do { " + one +
                   " --log-file $i.log >$i.out 2>&1; echo $? >$i.code; } & done; wait");
        int done = 0;
        for (const char* i : {"1", "2", "3", "4", "5"}) {
            const bool well = contents_of(b.files / (std::string(i) + ".code")) == "0\n";
            const auto said = contents_of(b.files / (std::string(i) + ".out"));
            done += well ? 1 : 0;
            CHECK_MESSAGE((well || said.find("somebody is at work on it: ") != std::string::npos), said);
        }
        CHECK(done > 0);
        CHECK(b.migrator({"validate", store.url}).code == 0);
    }
}

TEST_CASE("a rollback is refused while somebody is at work on the store") {
    const bench b;
    const place store{b.good};
    REQUIRE(run_program(JACKPOT_REPLAY, {"--store", b.good}, R"({"op":"contribute","game":"g","wager":100})")
                .code == 0);
    store.sql(
        "INSERT INTO jackpot_work VALUES ('works', 't', 'eve@far', 'far', 7, 'migrate', 'copying', "
        "strftime('%s', 'now') * 1000000, strftime('%s', 'now') * 1000000, 0, 0)");
    const arguments back{"rollback", b.good, "--rollback-data-file", b.snapshot, "--force-rollback"};
    const auto before = store.rows();
    b.check(b.migrator(back), 1, {"eve@far (pid 7): migrate"});
    CHECK(store.rows() == before);
    auto beside = back;
    beside.push_back("--break-lock");
    CHECK(b.migrator(beside).code == 0);
}

TEST_CASE("where nobody may say who is at work, the work is done all the same") {
    const bench b;
    const auto store = b.servers()[0];
    REQUIRE(store.engine() == "postgresql");
    b.fill(store);
    store.sql("DROP TABLE jackpot_work");
    const role guest(store);
    guest.grant("SELECT, INSERT, UPDATE, DELETE");
    const auto done = b.migrator({"migrate", "--from", "memory", "--wagers", "70", "--to", guest.url()});
    CHECK_MESSAGE(done.code == 0, done.out);
    CHECK(store.tables().find("jackpot_work") == std::string::npos);
    CHECK(b.migrator({"status", guest.url()}).code == 0);
    b.check(b.migrator({"cut-over", guest.url(), "--yes"}), 1, {"nobody follows into it"});
}

/// Puts in wagers with keys, each until a store takes it; once feed.end is there feed.done tells how many
/// were acknowledged.
void feed(const bench& b, const std::string& from, const std::string& to) {
    std::ofstream(b.files / "feed.sh")
        << "n=0\nuntil [ -e feed.end ]; do\n"
           "  wager='{\"op\":\"contribute\",\"game\":\"g\",\"wager\":1000,\"key\":\"k'$n'\"}'\n"
           "  for store in "
        << in_quotes(from) << " " << in_quotes(to)
        << "; do\n"
           "    if echo \"$wager\" | "
        << in_quotes(JACKPOT_REPLAY)
        << " --store \"$store\" 2>/dev/null | grep -q '\"ok\":true'; then n=$((n + 1)); break; fi\n"
           "  done\ndone\necho $n >feed.done\n";
    run(b, "rm -f feed.end feed.done; sh feed.sh >/dev/null 2>&1 &");
}

TEST_CASE("a cut-over is asked for, asked about, put off, taken back and done, under load; nothing is lost") {
    const bench b;
    auto places = b.servers();
    places.push_back({b.good});
    for (const auto& source : places) {
        CAPTURE(source.url);
        if (source.url != b.good) {
            b.fill(source);
        }
        const auto to = b.files.url("moved-" + source.engine());
        b.check(b.migrator({"cut-over", source.url, "--yes"}), 1, {"nobody follows into it"});
        const following it(b, source.url, to);
        it.wait_for("Following the source");
        feed(b, source.url, to);
        wait_until(b, {"status", to}, "following since");
        b.check(b.migrator({"cut-over", source.url, "--yes"}), 1, {"the target is to be named"});

        CHECK(b.migrator({"cut-over", to, "--in", "3600", "--yes"}).code == 0);
        CHECK(says(b.migrator({"status", to}), "Cut-over: due at "));
        // Long enough for what is asked next, and then waited for where that costs least.
        const auto until_it_was_due = [&] { ::usleep(source.url == b.good ? 5'500'000 : 100'000); };
        CHECK(b.migrator({"cut-over", to, "--in", "4"}).code == 0);
        CHECK(b.migrator({"cut-over", to, "--in", "7200"}).code == 0);
        until_it_was_due();
        CHECK(says(b.migrator({"status", source.url}), "Takes changes: yes"));
        CHECK(b.migrator({"cut-over", to, "--in", "4"}).code == 0);
        CHECK(b.migrator({"cut-over", to, "--cancel"}).code == 0);
        until_it_was_due();
        CHECK(says(b.migrator({"status", source.url}), "Takes changes: yes"));
        CHECK(!says(b.migrator({"status", to}), "Cut-over: "));

        CHECK(b.migrator({"cut-over", to}).code == 0);
        CHECK_MESSAGE(it.code() == "0\n", it.output());
        b.check(b.migrator({"cut-over", to, "--cancel"}), 1, {});
        CHECK(says(b.migrator({"status", source.url}), "Takes changes: no"));
        run(b, "touch feed.end; until [ -s feed.done ]; do sleep 0.05; done");
        const place there{to};
        const auto acknowledged = contents_of(b.files / "feed.done");
        CHECK(std::stoi(acknowledged) > 0);
        CHECK(there.sql("SELECT COUNT(DISTINCT \"key\") FROM jackpot_journal WHERE \"key\" LIKE 'k%'") ==
              acknowledged);
        CHECK(b.migrator({"validate", to}).code == 0);
    }
}

}  // namespace
