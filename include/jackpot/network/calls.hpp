// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_CALLS_HPP
#define JACKPOT_NETWORK_CALLS_HPP

#include <jackpot/core/operation.hpp>
#include <jackpot/memory/handles.hpp>

#include <span>

// What a writer is given: requests in order, and where the answer to each of them goes.

namespace jackpot { inline namespace v1 { namespace detail {

/// One request, answered in place. Of any kind: a writer for each would be eight times the code.
template <amount Amount>
class single_call {
public:
    template <class Request>
    single_call(const Request& request, basic_receipt<Amount>& receipt) noexcept
        : request_(&request),
          copy_([](const void* from, basic_request<Amount>& to) { to = *static_cast<const Request*>(from); }),
          receipt_(receipt) {}

    static constexpr bool is_one = true;
    [[nodiscard]] std::size_t size() const noexcept { return 1; }
    void copy_request(std::size_t, basic_request<Amount>& to) const { copy_(request_, to); }
    [[nodiscard]] basic_receipt<Amount>& receipt(std::size_t) noexcept {
        if (!result_) {
            result_ = success();
        }
        return receipt_;
    }
    void refuse(std::size_t, const error& e) { result_ = tl::unexpected(e); }
    [[nodiscard]] const expected<void>& result() const noexcept { return result_; }

private:
    const void* request_;
    void (*copy_)(const void* from, basic_request<Amount>& to);
    basic_receipt<Amount>& receipt_;
    expected<void> result_;
};

/// Wagers in one game, as requests that name it.
template <amount Amount>
struct game_wagers {
    const basic_game_handle<Amount>& game;
    std::span<const basic_wager<Amount>> wagers;

    [[nodiscard]] std::size_t size() const noexcept { return wagers.size(); }
    [[nodiscard]] basic_contribute_request<Amount> operator[](std::size_t i) const {
        return in_game(game.name(), wagers[i]);
    }
    [[nodiscard]] game_wagers subspan(std::size_t from) const { return {game, wagers.subspan(from)}; }
};

/// Many wagers, as requests at `wagers[i]`, and an answer to each.
template <amount Amount, class Wagers>
class bulk_call {
public:
    using answer = expected<basic_receipt<Amount>>;

    bulk_call(const Wagers& wagers, std::span<answer> answers) noexcept
        : wagers_(wagers), answers_(answers) {}

    static constexpr bool is_one = false;
    [[nodiscard]] std::size_t size() const noexcept { return wagers_.size(); }
    void copy_request(std::size_t i, basic_request<Amount>& to) const { to = wagers_[i]; }
    [[nodiscard]] basic_receipt<Amount>& receipt(std::size_t i) {
        if (!answers_[i]) {
            answers_[i] = basic_receipt<Amount>{};
        }
        return *answers_[i];
    }
    void refuse(std::size_t i, const error& e) { answers_[i] = tl::unexpected(e); }

private:
    Wagers wagers_;
    std::span<answer> answers_;
};
template <amount Amount, class Wagers>
bulk_call(const Wagers&, std::span<expected<basic_receipt<Amount>>>) -> bulk_call<Amount, Wagers>;

/// One of many, by itself.
template <class Call>
struct one_of {
    Call& all;
    std::size_t at;

    static constexpr bool is_one = true;
    [[nodiscard]] static std::size_t size() noexcept { return 1; }
    void copy_request(std::size_t, auto& to) const { all.copy_request(at, to); }
    [[nodiscard]] auto& receipt(std::size_t) { return all.receipt(at); }
    void refuse(std::size_t, const error& e) { all.refuse(at, e); }
};

/// The calls of several threads, as one.
template <amount Amount>
class group_call {
public:
    explicit group_call(std::span<single_call<Amount>* const> calls) noexcept : calls_(calls) {}

    static constexpr bool is_one = false;
    [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }
    void copy_request(std::size_t i, basic_request<Amount>& to) const { calls_[i]->copy_request(0, to); }
    [[nodiscard]] basic_receipt<Amount>& receipt(std::size_t i) noexcept { return calls_[i]->receipt(0); }
    void refuse(std::size_t i, const error& e) { calls_[i]->refuse(0, e); }

private:
    std::span<single_call<Amount>* const> calls_;
};

}}}  // namespace jackpot::v1::detail

#endif
