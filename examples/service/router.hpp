// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_ROUTER_HPP
#define SERVICE_ROUTER_HPP

#include "tokens.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// What a path and a method ask for.
enum class endpoint : std::uint8_t {
    pools,
    pool,
    contribute,
    batch,
    win,
    hold,
    confirm,
    release,
    revert,
    statistics,
    game,
    holds,
    history,
    open,
    configure,
    suspend,
    resume,
    adjust,
    transfer,
    close,
    seal,
    unseal,
    events,
    health,
    health_database,
    health_jackpot,
    livez,
    readyz,
    metrics,
    file,
};

struct route {
    std::string_view method;
    std::string_view path;  ///< a segment {…} stands for any one
    endpoint to;
    scope needs = scope::none;
    int success = 200;
};

/// Every route, also for metrics. Files stand behind all others.
[[nodiscard]] std::span<const route> routes();

struct query_field {
    std::string name;
    std::string value;
};

struct match {
    const route* to = nullptr;
    std::string segment{};             ///< what stands for {…}, decoded
    std::vector<query_field> query{};  ///< decoded, each name once
    std::string_view wrong{};          ///< a problem's code where there is no route
    std::string allow{};               ///< the methods that the path takes
};

/// HEAD is GET. OPTIONS has no route and no problem: `allow` is its answer.
[[nodiscard]] match find_route(std::string_view method, std::string_view target);

/// %XX decoded; none where it is no UTF-8 text, a byte is no digit, or a control character comes out.
[[nodiscard]] std::optional<std::string> decode(std::string_view text);
/// What is neither a letter, a digit nor -._~ as %XX.
[[nodiscard]] std::string encode(std::string_view text);

}  // namespace service

#endif
