// SPDX-License-Identifier: BSL-1.0
#include "copy.hpp"
#include "seeded_run.hpp"
#include "verb.hpp"

#include <jackpot/memory_storage.hpp>
#include <jackpot/soci.hpp>

#include <filesystem>
#include <memory>

namespace migrator {

namespace {

struct options {
    std::string from;
    std::string to;
    std::uint64_t wagers = 100'000;
    std::uint64_t seed = 1;
    std::uint64_t batch_size = 1000;
    std::uint64_t max_retries = 3;
    bool dry_run = false;
    bool quiet = false;
    bool verbose = false;
};

constexpr std::string_view sqlite_scheme = "sqlite://";

/// Copies and proves it: what every pair of stores has in common.
template <jackpot::storage From>
int run(From& from, jackpot::soci_storage& store, const options& o, report& out) {
    target to(store, o.dry_run);
    const auto failed = [&](const std::string& why) {
        out.results(to.taken(), why);
        return exit_failed;
    };
    const jackpot::replicate_options how{.batch = o.batch_size,
                                         .attempts = static_cast<unsigned>(o.max_retries) + 1};
    const auto copied = copy(from, to, how, out, interrupted);
    if (!copied) {
        return failed(words_of(copied.error()));
    }
    if (!copied->complete) {
        out.say(
            fmt::format("Interrupted: the target holds the first {} operations, each of them whole.\n"
                        "Run the same command again to go on from there.",
                        copied->sequence));
        return exit_interrupted;
    }
    if (o.dry_run) {
        out.results(to.taken());
        out.say("Dry run: nothing was written.");
        return 0;
    }
    out.log().info("Migration completed in {}ms", out.took_ms());
    out.log().info("Comparing the two stores, and auditing the target...");
    if (const auto wrong = validate(from, store); !wrong.empty()) {
        const int code = failed(wrong);
        out.say("❌ Migration validation failed: " + wrong);
        return code;
    }
    out.results(to.taken());
    out.say("✅ Migration validation passed\n🎉 Migration completed successfully!");
    return 0;
}

/// Opens the target; one that is empty is left so by a dry run, and a place in memory stands for it.
jackpot::expected<jackpot::soci_storage> open_target(const options& o) {
    if (o.dry_run) {
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
    return jackpot::soci_storage::open(o.to,
                                       o.dry_run ? jackpot::open_mode::existing : jackpot::open_mode::create);
}

template <jackpot::storage From>
int migrate(From& from, const options& o, report& out) {
    out.log().info("Validating migration prerequisites...");
    auto to = open_target(o);
    if (!to) {
        out.results({}, words_of(to.error()));
        return to.error().code == jackpot::errc::unsupported ? exit_usage : exit_failed;
    }
    return run(from, *to, o, out);
}

int migrate(const options& o) {
    report out(o.quiet ? verbosity::quiet : o.verbose ? verbosity::verbose : verbosity::normal, o.dry_run);
    const bool plays = o.from == "memory";
    out.header(
        fmt::format("Configuration: {{ from: {}, to: {}, {}dryRun: {}, batchSize: {}, maxRetries: {} }}",
                    plays ? o.from : jackpot::without_password(o.from), jackpot::without_password(o.to),
                    plays ? fmt::format("wagers: {}, seed: {}, ", o.wagers, o.seed) : std::string(),
                    o.dry_run, o.batch_size, o.max_retries));
    out.log().info("Starting jackpot data migration...");
    if (!plays) {
        auto from = jackpot::soci_storage::open(o.from, jackpot::open_mode::existing);
        if (!from) {
            out.results({}, words_of(from.error()));
            return from.error().code == jackpot::errc::unsupported ? exit_usage : exit_failed;
        }
        return migrate(*from, o, out);
    }
    jackpot::memory_storage<> from;
    if (auto played = play(from, {.wagers = o.wagers, .seed = o.seed}, interrupted); !played) {
        out.results({}, words_of(played.error()));
        return exit_failed;
    }
    if (interrupted()) {
        out.say("Interrupted before anything was copied.");
        return exit_interrupted;
    }
    return migrate(from, o, out);
}

std::string check_target(const std::string& store) {
    return store == "memory" ? "memory is a store to migrate from: what it holds ends with the program" : "";
}

}  // namespace

void add_migrate(CLI::App& app, action& chosen) {
    auto* verb =
        app.add_subcommand("migrate", "Copies what the target lacks: safe to stop, and to run again");
    const auto kept = std::make_shared<options>();
    options& o = *kept;
    verb->add_option("--from", o.from,
                     "memory, a run of wagers that is played from --seed; or a URL: sqlite://FILE, "
                     "postgresql://[user[:password]@][host[:port]]/database, mysql:// likewise")
        ->required();
    verb->add_option("--to", o.to, "A URL")->required()->check(check_target);
    verb->add_option("--wagers", o.wagers, "How many wagers the run has")
        ->transform(whole_number({0, 100'000'000}))
        ->capture_default_str();
    verb->add_option("--seed", o.seed, "The same seed plays the same run")
        ->transform(whole_number({0, ~std::uint64_t{0}}))
        ->capture_default_str();
    verb->add_option("--batch-size", o.batch_size, "Operations in one commit")
        ->transform(whole_number({1, 1'000'000}))
        ->capture_default_str();
    verb->add_option("--max-retries", o.max_retries, "How often a batch that fails is tried again")
        ->transform(whole_number({0, 1'000}))
        ->capture_default_str();
    verb->add_flag("--dry-run", o.dry_run, "Says what would be copied, and writes nothing");
    auto* quiet = verb->add_flag("--quiet", o.quiet, "Shows the result alone");
    verb->add_flag("--verbose", o.verbose, "Shows every batch")->excludes(quiet);
    verb->callback([&chosen, kept] { chosen = [kept] { return migrate(*kept); }; });
}

}  // namespace migrator
