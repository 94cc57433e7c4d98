// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_OPERATION_HPP
#define JACKPOT_CORE_OPERATION_HPP

#include <jackpot/core/aliases.hpp>
#include <jackpot/core/identifier.hpp>
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
    std::optional<name> key{};

    friend bool operator==(const basic_contribute_request&, const basic_contribute_request&) = default;
};

/// A wager in a game that the caller has resolved (see `network::resolve_game`). It feeds every active pool
/// that the game feeds.
template <amount Amount>
struct basic_wager {
    Amount wager{};
    std::optional<name> player{};
    std::optional<name> key{};
};

/// The same wager by the game's name.
template <amount Amount>
[[nodiscard]] basic_contribute_request<Amount> in_game(const name& game, const basic_wager<Amount>& w) {
    return {.game = game, .wager = w.wager, .pools = {}, .player = w.player, .key = w.key};
}

template <amount Amount>
struct basic_win_request {
    name pool{};
    name game{};
    name player{};
    std::optional<Amount> amount{};  ///< none = all that the pool holds
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
    std::optional<name> key{};

    friend bool operator==(const suspend_request&, const suspend_request&) = default;
};

struct resume_request {
    name pool{};
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

/// The alternatives stand in the order of `operation_kind`.
template <amount Amount>
using basic_request =
    std::variant<basic_open_request<Amount>, basic_contribute_request<Amount>, basic_win_request<Amount>,
                 basic_configure_request<Amount>, basic_adjust_request<Amount>, suspend_request,
                 resume_request, basic_restore_request<Amount>, checkpoint_request>;

enum class operation_kind : std::uint8_t {
    opened,
    contributed,
    won,
    configured,
    adjusted,
    suspended,
    resumed,
    restored,
    checkpoint
};

namespace detail {
inline constexpr std::string_view when_names[] = {"now", "after_win", "discard"};
inline constexpr std::string_view kind_names[] = {"opened",     "contributed", "won",
                                                  "configured", "adjusted",    "suspended",
                                                  "resumed",    "restored",    "checkpoint"};
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
        default:
            return visit(*std::get_if<8>(&request));
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

/// Says what an operation did to one pool. An amount that does not belong to the operation's kind is 0.
template <amount Amount>
struct basic_part : basic_balance<Amount> {  // after the operation, as is the version
    std::uint64_t version = 0;
    name pool{};
    Amount to_pool{};        ///< contributed: the part of the credit that the pool took,
    Amount to_overflow{};    ///< the part that was set aside,
    Amount forgone{};        ///< and the part that was not taken
    Amount paid{};           ///< won: the amount that left the pool,
    Amount from_house{};     ///< and the amount that the house put in, up to the seed
    Amount from_overflow{};  ///< won, configured, adjusted: the overflow that flowed in
    std::shared_ptr<const basic_pool<Amount>> state{};  ///< restored, checkpoint: the whole state, after

    friend bool operator==(const basic_part& a, const basic_part& b) {
        return a.pool == b.pool && a.version == b.version && detail::balance_of(a) == detail::balance_of(b) &&
               a.to_pool == b.to_pool && a.to_overflow == b.to_overflow && a.forgone == b.forgone &&
               a.paid == b.paid && a.from_house == b.from_house && a.from_overflow == b.from_overflow &&
               (a.state == b.state || (a.state && b.state && *a.state == *b.state));
    }
};

template <amount Amount>
using basic_parts = list<basic_part<Amount>, 4>;

/// One entry of a store's journal: the request, and a part for each pool that it changed, in byte order of
/// their names.
template <amount Amount>
struct basic_operation {
    std::uint64_t sequence = 0;
    identifier id{};
    timestamp at = 0;
    basic_request<Amount> request{};
    basic_parts<Amount> parts{};

    [[nodiscard]] operation_kind kind() const noexcept { return kind_of<Amount>(request); }
    [[nodiscard]] const name* key() const noexcept { return key_of<Amount>(request); }

    friend bool operator==(const basic_operation&, const basic_operation&) = default;
};

namespace detail {

/// Checks that the rules can have made such parts: pools in order, each once, with amounts in range. Error:
/// corrupt.
template <amount Amount>
[[nodiscard]] expected<void> check_parts(const basic_operation<Amount>& o) {
    const bool whole = o.kind() == operation_kind::restored || o.kind() == operation_kind::checkpoint;
    const basic_part<Amount>* before = nullptr;
    for (const auto& part : o.parts) {
        if (before != nullptr && !(before->pool < part.pool)) {
            return fail(errc::corrupt, part.pool, "the operation's parts are not in order");
        }
        before = &part;
        const auto sound = [](const Amount& value) { return value >= 0 && in_range(value); };
        bool all_sound = sound(part.to_pool) && sound(part.to_overflow) && sound(part.forgone) &&
                         sound(part.paid) && sound(part.from_house) && sound(part.from_overflow);
        for (const auto& m : balance_meters<Amount>) {
            all_sound = all_sound && (m.amount == nullptr || sound(part.*m.amount));
        }
        if (!all_sound) {
            return fail(errc::corrupt, part.pool, "an amount of the operation is out of range");
        }
        if ((part.state != nullptr) != whole ||
            (whole && (part.state->pool != part.pool || part.state->version != part.version ||
                       part.state->configuration == nullptr))) {
            return fail(errc::corrupt, part.pool, "a part that does not agree with its state");
        }
    }
    const auto* opened = std::get_if<basic_open_request<Amount>>(&o.request);
    if (o.parts.empty() || (opened != nullptr && (o.parts.size() != 1 || o.parts[0].pool != opened->pool))) {
        return fail(errc::corrupt, "an operation without the part that belongs to it");
    }
    return success();
}

}  // namespace detail

}}  // namespace jackpot::v1

#endif
