// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_METERS_HPP
#define JACKPOT_CORE_METERS_HPP

#include <jackpot/core/amount.hpp>
#include <jackpot/core/spelling.hpp>
#include <jackpot/core/timestamp.hpp>

namespace jackpot { inline namespace v1 {

enum class pool_status : std::uint8_t { active, suspended };

namespace detail {
inline constexpr std::string_view pool_status_names[] = {"active", "suspended"};
}
[[nodiscard]] constexpr std::string_view to_string(pool_status s) noexcept {
    return detail::spell(s, detail::pool_status_names);
}
[[nodiscard]] constexpr std::optional<pool_status> parse_pool_status(std::string_view text) noexcept {
    return detail::unspell<pool_status>(text, detail::pool_status_names);
}

/// The meters of one pool, all of one moment: R8 holds among them.
template <amount Amount>
struct basic_meters {
    Amount current{};
    Amount overflow{};
    Amount funded{};
    Amount adjusted{};
    Amount total_wagered{};
    Amount total_contributions{};
    Amount total_wins{};
    std::uint64_t win_count = 0;
    std::uint64_t version = 0;
    std::uint64_t sequence = 0;  ///< the newest operation that changed the pool
    timestamp modified_at = 0;   ///< and its time
    std::uint32_t carry = 0;     ///< parts per billion of a minor unit
    pool_status status = pool_status::active;

    friend bool operator==(const basic_meters&, const basic_meters&) = default;
};

using meters = basic_meters<std::int64_t>;

}}  // namespace jackpot::v1

#endif
