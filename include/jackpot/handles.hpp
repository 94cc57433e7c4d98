// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_HANDLES_HPP
#define JACKPOT_HANDLES_HPP

#include <jackpot/detail/meters_cell.hpp>

namespace jackpot::inline v1 {

template <amount Amount>
class pool_handle;

namespace detail {

template <amount Amount>
class memory_handles;

/// A game, and the pools that it feeds.
struct game_feed {
    name game{};
    std::uint64_t generation = 0;    // of the pools and their games, when that was looked up
    list<std::uint32_t, 4> pools{};  // where they stand among the store's
    std::size_t names = 0;           // the bytes of their names
};

}  // namespace detail

/// A game that a store has resolved, so that wagers in it compare no names. Cheap to copy, for any thread,
/// and valid as long as the store is: which pools the game feeds is looked up again where pools were opened,
/// configured, suspended, resumed or restored since. It belongs to the store that made it.
class game_handle {
public:
    game_handle() noexcept = default;

    [[nodiscard]] const jackpot::name& name() const noexcept { return feed_->game; }

private:
    template <amount Amount>
    friend class detail::memory_handles;

    explicit game_handle(detail::game_feed* feed) noexcept : feed_(feed) {}

    detail::game_feed* feed_ = nullptr;
};

/// A pool that a store has resolved, to read its meters by without waiting for anybody. Cheap to copy, for any
/// thread, and valid as long as the store is, whatever becomes of the pool.
template <amount Amount>
class pool_handle {
public:
    pool_handle() noexcept = default;

    [[nodiscard]] const jackpot::name& name() const noexcept { return entry_->pool; }

private:
    friend class detail::memory_handles<Amount>;

    struct entry {
        jackpot::name pool{};
        detail::meters_cell<Amount> cell{};
    };
    explicit pool_handle(entry* e) noexcept : entry_(e) {}

    entry* entry_ = nullptr;
};

}  // namespace jackpot::inline v1

#endif
