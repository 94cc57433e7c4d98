// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CHECKS_CRITERIA_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CHECKS_CRITERIA_HPP

#include "validation.hpp"

#include <string_view>
#include <vector>

namespace migrator {

/// Whether a criterion is met, by what was checked here; open where it was not, for only the application can
/// tell.
enum class verdict { met, missed, open };

/// As documents have it.
[[nodiscard]] std::string_view to_string(verdict v) noexcept;

/// One item of the guide's lists.
struct criterion {
    std::string_view list;
    std::string_view what;
    verdict is;
    std::string told;  ///< what it rests on, what is wrong, or what somebody is to do
};

/// The guide's success criteria and its validation checklist, in their order. Each rests on checks that
/// `look` made, by their names, and on those that a verb added; nothing is looked at here.
[[nodiscard]] std::vector<criterion> criteria_of(const validation& v);

/// The check whether the store has those pools, apart by commas, and no others.
[[nodiscard]] check check_pools(const std::string& expected, const std::vector<std::string>& there);

}  // namespace migrator

#endif
