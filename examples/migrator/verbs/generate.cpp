// SPDX-License-Identifier: BSL-1.0
#include "../console/answer.hpp"
#include "../dumps/dumped_store.hpp"
#include "files.hpp"
#include "rollback_data.hpp"
#include "store_url.hpp"
#include "verb.hpp"

#include <jackpot/soci/cells.hpp>

#include <fmt/format.h>

#include <memory>

namespace migrator {

namespace {

struct generate_options {
    std::string file;
    std::string output = "rollback-data.json";
    dump_options how;
    std::string actor{how.import.actor.view()};
    std::string reason{how.import.reason.view()};
};

int failed(const trouble& why) {
    return tell({"No rollback data", why, exit_failed});
}

int generate(generate_options o) {
    o.how.import.actor = std::string_view(o.actor);
    o.how.import.reason = std::string_view(o.reason);
    const auto text = read_file(o.file);
    if (!text) {
        return failed(reading_trouble(text.error()));
    }
    const auto pools = read_dump(*text).and_then([&](const auto& dump) { return pools_of(dump, o.how); });
    if (!pools) {
        return failed(import_trouble(o.file + ": " + pools.error()));
    }
    for (const auto& line : pools->report) {
        say("⚠️ {}\n", line);
    }
    const auto written =
        checked_text({pools->states, pools->last_operation}).and_then([&](const std::string& document) {
            return write_file(o.output, document);
        });
    if (!written) {
        return failed(writing_trouble(written.error(), "--output FILE"));
    }
    auto& document = answer::given();
    document.add("pools", pools->states.pools.size());
    document.add("sequence", pools->states.head.sequence);
    document.add("warnings", pools->report);
    document.add("backup", o.output);
    say("✅ Rollback data of {} pools at operation {}: {}\n", pools->states.pools.size(),
        pools->states.head.sequence, o.output);
    return 0;
}

}  // namespace

void add_generate(CLI::App& app, action& chosen) {
    auto* verb =
        app.add_subcommand("generate-rollback-data",
                           "Writes what `rollback` needs, from a dump by pg_dump, sqlite3 or mysqldump");
    const auto kept = std::make_shared<generate_options>();
    verb->add_option("--backup-file", kept->file, "The dump, as plain SQL")->required();
    verb->add_option("--output", kept->output, "The file to write")->capture_default_str();
    verb->add_option("--schema", kept->how.schema,
                     "Of several schemas or databases in the dump, the one to read");
    auto* adopt = verb->add_flag("--adopt", kept->how.import.adopt,
                                 "Takes pools of the Node service that do not add up, too");
    verb->add_option("--actor", kept->actor, "Who adopts them, for the journal")
        ->capture_default_str()
        ->needs(adopt)
        ->check(check_name);
    verb->add_option("--reason", kept->reason, "Why, for the journal")
        ->capture_default_str()
        ->needs(adopt)
        ->check(check_name);
    verb->callback([&chosen, kept] {
        check_output("--output", kept->output, {kept->file});
        chosen = [kept] { return generate(*kept); };
    });
}

}  // namespace migrator
