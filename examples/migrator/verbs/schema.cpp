// SPDX-License-Identifier: BSL-1.0
#include "../console/trouble.hpp"
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
        emit(stderr, "engine: {}\n", std::string(to_text(script.error()).view()));
        return exit_usage;
    }
    emit("{}", lines{*script});
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
    const auto made = o.wide ? make<jackpot::wide_amount>(o.store) : make<std::int64_t>(o.store);
    if (!made) {
        return tell(not_opened("Schema migration failed", o.store, made.error()));
    }
    if (!before || !before->found) {
        emit("✅ Schema created: number {} in {}\n", newest, shown);
    } else if (before->number < newest || !before->lacking.empty()) {
        emit("✅ Schema migrated from number {} to {} in {}\n", before->number, newest, shown);
    } else {
        emit("✅ Schema up to date: number {} in {}\n", newest, shown);
    }
    return 0;
}

int show_status(const schema_options& o) {
    const auto shown = jackpot::without_password(o.store);
    const auto state = jackpot::soci_storage::inspect(o.store);
    if (!state) {
        return tell(not_opened("Schema status failed", o.store, state.error()));
    }
    emit("Store: {}\nSchema number: {}\nNewest number: {}\nAmounts: {}\nLacks: {}\n", shown,
         state->begun ? std::to_string(state->number) : "none", newest,
         state->amount_type.empty() ? "none" : state->amount_type,
         state->lacking.empty() ? "nothing" : state->lacking);
    if (state->begun && state->number == newest && state->lacking.empty()) {
        emit("✅ Schema up to date\n");
        return 0;
    }
    const auto refused = jackpot::soci_storage::open(o.store, jackpot::open_mode::existing);
    emit("❌ Schema not up to date\n   Remedy: {}\n",
         refused ? "migrator schema status STORE" : store_trouble(refused.error()).remedy);
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
