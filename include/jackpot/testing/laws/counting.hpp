// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_COUNTING_HPP
#define JACKPOT_TESTING_LAWS_COUNTING_HPP

#include <jackpot/testing/laws/entries.hpp>
#include <jackpot/testing/laws/trial.hpp>

// The laws of what a commit counts on from, and of what it names. A refused commit must leave no trace.

namespace jackpot { inline namespace v1 { namespace testing::detail {

/// Commits whose versions do not count by one, from `l` on to `longer`.
template <class Trial, class Store, class Ledger>
void refuse_versions(Trial& t, Store& store, const Ledger& l, const Ledger& longer) {
    const auto refuse = [&](std::string_view what, const auto& spoil) {
        auto operations = operations_after(longer, l.sequence());
        auto states = longer.states();
        spoil(operations, states.pools);
        named_pools<typename Trial::amount_type> named;
        t.answers(store,
                  {l.identity(), l.sequence(), l.states().head.newest, operations,
                   name_changed(states, operations, named)},
                  "corrupt", what);
    };
    refuse("a version left out", [](auto& o, auto& pools) {
        for (auto& operation : o) {
            operation.parts[0].version += 1;
        }
        pools[0].version += 1;
    });
    refuse("a version that the store has already", [](auto& o, auto& pools) {
        for (auto& operation : o) {
            operation.parts[0].version -= 1;
        }
        pools[0].version -= 1;
    });
    refuse("a pool that is opened again", [&](auto& o, auto& pools) {
        o = {l.journal().front()};
        o[0].sequence = l.sequence() + 1;
        o[0].at = l.states().head.at;
        pools = l.states().pools;
        auto& pool = *pools.touch(o[0].parts[0].pool);
        pool.version = 1;
        pool.sequence = o[0].sequence;
    });
}

template <class Trial>
void check_gapless(Trial& t) {
    t.law("gapless");
    auto&& store = t.make();
    auto l = begun<typename Trial::amount_type>();
    auto c = l.commit_after(0);
    c.operations = c.operations.subspan(1);
    t.answers(store, c, "corrupt", "a first operation of sequence 2");
    t.holds(store, typename Trial::ledger_type(), "of a store that took nothing yet");
    if (!t.commits(store, l, 0)) {
        return;
    }
    auto longer = l;
    put_wager(longer, "one");
    put_wager(longer, "two");
    put_wager(longer, "three");
    const auto refuse = [&](std::string_view what, const auto& spoil) {
        auto operations = operations_after(longer, l.sequence());
        spoil(operations);
        auto spoiled = longer.commit_after(l.sequence());
        spoiled.operations = operations;
        t.answers(store, spoiled, "corrupt", what);
    };
    refuse("a sequence left out", [](auto& o) { o.erase(o.begin() + 1); });
    refuse("a sequence twice", [](auto& o) { o[1].sequence -= 1; });
    refuse("a sequence that the store has already", [](auto& o) { o[0].sequence -= 1; });
    refuse("a leap at the end of a commit", [](auto& o) { o[2].sequence += 1; });
    refuse("a checkpoint that leaps behind another operation", [&](auto& o) {
        o[1] = longer.checkpoint();
        o[2].sequence = o[1].sequence + 1;
    });
    refuse("a checkpoint that leaps nowhere", [&](auto& o) { o[0] = l.checkpoint(); });
    refuse("no operation", [](auto& o) { o.clear(); });
    refuse("an operation without parts", [](auto& o) { o[1].parts.clear(); });
    refuse("parts out of order", [](auto& o) { std::swap(o[1].parts[0], o[1].parts[1]); });
    refuse_versions(t, store, l, longer);
    t.holds(store, l, "after commits with gaps, or with parts that no rule makes");
    t.finds_none(store, "one");
    t.commits(store, longer, l.sequence());
    t.holds(store, longer, "after the commit without a gap");
}

template <class Trial>
void check_exact(Trial& t) {
    t.law("exact");
    auto&& store = t.make();
    using pools = named_pools<typename Trial::amount_type>;
    auto l = begun<typename Trial::amount_type>();
    if (!t.commits(store, l, 0)) {
        return;
    }
    auto longer = l;
    for (const char* pool : {"major", "mega", "major"}) {
        put_win(longer, pool);
    }
    const auto& unchanged = longer.states().pools[2];  // minor
    const auto refuse = [&](std::string_view what, auto c, const auto& spoil) {
        pools named(c.pools.begin(), c.pools.end());
        spoil(named);
        c.pools = named;
        t.answers(store, c, "corrupt", what);
    };
    const auto c = longer.commit_after(l.sequence());
    refuse("a pool that no operation changes", c, [&](auto& named) { named.push_back(&unchanged); });
    refuse("a pool in place of another", c, [&](auto& named) { named[1] = &unchanged; });
    refuse("a pool that is not named", c, [](auto& named) { named.pop_back(); });
    refuse("a pool twice", c, [](auto& named) { named.push_back(named.back()); });
    refuse("pools out of order", c, [](auto& named) { std::swap(named[0], named[1]); });
    const std::vector leap{longer.checkpoint()};
    pools all;
    auto leaping = c;
    leaping.operations = leap;
    leaping.pools = name_changed(longer.states(), leap, all);
    refuse("a checkpoint that does not name every pool", leaping, [](auto& named) { named.pop_back(); });
    t.holds(store, l, "after commits that name other pools than they change");
    t.commits(store, longer, l.sequence());
    t.holds(store, longer, "after the commit that names those that it changes");
}

}}}  // namespace jackpot::v1::testing::detail

#endif
