// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_METERS_CELL_HPP
#define JACKPOT_MEMORY_METERS_CELL_HPP

#include <jackpot/memory/record.hpp>

#include <array>
#include <atomic>

namespace jackpot { inline namespace v1 {

/// The meters of one pool, all of one moment: R8 holds among them.
template <amount Amount>
struct basic_meters {
    Amount current{};
    Amount overflow{};
    Amount funded{};
    Amount adjusted{};
    Amount total_wagered{};
    Amount total_contributions{};
    Amount total_wins{};
    std::uint64_t win_count = 0;
    std::uint64_t version = 0;
    std::uint64_t sequence = 0;  ///< the newest operation that changed the pool
    timestamp modified_at = 0;   ///< and its time
    std::uint32_t carry = 0;     ///< parts per billion of a minor unit
    pool_status status = pool_status::active;

    friend bool operator==(const basic_meters&, const basic_meters&) = default;
};

using meters = basic_meters<std::int64_t>;

namespace detail {

// The fields of basic_meters, which a basic_pool has too: what a wager changes, and what it does not.

template <amount Amount, class Archive, class Meters>
JACKPOT_INLINE void record_moving(Archive& archive, Meters& m) {
    record_amounts<Amount>(archive, m.current, m.overflow, m.total_wagered, m.total_contributions);
    record_number(archive, m.version);
    record_number(archive, m.sequence);
    record_number(archive, m.modified_at);
    record_number(archive, m.carry);
}

template <amount Amount, class Archive, class Meters>
JACKPOT_INLINE void record_resting(Archive& archive, Meters& m) {
    record_amounts<Amount>(archive, m.funded, m.adjusted, m.total_wins);
    record_number(archive, m.win_count);
    record_number(archive, m.status);
}

/// One pool's meters for readers who take no lock. There are two slots: the writer fills the one that is not
/// the newest, and then makes it so. A reader who stands still, or meets a writer who does, holds nobody up:
/// the newest slot is whole at all times. Who reads while it becomes the older one, and is perhaps filled
/// again, sees by the turn that it is, and reads the newer.
template <amount Amount>
class meters_cell {
public:
    // Both under the lock of the store.

    void publish(const basic_pool<Amount>& pool) noexcept {
        incomplete_ = 2;
        publish_wager(pool);
    }
    /// Where wagers alone have changed the pool since it was last published: one slot's line of memory.
    JACKPOT_INLINE void publish_wager(const basic_pool<Amount>& pool) noexcept {
        const std::uint64_t next = turn_.load(std::memory_order_relaxed) + 1;
        word_writer writer{slot(next)};
        record_moving<Amount>(writer, pool);
        if (incomplete_ != 0) {
            record_resting<Amount>(writer, pool);
            --incomplete_;
        }
        turn_.store(next, std::memory_order_release);
    }

    /// At any time, on any thread.
    [[nodiscard]] basic_meters<Amount> read() const noexcept {
        basic_meters<Amount> meters;
        for (std::uint64_t turn = turn_.load(std::memory_order_acquire);;) {
            word_reader reader{slot(turn)};
            record_moving<Amount>(reader, meters);
            record_resting<Amount>(reader, meters);
            const std::uint64_t now = turn_.load(std::memory_order_relaxed);
            if (now == turn) {
                return meters;
            }
            turn = turn_.load(std::memory_order_acquire);
        }
    }

private:
    using word = std::atomic<std::uint64_t>;

    static constexpr std::size_t words_of(std::size_t bytes) noexcept { return (bytes + 7) / 8; }
    static constexpr std::size_t slot_words = 7 * words_of(amount_traits<Amount>::bytes) + 6;
    static constexpr std::size_t line_words = 8;

    // Each word is released and acquired: who reads one of the turn after the next sees the next turn, too.
    struct word_writer {
        static constexpr bool reads = false;
        word* to;
        JACKPOT_INLINE void bytes(const void* from, std::size_t count) noexcept {
            const auto* at = static_cast<const unsigned char*>(from);
            for (; count != 0; ++to) {
                const std::size_t piece = count < sizeof(std::uint64_t) ? count : sizeof(std::uint64_t);
                std::uint64_t value = 0;
                std::memcpy(&value, at, piece);
                to->store(value, std::memory_order_release);
                at += piece;
                count -= piece;
            }
        }
    };
    struct word_reader {
        static constexpr bool reads = true;
        const word* from;
        JACKPOT_INLINE void bytes(void* to, std::size_t count) noexcept {
            auto* at = static_cast<unsigned char*>(to);
            for (; count != 0; ++from) {
                const std::size_t piece = count < sizeof(std::uint64_t) ? count : sizeof(std::uint64_t);
                const std::uint64_t value = from->load(std::memory_order_acquire);
                std::memcpy(at, &value, piece);
                at += piece;
                count -= piece;
            }
        }
    };

    // Lines of their own: another pool's writer is not to slow down this one's readers.
    static constexpr std::size_t slot_stride = (slot_words + line_words - 1) / line_words * line_words;
    [[nodiscard]] word* slot(std::uint64_t turn) noexcept { return slots_.data() + (turn & 1) * slot_stride; }
    [[nodiscard]] const word* slot(std::uint64_t turn) const noexcept {
        return slots_.data() + (turn & 1) * slot_stride;
    }

    alignas(line_words * sizeof(word)) std::array<word, 2 * slot_stride> slots_{};
    word turn_{0};
    unsigned incomplete_ = 2;  // slots that do not hold what wagers do not change
};

}  // namespace detail
}}  // namespace jackpot::v1

#endif
