// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_POOLS_HPP
#define JACKPOT_SOCI_POOLS_HPP

#include <jackpot/soci/insert.hpp>

#include <map>

// How pools become rows, and back; their games have rows of their own, outside the hot one.

namespace jackpot::inline v1::sql {

template <amount Amount>
[[nodiscard]] pool_row<Amount> to_row(const basic_pool<Amount>& p) {
    const auto& c = *p.configuration;
    pool_row<Amount> row{.pool = p.pool,
                         .status = p.status,
                         .current = p.current,
                         .seed = c.seed,
                         .cap = c.cap,
                         .rate = c.rate,
                         .rounding = c.rounding,
                         .on_cap = c.on_cap,
                         .min_wager = c.min_wager,
                         .overflow = p.overflow,
                         .carry = p.carry,
                         .funded = p.funded,
                         .adjusted = p.adjusted,
                         .total_wagered = p.total_wagered,
                         .total_contributions = p.total_contributions,
                         .total_wins = p.total_wins,
                         .win_count = p.win_count,
                         .version = p.version,
                         .sequence = p.sequence,
                         .opened_at = {p.opened_at},
                         .modified_at = {p.modified_at}};
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
    auto c = std::make_shared<basic_configuration<Amount>>(basic_configuration<Amount>{
        row.seed, row.cap, row.rate, row.rounding, row.on_cap, row.min_wager, std::move(games)});
    basic_pool<Amount> p{.pool = row.pool,
                         .status = row.status,
                         .carry = row.carry,
                         .current = row.current,
                         .overflow = row.overflow,
                         .funded = row.funded,
                         .adjusted = row.adjusted,
                         .total_wagered = row.total_wagered,
                         .total_contributions = row.total_contributions,
                         .total_wins = row.total_wins,
                         .win_count = row.win_count,
                         .version = row.version,
                         .sequence = row.sequence,
                         .opened_at = row.opened_at.value,
                         .modified_at = row.modified_at.value};
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

/// The pools that changed after that sequence, in byte order of names.
template <amount Amount>
[[nodiscard]] std::vector<basic_pool<Amount>> read_pools(connection& c, std::uint64_t after) {
    static const std::string select_games =
        select_from<game_row>() +
        R"( WHERE "group" IN (SELECT "group" FROM jackpots WHERE sequence > :known))";
    static const std::string select_pools =
        select_from<pool_row<Amount>>() + R"( WHERE sequence > :known ORDER BY "group")";
    const parameter known{"known", after};
    std::map<name, std::vector<name>> games;
    c.prepared(select_games)
        .template select<game_row>([&](const game_row& row) { games[row.pool].push_back(row.game); }, known);
    std::vector<basic_pool<Amount>> pools;
    c.prepared(select_pools)
        .template select<pool_row<Amount>>(
            [&](const pool_row<Amount>& row) {
                auto& listed = games[row.pool];
                std::sort(listed.begin(), listed.end());
                pools.push_back(from_row(row, std::move(listed)));
            },
            known);
    return pools;
}

template <amount Amount>
void insert_pool(connection& c, const basic_pool<Amount>& p) {
    static const std::string statement = insert_into<pool_row<Amount>>();
    c.prepared(statement).run(to_row(p));
}

/// Over the version that it follows, so that a row that was edited by hand is not built on.
template <amount Amount>
void update_pool(connection& c, const basic_pool<Amount>& p, std::uint64_t before) {
    static const std::string statement = update<pool_row<Amount>>() + R"( AND "version" = :before)";
    if (c.prepared(statement).run(to_row(p), parameter{"before", before}) != 1) {
        must(fail(errc::corrupt, p.pool, "its version does not count by one"));
    }
}

/// Where they are others than those stored, which few commits can tell without looking.
template <amount Amount>
void write_games(connection& c, const basic_pool<Amount>& p) {
    static const std::string select_games = select_from<game_row>() + R"( WHERE "group" = :group)";
    const parameter group{"group", p.pool};
    std::vector<name> stored;
    c.prepared(select_games)
        .template select<game_row>([&](const game_row& row) { stored.push_back(row.game); }, group);
    std::sort(stored.begin(), stored.end());
    if (stored != p.configuration->games) {
        c.prepared(R"(DELETE FROM jackpot_games WHERE "group" = :group)").run(group);
        std::vector<game_row> rows;
        for (const name& game : p.configuration->games) {
            rows.push_back({p.pool, game});
        }
        insert_rows<game_row>(c, rows);
    }
}

}  // namespace jackpot::inline v1::sql

#endif
