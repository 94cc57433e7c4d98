// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_REQUESTS_HPP
#define JACKPOT_C_API_REQUESTS_HPP

#include <jackpot/c_api/values.hpp>
#include <jackpot/store/storage.hpp>

// The library's requests of the caller's. Errors: out_of_memory, of a list that can tell.

namespace jackpot { inline namespace v1 { namespace detail {

/// Who and why, where they are optional.
template <class From, class To>
void take_who(const From& r, To& to) {
    to.actor = to_optional(r.actor);
    to.reason = to_optional(r.reason);
}
template <class From, class To>
void take_where(const From& r, To& to) {
    to.round = to_optional(r.round);
    to.site = to_optional(r.site);
}

[[nodiscard]] inline expected<void> to_request(const jackpot_contribute_request& r, contribute_request& to) {
    to.game = to_name(r.game);
    to.wager = r.wager;
    to.player = to_optional(r.player);
    to.key = to_optional(r.key);
    take_where(r, to);
    to.pools.reset();
    return r.has_pools == 0 ? success() : take_list(r.pools, r.pool_count, to.pools.emplace());
}

[[nodiscard]] inline expected<void> to_request(const jackpot_open_request& r, open_request& to) {
    to = {.pool = to_name(r.pool), .key = to_optional(r.key)};
    overlay(to.configuration, to_patch(r.configuration));
    take_who(r, to);
    return success();
}

/// `From` and `To` are the requests of a win or of a hold.
template <class From, class To>
void take_payout(const From& r, To& to) {
    to = {.pool = to_name(r.pool),
          .game = to_name(r.game),
          .player = to_name(r.player),
          .amount = r.has_amount != 0 ? std::optional(r.amount) : std::nullopt,
          .key = to_optional(r.key)};
    take_where(r, to);
}

[[nodiscard]] inline expected<void> to_request(const jackpot_win_request& r, win_request& to) {
    take_payout(r, to);
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_hold_request& r, hold_request& to) {
    take_payout(r, to);
    to.hold = to_name(r.hold);
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_settle_request& r, confirm_request& to) {
    to = {.pool = to_name(r.pool),
          .hold = to_name(r.hold),
          .actor = to_name(r.actor),
          .reason = to_optional(r.reason),
          .key = to_optional(r.key)};
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_settle_request& r, release_request& to) {
    to = {.pool = to_name(r.pool),
          .hold = to_name(r.hold),
          .actor = to_name(r.actor),
          .reason = to_name(r.reason),
          .key = to_optional(r.key)};
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_configure_request& r, configure_request& to) {
    to = {.pool = to_name(r.pool),
          .when = to_enum<when>(r.when),
          .patch = to_patch(r.changes),
          .key = to_optional(r.key)};
    take_who(r, to);
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
    take_who(r, to);
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_transfer_request& r, transfer_request& to) {
    to = {.from = to_name(r.from),
          .to = to_name(r.to),
          .amount = r.amount,
          .actor = to_name(r.actor),
          .reason = to_name(r.reason),
          .key = to_optional(r.key)};
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_close_request& r, close_request& to) {
    to = {.pool = to_name(r.pool),
          .to = to_optional(r.to),
          .to_house = r.to_house,
          .actor = to_name(r.actor),
          .reason = to_name(r.reason),
          .key = to_optional(r.key)};
    return success();
}

[[nodiscard]] inline expected<void> to_request(const jackpot_revert_request& r, revert_request& to) {
    to = {.reverts = to_name(r.reverts),
          .actor = to_name(r.actor),
          .reason = to_name(r.reason),
          .key = to_optional(r.key)};
    return success();
}

/// Keeps what the request has allocated, where it is of that kind already.
template <class To, class Request>
[[nodiscard]] expected<void> to_request_of(const Request& r, basic_request<std::int64_t>& to) {
    auto* same = std::get_if<To>(&to);
    return to_request(r, same != nullptr ? *same : to.template emplace<To>());
}

/// Errors: invalid_operation, for a kind that there is not; of names, as for the operations that have them.
[[nodiscard]] inline expected<history_query> to_query(const jackpot_history_query& q) {
    history_query to;
    to.after = q.after;
    to.before = q.before == 0 ? to.before : q.before;
    to.limit = q.limit == 0 ? to.limit : to_size(q.limit);
    to.newest_first = q.newest_first != 0;
    if ((q.fields & JACKPOT_QUERY_KIND) != 0) {
        to.kind = to_enum<operation_kind>(q.kind);
    }
    if ((q.fields & JACKPOT_QUERY_FROM) != 0) {
        to.from = q.from;
    }
    if ((q.fields & JACKPOT_QUERY_TO) != 0) {
        to.to = q.to;
    }
    if (to.kind && *to.kind > operation_kind::reverted) {
        return fail(errc::invalid_operation, "kind", amount_traits<std::int64_t>::to_text(q.kind));
    }
    const struct {
        errc invalid;
        std::string_view field;
        const char* from;
        std::optional<name>& to;
    } names[] = {{errc::invalid_pool, "pool", q.pool, to.pool},
                 {errc::invalid_game, "game", q.game, to.game},
                 {errc::invalid_player, "player", q.player, to.player},
                 {errc::invalid_round, "round", q.round, to.round},
                 {errc::invalid_site, "site", q.site, to.site}};
    for (const auto& each : names) {
        each.to = to_optional(each.from);
        if (each.to && !is_valid(*each.to)) {
            return fail(each.invalid, each.field, *each.to);
        }
    }
    return to;
}

}}}  // namespace jackpot::v1::detail

#endif
