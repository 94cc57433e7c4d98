// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_WRITE_BEHIND_HPP
#define JACKPOT_REPLICATION_WRITE_BEHIND_HPP

#include <jackpot/memory/storage.hpp>
#include <jackpot/replication/journal_link.hpp>

#include <atomic>
#include <iterator>

namespace jackpot { inline namespace v1 {

struct write_behind_options {
    /// How many of the newest operations to keep in memory, at least; 0 = all since the start. What the
    /// store behind does not have yet is kept in any case.
    std::uint64_t history_limit = 10'000;
    /// How many operations may wait for the store behind; 0 = any number. A commit that would make them
    /// more is refused as overloaded, so it must be no less than the largest commit.
    std::uint64_t lag_limit = 0;
    std::size_t batch = 256;  ///< operations a commit to the store behind
    bool durable = false;     ///< see `write_behind::set_durable`
};

/// What a crash at this moment would lose.
struct write_behind_lag {
    std::uint64_t operations = 0;
    timestamp since = 0;  ///< when the oldest of them was taken; 0 = there is none
};

struct pump_result {
    std::uint64_t operations = 0;  ///< that the store behind has more than before the call
    std::uint64_t left = 0;        ///< that it does not have yet
};

namespace detail {

/// Are the amounts that the commit leaves behind all within `amount_max`? Those of a wager, a win and a seed
/// that was paid are parts of meters.
template <amount Amount>
[[nodiscard]] bool within(const basic_commit<Amount>& c, const Amount& amount_max) {
    const auto fits = [&](const Amount& value) { return value <= amount_max && value >= -amount_max; };
    const auto holds = [&](const basic_configuration<Amount>& k) {
        bool all = true;
        each_setting<Amount>([&]<class T>(const setting<T, Amount>& s) {
            if constexpr (std::is_same_v<T, Amount>) {
                all = all && fits(k.*s.in_force);
            } else if constexpr (std::is_same_v<T, std::optional<Amount>>) {
                all = all && fits((k.*s.in_force).value_or(Amount{}));
            }
        });
        return all;
    };
    return std::all_of(c.pools.begin(), c.pools.end(), [&](const basic_pool<Amount>& p) {
        return p.sequence <= c.sequence ||
               (std::all_of(all_meters<Amount>.begin(), all_meters<Amount>.end(),
                            [&](const auto& m) { return m.amount == nullptr || fits(p.*m.amount); }) &&
                holds(*p.configuration) && (p.pending == nullptr || holds(p.pending->configuration)));
    });
}

}  // namespace detail

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
        : behind_(&behind),
          options_(o),
          amount_max_(jackpot::amount_max(behind)),
          limited_(amount_max_ < amount_traits<amount_type>::amount_max()),
          front_({.history_limit = o.history_limit}),
          durable_(o.durable),
          link_(front_, behind, o.batch) {}

    /// Takes the newest states from the store behind, whatever the length of its journal. The first verb
    /// does so where this was not called, or failed. Errors: diverged, those of the store behind.
    [[nodiscard]] expected<void> restore() {
        if (mode_ != mode::unsettled) {
            return success();
        }
        const std::lock_guard<Lock> guard(behind_lock_);
        return settle();
    }

    /// Allocates in advance. Error: out_of_memory.
    [[nodiscard]] expected<void> reserve(const memory_capacity& capacity) { return front_.reserve(capacity); }

    // The verbs of every store. Errors beside: those of `restore`, until it has succeeded once, and after a
    // durable commit whose fate is not known.

    [[nodiscard]] expected<void> load(basic_snapshot<amount_type>& states) {
        if (auto restored = restore(); !restored) {
            return restored;
        }
        return front_.load(states);
    }

