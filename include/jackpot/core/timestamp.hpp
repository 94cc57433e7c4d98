// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_TIMESTAMP_HPP
#define JACKPOT_CORE_TIMESTAMP_HPP

#include <cstdint>

namespace jackpot { inline namespace v1 {

/// Microseconds since the Unix epoch, UTC (R10).
using timestamp = std::int64_t;

/// The last microsecond of the year 9999: the latest moment that every engine can keep.
inline constexpr timestamp timestamp_max = 253'402'300'799'999'999;

}}  // namespace jackpot::v1

#endif
