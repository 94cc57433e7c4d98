// SPDX-License-Identifier: BSL-1.0
#include "../memory/allocations.hpp"

#include <jackpot/c_api/c_api.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>

namespace {

int answers = 0;
std::uint64_t operations = 0;

void count_answer(void*, jackpot_status status, const jackpot_receipt* receipt, const char*) {
    answers += status == JACKPOT_OK && receipt->part_count == 3 ? 1 : 0;
}
void count_operation(void*, const jackpot_request*, const jackpot_receipt*) {
    ++operations;
}

}  // namespace

TEST_CASE("after a reserve, what C submits is committed, answered and observed without an allocation") {
    jackpot_options options = JACKPOT_OPTIONS_INIT;
    options.reserve_journal = 16 * 1024 * 1024;
    options.reserve_keys = 1000;
    jackpot_network* net = nullptr;
    REQUIRE(jackpot_create(&options, &net, nullptr, 0) == JACKPOT_OK);
    for (const char* pool : {"a", "b", "c"}) {
        jackpot_open_request open = JACKPOT_OPEN_REQUEST_INIT;
        open.pool = pool;
        open.configuration.fields = JACKPOT_HAS_RATE;
        open.configuration.rate_ppb = 20'000'000;
        REQUIRE(jackpot_open(net, &open, nullptr) == JACKPOT_OK);
    }
    jackpot_observer observer = JACKPOT_OBSERVER_INIT;
    observer.committed = count_operation;
    REQUIRE(jackpot_observe(net, &observer) == JACKPOT_OK);
    REQUIRE(jackpot_reserve(net, 300) == JACKPOT_OK);
    jackpot_contribute_request wager = JACKPOT_CONTRIBUTE_REQUEST_INIT;
    wager.game = "slots";
    wager.wager = 1000;
    int refused = 0;
    const auto rounds = [&] {
        for (int round = 0; round < 5; ++round) {
            for (int i = 0; i < 300; ++i) {
                jackpot_submission submission = JACKPOT_SUBMISSION_INIT;
                submission.answered = count_answer;
                refused += jackpot_submit_contribute(net, &wager, &submission) != JACKPOT_OK ? 1 : 0;
            }
            for (std::int32_t more = 1; more != 0;) {
                refused += jackpot_commit(net, &more) != JACKPOT_OK ? 1 : 0;
            }
        }
    };
    CHECK(test::allocations_of(rounds) <= 1);  // the store's table of a commit's keys
    CHECK(test::allocations_of(rounds) == 0);
    CHECK(refused == 0);
    CHECK(answers == 3000);
    CHECK(operations == 3000);
    jackpot_destroy(net);
}
