// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

// Which commits cross to a server in one round trip: those of every request but such as make a pool or may
// change the list of its games.

using namespace jackpot;
using test::value_of;

namespace {

/// A ledger, and a store that follows it; commits go through one connection of the store.
class follower {
public:
    explicit follower(const std::string& engine) : at_(engine), ledger_(test::small_ledger()) {
        auto store = value_of(soci_storage::open(at_.url()));
        test::commit_after(store, ledger_, 0);
    }

    /// Adds an operation, and says whether its commit crossed at once. It is in the store then, either way.
    bool crosses(basic_request<std::int64_t> r) {
        const auto before = ledger_.sequence();
        REQUIRE(value_of(ledger_.add(std::move(r))));
        return value_of(soci_storage::visit(at_.url(), [&](sql::connection& c) {
            sql::session_storage<std::int64_t> store(c);
            const sql::commit_plan<std::int64_t> plan(ledger_.commit_after(before));
            value_of(plan.sound);
            const bool at_once = plan.may_cross_at_once() && sql::commit_at_once(c, plan.rows);
            if (!at_once) {
                test::commit_after(store, ledger_, before);
            }
            CAPTURE(to_string(ledger_.journal().back().kind()));
            CAPTURE(before);
            snapshot stored;
            value_of(store.load(stored));
            CHECK(stored == ledger_.states());
            return at_once;
        }));
    }

private:
    test::place at_;
    testing::ledger<std::int64_t> ledger_;
};

}  // namespace

TEST_CASE("a commit crosses in one trip unless it makes a pool or may change its games") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        follower store(engine);
        const bool can = engine != "sqlite";  // which is no trip away
        const patch other_games{.games = std::vector<name>{"keno"}};
        CHECK(store.crosses(contribute_request{.game = "slots", .wager = 1000}) == can);
        CHECK(store.crosses(win_request{.pool = "minor", .game = "slots", .player = "ann"}) == can);
        CHECK(store.crosses(win_request{.pool = "major", .game = "slots", .player = "ann", .key = "w"}) ==
              can);
        CHECK(store.crosses(adjust_request{.pool = "major", .delta = 7, .actor = "ann", .reason = "gift"}) ==
              can);
        CHECK(store.crosses(suspend_request{.pool = "minor"}) == can);
        CHECK(store.crosses(resume_request{.pool = "minor"}) == can);
        CHECK(store.crosses(configure_request{.pool = "minor", .patch = {.seed = 40}}) == can);
        CHECK(!store.crosses(configure_request{.pool = "minor", .patch = other_games}));
        // The pool has a patch that waits for a win, and the store does not look what is in it.
        CHECK(store.crosses(contribute_request{.game = "keno", .wager = 1000}) == can);
        CHECK(!store.crosses(win_request{.pool = "mega", .game = "keno", .player = "ann"}));
        CHECK(store.crosses(win_request{.pool = "mega", .game = "keno", .player = "ann", .amount = 1}) ==
              can);
        CHECK(
            !store.crosses(configure_request{.pool = "mega", .when = when::after_win, .patch = other_games}));
        CHECK(!store.crosses(win_request{.pool = "mega", .game = "keno", .player = "bob", .amount = 1}));
        CHECK(
            !store.crosses(open_request{.pool = "grand", .configuration = {.rate = test::rate_of("0.01")}}));
    }
}
