// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_CUT_OVER_HPP
#define JACKPOT_REPLICATION_CUT_OVER_HPP

#include <jackpot/store/storage.hpp>

#include <compare>
#include <memory>
#include <string>

// From one store to another while wagers come. Of two stores with one history at most one is open at any
// moment: the target is sealed, and the journal copied (`replicate`, with `sealed`); the source is sealed,
// and what it took last is copied; `take_over` opens the target. A client sends what is refused as
// store_sealed to the other store, with the same key, in turn until one of them answers otherwise.

namespace jackpot { inline namespace v1 {

namespace detail {

/// Runs `body(store)` while nobody else can commit, where the store has a lock to hold.
template <storage Store, class Body>
[[nodiscard]] expected<void> while_held(Store& store, Body&& body) {
    if constexpr (exclusive_storage<Store>) {
        return store.exclusive(body);
    } else {
        return body(store);
    }
}

/// Does the store hold the operation at which the other one stands? Error: diverged, where it does not.
template <class Store, class Other, amount Amount>
[[nodiscard]] expected<void> check_holds_newest(Store& store, const basic_snapshot<Amount>& states,
                                                Other& other, const store_head& newest) {
    if (newest.sequence == 0) {
        return success();
    }
    if (states.head.identity != newest.identity) {
        return fail(errc::diverged, "the other store holds another network of pools");
    }
    std::vector<basic_operation<Amount>> ours;
    std::vector<basic_operation<Amount>> theirs;
    const history_query where{.after = newest.sequence - 1, .limit = 1};
    for (auto read : {store.read(where, ours), other.read(where, theirs)}) {
        if (!read) {
            return read;
        }
    }
    const bool held =
        !ours.empty() && !theirs.empty() && ours[0].sequence == newest.sequence && ours[0].id == theirs[0].id;
    return held ? success()
                : fail(errc::diverged, "it lacks what the other store took, operation",
                       std::to_string(newest.sequence));
}

/// Of two stores that nobody else can change meanwhile.
template <class Store, class Other>
[[nodiscard]] expected<void> open_after(Store& store, Other& other) {
    basic_snapshot<typename Store::amount_type> ours;
    basic_snapshot<typename Store::amount_type> theirs;
    for (auto loaded : {store.load(ours), other.load(theirs)}) {
        if (!loaded) {
            return loaded;
        }
    }
    if (!theirs.head.sealed) {
        return fail(errc::conflict, "the other store takes operations: it is not sealed");
    }
    if (auto held = check_holds_newest(store, ours, other, theirs.head); !held) {
        return held;
    }
    return ours.head.sealed ? store.seal(false) : success();
}

}  // namespace detail

/// Opens `store`, to go on where `other` stopped: `other` is sealed, and `store` holds all that it took. That
/// ends a cut-over; with the source as `store` it gives one up. Both stores' locks are held meanwhile, so
/// that two who try it at once, each for another of the stores, cannot open both.
///
/// Does nothing where `store` is open. Errors: conflict, where `other` takes operations; diverged, where
/// `store` lacks one; the stores' own. Nothing changed then, but that after unavailable `store` may be open:
/// safe to call again.
template <storage Store, storage Other>
[[nodiscard]] expected<void> take_over(Store& store, Other& other) {
    const void* const mine = std::addressof(store);
    const void* const others = std::addressof(other);
    if (mine == others) {
        return fail(errc::conflict, "both are one store");
    }
    // In one order whichever is to open: two threads that each hold one lock would wait for ever.
    if (std::compare_three_way()(mine, others) < 0) {
        return detail::while_held(store, [&](auto& here) {
            return detail::while_held(other, [&](auto& there) { return detail::open_after(here, there); });
        });
    }
    return detail::while_held(other, [&](auto& there) {
        return detail::while_held(store, [&](auto& here) { return detail::open_after(here, there); });
    });
}

}}  // namespace jackpot::v1

#endif
