// SPDX-License-Identifier: BSL-1.0
#include "ledger.hpp"

using namespace jackpot;
using test::ok;
using test::rate_of;

namespace {

using ledger = test::ledger<std::int64_t>;
constexpr std::int64_t most = amount_traits<std::int64_t>::amount_max();

contribute_request wager_of(std::int64_t amount) {
    return {.game = "g", .wager = amount};
}

}  // namespace

TEST_CASE("a sum that would not fit is refused, whatever makes it too large") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.rate = rate_of("1")}}) == ok);
    REQUIRE(l(wager_of(most - 1)) == ok);
    CHECK(l(wager_of(2)) == errc::amount_overflow);
    CHECK(l(adjust_request{.pool = "p", .delta = 2, .actor = "a", .reason = "r"}) == errc::amount_overflow);
    REQUIRE(l(win_request{.pool = "p", .game = "g", .player = "ann"}) == ok);
    CHECK(l(wager_of(2)) == errc::amount_overflow);  // the sum of contributions, though the pool is empty
    CHECK(l(adjust_request{.pool = "p", .delta = 2, .actor = "a", .reason = "r"}) == errc::amount_overflow);

    // What is set aside counts, too: with the seed the contributions would be too large.
    ledger full;
    REQUIRE(full(open_request{.pool = "p",
                              .configuration = {.seed = most - 10, .cap = most - 5, .rate = rate_of("1")}}) ==
            ok);
    REQUIRE(full(wager_of(5)) == ok);
    CHECK(full(wager_of(6)) == errc::amount_overflow);
    CHECK(full(wager_of(5)) == ok);
    CHECK(full(win_request{.pool = "p", .game = "g", .player = "ann"}) ==
          errc::amount_overflow);  // the house would put in another seed

    // Each share fits, and what is set aside of both does not: the receipt would have no total.
    ledger two;
    for (const char* name : {"a", "b"}) {
        REQUIRE(two(open_request{.pool = name, .configuration = {.cap = 1, .rate = rate_of("1")}}) == ok);
    }
    CHECK(two(wager_of(most / 2 + 1)) == errc::amount_overflow);
    CHECK(two(wager_of(most / 2)) == ok);
}

TEST_CASE("no wager within the headroom of some pools can make a sum of them too large") {
    // Eight terms of a sum and the total of one pool, without the two units that fractions can be.
    const std::int64_t share = most / 9 - 2;
    CHECK(detail::headroom<std::int64_t>(1, 0) == share);
    CHECK(detail::headroom<std::int64_t>(2, 0) == most / 10 - 2);
    CHECK(detail::largest_meter(pool{}) == 0);
    for (const auto meter : detail::amounts_of<all_meters<std::int64_t>>) {
        pool p;
        p.*meter = 1000;
        CHECK(detail::headroom(2, detail::largest_meter(p)) == most / 10 - 2 - 1000);
    }
    pool corrected;
    corrected.adjusted = -1000;
    CHECK(detail::headroom(1, detail::largest_meter(corrected)) == share - 999);
}
