// SPDX-License-Identifier: BSL-1.0
#include "ledger.hpp"

#include <set>

using namespace jackpot;
using test::ok;
using test::rate_of;

// Holds, transfers, closes and reverts (R13 to R15): what each does to its pools, every field compared, and
// what each refuses.

namespace {

using ledger = test::ledger<std::int64_t>;

/// Is the pool as `before`, but for what `change` does, its version, sequence and time?
template <class Change>
void left(const ledger& l, const pool& before, Change&& change) {
    auto expected = before;
    expected.version += 1;
    expected.sequence = l.states.head.sequence;
    expected.modified_at = l.states.head.at;
    change(expected);
    const auto& p = l.pool(std::string(before.pool.view()).c_str());
    each_meter<std::int64_t>([&](const auto& m, auto meter) {
        CAPTURE(m.name);
        CHECK(p.*meter == expected.*meter);
    });
    CHECK(p == expected);
}

/// Does the request leave the pool so?
template <class Request, class Change>
void leaves(ledger& l, const char* pool, const Request& request, Change&& change) {
    const auto before = l.pool(pool);
    REQUIRE(l(request, l.states.head.at + 5) == ok);
    left(l, before, change);
}

const basic_part<std::int64_t>& part_of(const ledger& l, const char* pool) {
    for (const auto& part : l.last.parts) {
        if (part.pool == pool) {
            return part;
        }
    }
    FAIL("no part");
    return l.last.parts[0];
}

void open(ledger& l, const char* pool, configuration c) {
    REQUIRE(l(open_request{.pool = pool, .configuration = std::move(c)}) == ok);
}

/// The operation of a wager that feeds these pools.
basic_operation<std::int64_t> feed(ledger& l, name_list pools, std::int64_t wager) {
    REQUIRE(l(contribute_request{.game = "g", .wager = wager, .pools = std::move(pools), .key = "w"}) == ok);
    return l.last;
}

hold_request hold_of(std::optional<std::int64_t> amount, const char* hold = "h") {
    return {.pool = "p", .game = "g", .player = "ann", .amount = amount, .hold = hold};
}
confirm_request confirmation(const char* hold = "h") {
    return {.pool = "p", .hold = hold, .actor = "bob"};
}
release_request release_of(const char* hold = "h") {
    return {.pool = "p", .hold = hold, .actor = "bob", .reason = "void"};
}
transfer_request transfer_of(const char* from, const char* to, std::int64_t amount) {
    return {.from = from, .to = to, .amount = amount, .actor = "bob", .reason = "merge"};
}
close_request close_of(std::optional<name> to, std::int64_t to_house = 0) {
    return {.pool = "p", .to = to, .to_house = to_house, .actor = "bob", .reason = "retired"};
}
revert_request revert_of(const basic_operation<std::int64_t>& wager) {
    revert_request r{.reverts = "w", .actor = "bob", .reason = "cancelled"};
    detail::find_contribution(r, &wager);
    return r;
}

}  // namespace

TEST_CASE("a hold resets the pool as a win does, and keeps who is to have it") {
    ledger l;
    open(l, "p", {.seed = 100, .cap = 1000, .rate = rate_of("0.5"), .seed_rate = rate_of("0.1")});
    feed(l, {"p"}, 300);
    auto request = hold_of({});
    request.round = "r";
    request.site = "s";
    leaves(l, "p", request, [&](pool& p) {
        p.current = 100;
        p.reserve = 0;
        p.held = 250;
        p.funded += 70;
        p.seeded = 70;
        p.reset_sequence = l.states.head.sequence;
        p.holds.put({.hold = "h",
                     .amount = 250,
                     .game = "g",
                     .player = "ann",
                     .round = "r",
                     .site = "s",
                     .at = l.states.head.at,
                     .sequence = l.states.head.sequence,
                     .from_house = 70,
                     .from_reserve = 30,
                     .seeded_paid = 100});
    });
    CHECK(part_of(l, "p").paid == 250);
    // Of the next hold, less than the house put in is paid.
    leaves(l, "p", hold_of(40, "i"), [&](pool& p) {
        p.held += 40;
        p.funded += 40;
        p.seeded = 70;
        p.reset_sequence = l.states.head.sequence;
        p.holds.put({.hold = "i",
                     .amount = 40,
                     .game = "g",
                     .player = "ann",
                     .round = {},
                     .site = {},
                     .at = l.states.head.at,
                     .sequence = l.states.head.sequence,
                     .from_house = 40,
                     .from_reserve = 0,
                     .seeded_paid = 40});
    });
}

