// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_OBSERVER_HPP
#define JACKPOT_C_API_OBSERVER_HPP

#include <jackpot/c_api/submissions.hpp>
#include <jackpot/network/observer.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The functions of a program in C that is told what becomes of requests, and room for what they are told.
struct told_in_c {
    jackpot_observer functions{};
    receipt_room room{};
};

/// The number of a request's kind.
template <class Request, class... All>
[[nodiscard]] consteval std::int32_t kind_in(const std::variant<All...>*) {
    std::int32_t kind = 0;
    static_cast<void>(((std::is_same_v<Request, All> || (++kind, false)) || ...));
    return kind;
}

/// An observer that calls functions of C.
class c_observer : public no_observer {
public:
    explicit c_observer(told_in_c& told) noexcept : told_(&told) {}

    template <class Request>
    void committed(const Request& asked, const jackpot::receipt& got) noexcept {
        tell(told_->functions.committed, asked, got);
    }
    template <class Request>
    void replayed(const Request& asked, const jackpot::receipt& first) noexcept {
        tell(told_->functions.replayed, asked, first);
    }
    template <class Request>
    void refused(const Request& asked, const error& why) noexcept {
        const auto& f = told_->functions;
        if (f.refused != nullptr) {
            const jackpot_request request = described(asked);
            f.refused(f.context, &request, static_cast<jackpot_status>(why.code), to_text(why).c_str());
        }
    }
    void retried(const error& why) noexcept {
        const auto& f = told_->functions;
        if (f.retried != nullptr) {
            f.retried(f.context, static_cast<jackpot_status>(why.code), to_text(why).c_str());
        }
    }
    void commit_done(const commit_report& report) noexcept {
        const auto& f = told_->functions;
        if (f.commit_done != nullptr) {
            jackpot_commit_report out{};
            out.struct_size = sizeof out;
            out.attempts = report.attempts;
            out.operations = report.operations;
            out.microseconds = report.microseconds;
            f.commit_done(f.context, &out);
        }
    }
    [[nodiscard]] std::int64_t clock() noexcept {
        const auto& f = told_->functions;
        return f.clock == nullptr ? 0 : f.clock(f.context);
    }

private:
    using told_function = void (*)(void*, const jackpot_request*, const jackpot_receipt*);

    template <class Request>
    void tell(told_function function, const Request& asked, const jackpot::receipt& got) noexcept {
        if (function != nullptr) {
            const jackpot_request request = described(asked);
            function(told_->functions.context, &request, told_->room.put(got));
        }
    }

    [[nodiscard]] static const char* text_of(const name& text) noexcept { return text.c_str(); }
    [[nodiscard]] static const char* text_of(const std::optional<name>& text) noexcept {
        return text ? text->c_str() : nullptr;
    }

    /// It points into the request.
    template <class Request>
    [[nodiscard]] static jackpot_request described(const Request& asked) noexcept {
        jackpot_request out{};
        out.struct_size = sizeof out;
        out.kind = kind_in<Request>(static_cast<const basic_request<std::int64_t>*>(nullptr));
        if constexpr (requires { asked.key; }) {
            out.key = text_of(asked.key);
        }
        if constexpr (requires { asked.pool; }) {
            out.pool = text_of(asked.pool);
        }
        if constexpr (requires { asked.game; }) {
            out.game = text_of(asked.game);
        }
        if constexpr (requires { asked.player; }) {
            out.player = text_of(asked.player);
        }
        if constexpr (requires { asked.actor; }) {
            out.actor = text_of(asked.actor);
            out.reason = text_of(asked.reason);
        }
        if constexpr (requires { asked.wager; }) {
            out.amount = asked.wager;
        } else if constexpr (requires { asked.amount.value_or(0); }) {
            out.amount = asked.amount.value_or(0);
        } else if constexpr (requires { asked.amount; }) {
            out.amount = asked.amount;
        } else if constexpr (requires { asked.delta; }) {
            out.amount = asked.delta;
        }
        return out;
    }

    told_in_c* told_;
};

}}}  // namespace jackpot::v1::detail

#endif
