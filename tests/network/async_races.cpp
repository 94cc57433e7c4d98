// SPDX-License-Identifier: BSL-1.0
#include "async.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/replication/audit.hpp>

#include <atomic>
#include <cstdlib>
#include <random>
#include <semaphore>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

using memory_network = async_network<memory_storage<>>;

enum class state : int { idle, submitted, answered };

/// A wager that says when it is answered twice, or after it was taken back.
struct raced : basic_submission<std::int64_t> {
    raced() : basic_submission<std::int64_t>(request, got, &note) {}

    static void note(basic_submission<std::int64_t>& s) noexcept {
        auto& self = static_cast<raced&>(s);
        self.wrong = self.wrong || self.now != state::submitted;
        self.now = state::answered;  // from here on it is the player's
    }

    contribute_request request{.game = "slots", .wager = 10};
    receipt got{};
    std::atomic<state> now = state::idle;
    bool wrong = false;
};

struct outcome {
    std::atomic<std::uint64_t> committed = 0;
    std::atomic<std::uint64_t> taken_back = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::uint64_t> wrong = 0;
};

class pumps {
public:
    pumps(memory_network& net, int count) : net_(net) {
        for (int i = 0; i < count; ++i) {
            threads_.emplace_back([this] { run(); });
        }
    }
    void wake() { told_.release(); }
    /// Ends when all that was told is pumped.
    void end() {
        ending_ = true;
        told_.release(static_cast<std::ptrdiff_t>(threads_.size()));
        for (auto& each : threads_) {
            each.join();
        }
    }

private:
    void run() {
        for (;;) {
            told_.acquire();
            for (bool more = true; more;) {
                auto answers = net_.pump();
                more = answers.more();
                answers.complete();
            }
            if (ending_ && net_.waiting() == 0) {
                return;
            }
        }
    }

    memory_network& net_;
    std::counting_semaphore<> told_{0};
    std::atomic<bool> ending_ = false;
    std::vector<std::thread> threads_;
};

/// Submits, takes back and waits, at random; at the end nothing of it waits.
void play(memory_network& net, pumps& by, unsigned seed, int calls, outcome& sum) {
    std::minstd_rand random(seed);
    std::deque<raced> hands(16);
    const auto settle = [&](raced& r) {
        if (r.now == state::submitted && random() % 4 == 0 && net.cancel(r)) {
            sum.wrong += r.now != state::submitted;
            r.now = state::idle;
            ++sum.taken_back;
        }
        while (r.now == state::submitted) {
            std::this_thread::yield();
        }
        if (r.now == state::answered) {
            sum.wrong += r.wrong || !r.result();
            ++sum.committed;
            r.now = state::idle;
        }
    };
    for (int i = 0; i < calls; ++i) {
        raced& r = hands[random() % hands.size()];
        settle(r);
        r.now = state::submitted;
        const auto first = net.submit(r);
        if (!first) {
            sum.wrong += first.error().code != errc::overloaded && first.error().code != errc::cancelled;
            r.now = state::idle;
            ++sum.refused;
        } else if (*first) {
            by.wake();
        }
    }
    for (raced& r : hands) {
        settle(r);
    }
}

/// As many as tests/long.sh wants.
int calls_each() {
    const char* const wanted = std::getenv("JACKPOT_RACES");
    return wanted == nullptr ? 5'000 : std::atoi(wanted);
}

}  // namespace

TEST_CASE(
    "submit, cancel, close and pump race: each request is answered once, and none that was taken back") {
    memory_storage<> store;
    value_of(network(store).open({.pool = "mega", .configuration = {.seed = 100, .rate = rate_of("0.1")}}));
    memory_network net(store, {}, {.batch = 5, .waiting_max = 64});
    outcome sum;
    pumps by(net, 2);
    const int calls = calls_each();
    std::vector<std::thread> players;
    for (unsigned i = 0; i < 8; ++i) {
        players.emplace_back([&, i] { play(net, by, i + 1, calls, sum); });
    }
    players.front().join();
    net.close();
    for (std::size_t i = 1; i < players.size(); ++i) {
        players[i].join();
    }
    by.end();
    CHECK(sum.wrong == 0);
    CHECK(sum.committed > 0);
    CHECK(sum.committed + sum.taken_back + sum.refused == 8u * static_cast<unsigned>(calls));
    CHECK(net.waiting() == 0);
    CHECK(test::snapshot_of<std::int64_t>(store).head.sequence == 1 + sum.committed);
    CHECK(value_of(audit(store)).clean());
}
