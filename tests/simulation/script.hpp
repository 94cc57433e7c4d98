// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_SCRIPT_HPP
#define JACKPOT_TESTS_SIMULATION_SCRIPT_HPP

#include <jackpot/core/environment.hpp>

#include <array>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace simulation {

/// What becomes of a call to a store.
enum class fate : std::uint8_t {
    done,          ///< it takes effect and is answered at once,
    slow,          ///< or is answered only when its thread runs again
    lost_request,  ///< unavailable, and it never takes effect;
    late,          ///< or perhaps later, if it is a commit
    lost_answer,   ///< it takes effect, and the answer is unavailable
    stale,         ///< a read is answered by the standby
    busy,          ///< a commit is a conflict, for no reason that the caller can see
    denied,        ///< permission_denied, corrupt, out_of_memory and amount_overflow, without effect
    corrupt,
    no_memory,
    too_large,
};
inline constexpr std::array<std::string_view, 11> fate_names{
    "done", "slow",   "lost-request", "late",      "lost-answer", "stale",
    "busy", "denied", "corrupt",      "no-memory", "too-large"};

enum class verb : std::uint8_t {
    run,   ///< thread `who` goes on: its call meets its fate, or, idle, it begins something drawn from `draw`
    land,  ///< a late commit arrives
    kill,  ///< process `who` dies
    catch_up,   ///< the standby takes more of the journal
    fail_over,  ///< the standby takes the place of the store
    clock,      ///< the clock of process `who` is put forward or back
    pause,      ///< thread `who` does not run for a while
};
inline constexpr std::array<std::string_view, 7> verb_names{"run",       "land",  "kill", "catch-up",
                                                            "fail-over", "clock", "pause"};

/// One line of a script. Each stands alone: without the others it means the same, or nothing.
struct step {
    verb what = verb::run;
    std::uint8_t who = 0;
    simulation::fate fate = fate::done;
    std::uint32_t draw = 0;
};

/// A history: the seed that a world is made of, and what happens in it.
struct script {
    std::uint64_t world = 0;
    std::vector<step> steps{};
};

inline std::ostream& operator<<(std::ostream& out, const step& s) {
    out << verb_names[std::size_t(s.what)] << ' ' << unsigned(s.who) << ' ' << fate_names[std::size_t(s.fate)]
        << ' ' << s.draw;
    return out;
}
inline std::ostream& operator<<(std::ostream& out, const script& s) {
    out << "world " << s.world << '\n';
    for (const step& each : s.steps) {
        out << each << '\n';
    }
    return out;
}

template <std::size_t N>
[[nodiscard]] bool read_word(std::istream& in, const std::array<std::string_view, N>& words,
                             std::size_t& at) {
    std::string word;
    in >> word;
    for (at = 0; at < N; ++at) {
        if (words[at] == word) {
            return true;
        }
    }
    return false;
}

/// Lines that begin with # or are empty say nothing. False where another line is no step.
[[nodiscard]] inline bool read_script(std::istream& in, script& s) {
    std::string line;
    while (std::getline(in, line)) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        std::istringstream words(line);
        if (line.rfind("world ", 0) == 0) {
            std::string word;
            words >> word >> s.world;
            continue;
        }
        std::size_t what = 0;
        std::size_t fate_at = 0;
        unsigned who = 0;
        step next;
        if (!read_word(words, verb_names, what) || !(words >> who) ||
            !read_word(words, fate_names, fate_at) || !(words >> next.draw)) {
            std::cerr << "no step: " << line << '\n';
            return false;
        }
        next.what = static_cast<verb>(what);
        next.who = static_cast<std::uint8_t>(who);
        next.fate = static_cast<fate>(fate_at);
        s.steps.push_back(next);
    }
    return true;
}

/// Numbers from a seed, the same on every platform.
class dice {
public:
    explicit dice(std::uint64_t seed) noexcept : world_(seed) {}
    [[nodiscard]] std::uint64_t any() noexcept { return world_.random(); }
    [[nodiscard]] std::size_t below(std::size_t bound) noexcept {
        return std::size_t(world_.random() % bound);
    }
    [[nodiscard]] bool one_in(std::size_t n) noexcept { return below(n) == 0; }
    [[nodiscard]] bool percent(std::size_t p) noexcept { return below(100) < p; }
    template <class T, std::size_t N>
    [[nodiscard]] T one_of(const T (&items)[N]) noexcept {
        return items[below(N)];
    }

private:
    jackpot::seeded_environment world_;
};

}  // namespace simulation

#endif
