// SPDX-License-Identifier: BSL-1.0
#include "migrate_options.hpp"

#include "store_url.hpp"
#include "verb.hpp"

namespace migrator {

namespace {

void add_stores(CLI::App& verb, migrate_options& o) {
    verb.add_option("--from", o.from,
                    "A URL: sqlite://FILE, postgresql://[user[:password]@][host[:port]]/database, mysql:// "
                    "likewise; a file that `backup` or the Node service wrote; or memory, a run of invented "
                    "wagers that is played from --seed")
        ->envname(source_variable)
        ->transform(from_file())
        ->required();
    verb.add_option("--to", o.to, "A URL")->envname(store_variable)->transform(from_file())->required();
    auto* adopt =
        verb.add_flag("--adopt", o.adopt,
                      "Takes pools of the Node service that do not add up, with the difference as adjusted");
    verb.add_option("--actor", o.actor, "Who adopts them, for the journal")
        ->capture_default_str()
        ->needs(adopt)
        ->check(check_name);
    verb.add_option("--reason", o.reason, "Why, for the journal")
        ->capture_default_str()
        ->needs(adopt)
        ->check(check_name);
    verb.add_option("--wagers", o.wagers, "How many wagers the run has")
        ->transform(whole_number({0, 100'000'000}))
        ->capture_default_str();
    verb.add_option("--seed", o.seed, "The same seed plays the same run")
        ->transform(whole_number({0, ~std::uint64_t{0}}))
        ->capture_default_str();
}

void add_copying(CLI::App& verb, migrate_options& o) {
    verb.add_option("--batch-size", o.batch_size, "Operations in one commit")
        ->transform(whole_number({1, 1'000'000}))
        ->capture_default_str();
    verb.add_option("--max-retries", o.max_retries, "How often a batch that fails is tried again")
        ->transform(whole_number({0, 1'000}))
        ->capture_default_str();
    verb.add_option("--step", o.step,
                    "What a migration that stopped lacks still. The journal is one sequence of pools, "
                    "contributions and "
                    "wins: whichever is named, all that is missing is copied, in order")
        ->check(CLI::IsMember({"pools", "contributions", "wins", "all"}))
        ->capture_default_str();
    auto* looks = verb.add_option_group("instead of copying");
    looks->add_flag("--dry-run", o.dry_run, "Says what would be copied, and writes nothing");
    looks->add_flag("--validate-only", o.validate_only, "Checks both stores, and writes nothing");
    looks->add_flag(
        "--follow", o.follow,
        "Keeps up with a source that goes on; `migrator cut-over` or SIGUSR1 begins the cut-over");
    looks->add_flag("--cut-over", o.cut_over,
                    "Seals the source, copies the rest, compares, and opens the target, which is sealed till "
                    "then");
    looks->require_option(0, 1);
}

void add_safety(CLI::App& verb, migrate_options& o) {
    verb.add_flag("--validate-data", o.validate_data, "Checks the source's pools before anything is written");
    auto* validation =
        verb.add_flag("--validation", o.validation, "Compares and audits afterwards (the default)");
    verb.add_flag("--no-validation", o.no_validation, "Does not")->excludes(validation);
    auto* backup =
        verb.add_flag("--backup-existing", o.backup_existing, "Backs the target up first (the default)");
    auto* none = verb.add_flag("--no-backup", o.no_backup, "Does not back it up")->excludes(backup);
    add_backup_place(verb, o.backups)->excludes(none);
    add_break_lock(verb, o.break_lock);
}

void add_output(CLI::App& verb, migrate_options& o) {
    verb.add_option("--log-file", o.log_file, "Where the log is kept (JACKPOT_LOG_FILE); \"\" for none")
        ->capture_default_str();
    verb.add_option("--log-level", o.log_level, "What is logged")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
        ->default_str("JACKPOT_LOG_LEVEL, or else info");
    verb.add_option("--log-format", o.log_format, "How a line of the log is written")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    auto* quiet = verb.add_flag("--quiet", o.quiet, "Shows the result alone");
    verb.add_flag("--verbose", o.verbose, "Shows every batch")->excludes(quiet);
}

void check_stores(const CLI::App& verb, const migrate_options& o) {
    if (o.to == "memory") {
        throw CLI::ValidationError("--to",
                                   "memory is a store to migrate from: what it holds ends with the program");
    }
    check_store_url("--to", o.to);
    if (o.from_url()) {
        check_store_url("--from", o.from);
    }
    check_output("--log-file", o.log_file, {o.from, o.to});
    check_output("--backup-folder", o.backups.folder, {o.from, o.to});
    if (same_store(o.from, o.to)) {
        throw CLI::ValidationError("--from and --to",
                                   "both are " + jackpot::without_password(o.to) + ": name another --to");
    }
    if (o.follows() && !o.from_url()) {
        throw CLI::ValidationError(o.follow ? "--follow" : "--cut-over",
                                   "--from " + o.from + " does not go on: name a URL");
    }
    for (const char* flag : {"--wagers", "--seed"}) {
        if (o.from != "memory" && verb.count(flag) != 0) {
            throw CLI::ValidationError(flag, "is for --from memory, and --from is " +
                                                 (o.from_url() ? jackpot::without_password(o.from) : o.from));
        }
    }
    if (o.from == "memory" && o.adopt) {
        throw CLI::ValidationError("--adopt", "is for pools of the Node service, and --from is memory");
    }
}

}  // namespace

void add_migrate_flags(CLI::App& verb, migrate_options& o) {
    add_stores(verb, o);
    add_copying(verb, o);
    add_safety(verb, o);
    add_output(verb, o);
}

void complete(const CLI::App& verb, migrate_options& o) {
    const environment e = read_environment();
    o.connections.count = e.connection_pool_size.value_or(o.connections.count);
    o.enabled = e.migration_enabled.value_or(true);
    o.backup_enabled = e.database_backup.value_or(true);
    o.validation_enabled = e.validation_enabled.value_or(true);
    if (o.log_level.empty()) {
        o.log_level = e.log_level.value_or("info");
    }
    check_stores(verb, o);
}

}  // namespace migrator
