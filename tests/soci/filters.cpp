// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

#include <jackpot/testing/random_requests.hpp>

// Every filter of history, alone and with others, oldest and newest first, page by page, against what the
// query itself says of each operation.

using namespace jackpot;
using test::value_of;

namespace {

/// The operations that match, in the query's order.
std::vector<std::uint64_t> matching(const std::vector<operation>& journal, const history_query& q) {
    std::vector<std::uint64_t> found;
    for (const auto& o : journal) {
        if (matches(q, o)) {
            found.push_back(o.sequence);
        }
    }
    if (q.newest_first) {
        std::reverse(found.begin(), found.end());
    }
    return found;
}

/// What the store gives, page after page.
template <class Store>
std::vector<std::uint64_t> read_pages(Store& store, history_query q) {
    std::vector<std::uint64_t> found;
    std::vector<operation> page;
    for (;;) {
        value_of(store.read(q, page));
        for (const auto& o : page) {
            found.push_back(o.sequence);
        }
        if (page.empty()) {
            return found;
        }
        CHECK(page.size() <= q.limit);
        (q.newest_first ? q.before : q.after) = page.back().sequence;
    }
}

using ledger = testing::ledger<std::int64_t>;

/// Requests of every kind, with names that come often and names that come once; several have one time.
void add_some(ledger& l, std::uint64_t seed) {
    testing::random_requests<std::int64_t> requests(seed, {.bad_percent = 0});
    for (int i = 0; i < 700; ++i) {
        const auto now = static_cast<timestamp>(1000 + l.sequence() / 3 * 10);
        static_cast<void>(l.add(requests.next(l.states()), now));
    }
}

}  // namespace

TEST_CASE("every filter gives what matches, in order, on every engine") {
    ledger past;
    add_some(past, 5);
    const ledger first = past;
    ledger elsewhere = past;
    add_some(elsewhere, 6);
    past.take(elsewhere.checkpoint());
    add_some(past, 7);
    const auto& journal = past.journal();
    REQUIRE(journal.size() > 300);
    // Values that are there, and one of each that is not.
    std::vector<history_query> queries(1);
    const auto vary = [&](auto&& change) {
        const std::size_t count = queries.size();
        for (std::size_t i = 0; i < count; ++i) {
            queries.push_back(queries[i]);
            change(queries.back());
        }
    };
    std::uint64_t draw = 1;
    const auto some = [&]() -> const operation& {
        draw = draw * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        return journal[(draw >> 33) % journal.size()];
    };
    vary([&](history_query& q) { q.pool = some().parts[0].pool; });
    vary([&](history_query& q) { q.kind = some().kind(); });
    const auto take = [](std::optional<name>& to, const name* from) {
        to = from == nullptr ? name("nobody") : *from;
    };
    vary([&](history_query& q) { take(q.game, game_of<std::int64_t>(some().request)); });
    vary([&](history_query& q) { take(q.player, player_of<std::int64_t>(some().request)); });
    vary([&](history_query& q) { take(q.round, round_of<std::int64_t>(some().request)); });
    vary([&](history_query& q) { take(q.site, site_of<std::int64_t>(some().request)); });
    vary([&](history_query& q) {
        q.from = some().at;
        q.to = *q.from + 700;
    });
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place at(engine);
        auto store = value_of(soci_storage::open(at.url()));
        test::commit_after(store, first, 0);
        test::commit_after(store, past, first.sequence());
        for (std::size_t i = 0; i < queries.size(); ++i) {
            for (const bool newest_first : {false, true}) {
                history_query q = queries[i];
                q.newest_first = newest_first;
                q.limit = i % 3 == 0 ? 7 : 100;
                if (i % 5 == 4) {
                    q.after = journal.size() / 4;
                    q.before = journal.size() * 3 / 4;
                }
                CAPTURE(i);
                CAPTURE(newest_first);
                CHECK(read_pages(store, q) == matching(journal, q));
            }
        }
    }
}
