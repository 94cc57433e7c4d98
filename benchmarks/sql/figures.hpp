// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_SQL_FIGURES_HPP
#define JACKPOT_BENCHMARKS_SQL_FIGURES_HPP

#include <nlohmann/json.hpp>

#include <map>

namespace bench {

struct options {
    std::map<std::string, std::string> servers{};  // by engine; an engine that is not there is left out
    double seconds = 1;
    std::size_t repetitions = 7;
    std::vector<std::uint64_t> replicated = {1000, 10'000, 100'000};
    std::vector<std::uint64_t> grown = {10'000, 100'000, 1'000'000};
    std::vector<std::uint64_t> migrated = {100'000, 1'000'000};
    std::size_t loaded = 100'000;    // pools
    std::size_t committed = 10'000;  // pools, of which commits touch three
    std::string only{};              // figures whose id holds this
    bool audit = false;              // let the library judge the baseline's stores, too
};

/// Runs every figure, ours and its baseline in turns, and returns the results. Throws where a side did not
/// keep what it was given.
[[nodiscard]] nlohmann::ordered_json run_figures(const options& o);

}  // namespace bench

#endif
