// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_CUT_OVER_HPP
#define JACKPOT_REPLICATION_CUT_OVER_HPP

#include <jackpot/store/storage.hpp>

#include <compare>
#include <memory>
#include <string>

// A cut-over moves from one store to another while wagers come. Of two stores with one history at most one is
// open at any moment. First the target is sealed, and the journal copied (`replicate`, with `sealed`); then
// the source is sealed, and its last operations are copied; then `take_over` opens the target. A client that
// is answered store_sealed sends the request with the same key to the other store, and goes on asking both in
// turn until one of them answers otherwise.

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

/// Checks that the store holds the newest operation of the other one. Error: diverged, where it does not.
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

/// Opens `store`. Both stores are locked: nobody else changes them meanwhile.
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

/// Opens `store`, which then goes on where `other` stopped. `other` must be sealed, and `store` must hold all
/// that `other` took. This call ends a cut-over; with the source as `store`, it gives a cut-over up. It holds
/// the locks of both stores, so that of two callers that each want to open another store only one succeeds.
///
/// Does nothing where `store` is open. Errors: conflict, where `other` is not sealed; diverged, where `store`
/// lacks an operation; the stores' own. After an error nothing changed, except that after unavailable `store`
/// may be open. It is safe to call again.
template <storage Store, storage Other>
[[nodiscard]] expected<void> take_over(Store& store, Other& other) {
    const void* const mine = std::addressof(store);
    const void* const others = std::addressof(other);
    if (mine == others) {
        return fail(errc::conflict, "both are one store");
    }
    // Always locks in the same order: otherwise two threads that each hold one lock would wait for ever.
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
