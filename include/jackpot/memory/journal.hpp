// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_JOURNAL_HPP
#define JACKPOT_MEMORY_JOURNAL_HPP

#include <jackpot/core/snapshot.hpp>
#include <jackpot/memory/handles.hpp>
#include <jackpot/memory/record.hpp>
#include <jackpot/memory/touched_pools.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Operations as records in blocks of bytes. Blocks dropped from the front are used again at the back,
/// so that a journal of limited length stops allocating.
template <amount Amount>
class memory_journal {
public:
    static constexpr std::size_t block_bytes = 64 * 1024;

    /// `is_limited`: blocks are to be dropped from the front.
    explicit memory_journal(bool is_limited) noexcept : is_limited_(is_limited) {}
    memory_journal(const memory_journal&) = delete;
    memory_journal& operator=(const memory_journal&) = delete;
    ~memory_journal() {
        for (const auto& b : blocks_) {
            ::operator delete(b->bytes);
        }
    }

    /// Where a record ends.
    struct place {
        std::uint64_t block = 0;  // 0: nowhere
        std::size_t at = 0;
    };

    /// Room for so many more bytes, and for the states of so many pools at the end of each block.
    [[nodiscard]] bool try_reserve(std::size_t bytes, std::size_t pools) noexcept {
        const std::size_t blocks = bytes / block_bytes + 1;
        while (blocks_.size() - used_ < blocks) {
            if (!add_block(block_bytes)) {
                return false;
            }
        }
        if (!is_limited_) {
            return true;
        }
        before_.pools.reserve(pools);
        const std::size_t changed = (std::min)(pools, block_bytes / short_part_bytes<Amount>);
        return touched_.try_reserve(changed) &&
               std::all_of(blocks_.begin() + used_, blocks_.end(),
                           [&](const auto& b) { return b->changed.try_reserve(changed); });
    }

    /// All of a commit, or nothing without memory for it. A commit lies in one block, so that a block ends at
    /// a moment that the store was at: `before` are the states of that moment.
    template <class Operations>
    [[nodiscard]] bool append(const Operations& operations, const basic_snapshot<Amount>& before) {
        byte_counter count;
        for (const auto& o : operations) {
            record<Amount>(count, o);
        }
        const std::size_t size = count.size + operations.size() * record_frame_bytes;
        if (!make_room(size, before)) {
            return false;
        }
        for (const auto& o : operations) {
            unsigned char* const begin = newest_->bytes + newest_->size;
            byte_writer writer{begin + sizeof(std::uint32_t)};
            record<Amount>(writer, o);
            // One that leaps counts as one.
            newest_->base += o.sequence - newest_->last - 1;
            end_record(begin, writer.to, o.sequence);
        }
        return true;
    }

    /// A wager in the making: each part is added as it is decided, without counting its bytes before.
    class wager_record {
    public:
        template <bool Saves, class Part>
        JACKPOT_INLINE void add(std::uint32_t place, const Part& part) {
            record_short_part<Saves, Amount>(writer_, place, part);
            ++parts_;
        }

    private:
        friend class memory_journal;
        explicit wager_record(unsigned char* to) noexcept : begin_(to), writer_{to + sizeof(std::uint32_t)} {}

        unsigned char* begin_;
        roomy_byte_writer writer_;
        unsigned char* head_end_ = nullptr;
        std::uint32_t parts_ = 0;
    };

    /// Do the names of the game stand in the newest block, and is there room behind them for a wager?
    [[nodiscard]] JACKPOT_INLINE bool is_ready_for(const resolved_game<Amount>& game) const noexcept {
        return game.names_block == begun_ && newest_->capacity - newest_->size >= game.bytes;
    }
    /// Makes it so. False without memory.
    JACKPOT_COLD bool get_ready_for(resolved_game<Amount>& game,
                                    const basic_snapshot<Amount>& before) noexcept {
        byte_counter count;
        record_names(count, game);
        if (!make_room(record_frame_bytes + count.size + game.bytes, before)) {
            return false;
        }
        unsigned char* const begin = newest_->bytes + newest_->size;
        byte_writer writer{begin + sizeof(std::uint32_t)};
        game.names = record_names(writer, game).to;
        game.names_block = begun_;
        end_record(begin, writer.to, newest_->last);
        for (const auto& source : game.pools) {
            touched(*source.pool);
        }
        return true;
    }

