// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_DETAIL_MEMORY_HANDLES_HPP
#define JACKPOT_DETAIL_MEMORY_HANDLES_HPP

#include <jackpot/handles.hpp>
#include <jackpot/rules.hpp>

namespace jackpot::inline v1::detail {

/// The games and pools that a store in memory was asked to resolve. Used under its lock, but for `meters`.
template <amount Amount>
class memory_handles {
public:
    using game_type = resolved_game<Amount>;
    using pools_type = std::vector<basic_pool<Amount>>;

    /// The handle of a valid name, made at the first call; none without memory.
    [[nodiscard]] std::optional<basic_game_handle<Amount>> game(const name& game) noexcept {
        game_type* known = at_name(games_, game, &game_type::game);
        return known == nullptr ? std::nullopt : std::optional(basic_game_handle<Amount>(known));
    }
    [[nodiscard]] std::optional<basic_pool_handle<Amount>> pool(const name& pool) noexcept {
        const auto* known = at_name(pools_, pool, &resolved_pool<Amount>::pool);
        if (known == nullptr) {
            return std::nullopt;
        }
        changed();
        return basic_pool_handle<Amount>(known);
    }

    [[nodiscard]] static game_type& resolved(const basic_game_handle<Amount>& game) noexcept {
        JACKPOT_ASSERT(game.game_ != nullptr);
        return *game.game_;
    }

    [[nodiscard]] static expected<basic_meters<Amount>> meters(const basic_pool_handle<Amount>& pool) {
        JACKPOT_ASSERT(pool.pool_ != nullptr);
        expected<basic_meters<Amount>> meters(pool.pool_->cell.read());
        if (meters->version == 0) {
            return fail(errc::unknown_pool, "pool", pool.name());
        }
        return meters;
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
    using owned = list<std::unique_ptr<T>, 1>;

    template <class T>
    [[nodiscard]] static T* find(const owned<T>& items, const name& wanted, name T::*name_of) noexcept {
        const auto* at = std::find_if(items.begin(), items.end(),
                                      [&](const auto& item) { return (*item).*name_of == wanted; });
        return at == items.end() ? nullptr : at->get();
    }
    template <class T>
    [[nodiscard]] static T* at_name(owned<T>& items, const name& wanted, name T::*name_of) noexcept {
        if (T* known = find(items, wanted, name_of)) {
            return known;
        }
        std::unique_ptr<T> made(new (std::nothrow) T());
        if (made == nullptr ||
            (items.size() == items.capacity() && !items.try_reserve(items.capacity() * 2))) {
            return nullptr;
        }
        (*made).*name_of = wanted;
        return items.emplace_back(std::move(made)).get();
    }

    JACKPOT_SELDOM bool look_up_again(game_type& game, pools_type& pools) {
        if (!game.pools.try_reserve(pools.size())) {
            return false;
        }
        game.pools.clear();
        game.is_read = false;
        game.least = amount_traits<Amount>::most();  // which no wager is with headroom
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

    JACKPOT_SELDOM void publish_all(const pools_type& pools) {
        for (const auto& known : pools_) {
            const auto* found = find_pool(pools, known->pool);
            known->cell.publish(found == nullptr ? basic_pool<Amount>{} : *found);
        }
        all_moved_ = false;
    }

    owned<game_type> games_;
    owned<resolved_pool<Amount>> pools_;
    std::uint64_t generation_ = 1;
    const game_type* moved_ = nullptr;
    bool all_moved_ = false;
};

}  // namespace jackpot::inline v1::detail

#endif
