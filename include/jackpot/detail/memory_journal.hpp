// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_DETAIL_MEMORY_JOURNAL_HPP
#define JACKPOT_DETAIL_MEMORY_JOURNAL_HPP

#include <jackpot/detail/record.hpp>

namespace jackpot::inline v1::detail {

/// Operations as records in blocks of bytes. Blocks dropped from the front are used again at the back,
/// so that a journal of limited length stops allocating.
template <amount Amount>
class memory_journal {
public:
    static constexpr std::size_t block_bytes = 64 * 1024;

    memory_journal() = default;
    memory_journal(const memory_journal&) = delete;
    memory_journal& operator=(const memory_journal&) = delete;
    ~memory_journal() {
        for (const auto& b : blocks_) {
            ::operator delete(b->bytes);
        }
    }

    /// The moment at which a block begins: the states, and the id of the operation that led to them.
    struct moment {
        store_head head;
        identifier id;
        list<basic_pool<Amount>, 1> pools;
    };

    /// Room for so many more bytes, and for the states of so many pools at the beginning of each block.
    [[nodiscard]] bool try_reserve(std::size_t bytes, std::size_t pools) noexcept {
        const std::size_t blocks = bytes / block_bytes + 1;
        while (blocks_.size() - used_ < blocks) {
            if (!add_block(block_bytes)) {
                return false;
            }
        }
        return std::all_of(blocks_.begin() + used_, blocks_.end(),
                           [&](const auto& b) { return b->before.pools.try_reserve(pools); });
    }

    /// All of a commit, or nothing without memory for it. A commit lies in one block, so that a block
    /// begins at a moment that the store was at: `before` are the states of that moment.
    template <class Operations>
    [[nodiscard]] bool append(const Operations& operations, const basic_snapshot<Amount>& before,
                              identifier before_id) {
        byte_counter count;
        for (const auto& o : operations) {
            record<Amount>(count, o);
        }
        const std::size_t size = count.size + operations.size() * sizeof(std::uint32_t);
        if (!make_room(size, before, before_id)) {
            return false;
        }
        for (const auto& o : operations) {
            unsigned char* const begin = blocks_[used_ - 1]->bytes + blocks_[used_ - 1]->size;
            byte_writer writer{begin + sizeof(std::uint32_t)};
            record<Amount>(writer, o);
            end_record(begin, writer.to, o.sequence);
        }
        return true;
    }

    /// A wager in the making: each part is added as it is decided, without counting its bytes before.
    class wager_record {
    public:
        template <class Part>
        JACKPOT_INLINE void add(const Part& part) {
            record_part_head<Amount>(writer_, part);
            record_contribution<Amount>(writer_, part);
        }

    private:
        friend class memory_journal;
        explicit wager_record(unsigned char* to) noexcept : begin_(to), writer_{to + sizeof(std::uint32_t)} {}

        unsigned char* begin_;
        roomy_byte_writer writer_;
        unsigned char* parts_at_ = nullptr;
    };

    /// What a wager that feeds so many pools, whose names have so many bytes, takes at most.
    [[nodiscard]] static std::size_t most_bytes(std::size_t pools, std::size_t names) noexcept {
        return wager_bytes + names + pools * wager_part_bytes;
    }
    [[nodiscard]] bool has_room(std::size_t size) const noexcept {
        return used_ != 0 && blocks_[used_ - 1]->capacity - blocks_[used_ - 1]->size >= size;
    }
    /// Begins a block where the last has less room. False without memory.
    [[nodiscard]] bool make_room(std::size_t size, const basic_snapshot<Amount>& before,
                                 identifier before_id) noexcept {
        if (has_room(size)) {
            return true;
        }
        if (!next_block(size)) {
            return false;
        }
        block& b = *blocks_[used_ - 1];
        if (!b.before.pools.try_reserve(before.pools.size())) {
            --used_;
            earlier_ = used_ == 0 ? 0 : earlier_ - blocks_[used_ - 1]->operations;
            return false;
        }
        b.before.pools.assign(before.pools.begin(), before.pools.end());
        b.before.head = before.head;
        b.before.id = before_id;
        b.last = before.head.sequence;
        return true;
    }

    /// Where there is room for it. `o` has the fields of an operation and of a contribute request.
    template <class Wager>
    [[nodiscard]] JACKPOT_INLINE wager_record begin_wager(const Wager& o) {
        const block& b = *blocks_[used_ - 1];
        wager_record r(b.bytes + b.size);
        const operation_kind kind = operation_kind::contributed;
        record_head(r.writer_, kind, o);
        record_request<Amount>(r.writer_, o);
        r.parts_at_ = r.writer_.to;
        r.writer_.to += sizeof(std::uint32_t);
        return r;
    }
    JACKPOT_INLINE void end_wager(const wager_record& r, std::size_t parts, std::uint64_t sequence) {
        const auto count = static_cast<std::uint32_t>(parts);
        std::memcpy(r.parts_at_, &count, sizeof count);
        end_record(r.begin_, r.writer_.to, sequence);
    }

