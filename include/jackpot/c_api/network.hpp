// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_NETWORK_HPP
#define JACKPOT_C_API_NETWORK_HPP

#include <jackpot/c_api/c_api.h>
#include <jackpot/core/system.hpp>
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/write_behind.hpp>

#include <memory>

/// What a program in C holds: a network over any store.
struct jackpot_network {
    virtual ~jackpot_network() = default;

    virtual jackpot::expected<void> contribute(const jackpot::contribute_request&, jackpot::receipt&) = 0;
    virtual jackpot::expected<jackpot::receipt> submit(const jackpot::basic_request<std::int64_t>&) = 0;
    virtual jackpot::expected<void> seal(bool) = 0;
    virtual jackpot::expected<jackpot::pool> pool(const jackpot::name&) = 0;
    virtual jackpot::expected<std::vector<jackpot::pool>> pools() = 0;
    virtual jackpot::expected<jackpot::statistics> statistics() = 0;
    virtual jackpot::expected<jackpot::audit_report> audit() = 0;

    // Of a store that nothing waits for: there is nothing to carry.
    virtual jackpot::expected<jackpot::pump_result> pump(std::uint64_t) { return jackpot::pump_result{}; }
    virtual jackpot::write_behind_lag lag() { return {}; }

    // The storage of a call, kept so that a contribution allocates nothing.
    jackpot::contribute_request wager;
    jackpot::receipt receipt;
    jackpot::basic_text<512> last_error;
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
          network_(kept_.store, host_environment(o.environment), policy_of(o.mode)) {}

    expected<void> contribute(const contribute_request& r, jackpot::receipt& into) override {
        return network_.contribute(r, into);
    }
    expected<jackpot::receipt> submit(const basic_request<std::int64_t>& r) override {
        return network_.submit(r);
    }
    expected<void> seal(bool sealed) override { return sealed ? network_.seal() : network_.unseal(); }
    expected<jackpot::pool> pool(const name& pool) override { return network_.pool(pool); }
    expected<std::vector<jackpot::pool>> pools() override { return network_.pools(); }
    expected<jackpot::statistics> statistics() override { return network_.statistics(); }
    expected<audit_report> audit() override { return jackpot::audit(kept_.store); }

    [[nodiscard]] expected<void> reserve(std::size_t pools) { return network_.reserve(pools); }
    [[nodiscard]] Kept& kept() noexcept { return kept_; }

private:
    /// A loop before a store behind is told at once what cannot be done now, and never sleeps.
    [[nodiscard]] static retry_policy policy_of(std::int32_t mode) noexcept {
        retry_policy policy;
        policy.attempts = mode == JACKPOT_MODE_BEHIND ? 1 : policy.attempts;
        return policy;
    }

    Kept kept_;
    network<decltype(Kept::store), host_environment> network_;
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
