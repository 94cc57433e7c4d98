// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_FEED_INDEX_HPP
#define JACKPOT_CORE_FEED_INDEX_HPP

#include <jackpot/core/key_table.hpp>
#include <jackpot/core/pool.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Which pools a game feeds, by their configurations, whatever their status. It points to the pools, each of
/// which must be as it was added when it, or another, is added or removed.
template <amount Amount>
class feed_index {
public:
    using pool_type = basic_pool<Amount>;

    void add(const pool_type& p);
    void remove(const pool_type& p);
    void clear() noexcept {
        by_game_.clear();
        by_all_.clear();
        feeds_.clear();
        unused_.clear();
    }

    [[nodiscard]] std::size_t count(const name& game) const noexcept {
        const std::size_t at = find(game);
        return by_all_.size() + (at < feeds_.size() ? feeds_[at].pools.size() : 0);
    }

    /// Calls `each(pool)` in byte order of names.
    template <class Each>
    void each(const name& game, Each&& each) const {
        auto all = by_all_.begin();
        if (const std::size_t at = find(game); at < feeds_.size()) {
            for (const pool_type* p : feeds_[at].pools) {
                for (; all != by_all_.end() && (*all)->pool < p->pool; ++all) {
                    each(**all);
                }
                each(*p);
            }
        }
        for (; all != by_all_.end(); ++all) {
            each(**all);
        }
    }

private:
    using pointers = std::vector<const pool_type*>;

    /// The pools that name a game.
    struct feed {
        name game{};
        pointers pools{};
    };

    /// Which of `feeds_` is the game's; `feeds_.size()`: none.
    [[nodiscard]] std::size_t find(const name& game) const noexcept {
        const auto* found = by_game_.find(game, [&](std::uint64_t at) { return feeds_[at].game == game; });
        return found == nullptr ? feeds_.size() : static_cast<std::size_t>(*found);
    }

    [[nodiscard]] std::size_t find_or_make(const name& game) {
        std::size_t at = find(game);
        if (at == feeds_.size()) {
            if (!by_game_.try_reserve(by_game_.size() + 1)) {
                JACKPOT_ABORT();
            }
            if (unused_.empty()) {
                feeds_.emplace_back();
            } else {
                at = unused_.back();
                unused_.pop_back();
            }
            feeds_[at].game = game;
            by_game_.insert(game, at);
        }
        return at;
    }

    [[nodiscard]] static auto place_in(pointers& pools, const pool_type& p) noexcept {
        return std::lower_bound(pools.begin(), pools.end(), p.pool.view(),
                                [](const pool_type* a, std::string_view n) { return a->pool.view() < n; });
    }
    static void add_to(pointers& pools, const pool_type& p) {
        const auto at = place_in(pools, p);
        if (at == pools.end() || *at != &p) {
            pools.insert(at, &p);
        }
    }
    static void remove_from(pointers& pools, const pool_type& p) {
        const auto at = place_in(pools, p);
        if (at != pools.end() && *at == &p) {
            pools.erase(at);
        }
    }

    pointers by_all_;          // those that name no game
    key_table by_game_;        // leads to those that name one, in `feeds_`
    std::vector<feed> feeds_;  // without pools are only those in `unused_`
    std::vector<std::size_t> unused_;
};

template <amount Amount>
void feed_index<Amount>::add(const pool_type& p) {
    if (p.configuration == nullptr) {
        return;
    }
    if (p.configuration->games.empty()) {
        add_to(by_all_, p);
    }
    for (const name& game : p.configuration->games) {
        add_to(feeds_[find_or_make(game)].pools, p);
    }
}

template <amount Amount>
void feed_index<Amount>::remove(const pool_type& p) {
    if (p.configuration == nullptr) {
        return;
    }
    if (p.configuration->games.empty()) {
        remove_from(by_all_, p);
    }
    for (const name& game : p.configuration->games) {
        const std::size_t at = find(game);
        if (at == feeds_.size()) {
            continue;
        }
        remove_from(feeds_[at].pools, p);
        if (feeds_[at].pools.empty()) {
            by_game_.erase(game, at);
            unused_.push_back(at);
        }
    }
}

}}}  // namespace jackpot::v1::detail

#endif
