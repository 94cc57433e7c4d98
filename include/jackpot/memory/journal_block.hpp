// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_JOURNAL_BLOCK_HPP
#define JACKPOT_MEMORY_JOURNAL_BLOCK_HPP

#include <jackpot/core/list.hpp>
#include <jackpot/core/snapshot.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Bytes of a journal in memory: records, one behind the other, each with its length before it.
template <amount Amount>
struct journal_block {
    unsigned char* bytes = nullptr;
    std::size_t capacity = 0;
    std::size_t size = 0;
    std::uint64_t base = 0;  // so many operations less than the last sequence are in it
    std::uint64_t last = 0;
    // Once it has ended, and only where blocks are to be dropped: what it changes, as it leaves that.
    store_head after{};
    list<basic_pool<Amount>, 1> changed{};
    bool changed_all = false;

    /// Where each record begins, in order. False without memory.
    [[nodiscard]] bool find_records(list<std::uint32_t, 1>& places) const noexcept {
        places.clear();
        for (std::size_t at = 0; at < size;) {
            if (places.size() == places.capacity() && !places.try_reserve(2 * places.capacity())) {
                return false;
            }
            places.push_back(static_cast<std::uint32_t>(at));
            std::uint32_t length = 0;
            std::memcpy(&length, bytes + at, sizeof length);
            at += length;
        }
        return true;
    }
};

}}}  // namespace jackpot::v1::detail

#endif
