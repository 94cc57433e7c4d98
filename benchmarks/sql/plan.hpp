// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_SQL_PLAN_HPP
#define JACKPOT_BENCHMARKS_SQL_PLAN_HPP

#include "run.hpp"

#include <algorithm>
#include <string_view>

// What is measured, and what it is to come to.

namespace bench {

/// What is compared with what, and what the median of the ratios, ours to the baseline's, is to be.
struct target {
    std::string_view id, what, against, unit;
    char direction;  // '>': at least, '<': at most, ' ': reported only
    double bound;
};

inline constexpr std::string_view per_second = "wagers/s";
inline constexpr std::string_view p99 = "p99, us";
inline constexpr std::string_view one_read = "by hand, one SELECT a table";
inline constexpr std::string_view of_few = "of a tenth as many";

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
    {"sqlite_waiting_1024", "SQLite, 1,024 wagers waiting", "sqlite3, pool row once, 1000 a commit",
     per_second, '>', 0.55},
    {"postgresql_waiting_1024", "PostgreSQL, 1,024 wagers waiting", "libpq, unnest, 1000 a commit",
     per_second, '>', 0.55},
    {"postgresql_waiting_4096", "PostgreSQL, 4,096 wagers waiting", "libpq, unnest, 1000 a commit",
     per_second, '>', 0.7},
    {"postgresql_waiting", "PostgreSQL, 1,024 wagers waiting", "the CTE, 1 client", per_second, '>', 40},
    {"postgresql_waiting_threads.cpu", "the same, processor time of a wager", "shared_network, 1,024 threads",
     "us", '<', 0.4},
    {"postgresql_waiting_few.p99", "PostgreSQL, 64 wagers waiting, p99", "shared_network, 64 threads", p99,
     '<', 1.1},
    {"mysql_waiting_1024", "MariaDB, 1,024 wagers waiting", "libmariadb, VALUES, 1000 a commit", per_second,
     '>', 0.55},
    {"sqlite_growth", "SQLite, an unkeyed wager in a long journal", "in one of 10^4", "us", '<', 1.2},
    {"sqlite_growth_keyed", "the same, keyed", "in one of 10^4", "us", ' ', 0},
    {"postgresql_growth", "PostgreSQL, an unkeyed wager in a long journal", "in one of 10^4", "us", '<', 1.2},
    {"postgresql_growth_keyed", "the same, keyed", "in one of 10^4", "us", ' ', 0},
    {"mysql_growth", "MariaDB, an unkeyed wager in a long journal", "in one of 10^4", "us", '<', 1.2},
    {"mysql_growth_keyed", "the same, keyed", "in one of 10^4", "us", ' ', 0},
    {"sqlite_many_load", "SQLite, all pools of a store of many", one_read, "s", '<', 3},
    {"sqlite_many_commit", "SQLite, CPU of a wager of 1000 a commit, many pools", "3 pools", "us", '<', 1.3},
    {"postgresql_many_load", "PostgreSQL, all pools of a store of many", one_read, "s", '<', 3},
    {"postgresql_many_commit", "PostgreSQL, CPU of a wager of 1000 a commit, many pools", "3 pools", "us",
     '<', 1.3},
    {"mysql_many_load", "MariaDB, all pools of a store of many", one_read, "s", '<', 3},
    {"mysql_many_commit", "MariaDB, CPU of a wager of 1000 a commit, many pools", "3 pools", "us", '<', 1.3},
    {"migration_memory_postgresql_copy", "memory to PostgreSQL, an operation of many", of_few, "us", '<',
     1.2},
    {"migration_memory_postgresql_compare", "the same, compared", of_few, "us", '<', 1.2},
    {"migration_memory_postgresql_audit", "the same, audited", of_few, "us", '<', 1.2},
    {"migration_postgresql_mysql_copy", "PostgreSQL to MariaDB, an operation of many", of_few, "us", '<',
     1.2},
    {"migration_postgresql_mysql_compare", "the same, compared", of_few, "us", '<', 1.2},
    {"migration_postgresql_mysql_audit", "the same, audited", of_few, "us", '<', 1.2},
    {"migration_postgresql_sqlite_copy", "PostgreSQL to SQLite, an operation of many", of_few, "us", '<',
     1.2},
    {"migration_postgresql_sqlite_compare", "the same, compared", of_few, "us", '<', 1.2},
    {"migration_postgresql_sqlite_audit", "the same, audited", of_few, "us", '<', 1.2},
};

/// Null for a point of a curve.
[[nodiscard]] inline const target* target_of(const std::string& id) {
    const auto* t = std::find_if(std::begin(targets), std::end(targets),
                                 [&](const target& each) { return each.id == id; });
    return t == std::end(targets) ? nullptr : t;
}

/// A figure that counts wagers in a fixed time, or a point of a curve.
struct contest {
    std::string id;
    std::string engine;
    load ours;
    load baseline;
    std::string curve{};
    std::uint64_t x = 0;
};

[[nodiscard]] inline std::vector<contest> contests() {
    const load one{.by = side::network};
    const load raw{.by = side::baseline};
    const auto batch = [](side by, std::size_t size) { return load{.by = by, .batch = size}; };
    const auto group = [](unsigned threads) { return load{.by = side::shared_network, .threads = threads}; };
    const auto raw_group = [](unsigned threads) { return load{.by = side::baseline, .threads = threads}; };
    const auto waiting = [](std::size_t wagers) { return load{.by = side::async_network, .batch = wagers}; };
    const load four{.by = side::baseline_in_four_trips};
    std::vector<contest> all = {
        {"sqlite_one", "sqlite", one, raw},
        {"postgresql_one", "postgresql", one, raw},
        {"postgresql_group_8", "postgresql", group(8), raw_group(8)},
        {"postgresql_group_32", "postgresql", group(32), raw},
        {"postgresql_processes", "postgresql", {side::shared_network, 4, 8}, raw_group(8)},
        {"mysql_one", "mysql", one, raw},
        {"postgresql_waiting", "postgresql", waiting(1024), raw},
        {"postgresql_waiting_threads", "postgresql", waiting(1024), group(1024)},
        {"postgresql_waiting_few", "postgresql", waiting(64), group(64)},
    };
    for (const std::string engine : {"sqlite", "postgresql", "mysql"}) {
        for (const unsigned threads : {1U, 2U, 4U, 8U, 16U, 32U}) {
            const load baseline = engine == "sqlite" ? raw : engine == "mysql" ? four : raw_group(threads);
            const bool target = threads == 32 && engine != "postgresql";
            all.push_back({target ? engine + "_group_32" : engine + "_threads_" + std::to_string(threads),
                           engine, group(threads), baseline, "threads", threads});
        }
        for (const std::size_t size : {1U, 10U, 100U, 1000U, 10'000U}) {
            all.push_back({engine + "_batch_" + std::to_string(size), engine, batch(side::network, size),
                           batch(side::baseline, size), "batch", size});
        }
        for (const std::size_t size : {1U, 64U, 1024U, 4096U}) {
            all.push_back({engine + "_waiting_" + std::to_string(size), engine, waiting(size),
                           batch(side::baseline, std::min<std::size_t>(size, 1000)), "waiting", size});
        }
    }
    return all;
}

}  // namespace bench

#endif
