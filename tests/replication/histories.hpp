// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_REPLICATION_HISTORIES_HPP
#define JACKPOT_TESTS_REPLICATION_HISTORIES_HPP

#include "../support.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/replicate.hpp>

#include <string>

// A store that is replaced, under networks which hold its newest states, by an older copy of itself that went
// on otherwise: restored from a backup, or failed over to a standby that lacked the newest operations.

namespace test {

template <class From, class To>
void copy_all(From& from, To& to) {
    system_environment world;
    REQUIRE(value_of(replicate(
                         from, to, {}, [](const replicate_progress&) { return true; }, world))
                .complete);
}

/// What the network that holds old states does first.
enum class first_call { wager, keyed_wager, batch, win, refusal, read, history_and_read };

inline constexpr first_call first_calls[] = {
    first_call::wager,   first_call::keyed_wager, first_call::batch,           first_call::win,
    first_call::refusal, first_call::read,        first_call::history_and_read};

inline constexpr auto alone = []<class Store>(Store& store) {
    return network<Store, system_environment>(store);
};
inline constexpr auto shared = []<class Store>(Store& store) {
    return shared_network<Store, system_environment>(store);
};

/// Whatever is called first, it is answered by the history that is there now. `other` is an empty store, and
/// `replace()` puts what it holds in the place of what `store` holds.
template <class Store, class Other, class Open, class Replace>
void check_replaced(Store& store, Other& other, int since, first_call first, Open&& open, Replace&& replace) {
    auto net = open(store);
    value_of(net.open({.pool = "hot", .configuration = {.seed = 1000, .rate = rate_of("0.1")}}));
    value_of(net.contribute({.game = "slots", .wager = 10, .key = "a1"}));
    copy_all(store, other);
    CHECK(value_of(net.contribute({.game = "slots", .wager = 5000, .key = "a2"})).parts[0].current == 1501);
    CHECK(value_of(net.pool("hot")).current == 1501);
    std::int64_t current = 1001;
    {
        network<Other, system_environment> elsewhere(other);
        for (int i = 0; i < since; ++i) {
            current += value_of(elsewhere.contribute({.game = "slots", .wager = 70})).total();
        }
    }
    replace();
    std::vector<contribute_request> wagers(2, {.game = "slots", .wager = 50});
    std::vector<expected<receipt>> answers(2);
    switch (first) {
        case first_call::wager:
            current += 10;
            CHECK(value_of(net.contribute({.game = "slots", .wager = 100})).parts[0].current == current);
            break;
        case first_call::keyed_wager: {
            const auto again = value_of(net.contribute({.game = "slots", .wager = 5000, .key = "a2"}));
            current += 500;
            CHECK_FALSE(again.replayed);
            CHECK(again.parts[0].current == current);
            break;
        }
        case first_call::batch:
            value_of(net.contribute(wagers, answers));
            current += 10;
            CHECK(value_of(answers[1]).parts[0].current == current);
            break;
        case first_call::win:
            CHECK(value_of(net.win({.pool = "hot", .game = "slots", .player = "ann"})).parts[0].paid ==
                  current);
            current = 1000;
            break;
        case first_call::refusal:
            CHECK(code_of(net.win({.pool = "hot", .game = "slots", .player = "ann", .amount = 1500})) ==
                  errc::amount_exceeds_pool);
            break;
        case first_call::read:
            break;
        case first_call::history_and_read:
            CHECK(value_of(net.history()).size() == static_cast<std::size_t>(2 + since));
            break;
    }
    CHECK(value_of(net.pool("hot")).current == current);
    CHECK(value_of(net.contribute({.game = "slots", .wager = 100})).parts[0].current == current + 10);
    CHECK(value_of(net.contribute({.game = "slots", .wager = 10, .key = "a1"})).replayed);
    CHECK(value_of(net.statistics()).current == current + 10);
    CHECK(value_of(audit(store)).clean());
}

}  // namespace test

#endif
