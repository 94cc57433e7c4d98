// SPDX-License-Identifier: BSL-1.0
#include "ledger.hpp"

using namespace jackpot;
using test::code_of;
using test::ok;
using test::rate_of;

// What each operation does to a pool: every field of the state is compared, and not those alone that the
// operation is to change.

namespace {

using ledger = test::ledger<std::int64_t>;

/// Is the pool as before but for what `change` does, its version, sequence and time?
template <class Request, class Change>
void leaves(ledger& l, const char* pool, Request request, Change&& change) {
    auto expected = l.pool(pool);
    REQUIRE(l(request, l.states.head.at + 5) == ok);
    expected.version += 1;
    expected.sequence = l.states.head.sequence;
    expected.modified_at = l.states.head.at;
    expected.wager_count += std::is_same_v<Request, contribute_request> ? 1 : 0;
    expected.reset_sequence =
        std::is_same_v<Request, win_request> ? expected.sequence : expected.reset_sequence;
    change(expected);
    const auto& p = l.pool(pool);
    CHECK(p.status == expected.status);
    each_meter<std::int64_t>([&](const auto& m, auto meter) {
        CAPTURE(m.name);
        CHECK(p.*meter == expected.*meter);
    });
    CHECK(p.last_win == expected.last_win);
    CHECK(p.holds == expected.holds);
    CHECK(p.reset_sequence == expected.reset_sequence);
    CHECK(p.version == expected.version);
    CHECK(p.sequence == expected.sequence);
    CHECK(p.opened_at == expected.opened_at);
    CHECK(p.modified_at == expected.modified_at);
    CHECK(*p.configuration == *expected.configuration);
    CHECK((p.pending != nullptr) == (expected.pending != nullptr));
}

contribute_request wager_of(std::int64_t amount) {
    return {.game = "g", .wager = amount};
}

win_request win_of(std::optional<std::int64_t> amount = {}) {
    return {.pool = "p", .game = "g", .player = "ann", .amount = amount};
}

}  // namespace

TEST_CASE("a pool opens at its seed, which the house put in") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.seed = 100, .rate = rate_of("0.015")}}, 7) == ok);
    pool expected;
    expected.pool = "p";
    expected.configuration = l.pool("p").configuration;
    expected.current = expected.funded = expected.seeded = 100;
    expected.version = expected.sequence = expected.reset_sequence = 1;
    expected.opened_at = expected.modified_at = 7;
    CHECK(l.pool("p") == expected);
}

TEST_CASE("a wager's share grows the pool, and its fraction is carried to the next") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.seed = 100, .rate = rate_of("0.015")}}) == ok);
    leaves(l, "p", wager_of(101), [](pool& p) {
        p.current += 1;
        p.carry = 515'000'000;
        p.total_wagered += 101;
        p.total_contributions += 1;
    });
    leaves(l, "p", wager_of(101), [](pool& p) {
        p.current += 2;
        p.carry = 30'000'000;
        p.total_wagered += 101;
        p.total_contributions += 2;
    });
    // Above a billion, where the share is computed in two halves.
    leaves(l, "p", wager_of(3'000'000'007), [](pool& p) {
        p.current += 45'000'000;
        p.carry += 105'000'000;
        p.total_wagered += 3'000'000'007;
        p.total_contributions += 45'000'000;
    });
    CHECK(detail::share_of(std::int64_t(79'999'999'999), rate_of("0.5"), 500'000'000).credit ==
          40'000'000'000);
}

TEST_CASE("above the cap a wager's share is set aside, or not taken at all") {
    ledger l;
    for (const char* name : {"p", "stops"}) {
        const auto on_cap = name[0] == 's' ? on_cap::stop : on_cap::divert;
        REQUIRE(l(open_request{.pool = name,
                               .configuration = {
                                   .seed = 10, .cap = 1000, .rate = rate_of("1"), .on_cap = on_cap}}) == ok);
    }
    auto list = wager_of(995);
    list.pools = name_list{"p"};
    leaves(l, "p", list, [](pool& p) {
        p.current = 1000;
        p.overflow = 5;
        p.total_wagered = p.total_contributions = 995;
    });
    leaves(l, "p", list, [](pool& p) {
        p.overflow = 1000;
        p.total_wagered = p.total_contributions = 2 * 995;
    });
    list.pools = name_list{"stops"};
    leaves(l, "stops", list, [](pool& p) {
        p.current = 1000;
        p.total_wagered = 995;
        p.total_contributions = 990;
        p.total_forgone = 5;
    });
    leaves(l, "stops", list, [](pool& p) {
        p.total_wagered = 2 * 995;
        p.total_forgone = 1000;
    });
    CHECK(l.last.parts.front().forgone == 995);
    CHECK(l.last.parts.front().to_overflow == 0);
}

TEST_CASE("a pool that rounds down keeps no fraction") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p",
                           .configuration = {.rate = rate_of("0.5"), .rounding = rounding::floor}}) == ok);
    leaves(l, "p", wager_of(3), [](pool& p) {
        p.current = 1;
        p.total_wagered = 3;
        p.total_contributions = 1;
    });
}

