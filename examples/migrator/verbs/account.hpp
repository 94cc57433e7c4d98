// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_ACCOUNT_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_ACCOUNT_HPP

#include "../checks/criteria.hpp"

#include <utility>

namespace migrator {

/// How a meter went over the journal, in points of a picture; y counts downward.
struct plot {
    static constexpr int width = 600;
    static constexpr int height = 120;

    std::string least{};
    std::string most{};
    std::vector<std::pair<int, int>> points{};
};

struct pool_account {
    std::string pool;
    std::string status;
    std::string current;
    std::string seed;
    std::string cap;
    std::string rate;
    std::string contributions;
    std::string wins;
    std::uint64_t wager_count = 0;
    std::uint64_t win_count = 0;
    std::uint64_t version = 0;
    std::string there{};  ///< what the other store has as current; "none" where it has no such pool
    plot course{};
};

/// What a change ticket is to say of a store.
struct account {
    std::string store;
    std::string against{};
    std::string at{};
    std::string amounts{};
    bool sealed = false;
    std::uint64_t sequence = 0;
    std::uint64_t there_sequence = 0;
    std::vector<pool_account> pools{};
    validation checked{};
    std::vector<criterion> criteria{};

    [[nodiscard]] bool ok() const {
        return std::none_of(criteria.begin(), criteria.end(),
                            [](const criterion& c) { return c.is == verdict::missed; });
    }
};

/// Reads the pools of the store, and of the other one, and how each meter went. Its memory is bounded,
/// however long the journal is. Errors: the stores'.
[[nodiscard]] jackpot::expected<void> read_account(const std::string& url, const std::string& against,
                                                   account& a);

/// One page that asks for nothing else: no script, no file of another place.
[[nodiscard]] std::string page_of(const account& a);

}  // namespace migrator

#endif
