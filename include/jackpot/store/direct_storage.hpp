// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_STORE_DIRECT_STORAGE_HPP
#define JACKPOT_STORE_DIRECT_STORAGE_HPP

#include <jackpot/store/storage.hpp>

namespace jackpot { inline namespace v1 {

/// The id and the time that a writer gives to an operation.
struct operation_stamp {
    identifier id{};
    timestamp now = 0;
};

// The named parts of the concept: the compiler's message names the part that a store lacks.

/// Stands for one name of a store: cheap to copy, and a type of the store's own.
template <class H>
concept name_handle = std::copyable<H> && requires(const H& handle) {
    { handle.name() } -> std::convertible_to<name>;
};

template <class S>
concept has_handles = name_handle<typename S::game_handle> && name_handle<typename S::pool_handle>;

template <class S>
concept resolves_names = requires(S& store, const name& called) {
    { store.resolve_game(called) } -> std::same_as<expected<typename S::game_handle>>;
    { store.resolve_pool(called) } -> std::same_as<expected<typename S::pool_handle>>;
};

template <class S>
concept takes_wagers = requires(S& store, const basic_contribute_request<typename S::amount_type>& request,
                                const typename S::game_handle& game,
                                const basic_wager<typename S::amount_type>& wager,
                                const operation_stamp& stamp,
                                basic_receipt<typename S::amount_type>& receipt) {
    { store.contribute(request, stamp, receipt) } -> std::same_as<bool>;
    { store.contribute(game, wager, stamp, receipt) } -> std::same_as<bool>;
};

template <class S>
concept reads_meters = requires(S& store, const typename S::pool_handle& pool) {
    { store.meters(pool) } -> std::same_as<expected<basic_reading<typename S::amount_type>>>;
};

/// Optional: a store that decides wagers on its own states, without a copy of them on the way, and shows the
/// meters of one pool alone. Its handles, `game_handle` and `pool_handle`, are types of its own.
///
/// | verb                              | does                                                           |
/// | --------------------------------- | -------------------------------------------------------------- |
/// | `resolve_game(name)`              | gives a handle of a game, whether or not a pool is fed by it.  |
/// |                                   | Errors: invalid_game, out_of_memory                            |
/// | `contribute(request, stamp, r)`   | decides a wager and keeps its operation: true, and the receipt |
/// |                                   | `r`; or declines it: false                                     |
/// | `contribute(game, wager, stamp, r)` | the same for `in_game(game.name(), wager)`                   |
/// | `resolve_pool(name)`              | gives a handle of a pool. Errors: invalid_pool, unknown_pool,  |
/// |                                   | out_of_memory                                                  |
/// | `meters(pool)`                    | the pool's meters as the newest operation left them. Error:    |
/// |                                   | unknown_pool, where a rewrite or a checkpoint has removed it   |
///
/// Laws, which `testing::check_conformance` checks on any such store:
/// - declined: `contribute` may decline any wager. Then it changes nothing but the receipt: not the journal,
///   the keys, the states or the meters. The writer goes the long way (load, decide, commit), which gives
///   every error;
/// - decided: where it takes the wager, the receipt is that of `decide` on the newest states at
///   `stamp.now`, and the operation kept is the one that the long way would have kept with the id
///   `stamp.id`. So it declines what the long way would refuse or not keep: a wager into a sealed store or
///   onto states that break R8, under a key that is held, or one that no pool takes a share of;
/// - handles: a handle stands for its name, and goes on to do so whatever becomes of the store's pools. A
///   wager by it feeds the pools that the game feeds when the wager is made;
/// - metered: the meters are all of one moment. Where threads may share the store (`thread_safe_storage`),
///   any may call `meters` while others write, and sees one of the states that the journal folds to
///   (`testing::check_concurrency` has this checked).
///
/// Where the store is an `exclusive_storage`, too, what it gives the body has both forms of `contribute`: a
/// network takes many wagers under one lock then, and else one by one.
template <class S>
concept direct_storage =
    storage<S> && has_handles<S> && resolves_names<S> && takes_wagers<S> && reads_meters<S>;

namespace detail {

/// Says in words what a store lacks that has handles, and so is meant to be a direct_storage: a network would
/// go the long way in silence.
template <class S>
struct direct_needs {
    static constexpr bool meant = has_handles<S>;
    static_assert(!meant || resolves_names<S>,
                  "the store has handles, and lacks the verbs that give them: expected<game_handle> "
                  "resolve_game(const name&), expected<pool_handle> resolve_pool(const name&)");
    static_assert(!meant || takes_wagers<S>,
                  "the store has handles, and lacks the verb contribute: bool contribute(const "
                  "basic_contribute_request<amount_type>&, const operation_stamp&, "
                  "basic_receipt<amount_type>&), and the same with const game_handle&, const "
                  "basic_wager<amount_type>& in place of the request");
    static_assert(!meant || reads_meters<S>,
                  "the store has handles, and lacks the verb meters: expected<basic_reading<amount_type>> "
                  "meters(const pool_handle&)");
    static constexpr bool said = true;
};

/// What stands for a game and for a pool with a store: its handles, or the names themselves.
template <class S>
struct handles_of {
    using game = name;
    using pool = name;
};
template <direct_storage S>
struct handles_of<S> {
    using game = typename S::game_handle;
    using pool = typename S::pool_handle;
};

}  // namespace detail

}}  // namespace jackpot::v1

#endif
