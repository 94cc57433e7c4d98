// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_STATISTICS_HPP
#define JACKPOT_STATISTICS_HPP

#include <jackpot/pool.hpp>

namespace jackpot::inline v1 {

/// The number of pools, and the sums of their meters.
template <amount Amount>
struct basic_statistics {
    std::uint64_t pools = 0;
    Amount current{};
    Amount overflow{};
    Amount funded{};
    Amount adjusted{};
    Amount total_wagered{};
    Amount total_contributions{};
    Amount total_wins{};
    std::uint64_t win_count = 0;

    friend bool operator==(const basic_statistics&, const basic_statistics&) = default;
};

using statistics = basic_statistics<std::int64_t>;

/// Error: amount_overflow where a sum does not fit the amount type (R8).
template <amount Amount>
[[nodiscard]] expected<basic_statistics<Amount>> summarize(std::span<const basic_pool<Amount>> pools) {
    basic_statistics<Amount> sum;
    sum.pools = pools.size();
    for (const auto& p : pools) {
        if (!detail::add(sum.current, p.current) || !detail::add(sum.overflow, p.overflow) ||
            !detail::add(sum.funded, p.funded) || !detail::add(sum.adjusted, p.adjusted) ||
            !detail::add(sum.total_wagered, p.total_wagered) ||
            !detail::add(sum.total_contributions, p.total_contributions) ||
            !detail::add(sum.total_wins, p.total_wins)) {
            return fail(errc::amount_overflow, "the sum of a meter over all pools");
        }
        sum.win_count += p.win_count;
    }
    return sum;
}

}  // namespace jackpot::inline v1

#endif
