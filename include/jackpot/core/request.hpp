// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_REQUEST_HPP
#define JACKPOT_CORE_REQUEST_HPP

#include <jackpot/core/aliases.hpp>
#include <jackpot/core/list.hpp>
#include <jackpot/core/pool.hpp>

#include <variant>

namespace jackpot { inline namespace v1 {

// A request says what a caller asks for; the journal keeps it, normalised, in the operation that it led to.
// Fields stand in the order in which they are checked; only the key, which stands last, is checked first.

using name_list = list<name, 8>;

template <amount Amount>
struct basic_open_request {
    name pool{};
    basic_configuration<Amount> configuration{};
    std::optional<name> actor{};
    std::optional<name> reason{};
    std::optional<name> key{};

    friend bool operator==(const basic_open_request&, const basic_open_request&) = default;
};

template <amount Amount>
struct basic_contribute_request {
    name game{};
    Amount wager{};
    std::optional<name_list>
        pools{};  ///< none = every active pool that the game feeds; an empty list = no pool
    std::optional<name> player{};
    std::optional<name> round{};  ///< the game round
    std::optional<name> site{};   ///< the operator, brand or venue that it comes from
    std::optional<name> key{};

    friend bool operator==(const basic_contribute_request&, const basic_contribute_request&) = default;
};

/// A wager in a game that the caller has resolved (see `network::resolve_game`). It feeds every active pool
/// that the game feeds.
template <amount Amount>
struct basic_wager {
    Amount wager{};
    std::optional<name> player{};
    std::optional<name> round{};
    std::optional<name> site{};
    std::optional<name> key{};
};

/// The same wager by the game's name.
template <amount Amount>
[[nodiscard]] basic_contribute_request<Amount> in_game(const name& game, const basic_wager<Amount>& w) {
    return {.game = game,
            .wager = w.wager,
            .pools = {},
            .player = w.player,
            .round = w.round,
            .site = w.site,
            .key = w.key};
}

template <amount Amount>
struct basic_win_request {
    name pool{};
    name game{};
    name player{};
    std::optional<Amount> amount{};  ///< none = all that the pool holds
    std::optional<name> round{};
    std::optional<name> site{};
    std::optional<name> key{};

    friend bool operator==(const basic_win_request&, const basic_win_request&) = default;
};

/// Says when a patch takes effect; `discard` drops the pending patch.
enum class when : std::uint8_t { now, after_win, discard };

template <amount Amount>
struct basic_configure_request {
    name pool{};
    jackpot::when when = when::now;
    basic_patch<Amount> patch{};
    std::optional<name> actor{};
    std::optional<name> reason{};
    std::optional<name> key{};

    friend bool operator==(const basic_configure_request&, const basic_configure_request&) = default;
};

template <amount Amount>
struct basic_adjust_request {
    name pool{};
    Amount delta{};
    name actor{};
    name reason{};
    std::optional<name> key{};

    friend bool operator==(const basic_adjust_request&, const basic_adjust_request&) = default;
};

struct suspend_request {
    name pool{};
    std::optional<name> actor{};
    std::optional<name> reason{};
    std::optional<name> key{};

    friend bool operator==(const suspend_request&, const suspend_request&) = default;
};

struct resume_request {
    name pool{};
    std::optional<name> actor{};
    std::optional<name> reason{};
    std::optional<name> key{};

    friend bool operator==(const resume_request&, const resume_request&) = default;
};

/// Returns pools to their states at the sequence `returned_to`. `states` holds those states. The journal does
/// not keep `states` here, for each part holds the whole state after it; so two requests compare equal
/// without them.
template <amount Amount>
struct basic_restore_request {
    name actor{};
    name reason{};
    std::uint64_t returned_to = 0;
    std::vector<basic_pool<Amount>> states{};
    std::optional<name> key{};

    friend bool operator==(const basic_restore_request& a, const basic_restore_request& b) {
        return a.actor == b.actor && a.reason == b.reason && a.returned_to == b.returned_to && a.key == b.key;
    }
};

/// Stands for every operation up to its sequence. Only stores write one; a network refuses it.
struct checkpoint_request {
    friend bool operator==(const checkpoint_request&, const checkpoint_request&) = default;
};

/// A win that waits for somebody to verify it (R13): as a win, but paid is held until it is confirmed.
template <amount Amount>
struct basic_hold_request {
    name pool{};
    name game{};
    name player{};
    std::optional<Amount> amount{};  ///< none = all that the pool holds
    name hold{};                     ///< what `confirm` and `release` call it
    std::optional<name> round{};
    std::optional<name> site{};
    std::optional<name> key{};

    friend bool operator==(const basic_hold_request&, const basic_hold_request&) = default;
};

/// Makes a hold the win that it waited to be.
struct confirm_request {
    name pool{};
    name hold{};
    name actor{};
    std::optional<name> reason{};
    std::optional<name> key{};

    friend bool operator==(const confirm_request&, const confirm_request&) = default;
};

/// Gives a hold's amount back.
struct release_request {
    name pool{};
    name hold{};
    name actor{};
    name reason{};
    std::optional<name> key{};

    friend bool operator==(const release_request&, const release_request&) = default;
};

/// Moves money between pools (R14); the one that it leaves is suspended.
template <amount Amount>
struct basic_transfer_request {
    name from{};
    name to{};
    Amount amount{};
    name actor{};
    name reason{};
    std::optional<name> key{};

