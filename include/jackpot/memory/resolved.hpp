// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_RESOLVED_HPP
#define JACKPOT_MEMORY_RESOLVED_HPP

#include <jackpot/core/key_table.hpp>
#include <jackpot/memory/handles.hpp>
#include <jackpot/memory/short_wager.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// What a store has resolved, by name.
template <class T, name T::*Name>
class resolved_names {
public:
    [[nodiscard]] T* find(const name& wanted) const noexcept {
        const auto* at = by_name_.find(wanted, [&](std::uint64_t i) { return called(i)->*Name == wanted; });
        return at == nullptr ? nullptr : called(*at);
    }
    /// Made at the first call; null without memory.
    [[nodiscard]] T* find_or_make(const name& wanted, const void* maker) noexcept {
        if (T* known = find(wanted)) {
            return known;
        }
        shared_by_handles<T> made(new (std::nothrow) T());
        if (made.get() == nullptr || !by_name_.try_reserve(items_.size() + 1) ||
            (items_.size() == items_.capacity() && !items_.try_reserve(items_.capacity() * 2))) {
            return nullptr;
        }
        made.get()->*Name = wanted;
        made.get()->maker = maker;
        by_name_.insert(wanted, items_.size());
        return items_.emplace_back(std::move(made)).get();
    }

    [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
    [[nodiscard]] const auto* begin() const noexcept { return items_.begin(); }
    [[nodiscard]] const auto* end() const noexcept { return items_.end(); }

private:
    [[nodiscard]] T* called(std::uint64_t i) const noexcept {
        return items_[static_cast<std::size_t>(i)].get();
    }

    list<shared_by_handles<T>, 1> items_;
    key_table by_name_;
};

/// The games and pools that a store in memory has resolved. Use it under the store's lock, except for
/// `meters`.
template <amount Amount>
class memory_handles {
public:
    using game_type = resolved_game<Amount>;
    using pool_type = basic_pool<Amount>;
    using pools_type = basic_pools<Amount>;

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
        game_type* known = games_.find_or_make(game, this);
        return known == nullptr ? std::nullopt : std::optional(basic_game_handle<Amount>(known));
    }
    [[nodiscard]] std::optional<basic_pool_handle<Amount>> pool(const pool_type& pool) noexcept {
        auto* known = pools_.find_or_make(pool.pool, this);
        if (known == nullptr) {
            return std::nullopt;
        }
        known->cell.publish(pool);
        feeds_changed(pool);
        return basic_pool_handle<Amount>(known);
    }
    /// The game of a wager that comes by name, of which only the newest is known; null for no valid name.
    [[nodiscard]] game_type* named(const name& game) {
        if (named_.generation == 0 || named_.game != game) {
            if (!is_valid(game)) {
                return nullptr;
            }
            publish();  // the pools of the game before are not known any more
            named_.game = game;
            named_.generation = 0;
        }
        return &named_;
    }

    /// Null for a handle that this store did not make.
    [[nodiscard]] JACKPOT_INLINE game_type* resolved(const basic_game_handle<Amount>& game) const noexcept {
        return game.game_.of(this);
    }
    [[nodiscard]] const meters_cell<Amount>* cell_of(const basic_pool_handle<Amount>& pool) const noexcept {
        const auto* known = pool.pool_.of(this);
        return known == nullptr ? nullptr : &known->cell;
    }

    /// All pools are to be others, perhaps. What has moved is shown before.
    void forget_feeds() {
        publish();
        ++generation_;
    }
    /// The games that feed the pool may feed others from now on, or this one otherwise. Called before and
    /// behind a change of its configuration, of its status, or of who reads it.
    void feeds_changed(const pool_type& pool) noexcept {
        const auto& games = pool.configuration->games;
        generation_ += games.empty() ? 1 : 0;
        for (const name& game : games) {
            if (game_type* known = games_.find(game)) {
                known->generation = 0;
            }
            named_.generation = named_.game == game ? 0 : named_.generation;
        }
    }
    /// Meters of the pools that the game feeds have moved.
    JACKPOT_INLINE void moved(const game_type& game) noexcept {
        if (game.is_read && moved_ != &game) {
            publish();
            moved_ = &game;
        }
    }

    /// Looks up which pools the game feeds, where that may have changed. False without memory.
    [[nodiscard]] JACKPOT_INLINE bool look_up(game_type& game, pools_type& pools) {
        return game.generation == generation_ || look_up_again(game, pools);
    }

    /// Shows readers what wagers have moved.
    JACKPOT_INLINE void publish() noexcept {
        if (moved_ != nullptr) {
            for (const auto& source : moved_->pools) {
                if (source.cell != nullptr) {
                    source.cell->publish_wager(*source.pool);
                }
            }
            moved_ = nullptr;
        }
    }
    /// Shows readers a pool that has changed.
    void publish(const pool_type& pool) noexcept {
        if (auto* known = pools_.find(pool.pool)) {
            known->cell.publish(pool);
        }
    }
    /// Shows readers all of them, and which are gone.
    void publish_all(const pools_type& pools) noexcept {
        for (const auto& known : pools_) {
            const auto* found = pools.find(known.get()->pool);
            known.get()->cell.publish(found == nullptr ? pool_type{} : *found);
        }
    }

private:
    JACKPOT_COLD bool look_up_again(game_type& game, pools_type& pools) {
        publish();  // what has moved may be these
        if (!game.pools.try_reserve(pools.count_fed_by(game.game))) {
            return false;
        }
        game.pools.clear();
        game.is_read = false;
        game.saves = false;
        game.least = amount_traits<Amount>::amount_max();  // which no wager is with headroom
        game.most = game.least;
        pools.each_fed_by(game.game, [&](const pool_type& pool) {
            if (is_fed_by(pool, game.game)) {
                auto* known = pools_.empty() ? nullptr : pools_.find(pool.pool);
                const auto* configuration = pool.configuration.get();
                game.is_read |= known != nullptr;
                game.pools.push_back(
                    {pools.touch(pool.pool), configuration, known == nullptr ? nullptr : &known->cell});
                game.least = (std::min)(game.least, configuration->min_wager);
                game.most = (std::min)(game.most, configuration->max_wager.value_or(game.most));
                game.saves |= saves(pool);
            }
        });
        game.bytes = short_wager_bytes<Amount> + game.pools.size() * short_part_bytes<Amount>;
        game.names_block = 0;
        game.generation = generation_;
        return true;
    }

    resolved_names<game_type, &game_type::game> games_;
    resolved_names<resolved_pool<Amount>, &resolved_pool<Amount>::pool> pools_;
    game_type named_;
    std::uint64_t generation_ = 1;
    const game_type* moved_ = nullptr;
};

}}}  // namespace jackpot::v1::detail

#endif
