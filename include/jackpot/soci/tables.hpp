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
    std::string_view fixed{};
    bool computes = false;
    std::string (*made)() = nullptr;  ///< makes its text, where that is not fixed

    [[nodiscard]] std::string text() const { return made == nullptr ? std::string(fixed) : made(); }
};

/// An index. Where the engine can leave rows out of one, only those that `rows` is true of are in it: what
/// most rows have would cost each of them more than it serves.
struct index {
    std::string_view name;
    std::string_view columns;
    std::string_view rows{};
};

/// Calls `each(column, value, check)` for some meters of a row.
template <const auto& Meters, class Self, class Each>
void meter_columns(Self& row, std::size_t from, std::size_t to, Each&& each) {
    for (std::size_t i = from; i < to; ++i) {
        const auto& m = Meters[i];
        if (m.amount != nullptr) {
            each(m.column(), row.*m.amount, m.negative ? std::string_view() : not_negative);
        } else if (m.count != nullptr) {
            each(m.column(), row.*m.count, std::string_view());
        } else {
            each(m.column(), row.*m.fraction, std::string_view("@ < 1000000000"));
        }
    }
}

/// States R8's identity. No sum of a row that is in order overflows on the way: the terms on the left are not
/// negative and their sum fits (R8), the right side without its last terms, which may be negative, fits too,
/// and with them it is the left side.
template <amount Amount>
[[nodiscard]] std::string identity_check() {
    std::string text("CHECK (");
    jackpot::detail::append_identity<Amount>(text, " = ", [](const auto& m) { return m.column(); });
    return text.append(")");
}

/// States that a pool which rounds down keeps no fraction.
template <amount Amount>
[[nodiscard]] std::string fractions_check() {
    std::string text;
    for (const auto& m : all_meters<Amount>) {
        if (m.fraction != nullptr) {
            text.append(text.empty() ? "CHECK (" : " AND ").append(m.column()).append(" = 0");
        }
    }
    return text.append(" OR rounding = 'carry')");
}

template <amount Amount>
struct pool_row : basic_meters<Amount> {
    name pool{};
    pool_status status{};
    basic_configuration<Amount> configuration{};  // but for its games, which have a table of their own
    std::optional<std::string> pending{};
    std::optional<Amount> last_win_amount{};
    std::optional<name> last_win_game{};
    std::optional<name> last_win_player{};
    std::optional<moment> last_win_at{};
    std::uint64_t version = 0;
    std::uint64_t sequence = 0;
    std::uint64_t reset_sequence = 0;
    moment opened_at{};
    moment modified_at{};

    static constexpr std::string_view table = "jackpots";
    static constexpr constraint constraints[] = {
        {R"(PRIMARY KEY ("group"))"},
        {"CHECK (max_amount > seed_amount)", true},
        {"CHECK (max_wager >= min_wager)", true},
        {"CHECK (current_amount <= max_amount)", true},
        {"CHECK (seeded <= current_amount)", true},
        {"CHECK (overflow = 0 OR (max_amount IS NOT NULL AND current_amount = max_amount))"},
        {.made = fractions_check<Amount>},
        {.computes = true, .made = identity_check<Amount>},
    };

    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("group", row.pool);
        each("status", row.status);
        // The first meter, current, stands before what it is held against.
        meter_columns<all_meters<Amount>>(row, 0, 1, each);
        each_setting<Amount>([&]<class T>(const setting<T, Amount>& s) {
            if constexpr (std::is_same_v<T, Amount> || std::is_same_v<T, std::optional<Amount>>) {
                each(s.column, row.configuration.*s.in_force, not_negative);
            } else if constexpr (!std::is_same_v<T, std::vector<name>>) {
                each(s.column, row.configuration.*s.in_force);
            }
        });
        each("pending", row.pending);
        meter_columns<all_meters<Amount>>(row, 1, all_meters<Amount>.size(), each);
        each("last_win_amount", row.last_win_amount, not_negative);
        each("last_win_game", row.last_win_game);
        each("last_win_player", row.last_win_player);
        each("last_win_at", row.last_win_at);
        each("version", row.version);
        each("sequence", row.sequence);
        each("reset_sequence", row.reset_sequence);
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

/// A win that waits to be confirmed or released.
template <amount Amount>
struct hold_row {
    name pool{};
    basic_hold<Amount> hold{};  // but for its time
    moment at{};

