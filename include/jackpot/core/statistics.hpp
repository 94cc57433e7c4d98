// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_STATISTICS_HPP
#define JACKPOT_CORE_STATISTICS_HPP

#include <jackpot/core/pool.hpp>

namespace jackpot { inline namespace v1 {

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

namespace detail {

/// Adds up corrections of both signs, so that only the sum itself can be out of range, and not one on the
/// way to it: while the sum is positive the next negative one is added, and the other way round.
template <amount Amount>
[[nodiscard]] bool add_adjusted(Amount& sum, std::span<const basic_pool<Amount>> pools) {
    std::size_t next[2] = {0, 0};
    for (std::size_t added = 0; added < pools.size(); ++added) {
        const auto seek = [&](bool negative) -> std::size_t& {
            std::size_t& at = next[negative ? 1 : 0];
            while (at < pools.size() && (pools[at].adjusted < 0) != negative) {
                ++at;
            }
            return at;
        };
        const bool wanted = sum > 0;
        std::size_t& at = seek(wanted) < pools.size() ? seek(wanted) : seek(!wanted);
        if (!add(sum, pools[at++].adjusted)) {
            return false;
        }
    }
    return true;
}

}  // namespace detail

/// Error: amount_overflow where a sum does not fit the amount type (R8).
template <amount Amount>
[[nodiscard]] expected<basic_statistics<Amount>> summarize(std::span<const basic_pool<Amount>> pools) {
    basic_statistics<Amount> sum;
    sum.pools = pools.size();
    bool fits = detail::add_adjusted(sum.adjusted, pools);
    for (const auto& p : pools) {
        fits = fits && detail::add(sum.current, p.current) && detail::add(sum.overflow, p.overflow) &&
               detail::add(sum.funded, p.funded) && detail::add(sum.total_wagered, p.total_wagered) &&
               detail::add(sum.total_contributions, p.total_contributions) &&
               detail::add(sum.total_wins, p.total_wins);
        sum.win_count += p.win_count;
    }
    if (!fits) {
        return fail(errc::amount_overflow, "the sum of a meter over all pools");
    }
    return sum;
}

}}  // namespace jackpot::v1

#endif
