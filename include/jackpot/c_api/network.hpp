// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_NETWORK_HPP
#define JACKPOT_C_API_NETWORK_HPP

#include <jackpot/c_api/observer.hpp>
#include <jackpot/core/system.hpp>
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/write_behind.hpp>

#include <memory>
#include <mutex>
#include <thread>

namespace jackpot { inline namespace v1 { namespace detail {

/// Why a thread's last call failed. Two threads may be in a network at a time: its owner, and one that pumps
/// beside it; neither is to read of the other's calls. Another thread may become the owner between calls.
class last_errors {
public:
    /// Of a call that the owner alone may make.
    void keep(const expected<void>& done) noexcept {
        const std::lock_guard guard(lock_);
        if (!is_owner()) {
            others_ = owners_;
            owner_ = std::this_thread::get_id();
        }
        put(done, owners_);
    }
    /// Of a call that may run beside the owner.
    void keep_beside(const expected<void>& done) noexcept {
        const std::lock_guard guard(lock_);
        put(done, is_owner() ? owners_ : others_);
    }
    /// "" where the calling thread's last call succeeded.
    [[nodiscard]] basic_text<512> get() const noexcept {
        const std::lock_guard guard(lock_);
        return is_owner() ? owners_ : others_;
    }

private:
    [[nodiscard]] bool is_owner() const noexcept { return owner_ == std::this_thread::get_id(); }
    static void put(const expected<void>& done, basic_text<512>& to) noexcept {
        if (done) {
            to.clear();
        } else {
            to = to_text(done.error());
        }
    }

    mutable std::mutex lock_;
    std::thread::id owner_ = std::this_thread::get_id();  // who made the last call of the owner's
    basic_text<512> owners_;
    basic_text<512> others_;
};

}}}  // namespace jackpot::v1::detail

/// What a program in C holds: a network over any store.
struct jackpot_network {
    virtual ~jackpot_network() = default;

    virtual jackpot::expected<jackpot::ensured> find_or_open(const jackpot::open_request&,
                                                             std::optional<jackpot::when>) = 0;
    virtual jackpot::expected<void> contribute(const jackpot::contribute_request&, jackpot::receipt&) = 0;
    virtual jackpot::expected<jackpot::receipt> submit(const jackpot::basic_request<std::int64_t>&) = 0;
    /// Room for so many requests that wait. Errors: invalid_operation, out_of_memory.
    jackpot::expected<void> reserve_submissions(std::uint64_t count) {
        using namespace jackpot;
        if (count > detail::submissions::most) {
            return fail(errc::invalid_operation, "submissions", "more than 65536");
        }
        const auto wanted = static_cast<std::size_t>(count);
        return submitted.reserve(wanted, pools_reserved).and_then([&] {
            return reserve(pools_reserved, (std::min)(wanted, submitted.batch()));
        });
    }
    virtual void commit(jackpot::detail::taken_calls<std::int64_t>) = 0;
    virtual jackpot::expected<void> reserve(std::size_t pools, std::size_t batch) = 0;
    virtual jackpot::expected<void> seal(bool) = 0;
    virtual jackpot::expected<jackpot::pool> pool(const jackpot::name&) = 0;
    virtual jackpot::expected<std::vector<jackpot::pool>> pools() = 0;
    virtual jackpot::expected<jackpot::statistics> statistics() = 0;
    virtual jackpot::expected<std::vector<jackpot::operation>> history(const jackpot::history_query&) = 0;
    virtual jackpot::expected<jackpot::audit_report> audit() = 0;

    // Of a store that nothing waits for: there is nothing to carry.
    virtual jackpot::expected<jackpot::pump_result> pump(std::uint64_t) { return jackpot::pump_result{}; }
    virtual jackpot::write_behind_lag lag() { return {}; }

    // The storage of a call, kept so that a contribution allocates nothing.
    jackpot::contribute_request wager;
    jackpot::receipt receipt;
    jackpot::detail::last_errors last_error;
    jackpot::detail::submissions submitted;
    jackpot::detail::told_in_c told;
    std::size_t pools_reserved = 0;
};

namespace jackpot { inline namespace v1 { namespace detail {

/// The host's functions where it has some, else the system's.
class host_environment {
public:
    explicit host_environment(const jackpot_environment& host) noexcept : host_(host) {}

    timestamp now() { return host_.now != nullptr ? host_.now(host_.context) : system_.now(); }
    void sleep(std::int64_t microseconds) {
        host_.sleep != nullptr ? host_.sleep(host_.context, microseconds) : system_.sleep(microseconds);
    }
    std::uint64_t random() {
        return host_.random != nullptr ? host_.random(host_.context) : system_.random();
    }

private:
    jackpot_environment host_;
    system_environment system_;
};

/// A network, and the store that it is over: `Kept` holds that as `store`.
template <class Kept>
class network_over : public jackpot_network {
public:
    template <class... Args>
    explicit network_over(const jackpot_options& o, Args&&... kept)
        : kept_(std::forward<Args>(kept)...),
          network_(kept_.store, host_environment(o.environment), policy_of(o.mode), c_observer(told)) {}

    expected<ensured> find_or_open(const open_request& r, std::optional<when> apply) override {
        return (network_.ensure)(r, apply);
    }
    expected<void> contribute(const contribute_request& r, jackpot::receipt& into) override {
        return network_.contribute(r, into);
    }
    expected<jackpot::receipt> submit(const basic_request<std::int64_t>& r) override {
        return network_.submit(r);
    }
    void commit(taken_calls<std::int64_t> requests) override { network_.commit(requests); }
    expected<void> reserve(std::size_t pools, std::size_t batch) override {
        return network_.reserve(pools, batch);
    }
    expected<void> seal(bool sealed) override { return sealed ? network_.seal() : network_.unseal(); }
    expected<jackpot::pool> pool(const name& pool) override { return network_.pool(pool); }
    expected<std::vector<jackpot::pool>> pools() override { return network_.pools(); }
    expected<jackpot::statistics> statistics() override { return network_.statistics(); }
    expected<std::vector<operation>> history(const history_query& q) override { return network_.history(q); }
    expected<audit_report> audit() override { return jackpot::audit(kept_.store); }

    [[nodiscard]] Kept& kept() noexcept { return kept_; }

private:
    /// A loop before a store behind is told at once what cannot be done now, and never sleeps.
    [[nodiscard]] static retry_policy policy_of(std::int32_t mode) noexcept {
        retry_policy policy;
        policy.attempts = mode == JACKPOT_MODE_BEHIND ? 1 : policy.attempts;
        return policy;
    }

    using base_type = network<decltype(Kept::store), host_environment, c_observer>;
    struct network_type : base_type {
        using base_type::base_type;
        void commit(taken_calls<std::int64_t> requests) { this->writer_.submit_all(requests); }
    };

    Kept kept_;
    network_type network_;
};

template <class Kept>
class network_before final : public network_over<Kept> {
public:
    using network_over<Kept>::network_over;

    expected<pump_result> pump(std::uint64_t budget) override {
        return this->kept().store.pump(budget == 0 ? sequence_max : budget);
    }
    write_behind_lag lag() override { return this->kept().store.lag(); }
};

}}}  // namespace jackpot::v1::detail

#endif
