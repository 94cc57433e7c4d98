// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_TRANSFER_HPP
#define JACKPOT_RULES_TRANSFER_HPP

#include <jackpot/rules/room.hpp>

#include <utility>

namespace jackpot { inline namespace v1 { namespace detail {

/// The two pools of a transfer, or of a close with a target: `from` is suspended.
template <amount Amount>
struct transfer_ends {
    const basic_pool<Amount>* from;
    const basic_pool<Amount>* to;  // null where there is no target
};

/// Errors: unknown_pool of either, then pool_closed, each of the first in byte order; then pool_active.
template <amount Amount>
[[nodiscard]] expected<transfer_ends<Amount>> find_ends(const basic_snapshot<Amount>& before,
                                                        const name& from, const name* to) {
    const name* first = to != nullptr && *to < from ? to : &from;
    const name* second = first == to ? &from : to;
    for (const auto find : {existing<Amount>, not_closed<Amount>}) {
        for (const name* pool : {first, second}) {
            if (pool == nullptr) {
                continue;
            }
            if (const auto found = find(before, *pool); !found) {
                return tl::unexpected(found.error());
            }
        }
    }
    const transfer_ends<Amount> ends{find_pool(before.pools, from),
                                     to == nullptr ? nullptr : find_pool(before.pools, *to)};
    if (ends.from->status != pool_status::suspended) {
        return fail(errc::pool_active, "pool", from);
    }
    return ends;
}

/// Begins the parts of both, in byte order of their names: that of `from` and that of `to`.
template <amount Amount>
[[nodiscard]] std::pair<basic_part<Amount>*, basic_part<Amount>*> begin_parts(
    basic_parts<Amount>& parts, const transfer_ends<Amount>& ends) {
    if (ends.to == nullptr) {
        return {&begin_part(parts, *ends.from), nullptr};
    }
    const bool in_order = ends.from->pool < ends.to->pool;
    begin_part(parts, in_order ? *ends.from : *ends.to);
    begin_part(parts, in_order ? *ends.to : *ends.from);
    return {&parts[in_order ? 0 : 1], &parts[in_order ? 1 : 0]};
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_transfer_request<Amount>& r,
                                          basic_parts<Amount>& parts) {
    const auto ends = find_ends(before, r.from, &r.to);
    if (!ends) {
        return tl::unexpected(ends.error());
    }
    const auto& from = *ends->from;
    if (r.amount > from.current + from.overflow) {
        return fail(errc::amount_exceeds_pool, "amount", amount_traits<Amount>::to_text(r.amount));
    }
    basic_meters<Amount> growth;
    growth.transferred = -r.amount;
    auto fits = check_growth(from, growth);
    growth.transferred = r.amount;
    fits = fits ? check_growth(*ends->to, growth) : fits;
    if (!fits) {
        return fits;
    }
    const auto [given, taken] = begin_parts(parts, *ends);
    given->from_overflow = (std::min)(r.amount, from.overflow);
    given->from_pool = r.amount - given->from_overflow;
    given->overflow -= given->from_overflow;
    given->current -= given->from_pool;
    fill(*ends->to->configuration, r.amount, *taken);
    return success();
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const basic_transfer_request<Amount>& r,
                const basic_part<Amount>& part, const basic_operation<Amount>&) {
    pool.seeded = (std::min)(pool.seeded, part.current);
    return add(pool.transferred, part.pool == r.from ? Amount(-r.amount) : r.amount);
}

}}}  // namespace jackpot::v1::detail

#endif
