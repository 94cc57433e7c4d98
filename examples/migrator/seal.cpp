// SPDX-License-Identifier: BSL-1.0
#include "store_url.hpp"
#include "trouble.hpp"
#include "verb.hpp"

#include <jackpot/wide.hpp>

#include <fmt/format.h>

#include <memory>

namespace migrator {

namespace {

template <jackpot::amount Amount>
int seal_store(const std::string& url, bool sealed) {
    auto store = jackpot::basic_soci_storage<Amount>::open(url, jackpot::open_mode::existing);
    if (!store) {
        return tell(not_opened("Store refused", url, store.error()));
    }
    if (const auto done = store->seal(sealed); !done) {
        return tell({"Nothing was changed", store_trouble(done.error()), exit_failed});
    }
    emit("✅ The store {}\n", sealed ? "is sealed: it refuses every change" : "takes changes");
    return 0;
}

int seal(const std::string& url, bool sealed) {
    const auto state = jackpot::soci_storage::inspect(url);
    return state && state->amount_type == "int256" ? seal_store<jackpot::wide_amount>(url, sealed)
                                                   : seal_store<std::int64_t>(url, sealed);
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
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        chosen = [kept] { return seal(kept->store, !kept->off); };
    });
}

}  // namespace migrator
