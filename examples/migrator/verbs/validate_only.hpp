// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_VALIDATE_ONLY_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_VALIDATE_ONLY_HPP

#include "../checks/validation.hpp"
#include "../copy/conclude.hpp"
#include "at_work.hpp"
#include "migrate_options.hpp"
#include "rehearsal.hpp"

namespace migrator {

/// Do the store's pools keep the laws? Why not, or nothing.
template <jackpot::storage Storage>
[[nodiscard]] std::string check_data(Storage& store) {
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

/// A store, or a place in memory for one that is not there yet.
struct opened_target {
    jackpot::soci_storage store;
    bool there;
    std::unique_ptr<at_work> works{};    ///< on it
    std::unique_ptr<at_work> follows{};  ///< on the source
};

/// What `validate` finds first in a store; nothing where all is well.
[[nodiscard]] inline trouble look_into(const std::string& url) {
    validation seen;
    look({.store = url}, seen);
    for (const auto& c : seen.checks) {
        for (const auto& s : c.steps) {
            if (!s.wrong.empty()) {
                return {fmt::format("{}: {}: {}", c.failed, s.what, s.wrong), c.remedy, c.said};
            }
        }
    }
    return {};
}

/// A backup of the target reads as what it is a backup of.
[[nodiscard]] inline std::string check_backup(const rollback_data& existing) {
    if (existing.states.head.sequence == 0) {
        return {};
    }
    const auto again = read_rollback_data(to_text(existing));
    return !again                                         ? again.error()
           : again->states.pools == existing.states.pools ? std::string()
                                                          : "it reads otherwise";
}

/// What the run would fail on that no check of the stores shows: the rights to write, and the backup's
/// folder.
[[nodiscard]] inline std::optional<trouble> rehearse(opened_target& to, const migrate_options& o) {
    if (!to.there) {
        const auto file = file_of(o.to);
        const auto wrong = file.empty() ? std::string() : why_no_room(place_of(file).parent_path(), 0);
        return wrong.empty()
                   ? std::nullopt
                   : std::optional(trouble{wrong, "let this user write that folder: ls -ld FOLDER"});
    }
    if (const auto may = may_write(o.to); !may) {
        return store_trouble(may.error());
    }
    const auto existing = moment_of(to.store);
    if (!existing) {
        return store_trouble(existing.error());
    }
    if (existing->states.head.sequence == 0 || !o.backs_up()) {
        return std::nullopt;
    }
    const auto wrong = why_no_room(o.backups.folder, to_text(*existing).size());
    return wrong.empty() ? std::nullopt
                         : std::optional(writing_trouble("no backup could be made: " + wrong,
                                                         "--backup-folder FOLDER"));
}

/// The words of a migration that only looks.
template <jackpot::storage From>
int validate_only(From& from, opened_target& to, const migrate_options& o, report& out) {
    constexpr const char* verdict = "Migration validation failed";
    out.say("🔍 Running migration validation...\n✅ Database connectivity verified");
    if (const auto wrong = check_data(from); !wrong.empty()) {
        return violated(out, {}, {}, "the source: " + wrong);
    }
    if (const auto wrong = check_data(to.store); !wrong.empty()) {
        return violated(out, {}, {}, "the target: " + wrong);
    }
    for (const auto& url : {o.from_url() ? o.from : std::string(), to.there ? o.to : std::string()}) {
        auto wrong = url.empty() ? trouble() : look_into(url);
        if (!wrong.what.empty()) {
            wrong.what = jackpot::without_password(url) + ": " + wrong.what;
            return out.failed({verdict, wrong, exit_failed});
        }
    }
    if (const auto wrong = rehearse(to, o)) {
        return out.failed({verdict, *wrong, exit_failed});
    }
    out.say(to.there ? "✅ Schema validation passed"
                     : "✅ Schema validation passed: the tables are yet to be made");
    out.say("✅ Data integrity check passed");
    closed_target closed(from, to.store);
    if (const auto wrong = closed.close({})) {
        return out.failed({verdict, *wrong, exit_failed});
    }
    target dry(to.store, true, {});
    jackpot::system_environment world;
    const auto agreed = replicate(
        from, dry, {.batch = o.batch_size, .sealed = closed.sealed()}, [](auto&&) { return false; }, world);
    if (!agreed) {
        return out.failed({verdict, store_trouble(agreed.error()), exit_failed});
    }
    const auto existing = moment_of(to.store);
    if (!existing) {
        return out.failed({"Backup verification failed", store_trouble(existing.error()), exit_failed});
    }
    if (const auto wrong = check_backup(*existing); !wrong.empty()) {
        return out.failed({"Backup verification failed", data_trouble(wrong), exit_failed});
    }
    out.say("✅ Backup verification completed");
    answer::given().add("validation", "passed");
    out.succeeded();
    return 0;
}

}  // namespace migrator

#endif
