// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_STORE_HISTORY_HPP
#define JACKPOT_STORE_HISTORY_HPP

#include <jackpot/core/operation.hpp>

#include <limits>

namespace jackpot { inline namespace v1 {

/// Says which operations to read: those between two sequences that match every field that is set, the oldest
/// first or the newest. To go on, name the sequence of the last one read: in `after`, or, newest first, in
/// `before`.
struct history_query {
    std::uint64_t after = 0;
    std::size_t limit = 1000;  ///< how many matching operations to read at most
    std::optional<name> pool{};
    std::optional<operation_kind> kind{};
    std::optional<name> game{};
    std::optional<name> player{};  ///< who wagered, won, or has the win held
    std::optional<name> round{};
    std::optional<name> site{};
    std::optional<timestamp> from{};  ///< not before this time,
    std::optional<timestamp> to{};    ///< and not after this one
    std::uint64_t before = (std::numeric_limits<std::uint64_t>::max)();
    bool newest_first = false;
};

namespace detail {

/// The name, or null where it is optional and not there.
template <class Value>
[[nodiscard]] const name* address_of(const Value& value) noexcept {
    if constexpr (std::is_same_v<Value, name>) {
        return &value;
    } else {
        return value ? &*value : nullptr;
    }
}

}  // namespace detail

// The names in an operation's request, each null where it names none.

template <amount Amount>
[[nodiscard]] const name* game_of(const basic_request<Amount>& request) noexcept {
    return detail::visit_request(
        [](const auto& r) -> const name* {
            if constexpr (requires { r.game; }) {
                return &r.game;
            } else {
                return nullptr;
            }
        },
        request);
}
template <amount Amount>
[[nodiscard]] const name* player_of(const basic_request<Amount>& request) noexcept {
    return detail::visit_request(
        [](const auto& r) -> const name* {
            if constexpr (requires { r.player; }) {
                return detail::address_of(r.player);
            } else {
                return nullptr;
            }
        },
        request);
}
template <amount Amount>
[[nodiscard]] const name* round_of(const basic_request<Amount>& request) noexcept {
    return detail::visit_request(
        [](const auto& r) -> const name* {
            if constexpr (requires { r.round; }) {
                return detail::address_of(r.round);
            } else {
                return nullptr;
            }
        },
        request);
}
template <amount Amount>
[[nodiscard]] const name* site_of(const basic_request<Amount>& request) noexcept {
    return detail::visit_request(
        [](const auto& r) -> const name* {
            if constexpr (requires { r.site; }) {
                return detail::address_of(r.site);
            } else {
                return nullptr;
            }
        },
        request);
}

/// True where the operation matches every field that is set, the times and sequences too. Only the limit and
/// the order do not count.
template <amount Amount>
[[nodiscard]] bool matches(const history_query& q, const basic_operation<Amount>& o) noexcept {
    const auto is = [](const std::optional<name>& wanted, const name* found) {
        return !wanted || (found != nullptr && *found == *wanted);
    };
    return o.sequence > q.after && o.sequence < q.before && (!q.kind || o.kind() == *q.kind) &&
           (!q.from || o.at >= *q.from) && (!q.to || o.at <= *q.to) &&
           is(q.game, game_of<Amount>(o.request)) && is(q.player, player_of<Amount>(o.request)) &&
           is(q.round, round_of<Amount>(o.request)) && is(q.site, site_of<Amount>(o.request)) &&
           (!q.pool || std::any_of(o.parts.begin(), o.parts.end(),
                                   [&](const auto& part) { return part.pool == *q.pool; }));
}

JACKPOT_INSTANCE(bool matches(const history_query&, const basic_operation<std::int64_t>&) noexcept);

}}  // namespace jackpot::v1

#endif
