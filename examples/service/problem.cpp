// SPDX-License-Identifier: BSL-1.0
#include "problem.hpp"

#include <nlohmann/json.hpp>

namespace service {

namespace {

struct answer {
    int status;
    int retry_after_s;
};

/// The one table from the library's errors to HTTP. Without a default: a new error is a compiler's warning.
answer answer_to(jackpot::errc code) {
    using jackpot::errc;
    switch (code) {
        case errc::invalid_key:
            return {400, 0};
        case errc::pool_exists:
        case errc::pool_suspended:
        case errc::pool_active:
        case errc::pool_empty:
        case errc::amount_exceeds_pool:
        case errc::cap_below_current:
        case errc::cap_exceeded:
        case errc::changes_locked:
        case errc::pool_closed:
        case errc::pool_held:
        case errc::pool_not_empty:
        case errc::amount_exceeds_seed:
        case errc::hold_exists:
        case errc::too_many_holds:
            return {409, 0};
        case errc::invalid_operation:
        case errc::invalid_pool:
        case errc::invalid_game:
        case errc::invalid_player:
        case errc::invalid_actor:
        case errc::invalid_reason:
        case errc::invalid_wager:
        case errc::invalid_amount:
        case errc::invalid_seed:
        case errc::invalid_cap:
        case errc::invalid_rate:
        case errc::invalid_rounding:
        case errc::invalid_on_cap:
        case errc::invalid_min_wager:
        case errc::invalid_when:
        case errc::empty_configuration:
        case errc::unknown_pool:
        case errc::amount_overflow:
        case errc::key_conflict:
        case errc::invalid_max_wager:
        case errc::invalid_seed_rate:
        case errc::invalid_reserve_cap:
        case errc::invalid_seed_from:
        case errc::invalid_changes:
        case errc::invalid_round:
        case errc::invalid_site:
        case errc::invalid_hold:
        case errc::invalid_to:
        case errc::wager_too_large:
        case errc::unknown_hold:
        case errc::unknown_wager:
            return {422, 0};
        case errc::conflict:
        case errc::unavailable:
        case errc::overloaded:
        case errc::cancelled:
            return {503, 1};
        case errc::store_sealed:
            return {503, 30};
        case errc::diverged:
        case errc::corrupt:
        case errc::schema_mismatch:
        case errc::permission_denied:
        case errc::out_of_memory:
        case errc::unsupported:
            return {500, 0};
    }
    return {500, 0};
}

struct own_problem {
    std::string_view code;
    int status;
    std::string_view title;
    int retry_after_s = 0;
};

constexpr own_problem own_problems[] = {
    {"bad_request", 400, "this is no HTTP/1.1 request that this server takes"},
    {"malformed_json", 400, "the body is no JSON text in UTF-8, or is nested too deep"},
    {"invalid_type", 400, "a field has a value of another type"},
    {"missing_field", 400, "a field is missing"},
    {"unknown_field", 400, "there is no such field"},
    {"duplicate_field", 400, "a field stands in an object twice"},
    {"bad_query", 400, "the query has a name or a value that this resource does not take"},
    {"missing_key", 400, "this server wants an Idempotency-Key"},
    {"unauthorized", 401, "there is no token, or none that this server knows"},
    {"forbidden", 403, "the token does not have the scope for that"},
    {"not_found", 404, "there is nothing at this path"},
    {"method_not_allowed", 405, "this resource does not take this method"},
    {"not_acceptable", 406, "none of the types that Accept names can be had"},
    {"request_timeout", 408, "the request did not come in time"},
    {"precondition_failed", 412, "the pool has another version than If-Match names"},
    {"payload_too_large", 413, "the body is too large"},
    {"uri_too_long", 414, "the request line is too long"},
    {"unsupported_media_type", 415, "the body is to be application/json in UTF-8, not encoded"},
    {"expectation_failed", 417, "the only expectation that can be met is 100-continue"},
    {"headers_too_large", 431, "the header has too many fields, or is too long"},
    {"internal", 500, "the service failed in a way that it never should"},
    {"draining", 503, "this server is about to end", 5},
    {"too_many_streams", 503, "there are as many listeners as this server takes", 5},
};

}  // namespace

problem problem_of(const jackpot::error& e, bool pool_in_path) {
    auto [status, retry_after_s] = answer_to(e.code);
    if (pool_in_path && e.code == jackpot::errc::unknown_pool) {
        status = 404;
    }
    problem p{status, to_string(e.code), jackpot::detail::facts(e.code).meaning,
              {},     e.retryable(),     retry_after_s};
    if (e.code == jackpot::errc::unavailable) {
        p.detail = "perhaps it was committed: send it again with its key";
    } else if (e.kind() == jackpot::category::rejected) {
        p.detail = e.detail.view();
    }
    return p;
}

problem problem_of(std::string_view code, std::string detail) {
    for (const auto& own : own_problems) {
        if (own.code == code) {
            return {own.status, own.code, own.title, std::move(detail), own.status == 503, own.retry_after_s};
        }
    }
    return problem_of("internal");
}

std::string to_json(const problem& p, std::string_view request_id) {
    nlohmann::ordered_json body{{"type", "/problems/" + std::string(p.code)},
                                {"title", p.title},
                                {"status", p.status},
                                {"detail", p.detail},
                                {"code", p.code},
                                {"retryable", p.retryable},
                                {"requestId", request_id}};
    // A detail is a client's text: whatever its bytes are, the answer is UTF-8.
    return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace service
