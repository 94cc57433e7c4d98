// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_STORE_STORAGE_HPP
#define JACKPOT_STORE_STORAGE_HPP

#include <jackpot/core/meters.hpp>
#include <jackpot/core/receipt.hpp>
#include <jackpot/core/snapshot.hpp>
#include <jackpot/store/history.hpp>

#include <span>

namespace jackpot { inline namespace v1 {

/// Operations to append to a store's journal, and the states that follow them.
template <amount Amount>
struct basic_commit {
    /// The store's identity, or the one that a store without operations is to have from now on.
    identifier identity{};
    /// The store's sequence that the operations were decided on, and the id of the operation there (null
    /// where there was none): the guard.
    std::uint64_t sequence = 0;
    identifier newest{};
    /// At least one. They count on from `sequence`, unless the first is a checkpoint, which may leap.
    std::span<const basic_operation<Amount>> operations{};
    /// The pools that the operations change, those of their parts, and no other (a checkpoint has a part for
    /// every pool): each once, as it is after the last operation, in byte order of names. See `name_changed`.
    std::span<const basic_pool<Amount>* const> pools{};
    /// The seal that the store has, and keeps: a copy may go into a sealed store, which takes nothing else.
    bool sealed = false;
};

enum class commit_result : std::uint8_t {
    committed,
    conflict,   ///< the store is at another sequence, or has another operation there; nothing changed
    duplicate,  ///< a key is held by another operation, in the store or in this commit; nothing changed
};

/// The operations after one sequence, up to and with another.
struct sequence_range {
    std::uint64_t after = 0;
    std::uint64_t until = 0;
};

/// Where the key of an operation leads.
struct key_trace {
    std::uint64_t sequence = 0;  ///< of the operation
    std::uint64_t found = 0;     ///< of the operation that a look-up of its key finds; 0: none

