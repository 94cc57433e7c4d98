// SPDX-License-Identifier: BSL-1.0
#include "../wide.hpp"
#include "ledger.hpp"

#include <jackpot/core/notation.hpp>

using namespace jackpot;
using test::code_of;
using test::ledger;
using test::ok;
using test::rate_of;

TEST_CASE_TEMPLATE("the first field that is wrong is the error, the key before all others", Amount,
                   std::int64_t, wide_amount) {
    ledger<Amount> l;
    basic_open_request<Amount> open{.pool = "", .configuration = {.seed = -1}, .key = ""};
    auto& c = open.configuration;
    c.cap = Amount(-1);
    c.rate = rate::from_ppb(-1);
    c.rounding = static_cast<rounding>(9);
    c.on_cap = static_cast<on_cap>(9);
    c.min_wager = -1;
    c.games = {"ok", "\n"};
    CHECK(l(open) == errc::invalid_key);
    open.key = "k";
    CHECK(l(open) == errc::invalid_pool);
    open.pool = "p";
    CHECK(l(open) == errc::invalid_seed);
    c.seed = 5;
    CHECK(l(open) == errc::invalid_cap);
    c.cap = Amount(5);
    CHECK(l(open) == errc::invalid_rate);
    c.rate = rate_of("0.1");
    CHECK(l(open) == errc::invalid_rounding);
    c.rounding = rounding::carry;
    CHECK(l(open) == errc::invalid_on_cap);
    c.on_cap = on_cap::divert;
    CHECK(l(open) == errc::invalid_min_wager);
    c.min_wager = 0;
    CHECK(l(open) == errc::invalid_game);
    c.games = {"ok"};
    CHECK(l(open) == errc::invalid_cap);  // not above the seed: last
    c.cap = Amount(6);
    CHECK(l(open) == ok);
    CHECK(l(open) == errc::pool_exists);

    CHECK(l(basic_contribute_request<Amount>{.game = "", .wager = 0}) == errc::invalid_game);
    CHECK(l(basic_contribute_request<Amount>{.game = "g", .wager = 0, .pools = name_list{"p", "p"}}) ==
          errc::invalid_wager);
    CHECK(l(basic_contribute_request<Amount>{
              .game = "g", .wager = 1, .pools = name_list{"p", "p"}, .player = ""}) == errc::invalid_pool);
    CHECK(l(basic_contribute_request<Amount>{
              .game = "g", .wager = 1, .pools = name_list{"p"}, .player = ""}) == errc::invalid_player);
    CHECK(l(basic_win_request<Amount>{.pool = "", .game = "", .player = ""}) == errc::invalid_pool);
    CHECK(l(basic_win_request<Amount>{.pool = "x", .game = "g", .player = "p", .amount = Amount(0)}) ==
          errc::invalid_amount);
    CHECK(l(basic_adjust_request<Amount>{.pool = "x", .delta = 0}) == errc::invalid_amount);
    CHECK(l(basic_adjust_request<Amount>{.pool = "x", .delta = 1}) == errc::invalid_actor);
    CHECK(l(basic_adjust_request<Amount>{.pool = "x", .delta = 1, .actor = "a"}) == errc::invalid_reason);
    CHECK(l(basic_configure_request<Amount>{.pool = "x", .when = static_cast<when>(7)}) ==
          errc::invalid_when);
    CHECK(l(basic_configure_request<Amount>{.pool = "x"}) == errc::empty_configuration);
    CHECK(l(basic_configure_request<Amount>{
              .pool = "x", .when = when::discard, .patch = {.seed = Amount(1)}}) == errc::invalid_when);
    basic_patch<Amount> negative;
    negative.cap = std::optional<Amount>(-1);
    CHECK(l(basic_configure_request<Amount>{.pool = "x", .patch = negative}) == errc::invalid_cap);
    CHECK(l(basic_request<Amount>(checkpoint_request{})) == errc::invalid_operation);
}

