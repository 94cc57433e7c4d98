// SPDX-License-Identifier: BSL-1.0
#include "../console/answer.hpp"
#include "../console/signals.hpp"
#include "store_url.hpp"
#include "verb.hpp"

#include <jackpot/wide.hpp>

#include <fmt/format.h>

#include <memory>

namespace migrator {

namespace {

constexpr std::uint32_t newest = jackpot::sql::newest_migration<std::int64_t>;

struct schema_options {
    std::string engine;
    std::string store;
    bool wide = false;
};

int print_schema(const std::string& engine, bool wide) {
    const auto script = wide ? jackpot::print_schema<jackpot::wide_amount>(engine)
                             : jackpot::print_schema<std::int64_t>(engine);
    if (!script) {
        answer::given().fail({words_of(script.error()), "migrator schema print --help"});
        emit(stderr, "engine: {}\n", words_of(script.error()));
        return exit_usage;
    }
    answer::given().add("script", *script);
    say("{}", lines{*script});
    return 0;
}

template <jackpot::amount Amount>
jackpot::expected<void> make(const std::string& url) {
    return jackpot::basic_soci_storage<Amount>::open(url).map([](auto&&) {});
}

int apply_schema(const schema_options& o) {
    const auto shown = jackpot::without_password(o.store);
    // Where a file is made anew, there is nothing to reach.
    const auto before = jackpot::soci_storage::inspect(o.store);
    const unbroken until_done;
    const auto made = o.wide ? make<jackpot::wide_amount>(o.store) : make<std::int64_t>(o.store);
    if (!made) {
        return tell(not_opened("Schema migration failed", o.store, made.error()));
    }
    answer::given().add("store", shown);
    answer::given().add("schemaNumber", newest);
    answer::given().add("changed",
                        !before || !before->found || before->number < newest || !before->lacking.empty());
    if (!before || !before->found) {
        say("✅ Schema created: number {} in {}\n", newest, shown);
    } else if (before->number < newest || !before->lacking.empty()) {
        say("✅ Schema migrated from number {} to {} in {}\n", before->number, newest, shown);
    } else {
        say("✅ Schema up to date: number {} in {}\n", newest, shown);
    }
    return 0;
}

int show_status(const schema_options& o) {
    const auto shown = jackpot::without_password(o.store);
    const auto state = jackpot::soci_storage::inspect(o.store);
    if (!state) {
        return tell(not_opened("Schema status failed", o.store, state.error()));
    }
    auto& document = answer::given();
    document.add("store", shown);
    document.add("schemaNumber", state->begun ? nlohmann::ordered_json(state->number) : nullptr);
    document.add("newestNumber", newest);
    document.add("amounts", state->amount_type);
    document.add("lacks", state->lacking);
    say("Store: {}\nSchema number: {}\nNewest number: {}\nAmounts: {}\nLacks: {}\n", shown,
        state->begun ? std::to_string(state->number) : "none", newest,
        state->amount_type.empty() ? "none" : state->amount_type,
        state->lacking.empty() ? "nothing" : state->lacking);
    if (state->begun && state->number == newest && state->lacking.empty()) {
        say("✅ Schema up to date\n");
        return 0;
    }
    const auto refused = jackpot::soci_storage::open(o.store, jackpot::open_mode::existing);
    const trouble why{"the schema is not up to date",
                      refused ? "migrator schema status STORE" : store_trouble(refused.error()).remedy};
    document.fail(why);
    say("❌ Schema not up to date\n   Remedy: {}\n", why.remedy);
    return exit_failed;
}

}  // namespace

void add_schema(CLI::App& app, action& chosen) {
    const auto kept = std::make_shared<schema_options>();
    auto* schema = app.add_subcommand("schema", "The tables of a store");
    schema->require_subcommand(1);

    auto* print =
        schema->add_subcommand("print", "Prints the script that makes them, for the engine's own client");
    print->add_option("engine", kept->engine, "sqlite, postgresql or mysql")
        ->required()
        ->check(CLI::IsMember({"sqlite", "postgresql", "mysql"}));
    print->add_flag("--wide", kept->wide, "For 256-bit amounts");
    print->callback([&chosen, kept] { chosen = [kept] { return print_schema(kept->engine, kept->wide); }; });

    const auto on_store = [&](const char* name, const char* help, int (*run)(const schema_options&)) {
        auto* verb = schema->add_subcommand(name, help);
        verb->footer("Exit codes: 0 up to date, 1 not, 2 usage, 3 the store could not be reached.");
        add_store(*verb, kept->store);
        verb->callback([&chosen, kept, run] {
            check_store_url("store", kept->store);
            chosen = [kept, run] { return run(*kept); };
        });
        return verb;
    };
    on_store("apply", "Makes them, or brings them up to date; safe to run again", apply_schema)
        ->add_flag("--wide", kept->wide, "For 256-bit amounts");
    on_store("status", "Says which they are, and what they lack; changes nothing", show_status);
}

}  // namespace migrator
