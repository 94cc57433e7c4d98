// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_RESOLVED_HPP
#define JACKPOT_MEMORY_RESOLVED_HPP

#include <jackpot/memory/handles.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The games and pools that a store in memory has resolved. Use it under the store's lock, except for
/// `meters`.
template <amount Amount>
class memory_handles {
public:
    using game_type = resolved_game<Amount>;
    using pools_type = std::vector<basic_pool<Amount>>;

    memory_handles() = default;
    memory_handles(const memory_handles&) = delete;
    memory_handles& operator=(const memory_handles&) = delete;
    ~memory_handles() {
        // Another store may come to stand where this one stood.
        for (const auto& game : games_) {
            game.get()->maker = nullptr;
        }
        for (const auto& pool : pools_) {
            pool.get()->maker = nullptr;
        }
    }

    /// The handle of a valid name, made at the first call; none without memory.
    [[nodiscard]] std::optional<basic_game_handle<Amount>> game(const name& game) noexcept {
        game_type* known = at_name(games_, game, &game_type::game);
        return known == nullptr ? std::nullopt : std::optional(basic_game_handle<Amount>(known));
    }
    [[nodiscard]] std::optional<basic_pool_handle<Amount>> pool(const name& pool) noexcept {
        auto* known = at_name(pools_, pool, &resolved_pool<Amount>::pool);
        if (known == nullptr) {
            return std::nullopt;
        }
        changed();
        return basic_pool_handle<Amount>(known);
    }

    /// Null for a handle that this store did not make.
    [[nodiscard]] JACKPOT_INLINE game_type* resolved(const basic_game_handle<Amount>& game) const noexcept {
        return game.game_.of(this);
    }
    [[nodiscard]] const meters_cell<Amount>* cell_of(const basic_pool_handle<Amount>& pool) const noexcept {
        const auto* known = pool.pool_.of(this);
        return known == nullptr ? nullptr : &known->cell;
    }

    /// The pools, where they stand, or what feeds them is not as before.
    void changed() noexcept {
        ++generation_;
        all_moved_ = true;
    }
    /// Meters of any pool may have moved.
    void moved() noexcept { all_moved_ = true; }
    /// Meters of the pools that the game feeds have moved.
    JACKPOT_INLINE void moved(const game_type& game) noexcept {
        if (game.is_read) {
            all_moved_ |= moved_ != nullptr && moved_ != &game;
            moved_ = &game;
        }
    }

    /// Looks up which pools the game feeds, where that may have changed. False without memory.
    [[nodiscard]] JACKPOT_INLINE bool look_up(game_type& game, pools_type& pools) {
        return game.generation == generation_ || look_up_again(game, pools);
    }

    /// Shows readers what has moved.
    JACKPOT_INLINE void publish(const pools_type& pools) {
        if (all_moved_) {
            publish_all(pools);
        } else if (moved_ != nullptr) {
            for (const auto& source : moved_->pools) {
                if (source.cell != nullptr) {
                    source.cell->publish_wager(*source.pool);
                }
            }
        }
        moved_ = nullptr;
    }

private:
    template <class T>
    using owned = list<shared_by_handles<T>, 1>;

    template <class T>
    [[nodiscard]] static T* find(const owned<T>& items, const name& wanted, name T::*name_of) noexcept {
        const auto* at = std::find_if(items.begin(), items.end(),
                                      [&](const auto& item) { return item.get()->*name_of == wanted; });
        return at == items.end() ? nullptr : at->get();
    }
    template <class T>
    [[nodiscard]] T* at_name(owned<T>& items, const name& wanted, name T::*name_of) noexcept {
        if (T* known = find(items, wanted, name_of)) {
            return known;
        }
        shared_by_handles<T> made(new (std::nothrow) T());
        if (made.get() == nullptr ||
            (items.size() == items.capacity() && !items.try_reserve(items.capacity() * 2))) {
            return nullptr;
        }
        made.get()->*name_of = wanted;
        made.get()->maker = this;
        return items.emplace_back(std::move(made)).get();
    }

    JACKPOT_COLD bool look_up_again(game_type& game, pools_type& pools) {
        if (!game.pools.try_reserve(pools.size())) {
            return false;
        }
        game.pools.clear();
        game.is_read = false;
        game.least = amount_traits<Amount>::amount_max();  // which no wager is with headroom
        for (auto& pool : pools) {
            if (is_fed_by(pool, game.game)) {
                auto* known = find(pools_, pool.pool, &resolved_pool<Amount>::pool);
                const auto* configuration = pool.configuration.get();
                game.is_read |= known != nullptr;
                game.pools.push_back({&pool, configuration, known == nullptr ? nullptr : &known->cell});
                game.least = (std::min)(game.least, configuration->min_wager);
            }
        }
        game.bytes = short_wager_bytes<Amount> + game.pools.size() * short_part_bytes<Amount>;
        game.names_block = 0;
        game.generation = generation_;
        return true;
    }

    JACKPOT_COLD void publish_all(const pools_type& pools) {
        for (const auto& known : pools_) {
            const auto* found = find_pool(pools, known.get()->pool);
            known.get()->cell.publish(found == nullptr ? basic_pool<Amount>{} : *found);
        }
        all_moved_ = false;
    }

    owned<game_type> games_;
    owned<resolved_pool<Amount>> pools_;
    std::uint64_t generation_ = 1;
    const game_type* moved_ = nullptr;
    bool all_moved_ = false;
};

}}}  // namespace jackpot::v1::detail

#endif
