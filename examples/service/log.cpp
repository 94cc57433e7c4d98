// SPDX-License-Identifier: BSL-1.0
#include "log.hpp"

#include "api.hpp"

#include <jackpot/core/system.hpp>

#include <mutex>
#include <unistd.h>
#include <utility>

namespace service {

namespace {

constexpr int lines_a_second = 200;

bool as_json = false;

/// Lets so many lines through a second: a store that is down fails thousands of requests, for one reason.
class valve {
public:
    /// False: not this line. Else `left_out` is how many were, since the last one.
    [[nodiscard]] bool opens(jackpot::timestamp now, std::uint64_t& left_out) {
        const std::lock_guard guard(lock_);
        const auto second = now / 1'000'000;
        lines_ = second == second_ ? lines_ + 1 : 1;
        second_ = second;
        left_out = lines_ > lines_a_second ? ++left_out_ : std::exchange(left_out_, 0);
        return lines_ <= lines_a_second;
    }

private:
    std::mutex lock_;
    jackpot::timestamp second_ = 0;
    int lines_ = 0;
    std::uint64_t left_out_ = 0;
};

std::string printable(std::string_view text) {
    std::string out;
    jackpot::detail::each_printable(text, [&](std::string_view piece) { out.append(piece); });
    return out;
}

}  // namespace

void log_as_json(bool on) {
    as_json = on;
}

void log(std::string_view level, std::string_view message, log_fields fields) {
    static valve lines;
    const auto now = jackpot::system_environment().now();
    std::uint64_t left_out = 0;
    if (!lines.opens(now, left_out)) {
        return;
    }
    const auto at = rfc3339(now);
    std::string line;
    if (as_json) {
        json_text entry{{"at", at}, {"level", level}, {"service", "jackpot"}, {"message", message}};
        for (const auto& [name, value] : fields) {
            entry[std::string(name)] = value;
        }
        if (left_out > 0) {
            entry["linesLeftOut"] = left_out;
        }
        line = entry.dump(-1, ' ', false, json_text::error_handler_t::replace);
    } else {
        line = at + " jackpot " + std::string(level) + ": " + std::string(message);
        for (const auto& [name, value] : fields) {
            line.append(" ").append(name).append("=").append(printable(value));
        }
    }
    if (!as_json && left_out > 0) {
        line.append(" (lines left out: ").append(std::to_string(left_out)).append(")");
    }
    line.push_back('\n');
    // One call a line, so that lines of several threads do not mix. A full disk stops no wager.
    [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace service
