// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_STORE_URL_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_STORE_URL_HPP

#include <jackpot/soci.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace migrator {

/// A URL that no engine reads is a usage error, and its password is not shown: to be called in a verb's
/// callback.
inline void check_store_url(const std::string& url) {
    std::string_view rest = url;
    const auto where = jackpot::sql::dialect_of(rest).and_then([&](const jackpot::sql::dialect* engine) {
        return engine->locate(rest, jackpot::open_mode::create);
    });
    if (!where) {
        throw CLI::ValidationError("store", std::string(to_text(where.error()).view()));
    }
}

}  // namespace migrator

#endif
