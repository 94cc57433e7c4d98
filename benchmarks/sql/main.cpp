// SPDX-License-Identifier: BSL-1.0
#include "figures.hpp"
#include "run.hpp"

#include <jackpot/core/config.hpp>

#include <CLI/CLI.hpp>
#include <soci/version.h>

#include <cstdio>
#include <fstream>
#include <sys/utsname.h>
#include <thread>

namespace {

using namespace bench;
using nlohmann::ordered_json;

ordered_json machine() {
    utsname kernel{};
    ::uname(&kernel);
    std::string cpu = "unknown";
    std::ifstream lines("/proc/cpuinfo");
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("model name")) {
            cpu = line.substr(line.find(':') + 2);
            break;
        }
    }
    return {{"cpu", cpu},
            {"cores", std::thread::hardware_concurrency()},
            {"kernel", std::string(kernel.sysname) + " " + kernel.release},
            {"compiler", __VERSION__},
            {"SOCI", SOCI_LIB_VERSION},
            {"jackpot", std::to_string(JACKPOT_VERSION_MAJOR) + "." + std::to_string(JACKPOT_VERSION_MINOR) +
                            "." + std::to_string(JACKPOT_VERSION_PATCH)}};
}

/// A process of a load with several: waits for the common start, and prints what it was told.
void work(const std::string& url, unsigned threads, const limit& until) {
    runner all(url, {.by = side::shared_network, .threads = threads});
    const outcome told = all.run(until);
    std::printf("%lu %ld %.9f\n", static_cast<unsigned long>(told.wagers), static_cast<long>(told.amount),
                told.seconds);
}

}  // namespace

int main(int argc, char** argv) {
    options o;
    std::string sqlite, postgresql, mysql, json, worker;
    unsigned threads = 1;
    limit until;
    CLI::App app("Measures jackpot's SQL stores against the same written by hand over each client library");
    app.add_option("--sqlite", sqlite, "Folder for SQLite's files");
    app.add_option("--postgresql", postgresql, "URL of a PostgreSQL database");
    app.add_option("--mysql", mysql, "URL of a MariaDB database");
    app.add_option("--seconds", o.seconds, "How long each repetition of each side takes")
        ->capture_default_str();
    app.add_option("--repetitions", o.repetitions)->capture_default_str()->check(CLI::PositiveNumber);
    app.add_option("--only", o.only, "Only figures whose id holds this");
    app.add_option("--replicate", o.replicated, "Operations to replicate")->capture_default_str();
    app.add_option("--grow", o.grown, "Lengths of the journal, from the one all are compared with")
        ->capture_default_str();
    app.add_option("--migrate", o.migrated,
                   "Operations to migrate from engine to engine, from those that all are compared with")
        ->capture_default_str();
    app.add_option("--load", o.loaded, "Pools to load")->capture_default_str();
    app.add_option("--commit", o.committed, "Pools in a store of which commits touch three")
        ->capture_default_str();
    bool grows_long = false;
    app.add_flag("--long", grows_long,
                 "Also a journal of 10^7, 10^7 operations to migrate and 10^6 to replicate");
    app.add_flag("--audit", o.audit, "Audit every store afterwards, the baseline's too");
    app.add_option("--json", json, "File for the results");
    app.add_option("--worker", worker)->group("");
    app.add_option("--threads", threads)->group("");
    app.add_option("--start", until.start_ns)->group("");
    CLI11_PARSE(app, argc, argv);
    try {
        if (!worker.empty()) {
            until.seconds = o.seconds;
            work(worker, threads, until);
            return 0;
        }
        if (grows_long) {
            o.grown.push_back(10'000'000);
            o.replicated.push_back(1'000'000);
            o.migrated.push_back(10'000'000);
        }
        ordered_json results = {{"machine", machine()}};
        results["settings"] = {{"seconds", o.seconds}, {"repetitions", o.repetitions}};
        if (!sqlite.empty()) {
            o.servers["sqlite"] = "sqlite://" + sqlite;
            results["machine"]["fdatasync of 8 KiB, a second"] = fdatasync_rate(sqlite);
        }
        for (const auto& [engine, url] : {std::pair("postgresql", postgresql), {"mysql", mysql}}) {
            if (!url.empty()) {
                o.servers[engine] = url;
            }
        }
        for (const auto& [engine, url] : o.servers) {
            const place at(url, "about");
            for (const auto& [key, value] : open_raw(at.url())->about()) {
                results["machine"][key] = value;
            }
        }
        results["figures"] = run_figures(o);
        if (!json.empty()) {
            std::ofstream out(json);
            out << results.dump(1) << "\n";
            if (!out.flush()) {
                throw std::runtime_error(json + " cannot be written");
            }
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench_sql: %s\n", e.what());
        return 1;
    }
    return 0;
}