TEST_CASE("a wager feeds pools from their min_wager on, and no suspended one") {
    ledger l;
    for (const char* name : {"a", "b"}) {
        REQUIRE(l(open_request{.pool = name, .configuration = {.rate = rate_of("1"), .min_wager = 5}}) == ok);
    }
    const auto fed = [&](contribute_request r) {
        REQUIRE(l(r) == ok);
        return l.last.parts.size();
    };
    CHECK(fed(wager_of(4)) == 0);
    CHECK(fed(wager_of(5)) == 2);
    CHECK(fed({.game = "g", .wager = 4, .pools = name_list{"a", "b"}}) == 0);
    CHECK(fed({.game = "g", .wager = 5, .pools = name_list{"b", "a"}}) == 2);
    leaves(l, "a", suspend_request{.pool = "a"}, [](pool& p) { p.status = pool_status::suspended; });
    CHECK(l(suspend_request{.pool = "a"}) == errc::pool_suspended);
    CHECK(fed(wager_of(5)) == 1);
    CHECK(l.last.parts.front().pool == "b");
    CHECK(l({contribute_request{.game = "g", .wager = 5, .pools = name_list{"a"}}}) == errc::pool_suspended);
    CHECK(l(win_request{.pool = "a", .game = "g", .player = "ann"}) == errc::pool_suspended);
    leaves(l, "a", resume_request{.pool = "a"}, [](pool& p) { p.status = pool_status::active; });
    CHECK(l(resume_request{.pool = "a"}) == errc::pool_active);
}

TEST_CASE("a win leaves the pool, the house brings it up to its seed, and the overflow flows in") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p",
                           .configuration = {.seed = 100, .cap = 1000, .rate = rate_of("0.5")}}) == ok);
    REQUIRE(l(wager_of(2001)) == ok);
    REQUIRE(l.pool("p").overflow == 100);
    // More than the seed is left: the house gives nothing. What was set aside fills the room.
    leaves(l, "p", win_of(60), [&](pool& p) {
        p.current = 1000;
        p.overflow = 40;
        p.seeded = 40;
        p.total_wins = 60;
        p.win_count = 1;
        p.last_win = last_win{60, "g", "ann", l.last.at};
    });
    CHECK(l.last.parts.front().from_overflow == 60);
    CHECK(l(win_of(1001)) == errc::amount_exceeds_pool);
    leaves(l, "p", win_of(950), [&](pool& p) {
        p.current = 140;
        p.overflow = 0;
        p.funded = 150;
        p.seeded = 50;
        p.total_wins = 1010;
        p.win_count = 2;
        p.last_win = last_win{950, "g", "ann", l.last.at};
    });
    leaves(l, "p", win_of(), [&](pool& p) {
        p.current = 100;
        p.funded = 250;
        p.seeded = 100;
        p.total_wins = 1150;
        p.win_count = 3;
        p.last_win = last_win{140, "g", "ann", l.last.at};
    });
    REQUIRE(l(open_request{.pool = "empty"}) == ok);
    CHECK(l(win_request{.pool = "empty", .game = "g", .player = "ann"}) == errc::pool_empty);
    CHECK(l(win_request{.pool = "empty", .game = "g", .player = "ann", .amount = 1}) ==
          errc::amount_exceeds_pool);
}

