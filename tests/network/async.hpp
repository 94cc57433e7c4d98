// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_NETWORK_ASYNC_HPP
#define JACKPOT_TESTS_NETWORK_ASYNC_HPP

#include "../support.hpp"

#include <jackpot/network/async_network.hpp>

#include <deque>

namespace test {

/// A request of any kind that is submitted, and what becomes of it.
struct asked : basic_submission<std::int64_t> {
    explicit asked(basic_request<std::int64_t> request)
        : basic_submission<std::int64_t>(wanted, got, &note), wanted(std::move(request)) {}

    static void note(basic_submission<std::int64_t>& s) noexcept {
        auto& self = static_cast<asked&>(s);
        ++self.answers;
        if (self.counted != nullptr) {
            self.place = (*self.counted)++;
        }
    }

    basic_request<std::int64_t> wanted;
    receipt got{};
    int answers = 0;
    std::size_t* counted = nullptr;  // of all that are answered
    std::size_t place = 0;           // among them
};

}  // namespace test

#endif