    /// The newest block has, or will have, a record that changes the pool.
    void touched(const basic_pool<Amount>& pool) {
        if (is_limited_) {
            touched_.add(pool);
        }
    }
    /// All pools become others.
    void all_touched() noexcept { touched_.add_all(); }

    [[nodiscard]] bool has_room(std::size_t size) const noexcept {
        return newest_ != nullptr && newest_->capacity - newest_->size >= size;
    }
    /// Begins a block where the last has less room. False without memory.
    JACKPOT_COLD bool make_room(std::size_t size, const basic_snapshot<Amount>& before) noexcept {
        if (has_room(size)) {
            return true;
        }
        auto* fits = free_block(size);
        if (fits == nullptr || (is_limited_ && newest_ != nullptr &&
                                !touched_.take(before.pools, newest_->changed_all, newest_->changed))) {
            return false;
        }
        if (newest_ == nullptr) {
            before_ = before;
        } else {
            newest_->after = before.head;
        }
        earlier_ = operations();
        std::swap(*fits, blocks_[used_]);
        newest_ = blocks_[used_++].get();
        newest_->size = 0;
        newest_->base = newest_->last = before.head.sequence;
        ++begun_;
        return true;
    }

    /// Where it is ready for the game. `o` has the fields of an operation and of a contribute request.
    template <class Wager>
    [[nodiscard]] JACKPOT_INLINE wager_record begin_wager(const resolved_game<Amount>& game, const Wager& o) {
        wager_record r(newest_->bytes + newest_->size);
        const std::uint8_t kind = short_wager;
        const short_wager_links links{.back = static_cast<std::uint32_t>(r.writer_.to - game.names),
                                      .saves = game.saves};
        record_short_wager<Amount>(r.writer_, kind, o, o, links);
        r.head_end_ = r.writer_.to;
        return r;
    }
    JACKPOT_INLINE void end_wager(const wager_record& r, std::uint64_t sequence) {
        std::memcpy(r.head_end_ - sizeof r.parts_, &r.parts_, sizeof r.parts_);
        end_record(r.begin_, r.writer_.to, sequence);
    }

    [[nodiscard]] place end() const noexcept { return {begun_, newest_ == nullptr ? 0 : newest_->size}; }

