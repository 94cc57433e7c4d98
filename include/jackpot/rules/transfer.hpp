// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_TRANSFER_HPP
#define JACKPOT_RULES_TRANSFER_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>&,
                                          const basic_transfer_request<Amount>&, basic_parts<Amount>&) {
    return fail(errc::unsupported, "transfer");
}

template <amount Amount>
bool apply_part(basic_pool<Amount>&, const basic_transfer_request<Amount>&, const basic_part<Amount>&,
                const basic_operation<Amount>&) {
    return false;
}

}}}  // namespace jackpot::v1::detail

#endif
