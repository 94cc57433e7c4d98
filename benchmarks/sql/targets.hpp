// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_SQL_TARGETS_HPP
#define JACKPOT_BENCHMARKS_SQL_TARGETS_HPP

#include <string_view>

namespace bench {

/// What is compared with what, and what the median of the ratios, ours to the baseline's, is to be.
struct target {
    std::string_view id, what, against, unit;
    char direction;  // '>': at least, '<': at most, ' ': reported only
    double bound;
};

inline constexpr std::string_view per_second = "wagers/s";
inline constexpr std::string_view p99 = "p99, us";

inline constexpr target targets[] = {
    {"sqlite_one", "SQLite, one at a time", "sqlite3, one transaction each", per_second, '>', 0.90},
    {"sqlite_batch_1000", "SQLite, 1000 wagers a commit", "sqlite3, pool row once", per_second, '>', 0.75},
    {"sqlite_group_32", "SQLite, group commit, 32 threads", "sqlite3, one transaction each", per_second, '>',
     8},
    {"postgresql_one", "PostgreSQL, one client", "libpq, one CTE statement", per_second, '>', 0.85},
    {"postgresql_group_8", "PostgreSQL, group commit, 8 threads", "the CTE, 8 clients", per_second, '>', 4},
    {"postgresql_group_8.p99", "the same, p99", "the CTE, 8 clients", p99, '<', 1},
    {"postgresql_group_32", "PostgreSQL, group commit, 32 threads", "the CTE, 1 client", per_second, '>', 8},
    {"postgresql_group_32.p99", "the same, p99", "the CTE, 1 client", p99, '<', 1},
    {"postgresql_processes", "PostgreSQL, 8 processes of 4 threads, one pool", "the CTE, 8 clients",
     per_second, '>', 1},
    {"postgresql_processes.slowest", "the same, the slowest process", "the fastest", "wagers", '>', 0.5},
    {"postgresql_batch_1000", "PostgreSQL, 1000 wagers a commit", "libpq, unnest", per_second, '>', 0.85},
    {"postgresql_replication", "replication into PostgreSQL", "COPY of the same rows", "rows/s", '>', 0.5},
    {"sqlite_replication", "replication into SQLite", "sqlite3, bulk insert of the same rows", "rows/s", '>',
     0.5},
    {"mysql_one", "MariaDB, one client", "libmariadb, one multi-statement trip", per_second, '>', 0.8},
    {"mysql_group_32", "MariaDB, group commit, 32 threads", "libmariadb, 4 round trips", per_second, '>', 14},
    {"sqlite_growth", "SQLite, an unkeyed wager in a long journal", "in one of 10^4", "us", '<', 1.2},
    {"sqlite_growth_keyed", "the same, keyed", "in one of 10^4", "us", ' ', 0},
    {"postgresql_growth", "PostgreSQL, an unkeyed wager in a long journal", "in one of 10^4", "us", '<', 1.2},
    {"postgresql_growth_keyed", "the same, keyed", "in one of 10^4", "us", ' ', 0},
    {"mysql_growth", "MariaDB, an unkeyed wager in a long journal", "in one of 10^4", "us", '<', 1.2},
    {"mysql_growth_keyed", "the same, keyed", "in one of 10^4", "us", ' ', 0},
};

}  // namespace bench

#endif
