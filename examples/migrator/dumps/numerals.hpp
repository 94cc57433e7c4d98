// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_DUMPS_NUMERALS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_DUMPS_NUMERALS_HPP

#include <jackpot/core/pool.hpp>

#include <tl/expected.hpp>

// What another service wrote, read without losing any of it.

namespace migrator {

/// Up to here every whole number is a double: 2^53 - 1.
inline constexpr std::int64_t exact_max = 9'007'199'254'740'991;

/// A whole number from 0 to `exact_max`, also written as 1e3 or 20.0. The error says what it is instead.
[[nodiscard]] tl::expected<std::int64_t, std::string_view> read_whole(std::string_view text);

/// The rate that was meant by a float: the shortest decimal with at most nine fraction digits that is the
/// same float32 (where the number is one, or was cut to nine digits) or the same double. None where there
/// is none, or it is not from 0 to 1.
[[nodiscard]] std::optional<jackpot::rate> recover_rate(std::string_view text);

/// `2025-11-01T04:47:00.000Z`, `2025-11-01 04:47:00.123456+02`; UTC where no offset is named. Digits alone
/// are milliseconds since the epoch.
[[nodiscard]] std::optional<jackpot::timestamp> read_moment(std::string_view text);

}  // namespace migrator

#endif