    /// Errors beside: overloaded, nothing changed; unavailable, and other errors of the store behind, where
    /// it is asked for a key, or is to take the commit first (durable); amount_overflow where that store
    /// could not hold the amount.
    [[nodiscard]] expected<commit_result> commit(const basic_commit<amount_type>& c) {
        if (auto restored = restore(); !restored) {
            return tl::unexpected(restored.error());
        }
        if (mode_ != mode::at_once) {
            const std::lock_guard<Lock> guard(behind_lock_);
            return commit_through(c);
        }
        if (limited_ && !detail::within(c, amount_max_)) {
            return fail(errc::amount_overflow, "the store behind cannot hold such an amount");
        }
        if (const auto held = held_behind(c); !held || *held) {
            return held ? expected<commit_result>(commit_result::duplicate) : tl::unexpected(held.error());
        }
        return front_.exclusive([&](auto& front) -> expected<commit_result> {
            return mode_ == mode::at_once ? commit_at_once(front, c) : commit_result::conflict;
        });
    }

    /// What the front takes itself while it answers alone (see direct_storage).
    [[nodiscard]] bool contribute(const basic_contribute_request<amount_type>& r,
                                  const operation_stamp& stamp, basic_receipt<amount_type>& into) {
        return contribute_at_once(r.key, into, [&](auto& front) { return front.contribute(r, stamp, into); });
    }
    [[nodiscard]] bool contribute(const game_handle& game, const basic_wager<amount_type>& w,
                                  const operation_stamp& stamp, basic_receipt<amount_type>& into) {
        return contribute_at_once(w.key, into,
                                  [&](auto& front) { return front.contribute(game, w, stamp, into); });
    }

    /// Handles are the front's, which knows all pools once it has restored them. Errors: as for
    /// memory_storage.
    [[nodiscard]] expected<game_handle> resolve_game(const name& game) { return front_.resolve_game(game); }
    [[nodiscard]] expected<pool_handle> resolve_pool(const name& wanted) {
        if (auto restored = restore(); !restored) {
            return tl::unexpected(restored.error());
        }
        return front_.resolve_pool(wanted);
    }
    [[nodiscard]] expected<basic_reading<amount_type>> meters(const pool_handle& handle) const {
        return front_.meters(handle);
    }

    [[nodiscard]] expected<bool> find(const name& key, basic_operation<amount_type>& found) {
        if (auto restored = restore(); !restored) {
            return tl::unexpected(restored.error());
        }
        // In this order: what is trimmed from the front between the two is behind already.
        if (auto held = front_.find(key, found); !held || *held || !forgets()) {
            return held;
        }
        const std::lock_guard<Lock> guard(behind_lock_);
        return behind_->find(key, found);
    }

    [[nodiscard]] expected<void> read(const history_query& q,
                                      std::vector<basic_operation<amount_type>>& page) {
        if (auto restored = restore(); !restored) {
            return restored;
        }
        std::uint64_t seam = 0;
        const auto in_front = [&](auto& front) { return read_front(front, q, page, seam); };
        if (auto read = front_.exclusive(in_front); !read || seam == 0) {
            return read;
        }
        return read_over(seam, q, page);
    }

    /// Sealing first brings everything to the store behind; if that fails, neither is sealed. Where the
    /// answer to its own seal is lost (unavailable) the front takes nothing more, whatever became of the
    /// store behind, until this has succeeded with true or with false. It is always safe to try again.
    [[nodiscard]] expected<void> seal(bool sealed) {
        const std::lock_guard<Lock> guard(behind_lock_);
        if (!sealed && sealed_) {
            unsettle();  // the store behind may have gone on meanwhile, as another's copy
        }
        if (auto settled = settle(); !settled) {
            return settled;
        }
        const bool unclear_before = seal_is_unclear_;
        const auto decide = [&](bool unclear) {
            seal_is_unclear_ = unclear;
            seal_front();
        };
        if (sealed) {
            decide(true);  // so that nothing can slip in behind the last copy
            if (auto copied = copy_up_to(front_sequence_); !copied) {
                decide(unclear_before);
                return copied;
            }
        }
        const auto done = behind_->seal(sealed);
        if (done) {
            sealed_behind_ = sealed;
            others_sealed_ = false;
            decide(false);
        } else if (done.error().kind() != category::transient) {
            decide(unclear_before);
        }
        return done;
    }

