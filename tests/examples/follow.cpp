// SPDX-License-Identifier: BSL-1.0
#include "../soci/server.hpp"
#include "program.hpp"

#include <jackpot/audit.hpp>
#include <jackpot/network.hpp>
#include <jackpot/soci.hpp>
#include <jackpot/system.hpp>

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
    /// Its exit code, or 128 and the signal.
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

/// Wagers with keys until `stop`; where the source is sealed, the same again at the target, and on from
/// there. How many wagers were acknowledged.
int feed(const std::string& from, const std::string& to, int thread, const std::atomic<int>& phase) {
    auto source = soci_storage::open(from, jackpot::open_mode::existing);
    REQUIRE(source.has_value());
    jackpot::network<soci_storage> before(*source, {}, {.attempts = 1000});
    std::optional<soci_storage> target;
    std::optional<jackpot::network<soci_storage>> after;
    int done = 0;
    for (; phase < 2; ++done) {
        const jackpot::name key(std::to_string(thread) + "-" + std::to_string(done));
        const jackpot::contribute_request wager{.game = "slots-1", .wager = 1000, .key = key};
        for (;;) {
            const auto receipt = after ? after->contribute(wager) : before.contribute(wager);
            if (receipt) {
                break;
            }
            if (receipt.error().code == jackpot::errc::store_sealed && !after) {
                // Until the copy is complete nobody may write to the target.
                while (phase < 1) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                }
                target.emplace(std::move(*soci_storage::open(to, jackpot::open_mode::existing)));
                after.emplace(*target, jackpot::system_environment(),
                              jackpot::retry_policy{.attempts = 1000});
            } else {
                REQUIRE_MESSAGE(receipt.error().retryable(), std::string(to_text(receipt.error()).view()));
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return done;
}

void check_follow(const std::string& from, const std::string& to) {
    const scratch files;
    REQUIRE(run_shell("cd " + (files / "").string() + " && " +
                      command_of(JACKPOT_MIGRATOR, {"migrate", "--to", from, "--wagers", "200", "--quiet"}))
                .code == 0);
    std::atomic<int> phase = 0;
    std::atomic<int> acknowledged = 0;
    std::vector<std::thread> feeding;
    for (int i = 0; i < threads; ++i) {
        feeding.emplace_back([&, i] { acknowledged += feed(from, to, i, phase); });
    }
    // Killed on the way it leaves whole operations, and another one goes on from there.
    for (int round = 0; round < 2; ++round) {
        follower killed(files, from, to);
        killed.wait_until_following();
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        CHECK(killed.end(SIGKILL) == 128 + SIGKILL);
    }
    follower last(files, from, to);
    last.wait_until_following();
    CHECK(last.end(SIGUSR1) == 0);
    const auto output = last.output();
    CHECK_MESSAGE(output.find("✅ Migration validation passed") != std::string::npos, output);
    phase = 1;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    phase = 2;
    for (auto& thread : feeding) {
        thread.join();
    }

    auto source = *soci_storage::open(from, jackpot::open_mode::existing);
    auto target = *soci_storage::open(to, jackpot::open_mode::existing);
    jackpot::snapshot sealed;
    jackpot::snapshot states;
    REQUIRE(source.load(sealed).has_value());
    REQUIRE(target.load(states).has_value());
    CHECK(sealed.head.sealed);
    CHECK(!states.head.sealed);
    CHECK(states.head.sequence > sealed.head.sequence);
    CHECK(states.head.sequence == 203 + static_cast<std::uint64_t>(acknowledged));
    for (int thread = 0; thread < threads; ++thread) {
        jackpot::operation first;
        CHECK(target.find(jackpot::name(std::to_string(thread) + "-0"), first).value_or(false));
    }
    const auto audited = audit(target);
    REQUIRE(audited.has_value());
    CHECK(audited->clean());
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
    REQUIRE(
        run_program(JACKPOT_MIGRATOR, {"migrate", "--to", url, "--wagers", "20", "--quiet", "--log-file", ""})
            .code == 0);
}

void wager(const std::string& url) {
    REQUIRE(
        run_program(JACKPOT_REPLAY, {"--store", url}, R"({"op":"contribute","game":"g","wager":100})").code ==
        0);
}

bool sealed(const std::string& url) {
    auto store = *soci_storage::open(url, jackpot::open_mode::existing);
    jackpot::snapshot states;
    REQUIRE(store.load(states).has_value());
    return states.head.sealed;
}

TEST_CASE(
    "a store that is followed into itself under another URL is told at the cut-over, and not left sealed") {
    for (const auto& url : new_places()) {
        const scratch files;
        fill(url);
        follower itself(files, url, url + "&busy_timeout=5001");
        itself.wait_until_following();
        CHECK(itself.end(SIGUSR1) == 1);
        CHECK_MESSAGE(itself.output().find("both are one store") != std::string::npos, itself.output());
        CHECK(itself.output().find("🎉") == std::string::npos);
        CHECK(!sealed(url));
    }
}

TEST_CASE(
    "a cut-over whose proof fails says that the source is sealed; a sealed source is cut over as it is") {
    const scratch files;
    const auto from = files.url("from");
    const auto to = files.url("to");
    fill(from);
    {
        follower last(files, from, to);
        last.wait_until_following();
        run_program("sqlite3", {(files / "to").string(),
                                "UPDATE jackpot_journal SET game = 'x' WHERE sequence = 10 AND part = 0"});
        CHECK(last.end(SIGUSR1) == 1);
        CHECK_MESSAGE(last.output().find("migrator seal SOURCE --off") != std::string::npos, last.output());
    }
    CHECK(sealed(from));
    const auto again = run_shell(
        "cd " + (files / "").string() + " && timeout 60 " +
        command_of(JACKPOT_MIGRATOR, {"migrate", "--from", from, "--to", files.url("other"), "--follow"}));
    CHECK_MESSAGE(again.code == 0, again.out);
    CHECK(again.out.find("The source is sealed") != std::string::npos);
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
    REQUIRE(run_shell("sh " JACKPOT_SERVERS " stop" + where).code == 0);
    last.wait_for("trying again in 2 s (2 of 3)");
    REQUIRE(run_shell("sh " JACKPOT_SERVERS " start" + where).code == 0);
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
        return run_shell("cd " + (files / "").string() + " && " + command_of(JACKPOT_MIGRATOR, more));
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