TEST_CASE("the holds of a pool: each name once, and 1,024 of them") {
    ledger l;
    open(l, "p", {.seed = 5000});
    for (int i = 0; i < 1024; ++i) {
        REQUIRE(l(hold_of(1, ("h" + std::to_string(i)).c_str())) == ok);
    }
    CHECK(l(hold_of(1, "h7")) == errc::hold_exists);
    CHECK(l(hold_of(1, "more")) == errc::too_many_holds);
    CHECK(l(hold_of(9999, "more")) == errc::too_many_holds);
    REQUIRE(l(confirmation("h7")) == ok);
    CHECK(l(hold_of(1, "h7")) == ok);
    CHECK(l(suspend_request{.pool = "p"}) == ok);
    CHECK(l(hold_of(1, "h7")) == errc::pool_suspended);
}

TEST_CASE("a hold that is confirmed is the win that it waited to be") {
    ledger l;
    open(l, "p", {.seed = 100});
    REQUIRE(l(hold_of(30), 5000) == ok);
    REQUIRE(l(suspend_request{.pool = "p"}, 6000) == ok);
    CHECK(l(confirmation("other")) == errc::unknown_hold);
    leaves(l, "p", confirmation(), [](pool& p) {
        p.held = 0;
        p.total_wins = 30;
        p.win_count = 1;
        p.last_win = {30, "g", "ann", 5000};
        p.holds.erase("h");
    });
    CHECK(part_of(l, "p").paid == 30);
    CHECK(l(confirmation()) == errc::unknown_hold);
    CHECK(l(release_of()) == errc::unknown_hold);
}

TEST_CASE("a hold that is released gives back to the house and to the reserve, and the rest to the pool") {
    ledger l;
    open(l, "p", {.seed = 100, .cap = 200, .rate = rate_of("0.5"), .seed_rate = rate_of("0.1")});
    feed(l, {"p"}, 300);  // current 200, overflow 50, reserve 30
    REQUIRE(l(hold_of({})) == ok);
    REQUIRE(part_of(l, "p").from_reserve == 30);
    REQUIRE(part_of(l, "p").from_house == 70);
    REQUIRE(part_of(l, "p").current == 150);
    leaves(l, "p", release_of(), [](pool& p) {
        p.current = 200;  // 100 left to give: 50 fit
        p.overflow = 50;
        p.reserve = 30;
        p.held = 0;
        p.funded = 100;
        p.seeded = 100;
        p.holds.erase("h");
    });
    const auto& part = part_of(l, "p");
    CHECK(part.to_house == 70);
    CHECK(part.to_reserve == 30);
    CHECK(part.to_pool == 50);
    CHECK(part.to_overflow == 50);
}

TEST_CASE("after another reset the pool takes back the whole of a released hold") {
    ledger l;
    open(l, "p", {.seed = 100});
    REQUIRE(l(hold_of(60)) == ok);
    REQUIRE(l(hold_of(10, "later")) == ok);
    leaves(l, "p", release_of(), [](pool& p) {
        p.current = 160;
        p.held = 10;
        p.seeded = 160;  // of the amount the house had put in all
        p.holds.erase("h");
    });
    CHECK(part_of(l, "p").to_house == 0);
}

