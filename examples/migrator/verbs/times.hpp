// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_TIMES_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_TIMES_HPP

#include <jackpot/replication/csv.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <ctime>
#include <optional>
#include <string>

// Times on the command line and in reports: UTC, as CSV has them.

namespace migrator {

[[nodiscard]] inline std::string time_of(jackpot::timestamp at) {
    std::string text;
    jackpot::detail::csv::put_time(text, at);
    return text;
}

/// Reads 2025-11-01 (its first moment), 2025-11-01T04:47:00Z, or that with a fraction of six digits.
[[nodiscard]] inline std::optional<jackpot::timestamp> parse_time(std::string text) {
    if (text.size() == 10) {
        text += "T00:00:00Z";
    }
    if (text.size() == 20) {
        text.insert(19, ".000000");
    }
    std::tm t{};
    int micros = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ", &t.tm_year, &t.tm_mon, &t.tm_mday,
                    &t.tm_hour, &t.tm_min, &t.tm_sec, &micros) != 7) {
        return std::nullopt;
    }
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    const jackpot::timestamp at = static_cast<jackpot::timestamp>(timegm(&t)) * 1'000'000 + micros;
    // What is no day, or has anything behind it, is written otherwise.
    return at >= 0 && at <= jackpot::timestamp_max && time_of(at) == text ? std::optional(at) : std::nullopt;
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
