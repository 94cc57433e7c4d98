// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_HEALTH_HPP
#define SERVICE_HEALTH_HPP

#include "kpi.hpp"
#include "reads.hpp"

#include <nlohmann/json_fwd.hpp>

namespace service {

/// What was measured of the store, once a second, for all who ask. Nothing here asks a database.
class health {
public:
    health(reads& through, ledger& store, const kpis& k) : reads_(through), store_(store), kpis_(k) {}

    /// Begins the next probe, where the last one was answered.
    void probe();
    /// Called with the states that a probe has read, and how long it took.
    std::function<void(const reads::states&, double seconds)> on_states;

    /// What was read by the last probe that succeeded; null before the first.
    [[nodiscard]] const reads::states& states() const noexcept { return states_; }
    [[nodiscard]] bool store_up() const;
    [[nodiscard]] bool meters_sound() const noexcept { return unsound_.empty(); }

    [[nodiscard]] nlohmann::ordered_json database() const;
    [[nodiscard]] nlohmann::ordered_json jackpot(std::size_t waiting, std::size_t capacity) const;
    /// The checks that say no, a line each; empty: ready.
    [[nodiscard]] std::string not_ready(std::size_t waiting, std::size_t capacity, bool draining) const;
    /// Not ready from now on, until a restart: a commit was refused for a reason that stays.
    void spoil(const jackpot::error& e) { spoilt_ = e; }

private:
    [[nodiscard]] verdict database_verdict() const;

    reads& reads_;
    ledger& store_;
    const kpis& kpis_;
    reads::states states_;
    std::map<std::string, std::string> unsound_;  // pools whose meters do not add up, and why
    std::optional<jackpot::error> failed_;        // of the last probe
    std::optional<jackpot::error> spoilt_;
    bool probing_ = false;
    clock::time_point asked_{};
    double took_s_ = 0;
    jackpot::timestamp answered_at_ = 0;
};

}  // namespace service

#endif
