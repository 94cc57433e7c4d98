// SPDX-License-Identifier: BSL-1.0
#include "memory_by_hand.hpp"

#include <jackpot/jackpot.hpp>
#include <jackpot/network/async_network.hpp>

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

// The contribute path in memory, beside the same by hand: a wager that feeds three pools, each thread with
// its own network on one store. Clocks are counters on both sides, and both keep so many operations.

namespace {

using namespace jackpot;

constexpr std::size_t history = 10'000;
constexpr std::int64_t wagered = 1000;
constexpr std::uint32_t slots = 1;

template <class Lock>
std::unique_ptr<by_hand::store<Lock>> hand;
template <class Lock>
std::unique_ptr<memory_storage<std::int64_t, Lock>> store;

/// Who locks has threads, and the C library locks cheaper where there is none: so there is one, which sleeps.
void have_threads() {
    static std::jthread sleeper([](const std::stop_token& stop) {
        std::mutex lock;
        std::unique_lock held(lock);
        std::condition_variable_any().wait(held, stop, [] { return false; });
    });
}

template <class Lock>
void make_hand(const benchmark::State&) {
    have_threads();
    hand<Lock> = std::make_unique<by_hand::store<Lock>>(history);
}

template <class Lock>
void make_store(const benchmark::State&) {
    have_threads();
    store<Lock> =
        std::make_unique<memory_storage<std::int64_t, Lock>>(memory_options{.history_limit = history});
    network net(*store<Lock>, seeded_environment(1));
    for (const auto& [pool, cap, rate_ppb] : {std::tuple("minor", 1'000'000, 20'000'000),
                                              {"major", 10'000'000, 10'000'000},
                                              {"mega", 100'000'000, 5'000'000}}) {
        if (!net.open({.pool = pool,
                       .configuration = {.seed = cap / 10, .cap = cap, .rate = rate::from_ppb(rate_ppb)}})) {
            std::abort();
        }
    }
}

/// Both sides must have taken every wager: what they hold is compared with what one wager after another
/// gives.
template <class Lock>
void check(const benchmark::State&) {
    if (store<Lock> != nullptr) {
        snapshot now;
        if (!store<Lock>->load(now) ||
            now.pools[0].total_wagered / wagered + 3 != static_cast<std::int64_t>(now.head.sequence)) {
            std::abort();
        }
        by_hand::store<by_hand::null_lock> again(1);
        by_hand::receipt receipt;
        for (std::uint64_t i = 3; i < now.head.sequence; ++i) {
            again.contribute(slots, wagered, 0, 0, 0, receipt);
        }
        std::int64_t sum = 0;
        for (const auto& p : now.pools) {
            sum = sum * 31 + p.current + p.overflow * 3 + p.carry * 7;
        }
        if (sum != again.checksum()) {
            std::abort();
        }
        store<Lock> = nullptr;
    }
    hand<Lock> = nullptr;
}

template <class Lock>
void contribute_by_hand(benchmark::State& state) {
    auto& to = *hand<Lock>;
    const auto writer = static_cast<std::uint64_t>(state.thread_index());
    const auto batch = static_cast<std::size_t>(state.range(0));
    std::vector<std::int64_t> wagers(batch, wagered);
    std::vector<by_hand::receipt> receipts(batch);
    std::int64_t now = 0;
    std::uint64_t id = 0;
    for (auto _ : state) {
        now += 1000;
        const bool done = batch == 1 ? to.contribute(slots, wagers[0], now, writer, id++, receipts[0])
                                     : to.contribute(slots, wagers, now, writer, id, receipts);
        benchmark::DoNotOptimize(done);
        benchmark::DoNotOptimize(receipts.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// Through handles; with `read`, the pools' meters are kept ready for readers who take no lock, too.
template <class Lock, bool Read = false>
void contribute(benchmark::State& state) {
    network net(*store<Lock>, seeded_environment(static_cast<std::uint64_t>(state.thread_index())));
    const auto game = *net.resolve_game("slots");
    if (Read && !(net.resolve_pool("minor") && net.resolve_pool("major") && net.resolve_pool("mega"))) {
        std::abort();
    }
    const auto batch = static_cast<std::size_t>(state.range(0));
    std::vector<wager> wagers(batch, {.wager = wagered});
    std::vector<expected<receipt>> receipts(batch);
    for (auto _ : state) {
        const auto done = batch == 1 ? net.contribute(game, wagers[0], *receipts[0])
                                     : net.contribute(game, wagers, receipts);
        benchmark::DoNotOptimize(done);
        benchmark::DoNotOptimize(receipts.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <class Lock>
void contribute_by_name(benchmark::State& state) {
    network net(*store<Lock>, seeded_environment(1));
    const auto batch = static_cast<std::size_t>(state.range(0));
    std::vector<contribute_request> wagers(batch, {.game = "slots", .wager = wagered});
    std::vector<expected<receipt>> receipts(batch);
    for (auto _ : state) {
        const auto done =
            batch == 1 ? net.contribute(wagers[0], *receipts[0]) : net.contribute(wagers, receipts);
        benchmark::DoNotOptimize(done);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// So many wagers wait at once for a pump, each with a node of the caller's.
template <class Lock>
void contribute_waiting(benchmark::State& state) {
    using waiting_network = async_network<memory_storage<std::int64_t, Lock>, seeded_environment>;
    using submission = typename waiting_network::submission_type;
    const auto batch = static_cast<std::size_t>(state.range(0));
    waiting_network net(*store<Lock>, seeded_environment(1), {.gather = false});
    const contribute_request wager{.game = "slots", .wager = wagered};
    std::vector<receipt> receipts(batch);
    std::deque<submission> nodes;
    for (receipt& answer : receipts) {
        nodes.emplace_back(wager, answer, [](submission&) noexcept {});
    }
    for (auto _ : state) {
        for (submission& node : nodes) {
            benchmark::DoNotOptimize(net.submit(node));
        }
        net.pump().complete();
        benchmark::DoNotOptimize(receipts.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <class Lock>
void hand_written(benchmark::internal::Benchmark* b) {
    b->Setup(make_hand<Lock>)->Teardown(check<Lock>)->UseRealTime();
}
template <class Lock>
void ours(benchmark::internal::Benchmark* b) {
    b->Setup(make_store<Lock>)->Teardown(check<Lock>)->UseRealTime();
}

BENCHMARK(contribute_by_hand<std::mutex>)->Apply(hand_written<std::mutex>)->Arg(1)->Threads(1)->Threads(2);
BENCHMARK(contribute<std::mutex>)->Apply(ours<std::mutex>)->Arg(1)->Threads(1)->Threads(2);
BENCHMARK(contribute<std::mutex, true>)->Apply(ours<std::mutex>)->Arg(1)->Threads(1)->Threads(2);
BENCHMARK(contribute_by_name<std::mutex>)->Apply(ours<std::mutex>)->Arg(1);

BENCHMARK(contribute_by_hand<std::mutex>)->Apply(hand_written<std::mutex>)->Arg(64)->Threads(1)->Threads(2);
BENCHMARK(contribute<std::mutex>)->Apply(ours<std::mutex>)->Arg(64)->Threads(1)->Threads(2);
BENCHMARK(contribute<std::mutex, true>)->Apply(ours<std::mutex>)->Arg(64)->Threads(1)->Threads(2);
BENCHMARK(contribute_by_name<std::mutex>)->Apply(ours<std::mutex>)->Arg(64);
BENCHMARK(contribute_waiting<std::mutex>)->Apply(ours<std::mutex>)->Arg(1)->Arg(64);

BENCHMARK(contribute_by_hand<by_hand::null_lock>)->Apply(hand_written<by_hand::null_lock>)->Arg(1);
BENCHMARK(contribute<null_lock>)->Apply(ours<null_lock>)->Arg(1);

// With many pools: each game feeds three of them, and one game, or one pool, is asked for.

std::unique_ptr<memory_storage<std::int64_t, null_lock>> many;

void make_many(const benchmark::State& state) {
    many =
        std::make_unique<memory_storage<std::int64_t, null_lock>>(memory_options{.history_limit = history});
    network net(*many, seeded_environment(1));
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        if (!net.open({.pool = "pool " + std::to_string(i),
                       .configuration = {.seed = 1'000'000'000,
                                         .rate = rate::from_ppb(20'000'000),
                                         .games = {"game " + std::to_string(i / 3)}}})) {
            std::abort();
        }
    }
}
void drop_many(const benchmark::State&) {
    many = nullptr;
}

/// `ask(network, i)` answers true; `i` goes up to the number of pools and begins again, in steps that leave
/// no two neighbours beside each other.
template <class Ask>
void with_many(benchmark::State& state, Ask&& ask) {
    network net(*many, seeded_environment(1));
    if (!net.pool("pool 0")) {
        std::abort();  // the network knows the pools from here on
    }
    std::int64_t i = 0;
    for (auto _ : state) {
        if (!ask(net, i)) {
            std::abort();
        }
        i = (i + 7919) % state.range(0);
    }
    state.SetItemsProcessed(state.iterations());
}

void many_by_handle(benchmark::State& state) {
    const auto game = *many->resolve_game("game 0");
    receipt into;
    with_many(state, [&](auto& net, std::int64_t) {
        return net.contribute(game, {.wager = wagered}, into).has_value();
    });
}
void many_by_name(benchmark::State& state) {
    const contribute_request request{.game = "game 0", .wager = wagered};
    receipt into;
    with_many(state, [&](auto& net, std::int64_t) { return net.contribute(request, into).has_value(); });
}
void many_queries(benchmark::State& state) {
    with_many(state, [&](auto& net, std::int64_t) { return net.pool("pool 1").has_value(); });
}
void many_wins(benchmark::State& state) {
    const win_request request{.pool = "pool 1", .game = "game 0", .player = "ann", .amount = 1};
    receipt into;
    with_many(state, [&](auto& net, std::int64_t) { return net.win(request, into).has_value(); });
}
/// The same of all pools in turn: beside the work there is memory that no cache holds.
void many_queries_of_all(benchmark::State& state) {
    with_many(state,
              [&](auto& net, std::int64_t i) { return net.pool("pool " + std::to_string(i)).has_value(); });
}
void many_wins_of_all(benchmark::State& state) {
    win_request request{.game = "game 0", .player = "ann", .amount = 1};
    receipt into;
    with_many(state, [&](auto& net, std::int64_t i) {
        request.pool = "pool " + std::to_string(i);
        return net.win(request, into).has_value();
    });
}
/// All of them, each in a commit.
void many_opened(benchmark::State& state) {
    for (auto _ : state) {
        make_many(state);
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

void few_and_many(benchmark::internal::Benchmark* b) {
    b->Setup(make_many)->Teardown(drop_many)->Arg(3)->Arg(100'000);
}
BENCHMARK(many_by_handle)->Apply(few_and_many);
BENCHMARK(many_by_name)->Apply(few_and_many);
BENCHMARK(many_queries)->Apply(few_and_many);
BENCHMARK(many_wins)->Apply(few_and_many);
BENCHMARK(many_queries_of_all)->Apply(few_and_many);
BENCHMARK(many_wins_of_all)->Apply(few_and_many);
BENCHMARK(many_opened)->Teardown(drop_many)->Arg(3)->Arg(100'000)->Unit(benchmark::kMillisecond);

/// A reader of one pool's meters, on one thread, while nobody writes.
void read_meters(benchmark::State& state) {
    network net(*store<std::mutex>, seeded_environment(1));
    const auto minor = *net.resolve_pool("minor");
    for (auto _ : state) {
        benchmark::DoNotOptimize(net.meters(minor));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read_meters)->Apply(ours<std::mutex>);

}  // namespace
