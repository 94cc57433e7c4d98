// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_STORE_URL_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_STORE_URL_HPP

#include <jackpot/soci.hpp>

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace migrator {

/// A URL that no engine reads is a usage error, which names the flag or the variable that it came from, and
/// does not show its password: to be called in a verb's callback.
inline void check_store_url(const std::string& flag, const std::string& url) {
    std::string_view rest = url;
    const auto where = jackpot::sql::dialect_of(rest).and_then([&](const jackpot::sql::dialect* engine) {
        return engine->locate(rest, jackpot::open_mode::create);
    });
    const bool lost = where && where->shown == "sqlite://:memory:";
    if (!where || lost) {
        constexpr const char* variable = "JACKPOT_DATABASE_URL";
        const char* value = std::getenv(variable);
        throw CLI::ValidationError(value != nullptr && url == value ? variable : flag,
                                   lost ? "sqlite://:memory: ends with the program: name a file"
                                        : std::string(to_text(where.error()).view()));
    }
}

/// The file of a SQLite store; empty for another URL.
inline std::string file_of(const std::string& url) {
    constexpr std::string_view scheme = "sqlite://";
    return url.starts_with(scheme) ? url.substr(scheme.size(), url.find('?') - scheme.size()) : "";
}

/// Do both name one store? Two spellings of one server are not told.
inline bool same_store(const std::string& a, const std::string& b) {
    std::error_code none;
    const auto file = file_of(a);
    return a == b ||
           (!file.empty() && (file == file_of(b) || std::filesystem::equivalent(file, file_of(b), none)));
}

}  // namespace migrator

#endif
