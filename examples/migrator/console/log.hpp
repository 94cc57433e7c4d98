// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_LOG_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_LOG_HPP

#include "printable.hpp"
#include "progress.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <string>

namespace migrator {

enum class log_format { text, json };

/// One line for each message, whatever it holds.
class log_formatter : public spdlog::formatter {
public:
    explicit log_formatter(log_format format) : format_(format) {}

    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
        const std::string_view payload(message.payload.data(), message.payload.size());
        const auto level = spdlog::level::to_string_view(message.level);
        std::string text;
        if (format_ == log_format::text) {
            text = fmt::format("[{}] {}", level, printable(payload, "\\u000a"));
        } else {
            const nlohmann::ordered_json members{{"level", std::string(level.data(), level.size())},
                                                 {"message", payload}};
            // Behind the time, which the pattern writes.
            text = members.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).substr(1);
        }
        auto safe = message;
        safe.payload = text;
        (format_ == log_format::text ? text_ : json_).format(safe, line);
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<log_formatter>(format_);
    }

private:
    log_format format_;
    spdlog::pattern_formatter text_{"[%Y-%m-%dT%H:%M:%S.%eZ] [JACKPOT-MIGRATION] %v",
                                    spdlog::pattern_time_type::utc};
    spdlog::pattern_formatter json_{R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v)", spdlog::pattern_time_type::utc};
};

/// Standard output or error, on which a line may be drawn.
class console_sink : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit console_sink(std::FILE* to) : to_(to) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        clear_bar();
        emit(to_, "{}", lines{{line.data(), line.size()}});
        std::fflush(to_);
    }
    void flush_() override {}

    std::FILE* to_;
};

}  // namespace migrator

#endif
