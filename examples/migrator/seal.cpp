// SPDX-License-Identifier: BSL-1.0
#include "verb.hpp"

#include <jackpot/soci.hpp>

#include <fmt/format.h>

#include <memory>

namespace migrator {

namespace {

int seal(const std::string& url, bool sealed) {
    const auto done = jackpot::soci_storage::open(url, jackpot::open_mode::existing)
                          .and_then([&](jackpot::soci_storage store) { return store.seal(sealed); });
    if (!done) {
        fmt::print("❌ {}\n", to_text(done.error()).view());
        return done.error().code == jackpot::errc::unsupported ? exit_usage : exit_failed;
    }
    fmt::print("✅ The store {}\n", sealed ? "is sealed: it refuses every change" : "takes changes");
    return 0;
}

}  // namespace

void add_seal(CLI::App& app, action& chosen) {
    struct options {
        std::string store;
        bool off = false;
    };
    const auto kept = std::make_shared<options>();
    auto* verb = app.add_subcommand(
        "seal", "Has a store refuse every change, of every program, until it is opened again");
    add_store(*verb, kept->store);
    verb->add_flag("--off", kept->off, "Opens it again");
    verb->callback([&chosen, kept] { chosen = [kept] { return seal(kept->store, !kept->off); }; });
}

}  // namespace migrator
