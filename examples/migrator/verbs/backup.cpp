// SPDX-License-Identifier: BSL-1.0
#include "backup.hpp"

#include "../console/answer.hpp"
#include "files.hpp"
#include "store_url.hpp"
#include "verb.hpp"

#include <fmt/chrono.h>

#include <filesystem>
#include <memory>

namespace migrator {

jackpot::expected<rollback_data> moment_of(jackpot::soci_storage& store) {
    rollback_data moment;
    std::vector<jackpot::operation> last;
    const auto& head = moment.states.head;
    return store.load(moment.states)
        .and_then([&] {
            return store.read({.after = (std::max<std::uint64_t>)(head.sequence, 1) - 1, .limit = 1}, last);
        })
        .map([&] {
            if (!last.empty() && last.front().sequence == head.sequence) {
                moment.last_operation = last.front().id;
            }
            return moment;
        });
}

CLI::Option* add_backup_place(CLI::App& verb, backup_place& place) {
    verb.add_option("--keep-backups", place.kept,
                    "How many backups of a store are kept in the folder, the newest; 0 for all")
        ->transform(whole_number({0, 1'000'000}))
        ->capture_default_str();
    return verb.add_option("--backup-folder", place.folder, "Where backups are kept (JACKPOT_BACKUP_FOLDER)")
        ->capture_default_str();
}

namespace {

/// Removes all but the newest of the store's automatic backups. Their names begin with the time.
void remove_oldest(const backup_place& place, const std::string& of_store) {
    std::vector<std::filesystem::path> there;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(place.folder, none)) {
        const auto name = entry.path().filename().string();
        const bool automatic = name.starts_with("rollback-data-") && name.ends_with(".json") &&
                               name.size() > 41 && name.compare(32, of_store.size(), of_store) == 0;
        if (automatic && entry.is_regular_file(none)) {
            there.push_back(entry.path());
        }
    }
    std::sort(there.begin(), there.end());
    for (std::size_t i = 0; i + place.kept < there.size(); ++i) {
        std::filesystem::remove(there[i], none);
    }
}

}  // namespace

tl::expected<std::string, std::string> back_up(const rollback_data& moment, const backup_place& place) {
    const auto& folder = place.folder;
    std::error_code why;
    std::filesystem::create_directories(folder, why);
    if (why) {
        return tl::unexpected(fmt::format("{}: {}", folder, why.message()));
    }
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto& head = moment.states.head;
    const auto of_store = fmt::format("-{:08x}-", head.identity.high >> 32);
    const std::string path =
        fmt::format("{}/rollback-data-{:%Y%m%dT%H%M%S}{:03}{}{}.json", folder, fmt::gmtime(now),
                    now.time_since_epoch().count() % 1000, of_store, head.sequence);
    return checked_text(moment)
        .and_then([&](const std::string& text) { return write_file(path, text, existing_file::kept); })
        .map([&] {
            if (place.kept != 0) {
                remove_oldest(place, of_store);
            }
            return path;
        });
}

namespace {

struct backup_options {
    std::string store;
    std::string output;
    backup_place place{};
};

int back_up(const backup_options& o) {
    const auto failed = [](const trouble& why) { return tell({"Backup failed", why, exit_failed}); };
    auto store = jackpot::soci_storage::open(o.store, jackpot::open_mode::existing);
    if (!store) {
        return tell(not_opened("Backup failed", o.store, store.error()));
    }
    const auto moment = moment_of(*store);
    if (!moment) {
        return failed(store_trouble(moment.error()));
    }
    if (moment->states.head.sequence == 0) {
        return failed({"the store is empty", "name the store that holds the pools"});
    }
    const auto written =
        o.output.empty() ? back_up(*moment, o.place)
                         : checked_text(*moment)
                               .and_then([&](const std::string& text) { return write_file(o.output, text); })
                               .map([&] { return o.output; });
    if (!written) {
        return failed(
            writing_trouble(written.error(), o.output.empty() ? "--backup-folder FOLDER" : "--output FILE"));
    }
    auto& document = answer::given();
    document.add("store", jackpot::without_password(o.store));
    document.add("pools", moment->states.pools.size());
    document.add("sequence", moment->states.head.sequence);
    document.add("backup", *written);
    say("✅ Backup of {} pools at operation {}: {}\n", moment->states.pools.size(),
        moment->states.head.sequence, *written);
    return 0;
}

}  // namespace

void add_backup(CLI::App& app, action& chosen) {
    auto* verb = app.add_subcommand("backup", "Writes what `rollback` needs to come back to this moment");
    const auto kept = std::make_shared<backup_options>();
    add_store(*verb, kept->store);
    auto* output =
        verb->add_option("--output", kept->output, "The file; the default is a new one in --backup-folder");
    add_backup_place(*verb, kept->place)->excludes(output);
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        check_output("--output", kept->output, {kept->store});
        check_output("--backup-folder", kept->place.folder, {kept->store});
        chosen = [kept] { return back_up(*kept); };
    });
}

}  // namespace migrator
