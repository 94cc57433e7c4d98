// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_VERB_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_VERB_HPP

#include "../console/printable.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <string>

// What the verbs have in common. Each has a file of its own, which adds its flags to the command line and,
// where they are asked for, sets what is to be done.

namespace migrator {

inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_unreachable = 3;  // the store could not be reached: nothing was looked at
inline constexpr int exit_signal = 128;     // and the number of the signal that ended it

inline constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 failed, 2 usage, 3 a store could not be reached.";

using action = std::function<int()>;

void add_backup(CLI::App& app, action& chosen);
void add_cut_over(CLI::App& app, action& chosen);
void add_generate(CLI::App& app, action& chosen);
void add_history(CLI::App& app, action& chosen);
void add_manual(CLI::App& app, action& chosen);
void add_migrate(CLI::App& app, action& chosen);
void add_repair(CLI::App& app, action& chosen);
void add_report(CLI::App& app, action& chosen);
void add_rollback(CLI::App& app, action& chosen);
void add_seal(CLI::App& app, action& chosen);
void add_schema(CLI::App& app, action& chosen);
void add_statement(CLI::App& app, action& chosen);
void add_status(CLI::App& app, action& chosen);
void add_validate(CLI::App& app, action& chosen);

/// The store that a verb is about: an argument, or else the environment's.
void add_store(CLI::App& verb, std::string& store);

/// For verbs that ask at a terminal.
void add_yes(CLI::App& verb, bool& yes);

/// For verbs that somebody else may be at work with.
void add_break_lock(CLI::App& verb, bool& break_lock);

/// Has a signal come that is to end the program? See signals.hpp.
[[nodiscard]] bool interrupted();

struct range {
    std::uint64_t least;
    std::uint64_t most;
};

/// A URL that is not to be seen on the command line: @FILE stands for what is in the file.
[[nodiscard]] CLI::Validator from_file();

/// For actors and reasons: what is wrong with the text, or nothing.
[[nodiscard]] std::string check_name(const std::string& text);

/// CLI11's own conversion takes 010 for 8, and cuts what does not fit.
[[nodiscard]] CLI::Validator whole_number(range allowed);

}  // namespace migrator

#endif
