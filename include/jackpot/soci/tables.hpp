// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_TABLES_HPP
#define JACKPOT_SOCI_TABLES_HPP

#include <jackpot/soci/cells.hpp>

// Each table is a struct with one list of its columns: DDL, INSERT, SELECT and UPDATE are made from it,
// and the values are bound and read by it. The first column names the row in errors, and is its key
// where rows are updated. In a check, `@` is the column itself.
//
// Standard quoting throughout: "group", "key" and "when" are reserved words. An engine that quotes
// otherwise is told, by its dialect, to read the standard.

namespace jackpot { inline namespace v1 { namespace sql {

inline constexpr std::string_view not_negative = "@ >= 0";

/// A constraint of a table. One that computes can be stated only where the engine can compute amounts.
struct constraint {
    std::string_view text;
    bool computes = false;
};

template <amount Amount>
struct pool_row {
    name pool{};
    pool_status status{};
    Amount current{};
    Amount seed{};
    std::optional<Amount> cap{};
    jackpot::rate rate{};
    jackpot::rounding rounding{};
    jackpot::on_cap on_cap{};
    Amount min_wager{};
    std::optional<std::string> pending{};
    Amount overflow{};
    std::uint32_t carry = 0;
    Amount funded{};
    Amount adjusted{};
    Amount total_wagered{};
    Amount total_contributions{};
    Amount total_wins{};
    std::uint64_t win_count = 0;
    std::optional<Amount> last_win_amount{};
    std::optional<name> last_win_game{};
    std::optional<name> last_win_player{};
    std::optional<moment> last_win_at{};
    std::uint64_t version = 0;
    std::uint64_t sequence = 0;
    moment opened_at{};
    moment modified_at{};

    static constexpr std::string_view table = "jackpots";
    // No sum of a row that is in order overflows on the way: the terms on the left are not negative and
    // their sum fits (R8), funded + total_contributions fits too, and adding adjusted gives the left side.
    static constexpr constraint constraints[] = {
        {R"(PRIMARY KEY ("group"))"},
        {"CHECK (max_amount > seed_amount)", true},
        {"CHECK (current_amount <= max_amount)", true},
        {"CHECK (overflow = 0 OR (max_amount IS NOT NULL AND current_amount = max_amount))"},
        {"CHECK (carry = 0 OR rounding = 'carry')"},
        {"CHECK (current_amount + overflow + total_wins = funded + total_contributions + adjusted)", true},
    };

    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("group", row.pool);
        each("status", row.status);
        each("current_amount", row.current, not_negative);
        each("seed_amount", row.seed, not_negative);
        each("max_amount", row.cap, not_negative);
        each("contribution_rate", row.rate);
        each("rounding", row.rounding);
        each("on_cap", row.on_cap);
        each("min_wager", row.min_wager, not_negative);
        each("pending", row.pending);
        each("overflow", row.overflow, not_negative);
        each("carry", row.carry, "@ < 1000000000");
        each("funded", row.funded, not_negative);
        each("adjusted", row.adjusted);
        each("total_wagered", row.total_wagered, not_negative);
        each("total_contributions", row.total_contributions, not_negative);
        each("total_wins", row.total_wins, not_negative);
        each("win_count", row.win_count);
        each("last_win_amount", row.last_win_amount, not_negative);
        each("last_win_game", row.last_win_game);
        each("last_win_player", row.last_win_player);
        each("last_win_at", row.last_win_at);
        each("version", row.version);
        each("sequence", row.sequence);
        each("opened_at", row.opened_at);
        each("last_modified_at", row.modified_at);
    }
};

/// A game that a pool names; without a row, every game feeds the pool.
struct game_row {
    name pool{};
    name game{};

    static constexpr std::string_view table = "jackpot_games";
    static constexpr constraint constraints[] = {
        {R"(PRIMARY KEY ("group", game))"},
        {R"(FOREIGN KEY ("group") REFERENCES jackpots ("group"))"},
    };

    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("group", row.pool);
        each("game", row.game);
    }
};

/// One part of an operation. What belongs to the operation as a whole stands in part 0 alone, but for
/// its time and kind. What the operation's kind does not name is NULL.
template <amount Amount>
struct journal_row {
    std::uint64_t sequence = 0;
    std::uint32_t part = 0;
    std::optional<identifier> id{};
    std::optional<name> key{};
    moment at{};
    operation_kind kind{};
    std::optional<name> game{};
    std::optional<name> player{};
    std::optional<Amount> amount{};      // the wager, the amount asked for, or the correction
    std::optional<std::string> pools{};  // those asked for, each on a line
    std::optional<name> actor{};
    std::optional<name> reason{};
    std::optional<jackpot::when> when{};
    std::optional<std::uint64_t> returned_to{};
    name pool{};
    std::optional<std::uint64_t> version{};  // a checkpoint's is in its state, for it changes none
    Amount current{};
    Amount overflow{};
    std::uint32_t carry = 0;
    std::optional<Amount> to_pool{};
    std::optional<Amount> to_overflow{};
    std::optional<Amount> forgone{};
    std::optional<Amount> paid{};
    std::optional<Amount> from_house{};
    std::optional<Amount> from_overflow{};
    std::optional<std::string> detail{};  // in notation: a configuration, a patch, a whole state

