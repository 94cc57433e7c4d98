// SPDX-License-Identifier: BSL-1.0
#include "../console/answer.hpp"
#include "../console/confirm.hpp"
#include "../console/environment.hpp"
#include "../console/signals.hpp"
#include "at_work.hpp"
#include "backup.hpp"
#include "files.hpp"
#include "since.hpp"
#include "store_name.hpp"
#include "verb.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/store/name_changed.hpp>

#include <fmt/format.h>

#include <memory>
#include <optional>

namespace migrator {

namespace {

struct rollback_options {
    std::string store;
    std::string data;
    std::string file;
    backup_place place{};
    std::string actor = "migrator";
    std::string reason = "rollback";
    bool validate_only = false;
    bool validate = false;
    bool force = false;
    bool dry_run = false;
    bool no_backup = false;
    bool yes = false;
    bool break_lock = false;
};

int refuse(const trouble& why) {
    return tell({"Rollback refused", why, exit_failed});
}

/// Is that a moment of this store? Why not; nothing where it is.
/// Data of the first version then take over what the journal tells besides.
std::optional<trouble> differs(jackpot::soci_storage& store, const jackpot::snapshot& now,
                               rollback_data& data) {
    constexpr const char* wrong_store = "name the store that the rollback data were taken from";
    const auto& head = data.states.head;
    if (now.head.identity != head.identity) {
        return trouble{"the rollback data is of another network of pools (its identity differs)",
                       wrong_store};
    }
    if (head.sequence > now.head.sequence) {
        return trouble{fmt::format("the rollback data is of operation {}, and the store is at {}: it is an "
                                   "older copy",
                                   head.sequence, now.head.sequence),
                       "bring it up to date first: migrator migrate --from NEWER --to STORE"};
    }
    std::vector<jackpot::operation> there;
    if (auto read = store.read({.after = head.sequence - 1, .limit = 1}, there); !read) {
        return store_trouble(read.error());
    }
    const bool same = !there.empty() && there.front().sequence == head.sequence &&
                      (data.last_operation.is_null() || there.front().id == data.last_operation);
    if (!same) {
        return trouble{
            fmt::format("the store's operation {} is another one than the rollback data's", head.sequence),
            wrong_store};
    }
    auto folded = jackpot::fold(store, head.sequence);
    if (!folded) {
        return trouble{"the store's journal cannot be followed to that moment: " + words_of(folded.error()),
                       store_trouble(folded.error()).remedy};
    }
    auto comparable = folded->pools;
    if (data.version == 1) {
        comparable.clear();
        for (const auto& pool : folded->pools) {
            comparable.push_back(jackpot::detail::as_first_schema(pool));
        }
    }
    if (comparable != data.states.pools) {
        return trouble{
            fmt::format("the rollback data's pools are not those that the journal gives at operation {}",
                        head.sequence),
            "take other rollback data; whether the store is sound: migrator validate STORE --detailed"};
    }
    data.states.pools = std::move(folded->pools);
    return std::nullopt;
}

/// What a rollback leaves of a pool: all but what never goes back.
bool is_back(const jackpot::pool& now, const jackpot::pool& then) {
    jackpot::pool wanted = then;
    wanted.version = now.version;
    wanted.sequence = now.sequence;
    wanted.opened_at = now.opened_at;
    wanted.modified_at = now.modified_at;
    return now == wanted;
}

/// Is the store sound, and every pool what it was? What is wrong first, or nothing.
std::string validate(jackpot::soci_storage& store, const rollback_data& data) {
    jackpot::snapshot now;
    if (auto loaded = store.load(now); !loaded) {
        return words_of(loaded.error());
    }
    for (const auto& pool : now.pools) {
        const auto* then = jackpot::detail::find_pool(data.states.pools, pool.pool);
        // What is younger is out of play.
        if (then == nullptr ? pool.status == jackpot::pool_status::active : !is_back(pool, *then)) {
            return fmt::format("pool {} is not what it was", pool.pool.view());
        }
    }
    const auto audited = audit(store);
    if (!audited) {
        return words_of(audited.error());
    }
    return audited->clean()
               ? std::string()
               : fmt::format("{}: {}", audited->findings.front().where, audited->findings.front().what);
}

/// Commits `restored` on the very states that were listed and backed up: what came behind them was not, and
/// is not undone.
jackpot::expected<jackpot::operation> restore(jackpot::soci_storage& store, const jackpot::snapshot& now,
                                              const rollback_data& data, const rollback_options& o) {
    jackpot::system_environment world;
    jackpot::operation restored;
    restored.request = jackpot::restore_request{.actor = std::string_view(o.actor),
                                                .reason = std::string_view(o.reason),
                                                .returned_to = data.states.head.sequence,
                                                .states = data.states.pools};
    if (auto decided = decide(now, world.now(), restored); !decided) {
        return tl::unexpected(decided.error());
    }
    if (restored.parts.empty()) {
        restored.sequence = now.head.sequence;
        return restored;
    }
    restored.id = {world.random(), world.random()};
    auto after = now;
    if (auto applied = apply(after, restored); !applied) {
        return tl::unexpected(applied.error());
    }
    jackpot::named_pools<std::int64_t> changed;
    const auto done = store.commit({.identity = now.head.identity,
                                    .sequence = now.head.sequence,
                                    .newest = now.head.newest,
                                    .operations = {&restored, 1},
                                    .pools = name_changed(after, {&restored, 1}, changed)});
    if (!done) {
        return tl::unexpected(done.error());
    }
    if (*done != jackpot::commit_result::committed) {
        return jackpot::fail(jackpot::errc::conflict,
                             "operations came in behind those listed: nothing was undone");
    }
    return restored;
}

bool is_validated(jackpot::soci_storage& store, const rollback_data& data, const rollback_options& o) {
    const auto wrong = o.validate ? validate(store, data) : std::string();
    answer::given().add("validation", !o.validate ? "skipped" : wrong.empty() ? "passed" : "failed");
    if (!wrong.empty()) {
        tell({"Rollback validation failed", {wrong, repair_remedy}, exit_failed});
    } else if (o.validate) {
        say("✅ Rollback validation passed\n");
    }
    return wrong.empty();
}

int go_back(jackpot::soci_storage& store, const jackpot::snapshot& now, const rollback_data& data,
            const rollback_options& o) {
    std::optional<unbroken> until_done(std::in_place);
    const auto restored = restore(store, now, data, o);
    say("\n📊 Rollback Results:\n===================\nStatus: {}\n", restored ? "✅ Success" : "❌ Failed");
    if (!restored) {
        const auto why = store_trouble(restored.error());
        answer::given().fail(why);
        say("Reason: {}\n{}", why.what, lines{why.advice()});
        return exit_failed;
    }
    auto& document = answer::given();
    document.add("poolsRestored", restored->parts.size());
    document.add("returnedTo", data.states.head.sequence);
    document.add("sequence", restored->sequence);
    document.if_ended({"the rollback is done, and was not validated", "migrator validate STORE"});
    until_done.reset();
    say("Pools restored: {}\nReturned to operation: {}\nNow at operation: {}\n\n", restored->parts.size(),
        data.states.head.sequence, restored->sequence);
    if (!is_validated(store, data, o)) {
        return exit_failed;
    }
    say("🎉 Rollback completed successfully!\n");
    return 0;
}

int roll_back(const rollback_options& o) {
    const auto text = o.file.empty() ? o.data : read_file(o.file);
    if (!text) {
        return refuse(reading_trouble(text.error()));
    }
    auto data = read_rollback_data(*text);
    if (!data) {
        return refuse(data_trouble("the rollback data is not valid: " + data.error()));
    }
    auto store = jackpot::soci_storage::open(o.store, jackpot::open_mode::existing);
    if (!store) {
        return tell(not_opened("Rollback refused", o.store, store.error()));
    }
    const auto name = name_of_store(o.store);
    auto& document = answer::given();
    document.add("store", name);
    document.add("dryRun", o.validate_only || o.dry_run);
    say("Store: {}\n", name);
    const auto now = moment_of(*store);
    if (!now) {
        return refuse(store_trouble(now.error()));
    }
    if (const auto why = differs(*store, now->states, *data)) {
        return refuse(*why);
    }
    say("✅ Rollback data is valid: {} pools at operation {}\n", data->states.pools.size(),
        data->states.head.sequence);
    const std::uint64_t since = now->states.head.sequence - data->states.head.sequence;
    document.add("undone", since);
    if (since == 0) {
        if (now->states.pools != data->states.pools) {
            return refuse(
                {"the store is at that moment, and its rows are not as its journal left them: they "
                 "were edited by hand",
                 repair_remedy});
        }
        say("The store is at that moment: there is nothing to roll back.\n");
        return is_validated(*store, *data, o) ? 0 : exit_failed;
    }
    settled_holds settled;
    const auto list = list_since(*store, data->states.head.sequence, now->states.head.sequence, settled);
    if (!list) {
        return refuse(store_trouble(list.error()));
    }
    say("⚠️ Operations since then, which would be undone: {}\n{}", since, lines{*list});
    std::size_t paid = 0;
    if (const auto holds = list_holds(*data, settled, paid); !holds.empty()) {
        say("⚠️ Holds that would wait again:\n{}", lines{holds});
    }
    if (o.validate_only || o.dry_run) {
        say("Nothing was changed.\n");
        return 0;
    }
    if (!o.force && paid != 0) {
        return refuse(
            {fmt::format("the store moved since the snapshot, and {} of its holds {} confirmed: "
                         "confirmed again, {} paid twice",
                         paid, paid == 1 ? "was" : "were", paid == 1 ? "it is" : "they are"),
             "where what is listed above is to be undone, and the money is back: --force-rollback"});
    }
    if (!o.force) {
        return refuse({"the store moved since the snapshot",
                       "where what is listed above is to be undone: --force-rollback"});
    }
    at_work works(o.store, at_work::role::works, "rollback");
    if (const auto other = works.begin(o.break_lock)) {
        return refuse(*other);
    }
    if (!confirm(fmt::format("Undo {} operations of {}", since, name), o.yes)) {
        return refuse({unconfirmed, unconfirmed_remedy});
    }
    if (!o.no_backup) {
        const auto written = back_up(*now, o.place);
        if (!written) {
            return refuse(
                writing_trouble("no backup could be made, and nothing was changed: " + written.error(),
                                "--backup-folder FOLDER"));
        }
        document.add("backup", *written);
        say("✅ Existing data backed up: {}\n", *written);
    }
    return go_back(*store, now->states, *data, o);
}

}  // namespace

void add_rollback(CLI::App& app, action& chosen) {
    auto* verb = app.add_subcommand(
        "rollback",
        "Returns the pools to an earlier moment. The journal goes on, and keeps what happened since");
    const auto kept = std::make_shared<rollback_options>();
    rollback_options& o = *kept;
    add_store(*verb, o.store);
    auto* source = verb->add_option_group("rollback data");
    source->add_option("--rollback-data", o.data, "The JSON document itself");
    source->add_option("--rollback-data-file", o.file, "The file that it is in");
    source->require_option(1);
    verb->add_flag("--validate-only", o.validate_only,
                   "Checks the rollback data against the store, and changes nothing");
    verb->add_flag("--validate-rollback", o.validate, "Compares and audits afterwards");
    verb->add_flag("--force-rollback", o.force, "Undoes what happened since, too");
    verb->add_flag("--dry-run", o.dry_run, "Says what would be undone, and changes nothing");
    add_yes(*verb, o.yes);
    add_break_lock(*verb, o.break_lock);
    auto* none = verb->add_flag("--no-backup", o.no_backup, "Does not back the store up first");
    auto* folder = add_backup_place(*verb, o.place)->excludes(none);
    verb->add_option("--actor", o.actor, "Who does it, for the journal")
        ->capture_default_str()
        ->check(check_name);
    verb->add_option("--reason", o.reason, "Why, for the journal")->capture_default_str()->check(check_name);
    verb->callback([&chosen, kept, folder] {
        check_store_url("store", kept->store);
        check_output("--backup-folder", kept->place.folder, {kept->store});
        // A flag beats a variable.
        kept->no_backup =
            kept->no_backup || (folder->count() == 0 && !read_environment().database_backup.value_or(true));
        chosen = [kept] { return roll_back(*kept); };
    });
}

}  // namespace migrator
