// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_REPORT_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_REPORT_HPP

#include "../copy/target.hpp"
#include "../verbs/verb.hpp"
#include "document.hpp"
#include "printable.hpp"
#include "trouble.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>
#include <string>
#include <unistd.h>

namespace migrator {

enum class verbosity { quiet, normal, verbose };

/// What became of a migration.
struct outcome {
    trouble why{};             ///< it failed; `what` is empty where it did not
    std::string validation{};  ///< passed, failed or skipped
    std::string backup{};      ///< the file
    std::string status{};      ///< where it is neither success nor failed
    std::string next{};        ///< what is left to do, where it succeeded
    nlohmann::ordered_json rollback_data{};
};

struct report_options {
    verbosity how = verbosity::normal;
    bool dry_run = false;
    bool json = false;
    std::string log_file{};  ///< none where it is empty
    spdlog::level::level_enum level = spdlog::level::info;
};

/// One line for each message, whatever it holds.
class log_formatter : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
        const std::string text = printable({message.payload.data(), message.payload.size()}, "\\u000a");
        auto safe = message;
        safe.payload = text;
        pattern_.format(safe, line);
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<log_formatter>();
    }

private:
    spdlog::pattern_formatter pattern_{"[%Y-%m-%dT%H:%M:%S.%eZ] [JACKPOT-MIGRATION] %v",
                                       spdlog::pattern_time_type::utc};
};

/// Everything that a person sees. Log lines and results go to standard output, the progress bar to a
/// terminal on standard error; without one, progress is a log line after a second, later ones after ever
/// longer, and one at the end. With `json` the result is the one thing on standard output. Log lines go to
/// the log file too, whatever is shown.
class report {
public:
    explicit report(const report_options& o)
        : json_(o.json),
          quiet_(o.how == verbosity::quiet),
          dry_run_(o.dry_run),
          bar_(o.how == verbosity::normal && isatty(STDERR_FILENO) == 1) {
        const auto level = o.how == verbosity::verbose ? spdlog::level::debug : o.level;
        const auto shown = json_ ? spdlog::sink_ptr(std::make_shared<spdlog::sinks::stderr_sink_st>())
                                 : std::make_shared<spdlog::sinks::stdout_sink_st>();
        shown->set_level(quiet_ ? spdlog::level::off : level);
        log_.sinks().push_back(shown);
        log_.set_level(level);
        log_.flush_on(spdlog::level::warn);
        open_log(o.log_file);
        log_.set_formatter(std::make_unique<log_formatter>());
    }

    [[nodiscard]] spdlog::logger& log() noexcept { return log_; }
    [[nodiscard]] std::int64_t took_ms() const { return took_ms_.value_or(passed_ms()); }

    /// The target has all that the source had; what it gets from now on is told as lag.
    void caught_up(std::uint64_t sequence) noexcept { lag_shown_ = sequence; }
    [[nodiscard]] bool lag_due(std::uint64_t sequence) const {
        return sequence != lag_shown_ && !(lag_at_ms_ && passed_ms() - *lag_at_ms_ < 1000);
    }
    /// To be called while a source is followed: how far behind the target is. At most once a second.
    void lag(std::uint64_t sequence, std::uint64_t behind) {
        const auto now = passed_ms();
        if (!lag_due(sequence)) {
            return;
        }
        lag_shown_ = sequence;
        lag_at_ms_ = now;
        const auto text = fmt::format("Copied up to operation {}; lag: {} operations", sequence, behind);
        if (bar_) {
            emit(stderr, "\r{}\x1b[K", text);
            std::fflush(stderr);
        } else {
            log_.info("{}", text);
            log_.flush();
        }
    }
    void header(std::string_view configuration) const {
        if (!quiet_ && !json_) {
            emit("🎰 Jackpot Data Migration Tool\n===================================\n{}\n\n", configuration);
        }
    }
    void migrating(std::string_view pool) {
        if (!dry_run_) {
            log_.info("Migrating pool: {}", pool);
        } else if (!quiet_ && !json_) {
            emit("[DRY RUN] Would migrate pool: {}\n", pool);
        }
    }

