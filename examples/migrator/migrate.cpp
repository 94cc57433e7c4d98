// SPDX-License-Identifier: BSL-1.0
#include "backup.hpp"
#include "copy.hpp"
#include "environment.hpp"
#include "node.hpp"
#include "node_table.hpp"
#include "seeded_run.hpp"
#include "verb.hpp"

#include <jackpot/memory_storage.hpp>
#include <jackpot/soci.hpp>

#include <csignal>
#include <filesystem>
#include <memory>

namespace migrator {

namespace {

struct options {
    std::string from = "memory";
    std::string to;
    std::uint64_t wagers = 100'000;
    std::uint64_t seed = 1;
    std::uint64_t batch_size = 1000;
    std::uint64_t max_retries = 3;
    std::string step = "all";
    std::string log_file = "logs/jackpot-migration.log";
    std::string log_level{};
    std::string backup_folder = migrator::backup_folder;
    jackpot::connection_options connections{};
    std::string actor = "migrator";
    std::string reason = "import --adopt";
    bool adopt = false;
    bool enabled = true;
    bool dry_run = false;
    bool validate_only = false;
    bool validate_data = false;
    bool no_validation = false;
    bool validation_enabled = true;
    bool backup_existing = false;
    bool no_backup = false;
    bool backup_enabled = true;
    bool follow = false;
    bool json = false;
    bool quiet = false;
    bool verbose = false;

    [[nodiscard]] bool validates() const noexcept { return validation_enabled && !no_validation; }
    [[nodiscard]] bool backs_up() const noexcept { return backup_existing || (backup_enabled && !no_backup); }
};

constexpr std::string_view sqlite_scheme = "sqlite://";

volatile std::sig_atomic_t cut_over_asked = 0;

/// Told to cut over it seals the source, so that nothing can come behind the last operation that is copied.
template <jackpot::storage From>
class follower {
public:
    follower(From& from, report& out, bool follows) : from_(&from), out_(&out), follows_(follows) {
        if (follows) {
            struct sigaction action {};
            action.sa_handler = [](int) { cut_over_asked = 1; };
            sigaction(SIGUSR1, &action, nullptr);
        }
    }

