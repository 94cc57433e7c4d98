// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_SIGNALS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_SIGNALS_HPP

#include <atomic>
#include <string_view>

namespace migrator {

/// From now on SIGINT, SIGTERM and SIGHUP end the program with its answer, whatever it does, waiting for a
/// server too. A SIGHUP that is ignored (nohup) stays so. To be called before any other thread begins.
void listen_for_signals();

/// As people write it.
[[nodiscard]] std::string_view name_of(int signal) noexcept;

/// The one that came first, or 0.
[[nodiscard]] int signal_that_came() noexcept;

inline std::atomic<int> unbroken_count = 0;

/// While there is one of these, the first signal only asks (`interrupted()`), and the second ends the
/// program: what is begun here is to be done, or to end by itself.
class unbroken {
public:
    unbroken() { ++unbroken_count; }
    ~unbroken() { --unbroken_count; }
    unbroken(const unbroken&) = delete;
    unbroken& operator=(const unbroken&) = delete;
};

}  // namespace migrator

#endif
