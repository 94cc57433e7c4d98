// SPDX-License-Identifier: BSL-1.0
#include "copy.hpp"
#include "migrate_options.hpp"
#include "node.hpp"
#include "node_table.hpp"
#include "seeded_run.hpp"
#include "store_url.hpp"
#include "verb.hpp"

#include <jackpot/memory_storage.hpp>

#include <csignal>
#include <filesystem>
#include <memory>

namespace migrator {

namespace {

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
tl::expected<rollback_data, trouble> existing_data(jackpot::soci_storage& store, const migrate_options& o,
                                                   report& out, std::string& file) {
    const auto moment = moment_of(store);
    if (!moment) {
        return tl::unexpected(store_trouble(moment.error()));
    }
    if (moment->states.head.sequence == 0 || o.looks() || !o.backs_up()) {
        return *moment;
    }
    const auto written = back_up(*moment, o.backup_folder);
    if (!written) {
        return tl::unexpected(
            writing_trouble("no backup could be made, and nothing was changed: " + written.error(),
                            "--backup-folder FOLDER"));
    }
    file = *written;
    out.log().info("Existing data backed up successfully: {}", file);
    return *moment;
}

/// Do the store's pools keep the laws? Why not, or nothing.
template <jackpot::storage Storage>
std::string check_data(Storage& store) {
    jackpot::snapshot states;
    if (auto loaded = store.load(states); !loaded) {
        return words_of(loaded.error());
    }
    for (const auto& p : states.pools) {
        if (auto sound = check_meters(p); !sound) {
            return words_of(sound.error());
        }
    }
    return {};
}

int violated(report& out, const tally& taken, outcome result, const std::string& what) {
    result.why = {what,
                  std::string("which pool it is: migrator validate STORE --detailed; then ") + repair_remedy};
    result.validation = "failed";
    out.results(taken, result);
    out.say("❌ Migration validation failed: data integrity violation: " + printable(what));
    return exit_failed;
}

/// The words of a migration that only looks.
template <jackpot::storage From>
int validate_only(From& from, jackpot::soci_storage& store, report& out) {
    out.say(
        "🔍 Running migration validation...\n✅ Database connectivity verified\n✅ Schema validation passed");
    if (const auto wrong = check_data(from); !wrong.empty()) {
        return violated(out, {}, {}, "the source: " + wrong);
    }
    if (const auto wrong = check_data(store); !wrong.empty()) {
        return violated(out, {}, {}, "the target: " + wrong);
    }
    out.say("✅ Data integrity check passed");
    const auto existing = moment_of(store);
    if (!existing) {
        return out.failed({"Backup verification failed", store_trouble(existing.error()), exit_failed});
    }
    if (existing->states.head.sequence != 0) {
        const auto again = read_rollback_data(to_text(*existing));
        if (!again || again->states.pools != existing->states.pools) {
            out.say("❌ Backup verification failed: " + (again ? "it reads otherwise" : again.error()));
            return exit_failed;
        }
    }
    out.say("✅ Backup verification completed");
    return 0;
}

/// Proves what was copied, and shows the results.
template <jackpot::storage From>
int conclude(From& from, jackpot::soci_storage& store, const migrate_options& o, report& out,
             const tally& taken, outcome result) {
    out.log().info("Migration completed in {}ms", out.took_ms());
    if (o.validates()) {
        out.log().info("Comparing the two stores, and auditing the target...");
        if (const auto wrong = validate(from, store); !wrong.empty()) {
            return violated(out, taken, std::move(result), wrong);
        }
        result.validation = "passed";
    }
    out.results(taken, result);
    out.say(o.validates()
                ? "✅ Migration validation passed\n🎉 Migration completed successfully!"
                : "🎉 Migration completed successfully! It was not validated: run `migrator validate`.");
    return 0;
}

/// Copies and proves it: what every pair of stores has in common.
template <jackpot::storage From>
int run(From& from, jackpot::soci_storage& store, const migrate_options& o, report& out) {
    if (o.validate_only) {
        return validate_only(from, store, out);
    }
    target to(store, o.dry_run, [&](const std::string& why) {
        out.log().warn("⚠️ High database load detected during migration: {}", why);
        out.log().warn("Remedy: {}", load_remedy);
    });
    outcome result;
    const auto existing = existing_data(store, o, out, result.backup);
    if (!existing) {
        return out.failed({"Migration failed", existing.error(), exit_failed});
    }
    out.log().info("Validating migration prerequisites...");
    const jackpot::replicate_options how{.batch = o.batch_size,
                                         .attempts = static_cast<unsigned>(o.max_retries) + 1};
    follower<From> follow(from, out, o.follow);
    const auto copied = copy(from, to, how, out, interrupted, follow);
    if (!copied) {
        result.why = store_trouble(copied.error());
        if (follow.sealed()) {
            result.why.remedy += ". The source is sealed: `migrator seal STORE --off` opens it again";
        }
        out.results(to.taken(), result);
        return exit_failed;
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
    return conclude(from, store, o, out, to.taken(), std::move(result));
}

/// Opens the target; one that is empty is left so by a dry run, and a place in memory stands for it.
jackpot::expected<jackpot::soci_storage> open_target(const migrate_options& o) {
    if (o.looks()) {
        std::error_code none;
        const auto file = file_of(o.to);
        const auto size = std::filesystem::file_size(file, none);
        const bool no_file = !file.empty() && (none || size == 0);
        const auto there = no_file ? jackpot::sql::schema_state() : jackpot::soci_storage::inspect(o.to);
        if (!there) {
            return tl::unexpected(there.error());
        }
        if (!there->found) {
            return jackpot::soci_storage::open("sqlite://:memory:");
        }
    }
    return jackpot::soci_storage::open(
        o.to, o.looks() ? jackpot::open_mode::existing : jackpot::open_mode::create, o.connections);
}

template <jackpot::storage From>
int migrate(From& from, const migrate_options& o, report& out) {
    // Before the target is opened, which may make its tables.
    if (const auto wrong = o.validate_data ? check_data(from) : std::string(); !wrong.empty()) {
        return violated(out, {}, {}, "the source: " + wrong);
    }
    auto to = open_target(o);
    return to ? run(from, *to, o, out) : out.failed(not_opened("Target refused", o.to, to.error()));
}

/// From pools of the Node service.
int migrate_node(const tl::expected<node_service, std::string>& service, const migrate_options& o,
                 report& out) {
    const auto imported = service.and_then([&](const node_service& s) {
        return to_store(
            s, {.adopt = o.adopt, .actor = std::string_view(o.actor), .reason = std::string_view(o.reason)});
    });
    if (!imported) {
        return out.failed({"Source refused", import_trouble(imported.error()), exit_failed});
    }
    for (const auto& line : imported->report) {
        out.log().warn("{}", line);
    }
    return migrate(*imported->store, o, out);
}

/// From a file that `backup` or `generate-rollback-data` wrote, or the Node service.
int migrate_file(const migrate_options& o, report& out) {
    const auto text = read_file(o.from);
    if (!text) {
        return out.failed({"Source refused", reading_trouble(text.error()), exit_failed});
    }
    if (text->find(rollback_data_format) == std::string::npos) {
        return migrate_node(read_node_backup(*text), o, out);
    }
    const auto data = read_rollback_data(*text);
    if (!data) {
        return out.failed({"Source refused", data_trouble(o.from + ": " + data.error()), exit_failed});
    }
    jackpot::memory_storage<> from;
    if (const auto done = put(*data, from); !done) {
        return out.failed({"Source refused", store_trouble(done.error()), exit_failed});
    }
    return migrate(from, o, out);
}

int migrate_run(const migrate_options& o, report& out) {
    jackpot::memory_storage<> from;
    if (auto played = play(from, {.wagers = o.wagers, .seed = o.seed}, interrupted); !played) {
        return out.failed({"Source refused", store_trouble(played.error()), exit_failed});
    }
    if (interrupted()) {
        out.say("Interrupted before anything was copied.");
        return exit_interrupted;
    }
    return migrate(from, o, out);
}

int migrate_url(const migrate_options& o, report& out) {
    auto from = jackpot::soci_storage::open(o.from, jackpot::open_mode::existing, o.connections);
    if (from) {
        return migrate(*from, o, out);
    }
    if (from.error().code == jackpot::errc::schema_mismatch) {
        if (const auto table = read_live_table(o.from); table && is_node_table(*table)) {
            if (o.follow) {
                return out.failed({"Source refused",
                                   {"--follow: pools of the Node service are copied once", "leave it out"},
                                   exit_usage});
            }
            return migrate_node(read_node_table(*table), o, out);
        }
    }
    return out.failed(not_opened("Source refused", o.from, from.error()));
}

int migrate(const migrate_options& o) {
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
        o.from_url() ? jackpot::without_password(o.from) : o.from, jackpot::without_password(o.to),
        o.from == "memory" ? fmt::format("wagers: {}, seed: {}, ", o.wagers, o.seed) : std::string(),
        o.dry_run, o.batch_size, o.max_retries, o.validate_data, o.backs_up(), o.step));
    if (!o.enabled) {
        return out.failed({"Migration refused",
                           {"migrations are switched off: JACKPOT_MIGRATION_ENABLED is false",
                            "export JACKPOT_MIGRATION_ENABLED=true"},
                           exit_failed});
    }
    out.log().info("Starting jackpot data migration...");
    return o.from == "memory" ? migrate_run(o, out)
           : o.from_url()     ? migrate_url(o, out)
                              : migrate_file(o, out);
}

}  // namespace

void add_migrate(CLI::App& app, action& chosen) {
    auto* verb =
        app.add_subcommand("migrate", "Copies what the target lacks: safe to stop, and to run again");
    const auto kept = std::make_shared<migrate_options>();
    add_migrate_flags(*verb, *kept);
    verb->callback([&chosen, verb, kept] {
        complete(*verb, *kept);
        chosen = [kept] { return migrate(*kept); };
    });
}

}  // namespace migrator
