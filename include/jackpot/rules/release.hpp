// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_RELEASE_HPP
#define JACKPOT_RULES_RELEASE_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>&, const release_request&,
                                          basic_parts<Amount>&) {
    return fail(errc::unsupported, "release");
}

template <amount Amount>
bool apply_part(basic_pool<Amount>&, const release_request&, const basic_part<Amount>&,
                const basic_operation<Amount>&) {
    return false;
}

}}}  // namespace jackpot::v1::detail

#endif
