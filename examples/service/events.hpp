// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_EVENTS_HPP
#define SERVICE_EVENTS_HPP

#include "http.hpp"
#include "kpi.hpp"

#include <jackpot/core/receipt.hpp>
#include <jackpot/core/snapshot.hpp>

#include <map>

namespace service {

/// The live meters, and the listeners who hear of them by server-sent events. A frame holds the whole state
/// of the meters, so that one that was lost is made good by the next, and a listener who comes back needs no
/// replay.
class events {
public:
    /// The meters after an operation of this process.
    void hear(const jackpot::receipt& r);
    /// A win that this process committed.
    /// A win that is paid; `game` is null where it is not known any more.
    void hear_win(const jackpot::name& pool, const jackpot::name* game, const jackpot::receipt& r);
    /// The states that were read: other processes commit, too.
    void hear(const jackpot::snapshot& states);

    /// Held until one who asked has joined, or is gone: it counts as a listener, for many ask at once.
    [[nodiscard]] std::shared_ptr<void> place();
    void join(std::shared_ptr<listener> l, const kpis& k);
    /// Ten times a second. Returns how many frames were dropped for newer ones.
    std::uint64_t tick(const kpis& k);
    /// The service ends: `event: bye`.
    void end();

    [[nodiscard]] std::size_t listeners() const noexcept { return listeners_.size() + *joining_; }
    /// The meters as HTML, an article each, for a page without a script.
    [[nodiscard]] std::string articles() const;

private:
    struct meter {
        std::int64_t current = 0;
        std::uint64_t version = 0;
        std::int64_t grown = 0;  // since the last second began
        double rate = 0;         // units a second, of late
    };

    void meter_is(const std::string& group, std::int64_t current, std::uint64_t version);
    void measure_rates();
    [[nodiscard]] std::string meters_frame(const kpis& k) const;

    std::map<std::string, meter> meters_;
    std::uint64_t sequence_ = 0;
    jackpot::timestamp at_ = 0;
    std::string wins_;  // frames since the last tick
    bool changed_ = false;
    bool ended_ = false;
    clock::time_point said_{};  // when the last frame went out
    clock::time_point measured_{};
    std::vector<std::shared_ptr<listener>> listeners_;
    std::shared_ptr<std::size_t> joining_ = std::make_shared<std::size_t>(0);  // places outlive this
};

}  // namespace service

#endif