    /// The largest amount that the store behind can hold.
    [[nodiscard]] amount_type amount_max() const { return amount_max_; }

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
        if (auto opened = open_with_behind(); !opened) {
            return tl::unexpected(opened.error());
        }
        const std::uint64_t last = front_sequence_;
        pump_result result;
        // The lock is given back between batches, so that those who look up a key get their turn.
        while (result.operations < operations && link_.reached() < last) {
            const std::lock_guard<Lock> guard(behind_lock_);
            if (link_.reached() >= last) {
                break;  // somebody else brought it there meanwhile
            }
            const auto copied = copy(operations - result.operations);
            if (!copied) {
                return tl::unexpected(copied.error());
            }
            result.operations += *copied;
        }
        result.left = waiting();
        return result;
    }

    /// Brings everything taken before the call to the store behind: then it is durable. Errors: as for pump.
    [[nodiscard]] expected<void> flush() {
        const auto pumped = pump();
        return pumped ? success() : tl::unexpected(pumped.error());
    }

    /// What a crash now would lose. Never waits for the store behind.
    [[nodiscard]] write_behind_lag lag() {
        return front_.exclusive([&](auto& front) {
            write_behind_lag result{.operations = waiting()};
            std::vector<basic_operation<amount_type>> oldest;
            if (result.operations != 0 && front.read({.after = link_.reached(), .limit = 1}, oldest) &&
                !oldest.empty()) {
                result.since = oldest.front().at;
            }
            return result;
        });
    }

    /// Durable: from now on the store behind takes a commit first, and then the front, so that no operation
    /// that was acknowledged can be lost; off: the front alone answers again. Where a durable commit's answer
    /// was lost, the front follows the store behind before any further verb is answered, and so it does after
    /// a conflict and when this is switched off: in this mode the store behind may have other writers.
    /// Errors: those of pump, which goes first, or of `restore`; the mode is switched all the same, and
    /// commits then fail until that has succeeded. It is always safe to try again.
    [[nodiscard]] expected<void> set_durable(bool on) {
        const std::lock_guard<Lock> guard(behind_lock_);
        durable_ = on;
        if (!on && mode_ == mode::through && waiting() == 0) {
            mode_ = mode::unsettled;  // others may have written behind, and the front has to follow first
        }
        if (auto settled = settle(); !settled) {
            return settled;
        }
        front_.exclusive([&](auto&) { mode_ = on ? mode::through : mode::at_once; });
        return on ? copy_up_to(front_sequence_) : success();
    }

private:
    /// Who answers a commit. `at_once` is left only under the front's lock, the others under that of the
    /// store behind.
    enum class mode : std::uint8_t {
        unsettled,  ///< nobody yet: the store behind may hold operations that the front does not have
        at_once,    ///< the front
        through,    ///< the store behind, and then the front
    };

    [[nodiscard]] std::uint64_t waiting() const noexcept {
        const std::uint64_t reached = link_.reached();
        const std::uint64_t taken = front_sequence_;
        return taken > reached ? taken - reached : 0;
    }

    template <class Contribute>
    [[nodiscard]] bool contribute_at_once(const std::optional<name>& key, basic_receipt<amount_type>& into,
                                          Contribute&& contribute) {
        if (limited_) {
            return false;
        }
        return front_.exclusive([&](auto& front) {
            // All of it under this lock: what the front forgets, it forgets under the same.
            if (mode_ != mode::at_once || (key && forgets()) || above_limit(front_sequence_ + 1) ||
                !contribute(front)) {
                return false;
            }
            front_sequence_ = into.sequence;
            return true;
        });
    }

    /// May the store behind know keys that the front does not? Once it does, it always may, but for those of
    /// other writers, which it has in durable mode alone. Exact under the front's lock; without it, no is
    /// true of every look at the front that came before.
    [[nodiscard]] bool forgets() const noexcept {
        return mode_ != mode::at_once || link_.began_later() ||
               (options_.history_limit != 0 && front_sequence_ > options_.history_limit);
    }

