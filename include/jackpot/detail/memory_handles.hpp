// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_DETAIL_MEMORY_HANDLES_HPP
#define JACKPOT_DETAIL_MEMORY_HANDLES_HPP

#include <jackpot/handles.hpp>
#include <jackpot/rules.hpp>

#include <memory>

namespace jackpot::inline v1::detail {

/// The games and pools that a store in memory was asked to resolve, under its lock.
template <amount Amount>
class memory_handles {
public:
    /// The handle of a valid name, made at the first call; none without memory.
    [[nodiscard]] std::optional<game_handle> game(const name& game) noexcept {
        game_feed* feed = at_name(games_, game, &game_feed::game);
        return feed == nullptr ? std::nullopt : std::optional(game_handle(feed));
    }
    [[nodiscard]] std::optional<pool_handle<Amount>> pool(const basic_pool<Amount>& pool) noexcept {
        entry* known = at_name(pools_, pool.pool, &entry::pool);
        if (known == nullptr) {
            return std::nullopt;
        }
        changed();
        return pool_handle<Amount>(known);
    }

    [[nodiscard]] static game_feed& feed_of(const game_handle& game) noexcept {
        JACKPOT_ASSERT(game.feed_ != nullptr);
        return *game.feed_;
    }

    [[nodiscard]] static expected<basic_meters<Amount>> meters(const pool_handle<Amount>& pool) {
        JACKPOT_ASSERT(pool.entry_ != nullptr);
        expected<basic_meters<Amount>> meters(pool.entry_->cell.read());
        if (meters->version == 0) {
            return fail(errc::unknown_pool, "pool", pool.name());
        }
        return meters;
    }

    /// The pools, or what feeds them, are others than before.
    void changed() noexcept {
        ++generation_;
        all_moved_ = true;
    }
    /// Meters of any pool may have moved.
    void moved() noexcept { all_moved_ = true; }
    /// Meters of the pools that the game feeds have moved.
    JACKPOT_INLINE void moved(const game_feed& feed) noexcept {
        all_moved_ = all_moved_ || (moved_ != nullptr && moved_ != &feed);
        moved_ = &feed;
    }

    /// Looks up which pools the game feeds, where that may have changed. False without memory.
    [[nodiscard]] JACKPOT_INLINE bool resolve(game_feed& feed,
                                              const std::vector<basic_pool<Amount>>& pools) const {
        return feed.generation == generation_ || look_up(feed, pools);
    }

    /// Shows readers what has moved.
    JACKPOT_INLINE void publish(const std::vector<basic_pool<Amount>>& pools) {
        if (all_moved_) {
            publish_all(pools);
        } else if (moved_ != nullptr && !cells_.empty()) {
            for (const std::uint32_t i : moved_->pools) {
                if (cells_[i] != nullptr) {
                    cells_[i]->publish(pools[i]);
                }
            }
        }
        moved_ = nullptr;
    }

private:
    using entry = typename pool_handle<Amount>::entry;
    template <class T>
    using owned = list<std::unique_ptr<T>, 1>;

    template <class T>
    [[nodiscard]] static T* at_name(owned<T>& items, const name& wanted, name T::*name_of) noexcept {
        const auto at = std::find_if(items.begin(), items.end(),
                                     [&](const auto& item) { return (*item).*name_of == wanted; });
        if (at != items.end()) {
            return at->get();
        }
        std::unique_ptr<T> made(new (std::nothrow) T());
        if (made == nullptr ||
            (items.size() == items.capacity() && !items.try_reserve(items.capacity() * 2))) {
            return nullptr;
        }
        (*made).*name_of = wanted;
        return items.emplace_back(std::move(made)).get();
    }

    [[nodiscard]] bool look_up(game_feed& feed, const std::vector<basic_pool<Amount>>& pools) const {
        if (!feed.pools.try_reserve(pools.size())) {
            return false;
        }
        feed.pools.clear();
        feed.names = 0;
        for (std::size_t i = 0; i < pools.size(); ++i) {
            if (is_fed_by(pools[i], feed.game)) {
                feed.pools.push_back(static_cast<std::uint32_t>(i));
                feed.names += pools[i].pool.view().size();
            }
        }
        feed.generation = generation_;
        return true;
    }

    void publish_all(const std::vector<basic_pool<Amount>>& pools) {
        all_moved_ = false;
        if (pools_.empty()) {
            return;
        }
        if (cells_generation_ != generation_) {
            cells_.assign(pools.size(), nullptr);
            for (const auto& known : pools_) {
                const auto* found = find_pool(pools, known->pool);
                if (found == nullptr) {
                    known->cell.publish({});
                } else {
                    cells_[static_cast<std::size_t>(found - pools.data())] = &known->cell;
                }
            }
            cells_generation_ = generation_;
        }
        for (std::size_t i = 0; i < pools.size(); ++i) {
            if (cells_[i] != nullptr) {
                cells_[i]->publish(pools[i]);
            }
        }
    }

    owned<game_feed> games_;
    owned<entry> pools_;
    std::uint64_t generation_ = 1;
    std::vector<meters_cell<Amount>*> cells_;  // of each of the store's pools; null = nobody asked
    std::uint64_t cells_generation_ = 0;
    const game_feed* moved_ = nullptr;
    bool all_moved_ = false;
};

}  // namespace jackpot::inline v1::detail

#endif
