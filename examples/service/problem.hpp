// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_PROBLEM_HPP
#define SERVICE_PROBLEM_HPP

#include <jackpot/core/error.hpp>

#include <string>

namespace service {

/// Why a request was refused or failed, as RFC 9457 has it. `code` and `title` live as long as the program.
struct problem {
    int status = 500;
    std::string_view code;
    std::string_view title;
    std::string detail{};  ///< about the client's own input; what an engine says goes to the log alone
    bool retryable = false;
    int retry_after_s = 0;  ///< 0: no `Retry-After`
};

/// The problem that an error of the library is. Where the path names the pool, an unknown one is 404.
[[nodiscard]] problem problem_of(const jackpot::error& e, bool pool_in_path = false);

/// A problem of the service's own, of those in the table of problem.cpp; "internal" for any other code.
[[nodiscard]] problem problem_of(std::string_view code, std::string detail = {});

/// The body: application/problem+json.
[[nodiscard]] std::string to_json(const problem& p, std::string_view request_id);

}  // namespace service

#endif