TEST_CASE("a configuration takes effect now, or when a win leaves no more than its cap") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p",
                           .configuration = {.seed = 100, .cap = 1000, .rate = rate_of("0.5")}}) == ok);
    REQUIRE(l(wager_of(1001)) == ok);
    CHECK(l(configure_request{.pool = "p", .patch = {.cap = std::optional<std::int64_t>(599)}}) ==
          errc::cap_below_current);
    CHECK(l(configure_request{.pool = "p", .patch = {.cap = std::optional<std::int64_t>(-1)}}) ==
          errc::invalid_cap);
    CHECK(l(configure_request{.pool = "p", .when = when::after_win, .patch = {.seed = 1000}}) ==
          errc::invalid_cap);
    leaves(l, "p", configure_request{.pool = "p", .patch = {.cap = std::optional<std::int64_t>(600)}},
           [](pool& p) {
               configuration c = *p.configuration;
               c.cap = 600;
               p.configuration = std::make_shared<configuration>(c);
           });
    CHECK(l(configure_request{.pool = "p", .when = when::discard}) == errc::empty_configuration);
    // Rounding down waits, and is not forgotten when something else takes effect before.
    leaves(l, "p",
           configure_request{
               .pool = "p",
               .when = when::after_win,
               .patch = {.seed = 50, .cap = std::optional<std::int64_t>(200), .rounding = rounding::floor}},
           [&](pool& p) { p.pending = l.pool("p").pending; });
    leaves(l, "p", configure_request{.pool = "p", .patch = {.min_wager = 3}}, [](pool& p) {
        configuration c = *p.configuration;
        c.min_wager = 3;
        p.configuration = std::make_shared<configuration>(c);
    });
    REQUIRE(l.pool("p").carry == 500'000'000);
    leaves(l, "p", win_of(400), [&](pool& p) {
        p.configuration = {p.pending, &p.pending->configuration};
        p.pending = nullptr;
        p.current = 200;
        p.carry = 0;
        p.seeded = 0;
        p.total_wins = 400;
        p.win_count = 1;
        p.last_win = last_win{400, "g", "ann", l.last.at};
    });
    CHECK(l.pool("p").configuration->min_wager == 3);
    CHECK(l.pool("p").configuration->rounding == rounding::floor);
}

TEST_CASE("a correction moves the meter between 0 and the cap, and keeps the fraction") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.seed = 10, .cap = 100, .rate = rate_of("0.5")}}) ==
            ok);
    REQUIRE(l(wager_of(101)) == ok);
    const auto adjust = [](std::int64_t delta) {
        return adjust_request{.pool = "p", .delta = delta, .actor = "bob", .reason = "counted"};
    };
    CHECK(l(adjust(41)) == errc::cap_exceeded);
    CHECK(l(adjust(-61)) == errc::amount_exceeds_pool);
    leaves(l, "p", adjust(40), [](pool& p) {
        p.current = 100;
        p.adjusted = 40;
    });
    REQUIRE(l(wager_of(20)) == ok);
    leaves(l, "p", adjust(-3), [](pool& p) {
        p.overflow = 7;
        p.adjusted = 37;
    });
    leaves(l, "p", adjust(-100), [](pool& p) {
        p.current = 7;
        p.overflow = 0;
        p.seeded = 7;
        p.adjusted = -63;
    });
    leaves(l, "p", adjust(-7), [](pool& p) {
        p.current = 0;
        p.seeded = 0;
        p.adjusted = -70;
    });
}

TEST_CASE("a checkpoint brings states forward, and never back") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.rate = rate_of("1")}}) == ok);
    const auto before = l.states;
    REQUIRE(l(wager_of(5)) == ok);
    operation checkpoint{.sequence = 2, .at = 1000, .request = checkpoint_request{}};
    auto& part = checkpoint.parts.emplace_back();
    part.pool = "p";
    part.version = 2;
    part.current = 5;
    part.state = std::make_shared<const pool>(l.pool("p"));
    for (auto states : {snapshot{}, before, l.states}) {
        test::value_of(apply(states, checkpoint));
        CHECK(states == l.states);
    }
    REQUIRE(l(wager_of(5)) == ok);
    auto states = l.states;
    CHECK(code_of(apply(states, checkpoint)) == errc::corrupt);
}

