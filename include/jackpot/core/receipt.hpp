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
    operation_kind kind = operation_kind::contributed;  ///< what it answers

    /// What the operation did to the pool of that name; null where it changed none of that name.
    [[nodiscard]] const basic_part<Amount>* part(text_view of) const noexcept {
        for (const auto& each : parts) {
            if (each.pool == std::string_view(of)) {
                return &each;
            }
        }
        return nullptr;
    }

    /// What a win paid; 0 for any other operation.
    [[nodiscard]] Amount paid() const {
        Amount sum{};
        for (const auto& each : parts) {
            sum += each.paid;
        }
        return sum;
    }

    /// The contributions of a wager to all pools together; the rules refuse a wager whose total would not
    /// fit.
    [[nodiscard]] Amount total() const {
        Amount sum{};
        for (const auto& each : parts) {
            sum += each.to_pool + each.to_overflow + each.to_reserve;
        }
        return sum;
    }
    friend bool operator==(const basic_receipt&, const basic_receipt&) = default;
};

using receipt = basic_receipt<std::int64_t>;

}}  // namespace jackpot::v1

#endif
