// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_KNOWN_STATES_HPP
#define JACKPOT_NETWORK_KNOWN_STATES_HPP

#include <jackpot/core/pool.hpp>
#include <jackpot/store/view.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The states that a writer decides on, and whether they are the store's newest as far as it knows. What it
/// costs to decide, to be refused and to decide again grows with the pools that change, not with all.
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
        settle();
    }

    void reserve(std::size_t pools) {
        states_.pools.reserve(pools);
        before_.reserve(pools);
    }

    /// Keeps what the operation is about to change, so that it can be taken back.
    void keep(const basic_operation<Amount>& o) {
        if (!decided_) {
            decided_ = true;
            head_before_ = states_.head;
        }
        for (const auto& part : o.parts) {
            const auto* pool = states_.pools.find(part.pool);
            adds_ = adds_ || pool == nullptr;
            if (pool != nullptr && pool->sequence <= head_before_.sequence) {
                before_.push_back(*pool);
            }
        }
    }
    /// What was decided is the store's, too.
    void settle() noexcept {
        decided_ = adds_ = false;
        before_.clear();
    }
    /// What was decided came to nothing, for that reason. The states are those of before again, a moment from
    /// which a load reads no more than what has changed since; or none, where the store may not be as they
    /// say.
    void take_back(errc why = errc::conflict) {
        if (adds_ || why == errc::corrupt) {
            forget();
            return;
        }
        if (decided_) {
            for (const auto& pool : before_) {
                states_.pools.put(pool);
            }
            states_.head = head_before_;
        }
        known_ = false;
        settle();
    }

    [[nodiscard]] expected<void> load(any_store<Amount>& store) {
        const std::uint64_t before = states_.head.sequence;
        states_.pools.note_changes();
        auto loaded = store.load(states_);
        contended_ = contended_ && states_.head.sequence != before;
        if (!loaded) {
            forget();
            return loaded;
        }
        // Rows that somebody broke are for `audit` and `repair`, not to be built on.
        states_.pools.each_changed([&](const auto& pool) {
            loaded = check_meters(pool);
            return loaded.has_value();
        });
        if (!loaded) {
            forget();
            return loaded;
        }
        states_.pools.index();
        known_ = true;
        return loaded;
    }

private:
    basic_snapshot<Amount> states_;
    bool known_ = false;
    bool contended_ = false;
    bool decided_ = false;    // upon these states, and not settled
    bool adds_ = false;       // pools
    store_head head_before_;  // what was decided
    std::vector<basic_pool<Amount>> before_;
};

}}}  // namespace jackpot::v1::detail

#endif
