// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_QUERIES_HPP
#define JACKPOT_NETWORK_QUERIES_HPP

#include <jackpot/core/statistics.hpp>
#include <jackpot/store/direct_storage.hpp>

namespace jackpot { inline namespace v1 {

/// What every network answers without a commit, and its seal. `Writer` gives the newest states.
template <class Storage, class Writer>
class queries {
    static_assert(detail::storage_needs<Storage>::said);

public:
    using amount_type = typename Storage::amount_type;
    using pool_type = basic_pool<amount_type>;
    using operation_type = basic_operation<amount_type>;
    using game_type = typename detail::handles_of<Storage>::game;
    using pool_handle_type = typename detail::handles_of<Storage>::pool;

    /// `seal`: the store refuses every commit from now on, of every writer, with store_sealed. `unseal`: it
    /// takes them again.
    [[nodiscard]] expected<void> seal() { return store_->seal(true); }
    [[nodiscard]] expected<void> unseal() { return store_->seal(false); }

    /// One pool as it is now. Errors: invalid_pool, unknown_pool, the store's.
    [[nodiscard]] expected<pool_type> pool(const name& pool) {
        if (!is_valid(pool)) {
            return fail(errc::invalid_pool, "pool", pool);
        }
        const auto now = writer_.newest();
        if (!now) {
            return tl::unexpected(now.error());
        }
        const pool_type* found = detail::find_pool((*now)->pools, pool);
        if (found == nullptr) {
            return fail(errc::unknown_pool, "pool", pool);
        }
        return *found;
    }

    /// Gives a handle of a pool, to read its meters by. Errors: invalid_pool, unknown_pool, the store's.
    [[nodiscard]] expected<pool_handle_type> resolve_pool(const name& pool) requires direct_storage<Storage> {
        return store_->resolve_pool(pool);
    }

    /// The pool's meters as the newest commit left them, all of one moment. Where threads may share the
    /// store, any may call it; over memory it waits for no writer, except for a handle of another store (see
    /// handles.hpp). Errors: unknown_pool, where there is no pool of that name; over memory invalid_pool, for
    /// a handle that no store made.
    [[nodiscard]] expected<basic_reading<amount_type>> meters(const pool_handle_type& pool) const requires
        direct_storage<Storage> {
        return store_->meters(pool);
    }

    /// Every pool, all of one moment, in byte order of names.
    [[nodiscard]] expected<std::vector<pool_type>> pools() {
        return with_newest([](const auto& now) { return expected<std::vector<pool_type>>(now.pools); });
    }

    /// The sums of the meters. Errors: amount_overflow, the store's.
    [[nodiscard]] expected<basic_statistics<amount_type>> statistics() {
        return with_newest([](const auto& now) { return summarize<amount_type>(now.pools); });
    }

    /// What is owed to players: the current amounts of all pools, what is set aside above their caps and for
    /// their next seeds, for it comes from wagers and goes to players alone, and the wins that are held.
    /// Error: amount_overflow, the store's.
    [[nodiscard]] expected<amount_type> liability() {
        return statistics().and_then([](const auto& sums) -> expected<amount_type> {
            amount_type owed = sums.current;
            return detail::add(owed, sums.overflow) && detail::add(owed, sums.reserve) &&
                           detail::add(owed, sums.held)
                       ? expected<amount_type>(owed)
                       : fail(errc::amount_overflow, "the sum of what is owed over all pools");
        });
    }

    /// The operations after `q.after` that match, oldest first, at most `q.limit`. To get the next page, set
    /// `q.after` to the last sequence of this one.
    [[nodiscard]] expected<std::vector<operation_type>> history(const history_query& q = {}) {
        std::vector<operation_type> page;
        if (auto done = store_->read(q, page); !done) {
            return tl::unexpected(done.error());
        }
        return page;
    }

    /// True where a wager in this game feeds a jackpot now. Errors: invalid_game, the store's.
    [[nodiscard]] expected<bool> feeds(const name& game) {
        return with_fed(game, [](const auto& fed) { return expected<bool>(!fed.empty()); });
    }

    /// The sum of the rates of all pools that the game feeds now; it can be more than 1.
    [[nodiscard]] expected<jackpot::rate> rate(const name& game) {
        return with_fed(game, [](const auto& fed) {
            std::int64_t ppb = 0;
            for (const pool_type* p : fed) {
                ppb += p->configuration->rate.ppb();
            }
            return expected<jackpot::rate>(jackpot::rate::from_ppb(ppb));
        });
    }

    /// Gives a handle of a game, for wagers by that handle: that of a direct_storage (memory, write_behind),
    /// by which wagers compare no names; for another store the name. Errors: invalid_game, out_of_memory.
    [[nodiscard]] expected<game_type> resolve_game(const name& game) {
        if constexpr (direct_storage<Storage>) {
            return store_->resolve_game(game);
        } else {
            return is_valid(game) ? expected<game_type>(game) : fail(errc::invalid_game, "game", game);
        }
    }

protected:
    template <class Environment, class Policy, class Observer>
    queries(Storage& store, Environment&& environment, const Policy& policy, Observer&& observer)
        : store_(&store),
          writer_(store, std::forward<Environment>(environment), policy, std::forward<Observer>(observer)) {}
    queries(const queries&) = default;
    queries(queries&&) = default;
    queries& operator=(const queries&) = default;
    queries& operator=(queries&&) = default;
    ~queries() = default;

    Storage* store_;
    Writer writer_;

private:
    template <class Use>
    [[nodiscard]] auto with_newest(Use&& use)
        -> decltype(use(std::declval<const basic_snapshot<amount_type>&>())) {
        const auto now = writer_.newest();
        if (!now) {
            return tl::unexpected(now.error());
        }
        return use(**now);
    }

    template <class Use>
    [[nodiscard]] auto with_fed(const name& game, Use&& use)
        -> decltype(use(std::declval<const std::vector<const pool_type*>&>())) {
        if (!is_valid(game)) {
            return fail(errc::invalid_game, "game", game);
        }
        return with_newest([&](const auto& now) {
            std::vector<const pool_type*> fed;
            now.pools.each_fed_by(game, [&](const pool_type& p) {
                if (p.status == pool_status::active) {
                    fed.push_back(&p);
                }
            });
            return use(fed);
        });
    }
};

}}  // namespace jackpot::v1

#endif
