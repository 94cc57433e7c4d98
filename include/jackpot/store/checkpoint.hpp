// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_STORE_CHECKPOINT_HPP
#define JACKPOT_STORE_CHECKPOINT_HPP

#include <jackpot/core/operation.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The checkpoint that stands for everything up to a moment: its head, and its pools in any container.
template <class Moment>
[[nodiscard]] auto checkpoint_of(const Moment& states) {
    using amount_type = std::decay_t<decltype(states.pools.begin()->current)>;
    basic_operation<amount_type> o;
    o.sequence = states.head.sequence;
    o.at = states.head.at;
    o.id = states.head.newest;
    o.request = checkpoint_request{};
    for (const auto& pool : states.pools) {
        auto& part = o.parts.emplace_back();
        part.pool = pool.pool;
        part.version = pool.version;
        part.carry = pool.carry;
        part.current = pool.current;
        part.overflow = pool.overflow;
        part.state = std::make_shared<const basic_pool<amount_type>>(pool);
    }
    return o;
}

}}}  // namespace jackpot::v1::detail

#endif
