// SPDX-License-Identifier: BSL-1.0
#include "verb.hpp"

#include <jackpot/soci.hpp>
#include <jackpot/wide.hpp>

#include <fmt/format.h>

#include <memory>

namespace migrator {

namespace {

int print_schema(const std::string& engine, bool wide) {
    const auto script = wide ? jackpot::print_schema<jackpot::wide_amount>(engine)
                             : jackpot::print_schema<std::int64_t>(engine);
    if (!script) {
        fmt::print(stderr, "engine: {}\n", std::string(to_text(script.error()).view()));
        return exit_usage;
    }
    fmt::print("{}", *script);
    return 0;
}

}  // namespace

void add_schema(CLI::App& app, action& chosen) {
    struct options {
        std::string engine;
        bool wide = false;
    };
    const auto kept = std::make_shared<options>();
    auto* schema = app.add_subcommand("schema", "The tables of a store");
    schema->require_subcommand(1);
    auto* print =
        schema->add_subcommand("print", "Prints the script that makes them, for the engine's own client");
    print->add_option("engine", kept->engine, "sqlite, postgresql or mysql")->required();
    print->add_flag("--wide", kept->wide, "For 256-bit amounts");
    print->callback([&chosen, kept] { chosen = [kept] { return print_schema(kept->engine, kept->wide); }; });
}

}  // namespace migrator
