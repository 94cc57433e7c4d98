// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_SHRINK_HPP
#define JACKPOT_TESTS_SIMULATION_SHRINK_HPP

#include "scenes.hpp"

#include <algorithm>

namespace simulation {

/// The first words of what is wrong: numbers change while a history shrinks.
[[nodiscard]] inline std::string kind_of_wrong(const std::string& wrong) {
    return wrong.substr(0, wrong.find_first_of(",:0123456789"));
}

/// Leaves out steps, in ever smaller pieces, as long as the same thing goes wrong; then makes the fates that
/// are not needed plain ones.
[[nodiscard]] inline script shrink(script s, const std::string& wrong) {
    const std::string kind = kind_of_wrong(wrong);
    const auto fails = [&](const script& tried) { return kind_of_wrong(play(tried).wrong) == kind; };
    for (std::size_t piece = (std::max)(s.steps.size() / 2, std::size_t(1));;) {
        bool shorter = false;
        for (std::size_t at = 0; at < s.steps.size();) {
            script tried = s;
            const auto first = tried.steps.begin() + std::ptrdiff_t(at);
            tried.steps.erase(first, first + std::ptrdiff_t((std::min)(piece, s.steps.size() - at)));
            if (fails(tried)) {
                s = std::move(tried);
                shorter = true;
            } else {
                at += piece;
            }
        }
        if (piece == 1 && !shorter) {
            break;
        }
        piece = (std::max)(piece / 2, std::size_t(1));
    }
    for (step& each : s.steps) {
        const step before = each;
        each.fate = fate::done;
        if (before.fate != fate::done && !fails(s)) {
            each = before;
        }
    }
    return s;
}

}  // namespace simulation

#endif
