// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_BACKUP_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_BACKUP_HPP

#include "../console/environment.hpp"
#include "rollback_data.hpp"

#include <jackpot/soci.hpp>

namespace migrator {

/// Where backups are kept, and how many of one store; 0 are all.
struct backup_place {
    std::string folder = detail::variable_or("JACKPOT_BACKUP_FOLDER", "backups/jackpot-migration");
    std::uint64_t kept = 0;
};

/// Adds `--backup-folder` and `--keep-backups`. Returns the first.
CLI::Option* add_backup_place(CLI::App& verb, backup_place& place);

/// The store as it is now.
[[nodiscard]] jackpot::expected<rollback_data> moment_of(jackpot::soci_storage& store);

/// Writes the moment into a new file in the folder, which is made where it is missing. Its path: by the time,
/// the beginning of the store's identity, and the sequence. Then the oldest of this store go that are too
/// many.
[[nodiscard]] tl::expected<std::string, std::string> back_up(const rollback_data& moment,
                                                             const backup_place& place);

}  // namespace migrator

#endif
