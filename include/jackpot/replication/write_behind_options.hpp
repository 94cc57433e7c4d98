// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_WRITE_BEHIND_OPTIONS_HPP
#define JACKPOT_REPLICATION_WRITE_BEHIND_OPTIONS_HPP

#include <jackpot/core/timestamp.hpp>

namespace jackpot { inline namespace v1 {

struct write_behind_options {
    /// How many of the newest operations to keep in memory, at least; 0 = all since the start. What the
    /// store behind does not have yet is kept in any case.
    std::uint64_t history_limit = 10'000;
    /// How many operations may wait for the store behind; 0 = any number. A commit that would make them
    /// more is refused as overloaded, so it must be no less than the largest commit.
    std::uint64_t lag_limit = 0;
    std::size_t batch = 256;  ///< operations a commit to the store behind
    bool durable = false;     ///< see `write_behind::set_durable`
};

/// What a crash at this moment would lose.
struct write_behind_lag {
    std::uint64_t operations = 0;
    timestamp since = 0;  ///< when the oldest of them was taken; 0 = there is none
};

struct pump_result {
    std::uint64_t operations = 0;  ///< that the store behind has more than before the call
    std::uint64_t left = 0;        ///< that it does not have yet
};

}}  // namespace jackpot::v1

#endif
