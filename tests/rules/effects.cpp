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
    change(expected);
    const auto& p = l.pool(pool);
    CHECK(p.status == expected.status);
    CHECK(p.current == expected.current);
    CHECK(p.overflow == expected.overflow);
    CHECK(p.carry == expected.carry);
    CHECK(p.funded == expected.funded);
    CHECK(p.adjusted == expected.adjusted);
    CHECK(p.total_wagered == expected.total_wagered);
    CHECK(p.total_contributions == expected.total_contributions);
    CHECK(p.total_wins == expected.total_wins);
    CHECK(p.win_count == expected.win_count);
    CHECK(p.last_win == expected.last_win);
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
    pool expected{.pool = "p", .configuration = l.pool("p").configuration};
    expected.current = expected.funded = 100;
    expected.version = expected.sequence = 1;
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
    });
    CHECK(l.last.parts.front().forgone == 5);
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
        p.total_wins = 1010;
        p.win_count = 2;
        p.last_win = last_win{950, "g", "ann", l.last.at};
    });
    leaves(l, "p", win_of(), [&](pool& p) {
        p.current = 100;
        p.funded = 250;
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
        p.adjusted = -63;
    });
    leaves(l, "p", adjust(-7), [](pool& p) {
        p.current = 0;
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
