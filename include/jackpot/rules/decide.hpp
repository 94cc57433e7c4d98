// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_DECIDE_HPP
#define JACKPOT_RULES_DECIDE_HPP

#include <jackpot/rules/adjust.hpp>
#include <jackpot/rules/close.hpp>
#include <jackpot/rules/configure.hpp>
#include <jackpot/rules/confirm.hpp>
#include <jackpot/rules/contribution.hpp>
#include <jackpot/rules/hold.hpp>
#include <jackpot/rules/open.hpp>
#include <jackpot/rules/release.hpp>
#include <jackpot/rules/restore.hpp>
#include <jackpot/rules/revert.hpp>
#include <jackpot/rules/suspend.hpp>
#include <jackpot/rules/transfer.hpp>
#include <jackpot/rules/win.hpp>

namespace jackpot { inline namespace v1 {

namespace detail {

/// Only stores write one.
template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>&, const checkpoint_request&,
                                          basic_parts<Amount>&) {
    return fail(errc::invalid_operation, "kind", "checkpoint");
}

/// Time never runs backwards in a store, whatever its writers' clocks do (R10).
[[nodiscard]] inline timestamp next_time(const store_head& head, timestamp now) noexcept {
    return (std::min)((std::max)(now, head.at), timestamp_max);
}

/// Does what `decide` does, for a request that is normalised already.
template <amount Amount>
[[nodiscard]] expected<void> decide_normalized(const basic_snapshot<Amount>& before, timestamp now,
                                               basic_operation<Amount>& o) {
    o.parts.clear();
    o.sequence = before.head.sequence + 1;
    o.at = next_time(before.head, now);
    return visit_request(
        [&](const auto& r) -> expected<void> {
            if constexpr (requires { r.returned_to; }) {
                return decide_restore(before, o);
            } else {
                return decide_parts(before, r, o.parts);
            }
        },
        o.request);
}

}  // namespace detail

/// Decides what `o.request` does to the pools of `before`: normalises the request, and fills in the rest of
/// `o` except its id. A pure function: it changes nothing else, and asks no clock and no store.
///
/// Where `o.parts` is empty afterwards, the request changes no pool: do not commit it. With `o` reserved (see
/// `network::reserve`), contributions and wins allocate nothing.
///
/// Errors, in this order: those of `normalize`; unknown_pool, pool_exists; pool_closed; pool_suspended,
/// pool_active; then the limits in the order of R3 to R6: wager_too_large, pool_empty, empty_configuration (a
/// discard), changes_locked, invalid_cap, invalid_rate, invalid_max_wager, cap_below_current,
/// amount_exceeds_pool, cap_exceeded, amount_overflow; those of R13 to R15; corrupt, for a restored state
/// that breaks R8. Of several pools the error names the first in byte order. README.md beside this header
/// lists the errors of each operation. out_of_memory, where the parts of a wager find no room, comes before
/// those of the pools.
template <amount Amount>
[[nodiscard]] expected<void> decide(const basic_snapshot<Amount>& before, timestamp now,
                                    basic_operation<Amount>& o) {
    if (auto sound = normalize<Amount>(o.request); !sound) {
        return sound;
    }
    return detail::decide_normalized(before, now, o);
}

JACKPOT_INSTANCE(expected<void> decide(const basic_snapshot<std::int64_t>&, timestamp,
                                       basic_operation<std::int64_t>&));

}}  // namespace jackpot::v1

#endif
