// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_REQUESTS_HPP
#define JACKPOT_C_API_REQUESTS_HPP

#include <jackpot/c_api/values.hpp>

// The library's requests of the caller's. Errors: out_of_memory, of a list that can tell.

namespace jackpot { inline namespace v1 { namespace detail {

[[nodiscard]] inline expected<void> to_request(const jackpot_contribute_request& r, contribute_request& to) {
    to.game = to_name(r.game);
    to.wager = r.wager;
    to.player = to_optional(r.player);
    to.key = to_optional(r.key);
    to.pools.reset();
    return r.has_pools == 0 ? success() : take_list(r.pools, r.pool_count, to.pools.emplace());
}

[[nodiscard]] inline expected<void> to_request(const jackpot_open_request& r, open_request& to) {
    to = {.pool = to_name(r.pool), .key = to_optional(r.key)};
    overlay(to.configuration, to_patch(r.configuration));
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_win_request& r, win_request& to) {
    to = {.pool = to_name(r.pool),
          .game = to_name(r.game),
          .player = to_name(r.player),
          .amount = r.has_amount != 0 ? std::optional(r.amount) : std::nullopt,
          .key = to_optional(r.key)};
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_configure_request& r, configure_request& to) {
    to = {.pool = to_name(r.pool),
          .when = to_enum<when>(r.when),
          .patch = to_patch(r.changes),
          .key = to_optional(r.key)};
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_adjust_request& r, adjust_request& to) {
    to = {.pool = to_name(r.pool),
          .delta = r.delta,
          .actor = to_name(r.actor),
          .reason = to_name(r.reason),
          .key = to_optional(r.key)};
    return success();
}

/// `To` is suspend_request or resume_request.
template <class To>
[[nodiscard]] expected<void> to_request(const jackpot_status_request& r, To& to) {
    to = {.pool = to_name(r.pool), .key = to_optional(r.key)};
    return success();
}

/// Keeps what the request has allocated, where it is of that kind already.
template <class To, class Request>
[[nodiscard]] expected<void> to_request_of(const Request& r, basic_request<std::int64_t>& to) {
    auto* same = std::get_if<To>(&to);
    return to_request(r, same != nullptr ? *same : to.template emplace<To>());
}

}}}  // namespace jackpot::v1::detail

#endif
