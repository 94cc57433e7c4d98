// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_SQL_MANY_POOLS_HPP
#define JACKPOT_BENCHMARKS_SQL_MANY_POOLS_HPP

#include "client.hpp"

namespace bench {

/// Fills a place without tables with so many pools, each with a game of its own.
void open_many(const std::string& url, std::size_t pools);

/// How many seconds a program takes that begins with such a store until it knows a pool, the connection
/// apart; and how many to read the same rows by hand, with one SELECT a table. Both throw where pools are
/// missing.
[[nodiscard]] double load_many(const std::string& url, std::size_t pools);
[[nodiscard]] double read_many(const std::string& url, std::size_t pools);

/// Commits of 1000 wagers that feed the same three of the pools, however many there are.
class batches {
public:
    virtual ~batches() = default;
    /// Makes so many, and returns the microseconds of this process's CPU that a wager took.
    [[nodiscard]] virtual double make(std::size_t commits) = 0;
};
[[nodiscard]] std::unique_ptr<batches> open_batches(const std::string& url);

}  // namespace bench

#endif
