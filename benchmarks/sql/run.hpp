// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_SQL_RUN_HPP
#define JACKPOT_BENCHMARKS_SQL_RUN_HPP

#include "client.hpp"

#include <optional>

namespace bench {

/// A new store with the pool "mega" open, for one side of a comparison: a file in a folder, a schema of
/// PostgreSQL, a database of MariaDB. It goes when this does.
class place {
public:
    place(std::string server, const std::string& label);
    ~place();
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    [[nodiscard]] const std::string& url() const noexcept { return url_; }

    /// Makes it empty again, without even tables.
    void clear();

private:
    void drop();

    std::string server_;
    std::string name_;
    std::string url_;
};

enum class side { network, shared_network, async_network, baseline, baseline_in_four_trips };

/// Who makes wagers: clients of that side, with so many threads in each of so many processes.
struct load {
    side by;
    unsigned threads = 1;
    unsigned processes = 1;
    std::size_t batch = 1;  // wagers a commit, for one thread; for an async_network, wagers that wait at once
};

/// What clients were told: so many wagers, of so much in all.
struct counts {
    std::uint64_t wagers = 0;
    std::int64_t amount = 0;

    void add(const counts& other) {
        wagers += other.wagers;
        amount += other.amount;
    }
};

struct outcome : counts {
    double seconds = 0;
    double cpu_seconds = 0;                     // of all threads of this process
    std::vector<std::uint32_t> latencies_ns{};  // of wagers one by one, and of those that wait together
    double slowest = 1;                         // process, over the fastest

    [[nodiscard]] double rate() const { return static_cast<double>(wagers) / seconds; }
    [[nodiscard]] double cpu_us() const { return cpu_seconds * 1e6 / static_cast<double>(wagers); }
    void add(const outcome& other);
    /// The latency that each part of all, in 0 … 1, does not exceed. Sorts them.
    [[nodiscard]] std::vector<double> percentiles_us(std::span<const double> parts);
};

/// How long to go on: for that time, or for that many wagers of each thread.
struct limit {
    double seconds = 0;
    std::optional<std::uint64_t> wagers{};
    bool keyed = false;
    std::int64_t start_ns = 0;  // of the steady clock; 0 = now
};

/// The clients of a load, connected once and used for every repetition.
class runner {
public:
    runner(const std::string& url, const load& what);
    outcome run(const limit& until);

private:
    outcome run_processes(const limit& until) const;

    std::string url_;
    load what_;
    std::vector<std::unique_ptr<client>> clients_;
    std::uint64_t made_ = 0;
};

/// Checks all that a store holds against what its clients were told, row by row with the rules computed
/// anew, and returns the checksum over its journal's rows. Throws what is wrong.
[[nodiscard]] std::uint64_t check(const std::string& url, const counts& told);

/// How often 8 KiB can be overwritten and made durable there in a second.
[[nodiscard]] double fdatasync_rate(const std::string& folder);

}  // namespace bench

#endif
