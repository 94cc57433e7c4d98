// SPDX-License-Identifier: BSL-1.0
#include "backup.hpp"

#include "../console/trouble.hpp"
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

tl::expected<std::string, std::string> back_up(const rollback_data& moment, const std::string& folder) {
    std::error_code why;
    std::filesystem::create_directories(folder, why);
    if (why) {
        return tl::unexpected(fmt::format("{}: {}", folder, why.message()));
    }
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto& head = moment.states.head;
    const std::string path =
        fmt::format("{}/rollback-data-{:%Y%m%dT%H%M%S}{:03}-{:08x}-{}.json", folder, fmt::gmtime(now),
                    now.time_since_epoch().count() % 1000, head.identity.high >> 32, head.sequence);
    return checked_text(moment)
        .and_then([&](const std::string& text) { return write_file(path, text, existing_file::kept); })
        .map([&] { return path; });
}

namespace {

struct backup_options {
    std::string store;
    std::string output;
    std::string folder = backup_folder;
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
        o.output.empty() ? back_up(*moment, o.folder)
                         : checked_text(*moment)
                               .and_then([&](const std::string& text) { return write_file(o.output, text); })
                               .map([&] { return o.output; });
    if (!written) {
        return failed(
            writing_trouble(written.error(), o.output.empty() ? "--backup-folder FOLDER" : "--output FILE"));
    }
    emit("✅ Backup of {} pools at operation {}: {}\n", moment->states.pools.size(),
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
    verb->add_option("--backup-folder", kept->folder, "Where backups are kept")
        ->capture_default_str()
        ->excludes(output);
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        check_output("--output", kept->output, {kept->store});
        check_output("--backup-folder", kept->folder, {kept->store});
        chosen = [kept] { return back_up(*kept); };
    });
}

}  // namespace migrator
