// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_SUBMISSION_HPP
#define JACKPOT_NETWORK_SUBMISSION_HPP

#include <jackpot/network/call_queue.hpp>

namespace jackpot { inline namespace v1 {

template <class Storage, class Environment, class Observer>
class async_network;

/// A request that waits for its commit, and then its answer. Its owner keeps it, the request and the receipt
/// in place from `submit` until the completion is called or `cancel` says true, and may submit it again
/// afterwards. To submit allocates nothing.
template <amount Amount>
class basic_submission : detail::queued_call<Amount> {
public:
    /// Called once, when the answer is there. It may submit requests, this one too, and destroy the
    /// submission; it must not pump.
    using completion = void (*)(basic_submission&) noexcept;

    /// `asked` is any request of operation.hpp, or a `basic_request` that holds one.
    template <class Request>
    basic_submission(const Request& asked, basic_receipt<Amount>& into, completion done) noexcept
        : detail::queued_call<Amount>{&call_}, call_(asked, into), done_(done) {}
    template <class Request>
    basic_submission(const Request&& asked, basic_receipt<Amount>& into, completion done) = delete;

    basic_submission(const basic_submission&) = delete;
    basic_submission& operator=(const basic_submission&) = delete;

    /// Says that the receipt holds the answer, or why the request was refused: as from `network`. It is there
    /// from the completion on.
    [[nodiscard]] const expected<void>& result() const noexcept { return call_.result(); }

private:
    template <amount>
    friend class basic_answers;
    template <class, class, class>
    friend class async_network;

    detail::single_call<Amount> call_;
    completion done_;
};

/// The answers of one commit, in the order in which the requests were submitted. Whoever holds them completes
/// them where it likes: at once, or on another thread, as one piece of work.
template <amount Amount>
class basic_answers {
public:
    basic_answers() = default;
    basic_answers(basic_answers&& other) noexcept
        : first_(std::exchange(other.first_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          more_(other.more_) {}
    basic_answers& operator=(basic_answers&& other) noexcept {
        if (this != &other) {
            complete();
            first_ = std::exchange(other.first_, nullptr);
            size_ = std::exchange(other.size_, 0);
            more_ = other.more_;
        }
        return *this;
    }
    ~basic_answers() { complete(); }

    /// Calls each completion, once. The destructor does so where this was not called.
    void complete() noexcept {
        while (first_ != nullptr) {
            // The completion may destroy what it completes.
            auto& answered = static_cast<basic_submission<Amount>&>(*std::exchange(first_, first_->next));
            answered.done_(answered);
        }
        size_ = 0;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// True: others wait by now, and nobody else has been told. Pump again.
    [[nodiscard]] bool more() const noexcept { return more_; }

private:
    template <class, class, class>
    friend class async_network;

    basic_answers(detail::queued_call<Amount>* first, std::size_t size, bool more) noexcept
        : first_(first), size_(size), more_(more) {}

    detail::queued_call<Amount>* first_ = nullptr;
    std::size_t size_ = 0;
    bool more_ = false;
};

}}  // namespace jackpot::v1

#endif
