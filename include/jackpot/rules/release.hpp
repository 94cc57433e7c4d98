// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_RELEASE_HPP
#define JACKPOT_RULES_RELEASE_HPP

#include <jackpot/rules/hold.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Takes back what the house and the reserve put in when the hold was made. After a later reset that money is
/// of another jackpot, and stays.
template <amount Amount>
void give_back(const basic_pool<Amount>& pool, const basic_hold<Amount>& hold, basic_part<Amount>& part) {
    if (pool.reset_sequence != hold.sequence) {
        return;
    }
    part.to_house = (std::min)({hold.from_house, hold.amount, pool.seeded});
    part.to_reserve = taken_by_reserve(*pool.configuration, pool.reserve,
                                       (std::min)(hold.from_reserve, Amount(hold.amount - part.to_house)));
    part.reserve += part.to_reserve;
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before, const release_request& r,
                                          basic_parts<Amount>& parts) {
    const auto open = find_hold(before, r);
    if (!open) {
        return tl::unexpected(open.error());
    }
    const basic_pool<Amount>& pool = *open->pool;
    basic_part<Amount>& part = begin_part(parts, pool);
    give_back(pool, *open->hold, part);
    fill(*pool.configuration, Amount(open->hold->amount - part.to_house - part.to_reserve), part);
    return success();  // every sum of R8 that changes falls, to no less than 0 beside transferred
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const release_request& r, const basic_part<Amount>& part,
                const basic_operation<Amount>&) {
    const auto* hold = pool.holds.find(r.hold);
    if (hold == nullptr) {
        return false;
    }
    pool.seeded -= part.to_house;
    const bool fits = add(pool.held, Amount(-hold->amount)) && add(pool.funded, Amount(-part.to_house)) &&
                      add(pool.seeded, hold->seeded_paid);
    pool.seeded = (std::min)(pool.seeded, part.current);
    pool.holds.erase(r.hold);
    return fits;
}

}}}  // namespace jackpot::v1::detail

#endif