TEST_CASE(
    "a released hold gives the house no more than it still has in the pool, nor the reserve above its cap") {
    ledger l;
    open(l, "p", {.seed = 100, .rate = rate_of("0.5"), .seed_rate = rate_of("0.5")});
    feed(l, {"p"}, 60);             // current 130, reserve 30
    REQUIRE(l(hold_of({})) == ok);  // the house puts in 70, the reserve 30
    REQUIRE(l(adjust_request{.pool = "p", .delta = -80, .actor = "bob", .reason = "count"}) == ok);
    REQUIRE(l.pool("p").seeded == 20);
    REQUIRE(l(configure_request{.pool = "p", .patch = {.reserve_cap = 12}}) == ok);
    REQUIRE(l(release_of()) == ok);
    const auto& part = part_of(l, "p");
    CHECK(part.to_house == 20);
    CHECK(part.to_reserve == 12);
    CHECK(part.to_pool == 98);
    CHECK(l.pool("p").current == 118);
    CHECK(l.pool("p").seeded == 100);
}

TEST_CASE("a transfer leaves the overflow first, and its target's cap holds") {
    ledger l;
    open(l, "p", {.seed = 20, .cap = 50, .rate = rate_of("1")});
    open(l, "a", {.cap = 45, .on_cap = on_cap::stop});
    feed(l, {"p"}, 60);  // current 50, overflow 30
    CHECK(l(transfer_of("p", "a", 60)) == errc::pool_active);
    REQUIRE(l(suspend_request{.pool = "p"}) == ok);
    CHECK(l(transfer_of("p", "p", 1)) == errc::invalid_to);
    CHECK(l(transfer_of("p", "nobody", 1)) == errc::unknown_pool);
    CHECK(l(transfer_of("p", "a", 81)) == errc::amount_exceeds_pool);
    const auto target = l.pool("a");
    leaves(l, "p", transfer_of("p", "a", 70), [](pool& p) {
        p.current = 10;
        p.overflow = 0;
        p.seeded = 10;
        p.transferred = -70;
    });
    left(l, target, [](pool& p) {
        p.current = 45;
        p.overflow = 25;
        p.transferred = 70;
    });
    REQUIRE(l.last.parts.size() == 2);
    CHECK(l.last.parts[0].pool == "a");
    CHECK(l.last.parts[0].to_pool == 45);
    CHECK(l.last.parts[0].to_overflow == 25);
    CHECK(l.last.parts[1].from_overflow == 30);
    CHECK(l.last.parts[1].from_pool == 40);
}

TEST_CASE("a pool that closes gives everything away, and stays closed") {
    ledger l;
    open(l, "p", {.seed = 100, .cap = 150, .rate = rate_of("0.5"), .seed_rate = rate_of("0.1")});
    open(l, "z", {});
    feed(l, {"p"}, 120);  // current 150, overflow 10, reserve 12
    REQUIRE(l(configure_request{.pool = "p", .when = when::after_win, .patch = {.seed = 1}}) == ok);
    REQUIRE(l(hold_of(5)) == ok);
    REQUIRE(l(configure_request{.pool = "p", .when = when::after_win, .patch = {.seed = 1}}) == ok);
    CHECK(l(close_of("z")) == errc::pool_active);
    REQUIRE(l(suspend_request{.pool = "p"}) == ok);
    CHECK(l(close_of("z")) == errc::pool_held);
    REQUIRE(l(release_of()) == ok);
    REQUIRE(l.pool("p").seeded == 100);
    CHECK(l(close_of("z", 101)) == errc::amount_exceeds_seed);
    CHECK(l(close_of({}, 100)) == errc::pool_not_empty);
    CHECK(l(close_of("p")) == errc::invalid_to);
    const auto target = l.pool("z");
    leaves(l, "p", close_of("z", 90), [](pool& p) {
        p.status = pool_status::closed;
        p.current = p.overflow = p.reserve = p.seeded = 0;
        p.funded = 10;
        p.transferred = -82;
        p.pending = nullptr;
    });
    left(l, target, [](pool& p) {
        p.current = 82;
        p.transferred = 82;
    });
    CHECK(part_of(l, "p").transferred == 82);
    CHECK(part_of(l, "p").to_house == 90);
    CHECK(l(resume_request{.pool = "p"}) == errc::pool_closed);
    CHECK(l(transfer_of("z", "p", 1)) == errc::pool_closed);
    CHECK(l(open_request{.pool = "p"}) == errc::pool_exists);
    REQUIRE(l(contribute_request{.game = "g", .wager = 10}) == ok);
    CHECK(l.last.parts.size() == 1);
}

