// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_CONTRACT_MODEL_HPP
#define JACKPOT_TESTS_CONTRACT_MODEL_HPP

#include "../support.hpp"
#include "../wide.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <cstdlib>

// Random operations over random configurations: R8 at every step, audit and re-folding every thousand.
// JACKPOT_MODEL_STEPS makes the run longer, JACKPOT_MODEL_SEED another.

namespace test {

inline std::uint64_t from_environment(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What a pool has taken from players and not paid to them, less what they put in: what the house put in and
/// is still there is not theirs.
template <class Amount>
wide_amount players_money(const basic_pool<Amount>& p) {
    wide_amount money = wide_amount(p.current) + p.overflow + p.reserve + p.held + p.total_wins - p.seeded;
    for (const auto& hold : p.holds) {
        money -= hold.seeded_paid;
    }
    return money - p.total_contributions;
}

/// What each operation may not do, whatever else it does.
template <class Amount>
void check_promises(const basic_request<Amount>& request, const basic_receipt<Amount>& receipt,
                    const basic_snapshot<Amount>& before, const basic_snapshot<Amount>& after) {
    const auto kind = kind_of<Amount>(request);
    wide_amount gained = 0;
    wide_amount moved = 0;
    for (const auto& part : receipt.parts) {
        const auto& pool = *jackpot::detail::find_pool(after.pools, part.pool);
        const auto* earlier = jackpot::detail::find_pool(before.pools, part.pool);
        gained += players_money(pool);
        moved += pool.transferred;
        if (earlier == nullptr) {
            continue;
        }
        gained -= players_money(*earlier);
        moved -= earlier->transferred;
        if (kind == operation_kind::released) {
            REQUIRE(pool.current >= earlier->current);
            REQUIRE(pool.overflow >= earlier->overflow);
            REQUIRE(pool.reserve >= earlier->reserve);
        }
        if (kind == operation_kind::reverted) {
            REQUIRE(pool.seeded == earlier->seeded);
            REQUIRE(pool.current >= pool.seeded);
        }
        if (pool.funded < earlier->funded && kind != operation_kind::restored) {
            REQUIRE((kind == operation_kind::released || kind == operation_kind::closed));
            REQUIRE(earlier->funded - pool.funded <= earlier->seeded);
        }
    }
    if (kind != operation_kind::restored) {
        REQUIRE(moved == 0);
        REQUIRE((gained >= 0 || kind == operation_kind::adjusted));
    }
}

template <class Store>
void play(Store& store, std::uint64_t usual_steps) {
    using amount_type = typename Store::amount_type;
    const std::uint64_t seed = from_environment("JACKPOT_MODEL_SEED", 20'260'101);
    const std::uint64_t steps = from_environment("JACKPOT_MODEL_STEPS", usual_steps);
    CAPTURE(seed);
    network net(store, seeded_environment(seed));
    testing::random_requests<amount_type> random(seed, {}, testing::request_amount_max(amount_max(store)));
    basic_snapshot<amount_type> states;
    std::uint64_t refused = 0;
    for (std::uint64_t step = 1; step <= steps; ++step) {
        CAPTURE(step);
        const auto request = random.next(states);
        const auto before = states;
        const auto receipt = net.submit(request);
        value_of(store.load(states));
        if (!receipt || receipt->replayed || receipt->parts.empty()) {
            refused += receipt ? 0 : 1;
            REQUIRE(states == before);
            continue;
        }
        REQUIRE(states.head.sequence == before.head.sequence + 1);
        REQUIRE(states.head.at >= before.head.at);
        check_promises(request, *receipt, before, states);
        for (const auto& part : receipt->parts) {
            const auto& pool = *detail::find_pool(states.pools, part.pool);
            const auto* earlier = detail::find_pool(before.pools, part.pool);
            value_of(check_meters(pool));
            REQUIRE(pool.version == (earlier == nullptr ? 1 : earlier->version + 1));
            REQUIRE(pool.current == part.current);
        }
        if (step % 1000 == 0) {
            const auto report = value_of(audit(store));
            REQUIRE(report.clean());
            REQUIRE(report.operations == states.head.sequence);
            REQUIRE(value_of(fold(store, states.head.sequence)).pools == states.pools);
        }
    }
    CHECK(refused > steps / 20);
    CHECK(states.head.sequence > steps / 4);
}

}  // namespace test

#endif
