// SPDX-License-Identifier: BSL-1.0
#include "../console/answer.hpp"
#include "../console/confirm.hpp"
#include "../console/moment.hpp"
#include "at_work.hpp"
#include "store_name.hpp"
#include "verb.hpp"

#include <jackpot/core/system.hpp>

#include <memory>

namespace migrator {

namespace {

struct cut_over_options {
    std::string store;
    std::uint64_t in_s = 0;
    bool cancel = false;
    bool yes = false;
};

int ask_for_cut_over(const cut_over_options& o) {
    const auto failed = [](const trouble& why) { return tell({"Nothing was changed", why, exit_failed}); };
    if (const auto reached = jackpot::soci_storage::inspect(o.store); !reached) {
        return tell(not_opened("Store refused", o.store, reached.error()));
    }
    const auto name = name_of_store(o.store);
    answer::given().add("store", name);
    say("Store: {}\n", name);
    if (!o.cancel && !confirm("Have the migrator that follows cut over to " + name, o.yes)) {
        return failed({unconfirmed, unconfirmed_remedy});
    }
    const auto at = jackpot::system_environment().now() + static_cast<std::int64_t>(o.in_s) * 1'000'000;
    const auto set = set_due(o.store, o.cancel ? 0 : static_cast<std::uint64_t>(at));
    if (!set) {
        return failed(
            {set.error(), "migrator status STORE says who is at work on it, and what is under way"});
    }
    answer::given().add("follower", set->told());
    answer::given().add("cutOverDueAt",
                        o.cancel ? nlohmann::ordered_json() : nlohmann::ordered_json(second_of(at)));
    say("Follower: {}\n", set->told());
    o.cancel
        ? say("✅ Taken back: it follows on\n")
        : say("✅ Asked: it cuts over at {}, unless that is put off or taken back before\n", second_of(at));
    return 0;
}

}  // namespace

void add_cut_over(CLI::App& app, action& chosen) {
    const auto kept = std::make_shared<cut_over_options>();
    auto* verb = app.add_subcommand(
        "cut-over",
        "Asks the migrator that follows into a store to cut over, now or later, or takes that back");
    verb->footer(
        "The last word counts: asked again with another --in, it is put off. Once the source is being "
        "sealed\n"
        "that is refused. `status` says when it is due, and whether it is under way.");
    add_store(*verb, kept->store);
    auto* later = verb->add_option("--in", kept->in_s, "Seconds from now; asked again, the time is another")
                      ->transform(whole_number({0, 604'800}))
                      ->capture_default_str();
    verb->add_flag("--cancel", kept->cancel, "Takes it back: the source is followed on")->excludes(later);
    add_yes(*verb, kept->yes);
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        chosen = [kept] { return ask_for_cut_over(*kept); };
    });
}

}  // namespace migrator
