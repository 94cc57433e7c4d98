// SPDX-License-Identifier: BSL-1.0
#include "../console/answer.hpp"
#include "../console/confirm.hpp"
#include "../console/signals.hpp"
#include "store_name.hpp"
#include "verb.hpp"

#include <jackpot/replication/cut_over.hpp>
#include <jackpot/wide.hpp>

#include <fmt/format.h>

#include <memory>

namespace migrator {

namespace {

struct seal_options {
    std::string store;
    std::string other;
    bool off = false;
    bool alone = false;
    bool yes = false;
};

/// Why a store does not go on where the other one stopped.
trouble other_trouble(const jackpot::error& e) {
    auto why = store_trouble(e);
    if (e.code == jackpot::errc::conflict || e.code == jackpot::errc::diverged) {
        why.what = std::string(e.detail.view());
        why.remedy =
            "go on with OTHER, which took what this store never had; to come back from there: migrator "
            "migrate "
            "--from OTHER --to STORE --cut-over";
    }
    return why;
}

template <jackpot::amount Amount>
int seal_store(const seal_options& o) {
    using store_type = jackpot::basic_soci_storage<Amount>;
    const auto failed = [](const trouble& why) { return tell({"Nothing was changed", why, exit_failed}); };
    auto store = store_type::open(o.store, jackpot::open_mode::existing);
    if (!store) {
        return tell(not_opened("Store refused", o.store, store.error()));
    }
    const auto name = name_of_store(o.store);
    answer::given().add("store", name);
    say("Store: {}\n", name);
    if (!confirm((o.off ? "Open " : "Have every change refused by ") + name, o.yes)) {
        return failed({unconfirmed, unconfirmed_remedy});
    }
    const unbroken until_done;
    if (o.other.empty()) {
        if (const auto done = store->seal(!o.off); !done) {
            return failed(store_trouble(done.error()));
        }
    } else {
        auto other = store_type::open(o.other, jackpot::open_mode::existing);
        if (!other) {
            return tell(not_opened("Other store refused", o.other, other.error()));
        }
        if (const auto done = take_over(*store, *other); !done) {
            return failed(other_trouble(done.error()));
        }
    }
    answer::given().add("sealed", !o.off);
    say("✅ The store {}\n", o.off ? "takes changes" : "is sealed: it refuses every change");
    return 0;
}

int seal(const seal_options& o) {
    const auto state = jackpot::soci_storage::inspect(o.store);
    return state && state->amount_type == "int256" ? seal_store<jackpot::wide_amount>(o)
                                                   : seal_store<std::int64_t>(o);
}

}  // namespace

void add_seal(CLI::App& app, action& chosen) {
    const auto kept = std::make_shared<seal_options>();
    auto* verb = app.add_subcommand(
        "seal", "Has a store refuse every change, of every program, until it is opened again");
    add_store(*verb, kept->store);
    auto* off = verb->add_flag("--off", kept->off, "Opens it again");
    auto* other =
        verb->add_option(
                "--other", kept->other,
                "The other store of a cut-over, which must be sealed and hold nothing that this one lacks")
            ->transform(from_file())
            ->needs(off);
    verb->add_flag("--alone", kept->alone, "There is no other store with its history")
        ->needs(off)
        ->excludes(other);
    add_yes(*verb, kept->yes);
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        if (!kept->other.empty()) {
            check_store_url("--other", kept->other);
        }
        if (kept->off && kept->other.empty() && !kept->alone) {
            throw CLI::ValidationError(
                "--off",
                "name the other store of a cut-over, --other OTHER, or say that there is none: --alone");
        }
        chosen = [kept] { return seal(*kept); };
    });
}

}  // namespace migrator
