// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_OPTIONAL_HPP
#define JACKPOT_TESTING_LAWS_OPTIONAL_HPP

#include <jackpot/replication/repair.hpp>
#include <jackpot/replication/replicate.hpp>
#include <jackpot/testing/laws/reading.hpp>

// The laws of the optional verbs. A check does nothing for a store without the verb.

namespace jackpot { inline namespace v1 { namespace testing::detail {

template <class Trial>
void check_exclusive(Trial& t) {
    if constexpr (exclusive_storage<typename Trial::storage_type>) {
        t.law("exclusive");
        auto&& store = t.make();
        auto l = begun<typename Trial::amount_type>();
        const auto known = l.states();
        const auto looked = store.exclusive([&](auto& locked) -> expected<void> {
            t.commits(locked, l, 0);
            return fail(errc::unsupported, "the body's own error");
        });
        t.expect(!looked && looked.error().code == errc::unsupported, "the body's error is not returned");
        t.holds(store, l, "after a commit under the lock");
        auto longer = l;
        put_wager(longer, "under the lock");
        const auto done = store.exclusive([&](auto& locked) -> expected<bool> {
            t.loads(locked, l, known, "under the lock");
            t.finds(locked, l.journal().back());
            t.finds_none(locked, "under the lock");
            return t.commits(locked, longer, l.sequence());
        });
        t.expect(done.has_value() && *done, "the body's answer is not returned");
        t.holds(store, longer, "after a load and a commit under the lock");
        const auto idle = store.exclusive(
            [&](auto& locked) -> expected<bool> { return t.loads(locked, longer, {}, "under the lock"); });
        t.expect(idle.has_value(), "a body that commits nothing fails");
        t.holds(store, longer, "after a body that commits nothing");
        const auto before = longer.sequence();
        put_wager(longer);
        t.commits(store, longer, before);
        t.holds(store, longer, "after a commit when the lock was given back");
    }
}

template <class Trial>
void check_rewritable(Trial& t) {
    if constexpr (rewritable_storage<typename Trial::storage_type>) {
        t.law("rewritable");
        auto&& store = t.make();
        auto l = begun<typename Trial::amount_type>();
        if (!t.commits(store, l, 0)) {
            return;
        }
        const auto rewrite = [&](const auto& states, commit_result wanted, std::string_view what) {
            const auto done = store.rewrite(states);
            t.expect(done && *done == wanted,
                     std::string(what).append(done ? ": another answer" : to_text(done.error()).view()));
        };
        auto edited = l.states();
        edited.pools.erase(edited.pools.begin());
        edited.pools[0].total_wagered += 5;
        edited.pools[1].configuration =
            std::make_shared<const basic_configuration<typename Trial::amount_type>>();
        edited.head.sequence -= 1;
        rewrite(edited, commit_result::conflict, "rewrite on a sequence gone by");
        t.holds(store, l, "after a rewrite that was a conflict");
        edited.head.sequence += 1;
        edited.head.newest.low += 1;
        rewrite(edited, commit_result::conflict, "rewrite on another operation");
        t.holds(store, l, "after a rewrite for another history");
        edited.head.newest.low -= 1;
        rewrite(edited, commit_result::committed, "rewrite");
        basic_snapshot<typename Trial::amount_type> seen;
        const auto loaded = store.load(seen);
        t.expect(loaded && seen == edited, "load after a rewrite: " + difference(seen, edited));
        rewrite(l.states(), commit_result::committed, "rewrite back");
        t.holds(store, l, "after the first states were written back");
    }
}

template <class Trial>
void check_retaining(Trial& t) {
    if constexpr (retaining_storage<typename Trial::storage_type>) {
        t.law("retaining");
        auto&& store = t.make();
        typename Trial::ledger_type l;
        auto requests = t.requests(7);
        const auto retain = [&](std::uint64_t after) {
            t.expect(store.retain(after).has_value(), "retain: an error");
        };
        std::vector<basic_operation<typename Trial::amount_type>> journal;
        retain(0);
        for (int batch = 0; batch < 12; ++batch) {
            const auto before = l.sequence();
            put_random(l, requests, 125);
            if (!t.commits(store, l, before)) {
                return;
            }
        }
        t.reads(store, {.limit = 64}, journal);
        t.expect(journal == l.journal(), "operations are gone that were to be retained");
        retain(l.sequence() / 2);
        t.reads(store, {.after = l.sequence() / 2, .limit = 64}, journal);
        t.expect(journal == operations_after(l, l.sequence() / 2),
                 "operations are gone that were to be retained still");
        retain(std::uint64_t(-1));
        t.holds(store, l, "when nothing is retained any longer");
    }
}

template <class Trial>
void check_tracing(Trial& t) {
    if constexpr (tracing_storage<typename Trial::storage_type>) {
        t.law("tracing");
        auto&& store = t.make();
        typename Trial::ledger_type l;
        auto requests = t.requests(8);
        std::vector<key_trace> traces{{1, 1}};
        std::vector<basic_operation<typename Trial::amount_type>> journal;
        const auto trace = [&](const sequence_range& range) {
            std::vector<key_trace> wanted;
            basic_operation<typename Trial::amount_type> found;
            for (const auto& o : journal) {
                if (o.key() != nullptr && o.sequence > range.after && o.sequence <= range.until) {
                    const bool held = store.find(*o.key(), found).value_or(false);
                    wanted.push_back({o.sequence, held ? found.sequence : 0});
                }
            }
            const auto traced = store.trace_keys(range, traces);
            t.expect(traced && traces == wanted, "the keys after " + std::to_string(range.after) +
                                                     ", up to " + std::to_string(range.until) +
                                                     ", lead elsewhere than find says");
        };
        trace({0, sequence_max});
        put_random(l, requests, 60);
        if (!t.commits(store, l, 0) || !t.reads(store, {}, journal)) {
            return;
        }
        for (std::uint64_t after = 0; after <= l.sequence(); after += 7) {
            trace({after, after + 1});
            trace({after, after + 20});
        }
        trace({0, sequence_max});
        trace({5, 5});
        trace({l.sequence(), sequence_max});
        trace({sequence_max - 1, sequence_max});
        t.holds(store, l, "after its keys were traced");
    }
}

}}}  // namespace jackpot::v1::testing::detail

#endif