TEST_CASE("overflow in a pool without a cap is a broken meter") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.cap = 9, .rate = rate_of("1")}}) == ok);
    REQUIRE(l(wager_of(10)) == ok);
    auto p = l.pool("p");
    auto uncapped = *p.configuration;
    uncapped.cap.reset();
    p.configuration = std::make_shared<configuration>(uncapped);
    CHECK(code_of(check_meters(p)) == errc::corrupt);
}

TEST_CASE("a share of each wager is set aside for the next seed, as far as the reserve takes it") {
    ledger l;
    REQUIRE(l(open_request{.pool = "p",
                           .configuration = {.seed = 100,
                                             .cap = 1000,
                                             .rate = rate_of("0.5"),
                                             .seed_rate = rate_of("0.25"),
                                             .reserve_cap = 30}}) == ok);
    leaves(l, "p", wager_of(101), [](pool& p) {
        p.current += 50;
        p.carry = 500'000'000;
        p.reserve = 25;
        p.reserve_carry = 250'000'000;
        p.total_wagered = 101;
        p.total_contributions = 75;
    });
    CHECK(l.last.parts.front().to_reserve == 25);
    // What does not fit joins the pool's own credit.
    leaves(l, "p", wager_of(99), [](pool& p) {
        p.current += 70;
        p.carry = 0;
        p.reserve = 30;
        p.reserve_carry = 0;
        p.total_wagered = 200;
        p.total_contributions = 150;
    });
    // A lower limit takes nothing out, and leaves no room.
    leaves(l, "p", configure_request{.pool = "p", .patch = {.reserve_cap = std::optional<std::int64_t>(7)}},
           [](pool& p) {
               configuration c = *p.configuration;
               c.reserve_cap = 7;
               p.configuration = std::make_shared<configuration>(c);
           });
    leaves(l, "p", wager_of(4), [](pool& p) {
        p.current += 3;
        p.total_wagered += 4;
        p.total_contributions += 3;
    });
    REQUIRE(l(wager_of(3)) == ok);
    REQUIRE(l.pool("p").reserve_carry == 750'000'000);
    leaves(l, "p", configure_request{.pool = "p", .patch = {.rounding = rounding::floor}}, [](pool& p) {
        configuration c = *p.configuration;
        c.rounding = rounding::floor;
        p.configuration = std::make_shared<configuration>(c);
        p.carry = p.reserve_carry = 0;
    });
}

TEST_CASE(
    "a new seed comes from the reserve, then from the overflow where that is asked for, then from the "
    "house") {
    for (const auto from : {seed_from::house, seed_from::overflow}) {
        CAPTURE(to_string(from));
        ledger l;
        REQUIRE(l(open_request{.pool = "p",
                               .configuration = {.seed = 100,
                                                 .cap = 150,
                                                 .rate = rate_of("0.5"),
                                                 .seed_rate = rate_of("0.1"),
                                                 .seed_from = from}}) == ok);
        REQUIRE(l(wager_of(200)) == ok);  // 50 to the cap, 50 above it, 20 to the reserve
        leaves(l, "p", win_of(), [&](pool& p) {
            const bool house = from == seed_from::house;
            p.reserve = 0;
            p.funded = house ? 180 : 130;
            p.seeded = house ? 80 : 30;
            p.overflow = 0;
            p.current = house ? 150 : 100;
            p.total_wins = 150;
            p.win_count = 1;
            p.last_win = last_win{150, "g", "ann", l.last.at};
        });
        const auto& part = l.last.parts.front();
        CHECK(part.from_reserve == 20);
        CHECK(part.from_overflow == 50);
        CHECK(part.from_house == (from == seed_from::house ? 80 : 30));
    }
}

