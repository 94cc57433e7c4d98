// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_CALLS_HPP
#define JACKPOT_NETWORK_CALLS_HPP

#include <jackpot/store/storage.hpp>

#include <span>

// The input of a writer: requests in order, and a place for the answer to each.

namespace jackpot { inline namespace v1 { namespace detail {

/// Requests of any kind, and the way to answer them. The writer knows no other type of call: what is long in
/// it is compiled once for each amount type.
template <amount Amount>
class any_call {
public:
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    virtual void copy_request(std::size_t i, basic_request<Amount>& to) const = 0;
    /// Where the answer goes, which is a receipt from now on.
    [[nodiscard]] virtual basic_receipt<Amount>& receipt(std::size_t i) = 0;
    virtual void refuse(std::size_t i, const error& e) = 0;
    /// Why it was refused; null where it was not.
    [[nodiscard]] virtual const error* refusal(std::size_t i) const noexcept = 0;

protected:
    any_call() = default;
    any_call(const any_call&) = default;
    any_call& operator=(const any_call&) = default;
    ~any_call() = default;
};

/// Keeps what the request has allocated, where it is of that kind already.
template <amount Amount, class Request>
void assign_request(basic_request<Amount>& to, const Request& from) {
    if constexpr (std::is_same_v<Request, basic_request<Amount>>) {
        to = from;
    } else if (auto* same = std::get_if<Request>(&to)) {
        *same = from;
    } else {
        to.template emplace<Request>(from);
    }
}

/// One request, answered in place.
template <amount Amount>
class single_call final : public any_call<Amount> {
public:
    using wager_type = basic_contribute_request<Amount>;

    template <class Request>
    single_call(const Request& request, basic_receipt<Amount>& receipt) noexcept
        : request_(&request), copy_(copy_of<Request>), wager_(wager_in<Request>), receipt_(receipt) {}

    [[nodiscard]] std::size_t size() const noexcept override { return 1; }
    void copy_request(std::size_t, basic_request<Amount>& to) const override { copy_(request_, to); }
    [[nodiscard]] basic_receipt<Amount>& receipt(std::size_t) override {
        if (!result_) {
            result_ = success();
        }
        return receipt_;
    }
    void refuse(std::size_t, const error& e) override { result_ = tl::unexpected(e); }
    [[nodiscard]] const error* refusal(std::size_t) const noexcept override {
        return result_ ? nullptr : &result_.error();
    }
    [[nodiscard]] const expected<void>& result() const noexcept { return result_; }
    /// The request, where it is a wager; else null.
    [[nodiscard]] const wager_type* wager() const noexcept { return wager_(request_); }

private:
    template <class Request>
    static const wager_type* wager_in([[maybe_unused]] const void* from) noexcept {
        if constexpr (std::is_same_v<Request, wager_type>) {
            return static_cast<const wager_type*>(from);
        } else if constexpr (std::is_same_v<Request, basic_request<Amount>>) {
            return std::get_if<wager_type>(static_cast<const basic_request<Amount>*>(from));
        } else {
            return nullptr;
        }
    }
    template <class Request>
    static void copy_of(const void* from, basic_request<Amount>& to) {
        assign_request(to, *static_cast<const Request*>(from));
    }

    const void* request_;
    void (*copy_)(const void* from, basic_request<Amount>& to);
    const wager_type* (*wager_)(const void* from) noexcept;
    basic_receipt<Amount>& receipt_;
    expected<void> result_;
};

/// Wagers in one game, as requests that name it.
template <amount Amount, class Game>
struct game_wagers {
    const Game& game;
    std::span<const basic_wager<Amount>> wagers;

    [[nodiscard]] std::size_t size() const noexcept { return wagers.size(); }
    [[nodiscard]] basic_contribute_request<Amount> operator[](std::size_t i) const {
        return in_game(game.name(), wagers[i]);
    }
    [[nodiscard]] game_wagers subspan(std::size_t from) const { return {game, wagers.subspan(from)}; }
};

/// Many wagers, as requests `wagers[i]`, and an answer to each.
template <amount Amount, class Wagers>
class bulk_call final : public any_call<Amount> {
public:
    using answer = expected<basic_receipt<Amount>>;

    bulk_call(const Wagers& wagers, std::span<answer> answers) noexcept
        : wagers_(wagers), answers_(answers) {}

    [[nodiscard]] std::size_t size() const noexcept override { return wagers_.size(); }
    void copy_request(std::size_t i, basic_request<Amount>& to) const override {
        assign_request(to, wagers_[i]);
    }
    [[nodiscard]] basic_receipt<Amount>& receipt(std::size_t i) override {
        if (!answers_[i]) {
            answers_[i] = basic_receipt<Amount>{};
        }
        return *answers_[i];
    }
    void refuse(std::size_t i, const error& e) override { answers_[i] = tl::unexpected(e); }
    [[nodiscard]] const error* refusal(std::size_t i) const noexcept override {
        return answers_[i] ? nullptr : &answers_[i].error();
    }

private:
    Wagers wagers_;
    std::span<answer> answers_;
};
template <amount Amount, class Wagers>
bulk_call(const Wagers&, std::span<expected<basic_receipt<Amount>>>) -> bulk_call<Amount, Wagers>;

/// One request out of a call with many.
template <amount Amount>
class one_of final : public any_call<Amount> {
public:
    one_of(any_call<Amount>& all, std::size_t at) noexcept : all_(all), at_(at) {}

    [[nodiscard]] std::size_t size() const noexcept override { return 1; }
    void copy_request(std::size_t, basic_request<Amount>& to) const override { all_.copy_request(at_, to); }
    [[nodiscard]] basic_receipt<Amount>& receipt(std::size_t) override { return all_.receipt(at_); }
    void refuse(std::size_t, const error& e) override { all_.refuse(at_, e); }
    [[nodiscard]] const error* refusal(std::size_t) const noexcept override { return all_.refusal(at_); }

private:
    any_call<Amount>& all_;
    std::size_t at_;
};

/// What a queue gives for one commit.
template <amount Amount>
using taken_calls = std::span<single_call<Amount>* const>;

/// The calls of several threads, as one call.
template <amount Amount>
class group_call final : public any_call<Amount> {
public:
    explicit group_call(taken_calls<Amount> calls) noexcept : calls_(calls) {}

    [[nodiscard]] std::size_t size() const noexcept override { return calls_.size(); }
    void copy_request(std::size_t i, basic_request<Amount>& to) const override {
        calls_[i]->copy_request(0, to);
    }
    [[nodiscard]] basic_receipt<Amount>& receipt(std::size_t i) override { return calls_[i]->receipt(0); }
    void refuse(std::size_t i, const error& e) override { calls_[i]->refuse(0, e); }
    [[nodiscard]] const error* refusal(std::size_t i) const noexcept override {
        return calls_[i]->refusal(0);
    }

private:
    taken_calls<Amount> calls_;
};

JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&, const basic_open_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&,
                                     const basic_contribute_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&, const basic_win_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&,
                                     const basic_configure_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&,
                                     const basic_adjust_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&, const suspend_request&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&, const resume_request&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&,
                                     const basic_restore_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&, const basic_hold_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&, const confirm_request&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&, const release_request&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&,
                                     const basic_transfer_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&, const basic_close_request<std::int64_t>&));
JACKPOT_INSTANCE(void assign_request(basic_request<std::int64_t>&,
                                     const basic_revert_request<std::int64_t>&));

}}}  // namespace jackpot::v1::detail

#endif
