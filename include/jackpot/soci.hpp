// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_HPP
#define JACKPOT_SOCI_HPP

// Stores in SQL databases, over SOCI. Opt-in: needs exceptions and RTTI, and brings about 2 s of compile
// time. Without CMake: define JACKPOT_SOCI_SQLITE3, JACKPOT_SOCI_POSTGRESQL and JACKPOT_SOCI_MYSQL as you
// need them, the same in every file, and link soci_core, SOCI's backends and their client libraries.
#include <jackpot/soci/storage.hpp>

#endif