    friend bool operator==(const key_trace&, const key_trace&) = default;
};

namespace detail {

/// The pool of that name among those that a commit names, or where it would go. It looks at `at` first: parts
/// and pools stand in the same order.
template <class Named>
[[nodiscard]] auto find_named(Named& pools, decltype(pools.begin()) at, const name& wanted) noexcept {
    return at != pools.end() && (*at)->pool == wanted
               ? at
               : std::lower_bound(pools.begin(), pools.end(), wanted.view(),
                                  [](const auto* p, std::string_view n) { return p->pool.view() < n; });
}

/// Checks that the commit names the pools of its parts, and no other. What it costs grows with the parts: a
/// pool's own sequence tells its last part, so that parts are counted in place of searched. Error: corrupt.
template <amount Amount>
[[nodiscard]] expected<void> check_named(const basic_commit<Amount>& c) {
    const auto disorder = std::adjacent_find(
        c.pools.begin(), c.pools.end(), [](const auto* a, const auto* b) { return !(a->pool < b->pool); });
    if (disorder != c.pools.end()) {
        return fail(errc::corrupt, (*disorder)->pool, "the commit's pools are not in order, each once");
    }
    std::size_t left = 0;
    for (const auto& o : c.operations) {
        auto at = c.pools.begin();
        for (const auto& part : o.parts) {
            at = find_named(c.pools, at, part.pool);
            if (at == c.pools.end() || (*at)->pool != part.pool) {
                return fail(errc::corrupt, part.pool, "the commit changes it, and does not name it");
            }
            // A checkpoint keeps the sequences of the pools that it brings.
            const bool leap = o.kind() == operation_kind::checkpoint;
            left += (leap ? (*at)->sequence <= o.sequence : (*at)->sequence == o.sequence) ? 1 : 0;
            ++at;
        }
    }
    return left == c.pools.size()
               ? success()
               : fail(errc::corrupt, "the commit names a pool that is not as its operations leave it");
}

}  // namespace detail

/// Checks what can be told of a commit without the store. Errors: diverged, for a commit without an identity;
/// corrupt, for a commit without operations, sequences with a gap, parts that no rule makes, or other pools
/// than those of the parts.
template <amount Amount>
[[nodiscard]] expected<void> check_commit(const basic_commit<Amount>& c) {
    if (c.identity.is_null()) {
        return fail(errc::diverged, "the commit is for a store of another identity");
    }
    if (c.operations.empty()) {
        return fail(errc::corrupt, "a commit of no operation");
    }
    std::uint64_t sequence = c.sequence;
    for (const auto& o : c.operations) {
        if (auto sound = detail::check_parts(o); !sound) {
            return sound;
        }
        const bool leap = &o == c.operations.data() && o.kind() == operation_kind::checkpoint;
        if (leap ? o.sequence <= sequence : o.sequence != sequence + 1) {
            return fail(errc::corrupt, "the commit's sequence does not count by one");
        }
        sequence = o.sequence;
    }
    return detail::check_named(c);
}

namespace detail {

/// Checks that the commit is for the store that stands there. Errors: store_sealed; conflict, for a commit to
/// a sealed store where the store is open; diverged, for a commit made for another store.
template <amount Amount>
[[nodiscard]] expected<void> check_head(const store_head& head, const basic_commit<Amount>& c) {
    if (head.sealed != c.sealed) {
        return head.sealed ? fail(errc::store_sealed) : fail(errc::conflict, "the store is not sealed");
    }
    // One decided on an empty store lost the race to be first: a conflict, which the guard will tell.
    if (head.sequence != 0 && c.sequence != 0 && head.identity != c.identity) {
        return fail(errc::diverged, "the commit is for a store of another identity");
    }
    return success();
}

}  // namespace detail

/// Checks a commit as every store does before it looks at keys and at the guard. Errors: store_sealed;
/// conflict, for a commit to a sealed store where the store is open; diverged, for a commit made for another
/// store; then those of `check_commit`.
template <amount Amount>
[[nodiscard]] expected<void> admit(const store_head& head, const basic_commit<Amount>& c) {
    auto fits = detail::check_head(head, c);
    return fits ? check_commit(c) : fits;
}

namespace detail {

/// Counts how often the commit's operations change each of its pools: their versions grow by these numbers.
/// What it costs grows with the parts.
template <amount Amount>
void count_parts(const basic_commit<Amount>& c, std::vector<std::uint64_t>& counts) {
    counts.assign(c.pools.size(), 0);
    for (const auto& o : c.operations) {
        auto at = c.pools.begin();
        for (const auto& part : o.parts) {
            at = find_named(c.pools, at, part.pool);
            if (at != c.pools.end() && (*at)->pool == part.pool) {
                ++counts[static_cast<std::size_t>(at - c.pools.begin())];
                ++at;
            }
        }
    }
}

}  // namespace detail

// The named parts of the concept: the compiler's message names the part that a store lacks.

template <class S>
concept has_amount_type = amount<typename S::amount_type>;

template <class S>
concept loads_states = requires(S& store, basic_snapshot<typename S::amount_type>& states) {
    { store.load(states) } -> std::same_as<expected<void>>;
};

template <class S>
concept commits_operations = requires(S& store, const basic_commit<typename S::amount_type>& commit) {
    { store.commit(commit) } -> std::same_as<expected<commit_result>>;
};

template <class S>
concept finds_keys = requires(S& store, const name& key, basic_operation<typename S::amount_type>& found) {
    { store.find(key, found) } -> std::same_as<expected<bool>>;
};

template <class S>
concept reads_journal = requires(S& store, const history_query& query,
                                 std::vector<basic_operation<typename S::amount_type>>& page) {
    { store.read(query, page) } -> std::same_as<expected<void>>;
};

template <class S>
concept seals = requires(S& store, bool sealed) {
    { store.seal(sealed) } -> std::same_as<expected<void>>;
};

/// A store of one network of pools: a journal of operations, 1, 2, 3 …, and the states that it folds to.
///
/// | verb              | does                                                                         |
/// | ----------------- | ---------------------------------------------------------------------------- |
/// | `load(states)`    | brings `states` to the store's newest moment. Where `states` are an earlier  |
/// |                   | moment of it, only what has changed since need be read, and put: a caller    |
/// |                   | looks at nothing else (`basic_pools::each_changed`); else (empty, or of a    |
/// |                   | history that the store does not have) everything is read anew                |
/// | `commit(c)`       | appends `c.operations` and keeps `c.pools`, all or nothing (see the laws)    |
/// | `find(key, o)`    | true, and the operation that holds the key; or false                         |
/// | `read(q, page)`   | replaces `page` by the operations that match, as many as `q.limit` at most,  |
/// |                   | in order, or newest first where the query says so                            |
/// | `seal(on)`        | from now on refuses commits, or takes them again                             |
///
/// Laws, which `testing::check_conformance` checks on any store:
/// - atomic: an operation, its parts and the pools' states appear together or not at all;
/// - guarded: a commit decided on another sequence than the store's, or on another operation there, is a
///   conflict, and changes nothing: a store that was restored from a backup, or failed over to a copy that
///   lacked the newest operations, is another history, though its identity and by chance its sequence fit;
/// - gapless: the sequence, and every pool's version, count by one (a checkpoint leaps); a commit that does
///   not is refused as corrupt;
/// - exact: a commit names the pools that its operations change, each once; one that names another, lacks
///   one, or names one twice is refused as corrupt, and changes nothing;
/// - idempotent: a key that another operation holds, in the store or earlier in the same commit, is a
///   duplicate, changes nothing, and is said before a conflict is;
/// - isolated: a load is one moment of the whole store;
/// - durable: what was committed is seen by every handle opened later;
/// - faithful: what was committed is read back bit for bit;
/// - sealed: a sealed store refuses commits with store_sealed, and still answers everything else; one that
///   says that the store is sealed is taken by a sealed store alone, which stays so;
/// - identity: a store without operations takes the identity of its first commit, and from then on refuses
///   commits for another one as diverged (but one decided on sequence 0 is a conflict: it lost the race to be
///   first).
///
/// No verb but a first load looks at all pools, where a store has many: what is done costs nothing for pools
/// that it does not touch.
///
/// A store that keeps a limited history begins its journal with a checkpoint, whose id is that of the newest
/// operation that it stands for. The verbs may return the errors unavailable, corrupt, permission_denied,
/// schema_mismatch and out_of_memory. After unavailable a commit may or may not have landed; the journal
/// tells, by the operation's id.
///
/// A handle belongs to one thread at a time, unless the store says otherwise (see `thread_safe_storage`).
template <class S>
concept storage = has_amount_type<S> && loads_states<S> && commits_operations<S> && finds_keys<S> &&
    reads_journal<S> && seals<S>;

/// Optional: `static constexpr bool is_thread_safe = true`, where any number of threads may call one handle
/// at the same time. A store that says nothing is for one thread.
template <class S>
concept thread_safe_storage = storage<S> && S::is_thread_safe;

namespace detail {

/// Says in words what a store lacks, where a class is made over one: of a constraint that is not met while
/// template arguments are deduced, some compilers tell no more than that.
template <class S>
struct storage_needs {
    static constexpr bool typed = has_amount_type<S>;
    static_assert(typed, "the store lacks amount_type, the type of its amounts");
    static_assert(!typed || loads_states<S>,
                  "the store lacks the verb load: expected<void> load(basic_snapshot<amount_type>&)");
    static_assert(
        !typed || commits_operations<S>,
        "the store lacks the verb commit: expected<commit_result> commit(const basic_commit<amount_type>&)");
    static_assert(
        !typed || finds_keys<S>,
        "the store lacks the verb find: expected<bool> find(const name&, basic_operation<amount_type>&)");
    static_assert(!typed || reads_journal<S>,
                  "the store lacks the verb read: expected<void> read(const history_query&, "
                  "std::vector<basic_operation<amount_type>>&)");
    static_assert(!typed || seals<S>, "the store lacks the verb seal: expected<void> seal(bool)");
    static constexpr bool said = true;
};

/// The store's type of amounts, for a base class, which the compiler looks at before it says the above.
template <class S>
struct amount_of {
    using type = std::int64_t;
};
template <has_amount_type S>
struct amount_of<S> {
    using type = typename S::amount_type;
};

/// Never called. Without a body clang++ would warn where a store's type is of an unnamed namespace.
struct exclusive_probe {
    template <class Locked>
    expected<void> operator()(Locked&) const {
        return {};
    }
};
}  // namespace detail

/// Optional: `exclusive(body)` runs `body(locked)` while nobody else can commit, and returns what the body
/// returns, an expected; `locked` is the store itself or a view of it with the same verbs. Where the lock
/// cannot be taken it returns that error instead. A writer that lost a race reloads and decides inside it.
template <class S>
concept exclusive_storage = storage<S> && requires(S& store, detail::exclusive_probe body) {
    { store.exclusive(body) } -> std::same_as<expected<void>>;
};

/// The largest amount that the store can hold: what its own `amount_max()` says, which is optional, or else
/// that of the type. A commit with a larger amount is refused as amount_overflow, and changes nothing.
template <storage S>
[[nodiscard]] typename S::amount_type amount_max(const S& store) {
    if constexpr (requires {
                      { store.amount_max() } -> std::convertible_to<typename S::amount_type>;
                  }) {
        return store.amount_max();
    } else {
        return amount_traits<typename S::amount_type>::amount_max();
    }
}

JACKPOT_INSTANCE(expected<void> admit(const store_head&, const basic_commit<std::int64_t>&));

}}  // namespace jackpot::v1

#endif
