// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_GROUP_WRITER_HPP
#define JACKPOT_NETWORK_GROUP_WRITER_HPP

#include <jackpot/network/writer.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace jackpot { inline namespace v1 {

/// How callers are combined.
struct group_policy {
    retry_policy retry{};
    std::size_t batch = 256;           ///< callers a commit, at most; from 1 to 65,536
    std::size_t waiting_max = 65'536;  ///< callers who may wait; more are refused as overloaded
};

namespace detail {

/// A writer for any number of threads. Callers queue; the first leads: it commits for all who wait by then,
/// wakes them, and hands the lead to the next one in the queue.
template <storage Storage, environment Environment>
class group_writer {
public:
    using amount_type = typename Storage::amount_type;
    using receipt_type = basic_receipt<amount_type>;
    using wager_type = basic_contribute_request<amount_type>;
    using policy_type = group_policy;

    group_writer(Storage& store, Environment environment, group_policy policy)
        : store_(&store), policy_(policy), writer_(store, std::move(environment), policy.retry) {
        policy_.batch = std::clamp<std::size_t>(policy_.batch, 1, 65'536);
        calls_.reserve(policy_.batch);
    }

    /// Before the first call. Error: out_of_memory.
    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t batch) {
        return writer_.reserve(pools, (std::max)(batch, policy_.batch));
    }

    template <class Request>
    [[nodiscard]] expected<void> submit(const Request& request, receipt_type& receipt) {
        single_call<amount_type> call(request, receipt);
        caller me{&call};
        if (!wait_for_lead(me)) {
            return me.refused ? fail(errc::overloaded, "callers wait already") : call.result();
        }
        lead(me, [&] {
            group_call<amount_type> group(calls_);
            writer_.submit_all(group);
        });
        return call.result();
    }

    /// A batch of its own, in its turn.
    void submit(std::span<const wager_type> wagers, std::span<expected<receipt_type>> answers) {
        caller me{nullptr};
        if (wait_for_lead(me)) {
            lead(me, [&] { writer_.submit(wagers, answers); });
            return;
        }
        for (auto& answer : answers) {
            answer = fail(errc::overloaded, "callers wait already");
        }
    }

    [[nodiscard]] std::size_t waiting() const {
        const std::lock_guard guard(lock_);
        return waiting_;
    }

    /// The newest states, and the lock that keeps them as they are.
    class held_states {
    public:
        held_states(std::unique_lock<std::mutex> lock, const basic_snapshot<amount_type>& states) noexcept
            : lock_(std::move(lock)), states_(&states) {}
        const basic_snapshot<amount_type>& operator*() const noexcept { return *states_; }
        const basic_snapshot<amount_type>* operator->() const noexcept { return states_; }

    private:
        std::unique_lock<std::mutex> lock_;
        const basic_snapshot<amount_type>* states_;
    };

    [[nodiscard]] expected<held_states> newest() {
        std::unique_lock lock(reading_lock_);
        if (auto loaded = store_->load(reading_); !loaded) {
            reading_ = {};
            return tl::unexpected(loaded.error());
        }
        return held_states(std::move(lock), reading_);
    }

private:
    struct caller {
        single_call<amount_type>* call;  // null: a batch, which is committed by itself
        bool refused = false;
        bool leads = false;
        caller* next = nullptr;

        // Of its own, so that those who wake do not wait for each other.
        std::mutex lock{};
        std::condition_variable wake{};
        bool told = false;
    };

    /// True: `me` is the first in the queue, and `calls_` are those to answer with it. False: answered by
    /// another, or refused.
    [[nodiscard]] bool wait_for_lead(caller& me) {
        std::unique_lock lock(lock_);
        if (waiting_ >= policy_.waiting_max) {
            me.refused = true;
            return false;
        }
        ++waiting_;
        (first_ == nullptr ? first_ : last_->next) = &me;
        last_ = &me;
        if (first_ != &me) {
            lock.unlock();
            wait_for_news(me);
            if (!me.leads) {
                return false;
            }
            lock.lock();
        }
        let_in(lock);
        calls_.clear();
        if (me.call != nullptr) {
            for (caller* c = &me; c != nullptr && c->call != nullptr && calls_.size() < policy_.batch;
                 c = c->next) {
                calls_.push_back(c->call);
            }
        }
        return true;
    }

    /// Those who were answered last are about to call again: the leader gives way to them, so that they go
    /// into its commit and not into the one after it. Not where it is alone, and no longer than while they
    /// come: where nobody else can run, giving way takes no time.
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

    /// A store throws nothing. One that did would leave callers waiting for ever, or told of what never was:
    /// the program ends instead.
    template <class Work>
    void lead(caller& me, Work&& work) noexcept {
        work();
        pass_lead(me);
    }

    void pass_lead(caller& me) {
        std::size_t others = calls_.empty() ? 0 : calls_.size() - 1;
        caller* answered = nullptr;
        caller* next = nullptr;
        {
            const std::lock_guard guard(lock_);
            answered = next = me.next;
            for (std::size_t i = 0; i < others; ++i) {
                next = next->next;
            }
            first_ = next;
            last_ = next == nullptr ? nullptr : last_;
            waiting_ -= others + 1;
            answered_last_ = others;
        }
        // Without the lock, which those who wake want next.
        for (; others > 0; --others) {
            caller& one = *answered;
            answered = others == 1 ? nullptr : one.next;
            tell(one);
        }
        if (next != nullptr) {
            next->leads = true;
            tell(*next);
        }
    }

    static void wait_for_news(caller& me) {
        std::unique_lock lock(me.lock);
        me.wake.wait(lock, [&] { return me.told; });
    }
    /// Who is told may be gone as soon as its lock is free.
    static void tell(caller& who) {
        const std::lock_guard guard(who.lock);
        who.told = true;
        who.wake.notify_one();
    }

    /// On few cores one turn goes to a caller who was not answered, or to another program.
    static constexpr unsigned vain_turns = 32;

    Storage* store_;
    group_policy policy_;
    writer<Storage, Environment> writer_;
    std::vector<single_call<amount_type>*> calls_;  // those that the leader answers

    mutable std::mutex lock_;
    caller* first_ = nullptr;  // the leader, while there is one
    caller* last_ = nullptr;
    std::size_t waiting_ = 0;
    std::size_t answered_last_ = 0;  // by the last leader, beside itself

    std::mutex reading_lock_;
    basic_snapshot<amount_type> reading_;
};

}  // namespace detail
}}  // namespace jackpot::v1

#endif
