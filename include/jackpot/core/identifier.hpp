// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_IDENTIFIER_HPP
#define JACKPOT_CORE_IDENTIFIER_HPP

#include <compare>
#include <cstdint>

namespace jackpot { inline namespace v1 {

/// 16 random bytes, or a writer's random 8 and its counter.
struct identifier {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    [[nodiscard]] bool is_null() const noexcept { return high == 0 && low == 0; }
    friend auto operator<=>(const identifier&, const identifier&) = default;
};

}}  // namespace jackpot::v1

#endif
