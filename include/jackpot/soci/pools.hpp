// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_POOLS_HPP
#define JACKPOT_SOCI_POOLS_HPP

#include <jackpot/core/snapshot.hpp>
#include <jackpot/soci/connection.hpp>
#include <jackpot/soci/journal.hpp>

// How pools become rows, and back; their games and their holds have rows of their own, outside the hot one.

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
    row.reset_sequence = p.reset_sequence;
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
[[nodiscard]] basic_pool<Amount> from_row(const pool_row<Amount>& row, std::vector<name> games,
                                          basic_holds<Amount> holds) {
    auto c = std::make_shared<basic_configuration<Amount>>(row.configuration);
    c->games = std::move(games);
    basic_pool<Amount> p{row};
    p.pool = row.pool;
    p.status = row.status;
    p.version = row.version;
    p.sequence = row.sequence;
    p.reset_sequence = row.reset_sequence;
    p.holds = std::move(holds);
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

template <amount Amount>
[[nodiscard]] hold_row<Amount> to_row(const name& pool, const basic_hold<Amount>& h) {
    return {pool, h, {h.at}};
}

/// The rows that a pool has in other tables: all columns but the pool, each on a line; an empty one is NULL.
template <amount Amount>
struct joined_rows {
    std::optional<std::string> games{};
    std::optional<std::string> holds{};

    static constexpr std::string_view table = pool_row<Amount>::table;
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("games", row.games);
        each("holds", row.holds);
    }

    [[nodiscard]] std::vector<name> list_games(const name& pool) const {
        std::vector<name> sorted;
        each_row<game_row>(pool, games, [&](const game_row& row) { sorted.push_back(row.game); });
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }
    [[nodiscard]] basic_holds<Amount> list_holds(const name& pool) const {
        std::vector<basic_hold<Amount>> sorted;
        each_row<hold_row<Amount>>(pool, holds, [&](const hold_row<Amount>& row) {
            sorted.push_back(row.hold);
            sorted.back().at = row.at.value;
        });
        std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.hold < b.hold; });
        return basic_holds<Amount>(sorted);
    }

private:
    template <class Row, class Each>
    static void each_row(const name& pool, const std::optional<std::string>& joined, Each&& each) {
        std::string_view rest = joined ? std::string_view(*joined) : std::string_view();
        std::vector<cell> cells(joined ? columns_of<Row>().size() : 0);
        for (bool more = joined.has_value(); more;) {
            write_cell(pool, cells.front());
            for (cell& c : std::span(cells).subspan(1)) {
                const std::size_t end = (std::min)(rest.find('\n'), rest.size());
                c.text.assign(rest.substr(0, end));
                c.state = c.text.empty() ? soci::i_null : soci::i_ok;
                more = end != rest.size();
                rest.remove_prefix(more ? end + 1 : end);
            }
            Row row;
            read_row(row, cells.data());
            each(row);
        }
    }
};

/// The rows of a pool in another table, as joined_rows has them.
template <table_row Row>
[[nodiscard]] std::string join_rows(const dialect& engine) {
    std::string text("(SELECT ");
    text.append(engine.joined(std::span(columns_of<Row>()).subspan(1))).append(" FROM ").append(Row::table);
    return text.append(R"( j WHERE j."group" = p."group"))");
}

template <amount Amount>
[[nodiscard]] basic_pool<Amount> from_row(const pool_row<Amount>& row, const joined_rows<Amount>& joined) {
    return from_row(row, joined.list_games(row.pool), joined.list_holds(row.pool));
}

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

/// What the statements that read states say of the moment.
inline constexpr std::string_view moment_source =
    " FROM jackpot_store s"
    " LEFT JOIN jackpot_journal n ON n.sequence = s.sequence AND n.part = 0"
    " LEFT JOIN jackpot_journal k ON k.sequence = :known AND k.part = 0 AND k.id = :newest"
    " AND s.identity = :identity";

[[nodiscard]] inline std::string moment_columns() {
    return "SELECT " + list_columns<store_row>("s.\"", "\"") + ", n.id, k.id";
}

[[nodiscard]] inline moment_row read_moment(connection& c, const store_head& known) {
    static const std::string statement = moment_columns().append(moment_source).append(" WHERE s.id = 1");
    std::optional<moment_row> at;
    c.prepared(statement).select<moment_row>(
        [&](const moment_row& row) { at = row; }, parameter{"known", known.sequence},
        parameter{"newest", known.newest}, parameter{"identity", known.identity});
    if (!at) {
        throw_if_failed(fail(errc::corrupt, store_row::table, "no row"));
    }
    return *at;
}

