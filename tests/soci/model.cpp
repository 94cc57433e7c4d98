// SPDX-License-Identifier: BSL-1.0
#include "../contract/model.hpp"

#include "engines.hpp"

using namespace jackpot;

TEST_CASE_TEMPLATE("the meters agree at every step of a random run on every engine", Amount, std::int64_t,
                   wide_amount) {
    for (const char* engine : test::engines) {
        CAPTURE(engine);
        const test::place place(engine);
        auto store = test::value_of(basic_soci_storage<Amount>::open(place.url()));
        test::play(store, 3'000);
    }
}
