// SPDX-License-Identifier: BSL-1.0
#include "api.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace service {

std::string rfc3339(jackpot::timestamp at) {
    const std::time_t seconds = at / 1'000'000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char day[32];
    char text[48];
    std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(text, sizeof text, "%s.%06dZ", day, static_cast<int>(at % 1'000'000));
    return text;
}

namespace {

/// Has the text these characters, where 0 stands for any digit?
bool has_shape(std::string_view text, std::string_view shape) {
    return text.size() == shape.size() &&
           std::equal(text.begin(), text.end(), shape.begin(),
                      [](char c, char wanted) { return wanted == '0' ? c >= '0' && c <= '9' : c == wanted; });
}

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
    int number = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, number);
    return number;
}

}  // namespace

std::optional<jackpot::timestamp> parse_rfc3339(const std::string& text) {
    constexpr std::string_view seconds_shape = "0000-00-00T00:00:00";
    std::string_view rest = text;
    if (!has_shape(rest.substr(0, seconds_shape.size()), seconds_shape)) {
        return std::nullopt;
    }
    std::tm asked{};
    asked.tm_year = number_at(text, 0, 4) - 1900;
    asked.tm_mon = number_at(text, 5, 2) - 1;
    asked.tm_mday = number_at(text, 8, 2);
    asked.tm_hour = number_at(text, 11, 2);
    asked.tm_min = number_at(text, 14, 2);
    asked.tm_sec = number_at(text, 17, 2);
    std::tm utc = asked;
    const std::int64_t seconds = timegm(&utc);  // which makes a 31st of November the 1st of December
    if (asked.tm_mon != utc.tm_mon || asked.tm_mday != utc.tm_mday || asked.tm_hour != utc.tm_hour ||
        asked.tm_min != utc.tm_min || asked.tm_sec != utc.tm_sec) {
        return std::nullopt;
    }
    rest.remove_prefix(seconds_shape.size());
    std::int64_t micros = 0;
    if (rest.starts_with('.')) {
        const auto digits = (std::min)(rest.find_first_not_of("0123456789", 1), rest.size()) - 1;
        if (digits < 1 || digits > 6) {
            return std::nullopt;
        }
        micros = number_at(std::string(rest.substr(1, digits)) + std::string(6 - digits, '0'), 0, 6);
        rest.remove_prefix(1 + digits);
    }
    const bool west = has_shape(rest, "-00:00");
    if (rest != "Z" && !west && !has_shape(rest, "+00:00")) {
        return std::nullopt;
    }
    const int hours = rest == "Z" ? 0 : number_at(rest, 1, 2);
    const int minutes = rest == "Z" ? 0 : number_at(rest, 4, 2);
    if (hours > 23 || minutes > 59) {
        return std::nullopt;
    }
    return (seconds + (west ? 60 : -60) * (hours * 60 + minutes)) * 1'000'000 + micros;
}

}  // namespace service
