// SPDX-License-Identifier: BSL-1.0
#include <jackpot/jackpot.hpp>

#include <benchmark/benchmark.h>

// The contribute path in memory, beside what somebody would write by hand for it: the same names
// checked, the same meters of three pools, and the same record in a ring, under a mutex.

namespace {

using namespace jackpot;

constexpr std::size_t history = 10'000;

struct null_lock_by_hand {
    void lock() {}
    void unlock() {}
};

/// Names are checked, pools chosen, limits and sums kept as the rules say; the same operation goes into a
/// ring, and to the caller.
template <class Lock>
class by_hand {
public:
    struct meters {
        std::string_view pool;
        std::int64_t cap, rate_ppb, current;
        bool active = true, carries = true, diverts = true;
        std::vector<std::string> games{};
        std::int64_t min_wager = 0;
        std::int64_t overflow = 0, funded = current, adjusted = 0, total_wagered = 0, total_contributions = 0;
        std::int64_t carry = 0;
        std::uint64_t version = 1;
        std::uint64_t sequence = 0;
        std::int64_t modified_at = 0;
    };
    struct part {
        char pool[128];
        std::uint8_t pool_size;
        std::uint64_t version;
        std::int64_t current, overflow, carry, to_pool, to_overflow, forgone;
    };
    struct record {
        std::uint64_t sequence;
        std::uint64_t id[2];
        std::int64_t at, wager;
        std::uint8_t game_size;
        char game[128];
        std::uint32_t parts_size;
        part parts[3];
    };

    void contribute(std::string_view game, std::int64_t wager, record& receipt) {
        const std::lock_guard guard(lock_);
        if (wager < 1 || !is_valid(name(game))) {
            std::abort();
        }
        receipt.sequence = sequence_ + 1;
        receipt.id[0] = 42;
        receipt.id[1] = sequence_;
        receipt.at = at_ = std::max(at_, ++clock_);
        receipt.wager = wager;
        receipt.game_size = static_cast<std::uint8_t>(game.size());
        std::memcpy(receipt.game, game.data(), game.size());
        receipt.parts_size = 0;
        for (const meters& m : pools_) {
            if (m.active && wager >= m.min_wager && feeds(m, game)) {
                decide(m, wager, receipt.parts[receipt.parts_size++]);
            }
        }
        for (std::size_t i = 0, k = 0; i < receipt.parts_size; ++i, ++k) {
            while (pools_[k].pool != std::string_view(receipt.parts[i].pool, receipt.parts[i].pool_size)) {
                ++k;
            }
            apply(pools_[k], receipt.parts[i], wager);
        }
        sequence_ += 1;
        copy(receipt, ring_[sequence_ % history]);
    }

private:
    static bool feeds(const meters& m, std::string_view game) {
        return m.games.empty() || std::find(m.games.begin(), m.games.end(), game) != m.games.end();
    }
    static void decide(const meters& m, std::int64_t wager, part& p) {
        const std::int64_t raw = wager % 1'000'000'000 * m.rate_ppb + m.carry;
        const std::int64_t credit = wager / 1'000'000'000 * m.rate_ppb + raw / 1'000'000'000;
        p.pool_size = static_cast<std::uint8_t>(m.pool.size());
        std::memcpy(p.pool, m.pool.data(), m.pool.size());
        p.version = m.version + 1;
        p.carry = m.carries ? raw % 1'000'000'000 : 0;
        p.to_pool = std::max<std::int64_t>(0, std::min(credit, m.cap - m.current));
        p.to_overflow = m.diverts ? credit - p.to_pool : 0;
        p.forgone = m.diverts ? 0 : credit - p.to_pool;
        std::int64_t wagered = 0, sum = 0;
        if (__builtin_add_overflow(m.total_wagered, wager, &wagered) ||
            __builtin_add_overflow(m.total_contributions, p.to_pool + p.to_overflow, &sum) ||
            __builtin_add_overflow(sum, m.funded, &sum) || __builtin_add_overflow(sum, m.adjusted, &sum) ||
            __builtin_add_overflow(m.current, p.to_pool, &p.current) ||
            __builtin_add_overflow(m.overflow, p.to_overflow, &p.overflow)) {
            std::abort();
        }
    }
    void apply(meters& m, const part& p, std::int64_t wager) {
        m.total_wagered += wager;
        m.total_contributions += p.to_pool + p.to_overflow;
        m.carry = p.carry;
        m.current = p.current;
        m.overflow = p.overflow;
        m.version = p.version;
        m.sequence = sequence_ + 1;
        m.modified_at = at_;
    }
    static void copy(const record& from, record& to) {
        std::memcpy(&to, &from, offsetof(record, game) + from.game_size);
        to.parts_size = from.parts_size;
        for (std::size_t i = 0; i < from.parts_size; ++i) {
            std::memcpy(to.parts[i].pool, from.parts[i].pool, from.parts[i].pool_size);
            std::memcpy(&to.parts[i].pool_size, &from.parts[i].pool_size,
                        sizeof(part) - offsetof(part, pool_size));
        }
    }

    Lock lock_;
    meters pools_[3] = {{"major", 10'000'000, 10'000'000, 1'000'000},
                        {"mega", 100'000'000, 5'000'000, 10'000'000},
                        {"minor", 1'000'000, 20'000'000, 100'000}};
    std::vector<record> ring_ = std::vector<record>(history);
    std::uint64_t sequence_ = 0;
    std::int64_t clock_ = 0, at_ = 0;
};

template <class Lock>
void contribute_by_hand(benchmark::State& state) {
    by_hand<Lock> store;
    typename by_hand<Lock>::record receipt;
    for (auto _ : state) {
        store.contribute("slots", 1000, receipt);
        benchmark::DoNotOptimize(receipt);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(contribute_by_hand<std::mutex>);
BENCHMARK(contribute_by_hand<null_lock_by_hand>);

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
