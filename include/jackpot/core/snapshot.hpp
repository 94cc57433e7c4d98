// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_SNAPSHOT_HPP
#define JACKPOT_CORE_SNAPSHOT_HPP

#include <jackpot/core/identifier.hpp>
#include <jackpot/core/pools.hpp>

namespace jackpot { inline namespace v1 {

/// Where a store stands.
struct store_head {
    identifier identity{};       ///< null until the first commit gives the store its identity
    std::uint64_t sequence = 0;  ///< the newest operation; 0 = none yet
    identifier newest{};         ///< its id: at one sequence two histories have different ones
    timestamp at = 0;            ///< its time; no later operation has an earlier one (R10)
    bool sealed = false;         ///< refuses commits

    friend bool operator==(const store_head&, const store_head&) = default;
};

/// One moment of a whole store.
template <amount Amount>
struct basic_snapshot {
    store_head head{};
    basic_pools<Amount> pools{};

    friend bool operator==(const basic_snapshot&, const basic_snapshot&) = default;
};

using snapshot = basic_snapshot<std::int64_t>;

namespace detail {

/// The first pool whose name is not less than `wanted`: where it is, or where it would go.
template <class Pools>
[[nodiscard]] auto lower_bound(Pools& pools, std::string_view wanted) noexcept {
    return std::lower_bound(pools.begin(), pools.end(), wanted,
                            [](const auto& p, std::string_view n) { return p.pool.view() < n; });
}

/// The pool of that name, or null.
template <class Pools>
[[nodiscard]] auto* find_pool(Pools& pools, std::string_view wanted) noexcept {
    const auto at = lower_bound(pools, wanted);
    return at != pools.end() && at->pool.view() == wanted ? &*at : nullptr;
}
template <amount Amount>
[[nodiscard]] const basic_pool<Amount>* find_pool(const basic_pools<Amount>& pools,
                                                  std::string_view wanted) noexcept {
    return pools.find(wanted);
}
template <amount Amount>
[[nodiscard]] const basic_pool<Amount>* find_pool(basic_pools<Amount>& pools,
                                                  std::string_view wanted) noexcept {
    return pools.find(wanted);
}

}  // namespace detail

}}  // namespace jackpot::v1

#endif
