// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_WRITE_BEHIND_HPP
#define JACKPOT_REPLICATION_WRITE_BEHIND_HPP

#include <jackpot/replication/behind.hpp>
#include <jackpot/replication/seam.hpp>

namespace jackpot { inline namespace v1 {

/// A store in memory that answers at once, before another store, any, to which the host has it copied:
/// by `pump`, once a frame or on a thread of the host's. It is a store itself, for a `network` to hold.
///
/// It begins with the newest states of the store behind, and reads of that only what it no longer has
/// in memory itself: older pages of the journal, and keys. So wagers without a key never wait for the store
/// behind; those with one are looked up there once the history in memory is not complete, that is after
/// `history_limit` operations, or where the store behind was not empty at the start. While that store is
/// down, such wagers are refused as unavailable (no key counts twice), everything else goes on up to
/// `lag_limit`, and then wagers are refused as overloaded, at once. A network pauses between its tries where
/// a key cannot be looked up: a game loop gives it a `retry_policy` of one attempt.
///
/// The store behind has one writer, this. Where another changed it, `pump` says diverged, and nothing is
/// overwritten. `Behind` must outlive it. Any number of threads may use it at the same time, a network each;
/// with `null_lock` one thread must own it. What is not pumped when it is destroyed is lost as by a crash:
/// an ordered end is `flush`, or `seal`.
template <class Behind, class Lock = std::mutex>
class write_behind {
    static_assert(detail::storage_needs<Behind>::said);

public:
    using amount_type = typename Behind::amount_type;
    using game_handle = basic_game_handle<amount_type>;
    using pool_handle = basic_pool_handle<amount_type>;
    static constexpr bool is_thread_safe = !std::is_same_v<Lock, null_lock>;

    /// Asks nothing of the store behind yet.
    explicit write_behind(Behind& behind, const write_behind_options& o = {})
        : front_(behind, o), behind_(behind, front_, o.durable) {}

    /// Takes the newest states from the store behind, whatever the length of its journal. The first verb
    /// does so where this was not called, or failed. Errors: diverged, those of the store behind.
    [[nodiscard]] expected<void> restore() { return behind_.restore(); }

    /// Allocates in advance. Error: out_of_memory.
    [[nodiscard]] expected<void> reserve(const memory_capacity& capacity) {
        return front_.store().reserve(capacity);
    }

    // The verbs of every store. Errors beside: those of `restore`, until it has succeeded once, and after a
    // durable commit whose fate is not known.

    [[nodiscard]] expected<void> load(basic_snapshot<amount_type>& states) {
        if (auto restored = restore(); !restored) {
            return restored;
        }
        return front_.store().load(states);
    }

    /// Errors beside: overloaded, nothing changed; unavailable, and other errors of the store behind, where
    /// it is asked for a key, or is to take the commit first (durable); amount_overflow where that store
    /// could not hold the amount.
    [[nodiscard]] expected<commit_result> commit(const basic_commit<amount_type>& c) {
        if (auto restored = restore(); !restored) {
            return tl::unexpected(restored.error());
        }
        if (front_.mode() != detail::answering::at_once) {
            return behind_.commit(c);
        }
        if (auto fits = front_.check_fits(c); !fits) {
            return tl::unexpected(fits.error());
        }
        if (const auto held = held_behind(c); !held || *held) {
            return held ? expected<commit_result>(commit_result::duplicate) : tl::unexpected(held.error());
        }
        return front_.commit(c);
    }

    /// What the front takes itself while it answers alone (see direct_storage).
    [[nodiscard]] bool contribute(const basic_contribute_request<amount_type>& r,
                                  const operation_stamp& stamp, basic_receipt<amount_type>& into) {
        return front_.contribute(r.key, into, [&](auto& store) { return store.contribute(r, stamp, into); });
    }
    [[nodiscard]] bool contribute(const game_handle& game, const basic_wager<amount_type>& w,
                                  const operation_stamp& stamp, basic_receipt<amount_type>& into) {
        return front_.contribute(w.key, into,
                                 [&](auto& store) { return store.contribute(game, w, stamp, into); });
    }

