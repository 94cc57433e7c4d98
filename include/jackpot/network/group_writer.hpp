// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_GROUP_WRITER_HPP
#define JACKPOT_NETWORK_GROUP_WRITER_HPP

#include <jackpot/network/queued_writer.hpp>

#include <condition_variable>

namespace jackpot { inline namespace v1 { namespace detail {

/// A writer for any number of threads. Callers queue, and the first one leads: it commits for all that wait
/// by then, wakes them, and hands the lead to the next one in the queue.
template <class Storage, class Environment, class Observer = no_observer>
class group_writer : public queued_writer<Storage, Environment, Observer> {
    static_assert(
        !storage<Storage> || thread_safe_storage<Storage>,
        "shared_network calls its store from several threads, and this store does not say that it may: "
        "memory_storage and write_behind need a lock other than null_lock; a store of your own says "
        "static constexpr bool is_thread_safe = true");

    using base = queued_writer<Storage, Environment, Observer>;

public:
    using typename base::amount_type;
    using receipt_type = basic_receipt<amount_type>;
    using wager_type = basic_contribute_request<amount_type>;

    using base::base;

    template <class Request>
    [[nodiscard]] expected<void> submit(const Request& request, receipt_type& receipt) {
        single_call<amount_type> call(request, receipt);
        caller me(&call);
        if (!wait_for_lead(me)) {
            return me.refused ? this->turn_away(errc::overloaded, "callers wait already") : call.result();
        }
        lead(me, [&] { this->commit_taken(); });
        return call.result();
    }

    /// Commits a batch by itself, when its turn comes.
    void submit(std::span<const wager_type> wagers, std::span<expected<receipt_type>> answers) {
        caller me(nullptr);
        if (wait_for_lead(me)) {
            lead(me, [&] { this->writer_.submit(wagers, answers); });
            return;
        }
        for (auto& answer : answers) {
            answer = this->turn_away(errc::overloaded, "callers wait already");
        }
    }

private:
    using queue_type = call_queue<amount_type>;

    struct caller : queued_call<amount_type> {
        explicit caller(single_call<amount_type>* c) : queued_call<amount_type>{c} {}

        bool refused = false;
        bool leads = false;

        // Each caller has its own, so that callers that wake do not wait for each other.
        std::mutex lock{};
        std::condition_variable wake{};
        bool told = false;
    };

    /// Waits in the queue. True: `me` leads, and has taken the calls to answer. False: another caller
    /// answered `me`, or the queue was full.
    [[nodiscard]] bool wait_for_lead(caller& me) {
        const auto place = this->queue_.push(me);
        if (place == queue_type::place::behind) {
            wait_for_news(me);
        }
        me.refused = place == queue_type::place::full;
        const bool leads = place == queue_type::place::first || me.leads;
        if (leads) {
            [[maybe_unused]] const auto* front = this->queue_.take();
            JACKPOT_ASSERT(front == &me);
        }
        return leads;
    }

    /// Runs the commit, then passes the lead. A store throws nothing. Where one did, the program ends:
    /// otherwise callers would wait for ever, or be told of operations that never were.
    template <class Work>
    void lead(caller& me, Work&& work) noexcept {
        work();
        pass_lead(me);
    }

    void pass_lead(caller& me) {
        auto* const next = this->queue_.finish();
        for (auto* answered = me.next; answered != nullptr;) {
            tell(static_cast<caller&>(*std::exchange(answered, answered->next)));
        }
        if (next != nullptr) {
            static_cast<caller*>(next)->leads = true;
            tell(*static_cast<caller*>(next));
        }
    }

    static void wait_for_news(caller& me) {
        std::unique_lock lock(me.lock);
        me.wake.wait(lock, [&] { return me.told; });
    }
    /// Wakes a caller. The caller may destroy itself once its lock is released: do not touch it afterwards.
    static void tell(caller& who) {
        const std::lock_guard guard(who.lock);
        who.told = true;
        who.wake.notify_one();
    }
};

}}}  // namespace jackpot::v1::detail

#endif
