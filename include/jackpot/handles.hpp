// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_HANDLES_HPP
#define JACKPOT_HANDLES_HPP

#include <jackpot/detail/meters_cell.hpp>

namespace jackpot::inline v1 {

namespace detail {

template <amount Amount>
class memory_handles;

/// A pool that was resolved, and its meters for those who read them by its handle.
template <amount Amount>
struct resolved_pool {
    name pool{};
    meters_cell<Amount> cell{};
};

/// A game, and the pools that it feeds, as they were in a generation of the store's pools.
template <amount Amount>
struct resolved_game {
    struct source {
        basic_pool<Amount>* pool;
        const basic_configuration<Amount>* configuration;
        meters_cell<Amount>* cell;  // null where nobody reads
    };

    name game{};
    std::uint64_t generation = 0;
    list<source, 4> pools{};
    Amount least{};                        // a wager below feeds none of the pools
    std::size_t bytes = 0;                 // what a wager's record takes at most
    const unsigned char* names = nullptr;  // where the journal has those of the game and of the pools,
    std::uint64_t names_block = 0;         // in this block
    bool is_read = false;                  // some pool of them is, by its handle
};

}  // namespace detail

/// A game that a store has resolved, so that wagers in it compare no names. Cheap to copy, for any thread,
/// and valid as long as the store is: which pools the game feeds is looked up again where pools were opened,
/// configured, suspended, resumed or restored since. It belongs to the store that made it.
template <amount Amount>
class basic_game_handle {
public:
    basic_game_handle() noexcept = default;

    [[nodiscard]] const jackpot::name& name() const noexcept { return game_->game; }

private:
    friend class detail::memory_handles<Amount>;
    explicit basic_game_handle(detail::resolved_game<Amount>* known) noexcept : game_(known) {}

    detail::resolved_game<Amount>* game_ = nullptr;
};

/// A pool that a store has resolved, to read its meters by without waiting for anybody. Cheap to copy, for
/// any thread, and valid as long as the store is, whatever becomes of the pool.
template <amount Amount>
class basic_pool_handle {
public:
    basic_pool_handle() noexcept = default;

    [[nodiscard]] const jackpot::name& name() const noexcept { return pool_->pool; }

private:
    friend class detail::memory_handles<Amount>;
    explicit basic_pool_handle(const detail::resolved_pool<Amount>* known) noexcept : pool_(known) {}

    const detail::resolved_pool<Amount>* pool_ = nullptr;
};

using game_handle = basic_game_handle<std::int64_t>;
using pool_handle = basic_pool_handle<std::int64_t>;

}  // namespace jackpot::inline v1

#endif
