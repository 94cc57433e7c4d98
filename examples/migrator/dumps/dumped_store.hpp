// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMPED_STORE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMPED_STORE_HPP

#include "../node/node.hpp"

namespace migrator {

struct dumped_pools {
    jackpot::snapshot states{};
    jackpot::identifier last_operation{};  ///< null where the dump does not tell
    std::vector<std::string> report{};     ///< of pools of the Node service: see `to_store`
};

struct dump_options {
    std::string schema{};     ///< or database; empty = the only one that has the tables
    import_options import{};  ///< for pools of the Node service
};

/// The pools that a dump holds: of a store of ours (jackpots, jackpot_games, jackpot_store), or of the Node
/// service (jackpots alone).
///
/// A store is read strictly: every column must be there and no other, every value one of its, every pool
/// sound (R8). Where jackpot_journal is in the dump, it must lead to the very rows: else the dump is not of
/// one moment. The error names the table, the row and the column.
[[nodiscard]] tl::expected<dumped_pools, std::string> pools_of(const std::vector<dumped_table>& dump,
                                                               const dump_options& options = {});

}  // namespace migrator

#endif
