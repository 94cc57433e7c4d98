// SPDX-License-Identifier: BSL-1.0
#include <jackpot/jackpot.hpp>

#include <benchmark/benchmark.h>

// The contribute path in memory, beside what somebody would write by hand for it: the same names
// checked, the same meters of three pools, and the same record in a ring, under a mutex.

namespace {

using namespace jackpot;

constexpr std::size_t history = 10'000;

class by_hand {
public:
    struct meters {
        std::string pool;
        std::int64_t cap, rate_ppb;
        std::int64_t current, overflow = 0, total_wagered = 0, total_contributions = 0;
        std::int64_t carry = 0;
        std::uint64_t version = 1;
    };
    struct part {
        std::uint64_t version;
        std::int64_t current, overflow, carry, to_pool, to_overflow;
    };
    struct record {
        std::uint64_t sequence;
        std::int64_t at, wager;
        char game[129];
        part parts[3];
    };

    const record& contribute(std::string_view game, std::int64_t wager) {
        const std::lock_guard guard(lock_);
        if (wager < 1 || !is_valid(name(game))) {
            std::abort();
        }
        record& r = ring_[sequence_ % history];
        r.sequence = ++sequence_;
        r.at = ++clock_;
        r.wager = wager;
        std::memcpy(r.game, game.data(), game.size());
        r.game[game.size()] = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            meters& m = pools_[i];
            const std::int64_t raw = wager % 1'000'000'000 * m.rate_ppb + m.carry;
            const std::int64_t credit = wager / 1'000'000'000 * m.rate_ppb + raw / 1'000'000'000;
            const std::int64_t to_pool = std::min(credit, m.cap - m.current);
            if (__builtin_add_overflow(m.total_wagered, wager, &m.total_wagered) ||
                __builtin_add_overflow(m.total_contributions, credit, &m.total_contributions)) {
                std::abort();
            }
            m.carry = raw % 1'000'000'000;
            m.current += to_pool;
            m.overflow += credit - to_pool;
            m.version += 1;
            r.parts[i] = {m.version, m.current, m.overflow, m.carry, to_pool, credit - to_pool};
        }
        return r;
    }

private:
    std::mutex lock_;
    meters pools_[3] = {{"major", 10'000'000, 10'000'000, 1'000'000},
                        {"mega", 100'000'000, 5'000'000, 10'000'000},
                        {"minor", 1'000'000, 20'000'000, 100'000}};
    std::vector<record> ring_ = std::vector<record>(history);
    std::uint64_t sequence_ = 0;
    std::int64_t clock_ = 0;
};

void contribute_by_hand(benchmark::State& state) {
    by_hand store;
    for (auto _ : state) {
        benchmark::DoNotOptimize(store.contribute("slots", 1000));
    }
}
BENCHMARK(contribute_by_hand);

template <class Lock>
void contribute(benchmark::State& state) {
    memory_storage<std::int64_t, Lock> store({.history_limit = history});
    network net(store, seeded_environment(1));
    for (const auto& [pool, cap, rate_ppb] : {std::tuple("minor", 1'000'000, 20'000'000),
                                              {"major", 10'000'000, 10'000'000},
                                              {"mega", 100'000'000, 5'000'000}}) {
        if (!net.open({.pool = pool,
                       .configuration = {.seed = cap / 10, .cap = cap, .rate = rate::from_ppb(rate_ppb)}})) {
            std::abort();
        }
    }
    const auto batch = static_cast<std::size_t>(state.range(0));
    std::vector<contribute_request> wagers(batch, {.game = "slots", .wager = 1000});
    std::vector<expected<receipt>> receipts(batch);
    for (auto _ : state) {
        const auto done =
            batch == 1 ? net.contribute(wagers[0], *receipts[0]) : net.contribute(wagers, receipts);
        benchmark::DoNotOptimize(done);
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(contribute<std::mutex>)->Arg(1)->Arg(64);
BENCHMARK(contribute<null_lock>)->Arg(1);

}  // namespace
