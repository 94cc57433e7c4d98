// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_JOURNAL_LINK_HPP
#define JACKPOT_REPLICATION_JOURNAL_LINK_HPP

#include <jackpot/replication/copy_batch.hpp>
#include <jackpot/replication/fold.hpp>
#include <jackpot/store/checkpoint.hpp>

#include <atomic>

namespace jackpot { inline namespace v1 { namespace detail {

/// Copies the journal of the store in front to the one behind, batch by batch, without reading again the
/// operations that both have: no two operations have one id, so one that both have proves all before it. From
/// the first `settle` on, before which the front takes nothing, the front, which is a `retaining_storage`,
/// keeps every operation that the store behind lacks. The link belongs to one thread at a time.
template <class Front, storage Behind>
class journal_link {
public:
    using amount_type = typename Front::amount_type;

    journal_link(Front& front, Behind& behind, std::size_t batch)
        : front_(&front), behind_(&behind), batch_((std::max<std::size_t>)(batch, 1)) {}

    /// The last operation that the store behind is known to have. Any thread may ask.
    [[nodiscard]] std::uint64_t reached() const noexcept { return reached_; }

    /// The store behind has so much. Where this link did not bring it there, a `settle` comes before the next
    /// copy.
    void reach(std::uint64_t sequence) {
        reached_ = sequence;
        static_cast<void>(front_->retain(sequence));
    }

    /// Copies one batch of at most `limit` operations to the store behind, which lacks some and is `sealed`
    /// or not. Returns by how many operations the two are nearer. Errors: those of the store behind, after
    /// which nothing is lost; diverged.
    [[nodiscard]] expected<std::uint64_t> copy(std::uint64_t limit, bool sealed) {
        const std::uint64_t before = reached_;
        if (!agreed_ || states_.head.identity.is_null()) {
            if (auto settled = settle(false); !settled) {
                return tl::unexpected(settled.error());
            }
        }
        if (reached_ != before) {
            return reached_ - before;  // a batch had landed whose answer was lost
        }
        const auto count = static_cast<std::size_t>((std::min<std::uint64_t>)(limit, batch_));
        const auto copied = copy_more(*front_, *behind_, states_, count, sealed);
        if (copied) {
            states_.head.sealed = sealed;  // or it had not taken them
            reach(states_.head.sequence);
            return reached_ - before;
        }
        agreed_ = false;
        // Either another writer was there, or a batch of this link that counted as lost has landed late.
        if (copied.error().code == errc::conflict || copied.error().code == errc::diverged) {
            if (auto settled = settle(false); !settled) {
                return tl::unexpected(settled.error());
            }
            if (reached_ != before) {
                return reached_ - before;
            }
        }
        return copied;
    }

    /// Finds out at which operation the store behind is, and checks that its journal is the front's. Where
    /// the store behind has more, a front that is to follow is brought there; an empty front by a checkpoint.
    /// Errors: diverged, the stores'.
    [[nodiscard]] expected<void> settle(bool follows) {
        basic_snapshot<amount_type> front;
        states_ = {};
        agreed_ = false;
        for (auto loaded : {front_->load(front), behind_->load(states_)}) {
            if (!loaded) {
                return loaded;
            }
        }
        const std::uint64_t shared = (std::min)(front.head.sequence, states_.head.sequence);
        if (shared < reached_) {
            return fail(errc::diverged, "the store behind no longer has operation", std::to_string(reached_));
        }
        if (shared != 0) {
            if (auto same = same_at(shared, front.head); !same) {
                return same;
            }
        }
        if (states_.head.sequence > front.head.sequence) {
            if (!follows) {
                return fail(errc::diverged, "another writer changed the store behind, after sequence",
                            std::to_string(front.head.sequence));
            }
            if (auto followed = front.head.sequence == 0 ? begin() : follow(front); !followed) {
                return followed;
            }
        }
        reach(states_.head.sequence);
        if (reached_ == 0) {
            states_.head.identity = front.head.identity;
        }
        agreed_ = true;
        return success();
    }

    /// Of the store behind, when it was looked at last.
    [[nodiscard]] const store_head& head_behind() const noexcept { return states_.head; }
    /// Did the front begin with a checkpoint? Any thread may ask.
    [[nodiscard]] bool began_later() const noexcept { return began_later_; }

private:
    /// True where both have the same operation at the sequence where one of them ends.
    [[nodiscard]] expected<void> same_at(std::uint64_t sequence, const store_head& front) {
        const store_head& behind = states_.head;
        bool same = behind.newest == front.newest;
        if (behind.sequence != front.sequence) {
            const history_query where{.after = sequence - 1, .limit = 1};
            const bool more_behind = behind.sequence > sequence;
            if (auto read = more_behind ? behind_->read(where, page_) : front_->read(where, page_); !read) {
                return read;
            }
            same = !page_.empty() && page_[0].sequence == sequence &&
                   page_[0].id == (more_behind ? front : behind).newest;
        }
        return same ? success()
                    : fail(errc::diverged, "the store behind has another operation at sequence",
                           std::to_string(sequence));
    }

    [[nodiscard]] expected<void> begin() {
        if (states_.head.newest.is_null()) {
            return fail(errc::corrupt, "the journal has no operation", std::to_string(states_.head.sequence));
        }
        began_later_ = true;
        const auto checkpoint = checkpoint_of(states_);
        named_pools<amount_type> all;
        const auto taken = front_->commit({.identity = states_.head.identity,
                                           .sequence = 0,
                                           .operations = {&checkpoint, 1},
                                           .pools = name_changed(states_, {&checkpoint, 1}, all)});
        return taken ? success() : tl::unexpected(taken.error());
    }

    [[nodiscard]] expected<void> follow(basic_snapshot<amount_type>& front) {
        while (front.head.sequence < states_.head.sequence) {
            if (const auto copied = copy_more(*behind_, *front_, front, batch_, false); !copied) {
                return tl::unexpected(copied.error());
            }
        }
        return success();
    }

    /// From a store that has more than those states.
    template <class From, class To>
    [[nodiscard]] expected<std::uint64_t> copy_more(From& from, To& to, basic_snapshot<amount_type>& states,
                                                    std::size_t count, bool sealed) {
        const auto copied = copy_batch(from, to, states, page_, count, sealed);
        if (copied && copied->empty()) {
            return fail(errc::corrupt, "the journal ends before the store does, at sequence",
                        std::to_string(states.head.sequence));
        }
        return copied.map([](const auto& operations) { return operations.size(); });
    }

    Front* front_;
    Behind* behind_;
    std::size_t batch_;
    std::atomic<std::uint64_t> reached_ = 0;
    std::atomic<bool> began_later_ = false;
    bool agreed_ = false;                 // states_ are those of the store behind
    basic_snapshot<amount_type> states_;  // as `agreed_` says; at sequence 0, with the front's identity
    std::vector<basic_operation<amount_type>> page_;
};

}}}  // namespace jackpot::v1::detail

#endif
