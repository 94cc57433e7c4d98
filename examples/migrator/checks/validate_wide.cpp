// SPDX-License-Identifier: BSL-1.0
#include "store_checks.hpp"

#include <jackpot/wide.hpp>

namespace migrator {

void validate_wide_store(const validation_options& o, const jackpot::sql::schema_state& state,
                         validation& result) {
    validate_store<jackpot::wide_amount>(o, state, result);
}

}  // namespace migrator
