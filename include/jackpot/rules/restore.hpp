// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_RESTORE_HPP
#define JACKPOT_RULES_RESTORE_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Takes everything from `earlier` except version, opened_at and modified_at, which stay those of `pool`.
template <amount Amount>
[[nodiscard]] basic_pool<Amount> returned_to(const basic_pool<Amount>& pool,
                                             const basic_pool<Amount>& earlier) {
    basic_pool<Amount> after = earlier;
    after.version = pool.version;
    after.sequence = pool.sequence;
    after.opened_at = pool.opened_at;
    after.modified_at = pool.modified_at;
    return after;
}

template <amount Amount>
[[nodiscard]] expected<void> restore_part(basic_pool<Amount> after, const basic_operation<Amount>& o,
                                          basic_parts<Amount>& parts) {
    after.version += 1;
    after.sequence = o.sequence;
    after.modified_at = o.at;
    if (auto sound = check_meters(after); !sound) {
        return sound;
    }
    basic_part<Amount>& part = parts.emplace_back();
    part.pool = after.pool;
    part.version = after.version;
    balance_of(part) = balance_of(after);
    part.state = std::make_shared<const basic_pool<Amount>>(std::move(after));
    return success();
}

/// Decides a return to earlier states: suspends pools that are not among them, adds missing ones, and leaves
/// pools alone that would not change.
template <amount Amount>
[[nodiscard]] expected<void> decide_restore(const basic_snapshot<Amount>& before,
                                            basic_operation<Amount>& o) {
    const auto& request = *std::get_if<basic_restore_request<Amount>>(&o.request);
    for (const auto& pool : before.pools) {
        const auto* earlier = find_pool(request.states, pool.pool);
        basic_pool<Amount> after = pool;
        if (earlier != nullptr) {
            after = returned_to(pool, *earlier);
        } else if (pool.status != pool_status::closed) {
            after.status = pool_status::suspended;
        }
        if (after == pool) {
            continue;
        }
        if (auto done = restore_part(std::move(after), o, o.parts); !done) {
            return done;
        }
    }
    for (const auto& earlier : request.states) {
        if (find_pool(before.pools, earlier.pool) == nullptr) {
            basic_pool<Amount> after = earlier;
            after.version = 0;
            after.opened_at = o.at;
            if (auto done = restore_part(std::move(after), o, o.parts); !done) {
                return done;
            }
        }
    }
    sort(o.parts.data(), o.parts.size(), by_pool());
    return success();
}

}}}  // namespace jackpot::v1::detail

#endif
