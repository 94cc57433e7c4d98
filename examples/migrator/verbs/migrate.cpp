// SPDX-License-Identifier: BSL-1.0
#include "../copy/conclude.hpp"
#include "../copy/seeded_run.hpp"
#include "../node/node.hpp"
#include "../node/node_table.hpp"
#include "at_work.hpp"
#include "files.hpp"
#include "migrate_options.hpp"
#include "store_url.hpp"
#include "validate_only.hpp"
#include "verb.hpp"

#include <jackpot/memory/storage.hpp>

#include <filesystem>
#include <memory>

namespace migrator {

namespace {

/// What a rollback would need. Of an empty target there is nothing to keep, nor of one that will get nothing.
tl::expected<rollback_data, trouble> existing_data(jackpot::soci_storage& store, const migrate_options& o,
                                                   report& out, std::uint64_t newest, std::string& file) {
    const auto moment = moment_of(store);
    if (!moment) {
        return tl::unexpected(store_trouble(moment.error()));
    }
    const auto reached = moment->states.head.sequence;
    if (reached == 0 || reached >= newest || o.looks() || !o.backs_up()) {
        return *moment;
    }
    const auto written = back_up(*moment, o.backups);
    if (!written) {
        return tl::unexpected(
            writing_trouble("no backup could be made, and nothing was changed: " + written.error(),
                            "--backup-folder FOLDER"));
    }
    file = *written;
    out.log().info("Existing data backed up successfully: {}", file);
    return *moment;
}

/// The end of a dry run: what there would be to roll back to.
int show_dry_run(const rollback_data& existing, const tally& taken, report& out) {
    const auto text = existing.states.head.sequence == 0 ? std::string() : to_text(existing);
    outcome result;
    result.rollback_data = text.empty() ? nullptr : nlohmann::ordered_json::parse(text);
    out.succeeded(taken, result);
    out.say("💾 Rollback data (for reference only):\n======================================\n" +
            (text.empty() ? "none: the target is empty\n" : text) + "\nDry run: nothing was written.");
    return 0;
}

/// Seals it, as patiently as a batch is copied.
template <class Target>
jackpot::expected<void> seal_patiently(Target& to, std::uint64_t retries) {
    jackpot::system_environment world;
    auto sealed = to.seal(true);
    for (; !sealed && sealed.error().retryable() && retries > 0 && !interrupted(); --retries) {
        world.sleep(jackpot::replicate_options{}.pause_us);
        sealed = to.seal(true);
    }
    return sealed;
}

constexpr int others_max = 20;  // times that another migrator may come in between

/// Copies and proves it: what every pair of stores has in common.
template <jackpot::storage From>
int run(From& from, opened_target& opened, const migrate_options& o, report& out, int others = 0) {
    if (o.validate_only) {
        return validate_only(from, opened, o, out);
    }
    auto& store = opened.store;
    target to(store, o.dry_run, [&](const std::string& why) {
        out.log().warn("⚠️ High database load detected during migration: {}", why);
        out.log().warn("Remedy: {}", load_remedy);
    });
    if (const auto wrong = o.dry_run ? rehearse(opened, o) : std::nullopt) {
        return out.failed({"Migration failed", *wrong, exit_failed});
    }
    outcome result;
    jackpot::basic_snapshot<typename From::amount_type> source;
    if (const auto loaded = from.load(source); !loaded) {
        return out.failed({"Migration failed", store_trouble(loaded.error()), exit_failed});
    }
    // A source that is followed will have more.
    const auto newest = o.follows() ? jackpot::sequence_max : source.head.sequence;
    const auto existing = existing_data(store, o, out, newest, result.backup);
    if (!existing) {
        return out.failed({"Migration failed", existing.error(), exit_failed});
    }
    out.log().info("Validating migration prerequisites...");
    std::optional<unbroken> until_copied(std::in_place);
    closed_target closed(from, store);
    const std::function<jackpot::expected<void>()> seal = [&] { return seal_patiently(to, o.max_retries); };
    if (const auto wrong = closed.close(o.dry_run ? nullptr : seal)) {
        return out.failed({"Migration failed", *wrong, exit_failed});
    }
    follower follow(from, out,
                    {.follows = o.follows(),
                     .cuts_over = o.cut_over,
                     .retries = o.max_retries,
                     .works = opened.works.get(),
                     .follows_source = opened.follows.get()});
    const jackpot::replicate_options how{.batch = o.batch_size,
                                         .attempts = static_cast<unsigned>(o.max_retries) + 1,
                                         .sealed = closed.sealed()};
    const auto copied =
        closed.went_on() ? source_of(from, out) : copy(from, to, how, out, interrupted, follow);
    if (!copied && copied.error().code == jackpot::errc::conflict && others < others_max && !interrupted()) {
        // What the other one copied is there; it may have ended the migration, too.
        out.log().warn("Another migrator is at work on the target: looking again");
        jackpot::system_environment world;
        world.sleep(static_cast<std::int64_t>(world.random() % 1'000'000));
        return run(from, opened, o, out, others + 1);
    }
    if (const bool waited = !copied && copied.error().retryable() && interrupted(); !copied && !waited) {
        closed.give_back(copied.error());
        auto why = store_trouble(copied.error());
        why.remedy += remedy_of(closed, follow);
        return out.failed({"Migration failed", why, exit_failed}, to.taken(), result);
    }
    if (!copied || !copied->complete || (o.follows() && !follow.done() && !closed.went_on())) {
        return out.interrupted(
            to.taken(),
            {o.dry_run ? "a dry run: nothing was written"
             : copied  ? fmt::format("the target holds the first {} operations, each of them whole",
                                     copied->sequence)
                       : "the target holds whole operations, " + words_of(copied.error()),
             std::string("run the same command again") + (o.dry_run ? "" : " to go on from there") +
                 remedy_of(closed, follow)});
    }
    if (o.dry_run) {
        return show_dry_run(*existing, to.taken(), out);
    }
    answer::given().if_ended(
        {"the target has all operations, and it was not proved that they are the source's",
         "run the same command again" + remedy_of(closed, follow)});
    until_copied.reset();
    return conclude(from, store, closed, follow, o, out, to.taken(), std::move(result), copied->sequence);
}

/// May tables be made there? Nothing is: what permits it is asked for before what is to be like it.
jackpot::expected<void> may_make_tables(const std::string& url) {
    const auto made = jackpot::soci_storage::visit(url, [](jackpot::sql::connection& c) {
        c.run_once("CREATE TABLE jackpot_schema (LIKE jackpot_schema_that_is_not_there)");
    });
    if (!made && made.error().code == jackpot::errc::permission_denied) {
        return jackpot::fail(made.error().code,
                             "the tables are to be made by a role that may (print_schema says how)",
                             made.error().detail);
    }
    return jackpot::success();
}

/// Opens the target; one that is empty is left so by a dry run, and a place in memory stands for it.
jackpot::expected<opened_target> open_target(const migrate_options& o) {
    const auto as = [](bool there) {
        return [there](jackpot::soci_storage store) { return opened_target{std::move(store), there}; };
    };
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
            return (file.empty() ? may_make_tables(o.to) : jackpot::success()).and_then([&] {
                return jackpot::soci_storage::open("sqlite://:memory:").map(as(false));
            });
        }
    }
    return jackpot::soci_storage::open(
               o.to, o.looks() ? jackpot::open_mode::existing : jackpot::open_mode::create, o.connections)
        .map(as(true));
}

