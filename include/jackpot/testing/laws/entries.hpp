// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_ENTRIES_HPP
#define JACKPOT_TESTING_LAWS_ENTRIES_HPP

#include <jackpot/testing/laws/ledger.hpp>

// What the laws enter into a ledger.

namespace jackpot { inline namespace v1 { namespace testing::detail {

/// Adds what the rules do not refuse.
template <amount Amount>
void put(ledger<Amount>& l, std::type_identity_t<basic_request<Amount>> request) {
    [[maybe_unused]] const auto added = l.add(std::move(request));
    JACKPOT_ASSERT(added && *added);
}

template <amount Amount>
void put_pool(ledger<Amount>& l, name pool) {
    basic_open_request<Amount> r{.pool = pool};
    r.configuration.seed = 100;
    r.configuration.cap = 1000;
    r.configuration.rate = rate::from_ppb(25'000'000);
    put(l, r);
}

/// A wager that feeds every pool.
template <amount Amount>
void put_wager(ledger<Amount>& l, std::optional<name> key = {}) {
    put(l, basic_contribute_request<Amount>{.game = "slots", .wager = 1001, .key = key});
}

template <amount Amount>
void put_win(ledger<Amount>& l, name pool, std::optional<name> key = {}) {
    put(l, basic_win_request<Amount>{.pool = pool, .game = "slots", .player = "alice", .key = key});
}

/// Three linked pools, and a wager whose key is "first".
template <amount Amount>
[[nodiscard]] ledger<Amount> begun() {
    ledger<Amount> l;
    put_pool(l, "minor");
    put_pool(l, "major");
    put_pool(l, "mega");
    put_wager(l, "first");
    return l;
}

/// The ledger's operations after `sequence`, for a test to spoil.
template <amount Amount>
[[nodiscard]] std::vector<basic_operation<Amount>> operations_after(const ledger<Amount>& l,
                                                                    std::uint64_t sequence) {
    const auto operations = l.commit_after(sequence).operations;
    return {operations.begin(), operations.end()};
}

}}}  // namespace jackpot::v1::testing::detail

#endif
