// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/core/statistics.hpp>

using namespace jackpot;
using test::code_of;
using test::value_of;

TEST_CASE("statistics are the sums over all pools of every meter whose sum means something") {
    pool pools[3];
    std::int64_t digit = 1;
    each_meter<std::int64_t>([&](const auto& m, auto meter) {
        using value = std::remove_cvref_t<decltype(pools[0].*meter)>;
        pools[0].*meter = static_cast<value>((m.negative ? -4 : 7) * digit);
        pools[2].*meter = static_cast<value>((m.negative ? 3 : 1) * digit);
        digit *= 10;
    });
    const auto sums = value_of(summarize<std::int64_t>(pools));
    CHECK(sums.pools == 3);
    digit = 1;
    each_meter<std::int64_t>([&](const auto& m, auto meter) {
        CAPTURE(m.name);
        const std::int64_t wanted = m.fraction != nullptr || !m.summed ? 0 : m.negative ? -1 : 8;
        CHECK(static_cast<std::int64_t>(sums.*meter) == wanted * digit);
        digit *= 10;
    });
    CHECK(value_of(summarize<std::int64_t>(snapshot{}.pools)) == statistics{});
}

TEST_CASE("a sum that does not fit is refused, whichever meter's it is") {
    for (const auto& m : all_meters<std::int64_t>) {
        if (m.amount == nullptr || !m.summed) {
            continue;
        }
        pool pools[2];
        pools[0].*m.amount = amount_traits<std::int64_t>::amount_max();
        value_of(summarize<std::int64_t>(pools));
        pools[1].*m.amount = 1;
        CHECK(code_of(summarize<std::int64_t>(pools)) == errc::amount_overflow);
    }
}
