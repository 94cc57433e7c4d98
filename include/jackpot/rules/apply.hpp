// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_APPLY_HPP
#define JACKPOT_RULES_APPLY_HPP

#include <jackpot/rules/close.hpp>
#include <jackpot/rules/configure.hpp>
#include <jackpot/rules/confirm.hpp>
#include <jackpot/rules/contribution.hpp>
#include <jackpot/rules/hold.hpp>
#include <jackpot/rules/release.hpp>
#include <jackpot/rules/restore.hpp>
#include <jackpot/rules/revert.hpp>
#include <jackpot/rules/transfer.hpp>
#include <jackpot/rules/win.hpp>

namespace jackpot { inline namespace v1 {
namespace detail {

// Each `apply_part(pool, request, part, operation)` changes what its kind changes beyond the meters that
// every part holds, which the pool has as they were before. False where a meter would leave its range, which
// no decided operation does.

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const basic_contribute_request<Amount>& r,
                const basic_part<Amount>& part, const basic_operation<Amount>&) {
    pool.wager_count += 1;
    return add(pool.total_wagered, r.wager) && add(pool.total_contributions, part.to_pool) &&
           add(pool.total_contributions, part.to_overflow) &&
           add(pool.total_contributions, part.to_reserve) && add(pool.total_forgone, part.forgone);
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const basic_win_request<Amount>& r, const basic_part<Amount>& part,
                const basic_operation<Amount>& o) {
    pool.last_win = {part.paid, r.game, r.player, o.at};
    pool.win_count += 1;
    return apply_payout(pool, part, o.sequence) && add(pool.total_wins, part.paid);
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const basic_configure_request<Amount>& r, const basic_part<Amount>&,
                const basic_operation<Amount>&) {
    auto after = configured(pool, r);
    pool.configuration = std::make_shared<const basic_configuration<Amount>>(std::move(after.configuration));
    pool.pending = after.pending.patch.empty()
                       ? nullptr
                       : std::make_shared<const basic_pending<Amount>>(std::move(after.pending));
    return true;
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const basic_adjust_request<Amount>& r,
                const basic_part<Amount>& part, const basic_operation<Amount>&) {
    pool.seeded = (std::min)(pool.seeded, part.current);
    return add(pool.adjusted, r.delta);
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const suspend_request&, const basic_part<Amount>&,
                const basic_operation<Amount>&) {
    pool.status = pool_status::suspended;
    return true;
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const resume_request&, const basic_part<Amount>&,
                const basic_operation<Amount>&) {
    pool.status = pool_status::active;
    return true;
}

template <amount Amount>
[[nodiscard]] basic_pool<Amount> opened(const basic_open_request<Amount>& r,
                                        const basic_operation<Amount>& o) {
    basic_pool<Amount> pool;
    pool.pool = r.pool;
    pool.configuration = std::make_shared<const basic_configuration<Amount>>(r.configuration);
    pool.funded = r.configuration.seed;
    pool.seeded = r.configuration.seed;
    pool.reset_sequence = o.sequence;
    pool.opened_at = o.at;
    return pool;
}

/// Takes over the fields that every part holds.
template <amount Amount, class Part, class Operation>
JACKPOT_INLINE void take_over(basic_pool<Amount>& pool, const Part& part, const Operation& o) {
    pool.version = part.version;
    pool.sequence = o.sequence;
    pool.modified_at = o.at;
    copy_balance<Amount>(pool, part);
}

/// Decides and applies in one step a wager whose sums are known to fit. Without `Saves` the pool sets nothing
/// aside and has nothing in reserve.
template <bool Saves, amount Amount, class Operation>
[[nodiscard]] JACKPOT_INLINE wager_part<Amount> take_share(basic_pool<Amount>& pool,
                                                           const basic_configuration<Amount>& c,
                                                           const Operation& o) {
    auto part = contribution_to<Saves>(pool, c, o.wager);
    part.settle(pool);
    pool.total_wagered += o.wager;
    pool.wager_count += 1;
    if constexpr (Saves) {
        pool.total_contributions += part.to_pool + part.to_overflow + part.to_reserve;
        pool.reserve = part.reserve;
        pool.reserve_carry = part.reserve_carry;
    } else {
        pool.total_contributions += part.to_pool + part.to_overflow;
    }
    if (part.forgone != 0) {
        pool.total_forgone += part.forgone;
    }
    pool.version = part.version;
    pool.sequence = o.sequence;
    pool.modified_at = o.at;
    pool.current = part.current;
    pool.overflow = part.overflow;
    pool.carry = part.carry;
    return part;
}

/// What the operation's kind changes; kinds without an `apply_part` change no more than every part does.
template <amount Amount>
[[nodiscard]] bool apply_kind(basic_pool<Amount>& pool, const basic_operation<Amount>& o,
                              const basic_part<Amount>& part) {
    return visit_request(
        [&](const auto& request) {
            if constexpr (requires { apply_part(pool, request, part, o); }) {
                return apply_part(pool, request, part, o);
            } else {
                return true;
            }
        },
        o.request);
}

/// Every kind but opened, restored and checkpoint changes pools that are there.
template <amount Amount>
[[nodiscard]] expected<void> apply_parts(basic_snapshot<Amount>& states, const basic_operation<Amount>& o) {
    const auto* opens = std::get_if<basic_open_request<Amount>>(&o.request);
    const bool is_wager = o.kind() == operation_kind::contributed;
    for (const auto& part : o.parts) {
        auto* pool = states.pools.touch(part.pool);
        if (opens != nullptr && pool == nullptr) {
            pool = &states.pools.put(opened(*opens, o));
        } else if (o.kind() == operation_kind::restored) {
            const std::uint64_t version = pool == nullptr ? 0 : pool->version;
            pool = &states.pools.put(*part.state);
            pool->version = version;
        }
        if (pool == nullptr || part.version != pool->version + 1) {
            return fail(errc::corrupt, part.pool, "the journal's versions do not count by one");
        }
        const auto apply_to = [&](basic_pool<Amount>& p) { return apply_kind(p, o, part); };
        if (!(is_wager ? apply_to(*pool) : states.pools.change(*pool, apply_to))) {
            return fail(errc::corrupt, part.pool, "a meter out of range");
        }
        take_over(*pool, part, o);
    }
    return success();
}

template <amount Amount>
[[nodiscard]] expected<void> apply_checkpoint(basic_snapshot<Amount>& states,
                                              const basic_operation<Amount>& o) {
    states.pools.clear();
    for (const auto& part : o.parts) {
        states.pools.put(*part.state);
    }
    return success();
}

}  // namespace detail

/// Folds an operation of the journal into the states before it. Takes the amounts from the operation's parts,
/// and decides nothing again. Allocates only for opened, configured, restored and checkpoint.
///
/// Error: corrupt, where the operation cannot follow these states: its sequence or a version does not count
/// by one, its pool is missing, or a meter would leave its range. `states` is then unspecified.
template <amount Amount>
[[nodiscard]] expected<void> apply(basic_snapshot<Amount>& states, const basic_operation<Amount>& o) {
    const bool leap = o.kind() == operation_kind::checkpoint;
    if (leap ? o.sequence < states.head.sequence : o.sequence != states.head.sequence + 1) {
        return fail(errc::corrupt, "the journal's sequence does not count by one, at",
                    amount_traits<std::int64_t>::to_text(static_cast<std::int64_t>(o.sequence)));
    }
    if (o.at < states.head.at || o.at > timestamp_max) {
        return fail(errc::corrupt, "time runs backwards or out of range in the journal, at",
                    amount_traits<std::int64_t>::to_text(static_cast<std::int64_t>(o.sequence)));
    }
    if (auto sound = detail::check_parts(o); !sound) {
        return sound;
    }
    states.head.sequence = o.sequence;
    states.head.newest = o.id;
    states.head.at = o.at;
    return leap ? detail::apply_checkpoint(states, o) : detail::apply_parts(states, o);
}

JACKPOT_INSTANCE(expected<void> apply(basic_snapshot<std::int64_t>&, const basic_operation<std::int64_t>&));

}}  // namespace jackpot::v1

#endif
