// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"

using namespace jackpot;

TEST_CASE_TEMPLATE("the meters agree at every step of a random run in memory", Amount, std::int64_t,
                   wide_amount) {
    memory_storage<Amount> store;
    test::play(store, 30'000);
}