    /// Handles are the front's, which knows all pools once it has restored them. Errors: as for
    /// memory_storage.
    [[nodiscard]] expected<game_handle> resolve_game(const name& game) {
        return front_.store().resolve_game(game);
    }
    [[nodiscard]] expected<pool_handle> resolve_pool(const name& wanted) {
        if (auto restored = restore(); !restored) {
            return tl::unexpected(restored.error());
        }
        return front_.store().resolve_pool(wanted);
    }
    [[nodiscard]] expected<basic_reading<amount_type>> meters(const pool_handle& handle) const {
        return front_.store().meters(handle);
    }

    [[nodiscard]] expected<bool> find(const name& key, basic_operation<amount_type>& found) {
        if (auto restored = restore(); !restored) {
            return tl::unexpected(restored.error());
        }
        // In this order: what is trimmed from the front between the two is behind already.
        if (auto held = front_.store().find(key, found); !held || *held || !front_.forgets()) {
            return held;
        }
        return behind_.find(key, found);
    }

    [[nodiscard]] expected<void> read(const history_query& q,
                                      std::vector<basic_operation<amount_type>>& page) {
        if (auto restored = restore(); !restored) {
            return restored;
        }
        return detail::read_over_seam(front_, behind_, q, page);
    }

    /// Sealing first brings everything to the store behind; if that fails, neither is sealed. Where the
    /// answer to its own seal is lost (unavailable) the front takes nothing more, whatever became of the
    /// store behind, until this has succeeded with true or with false. It is always safe to try again.
    [[nodiscard]] expected<void> seal(bool sealed) { return behind_.seal(sealed); }

    /// The largest amount that the store behind can hold.
    [[nodiscard]] amount_type amount_max() const { return front_.amount_max(); }

    /// Brings at most so many operations to the store behind, in whole batches, oldest first. What it costs
    /// is in proportion to them, and nothing is asked of the store behind where there are none, but while
    /// that is sealed: once it is open, the front is.
    ///
    /// Errors: those of the store behind; what was copied before stays, nothing is lost, and the next call
    /// goes on; a batch whose answer was lost is looked for first. diverged, where another writer changed
    /// the store behind. There is no retry and no pause in here.
    [[nodiscard]] expected<pump_result> pump(std::uint64_t operations = sequence_max) {
        if (auto restored = restore(); !restored) {
            return tl::unexpected(restored.error());
        }
        return behind_.pump(operations);
    }

    /// Brings everything taken before the call to the store behind: then it is durable. Errors: as for pump.
    [[nodiscard]] expected<void> flush() {
        const auto pumped = pump();
        return pumped ? success() : tl::unexpected(pumped.error());
    }

    /// What a crash now would lose. Never waits for the store behind.
    [[nodiscard]] write_behind_lag lag() { return front_.lag(); }

    /// Durable: from now on the store behind takes a commit first, and then the front, so that no operation
    /// that was acknowledged can be lost; off: the front alone answers again. Where a durable commit's answer
    /// was lost, the front follows the store behind before any further verb is answered, and so it does after
    /// a conflict and when this is switched off: in this mode the store behind may have other writers.
    /// Errors: those of pump, which goes first, or of `restore`; the mode is switched all the same, and
    /// commits then fail until that has succeeded. It is always safe to try again.
    [[nodiscard]] expected<void> set_durable(bool on) { return behind_.set_durable(on); }

private:
    /// Is a key held by another operation, which the front may not know of? Where none is, none is as long as
    /// the commit's guard holds: a key that others take, or that the front begins to forget, comes with a new
    /// sequence.
    [[nodiscard]] expected<bool> held_behind(const basic_commit<amount_type>& c) {
        const auto keyed = [](const auto& o) { return o.key() != nullptr; };
        const auto first = std::find_if(c.operations.begin(), c.operations.end(), keyed);
        if (first == c.operations.end() || !front_.forgets()) {
            return false;
        }
        if (auto admitted = admit<amount_type>({.sealed = front_.sealed()}, c); !admitted) {
            return tl::unexpected(admitted.error());
        }
        basic_operation<amount_type> found;
        for (auto o = first; o != c.operations.end(); ++o) {
            if (auto held = keyed(*o) ? find(*o->key(), found) : false; !held || *held) {
                return held;
            }
        }
        return false;
    }

    detail::front_store<Behind, Lock> front_;
    detail::store_behind<Behind, Lock> behind_;
};

static_assert(direct_storage<write_behind<memory_storage<>>>);

}}  // namespace jackpot::v1

#endif
