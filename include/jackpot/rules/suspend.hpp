// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_SUSPEND_HPP
#define JACKPOT_RULES_SUSPEND_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Suspending asks for an active pool, resuming for a suspended one (R7).
template <amount Amount>
[[nodiscard]] expected<void> decide_status(const basic_snapshot<Amount>& before, const name& pool,
                                           pool_status after, basic_parts<Amount>& parts) {
    const auto found = not_closed(before, pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if ((*found)->status == after) {
        return fail(after == pool_status::active ? errc::pool_active : errc::pool_suspended, "pool", pool);
    }
    begin_part(parts, **found);
    return success();
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before, const suspend_request& r,
                                          basic_parts<Amount>& parts) {
    return decide_status(before, r.pool, pool_status::suspended, parts);
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before, const resume_request& r,
                                          basic_parts<Amount>& parts) {
    return decide_status(before, r.pool, pool_status::active, parts);
}

}}}  // namespace jackpot::v1::detail

#endif