    /// Is a key held by another operation, which the front may not know of? Where none is, none is as long as
    /// the commit's guard holds: a key that others take, or that the front begins to forget, comes with a new
    /// sequence.
    [[nodiscard]] expected<bool> held_behind(const basic_commit<amount_type>& c) {
        const auto keyed = [](const auto& o) { return o.key() != nullptr; };
        const auto first = std::find_if(c.operations.begin(), c.operations.end(), keyed);
        if (first == c.operations.end() || !forgets()) {
            return false;
        }
        if (auto admitted = admit<amount_type>({.sealed = sealed_}, c); !admitted) {
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

    /// Would more operations wait than may, with this one the newest?
    [[nodiscard]] bool above_limit(std::uint64_t last) const noexcept {
        const std::uint64_t reached = link_.reached();
        return options_.lag_limit != 0 && last > reached && last - reached > options_.lag_limit;
    }

    template <class Front>
    [[nodiscard]] expected<commit_result> commit_at_once(Front& front, const basic_commit<amount_type>& c) {
        const std::uint64_t last = c.operations.empty() ? 0 : c.operations.back().sequence;
        if (above_limit(last)) {
            for (const auto& o : c.operations) {
                basic_operation<amount_type> found;
                if (const auto held = o.key() != nullptr ? front.find(*o.key(), found) : false;
                    held && *held) {
                    return commit_result::duplicate;
                }
            }
            return fail(errc::overloaded, "operations wait for the store behind, and there is a limit",
                        std::to_string(options_.lag_limit));
        }
        auto result = front.commit(c);
        if (result && *result == commit_result::committed) {
            front_sequence_ = last;
        }
        return result;
    }

    /// Of the front alone, under its lock: `page`; or in `seam` where its journal begins, which is what the
    /// store behind has to be asked up to.
    template <class Front>
    [[nodiscard]] expected<void> read_front(Front& front, const history_query& q,
                                            std::vector<basic_operation<amount_type>>& page,
                                            std::uint64_t& seam) {
        if (auto first = front.read({.after = q.after, .limit = 1}, page); !first) {
            return first;
        }
        if (!page.empty() && page.front().kind() == operation_kind::checkpoint &&
            page.front().sequence <= link_.reached()) {
            seam = page.front().sequence;
            return success();
        }
        return front.read(q, page);
    }

    /// The journal behind up to the seam, and the front's from there on; the seam may move meanwhile.
    [[nodiscard]] expected<void> read_over(std::uint64_t seam, const history_query& q,
                                           std::vector<basic_operation<amount_type>>& page) {
        history_query rest;
        rest = q;
        page.clear();
        std::vector<basic_operation<amount_type>> more;
        while (seam != 0 && page.size() < q.limit) {
            rest.limit = q.limit - page.size();
            if (auto read = read_behind(rest, more); !read) {
                return read;
            }
            // It may keep less than the front, whose own checkpoint begins the journal then; or that one is
            // where a copy leapt, behind other operations that do not match.
            bool less = !more.empty() && more.front().kind() == operation_kind::checkpoint &&
                        more.front().sequence > seam;
            if (less) {
                std::vector<basic_operation<amount_type>> first;
                if (auto read = read_behind({.after = rest.after, .limit = 1}, first); !read) {
                    return read;
                }
                less = !first.empty() && first.front().sequence > seam;
            }
            if (!less) {
                const auto above = [&](const auto& o) { return o.sequence > seam; };
                std::move(more.begin(), std::find_if(more.begin(), more.end(), above),
                          std::back_inserter(page));
                rest.after = seam;
                rest.limit = q.limit - page.size();
            }
            seam = 0;
            if (auto read = front_.exclusive([&](auto& front) {
                    return less ? front.read(rest, more) : read_front(front, rest, more, seam);
                });
                !read) {
                return read;
            }
            if (seam == 0) {
                std::move(more.begin(), more.end(), std::back_inserter(page));
            }
        }
        return success();
    }

    [[nodiscard]] expected<void> read_behind(const history_query& q,
                                             std::vector<basic_operation<amount_type>>& page) {
        const std::lock_guard<Lock> guard(behind_lock_);
        return behind_->read(q, page);
    }

    // What follows is called under behind_lock_.

    [[nodiscard]] expected<commit_result> commit_through(const basic_commit<amount_type>& c) {
        if (auto settled = settle(); !settled) {
            return tl::unexpected(settled.error());
        }
        if (mode_ != mode::through) {
            return commit_result::conflict;  // switched meanwhile: to be decided again
        }
        if (auto flushed = copy_up_to(front_sequence_); !flushed) {
            return tl::unexpected(flushed.error());
        }
        const auto result = behind_->commit(c);
        link_.doubt();
        const bool committed = result && *result == commit_result::committed;
        if (committed) {
            // Durable it is: if the front cannot take it now, it follows before it answers again.
            if (const auto taken = front_.commit(c); taken && *taken == commit_result::committed) {
                front_sequence_ = c.operations.back().sequence;
                link_.reach(front_sequence_);
            } else {
                mode_ = mode::unsettled;
            }
        } else if (!result || c.sequence == front_sequence_) {
            mode_ = mode::unsettled;
        }
        return result;
    }

    /// One batch. Where somebody else has sealed the store behind the front is sealed with it, for as long as
    /// that takes nothing: no operation is acknowledged that has nowhere to go.
    [[nodiscard]] expected<std::uint64_t> copy(std::uint64_t limit) {
        auto copied = link_.copy(limit, sealed_behind_);
        if (copied || copied.error().code == errc::store_sealed) {
            others_sealed_ = !copied || link_.head_behind().sealed != sealed_behind_;
            seal_front();
        }
        return copied;
    }

    void seal_front() {
        sealed_ = sealed_behind_ || others_sealed_ || seal_is_unclear_;
        static_cast<void>(front_.seal(sealed_));
    }

    [[nodiscard]] expected<void> copy_up_to(std::uint64_t last) {
        while (link_.reached() < last) {
            if (const auto copied = copy(sequence_max); !copied) {
                return tl::unexpected(copied.error());
            }
        }
        return success();
    }

    /// A front that is closed because the store behind was goes on with it once that is open.
    [[nodiscard]] expected<void> open_with_behind() {
        if (!sealed_ || waiting() != 0) {
            return success();
        }
        const std::lock_guard<Lock> guard(behind_lock_);
        if (!seal_is_unclear_) {
            unsettle();
        }
        return settle();
    }

    /// Has `settle` look at the store behind before the front answers again. No call is in the front then.
    void unsettle() {
        static_cast<void>(front_.exclusive([&](auto&) {
            mode_ = mode::unsettled;
            return success();
        }));
    }

    [[nodiscard]] expected<void> settle() {
        if (mode_ != mode::unsettled) {
            return success();
        }
        static_cast<void>(front_.seal(false));  // it may have to take what the store behind took
        if (auto settled = link_.settle(true); !settled) {
            return settled;
        }
        front_sequence_ = (std::max)(front_sequence_.load(), link_.reached());
        sealed_behind_ = link_.head_behind().sealed;
        others_sealed_ = false;
        seal_front();
        mode_ = durable_ ? mode::through : mode::at_once;
        return success();
    }

    Behind* behind_;
    write_behind_options options_;
    amount_type amount_max_;
    bool limited_;
    memory_storage<amount_type, Lock> front_;
    std::atomic<mode> mode_ = mode::unsettled;
    std::atomic<std::uint64_t> front_sequence_ = 0;
    std::atomic<bool> sealed_ = false;

    Lock behind_lock_;  // never taken under the front's; guards the store behind and what follows
    bool durable_;
    bool sealed_behind_ = false;    // the store behind was, when the front took what waits
    bool others_sealed_ = false;    // it is another way now: what waits is not for it
    bool seal_is_unclear_ = false;  // perhaps it is: the answer to a seal was lost, and none has come since
    detail::journal_link<memory_storage<amount_type, Lock>, Behind> link_;
};

static_assert(direct_storage<write_behind<memory_storage<>>>);

}}  // namespace jackpot::v1

#endif
