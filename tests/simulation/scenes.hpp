// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_SCENES_HPP
#define JACKPOT_TESTS_SIMULATION_SCENES_HPP

#include "script.hpp"

#include <string>

namespace simulation {

struct outcome {
    std::string wrong{};        ///< what does not hold; nothing where all does
    std::size_t steps = 0;      ///< that were played
    std::uint64_t answers = 0;  ///< that callers got
    std::uint64_t journal = 0;  ///< operations in the first store's
};

/// Plays a script in a world of its own, until something does not hold.
/// `story`: where it tells what happens.
[[nodiscard]] outcome play(const script& s, std::ostream* story = nullptr);

/// The script of so many steps that a seed stands for.
[[nodiscard]] script draw_script(std::uint64_t seed, std::size_t steps);

}  // namespace simulation

#endif
