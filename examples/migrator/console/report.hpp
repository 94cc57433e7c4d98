// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_REPORT_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_REPORT_HPP

#include "../copy/target.hpp"
#include "../verbs/verb.hpp"
#include "answer.hpp"
#include "log.hpp"
#include "progress.hpp"
#include "signals.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace migrator {

enum class verbosity { quiet, normal, verbose };

/// What became of a migration.
struct outcome {
    std::string validation{};  ///< passed, failed or skipped
    std::string backup{};      ///< the file
    std::string next{};        ///< what is left to do, where it succeeded
    nlohmann::ordered_json rollback_data{};
};

struct report_options {
    verbosity how = verbosity::normal;
    bool dry_run = false;
    std::string log_file{};  ///< none where it is empty
    log_format format = log_format::text;
    spdlog::level::level_enum level = spdlog::level::info;
};

/// Everything that a person sees of a migration. Log lines and results go to standard output, or for scripts
/// (`--json`) log lines to standard error; progress is drawn on a terminal, and else is a log line. Log lines
/// go to the log file too, each at once, whatever is shown; the last one is the outcome.
class report {
public:
    explicit report(const report_options& o)
        : quiet_(o.how == verbosity::quiet),
          dry_run_(o.dry_run),
          progress_(o.how == verbosity::normal && redraws(),
                    [this](const std::string& line) { log_.info("{}", line); }) {
        const auto level = o.how == verbosity::verbose ? spdlog::level::debug : o.level;
        const auto shown = std::make_shared<console_sink>(answer::given().json() ? stderr : stdout);
        shown->set_level(quiet_ ? spdlog::level::off : level);
        log_.sinks().push_back(shown);
        open_log(o.log_file);
        for (auto* each : {&log_, &outcome_}) {
            each->set_level(level);
            each->set_formatter(std::make_unique<log_formatter>(o.format));
            each->flush_on(spdlog::level::trace);
        }
        answer::given().on_end([this](const trouble& why) {
            outcome_.error("Outcome: interrupted: {}. Remedy: {}", why.what, why.remedy);
        });
    }
    ~report() { answer::given().on_end(nullptr); }
    report(const report&) = delete;
    report& operator=(const report&) = delete;

    [[nodiscard]] spdlog::logger& log() noexcept { return log_; }
    [[nodiscard]] std::int64_t took_ms() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began_).count();
    }

    /// For a run that has no results.
    void succeeded() { outcome_.info("Outcome: success"); }

    /// The target has all that the source had; what it gets from now on is told as lag.
    void caught_up(std::uint64_t sequence) noexcept { lag_shown_ = sequence; }
    [[nodiscard]] bool lag_due(std::uint64_t sequence) const {
        return sequence != lag_shown_ && !(lag_at_ms_ && took_ms() - *lag_at_ms_ < 1000);
    }
    /// To be called while a source is followed: how far behind the target is. At most once a second.
    void lag(std::uint64_t sequence, std::uint64_t behind) {
        if (!lag_due(sequence)) {
            return;
        }
        lag_shown_ = sequence;
        lag_at_ms_ = took_ms();
        const auto text = fmt::format("Copied up to operation {}; lag: {} operations", sequence, behind);
        progress_.draws() ? draw_bar([&](std::size_t columns) { return text.substr(0, columns); })
                          : log_.info("{}", text);
    }
    void header(std::string_view configuration) const {
        if (!quiet_) {
            migrator::say("🎰 Jackpot Data Migration Tool\n===================================\n{}\n\n",
                          configuration);
        }
    }
    void migrating(std::string_view pool) {
        if (!dry_run_) {
            log_.info("Migrating pool: {}", pool);
        } else if (!quiet_) {
            migrator::say("[DRY RUN] Would migrate pool: {}\n", pool);
        }
    }

    /// A stage begins: "Compared", say, is what it will have done.
    void begin(std::string what) { progress_.begin(std::move(what)); }
    /// To be called now and then, as it goes on.
    void at(std::uint64_t sequence, std::uint64_t last) {
        progress_.at(sequence, last);
        if (sequence != last) {
            log_.debug("{} {} of {} operations", progress_.what(), sequence, last);
        }
    }
    /// It is done, and was about so many operations.
    void end(std::uint64_t operations) { progress_.end(operations); }
    void begin_copy() { begin(dry_run_ ? "Read" : "Copied"); }
    void end_copy(std::uint64_t operations, std::uint64_t sequence, std::uint64_t last) {
        end(operations);
        if (operations != 0) {
            log_.info("{} {} of {} operations", progress_.what(), sequence, last);
        }
    }

    void succeeded(const tally& t, const outcome& o) {
        results(t, o, {});
        succeeded();
    }
    /// Its exit code.
    int failed(const ending& end, const tally& t = {}, const outcome& o = {}) {
        answer::given().fail(end.why);
        results(t, o, end.why);
        say("❌ " + end.verdict + ": " + printable(end.why.what));
        outcome_.error("Outcome: failed: {}: {}. Remedy: {}", end.verdict, end.why.what, end.why.remedy);
        return end.code;
    }
    /// One that a signal ended between two steps. Its exit code.
    int interrupted(const tally& t, const trouble& why) {
        answer::given().interrupt(why);
        add_members(t, {});
        migrator::say("Interrupted: {}\n{}", why.what, lines{why.advice()});
        outcome_.error("Outcome: interrupted: {}. Remedy: {}", why.what, why.remedy);
        return exit_signal + signal_that_came();
    }
    /// For people alone.
    void say(std::string_view text) const { migrator::say("{}\n", lines{text}); }