/// Calls `each(moment, pool, joined)` for the pools that match, or once without one; the parameters behind
/// the head are those of `matching`.
template <amount Amount, class Each, class... Parameters>
void select_states(connection& c, std::string_view matching, const store_head& known, Each&& each,
                   const Parameters&... parameters) {
    static const std::string columns =
        moment_columns() + ", " + list_columns<pool_row<Amount>>("p.\"", "\"") + ", ";
    std::string statement = columns;
    statement.append(join_rows<game_row>(c.engine())).append(", ");
    statement.append(join_rows<hold_row<Amount>>(c.engine())).append(moment_source);
    statement.append(" LEFT JOIN jackpots p ON ")
        .append(matching)
        .append(R"( WHERE s.id = 1 ORDER BY p."group")");
    c.prepared(statement).template select_joined<moment_row, pool_row<Amount>, joined_rows<Amount>>(
        each, parameter{"known", known.sequence}, parameter{"newest", known.newest},
        parameter{"identity", known.identity}, parameters...);
}

/// The pool that a part of the journal changes.
struct changed_row {
    name pool{};
    operation_kind kind{};

    static constexpr std::string_view table = "jackpot_journal";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("group", row.pool);
        each("kind", row.kind);
    }
};

/// The names of the pools that changed after a sequence; empty where the journal alone does not tell.
[[nodiscard]] inline std::vector<name> read_changed(connection& c, std::uint64_t known) {
    static const std::string statement = select_from<changed_row>() + " WHERE sequence > :known";
    std::vector<name> changed;
    bool told = true;
    c.prepared(statement).select<changed_row>(
        [&](const changed_row& row) {
            changed.push_back(row.pool);
            told = told && row.kind != operation_kind::checkpoint;
        },
        parameter{"known", known});
    jackpot::detail::make_set(changed);
    return told ? std::move(changed) : std::vector<name>();
}

/// Brings states to the newest moment by the pools that the journal says have changed since, and looks at no
/// others. False, and nothing has changed, where the states are no moment of it, or one of long ago.
template <amount Amount>
[[nodiscard]] bool follow_states(connection& c, basic_snapshot<Amount>& states) {
    constexpr std::size_t pools_an_operation = 256;  // to read, for the work of looking one up
    const bool alone = !c.in_transaction();
    moment_row at = read_moment(c, states.head);
    const auto since = [&] { return at.store.sequence - states.head.sequence; };
    if (!at.known || since() > states.pools.size() / pools_an_operation) {
        return false;
    }
    if (since() != 0) {
        c.begin_reading();
        at = read_moment(c, states.head);
        const auto changed = read_changed(c, states.head.sequence);
        std::vector<basic_pool<Amount>> newer;
        for (const name& pool : changed) {
            select_states<Amount>(
                c, R"(p."group" = :group)", states.head,
                [&](const moment_row&, const pool_row<Amount>* row, const joined_rows<Amount>& joined) {
                    if (row != nullptr) {
                        newer.push_back(from_row(*row, joined));
                    }
                },
                parameter{"group", pool});
        }
        if (alone) {
            c.roll_back();
        }
        if (!at.known || changed.empty() || newer.size() != changed.size()) {
            return false;
        }
        for (auto& p : newer) {
            states.pools.put(std::move(p));
        }
    }
    states.head = at.head();
    return true;
}

/// Brings states to the newest moment: by the pools that changed since, where they are a moment of this
/// store's journal, or else by all of them. One statement where there are few pools, or many to read.
template <amount Amount>
void read_states(connection& c, basic_snapshot<Amount>& states) {
    if (states.pools.size() >= 256 && follow_states(c, states)) {
        return;
    }
    std::optional<moment_row> at;
    std::vector<basic_pool<Amount>> newer;
    const auto keep = [&](const moment_row& moment, const pool_row<Amount>* pool,
                          const joined_rows<Amount>& joined) {
        if (!at && !moment.known) {
            states.head = {};  // they are no moment where this fails
            states.pools.clear();
        }
        at = moment;
        if (pool != nullptr && !moment.known) {
            states.pools.put(from_row(*pool, joined));
        } else if (pool != nullptr) {
            newer.push_back(from_row(*pool, joined));
        }
    };
    select_states<Amount>(c, "p.sequence > :known OR k.id IS NULL", states.head, keep);
    if (!at) {
        throw_if_failed(fail(errc::corrupt, store_row::table, "no row"));
    }
    for (auto& p : newer) {
        states.pools.put(std::move(p));
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
