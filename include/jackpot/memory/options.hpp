// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_OPTIONS_HPP
#define JACKPOT_MEMORY_OPTIONS_HPP

#include <cstddef>
#include <cstdint>

namespace jackpot { inline namespace v1 {

struct memory_options {
    /// How many of the newest operations to keep, at least; older ones go in blocks, and a checkpoint
    /// stands for them. 0 = all.
    std::uint64_t history_limit = 0;
};

/// What to allocate in advance, so that contributions and wins allocate nothing.
struct memory_capacity {
    std::size_t pools = 8;
    std::size_t journal_bytes = 1024 * 1024;  ///< a contribution to three pools takes about 300 bytes
    std::size_t keys = 0;                     ///< keyed operations kept at one time
};

}}  // namespace jackpot::v1

#endif
