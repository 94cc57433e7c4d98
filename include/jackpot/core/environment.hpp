// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_ENVIRONMENT_HPP
#define JACKPOT_CORE_ENVIRONMENT_HPP

#include <jackpot/core/pool.hpp>

namespace jackpot { inline namespace v1 {

/// What the library asks of the world: the time, a pause, and randomness (for identities, operation
/// ids and jitter; nothing that decides about money). `system_environment` in system.hpp is the usual
/// model; a host passes its own to replace any of the three.
template <class E>
concept environment = requires(E& e, std::int64_t microseconds) {
    { e.now() } -> std::convertible_to<timestamp>;
    e.sleep(microseconds);
    { e.random() } -> std::convertible_to<std::uint64_t>;
};

/// A world made from a seed: the same seed gives the same times, identities and ids, so that a run can
/// be repeated byte for byte. The clock moves by `tick` at each look, and by what was slept.
class seeded_environment {
public:
    explicit seeded_environment(std::uint64_t seed, timestamp start = 1'750'000'000'000'000,
                                std::int64_t tick = 1000) noexcept
        : state_(seed), now_(start), tick_(tick) {}

    timestamp now() noexcept { return now_ += tick_; }
    void sleep(std::int64_t microseconds) noexcept { now_ += microseconds; }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    std::uint64_t random() noexcept {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t state_;
    timestamp now_;
    std::int64_t tick_;
};

static_assert(environment<seeded_environment>);

}}  // namespace jackpot::v1

#endif
