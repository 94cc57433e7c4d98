// SPDX-License-Identifier: BSL-1.0
#include "behind.hpp"

#include <jackpot/network/shared_network.hpp>

#include <functional>
#include <thread>

using namespace jackpot;
using test::value_of;

namespace {

/// What other threads do while a caller waits for its n-th lock.
struct interruption {
    int lock = 0;
    int locks = 0;  ///< that were asked for so far
    std::function<void()> others{};
};
interruption interrupted;

struct interrupted_lock {
    void lock() {
        if (++interrupted.locks == interrupted.lock) {
            interrupted.others();
        }
        lock_.lock();
    }
    void unlock() { lock_.unlock(); }

private:
    std::mutex lock_;
};

using front_type = write_behind<memory_storage<>, interrupted_lock>;
using network_type = network<front_type, seeded_environment>;

constexpr int others_wagers = 2000;  // so many fill several blocks of a journal in memory

const contribute_request keyed{.game = "g", .wager = 100, .key = "bet"};

/// Others take the key where it is still free, and then so many wagers that the front forgets it.
void play_and_pump(front_type& front) {
    network_type others(front, seeded_environment(2));
    static_cast<void>(others.contribute(keyed));
    for (int i = 0; i < others_wagers; ++i) {
        value_of(others.contribute({.game = "g", .wager = 1}));
    }
    value_of(front.flush());
}

/// Sends the key again, with the others in between at each lock that this takes in turn.
template <class Send>
void interrupt_everywhere(bool known_before, std::uint64_t history_limit, Send&& send) {
    CAPTURE(known_before);
    CAPTURE(history_limit);
    for (int lock = 1;; ++lock) {
        CAPTURE(lock);
        memory_storage<> behind;
        front_type front(behind, {.history_limit = history_limit});
        network_type net(front, seeded_environment(1));
        value_of(net.open({.pool = "p", .configuration = {.rate = test::rate_of("1")}}));
        if (known_before) {
            value_of(net.contribute(keyed));
        }
        interrupted = {.lock = lock, .others = [&] { play_and_pump(front); }};
        const receipt answer = send(front, net);
        const bool was_interrupted = interrupted.locks >= lock;
        interrupted.lock = 0;
        CHECK(answer.sequence == 2);
        CHECK(answer.replayed == (known_before || was_interrupted));
        CHECK(value_of(net.pool("p")).current == 100 + (was_interrupted ? others_wagers : 0));
        value_of(front.flush());
        CHECK(value_of(compare(front, behind)).equal());
        CHECK(value_of(audit(behind)).clean());
        if (!was_interrupted) {
            CHECK(lock > 1);
            return;
        }
    }
}

template <class Send>
void interrupt_everywhere(Send&& send) {
    for (const bool known_before : {true, false}) {
        for (const std::uint64_t history_limit : {1U, 100U}) {
            interrupt_everywhere(known_before, history_limit, send);
        }
    }
}

}  // namespace

TEST_CASE("a key counts once, whenever the front forgets it") {
    const wager w{.wager = keyed.wager, .key = keyed.key};
    SUBCASE("by name") {
        interrupt_everywhere([](auto&, auto& net) { return value_of(net.contribute(keyed)); });
    }
    SUBCASE("by handle") {
        interrupt_everywhere(
            [&](auto&, auto& net) { return value_of(net.contribute(value_of(net.resolve_game("g")), w)); });
    }
    SUBCASE("in a batch") {
        interrupt_everywhere([](auto&, auto& net) {
            std::vector<expected<receipt>> answers(1);
            value_of(net.contribute({&keyed, 1}, answers));
            return value_of(answers[0]);
        });
    }
    SUBCASE("in a batch by handle") {
        interrupt_everywhere([&](auto&, auto& net) {
            std::vector<expected<receipt>> answers(1);
            value_of(net.contribute(value_of(net.resolve_game("g")), {&w, 1}, answers));
            return value_of(answers[0]);
        });
    }
    SUBCASE("in a group") {
        interrupt_everywhere([](auto& front, auto&) {
            shared_network group(front, seeded_environment(3));
            return value_of(group.contribute(keyed));
        });
    }
}

TEST_CASE("threads send a key again, and it counts once, while others make the front forget it") {
    for (std::uint64_t round = 0; round < 8; ++round) {
        memory_storage<> behind;
        write_behind front(behind, {.history_limit = 400});
        network opener(front, seeded_environment(1));
        value_of(opener.open({.pool = "p", .configuration = {.rate = test::rate_of("1")}}));
        value_of(opener.contribute(keyed));
        std::atomic<bool> playing = true;
        std::atomic<int> counted_again = 0;
        const auto send_again = [&](std::uint64_t seed) {
            network net(front, seeded_environment(seed), {.attempts = 100, .first_us = 0});
            while (playing) {
                const auto answer = net.contribute(keyed);
                counted_again += answer && answer->replayed ? 0 : 1;
            }
        };
        const auto pump = [&] {
            while (playing) {
                static_cast<void>(front.pump());
                std::this_thread::yield();
            }
        };
        std::thread threads[] = {std::thread(send_again, 2), std::thread(send_again, 3), std::thread(pump)};
        for (int i = 0; i < others_wagers; ++i) {
            value_of(opener.contribute({.game = "g", .wager = 1}));
        }
        playing = false;
        for (auto& thread : threads) {
            thread.join();
        }
        CHECK(counted_again == 0);
        value_of(front.flush());
        CHECK(value_of(opener.pool("p")).current == 100 + others_wagers);
        CHECK(value_of(compare(front, behind)).equal());
    }
}