TEST_CASE("the fractions of a closed pool go along, and whole units of them are a contribution") {
    for (const rounding kept : {rounding::carry, rounding::floor}) {
        const int unit = kept == rounding::carry ? 1 : 0;
        const std::uint32_t rest = kept == rounding::carry ? 300'000'000 : 0;
        ledger l;
        open(l, "p", {.rate = rate_of("0.3"), .seed_rate = rate_of("0.4")});
        open(l, "z", {.rate = rate_of("0.6"), .rounding = kept});
        feed(l, {"p", "z"}, 1);
        REQUIRE(l(suspend_request{.pool = "p"}) == ok);
        const auto target = l.pool("z");
        leaves(l, "p", close_of("z"), [](pool& p) {
            p.status = pool_status::closed;
            p.carry = p.reserve_carry = 0;
        });
        left(l, target, [&](pool& p) {
            p.current = unit;
            p.total_contributions = unit;
            p.carry = rest;
        });
        CHECK(part_of(l, "z").to_pool == unit);
    }
}

TEST_CASE("an empty pool closes without a target, and keeps its fractions") {
    ledger l;
    open(l, "p", {.seed = 7, .rate = rate_of("0.3")});
    feed(l, {"p"}, 1);
    REQUIRE(l(suspend_request{.pool = "p"}) == ok);
    leaves(l, "p", close_of({}, 7), [](pool& p) {
        p.status = pool_status::closed;
        p.current = p.seeded = p.funded = 0;
    });
    CHECK(l.pool("p").carry == 300'000'000);
}

TEST_CASE("a wager that is reverted leaves the reserve, then the overflow, then the pool") {
    ledger l;
    open(l, "p", {.seed = 10, .cap = 30, .rate = rate_of("0.5"), .seed_rate = rate_of("0.25")});
    const auto wager = feed(l, {"p"}, 40);                           // to_pool 20, to_reserve 10
    REQUIRE(l(contribute_request{.game = "g", .wager = 12}) == ok);  // to_overflow 6, to_reserve 3
    leaves(l, "p", revert_of(wager), [](pool& p) {
        p.reserve = 3;
        p.overflow = 0;
        p.current = 16;
        p.total_contributions = 9;
        p.total_wagered = 12;
        p.wager_count = 1;
    });
    const auto& part = part_of(l, "p");
    CHECK(part.from_reserve == 10);
    CHECK(part.from_overflow == 6);
    CHECK(part.from_pool == 14);
    CHECK(part.from_house == 0);
}

TEST_CASE("where somebody has won a reverted wager, the house stands in for it") {
    ledger l;
    open(l, "p", {.rate = rate_of("1")});
    const auto wager = feed(l, {"p"}, 50);
    REQUIRE(l(win_request{.pool = "p", .game = "g", .player = "ann", .amount = 1}) == ok);
    leaves(l, "p", revert_of(wager), [](pool& p) {
        p.funded = 50;
        p.total_contributions = p.total_wagered = 0;
        p.wager_count = 0;
    });
    CHECK(part_of(l, "p").from_house == 50);
}

TEST_CASE("a revert takes nothing of what the house put in, nor anything of a closed pool") {
    ledger l;
    open(l, "p", {.seed = 40, .cap = 60, .rate = rate_of("1"), .on_cap = on_cap::stop});
    open(l, "z", {});
    const auto wager = feed(l, {"p"}, 30);  // 20 taken, 10 forgone
    REQUIRE(l(adjust_request{.pool = "p", .delta = -15, .actor = "bob", .reason = "count"}) == ok);
    auto again = l;
    leaves(l, "p", revert_of(wager), [](pool& p) {
        p.current = 40;
        p.funded += 15;
        p.total_contributions = p.total_wagered = p.total_forgone = 0;
        p.wager_count = 0;
    });
    CHECK(part_of(l, "p").forgone == 10);
    REQUIRE(again(suspend_request{.pool = "p"}) == ok);
    REQUIRE(again(close_of("z", 40)) == ok);
    leaves(again, "p", revert_of(wager), [](pool& p) {
        p.funded += 20;
        p.total_contributions = p.total_wagered = p.total_forgone = 0;
        p.wager_count = 0;
    });
}

