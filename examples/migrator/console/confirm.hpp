// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_CONFIRM_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_CONFIRM_HPP

#include "printable.hpp"

#include <iostream>
#include <string>
#include <unistd.h>

namespace migrator {

/// Why nothing is done where a person did not say yes, and what helps.
inline constexpr const char* unconfirmed = "it was not confirmed";
inline constexpr const char* unconfirmed_remedy = "answer y, or give --yes";

/// Asks a person at a terminal whether that is to be done; nobody is asked elsewhere, nor where `yes` said
/// so.
[[nodiscard]] inline bool confirm(const std::string& what, bool yes) {
    if (yes || isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) {
        return true;
    }
    emit(stderr, "{}? [y/N] ", what);
    std::fflush(stderr);
    std::string said;
    std::getline(std::cin, said);
    return said == "y" || said == "Y" || said == "yes";
}

}  // namespace migrator

#endif
