// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_READING_HPP
#define JACKPOT_TESTING_LAWS_READING_HPP

#include <jackpot/testing/laws/commits.hpp>

// The laws of reading: loads from any earlier moment, further handles, pages of the journal, and checkpoints.

namespace jackpot { inline namespace v1 { namespace testing::detail {

/// Adds `count` operations of every kind.
template <amount Amount>
void put_random(ledger<Amount>& l, random_requests<Amount>& requests, std::size_t count) {
    while (count > 0) {
        count -= l.add(requests.next(l.states())).value_or(false) ? 1 : 0;
    }
}

template <class Trial>
void check_isolated(Trial& t) {
    t.law("isolated");
    auto&& store = t.make();
    typename Trial::ledger_type l;
    auto requests = t.requests(1);
    std::vector<basic_snapshot<typename Trial::amount_type>> moments;
    if (!t.holds(store, l, "of a store without operations")) {
        return;
    }
    for (std::size_t batch = 1; batch <= 24; ++batch) {
        const auto before = l.sequence();
        put_random(l, requests, 1 + batch % 5);
        if (!t.commits(store, l, before)) {
            return;
        }
        for (const auto& known : moments) {
            if (!t.loads(store, l, known, "into what was known at " + std::to_string(known.head.sequence))) {
                return;
            }
        }
        moments.push_back(l.states());
    }
    t.loads(store, l, l.states(), "into what is the newest already");
    // Histories that have some moments in common with the store's, up to its newest and beyond.
    for (const std::size_t shared : {std::size_t(5), moments.size() - 1}) {
        typename Trial::ledger_type other;
        for (std::size_t i = 0; i < l.journal().size() && other.sequence() < moments[shared].head.sequence;
             ++i) {
            other.take(l.journal()[i]);
        }
        other.diverge(shared);
        while (other.sequence() < l.sequence() + 2) {
            put_random(other, requests, 1);
            if (!t.loads(store, l, other.states(),
                         "into another history's " + std::to_string(other.sequence()))) {
                return;
            }
        }
    }
    if constexpr (Trial::reopens) {
        auto&& other = t.reopen();
        for (const auto& known : moments) {
            t.loads(other, l, known, "by another handle, into what was known earlier");
        }
    }
}

template <class Trial>
void check_durable(Trial& t) {
    t.law("durable");
    if constexpr (Trial::reopens) {
        auto requests = t.requests(2);
        typename Trial::ledger_type l;
        {
            auto&& first = t.make();
            put_random(l, requests, 40);
            if (!t.commits(first, l, 0)) {
                return;
            }
            auto&& second = t.reopen();
            t.holds(second, l, "by a handle opened after the commit");
        }
        for (const bool sealed : {true, false}) {
            auto&& again = t.reopen();
            t.holds(again, l, "by a handle opened when the others were closed");
            t.expect(again.seal(sealed).has_value(), "seal: an error");
            l.seal(sealed);
        }
        auto&& last = t.reopen();
        const auto before = l.sequence();
        put_random(l, requests, 10);
        t.commits(last, l, before);
        t.holds(last, l, "after going on from what was found");
    }
}

/// The operations of `journal` that answer the query.
template <amount Amount>
[[nodiscard]] std::vector<basic_operation<Amount>> matching(
    const std::vector<basic_operation<Amount>>& journal, const history_query& query) {
    std::vector<basic_operation<Amount>> page;
    const auto take = [&](const auto& o) {
        if (page.size() < query.limit && matches(query, o)) {
            page.push_back(o);
        }
    };
    query.newest_first ? void(std::for_each(journal.rbegin(), journal.rend(), take))
                       : void(std::for_each(journal.begin(), journal.end(), take));
    return page;
}

template <class Trial>
void check_read(Trial& t) {
    t.law("read");
    auto&& store = t.make();
    typename Trial::ledger_type l;
    auto requests = t.requests(3);
    typename Trial::ledger_type source;
    put_random(source, requests, 30);
    l.take(source.checkpoint());
    put_random(l, requests, 130);
    if (!t.commits(store, l, 0)) {
        return;
    }
    // Far enough for a store that looks for matches in steps to take many over nothing.
    const auto before = l.sequence();
    auto leap = l.checkpoint();
    leap.sequence += 500'000;
    const auto leapt_to = leap.sequence;
    l.take(std::move(leap));
    put_random(l, requests, 20);
    std::vector<basic_operation<typename Trial::amount_type>> journal;
    if (!t.commits(store, l, before) || !t.reads(store, {.limit = 64}, journal)) {
        return;
    }
    std::vector<history_query> filters(1);
    for (const char* pool : {"minor", "MINOR", "minor ", "vault", "mino"}) {
        filters.push_back({.pool = pool});
    }
    for (const char* game : {"poker", "Poker", "jeu d'\xC3\xA9t\xC3\xA9"}) {
        filters.push_back({.game = game});
        filters.push_back({.pool = "mega", .kind = operation_kind::won, .game = game});
    }
    for (std::uint8_t kind = 0; kind < std::variant_size_v<basic_request<typename Trial::amount_type>>;
         ++kind) {
        filters.push_back({.kind = operation_kind(kind)});
        filters.push_back({.pool = "major", .kind = operation_kind(kind)});
    }
    filters.push_back({.player = "player-7"});
    filters.push_back({.pool = "minor", .player = "player-8"});
    filters.push_back({.round = "round-3"});
    filters.push_back({.site = "north"});
    filters.push_back({.kind = operation_kind::won, .site = "south"});
    filters.push_back({.from = journal[journal.size() / 3].at, .to = journal[journal.size() / 2].at});
    filters.push_back({.pool = "major", .from = journal.back().at + 1});
    std::vector<basic_operation<typename Trial::amount_type>> page(3);
    const auto reads = [&](const history_query& query) {
        const auto read = store.read(query, page);
        const bool same = read.has_value() && page == matching(journal, query);
        return t.expect(same, "a page between " + std::to_string(query.after) + " and " +
                                  std::to_string(query.before) + " of at most " +
                                  std::to_string(query.limit) +
                                  (query.newest_first ? ", newest first: " : ": ") +
                                  std::to_string(page.size()) + " operations, not the ones that match");
    };
    for (auto& query : filters) {
        for (const std::size_t limit : {std::size_t(0), std::size_t(1), std::size_t(7), std::size_t(-1)}) {
            for (const std::uint64_t sequence :
                 {std::uint64_t(0), before - 20, before, leapt_to - 1, leapt_to, l.sequence() - 1,
                  l.sequence(), std::uint64_t(-1)}) {
                query.limit = limit;
                query.after = sequence;
                query.before = std::uint64_t(-1);
                query.newest_first = false;
                if (!reads(query)) {
                    return;
                }
                query.after = limit == 7 ? before - 40 : 0;
                query.before = sequence;
                query.newest_first = true;
                if (!reads(query)) {
                    return;
                }
            }
            query.newest_first = false;
            query.before = before;
            if (!reads(query)) {
                return;
            }
        }
    }
}

/// A journal that is long enough for a store with a limited history to have shortened it.
template <class Trial>
void check_history(Trial& t) {
    t.law("history");
    auto&& store = t.make();
    typename Trial::ledger_type l;
    auto requests = t.requests(5);
    for (int batch = 0; batch < 6; ++batch) {
        const auto before = l.sequence();
        put_random(l, requests, 125);
        if (!t.commits(store, l, before)) {
            return;
        }
    }
    t.holds(store, l, "of a long history");
}

template <class Trial>
void check_checkpoint(Trial& t) {
    t.law("checkpoint");
    using ledger_type = typename Trial::ledger_type;
    auto requests = t.requests(4);
    const auto leap = [&](auto& store, ledger_type l, std::string_view when) {
        for (const unsigned round : {1U, 2U}) {
            const auto known = l.states();
            ledger_type source = l;
            source.diverge(round);
            put_random(source, requests, 30);
            l.take(source.checkpoint());
            put_random(l, requests, 3);
            if (!t.commits(store, l, known.head.sequence)) {
                return;
            }
            t.loads(store, l, known, std::string(when) + ", into what was known before");
            t.holds(store, l, when);
            const auto before = l.sequence();
            put_random(l, requests, 5);
            t.commits(store, l, before);
            t.holds(store, l, std::string(when) + ", and operations after it");
        }
    };
    auto&& empty = t.make();
    leap(empty, ledger_type(), "after a checkpoint onto a store without operations");
    auto&& copy = t.make();
    ledger_type l;
    put_random(l, requests, 30);
    if (t.commits(copy, l, 0)) {
        leap(copy, l, "after a checkpoint onto an older copy");
    }
    // Any pool may differ after a checkpoint, whatever its own sequence says.
    auto&& repaired = t.make();
    l = begun<typename Trial::amount_type>();
    if (!t.commits(repaired, l, 0)) {
        return;
    }
    auto c = l.checkpoint();
    c.sequence += 1;
    auto state = *c.parts[0].state;
    state.total_wagered += 1;
    c.parts[0].state = std::make_shared<const decltype(state)>(state);
    const auto before = l.sequence();
    l.take(c);
    t.commits(repaired, l, before);
    t.holds(repaired, l, "after a checkpoint with another state of a pool that was not changed");
}

}}}  // namespace jackpot::v1::testing::detail

#endif
