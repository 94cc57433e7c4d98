// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_NETWORK_JOURNALLED_HPP
#define JACKPOT_TESTS_NETWORK_JOURNALLED_HPP

#include "../support.hpp"

namespace test {

/// What was asked, as the journal keeps it: normalised, and with what a revert takes from there of its wager.
template <amount Amount>
basic_request<Amount> journalled(basic_request<Amount> asked, const basic_request<Amount>& kept) {
    value_of(normalize<Amount>(asked));
    auto* revert = std::get_if<basic_revert_request<Amount>>(&asked);
    const auto* known = std::get_if<basic_revert_request<Amount>>(&kept);
    if (revert != nullptr && known != nullptr) {
        revert->sequence = known->sequence;
        revert->wager = known->wager;
    }
    return asked;
}

}  // namespace test

#endif