    /// Calls `visit(sequence, bytes)` for each record after that sequence, until it returns false.
    template <class Visit>
    void each_after(std::uint64_t after, Visit&& visit) const {
        const auto* end = blocks_.begin() + used_;
        const auto* at_block = std::upper_bound(blocks_.begin(), end, after,
                                                [](std::uint64_t s, const auto& x) { return s < x->last; });
        for (; at_block != end; ++at_block) {
            const block* b = at_block->get();
            for (std::size_t at = 0; at < b->size;) {
                std::uint32_t length = 0;
                std::uint64_t sequence = 0;
                std::memcpy(&length, b->bytes + at, sizeof length);
                std::memcpy(&sequence, b->bytes + at + sizeof length + sizeof(operation_kind),
                            sizeof sequence);
                if (sequence > after && !visit(sequence, b->bytes + at + sizeof length)) {
                    return;
                }
                at += length;
            }
        }
    }

    [[nodiscard]] static operation_kind kind_at(const unsigned char* bytes) noexcept {
        return static_cast<operation_kind>(*bytes);
    }
    /// The key alone, without reading the rest.
    [[nodiscard]] static std::optional<name> key_at(const unsigned char* bytes) {
        std::optional<name> key;
        if (kind_at(bytes) != operation_kind::checkpoint) {
            byte_reader reader{bytes + record_head_bytes};
            record_optional_name(reader, key);
        }
        return key;
    }
    static void read(const unsigned char* bytes, basic_operation<Amount>& o) {
        byte_reader reader{bytes};
        record<Amount>(reader, o);
    }

    /// The last sequence of the oldest block, if there is a newer block behind it.
    [[nodiscard]] std::optional<std::uint64_t> oldest_block_end() const noexcept {
        return used_ > 1 ? std::optional(blocks_[0]->last) : std::nullopt;
    }
    [[nodiscard]] std::size_t oldest_block_operations() const noexcept { return blocks_[0]->operations; }

    /// The moment before the first operation that is kept; null where there is none.
    [[nodiscard]] const moment* before() const noexcept { return used_ == 0 ? nullptr : &blocks_[0]->before; }

    void drop_oldest_block() noexcept {
        earlier_ -= blocks_[0]->operations;
        std::rotate(blocks_.begin(), blocks_.begin() + 1, blocks_.begin() + used_);
        --used_;
    }

    [[nodiscard]] std::size_t operations() const noexcept {
        return used_ == 0 ? 0 : earlier_ + blocks_[used_ - 1]->operations;
    }

private:
    struct block {
        unsigned char* bytes = nullptr;
        std::size_t capacity = 0;
        std::size_t size = 0;
        std::size_t operations = 0;
        std::uint64_t last = 0;
        moment before{};
    };

    // At most, with every name of full length but those of the pools; and what a roomy writer may copy too
    // much.
    static constexpr std::size_t wager_bytes =
        sizeof(std::uint32_t) + record_head_bytes + 3 * (2 + 128) + amount_traits<Amount>::bytes + 8 + 128;
    static constexpr std::size_t wager_part_bytes =
        1 + sizeof(std::uint64_t) + sizeof(std::uint32_t) + 5 * amount_traits<Amount>::bytes;

    JACKPOT_INLINE void end_record(unsigned char* begin, const unsigned char* end, std::uint64_t sequence) {
        const auto length = static_cast<std::uint32_t>(end - begin);
        std::memcpy(begin, &length, sizeof length);
        block& b = *blocks_[used_ - 1];
        b.size += length;
        b.operations += 1;
        b.last = sequence;
    }

    [[nodiscard]] bool add_block(std::size_t capacity) noexcept {
        if (blocks_.size() == blocks_.capacity() && !blocks_.try_reserve(blocks_.capacity() * 2)) {
            return false;
        }
        std::unique_ptr<block> made(new (std::nothrow) block);
        if (made == nullptr) {
            return false;
        }
        made->bytes = static_cast<unsigned char*>(::operator new(capacity, std::nothrow));
        made->capacity = capacity;
        if (made->bytes == nullptr) {
            return false;
        }
        blocks_.emplace_back(std::move(made));
        return true;
    }

    /// Makes an empty block of at least that size the last one in use.
    [[nodiscard]] bool next_block(std::size_t size) noexcept {
        auto* fits = std::find_if(blocks_.begin() + used_, blocks_.end(),
                                  [&](const auto& b) { return b->capacity >= size; });
        if (fits == blocks_.end()) {
            if (!add_block(size > block_bytes ? size : block_bytes)) {
                return false;
            }
            fits = blocks_.end() - 1;
        }
        earlier_ = operations();
        std::swap(*fits, blocks_[used_]);
        block& b = *blocks_[used_++];
        b.size = 0;
        b.operations = 0;
        return true;
    }

    list<std::unique_ptr<block>, 1> blocks_;  // those in use, in order; behind them, empty ones
    std::size_t used_ = 0;
    std::size_t earlier_ = 0;  // operations before the last block in use
};

}  // namespace jackpot::inline v1::detail

#endif
