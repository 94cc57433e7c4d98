// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_RECEIPT_HPP
#define JACKPOT_CORE_RECEIPT_HPP

#include <jackpot/core/operation.hpp>

namespace jackpot { inline namespace v1 {

/// What a caller gets: the operation's parts. One that changed no pool has none, and sequence 0.
template <amount Amount>
struct basic_receipt {
    std::uint64_t sequence = 0;
    timestamp at = 0;
    bool replayed = false;  ///< this is the first receipt again: the key was seen before (R9)
    basic_parts<Amount> parts{};

    /// The contributions to all pools together; the rules refuse a wager whose total would not fit.
    [[nodiscard]] Amount total() const {
        Amount sum{};
        for (const auto& part : parts) {
            sum += part.to_pool + part.to_overflow;
        }
        return sum;
    }
    friend bool operator==(const basic_receipt&, const basic_receipt&) = default;
};

using receipt = basic_receipt<std::int64_t>;

}}  // namespace jackpot::v1

#endif
