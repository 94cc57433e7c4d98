// SPDX-License-Identifier: BSL-1.0
#include "log.hpp"

#include "api.hpp"

#include <jackpot/core/system.hpp>

#include <unistd.h>

namespace service {

namespace {

bool as_json = false;

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
    const auto at = rfc3339(jackpot::system_environment().now());
    std::string line;
    if (as_json) {
        json_text entry{{"at", at}, {"level", level}, {"service", "jackpot"}, {"message", message}};
        for (const auto& [name, value] : fields) {
            entry[std::string(name)] = value;
        }
        line = entry.dump(-1, ' ', false, json_text::error_handler_t::replace);
    } else {
        line = at + " jackpot " + std::string(level) + ": " + std::string(message);
        for (const auto& [name, value] : fields) {
            line.append(" ").append(name).append("=").append(printable(value));
        }
    }
    line.push_back('\n');
    // One call a line, so that lines of several threads do not mix. A full disk stops no wager.
    [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace service
