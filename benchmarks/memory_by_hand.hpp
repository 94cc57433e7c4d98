// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_MEMORY_BY_HAND_HPP
#define JACKPOT_BENCHMARKS_MEMORY_BY_HAND_HPP

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <vector>

// What somebody would write for a game server of one's own: numbers for pools and games, meters in an array,
// records in a ring, a mutex. It keeps the same meters, checks what the rules check (the wager, suspended
// pools, min_wager, the cap, every sum), and its record can give the operation back.

namespace by_hand {

struct meters {
    std::int64_t cap, rate_ppb, current;
    bool active = true, carries = true, diverts = true, capped = true;
    std::int64_t min_wager = 0;
    std::int64_t overflow = 0, funded = current, adjusted = 0, total_wagered = 0, total_contributions = 0;
    std::int64_t total_wins = 0;
    std::uint32_t carry = 0;
    std::uint64_t version = 1, sequence = 0;
    std::int64_t modified_at = 0;
};

struct part {
    std::uint32_t pool, carry;
    std::uint64_t version;
    std::int64_t current, overflow, to_pool, to_overflow, forgone;
};

struct record {
    std::uint64_t sequence = 0;
    std::uint64_t id[2] = {};
    std::int64_t at = 0, wager = 0;
    std::uint32_t game = 0, player = 0, parts_size = 0;
    part parts[4];
};

/// What the caller gets.
struct receipt {
    std::uint64_t sequence = 0;
    std::int64_t at = 0;
    std::uint32_t parts_size = 0;
    part parts[4];
};

struct null_lock {
    void lock() {}
    void unlock() {}
};

template <class Lock>
class store {
public:
    explicit store(std::size_t history) : ring_(history) {}

    /// `now` and `id` are the caller's, as each caller of a network has its own clock and ids.
    bool contribute(std::uint32_t game, std::int64_t wager, std::int64_t now, std::uint64_t writer,
                    std::uint64_t id, receipt& into) {
        const std::lock_guard guard(lock_);
        return take(game, wager, now, writer, id, into);
    }
    bool contribute(std::uint32_t game, const std::vector<std::int64_t>& wagers, std::int64_t now,
                    std::uint64_t writer, std::uint64_t& id, std::vector<receipt>& into) {
        const std::lock_guard guard(lock_);
        for (std::size_t i = 0; i < wagers.size(); ++i) {
            if (!take(game, wagers[i], now, writer, id++, into[i])) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] std::int64_t total_wagered() const { return pools_[0].total_wagered; }
    [[nodiscard]] std::int64_t checksum() const {
        std::int64_t sum = 0;
        for (const meters& m : pools_) {
            sum = sum * 31 + m.current + m.overflow * 3 + m.carry * 7;
        }
        return sum;
    }

private:
    bool take(std::uint32_t game, std::int64_t wager, std::int64_t now, std::uint64_t writer,
              std::uint64_t id, receipt& into) {
        if (wager < 1 || game >= feeds_.size()) {
            return false;
        }
        record& r = ring_[next_];
        r.parts_size = 0;
        std::int64_t total = 0;
        for (const std::uint32_t i : feeds_[game]) {
            const meters& m = pools_[i];
            if (m.active && wager >= m.min_wager && !decide(i, wager, total, r.parts[r.parts_size++])) {
                return false;
            }
        }
        next_ = next_ + 1 == ring_.size() ? 0 : next_ + 1;
        r.sequence = into.sequence = ++sequence_;
        r.at = into.at = at_ = std::max(at_, now);
        r.id[0] = writer;
        r.id[1] = id;
        r.wager = wager;
        r.game = game;
        r.player = 0;
        into.parts_size = r.parts_size;
        for (std::uint32_t k = 0; k < r.parts_size; ++k) {
            const part& p = r.parts[k];
            meters& m = pools_[p.pool];
            m.total_wagered += wager;
            m.total_contributions += p.to_pool + p.to_overflow;
            m.carry = p.carry;
            m.current = p.current;
            m.overflow = p.overflow;
            m.version = p.version;
            m.sequence = sequence_;
            m.modified_at = at_;
            into.parts[k] = p;
        }
        return true;
    }

    bool decide(std::uint32_t i, std::int64_t wager, std::int64_t& total, part& p) const {
        const meters& m = pools_[i];
        const std::int64_t raw = wager % 1'000'000'000 * m.rate_ppb + m.carry;
        const std::int64_t credit = wager / 1'000'000'000 * m.rate_ppb + raw / 1'000'000'000;
        const std::int64_t room = std::max<std::int64_t>(0, m.cap - m.current);
        p.pool = i;
        p.version = m.version + 1;
        p.carry = m.carries ? static_cast<std::uint32_t>(raw % 1'000'000'000) : 0;
        p.to_pool = m.capped ? std::min(credit, room) : credit;
        p.to_overflow = m.diverts ? credit - p.to_pool : 0;
        p.forgone = m.diverts ? 0 : credit - p.to_pool;
        const std::int64_t taken = p.to_pool + p.to_overflow;
        std::int64_t wagered = 0, sum = 0;
        return !__builtin_add_overflow(m.total_wagered, wager, &wagered) &&
               !__builtin_add_overflow(m.total_contributions, taken, &sum) &&
               !__builtin_add_overflow(sum, m.funded, &sum) &&
               !__builtin_add_overflow(sum, m.adjusted, &sum) &&
               !__builtin_add_overflow(m.current, p.to_pool, &p.current) &&
               !__builtin_add_overflow(m.overflow, p.to_overflow, &p.overflow) &&
               !__builtin_add_overflow(total, taken, &total);
    }

    Lock lock_;
    std::array<meters, 3> pools_ = {{{10'000'000, 10'000'000, 1'000'000},
                                     {100'000'000, 5'000'000, 10'000'000},
                                     {1'000'000, 20'000'000, 100'000}}};
    std::vector<std::vector<std::uint32_t>> feeds_ = {{}, {0, 1, 2}};
    std::vector<record> ring_;
    std::size_t next_ = 0;
    std::uint64_t sequence_ = 3;
    std::int64_t at_ = 0;
};

}  // namespace by_hand

#endif
