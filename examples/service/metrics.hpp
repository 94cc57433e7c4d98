// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_METRICS_HPP
#define SERVICE_METRICS_HPP

#include "histogram.hpp"

#include <jackpot/core/snapshot.hpp>
#include <jackpot/soci/options.hpp>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

namespace service {

/// What is counted, all of it on the server's thread. Every series is here from the beginning, at 0: a rate
/// needs its first value.
struct metrics {
    using text = std::string;

    metrics();

    void answered(std::string_view route, std::string_view method, int status, double seconds);
    void operated(std::string_view operation, std::string_view result, double seconds);
    void limited(std::string_view limit) { ++limits[text(limit)]; }

    std::map<std::tuple<text, text, int>, std::uint64_t> requests;
    std::map<std::pair<text, text>, histogram> request_durations;
    std::map<text, histogram> operation_durations;
    std::map<std::pair<text, text>, std::uint64_t> operations;
    std::map<text, std::uint64_t> limits;
    histogram commit_duration{commit_bounds};
    histogram commit_operations{size_bounds};
    histogram probe_duration{duration_bounds};
    std::uint64_t refused = 0;
    std::uint64_t dropped_frames = 0;
    std::uint64_t migrations_ok = 0;
    std::uint64_t migrations_failed = 0;
};

/// What is read at the moment when somebody asks.
struct metric_readings {
    std::size_t queue_waiting = 0;
    std::size_t queue_capacity = 0;
    std::uint64_t cancelled = 0;
    jackpot::connection_usage usage{};
    bool store_up = false;
    bool audit_clean = true;
    const jackpot::snapshot* states = nullptr;  ///< null: none was read yet
    std::size_t listeners = 0;
    std::size_t connections = 0;
    std::string engine{};
};

/// The text format of Prometheus, 0.0.4.
[[nodiscard]] std::string exposition(const metrics& m, const metric_readings& r);

}  // namespace service

#endif
