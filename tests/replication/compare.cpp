// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/replication/compare.hpp>
#include <jackpot/store/checkpoint.hpp>

using namespace jackpot;
using test::snapshot_of;
using test::value_of;

// What two stores can differ in though their pools are the same, and how much is said where they differ in
// much.

namespace {

/// Some operations, and the states after them.
struct history {
    snapshot states{};
    std::vector<operation> operations{};

    explicit history(int wagers) {
        memory_storage<> store;
        network net(store, seeded_environment(1));
        test::open_pools(net);
        for (int i = 0; i < wagers; ++i) {
            value_of(net.contribute({.game = "g", .wager = 1000}));
        }
        states = snapshot_of<std::int64_t>(store);
        value_of(store.read({.limit = 5000}, operations));
    }
    void copy_to(memory_storage<>& store) const { test::begin_with(store, states, operations); }
    /// Those states alone.
    void leap_to(memory_storage<>& store) const {
        const auto checkpoint = detail::checkpoint_of(states);
        test::begin_with(store, states, {&checkpoint, 1});
    }
};

}  // namespace

TEST_CASE("one journal in two networks of pools is told") {
    history h(5);
    memory_storage<> left;
    memory_storage<> right;
    h.copy_to(left);
    h.states.head.identity.low += 1;
    h.copy_to(right);
    const auto found = value_of(compare(left, right));
    REQUIRE(found.count == 1);
    CHECK(found.differences[0].where == "store");
    CHECK(found.differences[0].what == "identity");
}

TEST_CASE("checkpoints are compared by what they leave, the operation that they stand for, and its time") {
    const auto compared = [](auto&& change) {
        history h(5);
        memory_storage<> left;
        memory_storage<> right;
        h.leap_to(left);
        change(h.states);
        h.leap_to(right);
        return value_of(compare(left, right));
    };
    CHECK(compared([](snapshot&) {}).equal());
    const auto later = compared([](snapshot& states) { states.head.at += 5; });
    REQUIRE(later.count == 1);
    CHECK(later.differences[0].what == "newest at");
    const auto another = compared([](snapshot& states) { states.head.newest.low += 1; });
    REQUIRE(another.count == 1);
    CHECK(another.differences[0].where == "operation 8");
    const auto fuller = compared([](snapshot& states) { states.pools[0].total_wagered += 1; });
    REQUIRE(fuller.count == 2);
    CHECK(fuller.differences[0].what == "total_wagered");
    CHECK(fuller.differences[1].where == "operation 8");
}

TEST_CASE("a pool that one side has not is told, whichever side that is") {
    const history h(5);
    memory_storage<> whole;
    memory_storage<> less;
    h.copy_to(whole);
    h.copy_to(less);
    auto states = h.states;
    states.pools.erase(states.pools.begin());
    REQUIRE(value_of(less.rewrite(states)) == commit_result::committed);
    const auto only_left = value_of(compare(whole, less));
    REQUIRE(only_left.count == 1);
    CHECK(only_left.differences[0].where == "pool major");
    CHECK(only_left.differences[0].right == "missing");
    const auto only_right = value_of(compare(less, whole));
    REQUIRE(only_right.count == 1);
    CHECK(only_right.differences[0].where == "pool major");
    CHECK(only_right.differences[0].left == "missing");
}

TEST_CASE("of many differences some are kept, those of the states first, and all are counted") {
    memory_storage<> left;
    memory_storage<> right;
    history(300).copy_to(left);
    history(20).copy_to(right);
    const auto found = value_of(compare(left, right));
    REQUIRE(found.differences.size() == comparison::kept_max);
    const auto of_states =
        std::count_if(found.differences.begin(), found.differences.end(),
                      [](const auto& d) { return d.where.find("operation") == std::string::npos; });
    CHECK(of_states > 3);
    CHECK(found.count == static_cast<std::uint64_t>(of_states) + 280);
    CHECK(found.differences.back().right == "missing");
}