    /// To be called after every batch.
    void progress(std::uint64_t sequence, std::uint64_t last) {
        const auto now = passed_ms();
        auto text = fmt::format("{} of {} operations", sequence, last);
        // The first batch took the time to compare what was there before, and tells no rate.
        if (first_) {
            const auto passed = static_cast<std::uint64_t>(now - first_->at_ms);
            const auto rate = (sequence - first_->sequence) * 1000 / (passed + 1) + 1;
            text += fmt::format(", {} a second, {} s left", rate, (last - sequence) / rate);
        } else {
            first_ = {now, sequence};
        }
        if (bar_) {
            constexpr std::uint64_t width = 30;
            const auto filled = static_cast<std::size_t>(sequence * width / last);
            emit(stderr, "\r[{:<{}}] {}\x1b[K", std::string(filled, '#'), width, text);
            std::fflush(stderr);
            return;
        }
        const bool shown = is_line_due() || sequence == last;
        log_.log(shown ? spdlog::level::info : spdlog::level::debug, "{} {}", dry_run_ ? "Read" : "Copied",
                 text);
    }
    /// How far a check of what was copied has come, now and then.
    void checked(std::string_view what, std::uint64_t sequence, std::uint64_t last) {
        if (is_line_due()) {
            log_.info("{} {} of {} operations", what, sequence, last);
        }
    }
    /// Ends the progress bar, and the time that is shown with the results.
    void end_progress() {
        took_ms_ = passed_ms();
        if (bar_) {
            emit(stderr, "\r\x1b[K");
            std::fflush(stderr);
        }
    }

    void results(const tally& t, const outcome& o = {}) const {
        if (json_) {
            const std::string status = o.why.what.empty() ? "success" : "failed";
            nlohmann::ordered_json document{{"status", o.status.empty() ? status : o.status},
                                            {"dryRun", dry_run_},
                                            {"poolsMigrated", t.pools.size()},
                                            {"contributionsMigrated", t.contributions},
                                            {"winsMigrated", t.wins},
                                            {"executionTimeMs", took_ms()},
                                            {"validation", o.validation.empty() ? "skipped" : o.validation}};
            const auto add = [&](const char* member, const std::string& value) {
                if (!value.empty()) {
                    document[member] = value;
                }
            };
            add("reason", o.why.what);
            add("said", o.why.said);
            add("remedy", o.why.remedy);
            add("next", o.next);
            add("backup", o.backup);
            if (dry_run_) {
                document["rollbackData"] = o.rollback_data;
            }
            print_document(document);
            return;
        }
        emit("\n📊 Migration Results:\n====================\nStatus: {}\n",
             o.why.what.empty() ? "✅ Success" : "❌ Failed");
        if (!o.why.what.empty()) {
            emit("Reason: {}\n{}", o.why.what, lines{o.why.advice()});
        }
        emit("Pools migrated: {}\nContributions migrated: {}\nWins migrated: {}\nExecution time: {}ms\n\n",
             t.pools.size(), t.contributions, t.wins, took_ms());
    }
    /// The results of a migration that did not begin. Its exit code.
    int failed(const ending& end) const {
        results({}, {.why = end.why});
        say("❌ " + end.verdict + ": " + printable(end.why.what));
        return end.code;
    }
    /// The results of one that Ctrl-C ended. Its exit code.
    int interrupted(const tally& t, const trouble& why) const {
        json_ ? results(t, {.why = why, .status = "interrupted"})
              : emit("Interrupted: {}\n{}", why.what, lines{why.advice()});
        return exit_interrupted;
    }
    /// For people alone.
    void say(std::string_view text) const {
        if (!json_) {
            emit("{}\n", lines{text});
        }
    }

private:
    using clock = std::chrono::steady_clock;
    struct batch {
        std::int64_t at_ms;
        std::uint64_t sequence;
    };

    [[nodiscard]] std::int64_t passed_ms() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began_).count();
    }

    /// A second after the start, and then after twice as long each time, up to a minute.
    [[nodiscard]] bool is_line_due() {
        const auto now = passed_ms();
        if (now < line_due_ms_) {
            return false;
        }
        line_due_ms_ = now + line_pause_ms_;
        line_pause_ms_ = (std::min)(2 * line_pause_ms_, std::int64_t(60'000));
        return true;
    }

    /// A log that cannot be kept is no reason not to migrate.
    void open_log(const std::string& path) {
        if (path.empty()) {
            return;
        }
        try {
            log_.sinks().push_back(std::make_shared<spdlog::sinks::basic_file_sink_st>(path));
        } catch (const spdlog::spdlog_ex& e) {
            emit(stderr, "⚠️ No log is kept: {}\n", e.what());
        }
    }

    bool json_;
    bool quiet_;
    bool dry_run_;
    bool bar_;
    spdlog::logger log_{"migrator"};
    clock::time_point began_ = clock::now();
    std::optional<batch> first_;
    std::optional<std::int64_t> took_ms_;
    std::int64_t line_due_ms_ = 1000;
    std::int64_t line_pause_ms_ = 1000;
    std::uint64_t lag_shown_ = 0;
    std::optional<std::int64_t> lag_at_ms_;
};

}  // namespace migrator

#endif
