// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_QUEUED_WRITER_HPP
#define JACKPOT_NETWORK_QUEUED_WRITER_HPP

#include <jackpot/network/call_queue.hpp>
#include <jackpot/network/writer.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// A writer behind a queue, and states for queries beside it: threads that ask take turns among themselves,
/// not with commits.
template <class Storage, class Environment, class Observer = no_observer>
class queued_writer {
public:
    using amount_type = typename Storage::amount_type;
    using policy_type = group_policy;

    queued_writer(Storage& store, Environment environment, group_policy policy, Observer observer = {})
        : queue_(policy),
          writer_(store, std::move(environment), policy.retry, std::move(observer)),
          store_(&store) {}

    /// Allocates in advance. Call it before the first request. Error: out_of_memory.
    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t batch) {
        return writer_.reserve(pools, (std::max)(batch, queue_.batch()));
    }

    [[nodiscard]] call_queue<amount_type>& queue() noexcept { return queue_; }
    [[nodiscard]] std::size_t waiting() const { return queue_.waiting(); }

    /// Refuses a call that the queue does not let in.
    [[nodiscard]] tl::unexpected<error> turn_away(errc code, text_view why) {
        auto refused = fail(code, why);
        writer_.observer().turned_away(refused.value());
        return refused;
    }

    /// One commit for the calls that were taken from the queue.
    void commit_taken() { writer_.submit_all(queue_.taken()); }

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
        reading_.pools.index();
        return held_states(std::move(lock), reading_);
    }

protected:
    call_queue<amount_type> queue_;
    writer<Storage, Environment, Observer> writer_;

private:
    Storage* store_;
    std::mutex reading_lock_;
    basic_snapshot<amount_type> reading_;
};

}}}  // namespace jackpot::v1::detail

#endif
