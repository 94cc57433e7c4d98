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

/// A request as C reads it. It points into the library's, and into itself.
struct described_request {
    template <class Request>
    explicit described_request(const Request& asked) {
        request.struct_size = sizeof request;
        request.kind = kind_in<Request>(static_cast<const basic_request<std::int64_t>*>(nullptr));
        describe_names(asked);
        describe_amount(asked);
        if constexpr (requires { asked.configuration; }) {
            describe(patch_of(asked.configuration));
        } else if constexpr (requires { asked.patch; }) {
            describe(asked.patch);
            request.when = static_cast<std::int32_t>(asked.when);
        }
        if constexpr (requires { asked.reverts; }) {
            request.refers_to = asked.sequence;
        } else if constexpr (requires { asked.returned_to; }) {
            request.refers_to = asked.returned_to;
        }
    }
    described_request(const described_request&) = delete;
    described_request& operator=(const described_request&) = delete;

    jackpot_request request{};
    jackpot_configuration configuration{};

private:
    void describe(const patch& p) {
        configuration = from_patch(p);
        request.configuration = &configuration;
    }
    [[nodiscard]] static const char* text_of(const name& text) noexcept { return text.c_str(); }
    [[nodiscard]] static const char* text_of(const std::optional<name>& text) noexcept {
        return text ? text->c_str() : nullptr;
    }

    template <class Request>
    void describe_names(const Request& asked) noexcept {
        if constexpr (requires { asked.reverts; }) {
            request.reverts = text_of(asked.reverts);  // its key is the library's own
        } else if constexpr (requires { asked.key; }) {
            request.key = text_of(asked.key);
        }
        if constexpr (requires { asked.pool; }) {
            request.pool = text_of(asked.pool);
        } else if constexpr (requires { asked.from; }) {
            request.pool = text_of(asked.from);
        }
        if constexpr (requires { asked.to; }) {
            request.to = text_of(asked.to);
        }
        if constexpr (requires { asked.game; }) {
            request.game = text_of(asked.game);
            request.player = text_of(asked.player);
            request.round = text_of(asked.round);
            request.site = text_of(asked.site);
        }
        if constexpr (requires { asked.hold; }) {
            request.hold = text_of(asked.hold);
        }
        if constexpr (requires { asked.actor; }) {
            request.actor = text_of(asked.actor);
            request.reason = text_of(asked.reason);
        }
    }

    template <class Request>
    void describe_amount(const Request& asked) noexcept {
        if constexpr (requires { asked.wager; }) {
            request.amount = asked.wager;
        } else if constexpr (requires { asked.amount.has_value(); }) {
            request.has_amount = asked.amount ? 1 : 0;
            request.amount = asked.amount.value_or(0);
        } else if constexpr (requires { asked.amount; }) {
            request.amount = asked.amount;
        } else if constexpr (requires { asked.delta; }) {
            request.amount = asked.delta;
        } else if constexpr (requires { asked.to_house; }) {
            request.amount = asked.to_house;
        }
    }
};

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
            const described_request described(asked);
            f.refused(f.context, &described.request, static_cast<jackpot_status>(why.code),
                      to_text(why).c_str());
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
            const described_request described(asked);
            function(told_->functions.context, &described.request, told_->room.put(got));
        }
    }

    told_in_c* told_;
};

}}}  // namespace jackpot::v1::detail

#endif
