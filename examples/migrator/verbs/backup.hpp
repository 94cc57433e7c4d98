// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_BACKUP_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_BACKUP_HPP

#include "rollback_data.hpp"

#include <jackpot/soci.hpp>

namespace migrator {

inline constexpr const char* backup_folder = "backups/jackpot-migration";

/// The store as it is now.
[[nodiscard]] jackpot::expected<rollback_data> moment_of(jackpot::soci_storage& store);

/// Writes the moment into a new file in the folder, which is made where it is missing. Its path: by the time,
/// the beginning of the store's identity, and the sequence.
[[nodiscard]] tl::expected<std::string, std::string> back_up(const rollback_data& moment,
                                                             const std::string& folder);

}  // namespace migrator

#endif
