// SPDX-License-Identifier: BSL-1.0
#include "kpi.hpp"

#include <nlohmann/json.hpp>

namespace service {

std::string_view to_string(verdict v) noexcept {
    return v == verdict::pass ? "pass" : v == verdict::warn ? "warn" : "fail";
}

void kpis::answered(int status) {
    ++slice().requests;
    slice().failures += status >= 500 ? 1 : 0;
}

void kpis::saw_free(double ratio) {
    slice().free_ratio = (std::min)(slice().free_ratio.value_or(ratio), ratio);
}

void kpis::saw_migrations(std::uint64_t ok, std::uint64_t failed) {
    migrations_ok_ = ok;
    migrations_failed_ = failed;
}

void kpis::turn(clock::time_point now) {
    if (now - began_ < slice_length) {
        return;
    }
    began_ = now;
    slices_.emplace_back();
    if (slices_.size() > slices_max) {
        slices_.pop_front();
    }
}

verdict kpis::value::status() const noexcept {
    if (!measured) {
        return verdict::pass;
    }
    const auto worse = [&](double than) { return more_is_better ? *measured < than : *measured > than; };
    return worse(alert) ? verdict::fail : worse(target) ? verdict::warn : verdict::pass;
}

std::vector<kpis::value> kpis::values() const {
    histogram contribute(duration_bounds);
    histogram win(duration_bounds);
    double requests = 0;
    double failures = 0;
    std::optional<double> free_ratio;
    for (std::size_t i = 0; i < slices_.size(); ++i) {
        const auto& s = slices_[i];
        contribute.add(s.contribute);
        win.add(s.win);
        requests += static_cast<double>(s.requests);
        failures += static_cast<double>(s.failures);
        // Of the last minute: six slices.
        if (s.free_ratio && i + 6 >= slices_.size()) {
            free_ratio = (std::min)(free_ratio.value_or(1), *s.free_ratio);
        }
    }
    const auto p95 = [](const histogram& h) {
        return h.count() == 0 ? std::nullopt : std::optional(h.quantile(0.95));
    };
    const auto migrations = static_cast<double>(migrations_ok_ + migrations_failed_);
    return {{"contributionTime", "s", p95(contribute), 0.1, 0.5, false},
            {"winTime", "s", p95(win), 0.15, 1, false},
            {"connectionPool", "ratio", free_ratio, 0.8, 0.2, true},
            {"errorRate", "ratio", requests == 0 ? std::nullopt : std::optional(failures / requests), 0.001,
             0.01, false},
            {"migrationSuccess", "ratio",
             migrations == 0 ? std::nullopt : std::optional(static_cast<double>(migrations_ok_) / migrations),
             1, 0.95, true}};
}

verdict kpis::worst() const {
    auto worst = verdict::pass;
    for (const auto& v : values()) {
        worst = (std::max)(worst, v.status());
    }
    return worst;
}

nlohmann::ordered_json kpis::to_json() const {
    nlohmann::ordered_json all = nlohmann::ordered_json::object();
    for (const auto& v : values()) {
        all[std::string(v.name)] = {
            {"value", v.measured ? nlohmann::ordered_json(*v.measured) : nlohmann::ordered_json(nullptr)},
            {"target", v.target},
            {"alert", v.alert},
            {"unit", v.unit},
            {"status", to_string(v.status())}};
    }
    return all;
}

}  // namespace service
