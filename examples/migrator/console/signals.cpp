// SPDX-License-Identifier: BSL-1.0
#include "signals.hpp"

#include "../verbs/verb.hpp"
#include "answer.hpp"

#include <csignal>
#include <thread>
#include <unistd.h>

namespace migrator {

namespace {

std::atomic<int> came = 0;

/// Waits until nothing is there that is not to be broken, or another signal comes.
void wait_for_steps(const sigset_t& signals) {
    constexpr timespec pause{0, 20'000'000};
    while (unbroken_count != 0 && sigtimedwait(&signals, nullptr, &pause) < 0) {
    }
}

[[noreturn]] void wait_for_signals(sigset_t signals) {
    for (;;) {
        int signal = 0;
        sigwait(&signals, &signal);
        came = signal;
        wait_for_steps(signals);
        // Where the terminal takes nothing more, one more signal ends the program without a word.
        for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
            std::signal(each, SIG_DFL);
        }
        pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
        if (answer::given().end_by(signal)) {
            ::_exit(exit_signal + signal);
        }
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    }
}

}  // namespace

void listen_for_signals() {
    static bool listens = false;
    if (std::exchange(listens, true)) {
        return;
    }
    sigset_t signals;
    sigemptyset(&signals);
    for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now {};
        sigaction(each, nullptr, &now);
        // A shell ignores SIGINT for what it starts in the background, and somebody sends it all the same.
        if (now.sa_handler == SIG_IGN && each == SIGHUP) {
            continue;
        }
        std::signal(each, SIG_DFL);
        sigaddset(&signals, each);
    }
    // Threads that begin later block them, too: this one alone hears of them.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread(wait_for_signals, signals).detach();
}

std::string_view name_of(int signal) noexcept {
    return signal == SIGINT ? "SIGINT" : signal == SIGTERM ? "SIGTERM" : "SIGHUP";
}

int signal_that_came() noexcept {
    return came;
}

bool interrupted() {
    return came != 0;
}

}  // namespace migrator
