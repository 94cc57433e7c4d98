// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_POLICIES_HPP
#define JACKPOT_NETWORK_POLICIES_HPP

#include <cstddef>
#include <cstdint>

namespace jackpot { inline namespace v1 {

/// How often a commit is tried where others are faster or the store is busy, and how long the pauses
/// between the tries are: doubling from the first to the longest, each of a random length up to that.
struct retry_policy {
    unsigned attempts = 12;
    std::int64_t first_us = 200;
    std::int64_t longest_us = 100'000;
};

/// How callers are combined.
struct group_policy {
    retry_policy retry{};
    std::size_t batch = 256;           ///< callers a commit, at most; from 1 to 65,536
    std::size_t waiting_max = 65'536;  ///< callers who may wait; more are refused as overloaded
    /// Before a commit the processor is yielded for a moment to those whom the last one answered, who are
    /// about to call again. A game's frame must not wait for them: off.
    bool gather = true;
};

}}  // namespace jackpot::v1

#endif