private:
    using clock = std::chrono::steady_clock;

    void results(const tally& t, const outcome& o, const trouble& why) const {
        add_members(t, o);
        const bool well = why.what.empty();
        migrator::say("\n📊 Migration Results:\n====================\nStatus: {}\n",
                      well ? "✅ Success" : "❌ Failed");
        if (!well) {
            migrator::say("Reason: {}\n{}", why.what, lines{why.advice()});
        }
        migrator::say(
            "Pools migrated: {}\nContributions migrated: {}\nWins migrated: {}\nExecution time: {}ms\n",
            t.pools.size(), t.contributions, t.wins, took_ms());
        for (const auto& s : progress_.stages()) {
            migrator::say("   {} {} operations in {:.1f} s, {} a second\n", s.what, s.operations, s.seconds,
                          s.rate());
        }
        migrator::say("\n");
    }

    void add_members(const tally& t, const outcome& o) const {
        auto& document = answer::given();
        document.add("dryRun", dry_run_);
        document.add("poolsMigrated", t.pools.size());
        document.add("contributionsMigrated", t.contributions);
        document.add("winsMigrated", t.wins);
        document.add("executionTimeMs", took_ms());
        auto stages = nlohmann::ordered_json::array();
        for (const auto& s : progress_.stages()) {
            stages.push_back({{"stage", s.what}, {"operations", s.operations}, {"seconds", s.seconds}});
        }
        document.add("stages", std::move(stages));
        document.add("validation", o.validation.empty() ? "skipped" : o.validation);
        for (const auto& [member, value] : {std::pair("next", &o.next), {"backup", &o.backup}}) {
            if (!value->empty()) {
                document.add(member, *value);
            }
        }
        if (dry_run_) {
            document.add("rollbackData", o.rollback_data);
        }
    }

    /// A log that cannot be kept is no reason not to migrate: that is said once.
    void open_log(const std::string& path) {
        if (path.empty()) {
            return;
        }
        try {
            const auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
            log_.sinks().push_back(file);
            outcome_.sinks().push_back(file);
        } catch (const spdlog::spdlog_ex& e) {
            emit(stderr, "⚠️ No log is kept: {}\n", e.what());
        }
        const auto tell = [this](const std::string& why) {
            if (!std::exchange(log_lost_, true)) {
                clear_bar();
                emit(stderr, "⚠️ The log is not kept any more: {}\n", why);
            }
        };
        log_.set_error_handler(tell);
        outcome_.set_error_handler(tell);
    }

    bool quiet_;
    bool dry_run_;
    bool log_lost_ = false;
    spdlog::logger log_{"migrator"};
    spdlog::logger outcome_{"migrator"};  // for the file alone: people see the results
    clock::time_point began_ = clock::now();
    progress progress_;
    std::uint64_t lag_shown_ = 0;
    std::optional<std::int64_t> lag_at_ms_;
};

}  // namespace migrator

#endif
