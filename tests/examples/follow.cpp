// SPDX-License-Identifier: BSL-1.0
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

    void wait_until_following() const {
        while (contents_of(output_).find("Following the source") == std::string::npos) {
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

}  // namespace
