// SPDX-License-Identifier: BSL-1.0
#include "../wide.hpp"
#include "ledger.hpp"

#include <jackpot/rules/odometer.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <map>

using namespace jackpot;
using test::rate_of;
using test::value_of;

TEST_CASE("an odometer ticks from the earlier value to the newest one, at the pace at which it grew") {
    const sample earlier{100, 1'000'000};
    const sample newest{200, 2'000'000};
    const auto shown = [&](timestamp now) { return odometer(earlier, newest, now); };
    CHECK(shown(2'000'000) == 100);
    CHECK(shown(2'009'999) == 100);
    CHECK(shown(2'010'000) == 101);
    CHECK(shown(2'500'000) == 150);
    CHECK(shown(2'999'999) == 199);
    CHECK(shown(3'000'000) == 200);
    CHECK(shown(timestamp_max) == 200);
    CHECK(shown(0) == 100);  // a clock that was put back
    CHECK(shown((std::numeric_limits<timestamp>::min)()) == 100);
}

TEST_CASE("an odometer shows at once what fell, and what nobody changed for long") {
    CHECK(odometer<std::int64_t>({500, 1'000'000}, {100, 2'000'000}, 2'000'000) == 100);
    CHECK(odometer<std::int64_t>({100, 1'000'000}, {100, 2'000'000}, 2'000'000) == 100);
    const timestamp newest_at = 1'000'000 + odometer_pause;
    CHECK(odometer<std::int64_t>({100, 1'000'000}, {200, newest_at}, newest_at) == 100);
    CHECK(odometer<std::int64_t>({100, 999'999}, {200, newest_at}, newest_at) == 200);
    // Samples of one time, or in the wrong order, have no pace.
    CHECK(odometer<std::int64_t>({100, 5}, {200, 5}, 5) == 200);
    CHECK(odometer<std::int64_t>({100, 6}, {200, 5}, 5) == 200);
}

TEST_CASE_TEMPLATE("an odometer has no overflow at the limits of amounts and clocks", Amount, std::int64_t,
                   wide_amount) {
    const Amount most = amount_traits<Amount>::amount_max();
    using told = basic_sample<Amount>;
    CHECK(odometer(told{0, 0}, told{most, 1'000'000}, 1'500'000) == most / 2);
    CHECK(odometer(told{most - 10, 0}, told{most, 10}, 15) == most - 5);
    // A display may show an adjustment's sum, which can be negative.
    CHECK(odometer(told{-most, 0}, told{most, 1'000'000}, 1'000'000) == most);
    constexpr auto first = (std::numeric_limits<timestamp>::min)();
    constexpr auto last = (std::numeric_limits<timestamp>::max)();
    CHECK(odometer(told{1, first}, told{9, last}, last) == 9);
    CHECK(odometer(told{1, first}, told{9, first + 8}, last) == 9);
}

TEST_CASE("a display of a pool never overstates it, and falls only where the pool fell") {
    test::ledger<std::int64_t> pools;
    testing::random_requests<std::int64_t> random(11, {.bad_percent = 0}, std::int64_t(1) << 40);
    seeded_environment world(4);
    std::map<std::string, std::pair<sample, sample>> samples;
    std::map<std::string, std::int64_t> shown;
    timestamp now = 1000;
    int fell = 0;
    int ticked = 0;
    for (int i = 0; i < 4'000; ++i) {
        auto request = random.next(pools.states);
        if (std::holds_alternative<revert_request>(request)) {
            continue;  // it needs a journal
        }
        static_cast<void>(pools(std::move(request), now));
        for (const auto& p : std::as_const(pools.states.pools)) {
            const std::string pool(p.pool.view());
            auto& [earlier, newest] =
                samples.try_emplace(pool, sample{p.current, now}, sample{p.current, now}).first->second;
            auto& before = shown.try_emplace(pool, p.current).first->second;
            const bool falls = p.current < newest.value;
            if (p.current != newest.value) {
                // Some displays keep what they were told, others what they show.
                earlier = i % 2 == 0 ? newest : sample{before, newest.at};
                newest = {p.current, now};
            }
            for (int tick = 0; tick < 3; ++tick) {
                const auto value = odometer(earlier, newest, now + tick * 50'000);
                REQUIRE(value <= p.current);
                REQUIRE((value >= before || (falls && tick == 0 && value == p.current)));
                fell += value < before ? 1 : 0;
                ticked += value > before && value < p.current ? 1 : 0;
                before = value;
            }
        }
        now += 100'000 + static_cast<timestamp>(world.random() % 1'000'000);
    }
    CHECK(fell > 20);
    CHECK(ticked > 100);
}
