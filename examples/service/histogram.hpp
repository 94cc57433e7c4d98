// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_HISTOGRAM_HPP
#define SERVICE_HISTOGRAM_HPP

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace service {

/// The bounds of all durations, in seconds. Those at which the guide's KPIs change are among them.
inline constexpr double duration_bounds[] = {.001, .0025, .005, .01, .025, .05, .1, .15, .25, .5, 1, 2.5, 5};
inline constexpr double commit_bounds[] = {.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5};
inline constexpr double size_bounds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096};

/// Counts values by bounds, as Prometheus does.
class histogram {
public:
    explicit histogram(std::span<const double> bounds) : bounds_(bounds), counts_(bounds.size() + 1) {}

    void observe(double value) {
        const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
        ++counts_[static_cast<std::size_t>(at)];
        ++count_;
        sum_ += value;
    }
    void add(const histogram& other) {
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            counts_[i] += other.counts_[i];
        }
        count_ += other.count_;
        sum_ += other.sum_;
    }

    /// As `histogram_quantile` of Prometheus: within a bucket values lie evenly; beyond the last bound they
    /// are that bound.
    [[nodiscard]] double quantile(double q) const {
        const double rank = q * static_cast<double>(count_);
        double below = 0;
        for (std::size_t i = 0; i < bounds_.size(); ++i) {
            const auto here = static_cast<double>(counts_[i]);
            if (here > 0 && below + here >= rank) {
                const double from = i == 0 ? 0 : bounds_[i - 1];
                return from + (bounds_[i] - from) * (rank - below) / here;
            }
            below += here;
        }
        return bounds_.back();
    }

    [[nodiscard]] std::span<const double> bounds() const noexcept { return bounds_; }
    [[nodiscard]] const std::vector<std::uint64_t>& counts() const noexcept { return counts_; }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] double sum() const noexcept { return sum_; }

private:
    std::span<const double> bounds_;
    std::vector<std::uint64_t> counts_;  // the last one is above every bound
    std::uint64_t count_ = 0;
    double sum_ = 0;
};

}  // namespace service

#endif
