// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_HANDLES_HPP
#define JACKPOT_MEMORY_HANDLES_HPP

#include <jackpot/core/list.hpp>
#include <jackpot/memory/meters_cell.hpp>

#include <utility>

namespace jackpot { inline namespace v1 {

namespace detail {

template <amount Amount>
class memory_handles;

/// The part that a store shares with the handles that it gave. The last owner frees it.
struct handed_out {
    std::atomic<const void*> maker{nullptr};  // null once the store is gone
    std::atomic<std::uint32_t> users{0};
};

template <class T>
class shared_by_handles {
public:
    shared_by_handles() noexcept = default;
    explicit shared_by_handles(T* item) noexcept : item_(item) { count(); }
    shared_by_handles(const shared_by_handles& other) noexcept : item_(other.item_) { count(); }
    shared_by_handles(shared_by_handles&& other) noexcept : item_(std::exchange(other.item_, nullptr)) {}
    shared_by_handles& operator=(shared_by_handles other) noexcept {
        std::swap(item_, other.item_);
        return *this;
    }
    ~shared_by_handles() {
        if (item_ != nullptr && item_->users.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            delete item_;
        }
    }

    /// The shared part where `maker` is the store that made it; null for any other store.
    [[nodiscard]] JACKPOT_INLINE T* of(const void* maker) const noexcept {
        return item_ != nullptr && item_->maker.load(std::memory_order_relaxed) == maker ? item_ : nullptr;
    }
    [[nodiscard]] T* get() const noexcept { return item_; }

private:
    void count() noexcept {
        if (item_ != nullptr) {
            item_->users.fetch_add(1, std::memory_order_relaxed);
        }
    }

    T* item_ = nullptr;
};

/// A pool that was resolved, with the meters that its handles read.
template <amount Amount>
struct resolved_pool : handed_out {
    name pool{};
    meters_cell<Amount> cell{};
};

/// A game, and the pools that it feeds, as they were in a generation of the store's pools.
template <amount Amount>
struct resolved_game : handed_out {
    struct source {
        basic_pool<Amount>* pool;
        const basic_configuration<Amount>* configuration;
        meters_cell<Amount>* cell;  // null where nobody reads
    };

    name game{};
    std::uint64_t generation = 0;
    list<source, 4> pools{};
    Amount least{};                        // a wager below feeds none of the pools
    Amount most{};                         // a wager above is too large for one of them
    bool saves = false;                    // some pool of them has a reserve, or fills it
    std::size_t bytes = 0;                 // what a wager's record takes at most
    const unsigned char* names = nullptr;  // where the journal has those of the game and of the pools,
    std::uint64_t names_block = 0;         // in this block
    bool is_read = false;                  // some pool of them is, by its handle
};

}  // namespace detail

/// A game that a store has resolved, so that wagers in it compare no names. A handle is cheap to copy, and
/// any thread may use it. The store looks up again which pools the game feeds after pools were opened,
/// configured, suspended, resumed or restored.
///
/// A handle stands for its name. With any store but the one that made it (another store, a store made in its
/// place, the store behind a write_behind) a wager goes by that name, which takes longer. A handle that no
/// store made has the empty name, which is refused as invalid_game.
template <amount Amount>
class basic_game_handle {
public:
    basic_game_handle() noexcept = default;

    [[nodiscard]] jackpot::name name() const noexcept {
        return game_.get() == nullptr ? jackpot::name() : game_.get()->game;
    }

private:
    friend class detail::memory_handles<Amount>;
    explicit basic_game_handle(detail::resolved_game<Amount>* known) noexcept : game_(known) {}

    detail::shared_by_handles<detail::resolved_game<Amount>> game_;
};

/// A pool that a store has resolved, so that its meters can be read without waiting for a writer. A handle is
/// cheap to copy, any thread may use it, and it stays valid whatever becomes of the pool. With any store but
/// the one that made it the handle stands for its name, as a game's handle does: that store looks the pool up
/// under its lock. A handle that no store made is refused as invalid_pool.
template <amount Amount>
class basic_pool_handle {
public:
    basic_pool_handle() noexcept = default;

    [[nodiscard]] jackpot::name name() const noexcept {
        return pool_.get() == nullptr ? jackpot::name() : pool_.get()->pool;
    }

private:
    friend class detail::memory_handles<Amount>;
    explicit basic_pool_handle(detail::resolved_pool<Amount>* known) noexcept : pool_(known) {}

    detail::shared_by_handles<detail::resolved_pool<Amount>> pool_;
};

using game_handle = basic_game_handle<std::int64_t>;
using pool_handle = basic_pool_handle<std::int64_t>;

}}  // namespace jackpot::v1

#endif