    friend bool operator==(const basic_transfer_request&, const basic_transfer_request&) = default;
};

/// Ends a suspended pool for ever (R14).
template <amount Amount>
struct basic_close_request {
    name pool{};
    std::optional<name> to{};  ///< what the pool holds goes there
    Amount to_house{};         ///< of what the house had put in, the amount that it takes back
    name actor{};
    name reason{};
    std::optional<name> key{};

    friend bool operator==(const basic_close_request&, const basic_close_request&) = default;
};

/// Takes a cancelled wager out of the meters (R15). A caller sets what to revert, the actor and the reason;
/// whoever has the journal adds the wager's operation, without which nothing can be decided. The journal
/// keeps that operation's sequence and its wager, and not the operation, so that two requests compare equal
/// without it.
template <amount Amount>
struct basic_revert_request {
    name reverts{};  ///< the contribution's key
    name actor{};
    name reason{};
    std::uint64_t sequence = 0;  ///< the contribution's, filled in when it is decided,
    Amount wager{};              ///< and so is its wager
    std::shared_ptr<const basic_operation<Amount>> contribution{};
    std::optional<name> key{};  ///< follows from `reverts`, and is filled in; a caller's is refused

    friend bool operator==(const basic_revert_request& a, const basic_revert_request& b) {
        return a.reverts == b.reverts && a.actor == b.actor && a.reason == b.reason &&
               a.sequence == b.sequence && a.wager == b.wager && a.key == b.key;
    }
};

/// The alternatives stand in the order of `operation_kind`.
template <amount Amount>
using basic_request =
    std::variant<basic_open_request<Amount>, basic_contribute_request<Amount>, basic_win_request<Amount>,
                 basic_configure_request<Amount>, basic_adjust_request<Amount>, suspend_request,
                 resume_request, basic_restore_request<Amount>, checkpoint_request,
                 basic_hold_request<Amount>, confirm_request, release_request, basic_transfer_request<Amount>,
                 basic_close_request<Amount>, basic_revert_request<Amount>>;

enum class operation_kind : std::uint8_t {
    opened,
    contributed,
    won,
    configured,
    adjusted,
    suspended,
    resumed,
    restored,
    checkpoint,
    held,
    confirmed,
    released,
    transferred,
    closed,
    reverted
};

namespace detail {
inline constexpr std::string_view when_names[] = {"now", "after_win", "discard"};
inline constexpr std::string_view kind_names[] = {
    "opened",     "contributed", "won",       "configured", "adjusted",    "suspended", "resumed", "restored",
    "checkpoint", "held",        "confirmed", "released",   "transferred", "closed",    "reverted"};
}  // namespace detail

[[nodiscard]] constexpr std::string_view to_string(when w) noexcept {
    return detail::spell(w, detail::when_names);
}
[[nodiscard]] constexpr std::optional<when> parse_when(text_view text) noexcept {
    return detail::unspell<when>(text, detail::when_names);
}
[[nodiscard]] constexpr std::string_view to_string(operation_kind k) noexcept {
    return detail::spell(k, detail::kind_names);
}
[[nodiscard]] constexpr std::optional<operation_kind> parse_operation_kind(text_view text) noexcept {
    return detail::unspell<operation_kind>(text, detail::kind_names);
}

template <amount Amount>
[[nodiscard]] operation_kind kind_of(const basic_request<Amount>& request) noexcept {
    return static_cast<operation_kind>(request.index());
}

namespace detail {

/// What std::visit does, as the switch that it comes to: a tenth of the work for a compiler.
template <class Visit, class Request>
decltype(auto) visit_request(Visit&& visit, Request& request) {
    switch (request.index()) {
        case 0:
            return visit(*std::get_if<0>(&request));
        case 1:
            return visit(*std::get_if<1>(&request));
        case 2:
            return visit(*std::get_if<2>(&request));
        case 3:
            return visit(*std::get_if<3>(&request));
        case 4:
            return visit(*std::get_if<4>(&request));
        case 5:
            return visit(*std::get_if<5>(&request));
        case 6:
            return visit(*std::get_if<6>(&request));
        case 7:
            return visit(*std::get_if<7>(&request));
        case 8:
            return visit(*std::get_if<8>(&request));
        case 9:
            return visit(*std::get_if<9>(&request));
        case 10:
            return visit(*std::get_if<10>(&request));
        case 11:
            return visit(*std::get_if<11>(&request));
        case 12:
            return visit(*std::get_if<12>(&request));
        case 13:
            return visit(*std::get_if<13>(&request));
        default:
            return visit(*std::get_if<14>(&request));
    }
}

/// Puts the alternative of that kind into the request, keeping it (and its capacity) if it is there.
template <amount Amount, std::size_t I = 0>
void emplace_kind(basic_request<Amount>& request, std::size_t kind) {
    if constexpr (I < std::variant_size_v<basic_request<Amount>>) {
        if (kind != I) {
            emplace_kind<Amount, I + 1>(request, kind);
        } else if (request.index() != I) {
            request.template emplace<I>();
        }
    }
}

}  // namespace detail

/// The key that a request carries, or null.
template <amount Amount>
[[nodiscard]] const name* key_of(const basic_request<Amount>& request) noexcept {
    return detail::visit_request(
        [](const auto& r) -> const name* {
            if constexpr (requires { r.key; }) {
                return r.key ? &*r.key : nullptr;
            } else {
                return nullptr;
            }
        },
        request);
}

}}  // namespace jackpot::v1

#endif
