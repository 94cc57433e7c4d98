// SPDX-License-Identifier: BSL-1.0
#include "migration.hpp"

#include "run.hpp"

#include <chrono>

namespace bench {

namespace {

void migrate(source& from, const std::string& id, const std::string& url, std::uint64_t operations,
             stages& cost) {
    const auto note = [&](const char* stage, auto&& work) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
        cost[id + stage] = took.count() / static_cast<double>(operations);
    };
    make_tables(url);
    note("_copy", [&] { static_cast<void>(from.replicate(url)); });
    note("_compare", [&] { from.compare(url); });
    note("_audit", [&] { audit(url); });
}

}  // namespace

stages migrate_all(const std::map<std::string, std::string>& servers, source& memory,
                   std::uint64_t operations) {
    stages cost;
    place hub(servers.at("postgresql"), "hub");
    hub.clear();
    migrate(memory, "migration_memory_postgresql", hub.url(), operations, cost);
    const auto from = open_source(hub.url());
    for (const std::string engine : {"mysql", "sqlite"}) {
        place to(servers.at(engine), "to");
        to.clear();
        migrate(*from, "migration_postgresql_" + engine, to.url(), operations, cost);
    }
    return cost;
}

}  // namespace bench
