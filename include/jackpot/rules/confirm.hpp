// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_CONFIRM_HPP
#define JACKPOT_RULES_CONFIRM_HPP

#include <jackpot/rules/hold.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before, const confirm_request& r,
                                          basic_parts<Amount>& parts) {
    const auto open = find_hold(before, r);
    if (!open) {
        return tl::unexpected(open.error());
    }
    begin_part(parts, *open->pool).paid = open->hold->amount;
    return success();
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const confirm_request& r, const basic_part<Amount>& part,
                const basic_operation<Amount>&) {
    const auto* hold = pool.holds.find(r.hold);
    if (hold == nullptr) {
        return false;
    }
    pool.last_win = {hold->amount, hold->game, hold->player, hold->at};
    pool.win_count += 1;
    pool.holds.erase(r.hold);
    return add(pool.held, Amount(-part.paid)) && add(pool.total_wins, part.paid);
}

}}}  // namespace jackpot::v1::detail

#endif
