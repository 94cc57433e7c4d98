// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_VECTOR_STORAGE_HPP
#define JACKPOT_EXAMPLES_VECTOR_STORAGE_HPP

#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/store/direct_storage.hpp>

/// What a store has to keep: the states of all pools, and the journal of operations that led to them.
/// Here they live in memory; yours would live in a file, a server, or a save game.
template <jackpot::amount Amount>
struct tables {
    jackpot::basic_snapshot<Amount> states{};
    std::vector<jackpot::basic_operation<Amount>> journal{};

    [[nodiscard]] const jackpot::basic_operation<Amount>* holder_of(const jackpot::name& key) const noexcept {
        const auto at = std::find_if(journal.begin(), journal.end(),
                                     [&](const auto& o) { return o.key() != nullptr && *o.key() == key; });
        return at == journal.end() ? nullptr : &*at;
    }
};

/// A handle to a store, as simple as one can be: five verbs, and behind them those of a direct_storage, which
/// are optional. It is for one thread at a time, and looks for keys from the journal's beginning; a store for
/// real keeps an index.
template <jackpot::amount Amount>
class vector_storage {
public:
    using amount_type = Amount;

    explicit vector_storage(tables<Amount>& t) noexcept : tables_(t) {}

    jackpot::expected<void> load(jackpot::basic_snapshot<Amount>& states) {
        // `states` may hold an earlier moment already. Copying everything is always right; a store that
        // is far away would fetch only the pools whose sequence is above that moment's.
        states = tables_.states;
        return {};
    }

    jackpot::expected<jackpot::commit_result> commit(const jackpot::basic_commit<Amount>& c) {
        // Sealed, another store's identity, a gap: `admit` knows what every store refuses outright.
        if (auto admitted = jackpot::admit(tables_.states.head, c); !admitted) {
            return tl::unexpected(admitted.error());
        }
        // Keys come before the guard: a writer that sends a wager again must hear that it was taken,
        // not that the store has moved on since.
        std::vector<jackpot::name> keys;
        for (const auto& o : c.operations) {
            if (const auto* key = o.key()) {
                if (tables_.holder_of(*key) != nullptr ||
                    std::find(keys.begin(), keys.end(), *key) != keys.end()) {
                    return jackpot::commit_result::duplicate;
                }
                keys.push_back(*key);
            }
        }
        // By the newest operation's id too: after a restore from a backup the sequence alone may fit by
        // chance.
        const auto& head = tables_.states.head;
        if (head.sequence != c.sequence || head.newest != c.newest) {
            return jackpot::commit_result::conflict;
        }
        // `c.pools` are the pools that the operations change, as they leave them, and a store that wants to
        // be quick keeps just those, when it has seen that every version counts by one. Here the operations
        // are folded once more.
        auto after = tables_.states;
        after.head.identity = c.identity;
        for (const auto& o : c.operations) {
            if (auto applied = jackpot::apply(after, o); !applied) {
                return tl::unexpected(applied.error());
            }
        }
        // All is checked, so from here on nothing is refused: that is what makes it atomic. A store on
        // disk needs a transaction around this.
        tables_.journal.insert(tables_.journal.end(), c.operations.begin(), c.operations.end());
        tables_.states = std::move(after);
        return jackpot::commit_result::committed;
    }

    jackpot::expected<bool> find(const jackpot::name& key, jackpot::basic_operation<Amount>& found) {
        const auto* holder = tables_.holder_of(key);
        if (holder != nullptr) {
            found = *holder;
        }
        return holder != nullptr;
    }

    jackpot::expected<void> read(const jackpot::history_query& query,
                                 std::vector<jackpot::basic_operation<Amount>>& page) {
        page.clear();
        const auto take = [&](const auto& o) {
            if (page.size() < query.limit && jackpot::matches(query, o)) {
                page.push_back(o);
            }
        };
        const auto& journal = tables_.journal;
        query.newest_first ? void(std::for_each(journal.rbegin(), journal.rend(), take))
                           : void(std::for_each(journal.begin(), journal.end(), take));
        return {};
    }

    jackpot::expected<void> seal(bool sealed) {
        tables_.states.head.sealed = sealed;
        return {};
    }

    // From here on all is optional: wagers without a load and a commit, and the meters of one pool alone. A
    // handle keeps what spares a look-up the next time; here it keeps the name, which is always right.

    struct game_handle {
        jackpot::name game;
        [[nodiscard]] const jackpot::name& name() const noexcept { return game; }
    };
    struct pool_handle {
        jackpot::name pool;
        [[nodiscard]] const jackpot::name& name() const noexcept { return pool; }
    };

    jackpot::expected<game_handle> resolve_game(const jackpot::name& game) {
        if (!jackpot::is_valid(game)) {
            return jackpot::fail(jackpot::errc::invalid_game, "game", game);
        }
        return game_handle{game};
    }

    bool contribute(const jackpot::basic_contribute_request<Amount>& r, const jackpot::operation_stamp& stamp,
                    jackpot::basic_receipt<Amount>& receipt) {
        jackpot::basic_operation<Amount> o;
        o.id = stamp.id;
        o.request = r;
        // What is not simply done is declined, and the network goes the long way. What was decided can be
        // applied, so nothing has changed where the answer is no.
        if (tables_.states.head.sealed || (r.key && tables_.holder_of(*r.key) != nullptr) ||
            !jackpot::decide(tables_.states, stamp.now, o) || o.parts.empty() ||
            !jackpot::apply(tables_.states, o)) {
            return false;
        }
        receipt = {o.sequence, o.at, false, o.parts};
        tables_.journal.push_back(std::move(o));
        return true;
    }
    bool contribute(const game_handle& game, const jackpot::basic_wager<Amount>& wager,
                    const jackpot::operation_stamp& stamp, jackpot::basic_receipt<Amount>& receipt) {
        return contribute(jackpot::in_game(game.game, wager), stamp, receipt);
    }

    jackpot::expected<pool_handle> resolve_pool(const jackpot::name& pool) {
        if (!jackpot::is_valid(pool)) {
            return jackpot::fail(jackpot::errc::invalid_pool, "pool", pool);
        }
        return meters({pool}).map([&](const auto&) { return pool_handle{pool}; });
    }

    jackpot::expected<jackpot::basic_reading<Amount>> meters(const pool_handle& handle) const {
        for (const auto& p : tables_.states.pools) {
            if (p.pool == handle.pool) {
                return jackpot::basic_reading<Amount>{p, p.version, p.sequence, p.modified_at, p.status};
            }
        }
        return jackpot::fail(jackpot::errc::unknown_pool, "pool", handle.pool);
    }

private:
    tables<Amount>& tables_;
};

static_assert(jackpot::direct_storage<vector_storage<std::int64_t>>);

#endif
