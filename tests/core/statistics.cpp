// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/core/statistics.hpp>

using namespace jackpot;
using test::code_of;
using test::value_of;

TEST_CASE("statistics are the sums of every meter over all pools") {
    const pool pools[] = {{.current = 1,
                           .overflow = 20,
                           .funded = 300,
                           .adjusted = -4'000,
                           .total_wagered = 50'000,
                           .total_contributions = 600'000,
                           .total_wins = 7'000'000,
                           .win_count = 80'000'000},
                          {},
                          {.current = 3,
                           .overflow = 30,
                           .funded = 300,
                           .adjusted = 3'000,
                           .total_wagered = 30'000,
                           .total_contributions = 300'000,
                           .total_wins = 3'000'000,
                           .win_count = 30'000'000}};
    CHECK(value_of(summarize<std::int64_t>(pools)) == statistics{.pools = 3,
                                                                 .current = 4,
                                                                 .overflow = 50,
                                                                 .funded = 600,
                                                                 .adjusted = -1'000,
                                                                 .total_wagered = 80'000,
                                                                 .total_contributions = 900'000,
                                                                 .total_wins = 10'000'000,
                                                                 .win_count = 110'000'000});
    CHECK(value_of(summarize<std::int64_t>({})) == statistics{});
}

TEST_CASE("a sum that does not fit is refused, whichever meter's it is") {
    for (const auto meter : {&pool::current, &pool::overflow, &pool::funded, &pool::adjusted,
                             &pool::total_wagered, &pool::total_contributions, &pool::total_wins}) {
        pool pools[2];
        pools[0].*meter = amount_traits<std::int64_t>::most();
        value_of(summarize<std::int64_t>(pools));
        pools[1].*meter = 1;
        CHECK(code_of(summarize<std::int64_t>(pools)) == errc::amount_overflow);
    }
}