TEST_CASE_TEMPLATE("of several pools the first in byte order is named: existence, then status, then limits",
                   Amount, std::int64_t, wide_amount) {
    ledger<Amount> l;
    for (const char* pool : {"b", "a", "c"}) {
        REQUIRE(l(basic_open_request<Amount>{.pool = pool, .configuration = {.rate = rate_of("1")}}) == ok);
    }
    REQUIRE(l(suspend_request{.pool = "a"}) == ok);
    basic_operation<Amount> o;
    const auto refused = [&](name_list pools, Amount wager) {
        o.request = basic_contribute_request<Amount>{.game = "g", .wager = wager, .pools = pools};
        const auto decided = decide(l.states, 0, o);
        REQUIRE_FALSE(decided.has_value());
        return decided.error();
    };
    CHECK(refused({"z", "a", "y"}, 1) == error{errc::unknown_pool, "pool: y"});
    CHECK(refused({"c", "a"}, 1) == error{errc::pool_suspended, "pool: a"});
    REQUIRE(l(basic_contribute_request<Amount>{
                .game = "g", .wager = amount_traits<Amount>::amount_max(), .pools = name_list{"c"}}) == ok);
    CHECK(refused({"c", "b"}, 1) == error{errc::amount_overflow, "pool: c"});
}

TEST_CASE_TEMPLATE("a wager whose total would not fit is refused, though each pool's share does", Amount,
                   std::int64_t, wide_amount) {
    ledger<Amount> l;
    REQUIRE(l(basic_open_request<Amount>{.pool = "a", .configuration = {.rate = rate_of("1")}}) == ok);
    REQUIRE(l(basic_open_request<Amount>{.pool = "b", .configuration = {.rate = rate_of("1")}}) == ok);
    const Amount most = amount_traits<Amount>::amount_max();
    CHECK(l(basic_contribute_request<Amount>{.game = "g", .wager = most}) == errc::amount_overflow);
    CHECK(l(basic_contribute_request<Amount>{.game = "g", .wager = most / 2}) == ok);
}

TEST_CASE_TEMPLATE("the share of a wager is exact, and the fraction is carried", Amount, std::int64_t,
                   wide_amount) {
    const Amount most = amount_traits<Amount>::amount_max();
    CHECK(detail::share_of(most, rate_of("1"), 999'999'999).credit == most);
    CHECK(detail::share_of(most, rate_of("0.000000001"), 0).credit == most / 1'000'000'000);
    // A thousand wagers of 1 at a third: 333.333333 units, of which the fraction stays.
    std::uint32_t carry = 0;
    Amount credited = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto share = detail::share_of(Amount(1), rate_of("0.333333333"), carry);
        credited += share.credit;
        carry = share.carry;
    }
    CHECK(credited == 333);
    CHECK(carry == 333'333'000);
}

TEST_CASE_TEMPLATE("a pending patch waits for a win that leaves no more than its cap", Amount, std::int64_t,
                   wide_amount) {
    ledger<Amount> l;
    REQUIRE(l(basic_open_request<Amount>{
                .pool = "p", .configuration = {.seed = 10, .cap = Amount(1000), .rate = rate_of("1")}}) ==
            ok);
    REQUIRE(l(basic_contribute_request<Amount>{.game = "g", .wager = 990}) == ok);
    REQUIRE(l(basic_contribute_request<Amount>{.game = "g", .wager = 30}) == ok);
    CHECK(l.pool("p").overflow == 30);
    basic_patch<Amount> patch;
    patch.cap = std::optional<Amount>(200);
    patch.seed = Amount(100);
    REQUIRE(l(basic_configure_request<Amount>{.pool = "p", .when = when::after_win, .patch = patch}) == ok);
    REQUIRE(l(basic_win_request<Amount>{.pool = "p", .game = "g", .player = "x", .amount = Amount(799)}) ==
            ok);
    CHECK(l.pool("p").pending != nullptr);  // 201 are left: above the cap that waits
    CHECK(l.pool("p").current == 231);      // and the overflow has flowed in
    REQUIRE(l(basic_win_request<Amount>{.pool = "p", .game = "g", .player = "x", .amount = Amount(200)}) ==
            ok);
    CHECK(l.pool("p").pending == nullptr);
    CHECK(l.pool("p").configuration->seed == 100);
    CHECK(l.last.parts.front().from_house == 69);
    CHECK(l.pool("p").current == 100);
}

