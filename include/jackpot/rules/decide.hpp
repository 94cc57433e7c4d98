// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_DECIDE_HPP
#define JACKPOT_RULES_DECIDE_HPP

#include <jackpot/rules/restore.hpp>

namespace jackpot { inline namespace v1 {

namespace detail {

/// Time never runs backwards in a store, whatever its writers' clocks do (R10).
[[nodiscard]] inline timestamp next_time(const store_head& head, timestamp now) noexcept {
    return (std::min)((std::max)(now, head.at), timestamp_max);
}

/// `decide` for a request that is normalised already.
template <amount Amount>
[[nodiscard]] expected<void> decide_normalized(const basic_snapshot<Amount>& before, timestamp now,
                                               basic_operation<Amount>& o) {
    o.parts.clear();
    o.sequence = before.head.sequence + 1;
    o.at = next_time(before.head, now);
    return std::visit(
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

/// Decides what `o.request` does to the pools of `before`, and fills in the rest of `o` but its id; the
/// request is normalised. Pure: it changes nothing else, and asks for no clock and no store.
///
/// Where `o.parts` is empty afterwards the request changes no pool, and is not to be committed.
/// With `o` reserved (see `network::reserve`) nothing is allocated for contributions and wins.
///
/// Errors, in this order: those of `normalize`; unknown_pool, pool_exists; pool_suspended,
/// pool_active; then the limits in the order of R3 to R6: pool_empty, empty_configuration (a discard),
/// invalid_cap, cap_below_current, amount_exceeds_pool, cap_exceeded, amount_overflow; out_of_memory;
/// corrupt for a restored state that breaks R8. Of several pools the first in byte order is named.
template <amount Amount>
[[nodiscard]] expected<void> decide(const basic_snapshot<Amount>& before, timestamp now,
                                    basic_operation<Amount>& o) {
    if (auto sound = normalize<Amount>(o.request); !sound) {
        return sound;
    }
    return detail::decide_normalized(before, now, o);
}

}}  // namespace jackpot::v1

#endif
