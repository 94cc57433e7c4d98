// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_SYSTEM_HPP
#define JACKPOT_CORE_SYSTEM_HPP

#include <jackpot/core/config.hpp>
#include <jackpot/core/environment.hpp>

#include <time.h>

// What glibc has of these costs a program nothing to include; <chrono>, <random> and <thread> a quarter of
// all that it includes from here. Elsewhere getentropy is in another header, or is not for programs of a
// store.
#if defined(__GLIBC__)
#include <cerrno>
#include <sys/random.h>
#else
#include <chrono>
#include <random>
#include <thread>
#endif

namespace jackpot { inline namespace v1 {

/// The operating system's clock, sleep and entropy.
class system_environment {
public:
#if defined(__GLIBC__)
    timestamp now() noexcept {
        timespec at{};
        static_cast<void>(::clock_gettime(CLOCK_REALTIME, &at));
        return timestamp(at.tv_sec) * 1'000'000 + at.tv_nsec / 1000;
    }
    void sleep(std::int64_t microseconds) {
        timespec left{};
        left.tv_sec = static_cast<time_t>(microseconds / 1'000'000);
        left.tv_nsec = static_cast<long>(microseconds % 1'000'000 * 1000);
        while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
        }
    }
    std::uint64_t random() {
        std::uint64_t drawn = 0;
        if (::getentropy(&drawn, sizeof drawn) != 0) {
            JACKPOT_ABORT();  // an identity that is not random could be another store's
        }
        return drawn;
    }
#else
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
#endif
};

static_assert(environment<system_environment>);

}}  // namespace jackpot::v1

#endif
