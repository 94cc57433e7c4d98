// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_BEHIND_HPP
#define JACKPOT_REPLICATION_BEHIND_HPP

#include <jackpot/replication/front.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The store behind a write_behind, under one lock, which is never taken under the front's; and whatever
/// brings the two stores together. What it means is said at the verbs of write_behind.
template <storage Behind, class Lock>
class store_behind {
public:
    using amount_type = typename Behind::amount_type;

    store_behind(Behind& store, front_store<Behind, Lock>& f, bool durable)
        : store_(store), front_(f), durable_(durable) {}

    [[nodiscard]] expected<void> restore() {
        if (front_.mode() != answering::unsettled) {
            return success();
        }
        const std::lock_guard<Lock> guard(lock_);
        return settle();
    }

    [[nodiscard]] expected<bool> find(const name& key, basic_operation<amount_type>& found) {
        const std::lock_guard<Lock> guard(lock_);
        return store_.find(key, found);
    }
    [[nodiscard]] expected<void> read(const history_query& q,
                                      std::vector<basic_operation<amount_type>>& page) {
        const std::lock_guard<Lock> guard(lock_);
        return store_.read(q, page);
    }

    /// The store behind takes it, and then the front.
    [[nodiscard]] expected<commit_result> commit(const basic_commit<amount_type>& c) {
        const std::lock_guard<Lock> guard(lock_);
        if (auto settled = settle(); !settled) {
            return tl::unexpected(settled.error());
        }
        if (front_.mode() != answering::through) {
            return commit_result::conflict;  // switched meanwhile: to be decided again
        }
        if (auto flushed = copy_all(); !flushed) {
            return tl::unexpected(flushed.error());
        }
        const auto result = store_.commit(c);
        const bool committed = result && *result == commit_result::committed;
        if (committed) {
            // Durable it is: if the front cannot take it now, it follows before it answers again.
            if (!front_.take(c)) {
                front_.answer(answering::unsettled);
            }
        } else if (!result || c.sequence == front_.sequence()) {
            front_.answer(answering::unsettled);
        }
        return result;
    }

    [[nodiscard]] expected<void> seal(bool sealed) {
        const std::lock_guard<Lock> guard(lock_);
        if (!sealed && front_.sealed()) {
            front_.answer(answering::unsettled);  // the store behind may have gone on, as another's copy
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
            if (auto copied = copy_all(); !copied) {
                decide(unclear_before);
                return copied;
            }
        }
        const auto done = store_.seal(sealed);
        if (done) {
            sealed_ = sealed;
            others_sealed_ = false;
            decide(false);
        } else if (done.error().kind() != category::transient) {
            decide(unclear_before);
        }
        return done;
    }

    [[nodiscard]] expected<pump_result> pump(std::uint64_t operations) {
        if (auto opened = open_with_store(); !opened) {
            return tl::unexpected(opened.error());
        }
        const std::uint64_t last = front_.sequence();
        pump_result result;
        // The lock is given back between batches, so that those who look up a key get their turn.
        while (result.operations < operations && front_.link().reached() < last) {
            const std::lock_guard<Lock> guard(lock_);
            if (front_.link().reached() >= last) {
                break;  // somebody else brought it there meanwhile
            }
            const auto copied = copy(operations - result.operations);
            if (!copied) {
                return tl::unexpected(copied.error());
            }
            result.operations += *copied;
        }
        result.left = front_.waiting();
        return result;
    }

    [[nodiscard]] expected<void> set_durable(bool on) {
        const std::lock_guard<Lock> guard(lock_);
        durable_ = on;
        if (!on && front_.mode() == answering::through && front_.waiting() == 0) {
            front_.answer(
                answering::unsettled);  // others may have written, and the front has to follow first
        }
        if (auto settled = settle(); !settled) {
            return settled;
        }
        front_.answer(on ? answering::through : answering::at_once);
        return on ? copy_all() : success();
    }

private:
    [[nodiscard]] expected<void> settle() {
        if (front_.mode() != answering::unsettled) {
            return success();
        }
        if (auto followed = front_.follow(); !followed) {
            return followed;
        }
        sealed_ = front_.link().head_behind().sealed;
        others_sealed_ = false;
        seal_front();
        front_.answer(durable_ ? answering::through : answering::at_once);
        return success();
    }

    /// One batch. Where somebody else has sealed the store behind the front is sealed with it, for as long as
    /// that takes nothing: no operation is acknowledged that has nowhere to go.
    [[nodiscard]] expected<std::uint64_t> copy(std::uint64_t limit) {
        auto copied = front_.link().copy(limit, sealed_);
        if (copied || copied.error().code == errc::store_sealed) {
            others_sealed_ = !copied || front_.link().head_behind().sealed != sealed_;
            seal_front();
        }
        return copied;
    }

    /// All that the front has taken before the call.
    [[nodiscard]] expected<void> copy_all() {
        for (const std::uint64_t last = front_.sequence(); front_.link().reached() < last;) {
            if (const auto copied = copy(sequence_max); !copied) {
                return tl::unexpected(copied.error());
            }
        }
        return success();
    }

    void seal_front() { front_.seal(sealed_ || others_sealed_ || seal_is_unclear_); }

    /// A front that is closed because the store behind was goes on with it once that is open.
    [[nodiscard]] expected<void> open_with_store() {
        if (!front_.sealed() || front_.waiting() != 0) {
            return success();
        }
        const std::lock_guard<Lock> guard(lock_);
        if (!seal_is_unclear_) {
            front_.answer(answering::unsettled);
        }
        return settle();
    }

    Behind& store_;
    front_store<Behind, Lock>& front_;
    Lock lock_;  // guards all that follows, the store and the front's link
    bool durable_;
    bool sealed_ = false;           // the store behind was, when the front took what waits
    bool others_sealed_ = false;    // it is another way now: what waits is not for it
    bool seal_is_unclear_ = false;  // perhaps it is: the answer to a seal was lost, and none has come since
};

}}}  // namespace jackpot::v1::detail

#endif
