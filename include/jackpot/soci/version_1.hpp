// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_VERSION_1_HPP
#define JACKPOT_SOCI_VERSION_1_HPP

#include <jackpot/soci/rows.hpp>

// Version 1 of the schema, as it was published: stores of it are out there. Nothing here is made from what
// the library keeps today, and nothing here ever changes.

namespace jackpot { inline namespace v1 { namespace sql::version_1 {

inline constexpr const char* counts = "@ >= 0";
inline constexpr std::string_view positive = "@ >= 0";
inline constexpr std::string_view billionths = "@ < 1000000000";

inline constexpr constraint schema_constraints[] = {{"PRIMARY KEY (number)"}};
inline constexpr constraint store_constraints[] = {{"PRIMARY KEY (id)"}};
inline constexpr constraint pool_constraints[] = {
    {R"(PRIMARY KEY ("group"))"},
    {"CHECK (max_amount > seed_amount)", true},
    {"CHECK (current_amount <= max_amount)", true},
    {"CHECK (overflow = 0 OR (max_amount IS NOT NULL AND current_amount = max_amount))"},
    {"CHECK (carry = 0 OR rounding = 'carry')"},
    {"CHECK (current_amount + overflow + total_wins = funded + total_contributions + adjusted)", true},
};
inline constexpr constraint game_constraints[] = {
    {R"(PRIMARY KEY ("group", game))"},
    {R"(FOREIGN KEY ("group") REFERENCES jackpots ("group"))"},
};
inline constexpr constraint journal_constraints[] = {
    {"PRIMARY KEY (sequence, part)"},
    {R"(UNIQUE ("key"))"},
    {R"(UNIQUE ("group", version))"},
};

/// Its tables, referenced ones before those that refer.
template <amount Amount>
[[nodiscard]] const std::vector<table_spec>& tables() {
    using enum value_kind;
    constexpr value_kind money = field<Amount>::kind;
    static const std::vector<table_spec> all = {
        {"jackpot_schema",
         {{"number", integer, false, counts}, {"title", text}, {"library", text}},
         schema_constraints},
        {"jackpot_store",
         {{"id", integer, false, counts, "@ = 1"},
          {"identity", identifier},
          {"amount_type", text},
          {"sequence", integer, false, counts},
          {"newest_at", moment},
          {"sealed", integer, false, counts, "@ <= 1"}},
         store_constraints},
        {"jackpots",
         {{"group", name},
          {"status", word, false, "@ = 'active' OR @ = 'suspended'"},
          {"current_amount", money, false, {}, positive},
          {"seed_amount", money, false, {}, positive},
          {"max_amount", money, true, {}, positive},
          {"contribution_rate", rate, false, "@ >= 0 AND @ <= 1"},
          {"rounding", word, false, "@ = 'carry' OR @ = 'floor'"},
          {"on_cap", word, false, "@ = 'divert' OR @ = 'stop'"},
          {"min_wager", money, false, {}, positive},
          {"pending", text, true},
          {"overflow", money, false, {}, positive},
          {"carry", integer, false, counts, billionths},
          {"funded", money, false, {}, positive},
          {"adjusted", money},
          {"total_wagered", money, false, {}, positive},
          {"total_contributions", money, false, {}, positive},
          {"total_wins", money, false, {}, positive},
          {"win_count", integer, false, counts},
          {"last_win_amount", money, true, {}, positive},
          {"last_win_game", name, true},
          {"last_win_player", name, true},
          {"last_win_at", moment, true},
          {"version", integer, false, counts},
          {"sequence", integer, false, counts},
          {"opened_at", moment},
          {"last_modified_at", moment}},
         pool_constraints},
        {"jackpot_games", {{"group", name}, {"game", name}}, game_constraints},
        {"jackpot_journal",
         {{"sequence", integer, false, counts, "@ > 0"},
          {"part", integer, false, counts},
          {"id", identifier, true},
          {"key", name, true},
          {"at", moment},
          {"kind", word, false,
           "@ = 'opened' OR @ = 'contributed' OR @ = 'won' OR @ = 'configured' OR @ = 'adjusted' OR @ = "
           "'suspended' OR @ = 'resumed' OR @ = 'restored' OR @ = 'checkpoint'"},
          {"game", name, true},
          {"player", name, true},
          {"amount", money, true},
          {"pools", text, true},
          {"actor", name, true},
          {"reason", name, true},
          {"when", word, true, "@ = 'now' OR @ = 'after_win' OR @ = 'discard'"},
          {"returned_to", integer, true, counts},
          {"group", name},
          {"version", integer, true, counts},
          {"current_amount", money, false, {}, positive},
          {"overflow", money, false, {}, positive},
          {"carry", integer, false, counts, billionths},
          {"to_pool", money, true, {}, positive},
          {"to_overflow", money, true, {}, positive},
          {"forgone", money, true, {}, positive},
          {"paid", money, true, {}, positive},
          {"from_house", money, true, {}, positive},
          {"from_overflow", money, true, {}, positive},
          {"detail", text, true}},
         journal_constraints},
    };
    return all;
}

}}}  // namespace jackpot::v1::sql::version_1

#endif
