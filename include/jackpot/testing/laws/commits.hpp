// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_COMMITS_HPP
#define JACKPOT_TESTING_LAWS_COMMITS_HPP

#include <jackpot/testing/laws/entries.hpp>
#include <jackpot/testing/laws/trial.hpp>
#include <jackpot/testing/random_requests.hpp>

// The laws of commits. Each check begins with a new store and a ledger of what the store must hold; a refused
// commit must leave no trace.

namespace jackpot { inline namespace v1 { namespace testing::detail {

template <class Trial>
void check_identity(Trial& t) {
    t.law("identity");
    auto&& store = t.make();
    auto l = begun<typename Trial::amount_type>();
    auto c = l.commit_after(0);
    c.identity = {};
    t.answers(store, c, "diverged", "a first commit without an identity");
    t.holds(store, typename Trial::ledger_type(), "of a store that took nothing yet");
    if (!t.commits(store, l, 0)) {
        return;
    }
    t.holds(store, l, "after the commit that gives the identity");
    auto other = l;
    put_wager(other, "refused");
    for (const identifier& identity : {identifier{}, identifier{l.identity().high, l.identity().low + 1},
                                       identifier{l.identity().high + 1, l.identity().low}}) {
        c = other.commit_after(l.sequence());
        c.identity = identity;
        t.answers(store, c, "diverged", "a commit for another identity");
    }
    // Two writers found the store empty: the one that lost the race reloads.
    typename Trial::ledger_type late({l.identity().high, l.identity().low + 1});
    put_pool(late, "minor");
    t.answers(store, late.commit_after(0), "conflict",
              "a first commit, with another identity, after the first commit");
    t.holds(store, l, "after commits for another identity");
    t.finds_none(store, "refused");
}

template <class Trial>
void check_sealed(Trial& t) {
    t.law("sealed");
    auto&& store = t.make();
    auto l = begun<typename Trial::amount_type>();
    typename Trial::ledger_type empty;
    const auto seal = [&](bool sealed) {
        const auto done = store.seal(sealed);
        return t.expect(done.has_value(), std::string("seal: ").append(done ? "" : to_text(done.error())));
    };
    empty.seal(true);
    if (!seal(true) || !t.holds(store, empty, "of a sealed store without operations")) {
        return;
    }
    t.answers(store, l.commit_after(0), "store_sealed", "a first commit to a sealed store");
    if (!seal(false) || !t.commits(store, l, 0) || !seal(true) || !seal(true)) {
        return;
    }
    const auto copied = [](auto c) {
        c.sealed = true;
        return c;
    };
    auto after = l;
    put_wager(after, "after the seal");
    t.answers(store, after.commit_after(l.sequence()), "store_sealed", "a commit to a sealed store");
    auto stale = after.commit_after(l.sequence());
    stale.sequence = 1;
    t.answers(store, stale, "store_sealed", "a commit to a sealed store, on another sequence");
    const auto known = l.states();
    l.seal(true);
    t.loads(store, l, known, "into what was known before the seal");
    t.holds(store, l, "of a sealed store");
    t.finds_none(store, "after the seal");
    if constexpr (Trial::reopens) {
        auto&& again = t.reopen();
        t.holds(again, l, "of a sealed store, by another handle");
        t.answers(again, after.commit_after(l.sequence()), "store_sealed",
                  "a commit to a sealed store, by another handle");
    }
    // What may only be copied goes in, by whatever statements, and leaves the seal as it is.
    t.answers(store, copied(after.commit_after(l.sequence())), "committed", "a copy to a sealed store");
    auto copy = after;
    copy.seal(true);
    t.holds(store, copy, "of a sealed store that took a copy");
    put_pool(copy, "copied");
    t.answers(store, copied(copy.commit_after(after.sequence())), "committed",
              "a copy with a new pool to a sealed store");
    t.holds(store, copy, "of a sealed store that took a copy with a new pool");
    seal(false);
    copy.seal(false);
    const auto before = copy.sequence();
    put_wager(copy, "after the seal was taken off");
    t.answers(store, copied(copy.commit_after(before)), "conflict",
              "a copy for a sealed store to an open one");
    t.commits(store, copy, before);
    t.holds(store, copy, "after the seal was taken off");
}

template <class Trial>
void check_idempotent(Trial& t) {
    t.law("idempotent");
    auto&& store = t.make();
    using amount_type = typename Trial::amount_type;
    using operations = std::vector<basic_operation<amount_type>>;
    const auto before = begun<typename Trial::amount_type>();
    t.finds_none(store, "first");
    auto l = before;
    put_win(l, "minor", "hit");
    if (!t.commits(store, l, 0)) {
        return;
    }
    t.finds(store, l.journal().back());
    t.finds_none(store, "Hit");
    auto rival = before;
    const auto refuse = [&](std::uint64_t guard, const operations& o, std::string_view what) {
        named_pools<amount_type> named;
        t.answers(store, {l.identity(), guard, l.id_at(guard), o, name_changed(rival.states(), o, named)},
                  "duplicate", what);
    };
    rival.diverge(2);
    put_wager(rival, "hit");
    refuse(before.sequence(), operations_after(rival, before.sequence()),
           "a key of the store, on a sequence gone by");
    rival = l;
    rival.diverge(3);
    put_wager(rival);
    put_win(rival, "major");
    put_wager(rival);
    auto o = operations_after(rival, l.sequence());
    set_key<amount_type>(o[1].request, "hit");
    refuse(l.sequence(), o, "a key of the store, in the middle of a commit");
    refuse(l.sequence() + 1, operations(o.begin() + 1, o.end()), "a key of the store, on a sequence to come");
    set_key<amount_type>(o[1].request, "twice");
    set_key<amount_type>(o[2].request, "twice");
    refuse(l.sequence(), o, "a key twice in one commit");
    refuse(l.sequence() + 1, operations(o.begin() + 1, o.end()),
           "a key twice in one commit, on a sequence to come");
    t.holds(store, l, "after commits with keys that were held");
    t.finds_none(store, "twice");
    const auto known = l.sequence();
    for (const char* key : {"Hit", "HIT", "hit ", " hit", "h\xC3\xADt", "hi\xCC\x81t"}) {
        put_wager(l, key);
    }
    t.commits(store, l, known);
    t.holds(store, l, "after keys that differ by case, blanks or accents");
}

template <class Trial>
void check_guarded(Trial& t) {
    t.law("guarded");
    auto&& store = t.make();
    auto l = begun<typename Trial::amount_type>();
    t.answers(store, l.commit_after(1), "conflict", "a commit on sequence 1 of a store without operations");
    t.holds(store, typename Trial::ledger_type(), "of a store that took nothing yet");
    const auto before = l;
    put_win(l, "mega");
    if (!t.commits(store, before, 0) || !t.commits(store, l, before.sequence())) {
        return;
    }
    auto rival = before;
    rival.diverge(2);
    put_wager(rival, "too late");
    t.answers(store, rival.commit_after(before.sequence()), "conflict", "a commit on a sequence gone by");
    auto ahead = l;
    put_wager(ahead, "next");
    put_wager(ahead, "too early");
    t.answers(store, ahead.commit_after(l.sequence() + 1), "conflict", "a commit on a sequence to come");
    const std::vector leap{ahead.checkpoint()};
    auto leaping = ahead.commit_after(l.sequence() - 1);
    leaping.operations = leap;
    t.answers(store, leaping, "conflict", "a checkpoint on a sequence gone by");
    // What a writer knows that went on while the store was replaced by an older copy of itself.
    auto lost = before;
    lost.diverge(4);
    put_win(lost, "mega");
    put_wager(lost, "elsewhere");
    t.answers(store, lost.commit_after(l.sequence()), "conflict", "a commit on another operation");
    auto unfounded = lost.commit_after(l.sequence());
    unfounded.newest = {};
    t.answers(store, unfounded, "conflict", "a commit on a sequence without its operation");
    t.holds(store, l, "after conflicts");
    t.finds_none(store, "too late");
    t.finds_none(store, "too early");
    t.finds_none(store, "elsewhere");
    if constexpr (Trial::reopens) {
        auto&& other = t.reopen();
        t.loads(other, l, {}, "by another handle");
        t.commits(store, ahead, l.sequence());
        rival = l;
        rival.diverge(3);
        put_wager(rival, "too slow");
        t.answers(other, rival.commit_after(l.sequence()), "conflict",
                  "a commit after that of another handle");
        t.loads(other, ahead, l.states(), "of what another handle committed");
        t.holds(other, ahead, "after a conflict with another handle");
        t.finds_none(other, "too slow");
    } else {
        t.commits(store, ahead, l.sequence());
        t.holds(store, ahead, "after the commit on the store's sequence");
    }
}

template <class Trial>
void check_atomic(Trial& t) {
    t.law("atomic");
    auto&& store = t.make();
    auto l = begun<typename Trial::amount_type>();
    // More pools than an operation holds parts in place.
    for (const char* pool : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) {
        put_pool(l, pool);
    }
    put_wager(l, "all");
    if (!t.commits(store, l, 0) || !t.holds(store, l, "after a wager that feeds twelve pools")) {
        return;
    }
    auto longer = l;
    put_wager(longer, "one");
    put_pool(longer, "new");
    put_win(longer, "minor", "two");
    put_wager(longer, "three");
    auto operations = operations_after(longer, l.sequence());
    auto c = longer.commit_after(l.sequence());
    set_key<typename Trial::amount_type>(operations.back().request, "all");
    c.operations = operations;
    t.answers(store, c, "duplicate", "a commit whose last operation has a key of the store");
    t.holds(store, l, "after a commit that was refused for its last operation's key");
    operations.back().sequence += 1;
    t.answers(store, c, "corrupt", "a commit whose last operation leaves a gap");
    t.holds(store, l, "after a commit that was refused for its last operation's sequence");
    t.finds_none(store, "one");
    t.finds_none(store, "two");
    t.commits(store, longer, l.sequence());
    t.holds(store, longer, "after the same commit without what was wrong");
}

}}}  // namespace jackpot::v1::testing::detail

#endif
