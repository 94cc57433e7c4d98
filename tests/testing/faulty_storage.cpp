// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/testing/faulty_storage.hpp>
#include <jackpot/testing/laws/commits.hpp>

using namespace jackpot;
using test::code_of;
using testing::lost;

static_assert(storage<testing::faulty_storage<memory_storage<>>>);
static_assert(exclusive_storage<testing::faulty_storage<memory_storage<>>>);
static_assert(rewritable_storage<testing::faulty_storage<memory_storage<>>>);
static_assert(retaining_storage<testing::faulty_storage<memory_storage<>>>);
static_assert(!tracing_storage<testing::faulty_storage<memory_storage<>>>);

namespace {

/// A store behind one that loses calls, and a commit for it.
struct rig {
    testing::fault_plan plan{};
    memory_storage<> store{};
    testing::faulty_storage<memory_storage<>> faulty{store, plan};
    testing::ledger<std::int64_t> ledger = testing::detail::begun<std::int64_t>();

    std::uint64_t sequence() { return test::snapshot_of<std::int64_t>(store).head.sequence; }
};

}  // namespace

TEST_CASE("a lost request does nothing, a lost answer has done it") {
    for (const auto way : {lost::request, lost::answer}) {
        rig r{.plan = {.call = 2, .lost = way}};
        snapshot states;
        CHECK(r.faulty.load(states));
        CHECK(code_of(r.faulty.commit(r.ledger.commit_after(0))) == errc::unavailable);
        CHECK(r.sequence() == (way == lost::request ? 0 : r.ledger.sequence()));
        CHECK(r.faulty.load(states));
        CHECK(r.plan.calls == 3);
    }
}

TEST_CASE("every verb is a call") {
    for (std::uint64_t call = 1; call <= 8; ++call) {
        CAPTURE(call);
        rig r{.plan = {.call = call}};
        snapshot states;
        operation found;
        std::vector<operation> page;
        const auto nothing = [](auto&) { return expected<void>(); };
        const errc seen[] = {
            code_of(r.faulty.load(states)),       code_of(r.faulty.commit(r.ledger.commit_after(0))),
            code_of(r.faulty.find("key", found)), code_of(r.faulty.read({}, page)),
            code_of(r.faulty.seal(false)),        code_of(r.faulty.exclusive(nothing)),
            code_of(r.faulty.retain(0)),          code_of(r.faulty.rewrite(states)),
        };
        for (std::uint64_t i = 1; i <= 8; ++i) {
            CHECK((seen[i - 1] == errc::unavailable) == (i == call));
        }
    }
}

TEST_CASE("for good, every later call is lost too") {
    rig r{.plan = {.call = 2, .for_good = true}};
    CHECK(r.faulty.seal(false));
    for (int i = 0; i < 3; ++i) {
        CHECK(code_of(r.faulty.seal(true)) == errc::unavailable);
    }
    CHECK_FALSE(test::snapshot_of<std::int64_t>(r.store).head.sealed);
}

TEST_CASE("calls under the lock are counted, and a lost lock runs nothing") {
    rig r{.plan = {.call = 2}};
    const auto body = [&](auto& locked) { return locked.commit(r.ledger.commit_after(0)); };
    CHECK(code_of(r.faulty.exclusive(body)) == errc::unavailable);
    CHECK(r.plan.calls == 2);
    CHECK(r.sequence() == 0);
    r.plan = {.call = 1, .lost = lost::answer};
    CHECK(code_of(r.faulty.exclusive(body)) == errc::unavailable);
    CHECK(r.plan.calls == 1);
    CHECK(r.sequence() == 0);
    CHECK(r.faulty.exclusive(body));
    CHECK(r.sequence() == r.ledger.sequence());
}
