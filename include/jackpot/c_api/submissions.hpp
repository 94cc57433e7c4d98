// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_SUBMISSIONS_HPP
#define JACKPOT_C_API_SUBMISSIONS_HPP

#include <jackpot/c_api/values.hpp>
#include <jackpot/network/call_queue.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <new>

namespace jackpot { inline namespace v1 { namespace detail {

/// Receipts as C reads them, in one place that is used again and again.
class receipt_room {
public:
    /// False: there is no memory.
    bool reserve(std::size_t parts) noexcept {
        if (parts > capacity_) {
            std::unique_ptr<jackpot_part[]> more(new (std::nothrow) jackpot_part[parts]());
            if (more == nullptr) {
                return false;
            }
            parts_ = std::move(more);
            capacity_ = parts;
        }
        return true;
    }

    /// Good until the next one. Without memory it has fewer parts than it counts.
    [[nodiscard]] const jackpot_receipt* put(const jackpot::receipt& r) noexcept {
        static_cast<void>(reserve(r.parts.size()));
        receipt_ = {};
        receipt_.struct_size = sizeof receipt_;
        receipt_.parts = parts_.get();
        receipt_.part_capacity = capacity_;
        receipt_.part_size = sizeof(jackpot_part);
        static_cast<void>(give_receipt(r, receipt_, &receipt_));
        return &receipt_;
    }

private:
    std::unique_ptr<jackpot_part[]> parts_;
    std::size_t capacity_ = 0;
    jackpot_receipt receipt_{};
};

/// A request that waits, and then its answer.
struct submitted_call : queued_call<std::int64_t> {
    explicit submitted_call(std::uint32_t at) : queued_call<std::int64_t>{&single}, place(at) {}

    basic_request<std::int64_t> request{};
    jackpot::receipt receipt{};
    single_call<std::int64_t> single{request, receipt};
    jackpot_answered answered = nullptr;
    void* user = nullptr;
    submitted_call* next_free = nullptr;
    std::uint32_t place;
    std::uint32_t uses = 0;  // so a ticket of an earlier use is known for one
};

/// The requests that a program in C has submitted. They wait in nodes of the network's, which are used again:
/// as many are allocated as ever wait at a time.
class submissions {
public:
    static constexpr std::size_t most = 65'536;

    /// Errors: those of a network's reserve.
    [[nodiscard]] expected<void> reserve(std::size_t count, std::size_t pools) {
        const std::lock_guard guard(lock_);
        if (!room_.reserve(pools)) {
            return fail(errc::out_of_memory);
        }
        while (calls_.size() < count) {
            put_back(calls_.emplace_back(static_cast<std::uint32_t>(calls_.size())));
        }
        for (submitted_call& call : calls_) {
            if (!call.receipt.parts.try_reserve(pools)) {
                return fail(errc::out_of_memory);
            }
        }
        return success();
    }

    /// `fill(request)` makes the request. Errors: its own, then overloaded, cancelled.
    template <class Fill>
    [[nodiscard]] expected<void> submit(jackpot_submission& s, Fill&& fill) {
        submitted_call& call = take_free();
        returned unless_queued{*this, &call};
        call.answered = s.answered;
        call.user = s.user;
        call.receipt.sequence = 0;  // until it is committed
        // Once it is in the queue another thread may answer it, and give the node to somebody else.
        s.ticket = std::uint64_t(call.uses) << 32 | call.place;
        auto done = fill(call.request);
        if (done) {
            const auto place = queue_.push(call);
            s.first = place == queue_type::place::first ? 1 : 0;
            if (place == queue_type::place::first || place == queue_type::place::behind) {
                unless_queued.call = nullptr;
                return success();
            }
            done = place == queue_type::place::full ? fail(errc::overloaded, "requests wait already")
                                                    : fail(errc::cancelled, "the network is closed");
        }
        return done;
    }

    [[nodiscard]] bool cancel(std::uint64_t ticket) {
        const std::lock_guard guard(lock_);
        const auto place = static_cast<std::size_t>(ticket & 0xFFFF'FFFF);
        if (place >= calls_.size() || calls_[place].uses != ticket >> 32 || !queue_.cancel(calls_[place])) {
            return false;
        }
        put_back(calls_[place]);
        return true;
    }

    [[nodiscard]] std::size_t batch() const noexcept { return queue_.batch(); }
    void close() { queue_.close(); }
    [[nodiscard]] std::size_t waiting() const { return queue_.waiting(); }

    /// `commit(calls)`, which throws nothing, answers those that wait, as far as one commit goes. True:
    /// others wait by now. Errors: invalid_operation, from within a call's answer or its commit.
    template <class Commit>
    [[nodiscard]] expected<bool> commit(Commit&& commit) {
        if (busy_) {
            return fail(errc::invalid_operation, "jackpot_commit within a function that it calls");
        }
        auto* const first = queue_.take();
        if (first == nullptr) {
            return false;
        }
        busy_ = true;
        commit(queue_.taken());
        const bool more = queue_.finish() != nullptr;
        complete(first);
        busy_ = false;
        return more;
    }

    /// Answers all that wait with cancelled.
    void abandon() {
        close();
        for (bool more = true; more;) {
            const auto refuse = [](taken_calls<std::int64_t> calls) {
                for (auto* call : calls) {
                    call->refuse(0, error{errc::cancelled, {}});
                }
            };
            const auto done = commit(refuse);
            more = done && *done;
        }
    }

private:
    using queue_type = call_queue<std::int64_t>;

    /// Puts a call back that did not come into the queue, also where what fills it throws.
    struct returned {
        submissions& to;
        submitted_call* call;
        ~returned() {
            if (call != nullptr) {
                const std::lock_guard guard(to.lock_);
                to.put_back(*call);
            }
        }
    };

    [[nodiscard]] submitted_call& take_free() {
        const std::lock_guard guard(lock_);
        if (free_ == nullptr) {
            return calls_.emplace_back(static_cast<std::uint32_t>(calls_.size()));
        }
        return *std::exchange(free_, free_->next_free);
    }
    void put_back(submitted_call& call) noexcept {
        ++call.uses;
        call.next_free = std::exchange(free_, &call);
    }

    void complete(queued_call<std::int64_t>* first) {
        while (first != nullptr) {
            auto& call = static_cast<submitted_call&>(*std::exchange(first, first->next));
            const auto& result = call.single.result();
            if (result) {
                call.answered(call.user, JACKPOT_OK, room_.put(call.receipt), "");
            } else {
                const auto why = to_text(result.error());
                call.answered(call.user, static_cast<jackpot_status>(result.error().code), nullptr,
                              why.c_str());
            }
            const std::lock_guard guard(lock_);
            put_back(call);
        }
    }

    queue_type queue_{group_policy{.waiting_max = most, .gather = false}};
    receipt_room room_;
    bool busy_ = false;  // in a commit, or calling with its answers

    std::mutex lock_;  // of the nodes; the queue's own is taken within it
    std::deque<submitted_call> calls_;
    submitted_call* free_ = nullptr;
};

}}}  // namespace jackpot::v1::detail

#endif
