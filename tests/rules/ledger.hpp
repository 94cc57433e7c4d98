// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_RULES_LEDGER_HPP
#define JACKPOT_TESTS_RULES_LEDGER_HPP

#include "../support.hpp"

#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>

namespace test {

/// States that requests are decided on and folded into, one after the other.
template <class Amount>
struct ledger {
    basic_snapshot<Amount> states;
    basic_operation<Amount> last;

    errc operator()(basic_request<Amount> request, timestamp now = 1000) {
        basic_operation<Amount> o;
        o.request = std::move(request);
        const auto before = states;
        const auto decided = decide(states, now, o);
        CHECK(states == before);
        if (!decided) {
            return decided.error().code;
        }
        last = o;
        if (!o.parts.empty()) {
            value_of(apply(states, o));
        }
        for (const auto& p : states.pools) {
            value_of(check_meters(p));
        }
        return {};
    }
    const basic_pool<Amount>& pool(const char* wanted) const {
        return *jackpot::detail::find_pool(states.pools, wanted);
    }
};

inline constexpr errc ok{};

}  // namespace test

#endif
