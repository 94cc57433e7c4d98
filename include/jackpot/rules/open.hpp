// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_OPEN_HPP
#define JACKPOT_RULES_OPEN_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_open_request<Amount>& r, basic_parts<Amount>& parts) {
    if (find_pool(before.pools, r.pool) != nullptr) {
        return fail(errc::pool_exists, "pool", r.pool);
    }
    basic_part<Amount>& part = parts.emplace_back();
    part.pool = r.pool;
    part.version = 1;
    part.current = r.configuration.seed;
    return success();
}

}}}  // namespace jackpot::v1::detail

#endif
