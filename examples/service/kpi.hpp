// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_KPI_HPP
#define SERVICE_KPI_HPP

#include "histogram.hpp"
#include "http.hpp"

#include <nlohmann/json_fwd.hpp>

#include <deque>
#include <optional>
#include <string_view>

namespace service {

enum class verdict : std::uint8_t { pass, warn, fail };

[[nodiscard]] std::string_view to_string(verdict v) noexcept;

/// The migration guide's five key performance indicators, of the last five minutes, in 30 slices of ten
/// seconds. The rules of Prometheus in ops/ say the same of the metrics.
class kpis {
public:
    void contributed(double seconds) { slice().contribute.observe(seconds); }
    void won(double seconds) { slice().win.observe(seconds); }
    void answered(int status);
    /// The share of the store's connections that is free.
    void saw_free(double ratio);
    /// Migrations since ever.
    void saw_migrations(std::uint64_t ok, std::uint64_t failed);

    /// Begins a slice where it is time, and drops the oldest.
    void turn(clock::time_point now);

    struct value {
        std::string_view name;
        std::string_view unit;
        std::optional<double> measured;  ///< none: nothing happened
        double target;
        double alert;
        bool more_is_better;

        [[nodiscard]] verdict status() const noexcept;
    };
    [[nodiscard]] std::vector<value> values() const;
    [[nodiscard]] verdict worst() const;
    /// `{NAME:{"value","target","alert","unit","status"}}`
    [[nodiscard]] nlohmann::ordered_json to_json() const;

private:
    struct slice_of_time {
        histogram contribute{duration_bounds};
        histogram win{duration_bounds};
        std::uint64_t requests = 0;
        std::uint64_t failures = 0;
        std::optional<double> free_ratio{};  // the least
    };
    static constexpr std::size_t slices_max = 30;
    static constexpr std::chrono::seconds slice_length{10};

    slice_of_time& slice() { return slices_.back(); }

    std::deque<slice_of_time> slices_{1};
    clock::time_point began_{};
    std::uint64_t migrations_ok_ = 0;
    std::uint64_t migrations_failed_ = 0;
};

}  // namespace service

#endif
