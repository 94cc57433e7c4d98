// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_MIGRATE_OPTIONS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_MIGRATE_OPTIONS_HPP

#include "backup.hpp"

#include <CLI/CLI.hpp>

namespace migrator {

/// What `migrate` is asked to do, by flags and the environment.
struct migrate_options {
    std::string from;
    std::string to;
    std::uint64_t wagers = 100'000;
    std::uint64_t seed = 1;
    std::uint64_t batch_size = 1000;
    std::uint64_t max_retries = 3;
    std::string step = "all";
    std::string log_file = detail::variable_or("JACKPOT_LOG_FILE", "logs/jackpot-migration.log");
    std::string log_level{};
    std::string log_format = "text";
    backup_place backups{};
    jackpot::connection_options connections{};
    std::string actor = "migrator";
    std::string reason = "import --adopt";
    bool adopt = false;
    bool enabled = true;
    bool dry_run = false;
    bool validate_only = false;
    bool validate_data = false;
    bool validation = false;
    bool no_validation = false;
    bool validation_enabled = true;
    bool backup_existing = false;
    bool no_backup = false;
    bool backup_enabled = true;
    bool follow = false;
    bool cut_over = false;
    bool break_lock = false;
    bool quiet = false;
    bool verbose = false;

    /// One slash will do: who forgot the other shall not find a password shown as the name of a file.
    [[nodiscard]] bool from_url() const {
        const auto colon = from.find(':');
        return colon != std::string::npos && from.compare(colon, 2, ":/") == 0;
    }
    [[nodiscard]] bool validates() const noexcept {
        return validation || (validation_enabled && !no_validation);
    }
    [[nodiscard]] bool backs_up() const noexcept { return backup_existing || (backup_enabled && !no_backup); }
    [[nodiscard]] bool follows() const noexcept { return follow || cut_over; }
    /// Changes nothing, whatever it finds.
    [[nodiscard]] bool looks() const noexcept { return dry_run || validate_only; }
};

/// Adds the flags to the verb, to be filled in when the command line is read.
void add_migrate_flags(CLI::App& verb, migrate_options& o);

/// Takes what the environment says, where no flag does. Throws CLI::ValidationError for a variable that says
/// nothing of use, and for flags that contradict each other: to be called in the verb's callback.
void complete(const CLI::App& verb, migrate_options& o);

}  // namespace migrator

#endif
