// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_SQL_MIGRATION_HPP
#define JACKPOT_BENCHMARKS_SQL_MIGRATION_HPP

#include "client.hpp"

#include <map>

namespace bench {

/// The microseconds that an operation takes in each stage, by the id of its figure.
using stages = std::map<std::string, double>;

/// Migrates a store of so many operations from memory to PostgreSQL, and from there to both others: each time
/// it is copied, compared and audited.
[[nodiscard]] stages migrate_all(const std::map<std::string, std::string>& servers, source& memory,
                                 std::uint64_t operations);

}  // namespace bench

#endif
