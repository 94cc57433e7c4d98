// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_POOLS_HPP
#define JACKPOT_SOCI_POOLS_HPP

#include <jackpot/core/snapshot.hpp>
#include <jackpot/soci/connection.hpp>
#include <jackpot/soci/journal.hpp>

// How pools become rows, and back; their games have rows of their own, outside the hot one.

namespace jackpot { inline namespace v1 { namespace sql {

template <amount Amount>
[[nodiscard]] pool_row<Amount> to_row(const basic_pool<Amount>& p) {
    pool_row<Amount> row{p};
    row.pool = p.pool;
    row.status = p.status;
    each_setting<Amount>([&]<class T>(const setting<T, Amount>& s) {
        if constexpr (!std::is_same_v<T, std::vector<name>>) {
            row.configuration.*s.in_force = *p.configuration.*s.in_force;
        }
    });
    row.version = p.version;
    row.sequence = p.sequence;
    row.opened_at = {p.opened_at};
    row.modified_at = {p.modified_at};
    if (p.pending) {
        notation::write(row.pending.emplace(), p.pending->patch);
    }
    if (p.last_win) {
        row.last_win_amount = p.last_win->amount;
        row.last_win_game = p.last_win->game;
        row.last_win_player = p.last_win->player;
        row.last_win_at = moment{p.last_win->at};
    }
    return row;
}

/// Says nothing of laws: rows that were edited by hand are for `audit` to judge.
template <amount Amount>
[[nodiscard]] basic_pool<Amount> from_row(const pool_row<Amount>& row, std::vector<name> games) {
    auto c = std::make_shared<basic_configuration<Amount>>(row.configuration);
    c->games = std::move(games);
    basic_pool<Amount> p{row};
    p.pool = row.pool;
    p.status = row.status;
    p.version = row.version;
    p.sequence = row.sequence;
    p.opened_at = row.opened_at.value;
    p.modified_at = row.modified_at.value;
    if (row.pending) {
        auto patch = notation::read_patch<Amount>(*row.pending);
        if (!patch || patch->empty()) {
            unreadable(row, &row.pending);
        }
        p.pending = notation::make_pending(std::move(*patch), *c);
    }
    p.configuration = std::move(c);
    if (row.last_win_amount) {
        if (!row.last_win_game || !row.last_win_player || !row.last_win_at) {
            unreadable(row, &row.last_win_amount);
        }
        p.last_win = {*row.last_win_amount, *row.last_win_game, *row.last_win_player, row.last_win_at->value};
    }
    return p;
}

/// A pool's row, and the version that it follows: one that was edited by hand is not built on.
template <amount Amount>
struct pool_change {
    pool_row<Amount> after{};
    std::uint64_t before = 0;

    static constexpr std::string_view table = pool_row<Amount>::table;
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        pool_row<Amount>::columns(row.after, each);
        each("before", row.before);
    }
};

/// The same where a commit makes it in one statement, which must not be the one that changes the games.
template <amount Amount>
struct change_at_once : pool_change<Amount> {
    std::uint32_t won = 0;  ///< 1: by a win, which brings a pending configuration into force

    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        pool_change<Amount>::columns(row, each);
        each("won", row.won);
    }
};

/// The games of a pool, with a line's end between each two.
struct joined_games {
    std::optional<std::string> games{};

    static constexpr std::string_view table = game_row::table;
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("game", row.games);
    }
    [[nodiscard]] std::vector<name> list() const {
        std::vector<name> sorted;
        for (std::string_view rest = games ? std::string_view(*games) : std::string_view(); games;) {
            const std::size_t end = (std::min)(rest.find('\n'), rest.size());
            if (!notation::detail::read_name(rest.substr(0, end), sorted.emplace_back())) {
                unreadable(*this, &games);
            }
            if (end == rest.size()) {
                break;
            }
            rest.remove_prefix(end + 1);
        }
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }
};

/// Where the store stands, and what it says of a moment that somebody knows.
struct moment_row {
    store_row store{};
    std::optional<identifier> newest{};  // of the newest operation
    std::optional<identifier>
        known{};  // of the operation that was known; none where it is not in the journal

    static constexpr std::string_view table = store_row::table;
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        store_row::columns(row.store, each);
        each("newest", row.newest);
        each("known", row.known);
    }
    [[nodiscard]] store_head head() const noexcept {
        return {.identity = store.identity,
                .sequence = store.sequence,
                .newest = newest.value_or(identifier{}),
                .at = store.newest_at.value,
                .sealed = store.sealed != 0};
    }
};

/// Brings states to the newest moment: by the pools that changed since, where they are a moment of this
/// store's journal, or else by all of them. One statement, and so of one moment.
template <amount Amount>
void read_states(connection& c, basic_snapshot<Amount>& states) {
    static const std::string columns = "SELECT " + list_columns<store_row>("s.\"", "\"") + ", n.id, k.id, " +
                                       list_columns<pool_row<Amount>>("p.\"", "\"") + ", (SELECT ";
    std::string statement = columns;
    statement.append(c.engine().joined_games);
    statement.append(
        R"( FROM jackpot_games g WHERE g."group" = p."group") FROM jackpot_store s)"
        " LEFT JOIN jackpot_journal n ON n.sequence = s.sequence AND n.part = 0"
        " LEFT JOIN jackpot_journal k ON k.sequence = :known AND k.part = 0 AND k.id = :newest"
        " AND s.identity = :identity"
        R"( LEFT JOIN jackpots p ON p.sequence > :known OR k.id IS NULL WHERE s.id = 1 ORDER BY p."group")");
    std::optional<moment_row> at;
    std::vector<basic_pool<Amount>> newer;
    c.prepared(statement).template select_joined<moment_row, pool_row<Amount>, joined_games>(
        [&](const moment_row& moment, const pool_row<Amount>* pool, const joined_games& games) {
            at = moment;
            if (pool != nullptr) {
                newer.push_back(from_row(*pool, games.list()));
            }
        },
        parameter{"known", states.head.sequence}, parameter{"newest", states.head.newest},
        parameter{"identity", states.head.identity});
    if (!at) {
        throw_if_failed(fail(errc::corrupt, store_row::table, "no row"));
    }
    if (!at->known) {
        states.pools.clear();
    }
    for (auto& p : newer) {
        const auto place = jackpot::detail::lower_bound(states.pools, p.pool);
        if (place != states.pools.end() && place->pool == p.pool) {
            *place = std::move(p);
        } else {
            states.pools.insert(place, std::move(p));
        }
    }
    states.head = at->head();
}

template <amount Amount>
[[nodiscard]] const std::string& update_pool_statement() {
    static const std::string statement = update<pool_row<Amount>>() + R"( AND "version" = :before)";
    return statement;
}

template <amount Amount>
void update_pool(connection& c, const pool_change<Amount>& change) {
    if (c.prepared(update_pool_statement<Amount>()).run(change) != 1) {
        throw_if_failed(fail(errc::corrupt, change.after.pool, "its version does not count by one"));
    }
}

}}}  // namespace jackpot::v1::sql

#endif