TEST_CASE("time never runs backwards, and never leaves the range that every engine keeps") {
    ledger<std::int64_t> l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.rate = rate_of("1")}}, 5000) == ok);
    REQUIRE(l(contribute_request{.game = "g", .wager = 1}, 4000) == ok);
    CHECK(l.last.at == 5000);
    REQUIRE(l(contribute_request{.game = "g", .wager = 1}, std::numeric_limits<timestamp>::max()) == ok);
    CHECK(l.last.at == timestamp_max);
    ledger<std::int64_t> before_1970;
    REQUIRE(before_1970(open_request{.pool = "p"}, -5) == ok);
    CHECK(before_1970.last.at == 0);
}

TEST_CASE("equal requests are equal after normalising, and different ones are not") {
    basic_request<std::int64_t> a = contribute_request{.game = "g", .wager = 1, .pools = name_list{"b", "a"}};
    basic_request<std::int64_t> b = contribute_request{.game = "g", .wager = 1, .pools = name_list{"a", "b"}};
    CHECK_FALSE(a == b);
    test::value_of(normalize<std::int64_t>(a));
    test::value_of(normalize<std::int64_t>(b));
    CHECK(a == b);
    CHECK_FALSE(
        a == basic_request<std::int64_t>(contribute_request{.game = "g", .wager = 1, .pools = name_list{}}));
    CHECK_FALSE(a == basic_request<std::int64_t>(contribute_request{.game = "g", .wager = 1}));
    basic_request<std::int64_t> c = open_request{.pool = "p", .configuration = {.games = {"y", "x", "y"}}};
    basic_request<std::int64_t> d = open_request{.pool = "p", .configuration = {.games = {"x", "y"}}};
    test::value_of(normalize<std::int64_t>(c));
    test::value_of(normalize<std::int64_t>(d));
    CHECK(c == d);
}

TEST_CASE("a restored state is the earlier one but for version, opened_at and modified_at") {
    ledger<std::int64_t> l;
    REQUIRE(l(open_request{.pool = "old", .configuration = {.seed = 10, .rate = rate_of("0.5")}}, 1) == ok);
    REQUIRE(l(open_request{.pool = "same", .configuration = {.games = {"other"}}}, 1) == ok);
    const auto earlier = l.states;
    REQUIRE(l(contribute_request{.game = "g", .wager = 7}, 2) == ok);
    REQUIRE(l(open_request{.pool = "young"}, 3) == ok);
    basic_restore_request<std::int64_t> restore{
        .actor = "ann", .reason = "mistake", .returned_to = 2, .states = earlier.pools};
    restore.states[0].opened_at = restore.states[0].modified_at = 0;
    REQUIRE(l(restore, 4) == ok);
    CHECK(l.last.parts.size() == 2);  // "same" had not changed
    CHECK(l.pool("old").current == 10);
    CHECK(l.pool("old").carry == 0);
    CHECK(l.pool("old").version == 3);
    CHECK(l.pool("old").opened_at == 1);
    CHECK(l.pool("old").modified_at == 4);
    CHECK(l.pool("young").status == pool_status::suspended);
    CHECK(l.pool("same").version == 1);

    // A pool that the snapshot has and the store has not appears, as its first version, and in its place.
    ledger<std::int64_t> other;
    REQUIRE(other(open_request{.pool = "zulu"}, 8) == ok);
    REQUIRE(other(restore, 9) == ok);
    CHECK(other.pool("old").version == 1);
    CHECK(other.pool("old").opened_at == 9);
    CHECK(other.pool("zulu").status == pool_status::suspended);

    auto broken = restore;
    broken.states[0].current += 1;
    CHECK(l(broken) == errc::corrupt);
    broken = restore;
    broken.states.push_back(broken.states[0]);
    CHECK(l(broken) == errc::invalid_pool);
    broken = restore;
    broken.states[0].pending = notation::make_pending({}, *broken.states[0].configuration);
    CHECK(l(broken) == errc::invalid_operation);
    CHECK(l(basic_restore_request<std::int64_t>{.actor = "", .reason = "r"}) == errc::invalid_actor);
    CHECK(l(basic_restore_request<std::int64_t>{.actor = "a", .reason = ""}) == errc::invalid_reason);
}

