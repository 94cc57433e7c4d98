// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_SUBMITTED_HPP
#define JACKPOT_NETWORK_SUBMITTED_HPP

#include <jackpot/network/async_network.hpp>

#include <coroutine>
#include <memory>

// Ways to wait for an answer: a function that is called, and a coroutine that goes on.

namespace jackpot { inline namespace v1 {

namespace detail {

/// A request, the place for its receipt, and the node that waits. `Derived::answered()` is called when the
/// answer is there, and may destroy all of it.
template <amount Amount, class Request, class Derived>
class held_request : public basic_submission<Amount> {
protected:
    explicit held_request(const Request& request)
        : basic_submission<Amount>(
              request_, receipt_,
              [](basic_submission<Amount>& s) noexcept { static_cast<Derived&>(s).answered(); }),
          request_(request) {}

    [[nodiscard]] expected<basic_receipt<Amount>> take_answer() {
        const auto& result = this->result();
        return result ? expected<basic_receipt<Amount>>(std::move(receipt_)) : tl::unexpected(result.error());
    }

private:
    Request request_;
    basic_receipt<Amount> receipt_;
};

template <amount Amount, class Request, class Done>
class call_back final : public held_request<Amount, Request, call_back<Amount, Request, Done>> {
    using base = held_request<Amount, Request, call_back>;

public:
    call_back(const Request& request, Done&& done) : base(request), done_(std::move(done)) {}

    void answered() noexcept {
        const std::unique_ptr<call_back> mine(this);
        done_(this->take_answer());
    }

private:
    Done done_;
};

template <class Network, class Request, class Wake>
class awaited final
    : public held_request<typename Network::amount_type, Request, awaited<Network, Request, Wake>> {
    using base = held_request<typename Network::amount_type, Request, awaited>;

public:
    awaited(Network& network, const Request& request, Wake&& wake)
        : base(request), network_(network), wake_(std::move(wake)) {}

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    [[nodiscard]] bool await_suspend(std::coroutine_handle<> waits) noexcept {
        waits_ = waits;
        // Once it is submitted, another thread may resume the coroutine, which destroys this.
        Wake wake = std::move(wake_);
        const auto first = network_.submit(*this);
        if (!first) {
            refused_ = first.error();
            return false;
        }
        if (*first) {
            wake();
        }
        return true;
    }
    [[nodiscard]] expected<typename Network::receipt_type> await_resume() {
        return refused_ ? tl::unexpected(*refused_) : this->take_answer();
    }

    void answered() noexcept { waits_.resume(); }

private:
    Network& network_;
    Wake wake_;
    std::coroutine_handle<> waits_;
    std::optional<error> refused_;
};

}  // namespace detail

/// Submits a request, and calls `done(expected<receipt>)`, which throws nothing, once: where the answers are
/// completed. Allocates what the request needs until then. True: see to a pump (as for
/// `async_network::submit`). Errors: out_of_memory, then those of `async_network::submit`; then `done` is not
/// called.
template <class Network, class Request, class Done>
[[nodiscard]] expected<bool> submit(Network& net, const Request& request, Done done) {
    using node_type = detail::call_back<typename Network::amount_type, Request, Done>;
    std::unique_ptr<node_type> node(new (std::nothrow) node_type(request, std::move(done)));
    if (!node) {
        return fail(errc::out_of_memory);
    }
    auto first = net.submit(*node);
    if (first) {
        static_cast<void>(node.release());
    }
    return first;
}

/// `co_await submitted(net, request, wake)` submits a request, and resumes the coroutine with its
/// `expected<receipt>` where the answers are completed. It allocates nothing: what waits lies in the
/// coroutine's frame. `wake()`, which throws nothing, is called where a pump must be seen to. Where the
/// network refuses the request, the coroutine goes on immediately with that error.
template <class Network, class Request, class Wake>
[[nodiscard]] auto submitted(Network& net, const Request& request, Wake wake) {
    return detail::awaited<Network, Request, Wake>(net, request, std::move(wake));
}

}}  // namespace jackpot::v1

#endif
