// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_ASYNC_NETWORK_HPP
#define JACKPOT_NETWORK_ASYNC_NETWORK_HPP

#include <jackpot/network/queries.hpp>
#include <jackpot/network/queued_writer.hpp>
#include <jackpot/network/submission.hpp>

namespace jackpot { inline namespace v1 {

/// A network for programs that cannot let a thread wait: an event loop, a server, a game's frame. Requests of
/// every kind are submitted from any thread, and wait as nodes; a `pump`, on a thread that may block as long
/// as the store does, commits all that wait together; and each request's completion is called where the
/// program likes. The network has no thread, no timer and no lock that it holds while a store works. It
/// allocates nothing a request after `reserve`.
///
/// Each request gets its own receipt or error, as `network` gives it to requests one after another in the
/// order of submission. Of one thread that is the order of its calls. A completion is called after the
/// commit, never before.
///
/// It has two errors more than `network`, both immediate and without any change: overloaded, where
/// `group_policy::waiting_max` requests wait already; cancelled, after `close`. After unavailable a request
/// may have been committed, as in `network`: submit the keyed one again, and get its receipt. One thread at a
/// time uses the environment and the store's verbs for writing, namely the one that pumps.
///
/// The queries are those of `network`. They call the store on the caller's thread: where another thread pumps
/// meanwhile, the store must be a `thread_safe_storage`.
template <class Storage, class Environment = system_environment, class Observer = no_observer>
class async_network : public queries<Storage, detail::queued_writer<Storage, Environment, Observer>> {
    static_assert(detail::environment_needs<Environment>::said);

    using base = queries<Storage, detail::queued_writer<Storage, Environment, Observer>>;
    using base::writer_;

public:
    using typename base::amount_type;
    using receipt_type = basic_receipt<amount_type>;
    using submission_type = basic_submission<amount_type>;
    using answers_type = basic_answers<amount_type>;

    explicit async_network(Storage& store, Environment environment = {}, group_policy policy = {},
                           Observer observer = {})
        : base(store, std::move(environment), policy, std::move(observer)) {}

    async_network(const async_network&) = delete;
    async_network& operator=(const async_network&) = delete;

    /// Every request must be answered or taken back before.
    ~async_network() { JACKPOT_ASSERT(waiting() == 0); }

    /// Puts a request into the queue. Any thread may call it. True: see to a pump, nobody else was told to.
    /// False: somebody was told already. Errors: cancelled, overloaded; then the completion is not called.
    [[nodiscard]] expected<bool> submit(submission_type& p) noexcept {
        switch (queue().push(p)) {
            case place::full:
                return writer_.turn_away(errc::overloaded, "requests wait already");
            case place::closed:
                return writer_.turn_away(errc::cancelled, "the network is closed");
            case place::first:
                return true;
            case place::behind:
                break;
        }
        return false;
    }

    /// Takes a request back, on any thread. True: it was still in the queue, nothing changed, and its
    /// completion will not be called. False: it is in a commit, or answered; its completion is called.
    [[nodiscard]] bool cancel(submission_type& p) noexcept { return queue().cancel(p); }

    /// Makes one commit for all that wait, at most `group_policy::batch`, and returns their answers. It takes
    /// as long as the store and the retries do: a game's frame has a store that answers at once, `gather` off
    /// and `retry.attempts` 1. While one thread pumps, another one's pump returns no answers.
    [[nodiscard]] answers_type pump() noexcept {
        auto* const first = queue().take();
        if (first == nullptr) {
            return {};
        }
        const auto size = queue().taken().size();
        writer_.commit_taken();
        return {first, size, queue().finish() != nullptr};
    }

    /// Refuses requests from now on. Those that wait are still to be pumped.
    void close() noexcept { queue().close(); }

    /// How many requests are not answered yet.
    [[nodiscard]] std::size_t waiting() const noexcept { return writer_.waiting(); }

    /// Allocates in advance, as `network::reserve`. Call it before the first request. Error: out_of_memory.
    [[nodiscard]] expected<void> reserve(std::size_t pools) { return writer_.reserve(pools, 0); }

private:
    using place = typename detail::call_queue<amount_type>::place;

    [[nodiscard]] detail::call_queue<amount_type>& queue() noexcept { return writer_.queue(); }
};

}}  // namespace jackpot::v1

#endif