TEST_CASE("a journal that cannot follow its states is corrupt") {
    ledger<std::int64_t> l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.seed = 5, .rate = rate_of("1")}}) == ok);
    const auto states = l.states;
    REQUIRE(l(contribute_request{.game = "g", .wager = 1}) == ok);
    const auto broken = [&](auto&& change) {
        auto o = l.last;
        change(o);
        auto copy = states;
        return code_of(apply(copy, o));
    };
    CHECK(broken([](auto&) {}) == ok);
    CHECK(broken([](auto& o) { o.sequence = 3; }) == errc::corrupt);
    CHECK(broken([](auto& o) { o.sequence = 1; }) == errc::corrupt);
    CHECK(broken([](auto& o) { o.at = 1; }) == errc::corrupt);
    CHECK(broken([](auto& o) { o.parts[0].version = 3; }) == errc::corrupt);
    CHECK(broken([](auto& o) { o.parts[0].pool = "q"; }) == errc::corrupt);
    CHECK(broken([](auto& o) {
              o.parts[0].to_pool = amount_traits<std::int64_t>::amount_max();
              o.parts[0].to_overflow = 1;
          }) == errc::corrupt);
    CHECK(broken([](auto& o) { o.request = checkpoint_request{}; }) == errc::corrupt);
}

TEST_CASE_TEMPLATE("every broken meter is found", Amount, std::int64_t, wide_amount) {
    ledger<Amount> l;
    REQUIRE(l(basic_open_request<Amount>{
                .pool = "p", .configuration = {.seed = 5, .cap = Amount(9), .rate = rate_of("0.5")}}) == ok);
    REQUIRE(l(basic_contribute_request<Amount>{.game = "g", .wager = 11}) == ok);
    const auto broken = [&](auto&& change) {
        auto p = l.pool("p");
        change(p);
        return code_of(check_meters(p)) == errc::corrupt;
    };
    CHECK_FALSE(broken([](auto&) {}));
    CHECK(broken([](auto& p) { p.current -= 1; }));
    CHECK(broken([](auto& p) {
        p.current = -1;
        p.overflow += 10;
    }));
    CHECK(broken([](auto& p) { p.total_wins += 1; }));
    CHECK(broken([](auto& p) { p.total_wins = -1, p.overflow += 1; }));
    CHECK(broken([](auto& p) { p.funded = -1, p.total_contributions += 6; }));
    CHECK(broken([](auto& p) { p.total_wagered = -1; }));
    CHECK(broken([](auto& p) { p.adjusted -= 1; }));
    CHECK(broken([](auto& p) {
        p.current += 1;
        p.adjusted += 1;
    }));  // above the cap
    CHECK(broken([](auto& p) {
        p.current -= 1;
        p.overflow += 1;
    }));  // overflow below the cap
    CHECK(broken([](auto& p) { p.carry = 1'000'000'000; }));
    CHECK(broken([](auto& p) {
        p.funded = amount_traits<Amount>::amount_max();
        p.adjusted = -amount_traits<Amount>::amount_max();
    }));
    CHECK(broken([](auto& p) { p.configuration = nullptr; }));
}

TEST_CASE("states that differ in any field are not equal") {
    ledger<std::int64_t> l;
    REQUIRE(l(open_request{.pool = "p", .configuration = {.seed = 5}}) == ok);
    const auto differs = [&](auto&& change) {
        auto p = l.pool("p");
        change(p);
        return p != l.pool("p");
    };
    CHECK_FALSE(
        differs([](auto& p) { p.configuration = std::make_shared<configuration>(*p.configuration); }));
    CHECK(differs([](auto& p) { p.pool = "q"; }));
    CHECK(differs([](auto& p) { p.status = pool_status::suspended; }));
    CHECK(differs([](auto& p) { p.configuration = std::make_shared<configuration>(); }));
    CHECK(differs([](auto& p) { p.pending = notation::make_pending({}, *p.configuration); }));
    each_meter<std::int64_t>([&](const auto& m, auto meter) {
        CAPTURE(m.name);
        CHECK(differs([&](auto& p) { p.*meter += 1; }));
    });
    for (const auto time : {&pool::opened_at, &pool::modified_at}) {
        CHECK(differs([&](auto& p) { p.*time += 1; }));
    }
    for (const auto count : {&pool::version, &pool::sequence}) {
        CHECK(differs([&](auto& p) { p.*count += 1; }));
    }
    CHECK(differs([](auto& p) { p.last_win.emplace(); }));
}