    static constexpr std::string_view table = "jackpot_journal";
    static constexpr constraint constraints[] = {
        {"PRIMARY KEY (sequence, part)"},
        {R"(UNIQUE ("key"))"},
        {R"(UNIQUE ("group", version))"},
    };

    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("sequence", row.sequence, "@ > 0");
        each("part", row.part);
        each("id", row.id);
        each("key", row.key);
        each("at", row.at);
        each("kind", row.kind);
        each("game", row.game);
        each("player", row.player);
        each("amount", row.amount);
        each("pools", row.pools);
        each("actor", row.actor);
        each("reason", row.reason);
        each("when", row.when);
        each("returned_to", row.returned_to);
        each("group", row.pool);
        each("version", row.version);
        each("current_amount", row.current, not_negative);
        each("overflow", row.overflow, not_negative);
        each("carry", row.carry, "@ < 1000000000");
        each("to_pool", row.to_pool, not_negative);
        each("to_overflow", row.to_overflow, not_negative);
        each("forgone", row.forgone, not_negative);
        each("paid", row.paid, not_negative);
        each("from_house", row.from_house, not_negative);
        each("from_overflow", row.from_overflow, not_negative);
        each("detail", row.detail);
    }
};

/// The one row that says where the store stands, and guards every commit.
struct store_row {
    std::uint32_t id = 1;
    identifier identity{};
    std::string amount_type{};
    std::uint64_t sequence = 0;
    moment newest_at{};
    std::uint32_t sealed = 0;

    static constexpr std::string_view table = "jackpot_store";
    static constexpr constraint constraints[] = {{"PRIMARY KEY (id)"}};

    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("id", row.id, "@ = 1");
        each("identity", row.identity);
        each("amount_type", row.amount_type);
        each("sequence", row.sequence);
        each("newest_at", row.newest_at);
        each("sealed", row.sealed, "@ <= 1");
    }
};

/// A schema migration that was applied, and by which version of the library. When is not kept: a run made
/// from a seed leaves the same bytes each time (R10).
struct schema_row {
    std::uint32_t number = 0;
    std::string title{};
    std::string library{};

    static constexpr std::string_view table = "jackpot_schema";
    static constexpr constraint constraints[] = {{"PRIMARY KEY (number)"}};

    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("number", row.number);
        each("title", row.title);
        each("library", row.library);
    }
};

/// Calls `each(row)` with an empty row of every table, referenced tables before those that refer.
template <amount Amount, class Each>
void each_table(Each&& each) {
    each(schema_row{});
    each(store_row{});
    each(pool_row<Amount>{});
    each(game_row{});
    each(journal_row<Amount>{});
}

template <class T>
concept table_row = requires {
    { T::table } -> std::convertible_to<std::string_view>;
};

/// The columns' names as a list, each with `before` and `after` around it.
template <table_row Row>
[[nodiscard]] std::string list_columns(std::string_view before, std::string_view after) {
    std::string list;
    const Row any;
    Row::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
        list.append(list.empty() ? "" : ", ").append(before).append(column).append(after);
    });
    return list;
}

template <table_row Row>
[[nodiscard]] std::string insert_prefix() {
    return std::string("INSERT INTO ").append(Row::table).append(" (" + list_columns<Row>("\"", "\"") + ") ");
}

template <table_row Row>
[[nodiscard]] std::string insert_into() {
    return insert_prefix<Row>() + "VALUES (" + list_columns<Row>(":", "") + ")";
}

template <table_row Row>
[[nodiscard]] std::string select_from() {
    return "SELECT " + list_columns<Row>("\"", "\"") + " FROM " + std::string(Row::table);
}

/// Sets every column of the row that has the first column's value.
template <table_row Row>
[[nodiscard]] std::string update() {
    std::string key;
    std::string list;
    const Row any;
    Row::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
        std::string assignment("\"");
        assignment.append(column).append("\" = :").append(column);
        if (key.empty()) {
            key = assignment;
        } else {
            list.append(list.empty() ? "" : ", ").append(assignment);
        }
    });
    return std::string("UPDATE ").append(Row::table).append(" SET " + list + " WHERE " + key);
}

}}}  // namespace jackpot::v1::sql

#endif
