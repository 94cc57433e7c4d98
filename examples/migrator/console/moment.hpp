// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_MOMENT_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_MOMENT_HPP

#include <jackpot/core/timestamp.hpp>

#include <fmt/chrono.h>

#include <string>

namespace migrator {

[[nodiscard]] inline std::string second_of(jackpot::timestamp at) {
    const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds(at)};
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", std::chrono::time_point_cast<std::chrono::seconds>(time));
}

[[nodiscard]] inline std::string age_of(std::int64_t s) {
    return s < 120      ? fmt::format("{} s", s)
           : s < 7200   ? fmt::format("{} min", s / 60)
           : s < 172800 ? fmt::format("{} h", s / 3600)
                        : fmt::format("{} d", s / 86400);
}

}  // namespace migrator

#endif
