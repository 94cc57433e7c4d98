// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_NODE_NODE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_NODE_NODE_HPP

#include "../dumps/dumps.hpp"

#include <jackpot/memory/storage.hpp>

#include <memory>

// Pools of the Node service: from its JSON backups, and from its `jackpots` table.

namespace migrator {

struct node_contribution {
    jackpot::timestamp at = 0;
    jackpot::name game{};
    std::optional<jackpot::name> player{};
    std::int64_t wager = 0;
    std::int64_t amount = 0;
};

struct node_win {
    jackpot::timestamp at = 0;
    jackpot::name game{};
    jackpot::name player{};
    std::int64_t amount = 0;
};

/// What the service knows of a pool; each amount is from 0 to 2^53 - 1.
struct node_pool {
    jackpot::name pool{};
    std::int64_t current = 0;
    std::int64_t seed = 0;
    std::optional<std::int64_t> cap{};
    jackpot::rate rate{};
    std::int64_t total_contributions = 0;
    std::int64_t total_wins = 0;
    std::uint64_t version = 0;
    std::optional<jackpot::timestamp> opened_at{};
    std::optional<jackpot::timestamp> modified_at{};
    std::vector<node_contribution> contributions{};
    std::vector<node_win> wins{};
    std::string history_fault{};  ///< why the history cannot be used; empty where it may
};

struct node_service {
    std::vector<node_pool> pools{};
    std::vector<std::string> notes{};  ///< for the report
};

/// A backup: {"pools": [{...}, ...], "timestamp", "migrationVersion", "checksum"}, or the list of pools
/// alone. Each name may also be in snake_case; what is null is as if it were missing.
///
/// | field                         | also                | where it is missing                            |
/// | ----------------------------- | ------------------- | ---------------------------------------------- |
/// | group                         |                     | refused, as are these three:                   |
/// | currentAmount, seedAmount     |                     |                                                |
/// | contributionRate              |                     |                                                |
/// | maxAmount                     |                     | no cap                                         |
/// | totalContributions, totalWins |                     | the sum of the history; 0 without one          |
/// | version                       |                     | 1                                              |
/// | createdAt                     |                     | the first of the history, or lastModifiedAt    |
/// | lastModifiedAt                | updatedAt           | the backup's timestamp                         |
/// | contributions                 | contributionHistory | none                                           |
/// | wins                          | winHistory          | none                                           |
///
/// Of each contribution: gameId (game), wagerAmount (wager), contributionAmount (amount), timestamp
/// (createdAt), and playerId (player) where there is one; of a win: amount (winAmount), gameId, playerId,
/// timestamp. Amounts and rates may be numbers or texts. A list may also be a text that holds it.
///
/// The error names the pool, the field and the value: what is missing, given twice, not whole, negative or
/// beyond 2^53; a rate that no decimal with nine fraction digits is. A history that has such a flaw is not
/// used, and `history_fault` says why.
[[nodiscard]] tl::expected<node_service, std::string> read_node_backup(std::string_view json);

/// Is this the service's table: its columns, and none of those that ours has beside them?
[[nodiscard]] bool is_node_table(const dumped_table& table);

/// The rows of the service's table: the same fields, as columns.
[[nodiscard]] tl::expected<node_service, std::string> read_node_table(const dumped_table& table);

struct import_options {
    bool adopt = false;                       ///< pools that break R8 too, with the difference as adjusted
    jackpot::name actor = "migrator";         ///< who adopts them,
    jackpot::name reason = "import --adopt";  ///< and why
};

struct imported {
    std::unique_ptr<jackpot::memory_storage<>> store{};
    std::vector<std::string> report{};  ///< what did not add up, and what became of it
};

/// The pools as a store, which can be migrated from: the same pools give the same store byte for byte.
///
/// Where the history of a pool, decided again by our rules, leads to the very meters of the pool and to no
/// lower version, its operations come along with their times. Otherwise a checkpoint behind those of the
/// others stands for them, and the report says why.
///
/// Such a pool must add up: current + wins = seeds + contributions, with one seed for its opening and at
/// most one for each win. How many wins there were the history says; where it does not, seeds must be whole.
/// A pool that does not add up or is above its cap is refused; `adopt` takes it in by one `restored`
/// operation, with the difference booked as adjusted. What is above the cap leaves the pool so.
///
/// The error lists all pools that are refused, a line each, with the remedy.
[[nodiscard]] tl::expected<imported, std::string> to_store(const node_service& from,
                                                           const import_options& how = {});

}  // namespace migrator

#endif
