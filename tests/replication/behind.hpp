// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_REPLICATION_BEHIND_HPP
#define JACKPOT_TESTS_REPLICATION_BEHIND_HPP

#include "../support.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/compare.hpp>
#include <jackpot/replication/write_behind.hpp>
#include <jackpot/testing/faulty_storage.hpp>

namespace test {

/// A store in memory that can be cut off, and what is in front of it.
template <class Amount = std::int64_t>
struct rig {
    using faulty = testing::faulty_storage<memory_storage<Amount>>;
    using front_type = write_behind<faulty>;

    explicit rig(const write_behind_options& o = {}) : options(o) { restart(); }

    /// As after a crash: what was in memory is gone.
    void restart() { front = std::make_unique<front_type>(behind, options); }
    void cut() { plan = {.call = plan.calls + 1, .for_good = true, .calls = plan.calls}; }
    void mend() { plan.call = 0; }
    std::uint64_t reached() { return test::snapshot_of<Amount>(store).head.sequence; }
    network<front_type, seeded_environment> net(std::uint64_t seed) {
        return network<front_type, seeded_environment>(*front, seeded_environment(seed), {.attempts = 2});
    }
    void check_equal() {
        CHECK(value_of(compare(*front, store)).equal());
        CHECK(value_of(audit(store)).clean());
    }

    testing::fault_plan plan{};
    memory_storage<Amount> store{};
    faulty behind{store, plan};
    write_behind_options options;
    std::unique_ptr<front_type> front;
};

template <class Network>
void take_wagers(Network& net, int times) {
    for (int i = 0; i < times; ++i) {
        value_of(net.contribute({.game = "slots", .wager = 1000}));
    }
}

}  // namespace test

#endif
