// SPDX-License-Identifier: BSL-1.0
#include "store_checks.hpp"

template void migrator::validate_store<std::int64_t>(const validation_options&,
                                                     const jackpot::sql::schema_state&, validation&);
