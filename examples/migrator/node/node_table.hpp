// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_NODE_NODE_TABLE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_NODE_NODE_TABLE_HPP

#include "../dumps/dumps.hpp"

#include <jackpot/core/error.hpp>

namespace migrator {

/// The live table `jackpots` of a database, every value as the engine writes it; without columns where there
/// is no such table. Errors: as for `soci_storage::open`.
[[nodiscard]] jackpot::expected<dumped_table> read_live_table(const std::string& url);

}  // namespace migrator

#endif
