// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_ASIO_HPP
#define JACKPOT_ASIO_HPP

#include <jackpot/network/submitted.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/version.hpp>
#if BOOST_VERSION >= 107700
#include <boost/asio/associated_cancellation_slot.hpp>
#endif

// For programs with Boost.Asio, 1.74 or newer: requests take completion tokens.

namespace jackpot { inline namespace v1 {

namespace detail {

/// A request of `asio_network` with its handler. It lies in memory of the handler's allocator, and ends on
/// the handler's executor.
template <class Network, class Request, class Handler>
class asio_call final
    : public held_request<typename Network::amount_type, Request, asio_call<Network, Request, Handler>> {
    using base = held_request<typename Network::amount_type, Request, asio_call>;
    using answer_type = expected<typename Network::receipt_type>;
    using executor_type = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    using allocator_type = typename std::allocator_traits<
        boost::asio::associated_allocator_t<Handler>>::template rebind_alloc<asio_call>;
    using allocators = std::allocator_traits<allocator_type>;

    struct destroy {
        void operator()(asio_call* call) const noexcept {
            allocator_type allocator(boost::asio::get_associated_allocator(call->handler_));
            allocators::destroy(allocator, call);
            allocators::deallocate(allocator, call, 1);
        }
    };
    using owner = std::unique_ptr<asio_call, destroy>;

    /// Ends the call where it is run, or only frees it where its executor never runs it.
    struct ending {
        using allocator_type = boost::asio::associated_allocator_t<Handler>;

        owner call;

        [[nodiscard]] allocator_type get_allocator() const noexcept {
            return boost::asio::get_associated_allocator(call->handler_);
        }
        void operator()() {
            call->forbid_cancel();
            auto answer = call->answer();
            Handler handler = std::move(call->handler_);
            const auto work = std::move(call->work_);
            // A handler may start the next call in the memory of this one.
            call.reset();
            std::move(handler)(std::move(answer));
        }
    };

public:
    asio_call(Network& network, const Request& request, Handler&& handler,
              const boost::asio::any_io_executor& otherwise)
        : base(request),
          network_(network),
          handler_(std::move(handler)),
          work_(boost::asio::get_associated_executor(handler_, otherwise)) {}

    static void start(Network& network, const Request& request, Handler&& handler,
                      const boost::asio::any_io_executor& otherwise) {
        allocator_type allocator(boost::asio::get_associated_allocator(handler));
        asio_call* const call = allocators::allocate(allocator, 1);
        allocators::construct(allocator, call, network, request, std::move(handler), otherwise);
        call->allow_cancel();
        auto executor = call->work_.get_executor();
        const auto first = network.submit(*call);
        if (!first) {
            call->refused_ = first.error();
            boost::asio::post(executor, ending{owner(call)});
        } else if (*first) {
            network.see_to_pump();
        }
    }

    // Posted, for a handler may throw, which its executor hands to whoever runs it.
    void answered() noexcept { boost::asio::post(work_.get_executor(), ending{owner(this)}); }

private:
    [[nodiscard]] answer_type answer() {
        return refused_ ? answer_type(tl::unexpected(*refused_)) : this->take_answer();
    }

    /// The handler's cancellation takes the request back while it waits; in a commit it changes nothing. It
    /// is emitted on the handler's executor, where the call ends, too: so the call is there.
    void allow_cancel() {
#if BOOST_VERSION >= 107700
        auto slot = boost::asio::get_associated_cancellation_slot(handler_);
        if (slot.is_connected()) {
            slot.assign([this](boost::asio::cancellation_type) {
                if (network_.cancel(*this)) {
                    refused_ = error{errc::cancelled, {}};
                    boost::asio::post(work_.get_executor(), ending{owner(this)});
                }
            });
        }
#endif
    }

    void forbid_cancel() {
#if BOOST_VERSION >= 107700
        if (auto slot = boost::asio::get_associated_cancellation_slot(handler_); slot.is_connected()) {
            slot.clear();
        }
#endif
    }

    Network& network_;
    Handler handler_;
    boost::asio::executor_work_guard<executor_type> work_;
    std::optional<error> refused_;
};

}  // namespace detail

/// An `async_network` that sees to its pumps: they run on the executor that it is given, one at a time, and
/// block it as long as the store does. So that is one of the program's for work that may block, as a
/// `boost::asio::thread_pool(1)`.
template <class Storage, class Environment = system_environment, class Observer = no_observer>
class asio_network : public async_network<Storage, Environment, Observer> {
    using base = async_network<Storage, Environment, Observer>;

public:
    using typename base::amount_type;
    using typename base::receipt_type;

    asio_network(Storage& store, const boost::asio::any_io_executor& commits, Environment environment = {},
                 group_policy policy = {}, Observer observer = {})
        : base(store, std::move(environment), policy, std::move(observer)), commits_(commits) {}

    /// Submits a request of any kind. The handler's signature is `void(expected<receipt>)`; it is called once
    /// on its associated executor, with the answer or the error of `async_network`. What waits is in memory
    /// of its associated allocator. Where Boost has cancellation (1.77 and newer), it takes a request back
    /// that is not in a commit yet, which then ends as cancelled.
    template <class Request, class Token>
    auto async_submit(Request request, Token&& token) {
        return boost::asio::async_initiate<Token, void(expected<receipt_type>)>(
            [this](auto handler, const Request& asked) {
                detail::asio_call<asio_network, Request, decltype(handler)>::start(
                    *this, asked, std::move(handler), commits_);
            },
            token, std::move(request));
    }

    /// Refuses requests from now on, and calls the handler, `void()`, when all that waited are answered.
    /// After that the network may be destroyed.
    template <class Token>
    auto async_drain(Token&& token) {
        this->close();
        return boost::asio::async_initiate<Token, void()>(
            [this](auto handler) {
                auto work = boost::asio::make_work_guard(
                    boost::asio::get_associated_executor(handler, boost::asio::any_io_executor(commits_)));
                boost::asio::post(commits_, drain_step<decltype(handler), decltype(work)>{
                                                this, std::move(handler), std::move(work)});
            },
            token);
    }

private:
    template <class, class, class>
    friend class detail::asio_call;

    template <class Handler, class Work>
    struct drain_step {
        asio_network* network;
        Handler handler;
        Work work;
        bool empty = false;

        void operator()() {
            network->pump_once();
            // Once more when nothing waits: a pump that was asked for meanwhile stands behind this, and needs
            // the network.
            if (!std::exchange(empty, network->waiting() == 0)) {
                auto commits = network->commits_;
                boost::asio::post(commits, std::move(*this));
                return;
            }
            auto executor = work.get_executor();
            boost::asio::dispatch(executor, [h = std::move(handler)]() mutable { std::move(h)(); });
        }
    };

    void see_to_pump() {
        boost::asio::post(commits_, [this] { pump_once(); });
    }
    void pump_once() {
        auto answers = this->pump();
        if (answers.more()) {
            see_to_pump();  // behind other work of the executor, which gets its turn
        }
        answers.complete();
    }

    boost::asio::strand<boost::asio::any_io_executor> commits_;
};

}}  // namespace jackpot::v1

#endif