TEST_CASE("what a revert cannot find is an unknown wager") {
    ledger l;
    open(l, "p", {.rate = rate_of("1")});
    const auto before = l.states;
    const auto wager = feed(l, {"p"}, 50);
    const auto opened = l.last;
    CHECK(l(revert_request{.reverts = "w", .actor = "bob", .reason = "cancelled"}) == errc::unknown_wager);
    REQUIRE(l(win_request{.pool = "p", .game = "g", .player = "ann"}) == ok);
    CHECK(l(revert_of(l.last)) == errc::unknown_wager);
    // The pool returned to a moment before the wager.
    REQUIRE(l(restore_request{.actor = "bob", .reason = "test", .returned_to = 1, .states = before.pools}) ==
            ok);
    CHECK(l(revert_of(wager)) == errc::unknown_wager);
}

TEST_CASE("a wager that a restore took out is unknown, also where it had put nothing in") {
    ledger l;
    open(l, "p", {.rate = rate_of("0.0001")});
    const auto before = l.states;
    const auto wager = feed(l, {"p"}, 50);
    REQUIRE(l.last.parts[0].to_pool == 0);
    REQUIRE(l(restore_request{.actor = "bob", .reason = "test", .returned_to = 1, .states = before.pools}) ==
            ok);
    CHECK(l(revert_of(wager)) == errc::unknown_wager);
}

TEST_CASE("a pool whose reserve alone is left is not empty") {
    ledger l;
    open(l, "p", {.seed = 100, .rate = rate_of("0"), .seed_rate = rate_of("1")});
    REQUIRE(l(contribute_request{.game = "g", .wager = 50}) == ok);
    REQUIRE(l(suspend_request{.pool = "p"}) == ok);
    CHECK(l(close_of(std::nullopt, 100)) == errc::pool_not_empty);
}

TEST_CASE("one absurd wager fills a meter for good: a revert leads out, and max_wager prevents it") {
    ledger l;
    constexpr std::int64_t absurd = amount_traits<std::int64_t>::amount_max() - 10;
    open(l, "p", {.rate = rate_of("0.0001")});
    const auto wager = feed(l, {"p"}, absurd);
    CHECK(l(contribute_request{.game = "g", .wager = 100}) == errc::amount_overflow);
    REQUIRE(l(revert_of(wager)) == ok);
    CHECK(l(contribute_request{.game = "g", .wager = 100}) == ok);
    REQUIRE(l(configure_request{.pool = "p", .patch = {.max_wager = 1000}}) == ok);
    CHECK(l(contribute_request{.game = "g", .wager = absurd}) == errc::wager_too_large);
    CHECK(l(contribute_request{.game = "g", .wager = 1000}) == ok);
}

TEST_CASE("what moves between pools fits their meters, or nothing changes") {
    constexpr std::int64_t most = amount_traits<std::int64_t>::amount_max();
    ledger l;
    open(l, "p", {.seed = most});
    open(l, "z", {.seed = most});
    REQUIRE(l(suspend_request{.pool = "p"}) == ok);
    CHECK(l(transfer_of("p", "z", 1)) == errc::amount_overflow);
    CHECK(l(close_of("z", most - 1)) == errc::amount_overflow);
    CHECK(l(close_of("z", most)) == ok);
}

TEST_CASE("the journal's key of a revert follows from what it reverts, and is no caller's") {
    const name longest(std::string(128, 'k'));
    const name other(std::string(127, 'k') + "l");
    std::set<std::string> keys;
    for (const name& reverts : {name("w"), name("v"), name(std::string(127, 'k')), longest, other}) {
        const name key = detail::revert_key(reverts);
        CHECK_FALSE(is_valid(key));
        CHECK_FALSE(key.truncated());
        CHECK(key == detail::revert_key(reverts));
        keys.insert(std::string(key.view()));
    }
    CHECK(keys.size() == 5);
}
