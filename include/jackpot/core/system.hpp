// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_SYSTEM_HPP
#define JACKPOT_CORE_SYSTEM_HPP

#include <jackpot/core/environment.hpp>

#include <chrono>
#include <random>
#include <thread>

namespace jackpot { inline namespace v1 {

/// The operating system's clock, sleep and entropy.
class system_environment {
public:
    timestamp now() noexcept {
        using namespace std::chrono;
        return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
    }
    void sleep(std::int64_t microseconds) {
        std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    }
    std::uint64_t random() {
        std::random_device entropy;
        return (std::uint64_t(entropy()) << 32) | entropy();
    }
};

static_assert(environment<system_environment>);

}}  // namespace jackpot::v1

#endif
