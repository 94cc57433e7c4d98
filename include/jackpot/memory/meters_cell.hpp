// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_METERS_CELL_HPP
#define JACKPOT_MEMORY_METERS_CELL_HPP

#include <jackpot/core/meters.hpp>
#include <jackpot/memory/record.hpp>

#include <array>
#include <atomic>

namespace jackpot { inline namespace v1 { namespace detail {

// Lists the fields of basic_reading, which a basic_pool has too: those that every wager changes, and those
// that it does not. What a wager adds one to, as to the version, is at rest as the difference to that.

/// The meters that move with wagers, or those that do not.
template <amount Amount, bool Moving, class Archive, class Reading>
JACKPOT_INLINE void record_meters(Archive& archive, Reading& r) {
    unroll<all_meters<Amount>>([&](auto at) JACKPOT_INLINE_LAMBDA {
        constexpr const auto& m = all_meters<Amount>[at];
        if constexpr (m.per_wager && Moving) {
            return;
        } else if constexpr (m.per_wager) {
            std::uint64_t others = r.version - r.*m.count;
            record_number(archive, others);
            if constexpr (Archive::reads) {
                r.*m.count = r.version - others;
            }
        } else if constexpr (m.moves == Moving && m.amount != nullptr) {
            record_amount<Amount>(archive, r.*m.amount);
        } else if constexpr (m.moves == Moving && m.count != nullptr) {
            record_number(archive, r.*m.count);
        } else if constexpr (m.moves == Moving) {
            record_number(archive, r.*m.fraction);
        }
    });
}

template <amount Amount, class Archive, class Reading>
JACKPOT_INLINE void record_moving(Archive& archive, Reading& r) {
    record_meters<Amount, true>(archive, r);
    record_number(archive, r.version);
    record_number(archive, r.sequence);
    record_number(archive, r.modified_at);
}

template <amount Amount, class Archive, class Reading>
JACKPOT_INLINE void record_resting(Archive& archive, Reading& r) {
    record_meters<Amount, false>(archive, r);
    record_number(archive, r.status);
}

/// Counts their words; a number takes one.
template <amount Amount>
inline constexpr std::size_t reading_words = [] {
    std::size_t words = 4;
    for (const auto& m : all_meters<Amount>) {
        words += m.amount != nullptr ? (amount_traits<Amount>::bytes + 7) / 8 : 1;
    }
    return words;
}();

/// Keeps one pool's meters for readers that take no lock. There are two slots: the writer fills the older
/// one, and then makes it the newest. The newest slot is whole at all times, so a reader or writer that stops
/// in the middle holds nobody up. A reader whose slot becomes the older one meanwhile, and is perhaps filled
/// again, sees that by the turn, and reads the newer slot.
template <amount Amount>
class meters_cell {
public:
    // Call both under the lock of the store.

    void publish(const basic_pool<Amount>& pool) noexcept {
        incomplete_ = 2;
        publish_wager(pool);
    }
    /// Publishes a pool that only wagers have changed since it was last published: it writes one slot's line
    /// of memory, unless they filled the reserve or were not taken whole.
    JACKPOT_INLINE void publish_wager(const basic_pool<Amount>& pool) noexcept {
        if (pool.total_forgone != forgone_ || pool.reserve_carry != reserve_carry_ ||
            pool.reserve != reserve_) {
            forgone_ = pool.total_forgone;
            reserve_ = pool.reserve;
            reserve_carry_ = pool.reserve_carry;
            incomplete_ = 2;
        }
        const std::uint64_t next = turn_.load(std::memory_order_relaxed) + 1;
        word_writer writer{slot(next)};
        record_moving<Amount>(writer, pool);
        if (incomplete_ != 0) {
            record_resting<Amount>(writer, pool);
            --incomplete_;
        }
        turn_.store(next, std::memory_order_release);
    }

    /// Any thread may call it at any time.
    [[nodiscard]] basic_reading<Amount> read() const noexcept {
        basic_reading<Amount> seen;
        for (std::uint64_t turn = turn_.load(std::memory_order_acquire);;) {
            word_reader reader{slot(turn)};
            record_moving<Amount>(reader, seen);
            record_resting<Amount>(reader, seen);
            const std::uint64_t now = turn_.load(std::memory_order_relaxed);
            if (now == turn) {
                return seen;
            }
            turn = turn_.load(std::memory_order_acquire);
        }
    }

private:
    using word = std::atomic<std::uint64_t>;

    static constexpr std::size_t line_words = 8;

    // Each word is released and acquired: a reader that sees a word of the turn after the next sees the next
    // turn, too.
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

    // Each cell has memory lines of its own: another pool's writer must not slow down this pool's readers.
    static constexpr std::size_t slot_stride =
        (reading_words<Amount> + line_words - 1) / line_words * line_words;
    [[nodiscard]] word* slot(std::uint64_t turn) noexcept { return slots_.data() + (turn & 1) * slot_stride; }
    [[nodiscard]] const word* slot(std::uint64_t turn) const noexcept {
        return slots_.data() + (turn & 1) * slot_stride;
    }

    alignas(line_words * sizeof(word)) std::array<word, 2 * slot_stride> slots_{};
    word turn_{0};
    unsigned incomplete_ = 2;  // slots that do not hold what is at rest
    // What only some wagers move, as it was published last.
    std::uint32_t reserve_carry_ = 0;
    Amount forgone_{};
    Amount reserve_{};
};

}}}  // namespace jackpot::v1::detail

#endif
