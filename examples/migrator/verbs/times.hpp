// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_TIMES_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_TIMES_HPP

#include "../dumps/numerals.hpp"

#include <jackpot/replication/csv.hpp>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

// Times on the command line and in reports: UTC, as CSV has them.

namespace migrator {

[[nodiscard]] inline std::string time_of(jackpot::timestamp at) {
    std::string text;
    jackpot::detail::csv::put_time(text, at);
    return text;
}

/// Reads 2025-11-01, which is its first moment, and what `read_moment` does.
[[nodiscard]] inline std::optional<jackpot::timestamp> parse_time(const std::string& text) {
    return read_moment(text.size() == std::string_view("2025-11-01").size() ? text + "T00:00:00Z" : text);
}

inline void add_time(CLI::App& verb, const std::string& flag, std::optional<jackpot::timestamp>& time,
                     const std::string& what) {
    verb.add_option_function<std::string>(
            flag, [&time](const std::string& text) { time = parse_time(text); },
            what + ": 2025-11-01, or 2025-11-01T04:47:00Z, UTC")
        ->check([](const std::string& text) {
            return parse_time(text) ? std::string() : text + " is no time such as 2025-11-01T04:47:00Z";
        });
}

}  // namespace migrator

#endif
