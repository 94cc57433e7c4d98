// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_HEADROOM_HPP
#define JACKPOT_MEMORY_HEADROOM_HPP

#include <jackpot/core/snapshot.hpp>
#include <jackpot/rules/contribution.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Which wagers a store can take without a look at sums: those with which none can become too large, as long
/// as R8's meters hold. What others gave is looked at once; what the store decides itself keeps R8.
template <amount Amount>
class memory_headroom {
public:
    /// True where the wager is one of them.
    [[nodiscard]] JACKPOT_INLINE bool has(const Amount& wager, const basic_snapshot<Amount>& states) {
        return wager <= left_ || look_again(wager, states);
    }
    /// The store took it.
    JACKPOT_INLINE void take(const Amount& wager) { left_ -= wager; }

    /// Others changed the pool.
    void look_at(const basic_pool<Amount>& pool) {
        next_look_ = sound_ ? next_look_ : 0;
        sound_ = sound_ && check_meters(pool);
        largest_ = (std::max)(largest_, largest_meter(pool));
    }
    /// Others changed all of them: the next wager looks.
    void forget() noexcept {
        sound_ = false;
        next_look_ = 0;
    }
    /// After a change by others.
    void grant(const basic_snapshot<Amount>& states) {
        largest_ += granted_ - left_;
        const bool open = states.head.sequence != 0 && !states.head.sealed && sound_;
        left_ = granted_ = open ? headroom(states.pools.size(), largest_) : Amount{};
    }

private:
    /// At all pools: a wager lowers the headroom by more than meters grow. Not again before as many
    /// operations have passed, so that no wager pays for pools that it does not touch.
    JACKPOT_COLD bool look_again(const Amount& wager, const basic_snapshot<Amount>& states) {
        if (states.head.sequence >= next_look_) {
            sound_ = true;
            largest_ = left_ = granted_ = Amount{};
            for (const auto& pool : states.pools) {
                look_at(pool);
            }
            next_look_ = states.head.sequence + states.pools.size();
            grant(states);
        }
        return wager <= left_;
    }

    Amount left_{};                // what wagers may come to
    Amount granted_{};             // and what it was before those since
    Amount largest_{};             // no meter is larger, but for those wagers
    bool sound_ = true;            // R8 holds
    std::uint64_t next_look_ = 0;  // not before this sequence
};

}}}  // namespace jackpot::v1::detail

#endif
