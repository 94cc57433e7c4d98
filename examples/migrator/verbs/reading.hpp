// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_READING_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_READING_HPP

#include "../console/answer.hpp"
#include "store_name.hpp"
#include "verb.hpp"

#include <jackpot/replication/compare.hpp>
#include <jackpot/wide.hpp>

#include <string>
#include <unistd.h>

// What the verbs have in common that only read a store, and say what it holds.

namespace migrator {

/// Opens the store with its own type of amounts, and calls `read(store)`, which returns an error or nothing.
/// The verb's exit code.
template <class Read>
int read_store(const std::string& url, Read&& read) {
    const auto with = [&]<class Store>(jackpot::expected<Store> store) {
        if (!store) {
            return tell(not_opened("Store refused", url, store.error()));
        }
        answer::given().add("store", name_of_store(url));
        const jackpot::expected<void> done = read(*store);
        return done ? 0 : tell({"No report", store_trouble(done.error()), exit_failed});
    };
    const auto state = jackpot::soci_storage::inspect(url);
    using wide_storage = jackpot::basic_soci_storage<jackpot::wide_amount>;
    return state && state->amount_type == "int256"
               ? with(wide_storage::open(url, jackpot::open_mode::existing))
               : with(jackpot::soci_storage::open(url, jackpot::open_mode::existing));
}

/// CSV goes out byte for byte, but to a terminal: there it is text like any other.
inline void put_csv(std::string_view text) {
    if (isatty(STDOUT_FILENO) != 0) {
        std::string shown(text);
        std::erase(shown, '\r');
        emit("{}", lines{shown});
    } else if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
        throw std::system_error(errno, std::generic_category(), "cannot write");
    }
}

}  // namespace migrator

#endif