    static constexpr std::string_view table = "jackpot_holds";
    static constexpr constraint constraints[] = {
        {R"(PRIMARY KEY ("group", hold))"},
        {R"(FOREIGN KEY ("group") REFERENCES jackpots ("group"))"},
    };

    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("group", row.pool);
        each("hold", row.hold.hold);
        each("amount", row.hold.amount, not_negative);
        each("game", row.hold.game);
        each("player", row.hold.player);
        each("round", row.hold.round);
        each("site", row.hold.site);
        each("at", row.at);
        each("sequence", row.hold.sequence);
        each("from_house", row.hold.from_house, not_negative);
        each("from_reserve", row.hold.from_reserve, not_negative);
        each("seeded_paid", row.hold.seeded_paid, not_negative);
    }
};

/// One part of an operation. What belongs to the operation as a whole stands in part 0 alone, but for
/// its time and kind. What the operation's kind does not name is NULL.
template <amount Amount>
struct journal_row : basic_balance<Amount> {  // after the operation
    std::uint64_t sequence = 0;
    std::uint32_t part = 0;
    std::optional<identifier> id{};
    std::optional<journal_key> key{};
    moment at{};
    operation_kind kind{};
    std::optional<name> game{};
    std::optional<name> player{};
    std::optional<name> round{};
    std::optional<name> site{};
    std::optional<Amount> amount{};      // the wager, the amount asked for, or the correction
    std::optional<std::string> pools{};  // those asked for, each on a line
    std::optional<name> hold{};
    std::optional<name> from{};  // of two pools, the one that gives,
    std::optional<name> to{};    // and the one that takes
    std::optional<name> reverts{};
    std::optional<std::uint64_t> reverted{};  // the sequence of what was reverted
    std::optional<name> actor{};
    std::optional<name> reason{};
    std::optional<jackpot::when> when{};
    std::optional<std::uint64_t> returned_to{};
    name pool{};
    std::optional<std::uint64_t> version{};  // a checkpoint's is in its state, for it changes none
    std::array<std::optional<Amount>, part_amounts<Amount>.size()> amounts{};
    std::optional<std::string> detail{};  // in notation: a configuration, a patch, a whole state

    static constexpr std::string_view table = "jackpot_journal";
    static constexpr constraint constraints[] = {
        {"PRIMARY KEY (sequence, part)"},
        {R"(UNIQUE ("key"))"},
        {R"(UNIQUE ("group", version))"},
    };
    // By pool and by time the keys above serve; see `pages.hpp`. Contributions are what most rows are.
    static constexpr index indexes[] = {
        {"jackpot_journal_game", "game, sequence", "game IS NOT NULL"},
        {"jackpot_journal_player", "player, sequence", "player IS NOT NULL"},
        {"jackpot_journal_round", "\"round\", sequence", "\"round\" IS NOT NULL"},
        {"jackpot_journal_site", "site, sequence", "site IS NOT NULL"},
        {"jackpot_journal_kind", "kind, sequence", "kind <> 'contributed'"},
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
        each("round", row.round);
        each("site", row.site);
        each("amount", row.amount);
        each("pools", row.pools);
        each("hold", row.hold);
        each("from", row.from);
        each("to", row.to);
        each("reverts", row.reverts);
        each("reverted", row.reverted);
        each("actor", row.actor);
        each("reason", row.reason);
        each("when", row.when);
        each("returned_to", row.returned_to);
        each("group", row.pool);
        each("version", row.version);
        meter_columns<balance_meters<Amount>>(row, 0, balance_meters<Amount>.size(), each);
        for (std::size_t i = 0; i < row.amounts.size(); ++i) {
            each(part_amounts<Amount>[i].name, row.amounts[i], not_negative);
        }
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
    each(hold_row<Amount>{});
    each(journal_row<Amount>{});
}

template <class T>
concept table_row = requires {
    { T::table } -> std::convertible_to<std::string_view>;
};

}}}  // namespace jackpot::v1::sql

#endif
