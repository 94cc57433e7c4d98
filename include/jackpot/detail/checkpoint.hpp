// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_DETAIL_CHECKPOINT_HPP
#define JACKPOT_DETAIL_CHECKPOINT_HPP

#include <jackpot/operation.hpp>

namespace jackpot::inline v1::detail {

/// The checkpoint that stands for everything up to these states; `id` is that of the operation that led
/// to them.
template <amount Amount>
[[nodiscard]] basic_operation<Amount> checkpoint_of(const basic_snapshot<Amount>& states, identifier id) {
    basic_operation<Amount> o;
    o.sequence = states.head.sequence;
    o.at = states.head.at;
    o.id = id;
    o.request = checkpoint_request{};
    for (const auto& pool : states.pools) {
        auto& part = o.parts.emplace_back();
        part.pool = pool.pool;
        part.version = pool.version;
        part.carry = pool.carry;
        part.current = pool.current;
        part.overflow = pool.overflow;
        part.state = std::make_shared<const basic_pool<Amount>>(pool);
    }
    return o;
}

}  // namespace jackpot::inline v1::detail

#endif
