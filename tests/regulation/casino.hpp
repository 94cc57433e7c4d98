// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_REGULATION_CASINO_HPP
#define JACKPOT_TESTS_REGULATION_CASINO_HPP

#include "../support.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/fold.hpp>

// Each test case begins with the numbers of the requirements that it shows; README.md says what they ask.

namespace test {

/// A store with one network over it, as an operator has it.
struct casino {
    memory_storage<> store{};
    network<memory_storage<>, seeded_environment> net{store, seeded_environment(18)};

    void open(const char* pool, const configuration& c) {
        value_of(net.open({.pool = pool, .configuration = c, .actor = "operator", .reason = "opening"}));
    }
    receipt wager(std::int64_t amount, std::optional<name> key = {}) {
        return value_of(net.contribute({.game = "slots",
                                        .wager = amount,
                                        .player = "ann",
                                        .round = "round 1",
                                        .site = "hall 1",
                                        .key = std::move(key)}));
    }
    receipt win(const char* pool, std::optional<std::int64_t> amount = {}) {
        return value_of(net.win({.pool = pool, .game = "slots", .player = "ann", .amount = amount}));
    }
    [[nodiscard]] jackpot::pool pool(const char* name) { return value_of(net.pool(name)); }
    void suspend(const char* pool) { value_of(net.suspend({.pool = pool, .actor = "operator"})); }
    /// The newest operation.
    [[nodiscard]] operation newest() {
        auto page = value_of(net.history({.limit = 1, .newest_first = true}));
        REQUIRE(page.size() == 1);
        return page.front();
    }
    void check_audit() { CHECK(value_of(audit(store)).clean()); }
};

/// The newest operation's request, as what it must be.
template <class Request>
Request request_of(const operation& o) {
    const auto* request = std::get_if<Request>(&o.request);
    REQUIRE(request != nullptr);
    return *request;
}

}  // namespace test

#endif
