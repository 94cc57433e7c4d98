// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_KNOWN_STATES_HPP
#define JACKPOT_NETWORK_KNOWN_STATES_HPP

#include <jackpot/core/pool.hpp>
#include <jackpot/store/view.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The states that a writer decides on, and whether they are the store's newest as far as it knows.
template <amount Amount>
class known_states {
public:
    [[nodiscard]] basic_snapshot<Amount>& operator*() noexcept { return states_; }
    [[nodiscard]] basic_snapshot<Amount>* operator->() noexcept { return &states_; }

    [[nodiscard]] bool are_known() const noexcept { return known_; }
    void may_be_old() noexcept { known_ = false; }

    /// Do others write, too? To begin with the lock costs less then.
    [[nodiscard]] bool contended() const noexcept { return contended_; }
    void lost_a_race() noexcept { contended_ = true; }

    void forget() noexcept {
        states_.head = {};
        states_.pools.clear();
        known_ = false;
    }

    [[nodiscard]] expected<void> load(any_store<Amount>& store) {
        const std::uint64_t before = states_.head.sequence;
        auto loaded = store.load(states_);
        contended_ = contended_ && states_.head.sequence != before;
        if (!loaded) {
            forget();
            return loaded;
        }
        // Rows that somebody broke are for `audit` and `repair`, not to be built on.
        for (const auto& pool : states_.pools) {
            if (auto sound = check_meters(pool); !sound) {
                forget();
                return sound;
            }
        }
        known_ = true;
        return success();
    }

private:
    basic_snapshot<Amount> states_;
    bool known_ = false;
    bool contended_ = false;
};

}}}  // namespace jackpot::v1::detail

#endif
