// SPDX-License-Identifier: BSL-1.0
#include "numerals.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string>

namespace migrator {

namespace {

/// The digits at the front of `text`, which goes on behind them.
std::string_view take_digits(std::string_view& text) {
    const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
    const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

bool take(std::string_view& text, char wanted) {
    if (!text.starts_with(wanted)) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc() && stop == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// The shortest decimal that is this very number.
template <class Float>
std::optional<jackpot::rate> shortest(Float value) {
    std::int64_t unit = jackpot::rate::one_ppb;
    for (int digits = 0; digits <= 9; ++digits, unit /= 10) {
        const double scaled = static_cast<double>(value) * std::pow(10.0, digits);
        const auto candidate = jackpot::rate::from_ppb(std::llround(scaled) * unit);
        const auto text = to_text(candidate);
        if (candidate.valid() && number_of<Float>(text.view()) == value) {
            return candidate;
        }
    }
    return std::nullopt;
}

/// Two digits, no more than `most`.
std::optional<int> two_digits(std::string_view& text, int most) {
    const auto number = text.size() < 2 ? std::nullopt : number_of<unsigned>(text.substr(0, 2));
    if (!number || *number > static_cast<unsigned>(most)) {
        return std::nullopt;
    }
    text.remove_prefix(2);
    return static_cast<int>(*number);
}

/// "Z", "+02", "-0330", "+02:00:00", or nothing; in seconds.
std::optional<int> offset_of(std::string_view text) {
    if (text.empty() || text == "Z") {
        return 0;
    }
    const int sign = text[0] == '-' ? -1 : 1;
    if (!take(text, '+') && !take(text, '-')) {
        return std::nullopt;
    }
    int seconds = 0;
    for (const int unit : {3600, 60, 1}) {
        const auto part = two_digits(text, unit == 3600 ? 15 : 59);
        if (!part) {
            return std::nullopt;
        }
        seconds += *part * unit;
        if (text.empty()) {
            return sign * seconds;
        }
        take(text, ':');
    }
    return std::nullopt;
}

}  // namespace

tl::expected<std::int64_t, std::string_view> read_whole(std::string_view text) {
    const auto fail = [](std::string_view why) { return tl::unexpected(why); };
    const bool negative = take(text, '-');
    std::string digits(take_digits(text));
    const auto fraction = take(text, '.') ? take_digits(text) : std::string_view();
    digits.append(fraction);
    // Ten digits of exponent are beyond any text that fits into memory.
    std::int64_t exponent = 0;
    if (take(text, 'e') || take(text, 'E')) {
        const bool minus = take(text, '-');
        if (!minus) {
            take(text, '+');
        }
        auto power = take_digits(text);
        if (power.empty()) {
            return fail("is no number");
        }
        power.remove_prefix((std::min)(power.find_first_not_of('0'), power.size()));
        exponent = number_of<std::int64_t>(power.substr(0, 10)).value_or(0);
        exponent = minus ? -exponent : exponent;
    }
    if (digits.empty() || !text.empty()) {
        return fail("is no number");
    }
    digits.erase(0, digits.find_first_not_of('0'));
    if (digits.empty()) {
        return 0;
    }
    const std::size_t significant = digits.find_last_not_of('0') + 1;
    exponent +=
        static_cast<std::int64_t>(digits.size() - significant) - static_cast<std::int64_t>(fraction.size());
    digits.resize(significant);
    if (exponent < 0) {
        return fail("is not a whole number of minor units");
    }
    if (negative) {
        return fail("is negative");
    }
    constexpr std::string_view too_large =
        "is above 9007199254740991, beyond which the older service's numbers are not exact";
    if (exponent > 16 || digits.size() > 16) {
        return fail(too_large);
    }
    digits.append(static_cast<std::size_t>(exponent), '0');
    const auto value = number_of<std::int64_t>(digits);
    return value && *value <= exact_max ? tl::expected<std::int64_t, std::string_view>(*value)
                                        : fail(too_large);
}

std::optional<jackpot::rate> recover_rate(std::string_view text) {
    const auto value = number_of<double>(text);
    if (!value || !(*value >= 0 && *value <= 1)) {
        return std::nullopt;
    }
    const auto narrow = static_cast<float>(*value);
    if (static_cast<double>(narrow) == *value) {
        return shortest(narrow);
    }
    if (const auto exact = shortest(*value)) {
        return exact;
    }
    constexpr std::size_t float_digits = 9;
    const auto significant = text.substr(0, text.find_first_of("eE"));
    const auto digits = std::count_if(
        significant.begin() +
            static_cast<std::ptrdiff_t>((std::min)(significant.find_first_not_of("0."), significant.size())),
        significant.end(), [](char c) { return c != '.'; });
    return static_cast<std::size_t>(digits) == float_digits ? shortest(narrow) : std::nullopt;
}

std::optional<jackpot::timestamp> read_moment(std::string_view text) {
    using namespace std::chrono;
    std::string_view rest = text;
    const auto year_digits = take_digits(rest);
    if (rest.empty()) {
        const auto milliseconds = number_of<std::int64_t>(text);
        return milliseconds && *milliseconds <= jackpot::timestamp_max / 1000
                   ? std::optional(*milliseconds * 1000)
                   : std::nullopt;
    }
    if (year_digits.size() != 4 || !take(rest, '-')) {
        return std::nullopt;
    }
    const auto month_number = two_digits(rest, 12);
    const bool dash = take(rest, '-');
    const auto day_number = two_digits(rest, 31);
    const bool blank = take(rest, 'T') || take(rest, ' ');
    const auto hour = two_digits(rest, 23);
    const bool colon = take(rest, ':');
    const auto minute = two_digits(rest, 59);
    const bool second_colon = take(rest, ':');
    const auto second = two_digits(rest, 59);
    if (!month_number || !dash || !day_number || !blank || !hour || !colon || !minute || !second_colon ||
        !second) {
        return std::nullopt;
    }
    std::string fraction;
    if (take(rest, '.')) {
        fraction = take_digits(rest);
        if (fraction.empty() || fraction.size() > 9) {
            return std::nullopt;
        }
    }
    fraction.resize(6, '0');
    const year_month_day date{year(*number_of<int>(year_digits)), month(static_cast<unsigned>(*month_number)),
                              day(static_cast<unsigned>(*day_number))};
    const auto offset = offset_of(rest);
    if (!date.ok() || !offset) {
        return std::nullopt;
    }
    const sys_time<microseconds> at = sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second) -
                                      seconds(*offset) + microseconds(*number_of<int>(fraction));
    const jackpot::timestamp us = at.time_since_epoch().count();
    return us >= 0 && us <= jackpot::timestamp_max ? std::optional(us) : std::nullopt;
}

}  // namespace migrator
