// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_REPORT_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_REPORT_HPP

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>
#include <string>
#include <unistd.h>

namespace migrator {

enum class verbosity { quiet, normal, verbose };

/// What one run did.
struct result {
    std::uint64_t pools = 0;
    std::uint64_t contributions = 0;
    std::uint64_t wins = 0;
    std::chrono::milliseconds took{};
    std::string failure;  ///< empty where all went well
};

/// Everything that a person sees. Log lines and results go to standard output, the progress bar to a
/// terminal on standard error; without one, progress is a log line at every tenth.
class report {
public:
    report(verbosity how, bool dry_run)
        : quiet_(how == verbosity::quiet),
          dry_run_(dry_run),
          bar_(how == verbosity::normal && isatty(STDERR_FILENO) == 1) {
        log_.set_pattern("[%Y-%m-%dT%H:%M:%S.%eZ] [JACKPOT-MIGRATION] %v", spdlog::pattern_time_type::utc);
        log_.set_level(how == verbosity::quiet     ? spdlog::level::off
                       : how == verbosity::verbose ? spdlog::level::debug
                                                   : spdlog::level::info);
    }

    [[nodiscard]] spdlog::logger& log() noexcept { return log_; }

    void header(std::string_view configuration) const {
        if (!quiet_) {
            fmt::print("🎰 Jackpot Data Migration Tool\n===================================\n{}\n\n",
                       configuration);
        }
    }
    void migrating(std::string_view pool) {
        if (!dry_run_) {
            log_.info("Migrating pool: {}", pool);
        } else if (!quiet_) {
            fmt::print("[DRY RUN] Would migrate pool: {}\n", pool);
        }
    }

    /// To be called after every batch.
    void progress(std::uint64_t sequence, std::uint64_t last) {
        using std::chrono::milliseconds;
        const auto now = clock::now();
        auto text = fmt::format("{} of {} operations", sequence, last);
        // The first batch took the time to compare what was there before, and tells no rate.
        if (began_) {
            const auto passed = std::chrono::duration_cast<milliseconds>(now - *began_).count();
            const auto rate = (sequence - first_) * 1000 / static_cast<std::uint64_t>(passed + 1) + 1;
            text += fmt::format(", {} a second, {} s left", rate, (last - sequence) / rate);
        } else {
            began_ = now;
            first_ = sequence;
        }
        if (bar_) {
            constexpr std::uint64_t width = 30;
            const auto filled = static_cast<std::size_t>(sequence * width / last);
            fmt::print(stderr, "\r[{:<{}}] {}\x1b[K", std::string(filled, '#'), width, text);
            std::fflush(stderr);
            return;
        }
        const std::uint64_t tenths = sequence * 10 / last;
        log_.log(tenths == tenths_shown_ ? spdlog::level::debug : spdlog::level::info, "{} {}",
                 dry_run_ ? "Read" : "Copied", text);
        tenths_shown_ = tenths;
    }
    void end_progress() const {
        if (bar_) {
            fmt::print(stderr, "\r\x1b[K");
            std::fflush(stderr);
        }
    }

    void results(const result& r) const {
        fmt::print("\n📊 Migration Results:\n====================\nStatus: {}\n",
                   r.failure.empty() ? "✅ Success" : "❌ Failed");
        if (!r.failure.empty()) {
            fmt::print("Reason: {}\n", r.failure);
        }
        fmt::print(
            "Pools migrated: {}\nContributions migrated: {}\nWins migrated: {}\nExecution time: {}ms\n\n",
            r.pools, r.contributions, r.wins, r.took.count());
    }
    void say(std::string_view text) const { fmt::print("{}\n", text); }

private:
    using clock = std::chrono::steady_clock;

    bool quiet_;
    bool dry_run_;
    bool bar_;
    spdlog::logger log_{"migrator", std::make_shared<spdlog::sinks::stdout_sink_st>()};
    std::optional<clock::time_point> began_;
    std::uint64_t first_ = 0;
    std::uint64_t tenths_shown_ = 0;
};

}  // namespace migrator

#endif
