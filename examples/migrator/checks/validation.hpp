// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CHECKS_VALIDATION_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CHECKS_VALIDATION_HPP

#include "../console/trouble.hpp"

#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>

#include <algorithm>

namespace migrator {

/// One thing that was looked at, and what is wrong with it; nothing where all is well.
struct step {
    std::string what;
    std::string wrong{};
};

inline constexpr std::string_view identity_step = "jackpot_store: identity";

/// Steps that pass together.
struct check {
    std::string name;    ///< for scripts
    std::string passed;  ///< the words for people, where every step passed
    std::string failed;  ///< and where one did not
    std::vector<step> steps{};
    std::string remedy{};
    std::string said{};

    [[nodiscard]] bool ok() const {
        return std::all_of(steps.begin(), steps.end(), [](const step& s) { return s.wrong.empty(); });
    }
    void fail(std::string what, const trouble& t) {
        steps.push_back({std::move(what), t.what});
        remedy = t.remedy;
        said = t.said;
    }
};

struct validation_options {
    std::string store;
    std::string against{};
    bool schema_only = false;
    bool detailed = false;
};

struct validation {
    std::vector<check> checks{};
    std::vector<std::string> risks{};  ///< to what was acknowledged; no check fails by them
    bool reached = true;
    std::uint64_t contributions = 0;  ///< that the audit counted
    std::uint64_t wins = 0;

    [[nodiscard]] bool ok() const {
        return std::all_of(checks.begin(), checks.end(), [](const check& c) { return c.ok(); });
    }
};

/// Looks at a store, whatever its amounts, and at the one that it is to be equal to.
void look(const validation_options& o, validation& result);

/// Looks at the tables, the rows and the journal of a store of such amounts, and adds what it found.
template <jackpot::amount Amount>
void validate_store(const validation_options& o, const jackpot::sql::schema_state& state, validation& result);

extern template void validate_store<std::int64_t>(const validation_options&,
                                                  const jackpot::sql::schema_state&, validation&);

/// The same for 256-bit amounts, which cost other files their headers.
void validate_wide_store(const validation_options& o, const jackpot::sql::schema_state& state,
                         validation& result);

}  // namespace migrator

#endif