    /// Calls `visit(sequence, bytes)` for each record after that sequence, until it returns false. `from`, if
    /// it is still there, is a place that none of them stands before.
    template <class Visit>
    void each_after(std::uint64_t after, Visit&& visit, place from = {}) const {
        const auto* end = blocks_.begin() + used_;
        const std::uint64_t dropped = begun_ - used_;
        const bool is_there = from.block > dropped;
        const auto* at_block =
            is_there ? blocks_.begin() + (from.block - dropped - 1)
                     : std::upper_bound(blocks_.begin(), end, after,
                                        [](std::uint64_t s, const auto& x) { return s < x->last; });
        std::size_t at = is_there ? from.at : 0;
        for (; at_block != end; ++at_block, at = 0) {
            const block* b = at_block->get();
            while (at < b->size) {
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

    /// The same for each record before that sequence, the newest first. Error: false, without memory for the
    /// places of one block's records.
    template <class Visit>
    [[nodiscard]] bool each_before(std::uint64_t before, Visit&& visit) const {
        list<std::uint32_t, 1> places;
        for (const auto* at_block = blocks_.begin() + used_; at_block != blocks_.begin();) {
            const block& b = **--at_block;
            places.clear();
            for (std::size_t at = 0; at < b.size;) {
                std::uint32_t length = 0;
                std::memcpy(&length, b.bytes + at, sizeof length);
                if (places.size() == places.capacity() && !places.try_reserve(2 * places.capacity())) {
                    return false;
                }
                places.push_back(static_cast<std::uint32_t>(at));
                at += length;
            }
            for (std::size_t i = places.size(); i-- > 0;) {
                const unsigned char* bytes = b.bytes + places.begin()[i] + sizeof(std::uint32_t);
                std::uint64_t sequence = 0;
                std::memcpy(&sequence, bytes + sizeof(operation_kind), sizeof sequence);
                // What holds names alone has no sequence.
                if (sequence != 0 && sequence < before && !visit(sequence, bytes)) {
                    return true;
                }
            }
        }
        return true;
    }

    [[nodiscard]] static operation_kind kind_at(const unsigned char* bytes) noexcept {
        return *bytes == short_wager ? operation_kind::contributed : static_cast<operation_kind>(*bytes);
    }
    [[nodiscard]] static identifier id_at(const unsigned char* bytes) noexcept {
        identifier id;
        byte_reader reader{bytes + sizeof(operation_kind) + sizeof(std::uint64_t)};
        record_number(reader, id.high);
        record_number(reader, id.low);
        return id;
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
        if (*bytes == short_wager) {
            read_short_wager(bytes, o);
        } else {
            byte_reader reader{bytes};
            record<Amount>(reader, o);
        }
    }

    /// The last sequence of the oldest block, if there is a newer block behind it.
    [[nodiscard]] std::optional<std::uint64_t> oldest_block_end() const noexcept {
        return used_ > 1 ? std::optional(blocks_[0]->last) : std::nullopt;
    }
    [[nodiscard]] std::size_t oldest_block_operations() const noexcept { return operations_in(*blocks_[0]); }

    /// The moment before the first operation that is kept; null where there is none.
    [[nodiscard]] const basic_snapshot<Amount>* before() const noexcept {
        return used_ == 0 ? nullptr : &before_;
    }

    void drop_oldest_block() {
        const block& b = *blocks_[0];
        if (b.changed_all) {
            before_.pools.clear();
        }
        for (const auto& pool : b.changed) {
            before_.pools.put(pool);
        }
        before_.head = b.after;
        earlier_ -= operations_in(b);
        std::rotate(blocks_.begin(), blocks_.begin() + 1, blocks_.begin() + used_);
        --used_;
    }

    [[nodiscard]] std::size_t operations() const noexcept {
        return used_ == 0 ? 0 : earlier_ + operations_in(*newest_);
    }

private:
    struct block {
        unsigned char* bytes = nullptr;
        std::size_t capacity = 0;
        std::size_t size = 0;
        std::uint64_t base = 0;  // so many operations less than the last sequence are in it
        std::uint64_t last = 0;
        // Once it has ended, and only where blocks are to be dropped: what it changes, as it leaves that.
        store_head after{};
        list<basic_pool<Amount>, 1> changed{};
        bool changed_all = false;
    };

    /// The names behind a head that no visit is made for. Where they begin.
    template <class Archive>
    static auto record_names(Archive& archive, const resolved_game<Amount>& game) {
        const operation_kind none{};
        const std::uint64_t sequence = 0;
        record_number(archive, none);
        record_number(archive, sequence);
        const auto begin = archive;
        record_name(archive, game.game);
        for (const auto& source : game.pools) {
            record_name(archive, source.pool->pool);
        }
        return begin;
    }

    JACKPOT_INLINE void end_record(unsigned char* begin, const unsigned char* end, std::uint64_t sequence) {
        const std::uint32_t length = (static_cast<std::uint32_t>(end - begin) + 7) / 8 * 8;
        std::memcpy(begin, &length, sizeof length);
        newest_->size += length;
        newest_->last = sequence;
    }

    [[nodiscard]] static std::size_t operations_in(const block& b) noexcept {
        return static_cast<std::size_t>(b.last - b.base);
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

    /// One that is not in use, of at least that size; null without memory.
    [[nodiscard]] std::unique_ptr<block>* free_block(std::size_t size) noexcept {
        auto* fits = std::find_if(blocks_.begin() + used_, blocks_.end(),
                                  [&](const auto& b) { return b->capacity >= size; });
        if (fits == blocks_.end()) {
            if (!add_block(size > block_bytes ? size : block_bytes)) {
                return nullptr;
            }
            fits = blocks_.end() - 1;
        }
        return fits;
    }

    bool is_limited_;
    basic_snapshot<Amount> before_;           // the moment before the first block
    touched_pools<Amount> touched_;           // by the newest block
    list<std::unique_ptr<block>, 1> blocks_;  // those in use, in order; behind them, empty ones
    std::size_t used_ = 0;
    block* newest_ = nullptr;  // of those in use
    std::size_t earlier_ = 0;  // operations before the last block in use
    std::uint64_t begun_ = 0;  // blocks, ever
};

}}}  // namespace jackpot::v1::detail

#endif
