// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_STATISTICS_HPP
#define JACKPOT_CORE_STATISTICS_HPP

#include <jackpot/core/pools.hpp>

#include <span>

namespace jackpot { inline namespace v1 {

/// The number of pools, closed ones too, and the sums of their meters; fractions and seeded are not summed,
/// and are 0.
template <amount Amount>
struct basic_statistics : basic_meters<Amount> {
    std::uint64_t pools = 0;

    friend bool operator==(const basic_statistics&, const basic_statistics&) = default;
};

using statistics = basic_statistics<std::int64_t>;

namespace detail {

/// Adds up a meter of both signs so that only the final sum can be out of range, and no sum on the way: while
/// the sum is positive it adds the next negative value, and the other way round.
template <amount Amount, class Pools>
[[nodiscard]] bool add_both_signs(Amount& sum, const Pools& pools, Amount basic_meters<Amount>::*meter) {
    std::size_t next[2] = {0, 0};
    for (std::size_t added = 0; added < pools.size(); ++added) {
        const auto seek = [&](bool negative) -> std::size_t& {
            std::size_t& at = next[negative ? 1 : 0];
            while (at < pools.size() && (pools[at].*meter < 0) != negative) {
                ++at;
            }
            return at;
        };
        const bool wanted = sum > 0;
        std::size_t& at = seek(wanted) < pools.size() ? seek(wanted) : seek(!wanted);
        if (!add(sum, pools[at++].*meter)) {
            return false;
        }
    }
    return true;
}

/// What `summarize` does, for pools in any container.
template <amount Amount, class Pools>
[[nodiscard]] expected<basic_statistics<Amount>> add_up(const Pools& pools) {
    basic_statistics<Amount> sum;
    sum.pools = pools.size();
    bool fits = true;
    for (const auto& m : all_meters<Amount>) {
        if (!m.summed) {
            continue;
        }
        if (m.negative) {
            fits = fits && add_both_signs<Amount>(sum.*m.amount, pools, m.amount);
            continue;
        }
        for (const auto& p : pools) {
            if (m.amount != nullptr) {
                fits = fits && add(sum.*m.amount, p.*m.amount);
            } else if (m.count != nullptr) {
                sum.*m.count += p.*m.count;
            }
        }
    }
    if (!fits) {
        return fail(errc::amount_overflow, "the sum of a meter over all pools");
    }
    return sum;
}

}  // namespace detail

/// Adds up the meters of all pools. Error: amount_overflow where a sum does not fit the amount type (R8).
template <amount Amount>
[[nodiscard]] expected<basic_statistics<Amount>> summarize(std::span<const basic_pool<Amount>> pools) {
    return detail::add_up<Amount>(pools);
}
template <amount Amount>
[[nodiscard]] expected<basic_statistics<Amount>> summarize(const basic_pools<Amount>& pools) {
    return detail::add_up<Amount>(pools);
}

}}  // namespace jackpot::v1

#endif