TEST_CASE("a wager above the max_wager of a pool that it would feed is refused as a whole") {
    ledger l;
    REQUIRE(l(open_request{.pool = "a",
                           .configuration = {.rate = rate_of("1"), .min_wager = 5, .max_wager = 9}}) == ok);
    REQUIRE(l(open_request{.pool = "b", .configuration = {.rate = rate_of("1")}}) == ok);
    CHECK(l(wager_of(10)) == errc::wager_too_large);
    CHECK(l(contribute_request{.game = "g", .wager = 10, .pools = name_list{"a", "b"}}) ==
          errc::wager_too_large);
    CHECK(l(contribute_request{.game = "g", .wager = 10, .pools = name_list{"b"}}) == ok);
    CHECK(l(wager_of(9)) == ok);
    CHECK(l.last.parts.size() == 2);
    CHECK(l(wager_of(4)) == ok);
    CHECK(l.last.parts.size() == 1);
    REQUIRE(l(suspend_request{.pool = "a"}) == ok);
    CHECK(l(wager_of(10)) == ok);
}

TEST_CASE("one absurd wager ends every later one, unless the pool has a max_wager") {
    // Issue 18: the sum of wagers is at the type's end, and the pool itself hardly grew.
    const std::int64_t absurd = amount_traits<std::int64_t>::amount_max() - 10;
    ledger l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.rate = rate_of("0.0001")}}) == ok);
    REQUIRE(l(open_request{.pool = "q",
                           .configuration = {.rate = rate_of("0.0001"), .max_wager = 1'000'000}}) == ok);
    const auto wager = [](const char* pool, std::int64_t amount) {
        return contribute_request{.game = "g", .wager = amount, .pools = name_list{pool}};
    };
    REQUIRE(l(wager("p", absurd)) == ok);
    CHECK(l(wager("p", 1000)) == errc::amount_overflow);
    CHECK(l(wager("q", absurd)) == errc::wager_too_large);
    // A limit comes before what does not fit, in whichever of the pools.
    CHECK(l(contribute_request{.game = "g", .wager = 1'000'001, .pools = name_list{"p", "q"}}) ==
          errc::wager_too_large);
    CHECK(l(wager("q", 1000)) == ok);
}

TEST_CASE("a configuration that is locked changes after a win, or while its pool is suspended") {
    const patch locked[] = {{.seed = 1},
                            {.cap = no_cap},
                            {.rate = rate_of("0.1")},
                            {.rounding = rounding::floor},
                            {.on_cap = on_cap::stop},
                            {.seed_rate = rate_of("0.1")},
                            {.reserve_cap = no_cap},
                            {.seed_from = seed_from::overflow},
                            {.changes = changes::any}};
    patch games;
    games.games.emplace();
    const patch open[] = {{.min_wager = 1}, {.max_wager = no_cap}, games};
    static_assert(std::size(locked) + std::size(open) == setting_count<std::int64_t>);
    for (const auto rule : {changes::after_win, changes::suspended}) {
        CAPTURE(to_string(rule));
        ledger l;
        REQUIRE(l(open_request{.pool = "p", .configuration = {.seed = 100, .changes = rule}}) == ok);
        const auto configure = [&](const patch& p, when w = when::now) {
            const auto before = l.states;
            const auto answer = l(configure_request{.pool = "p", .when = w, .patch = p});
            l.states = before;
            return answer;
        };
        for (const patch& p : open) {
            CHECK(configure(p) == ok);
        }
        for (const patch& p : locked) {
            CHECK(configure(p) == errc::changes_locked);
            CHECK(configure(p, when::after_win) == ok);
        }
        REQUIRE(l(suspend_request{.pool = "p"}) == ok);
        for (const patch& p : locked) {
            CHECK(configure(p) == (rule == changes::suspended ? ok : errc::changes_locked));
        }
        // The lock itself goes with a win.
        REQUIRE(l(resume_request{.pool = "p"}) == ok);
        REQUIRE(l(configure_request{
                    .pool = "p", .when = when::after_win, .patch = {.changes = changes::any}}) == ok);
        CHECK(configure({.seed = 1}) == errc::changes_locked);
        REQUIRE(l(win_of(1)) == ok);
        CHECK(configure({.seed = 1}) == ok);
    }
}
