// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_ENVIRONMENT_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_ENVIRONMENT_HPP

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace migrator {

/// What the environment says; nothing where a variable is not set, or empty. A flag beats a variable.
struct environment {
    std::optional<std::string> database_url;            ///< JACKPOT_DATABASE_URL
    std::optional<std::uint32_t> connection_pool_size;  ///< JACKPOT_CONNECTION_POOL_SIZE, 1 to 1000
    std::optional<bool> migration_enabled;              ///< JACKPOT_MIGRATION_ENABLED
    std::optional<bool> database_backup;                ///< JACKPOT_DATABASE_BACKUP
    std::optional<bool> validation_enabled;             ///< JACKPOT_VALIDATION_ENABLED
    std::optional<std::string> log_level;               ///< JACKPOT_LOG_LEVEL, as spdlog spells it
};

namespace detail {

[[nodiscard]] inline std::optional<std::string> variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

/// What it says, or else that.
[[nodiscard]] inline std::string variable_or(const char* name, const char* otherwise) {
    return variable(name).value_or(otherwise);
}

[[noreturn]] inline void bad_variable(const char* name, const std::string& value, const char* wanted) {
    throw CLI::ValidationError(name, value + " is not " + wanted);
}

[[nodiscard]] inline std::optional<bool> switch_variable(const char* name) {
    const auto value = variable(name);
    const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
        return value && std::find(words.begin(), words.end(), *value) != words.end();
    };
    if (value && !is_one_of({"true", "1", "yes", "false", "0", "no"})) {
        bad_variable(name, *value, "true, false, 1, 0, yes or no");
    }
    return value ? std::optional(is_one_of({"true", "1", "yes"})) : std::nullopt;
}

}  // namespace detail

/// Throws CLI::ValidationError, which the command line's parser makes a usage error, with the variable's
/// name and its value: to be called in a verb's callback.
[[nodiscard]] inline environment read_environment() {
    environment e;
    e.database_url = detail::variable("JACKPOT_DATABASE_URL");
    e.migration_enabled = detail::switch_variable("JACKPOT_MIGRATION_ENABLED");
    e.database_backup = detail::switch_variable("JACKPOT_DATABASE_BACKUP");
    e.validation_enabled = detail::switch_variable("JACKPOT_VALIDATION_ENABLED");
    e.log_level = detail::variable("JACKPOT_LOG_LEVEL");
    constexpr const char* pool_size = "JACKPOT_CONNECTION_POOL_SIZE";
    if (const auto text = detail::variable(pool_size)) {
        std::uint32_t number = 0;
        const char* end = text->data() + text->size();
        const auto [stop, failed] = std::from_chars(text->data(), end, number);
        if (failed != std::errc() || stop != end || number < 1 || number > 1000) {
            detail::bad_variable(pool_size, *text, "a whole number from 1 to 1000");
        }
        e.connection_pool_size = number;
    }
    constexpr std::string_view levels[] = {"trace", "debug", "info", "warn", "error", "off"};
    if (e.log_level && std::find(std::begin(levels), std::end(levels), *e.log_level) == std::end(levels)) {
        detail::bad_variable("JACKPOT_LOG_LEVEL", *e.log_level, "trace, debug, info, warn, error or off");
    }
    return e;
}

}  // namespace migrator

#endif
