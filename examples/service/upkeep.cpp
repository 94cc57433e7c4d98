// SPDX-License-Identifier: BSL-1.0

// What the application does by the clock, and what it reads from files while it runs.
#include "application.hpp"

#include <fstream>
#include <iterator>

namespace service {

using namespace std::chrono_literals;

void application::start_timers(http_server& server) {
    server.every(100ms, [this] {
        const auto usage = store_.usage();
        kpis_.saw_free(static_cast<double>(usage.count - usage.in_use) / usage.count);
        metrics_.dropped_frames += events_.tick(kpis_);
        commits_.cancel_late();
        reads_.refuse_late();
    });
    server.every(1s, [this] {
        kpis_.turn(clock::now());
        health_.probe();
    });
    if (!options_.migration_log.empty()) {
        read_migrations();
        server.every(10s, [this] { read_migrations(); });
    }
    health_.probe();
}

/// A migration that another one follows, and that was not completed, failed. The newest may be under way.
void application::read_migrations() {
    std::ifstream file(options_.migration_log);
    std::uint64_t begun = 0;
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    bool open = false;
    for (std::string line; std::getline(file, line);) {
        if (line.find("Starting jackpot data migration") != line.npos) {
            ++begun;
            failed += std::exchange(open, true) ? 1 : 0;
        } else if (line.find("Migration completed in") != line.npos) {
            done += std::exchange(open, false) ? 1 : 0;
        }
    }
    metrics_.migrations_ok = done;
    metrics_.migrations_failed = failed;
    kpis_.saw_migrations(done, failed);
}

tl::expected<void, std::string> application::read_tokens() {
    if (options_.tokens_file.empty()) {
        return {};
    }
    std::ifstream file(options_.tokens_file);
    if (!file) {
        return tl::unexpected("cannot read " + options_.tokens_file);
    }
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto parsed = tokens::parse(text);
    if (!parsed || parsed->empty()) {
        return tl::unexpected(options_.tokens_file + ": " + (parsed ? "no token" : parsed.error()));
    }
    tokens_ = std::move(*parsed);
    return {};
}

}  // namespace service
