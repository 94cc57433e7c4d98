// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_HPP
#define JACKPOT_SOCI_HPP

// Keeps stores in SQL databases, over SOCI. The header needs exceptions and RTTI, and costs several seconds
// of compile time, unless the program links jackpot::soci_compiled. Without CMake: define those of
// JACKPOT_SOCI_SQLITE3, JACKPOT_SOCI_POSTGRESQL and JACKPOT_SOCI_MYSQL that you need, the same in every file,
// and link soci_core, SOCI's backends and their client libraries.
#include <jackpot/soci/storage.hpp>

#endif
