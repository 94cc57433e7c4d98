// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_HPP
#define JACKPOT_SOCI_HPP

// Stores in SQL databases, over SOCI. Opt-in: needs exceptions and RTTI, and brings about 2 s of compile
// time. Without CMake: define JACKPOT_SOCI_SQLITE3, JACKPOT_SOCI_POSTGRESQL and JACKPOT_SOCI_MYSQL as you
// need them, the same in every file, and link soci_core, SOCI's backends and their client libraries.
#include <jackpot/soci/storage.hpp>

namespace jackpot { inline namespace v1 {

using soci_storage = basic_soci_storage<std::int64_t>;

static_assert(storage<soci_storage>);
static_assert(exclusive_storage<soci_storage>);
static_assert(rewritable_storage<soci_storage>);
static_assert(limited_storage<soci_storage>);

}}  // namespace jackpot::v1

#endif
