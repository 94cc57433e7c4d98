// SPDX-License-Identifier: BSL-1.0
#include "../console/answer.hpp"
#include "../console/moment.hpp"
#include "account.hpp"
#include "backup.hpp"
#include "files.hpp"
#include "store_name.hpp"
#include "verb.hpp"

#include <jackpot/core/system.hpp>

#include <memory>

namespace migrator {

namespace {

struct report_verb_options {
    std::string store;
    std::string against;
    std::string expected;
    std::string page;
};

/// Is a backup of the store, taken now, read again as what it is a backup of? There are none of 256 bits.
void check_backup(const std::string& url, validation& v) {
    check c{"backup", "A backup of it, read again, is the same", "A backup of it cannot be made"};
    auto store = jackpot::soci_storage::open(url, jackpot::open_mode::existing);
    const auto moment = store.and_then(moment_of);
    if (!moment) {
        c.fail("store", store_trouble(moment.error()));
    } else {
        const auto text = checked_text(*moment);
        c.steps.push_back({"backup", text ? std::string() : text.error()});
    }
    v.checks.push_back(std::move(c));
}

/// Everything that the report says; why there is none, otherwise.
tl::expected<account, ending> account_of(const report_verb_options& o) {
    account a{.store = name_of_store(o.store)};
    a.at = second_of(jackpot::system_environment().now());
    const auto not_read = [&](const jackpot::error& e) {
        return tl::unexpected(not_opened("No report", o.store, e));
    };
    const auto state = jackpot::soci_storage::inspect(o.store);
    if (!state) {
        return not_read(state.error());
    }
    a.amounts = state->amount_type;
    look({.store = o.store, .against = o.against}, a.checked);
    if (!o.against.empty()) {
        a.against = name_of_store(o.against);
    }
    const bool readable = std::any_of(a.checked.checks.begin(), a.checked.checks.end(),
                                      [](const check& c) { return c.name == "data"; });
    if (readable) {
        // Rows that cannot be read have failed the data check, which the report shows without them.
        if (const auto read = read_account(o.store, o.against, a);
            !read && read.error().code != jackpot::errc::corrupt) {
            return not_read(read.error());
        }
        if (a.amounts != "int256") {
            check_backup(o.store, a.checked);
        }
        if (!o.expected.empty()) {
            std::vector<std::string> there;
            for (const auto& p : a.pools) {
                there.push_back(p.pool);
            }
            a.checked.checks.push_back(check_pools(o.expected, there));
        }
    }
    a.criteria = criteria_of(a.checked);
    return a;
}

void add_members(const account& a) {
    auto& document = answer::given();
    document.add("store", a.store);
    document.add("against", a.against.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(a.against));
    document.add("at", a.at);
    document.add("ok", a.ok());
    document.add("sealed", a.sealed);
    document.add("sequence", a.sequence);
    document.add("contributions", a.checked.contributions);
    document.add("wins", a.checked.wins);
    auto criteria = nlohmann::ordered_json::array();
    for (const auto& c : a.criteria) {
        criteria.push_back(
            {{"list", c.list}, {"item", c.what}, {"verdict", to_string(c.is)}, {"told", c.told}});
    }
    document.add("criteria", std::move(criteria));
    auto pools = nlohmann::ordered_json::array();
    for (const auto& p : a.pools) {
        pools.push_back({{"pool", p.pool},
                         {"status", p.status},
                         {"current", p.current},
                         {"seed", p.seed},
                         {"cap", p.cap},
                         {"rate", p.rate},
                         {"version", p.version},
                         {"wagers", p.wager_count},
                         {"contributed", p.contributions},
                         {"wins", p.win_count},
                         {"paid", p.wins}});
        if (!a.against.empty()) {
            pools.back()["currentThere"] = p.there;
        }
    }
    document.add("pools", std::move(pools));
}

void print(const account& a) {
    say("Store: {}\n", a.store);
    if (!a.against.empty()) {
        say("Against: {}\n", a.against);
    }
    say("At: {}, operation {}\n", a.at, a.sequence);
    std::string_view list;
    for (const auto& c : a.criteria) {
        if (list != c.list) {
            list = c.list;
            say("\n{}\n", c.list);
        }
        say("{} {}: {}\n", c.is == verdict::met ? "✅" : c.is == verdict::missed ? "❌" : "☐", c.what, c.told);
    }
    say("\nWhat moved: {} operations, {} contributions, {} wins\n", a.sequence, a.checked.contributions,
        a.checked.wins);
    for (const auto& p : a.pools) {
        say("   {} {}{}: {} contributed by {} wagers, {} paid by {} wins\n", p.pool, p.current,
            a.against.empty() ? "" : fmt::format(" ({} there)", p.there), p.contributions, p.wager_count,
            p.wins, p.win_count);
    }
}

int report_store(const report_verb_options& o) {
    const auto a = account_of(o);
    if (!a) {
        return tell(a.error());
    }
    add_members(*a);
    print(*a);
    if (!o.page.empty()) {
        if (const auto written = write_file(o.page, page_of(*a)); !written) {
            return tell(
                {"No page was written", writing_trouble(written.error(), "--html FILE"), exit_failed});
        }
        answer::given().add("page", o.page);
        say("Page: {}\n", o.page);
    }
    if (a->ok()) {
        return 0;
    }
    const auto missed = std::find_if(a->criteria.begin(), a->criteria.end(),
                                     [](const criterion& c) { return c.is == verdict::missed; });
    return tell({"Not all criteria are met",
                 {fmt::format("{}: {}", missed->what, missed->told), "migrator validate STORE --detailed"},
                 a->checked.reached ? exit_failed : exit_unreachable});
}

}  // namespace

void add_report(CLI::App& app, action& chosen) {
    auto* verb = app.add_subcommand(
        "report", "Says for a change ticket what of the guide's success criteria and checklist is met");
    verb->footer(
        "Changes nothing. What only the application can tell is left open, with who is to look. Exit codes:\n"
        "0 nothing is missed, 1 something is, 2 usage, 3 a store could not be reached.");
    const auto kept = std::make_shared<report_verb_options>();
    add_store(*verb, kept->store);
    verb->add_option("--against", kept->against, "The store that it was copied from, or to")
        ->transform(from_file());
    verb->add_option("--expect-pools", kept->expected, "The pools that are to be there: minor,major,mega");
    verb->add_option("--html", kept->page,
                     "Writes one page as well, with a plot of each meter, that needs nothing else");
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        if (!kept->against.empty()) {
            check_store_url("--against", kept->against);
        }
        check_output("--html", kept->page, {kept->store, kept->against});
        chosen = [kept] { return report_store(*kept); };
    });
}

}  // namespace migrator