/// Says in the stores who is at work. Who else is, where they are in the way.
std::optional<trouble> begin_work(opened_target& to, const migrate_options& o) {
    const std::string verb = o.follow ? "migrate --follow" : o.cut_over ? "migrate --cut-over" : "migrate";
    const auto from = o.from_url() ? jackpot::without_password(o.from) : o.from;
    to.works = std::make_unique<at_work>(o.to, at_work::role::works, verb + " from " + from);
    auto other = to.works->begin(o.break_lock);
    if (!other && o.follow) {
        to.follows = std::make_unique<at_work>(o.from, at_work::role::follows,
                                               verb + " to " + jackpot::without_password(o.to));
        static_cast<void>(to.follows->begin(false));
    }
    return other;
}

template <jackpot::storage From>
int migrate(From& from, const migrate_options& o, report& out) {
    // Before the target is opened, which may make its tables.
    if (const auto wrong = o.validate_data ? check_data(from) : std::string(); !wrong.empty()) {
        return violated(out, {}, {}, "the source: " + wrong);
    }
    auto to = open_target(o);
    if (!to) {
        return out.failed(not_opened("Target refused", o.to, to.error()));
    }
    if (const auto other = o.looks() ? std::nullopt : begin_work(*to, o)) {
        return out.failed({"Migration refused", *other, exit_failed});
    }
    return run(from, *to, o, out);
}

/// From a store that nobody else can write to: as sealed as a source can be.
template <jackpot::storage From>
int migrate_whole(From& from, const migrate_options& o, report& out) {
    static_cast<void>(from.seal(true));
    return migrate(from, o, out);
}

const ending no_pools{
    "Source refused", {"there are no pools in it", "name what holds the pools"}, exit_failed};

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
    jackpot::snapshot states;
    if (!imported->store->load(states) || states.pools.empty()) {
        return out.failed(no_pools);
    }
    for (const auto& line : imported->report) {
        out.log().warn("{}", line);
    }
    return migrate_whole(*imported->store, o, out);
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
    if (data->states.pools.empty()) {
        return out.failed(no_pools);
    }
    jackpot::memory_storage<> from;
    if (const auto done = put(*data, from); !done) {
        return out.failed({"Source refused", store_trouble(done.error()), exit_failed});
    }
    return migrate_whole(from, o, out);
}

int migrate_run(const migrate_options& o, report& out) {
    jackpot::memory_storage<> from;
    out.begin("Played");
    std::uint64_t wagers = 0;
    const auto tell = [&] {
        if (++wagers % 1000 == 0) {
            out.at(wagers, o.wagers);
        }
        return false;
    };
    if (auto played = play(from, {.wagers = o.wagers, .seed = o.seed}, tell); !played) {
        return out.failed({"Source refused", store_trouble(played.error()), exit_failed});
    }
    out.end(o.wagers);
    return migrate_whole(from, o, out);
}

int migrate_url(const migrate_options& o, report& out) {
    auto from = jackpot::soci_storage::open(o.from, jackpot::open_mode::existing, o.connections);
    if (from) {
        return migrate(*from, o, out);
    }
    if (from.error().code == jackpot::errc::schema_mismatch) {
        if (const auto table = read_live_table(o.from); table && is_node_table(*table)) {
            if (o.follows()) {
                return out.failed({"Source refused",
                                   {"--follow: pools of the Node service are copied once", "leave it out"},
                                   exit_usage});
            }
            out.log().warn(
                "The table is read once, now: what a service that still runs takes is not copied. Stop it");
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
                .log_file = o.log_file,
                .format = o.log_format == "json" ? log_format::json : log_format::text,
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
    answer::given().if_ended({"before anything was copied", "run the same command again"});
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
