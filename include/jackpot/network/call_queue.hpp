// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_CALL_QUEUE_HPP
#define JACKPOT_NETWORK_CALL_QUEUE_HPP

#include <jackpot/network/calls.hpp>
#include <jackpot/network/policies.hpp>

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

namespace jackpot { inline namespace v1 { namespace detail {

/// A call that waits for its commit. Its owner keeps it in place until it is answered or taken back, so that
/// to queue allocates nothing.
template <amount Amount>
struct queued_call {
    single_call<Amount>* call;  // null: a batch, which is committed by itself
    queued_call* previous = nullptr;
    queued_call* next = nullptr;
    bool queued = false;
};

/// The calls that wait for a commit, in the order in which they came, for any number of threads. Who waits
/// for the answers, and how, is another's: `group_writer` lets callers sleep, `async_network` tells them.
///
/// Somebody has to commit: of those who call `push` one is told that it is the first, and one commit after
/// the other, `take`, `finish`, is made until `finish` finds that nothing waits any more. The next call is
/// the first again.
template <amount Amount>
class call_queue {
public:
    using entry = queued_call<Amount>;
    enum class place : std::uint8_t { first, behind, full, closed };

    explicit call_queue(const group_policy& policy) : policy_(policy) {
        policy_.batch = std::clamp<std::size_t>(policy_.batch, 1, 65'536);
        calls_.reserve(policy_.batch);
    }

    [[nodiscard]] std::size_t batch() const noexcept { return policy_.batch; }

    [[nodiscard]] place push(entry& e) {
        const std::lock_guard guard(lock_);
        if (closed_) {
            return place::closed;
        }
        if (waiting_ >= policy_.waiting_max) {
            return place::full;
        }
        ++waiting_;
        e.previous = last_;
        e.next = nullptr;
        e.queued = true;
        (last_ == nullptr ? first_ : last_->next) = &e;
        last_ = &e;
        return std::exchange(awake_, true) ? place::behind : place::first;
    }

    /// Takes a call back. False: it is in a commit, or answered.
    [[nodiscard]] bool cancel(entry& e) {
        const std::lock_guard guard(lock_);
        if (!e.queued) {
            return false;
        }
        (e.previous == nullptr ? first_ : e.previous->next) = e.next;
        (e.next == nullptr ? last_ : e.next->previous) = e.previous;
        e.queued = false;
        --waiting_;
        return true;
    }

    /// Takes the calls for one commit from the front, up to `batch`, and a batch by itself. Returns the first
    /// of them, behind which they hang together; null where nothing waits, or another commit is under way.
    [[nodiscard]] entry* take() {
        std::unique_lock lock(lock_);
        if (taken_ != 0) {
            return nullptr;
        }
        taken_ = 1;
        if (policy_.gather) {
            let_in(lock);
        }
        calls_.clear();
        entry* const head = first_;
        if (head == nullptr) {  // all that waited was taken back, perhaps just now
            taken_ = 0;
            awake_ = false;
            return nullptr;
        }
        entry* tail = nullptr;
        do {
            tail = first_;
            tail->queued = false;
            first_ = tail->next;
            if (tail->call == nullptr) {
                break;
            }
            calls_.push_back(tail->call);
        } while (first_ != nullptr && first_->call != nullptr && calls_.size() < policy_.batch);
        tail->next = nullptr;
        (first_ == nullptr ? last_ : first_->previous) = nullptr;
        taken_ = (std::max)(calls_.size(), std::size_t(1));
        return head;
    }

    /// The calls that were taken; none for a batch.
    [[nodiscard]] taken_calls<Amount> taken() const noexcept { return calls_; }

    /// The commit is made, and its calls are answered. Returns the call that waits in front now; null where
    /// none does.
    [[nodiscard]] entry* finish() {
        const std::lock_guard guard(lock_);
        answered_last_ = taken_ - 1;
        waiting_ -= std::exchange(taken_, 0);
        awake_ = first_ != nullptr;
        return first_;
    }

    /// From now on no call is let in. Those that wait are still committed.
    void close() {
        const std::lock_guard guard(lock_);
        closed_ = true;
    }

    /// How many calls are not answered yet, those in the commit included.
    [[nodiscard]] std::size_t waiting() const {
        const std::lock_guard guard(lock_);
        return waiting_;
    }

private:
    /// Waits a moment for the callers that the last commit answered: they are about to call again, and then
    /// go into this commit and not into the next. A single caller does not wait, and the wait ends when no
    /// more callers come. It yields the processor, which takes no time where no other thread can run.
    void let_in(std::unique_lock<std::mutex>& lock) {
        const std::size_t expected = (std::min)(answered_last_ + waiting_, policy_.batch);
        unsigned in_vain = 0;
        while (in_vain < vain_turns && answered_last_ > 0 && waiting_ < expected) {
            const std::size_t before = waiting_;
            lock.unlock();
            std::this_thread::yield();
            lock.lock();
            in_vain = waiting_ > before ? 0 : in_vain + 1;
        }
    }

    /// How often to yield in vain: on few cores a turn may go to another caller or another program.
    static constexpr unsigned vain_turns = 32;

    group_policy policy_;
    std::vector<single_call<Amount>*> calls_;  // of the commit under way

    mutable std::mutex lock_;
    entry* first_ = nullptr;
    entry* last_ = nullptr;
    std::size_t waiting_ = 0;
    std::size_t taken_ = 0;          // of those, how many are in the commit under way
    std::size_t answered_last_ = 0;  // by the last commit, beside one
    bool awake_ = false;             // somebody commits, or was told to
    bool closed_ = false;
};

}}}  // namespace jackpot::v1::detail

#endif