    /// Waits until there may be more to copy; false where there will be none.
    bool operator()(std::uint64_t sequence) {
        if (!follows_ || sealed_ || interrupted()) {
            return false;
        }
        if (!told_) {
            out_->log().info("Following the source at operation {}. To cut over: kill -USR1 {}", sequence,
                             getpid());
            told_ = true;
        }
        if (cut_over_asked != 0) {
            const auto sealed = from_->seal(true);
            sealed_ = sealed.has_value();
            sealed_ ? out_->log().info("The source is sealed; what came last is copied")
                    : out_->log().warn("The source cannot be sealed, and is followed on: {}",
                                       words_of(sealed.error()));
            cut_over_asked = 0;
            return true;
        }
        jackpot::system_environment().sleep(100'000);
        return true;
    }
    [[nodiscard]] bool sealed() const noexcept { return sealed_; }

private:
    From* from_;
    report* out_;
    bool follows_;
    bool told_ = false;
    bool sealed_ = false;
};

/// What a rollback would need. Of an empty target there is nothing to keep.
jackpot::expected<rollback_data> existing_data(jackpot::soci_storage& store, const options& o, report& out,
                                               std::string& file) {
    auto moment = moment_of(store);
    if (!moment || moment->states.head.sequence == 0 || o.dry_run || !o.backs_up()) {
        return moment;
    }
    const auto written = back_up(*moment, o.backup_folder);
    if (!written) {
        return jackpot::fail(jackpot::errc::unavailable, "no backup could be made", written.error());
    }
    file = *written;
    out.log().info("Existing data backed up successfully: {}", file);
    return moment;
}

/// Do the source's pools keep the laws? Why not, or nothing.
template <jackpot::storage From>
std::string check_data(From& from) {
    jackpot::snapshot states;
    if (auto loaded = from.load(states); !loaded) {
        return words_of(loaded.error());
    }
    for (const auto& p : states.pools) {
        if (auto sound = check_meters(p); !sound) {
            return words_of(sound.error());
        }
    }
    return {};
}

/// The words of a migration that only looks.
template <jackpot::storage From>
int validate_only(From& from, jackpot::soci_storage& store, const rollback_data& existing, report& out) {
    out.say(
        "🔍 Running migration validation...\n✅ Database connectivity verified\n✅ Schema validation passed");
    for (const auto& wrong : {check_data(from), check_data(store)}) {
        if (!wrong.empty()) {
            out.results({}, {.failure = wrong, .validation = "failed"});
            out.say("❌ Migration validation failed: data integrity violation");
            return exit_failed;
        }
    }
    out.say("✅ Data integrity check passed");
    if (existing.states.head.sequence != 0) {
        const auto again = read_rollback_data(to_text(existing));
        if (!again || again->states.pools != existing.states.pools) {
            out.say("❌ Backup verification failed: " + (again ? "it reads otherwise" : again.error()));
            return exit_failed;
        }
    }
    out.say("✅ Backup verification completed");
    return 0;
}

/// Copies and proves it: what every pair of stores has in common.
template <jackpot::storage From>
int run(From& from, jackpot::soci_storage& store, const options& o, report& out) {
    target to(store, o.dry_run);
    outcome result;
    const auto failed = [&](const std::string& why) {
        result.failure = why;
        out.results(to.taken(), result);
        return exit_failed;
    };
    const auto existing = existing_data(store, o, out, result.backup);
    if (!existing) {
        return failed(words_of(existing.error()));
    }
    out.log().info("Validating migration prerequisites...");
    if (o.validate_only) {
        return validate_only(from, store, *existing, out);
    }
    if (const auto wrong = o.validate_data ? check_data(from) : std::string(); !wrong.empty()) {
        return failed("the source: " + wrong);
    }
    const jackpot::replicate_options how{.batch = o.batch_size,
                                         .attempts = static_cast<unsigned>(o.max_retries) + 1};
    follower<From> follow(from, out, o.follow);
    const auto copied = copy(from, to, how, out, interrupted, follow);
    if (!copied) {
        return failed(
            words_of(copied.error()) +
            (follow.sealed() ? "; the source is sealed: `migrator seal --off` opens it again" : ""));
    }
    if (!copied->complete || (o.follow && !follow.sealed())) {
        out.say(
            fmt::format("Interrupted: the target holds the first {} operations, each of them whole.\n"
                        "Run the same command again to go on from there.",
                        copied->sequence));
        return exit_interrupted;
    }
    if (o.dry_run) {
        out.results(to.taken());
        out.say("💾 Rollback data (for reference only):\n======================================\n" +
                (existing->states.head.sequence == 0 ? "none: the target is empty\n" : to_text(*existing)) +
                "\nDry run: nothing was written.");
        return 0;
    }
    out.log().info("Migration completed in {}ms", out.took_ms());
    if (o.validates()) {
        out.log().info("Comparing the two stores, and auditing the target...");
        result.validation = "failed";
        if (const auto wrong = validate(from, store); !wrong.empty()) {
            const int code = failed(wrong);
            out.say("❌ Migration validation failed: data integrity violation: " + wrong);
            return code;
        }
        result.validation = "passed";
    }
    out.results(to.taken(), result);
    out.say(o.validates()
                ? "✅ Migration validation passed\n🎉 Migration completed successfully!"
                : "🎉 Migration completed successfully! It was not validated: run `migrator validate`.");
    return 0;
}

/// Opens the target; one that is empty is left so by a dry run, and a place in memory stands for it.
jackpot::expected<jackpot::soci_storage> open_target(const options& o) {
    const bool looks = o.dry_run || o.validate_only;
    if (looks) {
        const std::string_view file =
            std::string_view(o.to).substr((std::min)(o.to.size(), sqlite_scheme.size()));
        std::error_code none;
        const auto size = std::filesystem::file_size(file.substr(0, file.find('?')), none);
        const bool no_file = o.to.starts_with(sqlite_scheme) && (none || size == 0);
        const auto there = no_file ? jackpot::sql::schema_state() : jackpot::soci_storage::inspect(o.to);
        if (!there) {
            return tl::unexpected(there.error());
        }
        if (!there->found) {
            return jackpot::soci_storage::open("sqlite://:memory:");
        }
    }
    return jackpot::soci_storage::open(
        o.to, looks ? jackpot::open_mode::existing : jackpot::open_mode::create, o.connections);
}

int failed_to_open(const jackpot::error& e, report& out) {
    out.results({}, {.failure = words_of(e)});
    if (e.code == jackpot::errc::unsupported) {
        return exit_usage;
    }
    out.say("❌ Database connectivity failed: " + words_of(e));
    return exit_failed;
}

template <jackpot::storage From>
int migrate(From& from, const options& o, report& out) {
    auto to = open_target(o);
    return to ? run(from, *to, o, out) : failed_to_open(to.error(), out);
}

/// From pools of the Node service.
int migrate_node(const tl::expected<node_service, std::string>& service, const options& o, report& out) {
    const auto imported = service.and_then([&](const node_service& s) {
        return to_store(
            s, {.adopt = o.adopt, .actor = std::string_view(o.actor), .reason = std::string_view(o.reason)});
    });
    if (!imported) {
        out.results({}, {.failure = imported.error()});
        return exit_failed;
    }
    for (const auto& line : imported->report) {
        out.log().warn("{}", line);
    }
    return migrate(*imported->store, o, out);
}

/// From a file that `backup` or `generate-rollback-data` wrote, or the Node service.
int migrate_file(const options& o, report& out) {
    const auto text = read_file(o.from);
    if (text && text->find(rollback_data_format) == std::string::npos) {
        return migrate_node(read_node_backup(*text), o, out);
    }
    const auto data = text.and_then([](const std::string& t) { return read_rollback_data(t); });
    if (!data) {
        out.results({}, {.failure = o.from + ": " + data.error()});
        return exit_failed;
    }
    jackpot::memory_storage<> from;
    if (const auto done = put(*data, from); !done) {
        out.results({}, {.failure = words_of(done.error())});
        return exit_failed;
    }
    return migrate(from, o, out);
}

int migrate_run(const options& o, report& out) {
    jackpot::memory_storage<> from;
    if (auto played = play(from, {.wagers = o.wagers, .seed = o.seed}, interrupted); !played) {
        out.results({}, {.failure = words_of(played.error())});
        return exit_failed;
    }
    if (interrupted()) {
        out.say("Interrupted before anything was copied.");
        return exit_interrupted;
    }
    return migrate(from, o, out);
}

int migrate(const options& o) {
    const bool is_url = o.from.find("://") != std::string::npos;
    report out({.how = o.quiet     ? verbosity::quiet
                       : o.verbose ? verbosity::verbose
                                   : verbosity::normal,
                .dry_run = o.dry_run,
                .json = o.json,
                .log_file = o.log_file,
                .level = spdlog::level::from_str(o.log_level)});
    out.header(fmt::format(
        "Configuration: {{ from: {}, to: {}, {}dryRun: {}, batchSize: {}, maxRetries: {}, validateData: {}, "
        "backupExisting: {}, step: {} }}",
        is_url ? jackpot::without_password(o.from) : o.from, jackpot::without_password(o.to),
        o.from == "memory" ? fmt::format("wagers: {}, seed: {}, ", o.wagers, o.seed) : std::string(),
        o.dry_run, o.batch_size, o.max_retries, o.validate_data, o.backs_up(), o.step));
    if (!o.enabled) {
        out.results({}, {.failure = "migrations are switched off: JACKPOT_MIGRATION_ENABLED is false"});
        return exit_failed;
    }
    out.log().info("Starting jackpot data migration...");
    if (o.from == "memory") {
        return migrate_run(o, out);
    }
    if (!is_url) {
        return migrate_file(o, out);
    }
    auto from = jackpot::soci_storage::open(o.from, jackpot::open_mode::existing, o.connections);
    if (from) {
        return migrate(*from, o, out);
    }
    if (from.error().code == jackpot::errc::schema_mismatch) {
        if (const auto table = read_live_table(o.from); table && is_node_table(*table)) {
            return migrate_node(read_node_table(*table), o, out);
        }
    }
    return failed_to_open(from.error(), out);
}

std::string check_target(const std::string& store) {
    return store == "memory" ? "memory is a store to migrate from: what it holds ends with the program" : "";
}

void add_stores(CLI::App& verb, options& o) {
    verb.add_option("--from", o.from,
                    "memory, a run of wagers that is played from --seed; a file that `backup` or the Node "
                    "service wrote; or a URL: "
                    "sqlite://FILE, postgresql://[user[:password]@][host[:port]]/database, mysql:// likewise")
        ->capture_default_str();
    verb.add_option("--to", o.to, "A URL")->envname("JACKPOT_DATABASE_URL")->required()->check(check_target);
    auto* adopt =
        verb.add_flag("--adopt", o.adopt,
                      "Takes pools of the Node service that do not add up, with the difference as adjusted");
    verb.add_option("--actor", o.actor, "Who adopts them, for the journal")
        ->capture_default_str()
        ->needs(adopt);
    verb.add_option("--reason", o.reason, "Why, for the journal")->capture_default_str()->needs(adopt);
    verb.add_option("--wagers", o.wagers, "How many wagers the run has")
        ->transform(whole_number({0, 100'000'000}))
        ->capture_default_str();
    verb.add_option("--seed", o.seed, "The same seed plays the same run")
        ->transform(whole_number({0, ~std::uint64_t{0}}))
        ->capture_default_str();
}

void add_copying(CLI::App& verb, options& o) {
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
    looks->add_flag("--follow", o.follow,
                    "Keeps up with a source that goes on; SIGUSR1 seals the source and copies the rest");
    looks->require_option(0, 1);
}

void add_safety(CLI::App& verb, options& o) {
    verb.add_flag("--validate-data", o.validate_data, "Checks the source's pools before anything is written");
    verb.add_flag("--no-validation", o.no_validation, "Does not compare and audit afterwards");
    auto* backup =
        verb.add_flag("--backup-existing", o.backup_existing, "Backs the target up first (the default)");
    verb.add_flag("--no-backup", o.no_backup, "Does not back it up")->excludes(backup);
    verb.add_option("--backup-folder", o.backup_folder, "Where backups are kept")->capture_default_str();
}

void add_output(CLI::App& verb, options& o) {
    verb.add_option("--log-file", o.log_file, "Where the log is kept; \"\" for none")->capture_default_str();
    verb.add_option("--log-level", o.log_level, "What is logged")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
        ->default_str("JACKPOT_LOG_LEVEL, or else info");
    verb.add_flag("--json", o.json, "One JSON document with the result; the log goes to standard error");
    auto* quiet = verb.add_flag("--quiet", o.quiet, "Shows the result alone");
    verb.add_flag("--verbose", o.verbose, "Shows every batch")->excludes(quiet);
}

}  // namespace

void add_migrate(CLI::App& app, action& chosen) {
    auto* verb =
        app.add_subcommand("migrate", "Copies what the target lacks: safe to stop, and to run again");
    const auto kept = std::make_shared<options>();
    add_stores(*verb, *kept);
    add_copying(*verb, *kept);
    add_safety(*verb, *kept);
    add_output(*verb, *kept);
    verb->callback([&chosen, kept] {
        const environment e = read_environment();
        kept->connections.count = e.connection_pool_size.value_or(kept->connections.count);
        kept->enabled = e.migration_enabled.value_or(true);
        kept->backup_enabled = e.database_backup.value_or(true);
        kept->validation_enabled = e.validation_enabled.value_or(true);
        if (kept->log_level.empty()) {
            kept->log_level = e.log_level.value_or("info");
        }
        chosen = [kept] { return migrate(*kept); };
    });
}

}  // namespace migrator
