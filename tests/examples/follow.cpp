// SPDX-License-Identifier: BSL-1.0
#include "../soci/server.hpp"
#include "program.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/soci.hpp>

#include <atomic>
#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace test;
using jackpot::soci_storage;

/// A migrator that runs beside the test.
class follower {
public:
    follower(const scratch& files, const std::string& from, const std::string& to)
        : output_((files / "follow.log").string()) {
        // What the one before it said is not its own.
        std::filesystem::remove(output_);
        child_ = ::fork();
        if (child_ == 0) {
            const std::string command =
                "cd " + (files / "").string() + " && exec " +
                command_of(JACKPOT_MIGRATOR, {"migrate", "--from", from, "--to", to, "--follow",
                                              "--batch-size", "50", "--no-backup"}) +
                " >" + output_ + " 2>&1";
            ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
            ::_exit(127);
        }
    }
    ~follower() {
        if (child_ > 0) {
            end(SIGKILL);
        }
    }
    follower(const follower&) = delete;
    follower& operator=(const follower&) = delete;

    void wait_until_following() const { wait_for("Following the source"); }
    void wait_for(const std::string& words) const {
        while (contents_of(output_).find(words) == std::string::npos) {
            REQUIRE_MESSAGE(::waitpid(child_, nullptr, WNOHANG) == 0, contents_of(output_));
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    void tell(int signal) const { ::kill(child_, signal); }
    /// Its exit code, or 128 and the signal; 0 is no signal.
    int end(int signal) {
        ::kill(child_, signal);
        int status = 0;
        ::waitpid(std::exchange(child_, 0), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    [[nodiscard]] std::string output() const { return contents_of(output_); }

private:
    std::string output_;
    pid_t child_;
};

constexpr int threads = 4;

/// A client that does as the guide says until `over`: what is refused as store_sealed goes to the other
/// store, with the same key; it pauses where both say so. How many wagers were acknowledged.
int feed(const std::string& from, const std::string& to, int thread, const std::atomic<bool>& over) {
    soci_storage stores[] = {*soci_storage::open(from, jackpot::open_mode::existing),
                             *soci_storage::open(to, jackpot::open_mode::existing)};
    jackpot::network<soci_storage> networks[] = {jackpot::network<soci_storage>(stores[0]),
                                                 jackpot::network<soci_storage>(stores[1])};
    // Every other one has heard of the target, and asks it first.
    int at = thread % 2;
    int done = 0;
    for (; !over; ++done) {
        const jackpot::name key(std::to_string(thread) + "-" + std::to_string(done));
        for (int vain = 0;; ++vain) {
            const auto receipt = networks[at].contribute({.game = "slots-1", .wager = 1000, .key = key});
            if (receipt) {
                REQUIRE(receipt->parts.size() == 3);
                break;
            }
            const bool sealed = receipt.error().code == jackpot::errc::store_sealed;
            REQUIRE_MESSAGE((sealed || receipt.error().retryable()),
                            std::string(to_text(receipt.error()).view()));
            REQUIRE(vain < 1000);
            at = sealed ? 1 - at : at;
            if (vain % 2 == 1) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10 << (std::min)(vain / 2, 4)));
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return done;
}

jackpot::snapshot states_of(const std::string& url) {
    auto store = *soci_storage::open(url, jackpot::open_mode::existing);
    jackpot::snapshot states;
    REQUIRE(store.load(states).has_value());
    return states;
}

bool sealed(const std::string& url) {
    return states_of(url).head.sealed;
}

outcome migrate(const scratch& files, arguments more) {
    more.insert(more.begin(), "migrate");
    return run_shell("cd " + in_quotes((files / "").string()) + " && timeout 60 " +
                     command_of(JACKPOT_MIGRATOR, more) + " 2>&1");
}

outcome seal_off(const std::string& store, const std::string& other) {
    return run_program(JACKPOT_MIGRATOR, {"seal", store, "--off", "--other", other});
}

/// Clients that know both stores, until they are told to end.
class clients {
public:
    clients(const std::string& from, const std::string& to) {
        for (int i = 0; i < threads; ++i) {
            feeding_.emplace_back([this, from, to, i] { acknowledged_ += feed(from, to, i, over_); });
        }
    }
    ~clients() { end(); }
    clients(const clients&) = delete;
    clients& operator=(const clients&) = delete;

    /// How many wagers were acknowledged.
    std::uint64_t end() {
        over_ = true;
        for (auto& thread : feeding_) {
            thread.join();
        }
        feeding_.clear();
        return static_cast<std::uint64_t>(acknowledged_);
    }

private:
    std::atomic<bool> over_ = false;
    std::atomic<int> acknowledged_ = 0;
    std::vector<std::thread> feeding_;
};

void check_follow(const std::string& from, const std::string& to) {
    const scratch files;
    REQUIRE(migrate(files, {"--from", "memory", "--to", from, "--wagers", "200", "--quiet"}).code == 0);
    std::optional<clients> feeding;
    {
        // Killed on the way it leaves whole operations, and another one goes on from there.
        follower killed(files, from, to);
        killed.wait_until_following();
        feeding.emplace(from, to);
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        CHECK(killed.end(SIGKILL) == 128 + SIGKILL);
    }
    CHECK(sealed(to));
    CHECK_FALSE(sealed(from));
    {
        follower killed(files, from, to);
        killed.wait_until_following();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        killed.tell(SIGUSR1);
        killed.wait_for("The source is sealed");
        CHECK(killed.end(SIGKILL) == 128 + SIGKILL);
    }
    CHECK(sealed(from));
    follower last(files, from, to);
    CHECK(last.end(0) == 0);
    const auto output = last.output();
    CHECK_MESSAGE(output.find("✅ Migration validation passed") != std::string::npos, output);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const auto acknowledged = feeding->end();

    const auto source = states_of(from);
    const auto target = states_of(to);
    CHECK(source.head.sealed);
    CHECK(!target.head.sealed);
    CHECK(target.head.sequence > source.head.sequence);
    CHECK(target.head.sequence == 203 + acknowledged);
    auto store = *soci_storage::open(to, jackpot::open_mode::existing);
    const auto audited = audit(store);
    REQUIRE(audited.has_value());
    CHECK(audited->clean());
    // Run once more it finds that all is done; and there is no way back but by another cut-over.
    const auto again = migrate(files, {"--from", from, "--to", to, "--cut-over"});
    CHECK_MESSAGE(again.code == 0, again.out);
    CHECK(again.out.find("went on since") != std::string::npos);
    CHECK(seal_off(from, to).code == 1);
    CHECK(sealed(from));
}

TEST_CASE("a source that goes on taking wagers is followed, cut over, and nothing is lost or doubled") {
    const scratch files;
    check_follow(files.url("source"), files.url("target"));
    const auto from = new_places();
    const auto to = new_places();
    check_follow(from[0], to[0]);
    check_follow(from[1], to[1]);
}

void fill(const std::string& url) {
    REQUIRE(run_program(JACKPOT_MIGRATOR, {"migrate", "--from", "memory", "--to", url, "--wagers", "20",
                                           "--quiet", "--log-file", ""})
                .code == 0);
}

void wager(const std::string& url) {
    REQUIRE(
        run_program(JACKPOT_REPLAY, {"--store", url}, R"({"op":"contribute","game":"g","wager":100})").code ==
        0);
}

TEST_CASE("a store that is copied into itself under another URL is told, and not left sealed") {
    for (const auto& url : new_places()) {
        const scratch files;
        fill(url);
        const auto itself = migrate(files, {"--from", url, "--to", url + "&busy_timeout=5001", "--follow"});
        CHECK(itself.code == 1);
        CHECK_MESSAGE(itself.out.find("both are one store") != std::string::npos, itself.out);
        CHECK(!sealed(url));
    }
}

TEST_CASE(
    "a cut-over whose proof fails leaves both stores sealed, and can be given up for the source alone") {
    const scratch files;
    const auto from = files.url("from");
    const auto to = files.url("to");
    const auto other = files.url("other");
    fill(from);
    {
        follower last(files, from, to);
        last.wait_until_following();
        run_program("sqlite3", {(files / "to").string(),
                                "UPDATE jackpot_journal SET game = 'x' WHERE sequence = 10 AND part = 0"});
        CHECK(last.end(SIGUSR1) == 1);
        CHECK_MESSAGE(last.output().find("migrator seal SOURCE --off --other TARGET") != std::string::npos,
                      last.output());
    }
    CHECK(sealed(from));
    CHECK(sealed(to));
    CHECK(seal_off(from, to).code == 0);
    CHECK(!sealed(from));
    CHECK(seal_off(to, from).code == 1);
    CHECK(sealed(to));
    const auto again = migrate(files, {"--from", from, "--to", other, "--cut-over"});
    CHECK_MESSAGE(again.code == 0, again.out);
    CHECK(again.out.find("The source is sealed") != std::string::npos);
    CHECK(sealed(from));
    CHECK(!sealed(other));
    const auto refused = seal_off(from, other);
    CHECK(refused.code == 1);
    CHECK(refused.out.find("the other store takes operations") != std::string::npos);
    CHECK(run_program(JACKPOT_MIGRATOR, {"seal", from, "--off"}).code == 2);
}

TEST_CASE("a copy of a source that goes on is sound as it is, and sealed till the cut-over") {
    const scratch files;
    const auto from = files.url("from");
    const auto to = files.url("to");
    REQUIRE(migrate(files, {"--from", "memory", "--to", from, "--wagers", "3000", "--quiet"}).code == 0);
    CHECK(!sealed(from));
    REQUIRE(migrate(files, {"--from", from, "--to", to, "--quiet"}).code == 0);
    const auto begun = states_of(from).head.sequence;
    clients feeding(from, to);
    for (int round = 0; round < 2; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        const auto before = states_of(to).head.sequence;
        const auto live = migrate(files, {"--from", from, "--to", to});
        CHECK_MESSAGE(live.code == 0, live.out);
        CHECK(live.out.find("✅ Migration validation passed") != std::string::npos);
        CHECK(live.out.find("The target is sealed while the source may take changes") != std::string::npos);
        CHECK(states_of(to).head.sequence > before);
        CHECK(sealed(to));
    }
    REQUIRE(migrate(files, {"--from", from, "--to", to, "--cut-over"}).code == 0);
    const auto acknowledged = feeding.end();  // those who went on to the target, too
    CHECK(states_of(to).head.sequence == begun + acknowledged);
}

TEST_CASE("a target with a history of its own is left open as it was") {
    const scratch files;
    const auto from = files.url("from");
    const auto to = files.url("to");
    fill(from);
    REQUIRE(migrate(files, {"--from", from, "--to", to, "--quiet"}).code == 0);
    REQUIRE(run_program(JACKPOT_MIGRATOR, {"seal", to, "--off", "--alone"}).code == 0);
    wager(to);
    wager(from);
    wager(from);
    const auto before = states_of(to);
    const auto split = migrate(files, {"--from", from, "--to", to, "--cut-over"});
    CHECK(split.code == 1);
    CHECK_MESSAGE(split.out.find("diverged") != std::string::npos, split.out);
    CHECK(states_of(to) == before);
    CHECK(!sealed(from));
}

TEST_CASE("while it follows it shows the lag, and waits for a server that is restarted") {
    const scratch files;
    const server postgresql("postgresql");
    const auto from = postgresql.url();
    const auto to = files.url("to");
    fill(from);
    follower last(files, from, to);
    last.wait_until_following();
    CHECK(last.output().find("lag: ") == std::string::npos);
    wager(from);
    last.wait_for("lag: ");
    const auto host = from.substr(from.find("host=") + 5);
    const auto where = " postgresql " + host.substr(0, host.find('&'));
    REQUIRE(run_shell("sh '" JACKPOT_SERVERS "' stop" + where).code == 0);
    last.wait_for("trying again in 2 s (2 of 3)");
    REQUIRE(run_shell("sh '" JACKPOT_SERVERS "' start" + where).code == 0);
    wager(from);
    last.wait_for("Copied up to operation 25; lag: 0 operations");
    CHECK(last.end(SIGUSR1) == 0);
    CHECK(last.output().find("✅ Migration validation passed") != std::string::npos);
}

TEST_CASE("the table of the service before cannot be followed, and says that the service is to be stopped") {
    const scratch files;
    run_program("sqlite3",
                {(files / "node").string(),
                 "CREATE TABLE jackpots (\"group\" TEXT, current_amount BIGINT, seed_amount BIGINT,"
                 " max_amount BIGINT, contribution_rate REAL, total_contributions BIGINT, total_wins BIGINT,"
                 " contributions TEXT, wins TEXT, version INTEGER, last_modified_at TEXT, created_at TEXT);"
                 "INSERT INTO jackpots VALUES ('minor', 100050, 100000, 1000000, 0.02, 50, 0, '[]', '[]', 2,"
                 " '2025-11-01 04:47:00', '2025-10-01 00:00:00')"});
    const auto copies = [&](arguments more) {
        more.insert(more.begin(), {"migrate", "--from", files.url("node"), "--to", files.url("to")});
        return run_shell("cd " + in_quotes((files / "").string()) + " && " +
                         command_of(JACKPOT_MIGRATOR, more));
    };
    const auto followed = copies({"--follow"});
    CHECK(followed.code == 2);
    CHECK_MESSAGE(followed.out.find("pools of the Node service are copied once") != std::string::npos,
                  followed.out);
    CHECK(!std::filesystem::exists(files / "to"));
    const auto copied = copies({});
    CHECK_MESSAGE(copied.code == 0, copied.out);
    CHECK(copied.out.find("what a service that still runs takes is not copied. Stop it") !=
          std::string::npos);
}

}  // namespace
