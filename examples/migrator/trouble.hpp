// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_TROUBLE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_TROUBLE_HPP

#include <jackpot/error.hpp>

#include <string>

namespace migrator {

/// What a person is told of an error, and what to do about it.
struct trouble {
    std::string what;
    std::string remedy;
    std::string said{};  ///< the engine's words, where `what` does not hold them

    /// The lines below what went wrong.
    [[nodiscard]] std::string advice() const {
        return (said.empty() ? "" : "   Said: " + said + "\n") + "   Remedy: " + remedy + "\n";
    }
};

/// Why a store could not be reached. `shown` is its URL without the password.
[[nodiscard]] trouble connection_trouble(const jackpot::error& e, const std::string& shown);

/// What is wrong with the tables of one that was.
[[nodiscard]] trouble table_trouble(const jackpot::error& e);

}  // namespace migrator

#endif
