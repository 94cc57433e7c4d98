// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_TROUBLE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_TROUBLE_HPP

#include "printable.hpp"

#include <jackpot/core/error.hpp>

#include <string>

namespace migrator {

// STORE in a remedy is the store that the command named: what is shown of its URL would not reach it.

/// Of rows and journal that do not agree.
inline constexpr const char* repair_remedy =
    "stop the writers, then: migrator repair STORE --from-journal, or --adopt where the rows are right";

/// Of a journal that is not sound: `rollback` would build on it.
inline constexpr const char* journal_remedy =
    "what the journal says cannot be repaired: begin a new store with a backup: "
    "migrator migrate --from BACKUP.json --to NEW";

/// Of a cut-over that failed. Nobody can open both by this.
inline constexpr const char* cut_over_remedy =
    "; both stores are sealed, and clients wait: the same command goes on with the cut-over; to give it up, "
    "and "
    "go on with the source: migrator seal SOURCE --off --other TARGET";

/// Of a target that holds a part of the copy, or one that was not compared.
inline constexpr const char* target_remedy =
    "; the target is sealed, and takes changes once the copy is complete and was compared";

/// Of a store that is busy with others.
inline constexpr const char* load_remedy =
    "run it with --batch-size=50 --max-retries=5; where programs share the store, give each its own "
    "connections: JACKPOT_CONNECTION_POOL_SIZE=5";

/// What a person is told of an error, and what to do about it.
struct trouble {
    std::string what;
    std::string remedy;
    std::string said{};  ///< the engine's words, where `what` does not hold them

    /// The lines below what went wrong.
    [[nodiscard]] std::string advice() const {
        return (said.empty() ? "" : "   Said: " + printable(said) + "\n") +
               "   Remedy: " + printable(remedy) + "\n";
    }
};

/// The error in one line.
[[nodiscard]] std::string words_of(const jackpot::error& e);

/// Why a store could not be reached. `shown` is its URL without the password.
[[nodiscard]] trouble connection_trouble(const jackpot::error& e, const std::string& shown);

/// What is wrong with a store that was, or with what was asked of it.
[[nodiscard]] trouble store_trouble(const jackpot::error& e);

/// Why a file could not be read, in the words of `read_file`.
[[nodiscard]] trouble reading_trouble(const std::string& why);

/// Why rollback data were not taken, in the words of `read_rollback_data`.
[[nodiscard]] trouble data_trouble(const std::string& why);

/// Why pools of the Node service were not taken.
[[nodiscard]] trouble import_trouble(const std::string& why);

/// Why a file could not be written, in the words of `write_file`; the flag that names another place for it.
[[nodiscard]] trouble writing_trouble(const std::string& why, const std::string& flag);

/// What ended a verb: a line that begins with `verdict`, and the exit code.
struct ending {
    std::string verdict;
    trouble why;
    int code;
};

/// Engines list no table that a role may not read: where all are missing, the error of reading one, if that
/// is what it may not.
[[nodiscard]] jackpot::error with_rights(const std::string& url, const jackpot::error& e);

/// Why that store could not be opened; `verdict` where it could be reached.
[[nodiscard]] ending not_opened(const std::string& verdict, const std::string& url,
                                const jackpot::error& why);

/// Prints what ended a verb, and returns its exit code.
int tell(const ending& end);

}  // namespace migrator

#endif
