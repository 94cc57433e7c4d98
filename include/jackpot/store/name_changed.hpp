// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_STORE_NAME_CHANGED_HPP
#define JACKPOT_STORE_NAME_CHANGED_HPP

#include <jackpot/store/storage.hpp>

namespace jackpot { inline namespace v1 {

/// Pools where they lie, in byte order of names.
template <amount Amount>
using named_pools = std::vector<const basic_pool<Amount>*>;

/// What a commit of those operations names: replaces `named` by the pools that they change, as they are in
/// `states`, the moment after the last operation. Points into `states`, and returns `named`. What it costs
/// grows with the operations' parts; it allocates only where `named` has no room.
template <amount Amount>
const named_pools<Amount>& name_changed(
    const basic_snapshot<Amount>& states,
    std::type_identity_t<std::span<const basic_operation<Amount>>> operations, named_pools<Amount>& named) {
    named.clear();
    for (const auto& o : operations) {
        auto at = named.begin();
        for (const auto& part : o.parts) {
            at = detail::find_named(named, at, part.pool);
            if (at == named.end() || (*at)->pool != part.pool) {
                const auto* changed = detail::find_pool(states.pools, part.pool);
                if (changed == nullptr) {
                    continue;  // no store takes the commit
                }
                at = named.insert(at, changed);
            }
            ++at;
        }
    }
    return named;
}

}}  // namespace jackpot::v1

#endif
