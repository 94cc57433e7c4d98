// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_OPERATION_HPP
#define JACKPOT_CORE_OPERATION_HPP

#include <jackpot/core/list.hpp>
#include <jackpot/core/pool.hpp>

#include <variant>

namespace jackpot { inline namespace v1 {

// A request is what a caller asks for; the journal keeps it, normalised, in the operation it led to.
// Fields stand in the order in which they are checked; only the key, last here, is checked first.

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

/// A wager in a game that the caller has resolved (see `network::resolve_game`); it feeds every active pool
/// that the game does.
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

/// When a patch takes effect; `discard` drops the one that waits.
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

/// Returns pools to what they were at `returned_to`. `states` are those pools; the journal does not
/// keep them here (each part holds the whole state that it left), so they do not count when compared.
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

/// Stands for every operation up to its sequence. Only stores write one.
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
[[nodiscard]] constexpr std::optional<when> parse_when(std::string_view text) noexcept {
    return detail::unspell<when>(text, detail::when_names);
}
[[nodiscard]] constexpr std::string_view to_string(operation_kind k) noexcept {
    return detail::spell(k, detail::kind_names);
}
[[nodiscard]] constexpr std::optional<operation_kind> parse_operation_kind(std::string_view text) noexcept {
    return detail::unspell<operation_kind>(text, detail::kind_names);
}

template <amount Amount>
[[nodiscard]] operation_kind kind_of(const basic_request<Amount>& request) noexcept {
    return static_cast<operation_kind>(request.index());
}

/// The key that a request carries, or null.
template <amount Amount>
[[nodiscard]] const name* key_of(const basic_request<Amount>& request) noexcept {
    return std::visit(
        [](const auto& r) -> const name* {
            if constexpr (requires { r.key; }) {
                return r.key ? &*r.key : nullptr;
            } else {
                return nullptr;
            }
        },
        request);
}

/// What an operation did to one pool. Amounts that the operation's kind does not name are 0.
template <amount Amount>
struct basic_part {
    name pool{};
    std::uint64_t version = 0;  ///< after the operation, as are the next three
    std::uint32_t carry = 0;
    Amount current{};
    Amount overflow{};
    Amount to_pool{};        ///< contributed: of the credit, what the pool took,
    Amount to_overflow{};    ///< what was set aside,
    Amount forgone{};        ///< and what was not taken
    Amount paid{};           ///< won: what left the pool,
    Amount from_house{};     ///< and what the house put in, up to the seed
    Amount from_overflow{};  ///< won, configured, adjusted: what flowed in from the overflow
    std::shared_ptr<const basic_pool<Amount>> state{};  ///< restored, checkpoint: the whole state, after

    friend bool operator==(const basic_part& a, const basic_part& b) {
        return a.pool == b.pool && a.version == b.version && a.carry == b.carry && a.current == b.current &&
               a.overflow == b.overflow && a.to_pool == b.to_pool && a.to_overflow == b.to_overflow &&
               a.forgone == b.forgone && a.paid == b.paid && a.from_house == b.from_house &&
               a.from_overflow == b.from_overflow &&
               (a.state == b.state || (a.state && b.state && *a.state == *b.state));
    }
};

template <amount Amount>
using basic_parts = list<basic_part<Amount>, 4>;

/// One entry of a store's journal: what was asked, and what it did to each pool that it changed, in
/// byte order of their names.
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

/// What a caller gets: the operation's parts. One that changed no pool has none, and sequence 0.
template <amount Amount>
struct basic_receipt {
    std::uint64_t sequence = 0;
    timestamp at = 0;
    bool replayed = false;  ///< this is the first receipt again: the key was seen before (R9)
    basic_parts<Amount> parts{};

    /// The contributions to all pools together; the rules refuse a wager whose total would not fit.
    [[nodiscard]] Amount total() const {
        Amount sum{};
        for (const auto& part : parts) {
            sum += part.to_pool + part.to_overflow;
        }
        return sum;
    }
    friend bool operator==(const basic_receipt&, const basic_receipt&) = default;
};

namespace detail {

/// Could the rules have made such parts: pools in order, each once, with amounts in range?
template <amount Amount>
[[nodiscard]] expected<void> check_parts(const basic_operation<Amount>& o) {
    const bool whole = o.kind() == operation_kind::restored || o.kind() == operation_kind::checkpoint;
    const basic_part<Amount>* before = nullptr;
    for (const auto& part : o.parts) {
        if (before != nullptr && !(before->pool < part.pool)) {
            return fail(errc::corrupt, part.pool, "the operation's parts are not in order");
        }
        before = &part;
        for (const Amount* value : {&part.current, &part.overflow, &part.to_pool, &part.to_overflow,
                                    &part.forgone, &part.paid, &part.from_house, &part.from_overflow}) {
            if (*value < 0 || !in_range(*value)) {
                return fail(errc::corrupt, part.pool, "an amount of the operation is out of range");
            }
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

using open_request = basic_open_request<std::int64_t>;
using contribute_request = basic_contribute_request<std::int64_t>;
using wager = basic_wager<std::int64_t>;
using win_request = basic_win_request<std::int64_t>;
using configure_request = basic_configure_request<std::int64_t>;
using adjust_request = basic_adjust_request<std::int64_t>;
using restore_request = basic_restore_request<std::int64_t>;
using operation = basic_operation<std::int64_t>;
using receipt = basic_receipt<std::int64_t>;

}}  // namespace jackpot::v1

#endif
