// SPDX-License-Identifier: BSL-1.0
#include "run.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bench {

namespace {

using clock = std::chrono::steady_clock;

std::int64_t now_ns() {
    return std::chrono::nanoseconds(clock::now().time_since_epoch()).count();
}

/// Numbers the wagers of this process, of whichever store: their keys must differ.
std::atomic<std::uint64_t> next_key = 0;

wager wager_of(std::uint64_t i, bool keyed) {
    wager w{.amount = static_cast<std::int64_t>(1000 + i * 7919 % 9001)};
    if (keyed) {
        // Spread over the index, as keys are that a client draws.
        const std::uint64_t n = (std::uint64_t(::getpid()) << 40 | ++next_key) * 0x9E3779B97F4A7C15U;
        char text[32];
        std::snprintf(text, sizeof text, "bet-%016lx", static_cast<unsigned long>(n));
        w.key = text;
    }
    return w;
}

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

outcome run_thread(client& by, const load& what, std::uint64_t first, const limit& until) {
    outcome told;
    const std::size_t batch = what.batch;
    const bool wait_together = what.by == side::async_network;
    std::vector<wager> wagers(batch);
    const std::int64_t start = now_ns();
    const auto end = start + static_cast<std::int64_t>(until.seconds * 1e9);
    for (std::int64_t before = start; until.wagers ? told.wagers < *until.wagers : before < end;) {
        for (wager& w : wagers) {
            w = wager_of(first++, until.keyed);
        }
        batch == 1 ? by.make(wagers[0]) : by.make(wagers);
        const std::int64_t after = now_ns();
        told.wagers += batch;
        for (const wager& w : wagers) {
            told.amount += w.amount;
        }
        if (batch == 1 || wait_together) {
            told.latencies_ns.push_back(
                static_cast<std::uint32_t>(std::min<std::int64_t>(after - before, UINT32_MAX)));
        }
        before = after;
    }
    return told;
}

std::string quoted(const std::string& text) {
    return "'" + text + "'";
}

}  // namespace

place::place(std::string server, const std::string& label)
    : server_(std::move(server)), name_("bench_" + std::to_string(::getpid()) + "_" + label) {
    const auto mark = server_.find('?');
    if (server_.starts_with("sqlite")) {
        url_ = server_ + "/" + name_ + ".sqlite";
    } else if (server_.starts_with("postgresql")) {
        url_ = server_ + (mark == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + name_;
    } else {
        url_ = server_.substr(0, server_.rfind('/', mark)) + "/" + name_ +
               (mark == std::string::npos ? "" : server_.substr(mark));
    }
    clear();
    open_pool(url_);
}

void place::drop() {
    if (server_.starts_with("sqlite")) {
        for (const char* suffix : {"", "-wal", "-shm"}) {
            std::filesystem::remove(url_.substr(std::string("sqlite://").size()) + suffix);
        }
    } else {
        const bool schema = server_.starts_with("postgresql");
        open_raw(server_)->query(schema ? "DROP SCHEMA IF EXISTS " + name_ + " CASCADE"
                                        : "DROP DATABASE IF EXISTS " + name_);
    }
}

void place::clear() {
    drop();
    if (!server_.starts_with("sqlite")) {
        const bool schema = server_.starts_with("postgresql");
        open_raw(server_)->query((schema ? "CREATE SCHEMA " : "CREATE DATABASE ") + name_);
    }
}

place::~place() {
    try {
        drop();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s: %s\n", name_.c_str(), e.what());
    }
}

void outcome::add(const outcome& other) {
    counts::add(other);
    seconds += other.seconds;
    cpu_seconds += other.cpu_seconds;
    latencies_ns.insert(latencies_ns.end(), other.latencies_ns.begin(), other.latencies_ns.end());
    slowest = std::min(slowest, other.slowest);
}

std::vector<double> outcome::percentiles_us(std::span<const double> parts) {
    std::sort(latencies_ns.begin(), latencies_ns.end());
    std::vector<double> values;
    for (const double part : parts) {
        const auto last = static_cast<double>(latencies_ns.size()) - 1;
        values.push_back(last < 0 ? 0 : latencies_ns[static_cast<std::size_t>(part * last + 0.5)] / 1000.0);
    }
    return values;
}

runner::runner(const std::string& url, const load& what) : url_(url), what_(what) {
    if (what.processes > 1) {
        return;
    }
    const bool shared = what.by == side::shared_network;
    for (unsigned i = 0; i < (shared ? 1 : what.threads); ++i) {
        clients_.push_back(shared                           ? open_shared_network(url)
                           : what.by == side::async_network ? open_async_network(url)
                           : what.by == side::network       ? open_network(url)
                           : what.by == side::baseline      ? open_raw(url)
                                                            : open_mysql(url, trips::four));
    }
}

outcome runner::run(const limit& until) {
    if (what_.processes > 1) {
        return run_processes(until);
    }
    std::vector<outcome> each(what_.threads);
    std::exception_ptr failed;
    std::mutex failed_lock;
    std::barrier ready(what_.threads + 1);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < what_.threads; ++i) {
        threads.emplace_back([&, i] {
            ready.arrive_and_wait();
            try {
                each[i] = run_thread(*clients_[i % clients_.size()], what_, made_ + i * 1013, until);
            } catch (...) {
                const std::lock_guard guard(failed_lock);
                failed = std::current_exception();
            }
        });
    }
    std::this_thread::sleep_for(
        std::chrono::nanoseconds(until.start_ns == 0 ? 0 : until.start_ns - now_ns()));
    const std::int64_t start = now_ns();
    const double cpu_before = cpu_seconds();
    ready.arrive_and_wait();
    for (std::thread& t : threads) {
        t.join();
    }
    const double seconds = static_cast<double>(now_ns() - start) / 1e9;
    const double cpu = cpu_seconds() - cpu_before;
    if (failed) {
        std::rethrow_exception(failed);
    }
    outcome told;
    for (const outcome& o : each) {
        told.add(o);
    }
    told.seconds = seconds;
    told.cpu_seconds = cpu;
    made_ += told.wagers;
    return told;
}

/// Each process is this program again, which waits for the common start and prints what it was told.
outcome runner::run_processes(const limit& until) const {
    const std::string start = std::to_string(now_ns() + 1'500'000'000);
    std::vector<FILE*> from;
    for (unsigned i = 0; i < what_.processes; ++i) {
        const std::string command = "/proc/" + std::to_string(::getpid()) + "/exe --worker " + quoted(url_) +
                                    " --threads " + std::to_string(what_.threads) + " --start " + start +
                                    " --seconds " + std::to_string(until.seconds);
        from.push_back(::popen(("exec " + command).c_str(), "r"));
    }
    outcome told;
    std::uint64_t fewest = UINT64_MAX;
    std::uint64_t most = 0;
    bool failed = false;
    for (FILE* f : from) {
        unsigned long wagers = 0;
        long amount = 0;
        double seconds = 0;
        failed = f == nullptr || std::fscanf(f, "%lu %ld %lf", &wagers, &amount, &seconds) != 3 || failed;
        failed = f == nullptr || ::pclose(f) != 0 || failed;
        told.counts::add({wagers, amount});
        told.seconds = std::max(told.seconds, seconds);
        fewest = std::min<std::uint64_t>(fewest, wagers);
        most = std::max<std::uint64_t>(most, wagers);
    }
    if (failed) {
        throw std::runtime_error("a process of the load failed");
    }
    told.slowest = static_cast<double>(fewest) / static_cast<double>(most);
    return told;
}

}  // namespace bench
