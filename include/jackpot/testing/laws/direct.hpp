// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_DIRECT_HPP
#define JACKPOT_TESTING_LAWS_DIRECT_HPP

#include <jackpot/store/direct_storage.hpp>
#include <jackpot/testing/laws/reading.hpp>

// The laws of direct_storage.

namespace jackpot { inline namespace v1 { namespace testing::detail {

template <amount Amount>
[[nodiscard]] basic_reading<Amount> reading_of(const basic_pool<Amount>& p) {
    return {p, p.version, p.sequence, p.modified_at, p.status};
}

/// How a wager gets to a store.
enum class way : std::uint8_t { by_name, by_handle, under_the_lock };

template <class Store, amount Amount>
[[nodiscard]] bool contribute_by(way w, Store& store, const basic_contribute_request<Amount>& r,
                                 const operation_stamp& stamp, basic_receipt<Amount>& into) {
    const auto game = store.resolve_game(r.game);
    const basic_wager<Amount> wager{
        .wager = r.wager, .player = r.player, .round = r.round, .site = r.site, .key = r.key};
    if constexpr (exclusive_storage<Store>) {
        if (w == way::under_the_lock) {
            const auto taken = store.exclusive([&](auto& locked) -> expected<bool> {
                return game && !r.pools ? locked.contribute(*game, wager, stamp, into)
                                        : locked.contribute(r, stamp, into);
            });
            return taken && *taken;
        }
    }
    return w == way::by_handle && game && !r.pools ? store.contribute(*game, wager, stamp, into)
                                                   : store.contribute(r, stamp, into);
}

/// Expects a wager that the store took to be the one that the long way makes, and takes it into the ledger.
template <class Trial, amount Amount>
bool follows(Trial& t, ledger<Amount>& l, const basic_contribute_request<Amount>& r,
             const operation_stamp& stamp, const basic_receipt<Amount>& given) {
    basic_operation<Amount> wanted;
    wanted.id = stamp.id;
    wanted.request = r;
    const bool kept =
        !l.states().head.sealed && decide(l.states(), stamp.now, wanted) && !wanted.parts.empty();
    if (!t.expect(kept, "a wager is taken that was to be refused, or changes nothing")) {
        return false;
    }
    const basic_receipt<Amount> receipt{wanted.sequence, wanted.at, false, wanted.parts};
    l.take(std::move(wanted));
    return t.expect(given == receipt, "the receipt is not that of decide");
}

/// Wagers that a store may decline, and that it must.
template <amount Amount>
[[nodiscard]] std::vector<basic_contribute_request<Amount>> wagers_to_decline() {
    return {{.game = "slots", .wager = 1001},
            {.game = "slots", .wager = 1001, .player = "alice", .key = "second"},
            {.game = "slots", .wager = 1001, .pools = name_list{"minor"}, .key = "second"},
            {.game = "slots", .wager = 1001, .pools = name_list{"none"}},
            {.game = "slots", .wager = 1001, .key = "first"},
            {.game = "poker", .wager = 1001, .key = "first"},
            {.game = "slots", .wager = 1001, .key = "\n"},
            {.game = "slots", .wager = 0, .key = "second"},
            {.game = "\n", .wager = 1001}};
}

template <class Trial>
bool check_declined(Trial& t) {
    using amount_type = typename Trial::amount_type;
    t.law("declined");
    bool holds = true;
    for (const auto& r : wagers_to_decline<amount_type>()) {
        for (const bool sealed : {false, true}) {
            for (const way w : {way::by_name, way::by_handle, way::under_the_lock}) {
                auto&& store = t.make();
                auto l = begun<amount_type>();
                basic_receipt<amount_type> receipt;
                if (!t.commits(store, l, 0) || !t.expect(store.seal(sealed).has_value(), "seal: an error")) {
                    return false;
                }
                l.seal(sealed);
                const auto pool = store.resolve_pool("minor");
                if (contribute_by(w, store, r, {.id = {7, 1}, .now = l.states().head.at}, receipt)) {
                    continue;  // another law's
                }
                holds = t.holds(store, l, "after a wager that was declined") && holds;
                holds = (!r.key || l.find(*r.key) != nullptr || t.finds_none(store, *r.key)) && holds;
                const auto* minor = jackpot::detail::find_pool(l.states().pools, name("minor"));
                const auto seen = pool ? store.meters(*pool) : tl::unexpected(pool.error());
                holds = t.expect(seen && *seen == reading_of(*minor),
                                 "a wager that was declined moves a meter") &&
                        holds;
            }
        }
    }
    return holds;
}

template <class Trial>
bool check_decided(Trial& t) {
    using amount_type = typename Trial::amount_type;
    t.law("decided");
    auto&& store = t.make();
    typename Trial::ledger_type l;
    auto requests = t.requests(8);
    for (std::uint64_t i = 1; i <= 600; ++i) {
        if (i % 100 == 60 || i % 100 == 70) {
            l.seal(i % 100 == 60);
            t.expect(store.seal(l.states().head.sealed).has_value(), "seal: an error");
        }
        const auto request = requests.next(l.states());
        const auto before = l.sequence();
        if (const auto* r = std::get_if<basic_contribute_request<amount_type>>(&request)) {
            // Clocks of several writers: R10 keeps time from running backwards.
            const auto now = i % 4 == 0 ? timestamp(0) : l.states().head.at + timestamp(i);
            const operation_stamp stamp{.id = {7, i}, .now = now};
            basic_receipt<amount_type> receipt{.sequence = 5, .replayed = true};
            basic_operation<amount_type> holder;  // a short history forgets keys
            const bool held = r->key && store.find(*r->key, holder).value_or(false);
            if (contribute_by(way(i % 3), store, *r, stamp, receipt) &&
                (!t.expect(!held, "a wager is taken under a key that is held") ||
                 !follows(t, l, *r, stamp, receipt))) {
                return false;
            }
        }
        if (l.sequence() == before && !l.states().head.sealed && l.add(request).value_or(false) &&
            !t.commits(store, l, before)) {
            return false;
        }
        if (i % 20 == 0 && !t.holds(store, l, "after wagers that the store took itself")) {
            return false;
        }
    }
    if constexpr (Trial::reopens) {
        auto&& other = t.reopen();
        return t.holds(other, l, "by another handle, after wagers that the store took itself");
    }
    return true;
}

/// Brings the store to where the ledger is, then makes a wager by a handle that was given before.
template <class Trial, class Store, class Game>
bool follows_by(Trial& t, Store& store, typename Trial::ledger_type& l, std::uint64_t before,
                const Game& game, std::string_view when) {
    using amount_type = typename Trial::amount_type;
    if (!t.commits(store, l, before)) {
        return false;
    }
    const operation_stamp stamp{.id = {7, l.sequence()}, .now = l.states().head.at};
    basic_receipt<amount_type> receipt;
    if (!store.contribute(game, basic_wager<amount_type>{.wager = 1001}, stamp, receipt)) {
        return true;
    }
    return follows(t, l, {.game = "slots", .wager = 1001}, stamp, receipt) && t.holds(store, l, when);
}

template <class Trial>
bool check_handles(Trial& t) {
    using amount_type = typename Trial::amount_type;
    t.law("handles");
    auto&& store = t.make();
    auto l = begun<amount_type>();
    if (!t.commits(store, l, 0)) {
        return false;
    }
    const auto code = [](const auto& answer) { return answer ? errc() : answer.error().code; };
    t.expect(code(store.resolve_game("\n")) == errc::invalid_game, "a game of no valid name is resolved");
    t.expect(code(store.resolve_pool("\n")) == errc::invalid_pool, "a pool of no valid name is resolved");
    t.expect(code(store.resolve_pool("none")) == errc::unknown_pool, "a pool is resolved that is not there");
    const auto made = store.resolve_game("slots");
    const auto minor = store.resolve_pool("minor");
    const auto mega = store.resolve_pool("mega");
    if (!t.expect(made && minor && mega, "a name is not resolved")) {
        return false;
    }
    const auto game = *made;
    const auto opened = l.states();
    basic_patch<amount_type> patch;
    patch.rate = rate::from_ppb(500'000'000);
    patch.games = {{"poker"}};
    const auto step = [&](basic_request<amount_type> request, std::string_view when) {
        const auto before = l.sequence();
        put(l, std::move(request));
        return follows_by(t, store, l, before, game, when) &&
               t.expect(game.name() == name("slots") && minor->name() == name("minor"),
                        "a handle has another name than its own") &&
               t.expect(store.meters(*minor).has_value(), "the meters of a pool that is there are not shown");
    };
    const auto before = l.sequence();
    put_pool(l, "later");
    if (!follows_by(t, store, l, before, game, "after a pool was opened") ||
        !step(suspend_request{.pool = "minor"}, "after a pool was suspended") ||
        !step(resume_request{.pool = "minor"}, "after it was resumed") ||
        !step(basic_configure_request<amount_type>{.pool = "mega", .when = when::now, .patch = patch},
              "after a pool was configured for another game") ||
        !step(basic_win_request<amount_type>{.pool = "minor", .game = "slots", .player = "alice"},
              "after a win") ||
        !step(basic_restore_request<amount_type>{.actor = "ann",
                                                 .reason = "test",
                                                 .returned_to = opened.head.sequence,
                                                 .states = opened.pools},
              "after states were restored")) {
        return false;
    }
    typename Trial::ledger_type source;
    put_pool(source, "minor");
    auto leap = source.checkpoint();
    leap.sequence = l.sequence() + 10;
    leap.at = l.states().head.at;
    const auto last = l.sequence();
    l.take(std::move(leap));
    return follows_by(t, store, l, last, game, "after a checkpoint") &&
           t.expect(code(store.meters(*mega)) == errc::unknown_pool, "meters of a pool that is gone");
}

template <class Trial>
bool check_metered(Trial& t) {
    using amount_type = typename Trial::amount_type;
    t.law("metered");
    auto&& store = t.make();
    auto l = begun<amount_type>();
    if (!t.commits(store, l, 0)) {
        return false;
    }
    using handle = typename Trial::storage_type::pool_handle;
    std::map<name, handle> handles;
    auto requests = t.requests(9);
    for (std::uint64_t i = 1; i <= 200; ++i) {
        const basic_contribute_request<amount_type> wager{.game = "slots", .wager = 1001};
        const operation_stamp stamp{.id = {7, i}, .now = l.states().head.at};
        basic_receipt<amount_type> receipt;
        const auto before = l.sequence();
        if (i % 2 == 0) {
            put_random(l, requests, 1);
            if (!t.commits(store, l, before)) {
                return false;
            }
        } else if (contribute_by(way(i % 3), store, wager, stamp, receipt) &&
                   !follows(t, l, wager, stamp, receipt)) {
            return false;
        }
        for (const auto& pool : l.states().pools) {
            if (handles.find(pool.pool) == handles.end()) {
                if (const auto made = store.resolve_pool(pool.pool)) {
                    handles.emplace(pool.pool, *made);
                }
            }
            const auto known = handles.find(pool.pool);
            const auto seen = known == handles.end() ? fail(errc::unknown_pool) : store.meters(known->second);
            if (!t.expect(seen && *seen == reading_of(pool),
                          "the meters are not those that the newest operation left")) {
                return false;
            }
        }
    }
    return true;
}

/// The laws in turn, up to the first that is broken: the later ones rest on the earlier.
template <class Trial>
void check_direct(Trial& t) {
    if constexpr (direct_storage<typename Trial::storage_type>) {
        static_cast<void>(check_declined(t) && check_decided(t) && check_handles(t) && check_metered(t));
    }
}

}}}  // namespace jackpot::v1::testing::detail

#endif
