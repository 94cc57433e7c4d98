// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_WATCH_HPP
#define JACKPOT_NETWORK_WATCH_HPP

#include <jackpot/network/calls.hpp>
#include <jackpot/network/observer.hpp>

#include <algorithm>

namespace jackpot { inline namespace v1 { namespace detail {

/// Tells an observer what becomes of a writer's calls. It looks at a call's answers when they are final, for
/// on the way there a request may be answered many times over.
template <amount Amount, class Observer>
class watch {
    static_assert(observer_needs<Observer, Amount>::said);

public:
    explicit watch(Observer observer) : observer_(std::move(observer)) {}

    [[nodiscard]] Observer& observer() noexcept { return observer_; }

    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t size) {
        order_.reserve(size);
        auto& listed = asked_.template emplace<basic_contribute_request<Amount>>().pools.emplace();
        return listed.try_reserve(pools) ? success() : fail(errc::out_of_memory);
    }

    void begin() noexcept {
        attempts_ = 1;
        began_ = observer_.clock();
    }

    void retried(const error& why) noexcept {
        ++attempts_;
        observer_.retried(why);
    }

    void end(any_call<Amount>& call) {
        const std::int64_t took = observer_.clock() - began_;
        order_.clear();
        for (std::size_t i = 0; i < call.size(); ++i) {
            if (const error* why = call.refusal(i)) {
                with_request(call, i, [&](const auto& asked) { observer_.refused(asked, *why); });
                continue;
            }
            const auto& got = call.receipt(i);
            if (got.replayed) {
                with_request(call, i, [&](const auto& asked) { observer_.replayed(asked, got); });
            } else if (got.sequence != 0) {
                order_.push_back({got.sequence, i});
            }
        }
        if (order_.empty()) {
            return;
        }
        // They are in order but for those of a commit that was made again without some that had landed.
        std::sort(order_.begin(), order_.end());
        for (const auto& each : order_) {
            const auto& got = call.receipt(each.second);
            with_request(call, each.second, [&](const auto& asked) { observer_.committed(asked, got); });
        }
        observer_.commit_done({.operations = order_.size(), .attempts = attempts_, .microseconds = took});
    }

private:
    template <class Tell>
    void with_request(const any_call<Amount>& call, std::size_t i, Tell&& tell) {
        call.copy_request(i, asked_);
        visit_request(tell, asked_);
    }

    Observer observer_;
    unsigned attempts_ = 1;
    std::int64_t began_ = 0;
    std::vector<std::pair<std::uint64_t, std::size_t>> order_;  // sequences, and which requests led to them
    basic_request<Amount> asked_;
};

template <amount Amount>
class watch<Amount, no_observer> : no_observer {
public:
    explicit watch(no_observer) noexcept {}

    [[nodiscard]] no_observer& observer() noexcept { return *this; }
    [[nodiscard]] expected<void> reserve(std::size_t, std::size_t) { return success(); }
    void begin() noexcept {}
    void retried(const error&) noexcept {}
    void end(any_call<Amount>&) noexcept {}
};

}}}  // namespace jackpot::v1::detail

#endif
