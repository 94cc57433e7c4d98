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
        for (const block& b : blocks_) {
            ::operator delete(b.bytes);
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
                           [&](block& b) { return b.before.pools.try_reserve(pools); });
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
        if (used_ == 0 || blocks_[used_ - 1].capacity - blocks_[used_ - 1].size < size) {
            if (!next_block(size)) {
                return false;
            }
            block& b = blocks_[used_ - 1];
            if (!b.before.pools.try_reserve(before.pools.size())) {
                --used_;
                return false;
            }
            b.before.pools.assign(before.pools.begin(), before.pools.end());
            b.before.head = before.head;
            b.before.id = before_id;
            b.last = before.head.sequence;
        }
        block& b = blocks_[used_ - 1];
        std::size_t end = b.size;
        for (const auto& o : operations) {
            unsigned char* const begin = b.bytes + end;
            byte_writer writer{begin + sizeof(std::uint32_t)};
            record<Amount>(writer, o);
            const auto length = static_cast<std::uint32_t>(writer.to - begin);
            std::memcpy(begin, &length, sizeof length);
            end += length;
        }
        b.size = end;
        b.operations += operations.size();
        b.last = operations.back().sequence;
        operations_ += operations.size();
        return true;
    }

    /// Calls `visit(sequence, bytes)` for each record after that sequence, until it returns false.
    template <class Visit>
    void each_after(std::uint64_t after, Visit&& visit) const {
        const block* end = blocks_.begin() + used_;
        const block* b = std::upper_bound(blocks_.begin(), end, after,
                                          [](std::uint64_t s, const block& x) { return s < x.last; });
        for (; b != end; ++b) {
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
            record_optional(reader, key, [&](name& value) { record_name(reader, value); });
        }
        return key;
    }
    static void read(const unsigned char* bytes, basic_operation<Amount>& o) {
        byte_reader reader{bytes};
        record<Amount>(reader, o);
    }

    /// The last sequence of the oldest block, if there is a newer block behind it.
    [[nodiscard]] std::optional<std::uint64_t> oldest_block_end() const noexcept {
        return used_ > 1 ? std::optional(blocks_[0].last) : std::nullopt;
    }
    [[nodiscard]] std::size_t oldest_block_operations() const noexcept { return blocks_[0].operations; }

    /// The moment before the first operation that is kept; null where there is none.
    [[nodiscard]] const moment* before() const noexcept { return used_ == 0 ? nullptr : &blocks_[0].before; }

    void drop_oldest_block() noexcept {
        operations_ -= blocks_[0].operations;
        std::rotate(blocks_.begin(), blocks_.begin() + 1, blocks_.begin() + used_);
        --used_;
    }

    [[nodiscard]] std::size_t operations() const noexcept { return operations_; }

private:
    struct block {
        unsigned char* bytes = nullptr;
        std::size_t capacity = 0;
        std::size_t size = 0;
        std::size_t operations = 0;
        std::uint64_t last = 0;
        moment before{};
    };

    [[nodiscard]] bool add_block(std::size_t capacity) noexcept {
        if (blocks_.size() == blocks_.capacity() && !blocks_.try_reserve(blocks_.capacity() * 2)) {
            return false;
        }
        auto* bytes = static_cast<unsigned char*>(::operator new(capacity, std::nothrow));
        if (bytes == nullptr) {
            return false;
        }
        block& b = blocks_.emplace_back();
        b.bytes = bytes;
        b.capacity = capacity;
        return true;
    }

    /// Makes an empty block of at least that size the last one in use.
    [[nodiscard]] bool next_block(std::size_t size) noexcept {
        auto* fits = std::find_if(blocks_.begin() + used_, blocks_.end(),
                                  [&](const block& b) { return b.capacity >= size; });
        if (fits == blocks_.end()) {
            if (!add_block(size > block_bytes ? size : block_bytes)) {
                return false;
            }
            fits = blocks_.end() - 1;
        }
        std::swap(*fits, blocks_[used_]);
        block& b = blocks_[used_++];
        b.size = 0;
        b.operations = 0;
        return true;
    }

    list<block, 1> blocks_;  // those in use, in order; behind them, empty ones
    std::size_t used_ = 0;
    std::size_t operations_ = 0;
};

}  // namespace jackpot::inline v1::detail

#endif
