// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/soci.hpp>

#include <filesystem>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

// Processes of their own on one file: what they lose or double, nobody else could find.

namespace {

/// A fresh database file, removed afterwards.
class database {
public:
    database() : folder_(std::filesystem::temp_directory_path() / ("jackpot-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~database() { std::filesystem::remove_all(folder_); }
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    [[nodiscard]] soci_storage open() const {
        return value_of(soci_storage::open("sqlite://" + (folder_ / "db").string()));
    }

private:
    std::filesystem::path folder_;
};

/// Runs the body in a process of its own; it fails by returning false.
template <class Body>
pid_t in_process(Body&& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(body() ? 0 : 1);
    }
    return child;
}

bool succeeded(pid_t child) {
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("two processes of two threads on one file lose and double nothing") {
    const database db;
    {
        auto store = db.open();
        network<soci_storage> net(store);
        test::open_pools(net);
    }
    constexpr int wagers = 150;
    const auto feed = [&](const std::string& who) {
        auto store = db.open();
        network<soci_storage> net(store, {}, {.attempts = 100});
        for (int i = 0; i < wagers; ++i) {
            const name key(who + std::to_string(i));
            for (int again = 0; again < 2; ++again) {
                const auto done = net.contribute({.game = "slots", .wager = 1000, .key = key});
                if (!done || done->replayed != (again == 1)) {
                    return false;
                }
            }
            if (i % 25 == 0 && !net.win({.pool = "minor", .game = "slots", .player = name(who)})) {
                return false;
            }
        }
        return true;
    };
    std::vector<pid_t> children;
    for (const char* process : {"a", "b"}) {
        children.push_back(in_process([&] {
            bool fine = false;
            std::thread other([&] { fine = feed(std::string(process) + "1-"); });
            const bool fine_here = feed(std::string(process) + "2-");
            other.join();
            return fine && fine_here;
        }));
    }
    for (const pid_t child : children) {
        CHECK(succeeded(child));
    }
    auto store = db.open();
    const auto states = test::snapshot_of<std::int64_t>(store);
    CHECK(states.head.sequence == 3 + 4 * (wagers + 6));
    CHECK(states.pools[0].total_wagered == 4 * wagers * 1000);
    CHECK(states.pools[2].win_count == 24);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("what one process opens, suspends and reconfigures, another heeds from its next commit on") {
    const database db;
    int commands[2];
    int answers[2];
    REQUIRE(::pipe(commands) == 0);
    REQUIRE(::pipe(answers) == 0);
    // The other process wagers once for each byte it is sent, and answers how many pools took a share.
    const pid_t child = in_process([&] {
        ::close(commands[1]);
        auto store = db.open();
        network<soci_storage> net(store);
        for (char command = 0; ::read(commands[0], &command, 1) == 1;) {
            const auto done = net.contribute({.game = "slots", .wager = 1000});
            const char pools = done ? static_cast<char>('0' + done->parts.size()) : 'x';
            if (::write(answers[1], &pools, 1) != 1) {
                return false;
            }
        }
        return true;
    });
    ::close(commands[0]);
    const auto fed = [&] {
        char pools = 0;
        REQUIRE(::write(commands[1], "w", 1) == 1);
        REQUIRE(::read(answers[0], &pools, 1) == 1);
        return pools;
    };
    {
        auto store = db.open();
        network<soci_storage> net(store);
        CHECK(fed() == '0');
        test::open_pools(net);
        CHECK(fed() == '3');
        value_of(net.suspend({.pool = "minor"}));
        CHECK(fed() == '2');
        value_of(net.configure({.pool = "mega", .patch = {.min_wager = 1001}}));
        CHECK(fed() == '1');
        value_of(net.configure({.pool = "major", .patch = {.games = std::vector<name>{"poker"}}}));
        CHECK(fed() == '0');
        value_of(net.resume({.pool = "minor"}));
        CHECK(fed() == '1');
        value_of(net.seal());
        CHECK(fed() == 'x');
        value_of(net.unseal());
        CHECK(fed() == '1');
    }
    ::close(commands[1]);
    CHECK(succeeded(child));
    auto store = db.open();
    CHECK(value_of(audit(store)).clean());
}
