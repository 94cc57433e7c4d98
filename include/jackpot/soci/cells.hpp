// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_CELLS_HPP
#define JACKPOT_SOCI_CELLS_HPP

#include <jackpot/core/notation.hpp>
#include <jackpot/core/operation.hpp>

#include <soci/soci.h>

#include <chrono>
#include <string>
#include <type_traits>

// How a value of the library becomes a value of a column, and back.
//
// Values are bound as long long or as text, and always read as text: that is exact on every engine,
// while reading numbers would take what is not one (SQLite gives 0 for 'abc', 1 for 1.5) in silence.

namespace jackpot { inline namespace v1 { namespace sql {

/// What a column holds; a dialect gives each kind its type.
enum class value_kind : std::uint8_t {
    word,
    name,
    text,
    integer,
    amount,
    wide_amount,
    rate,
    moment,
    identifier
};

[[nodiscard]] constexpr bool is_number(value_kind kind) noexcept {
    return kind == value_kind::integer || kind == value_kind::amount;
}

/// A value on its way to or from the engine, which keeps its address.
struct cell {
    std::string name{};
    bool number_bound = false;  // the number is bound, not the text
    soci::indicator state = soci::i_null;
    long long number = 0;
    std::string text{};
};

/// A timestamp, apart from amounts, which may have the same type.
struct moment {
    timestamp value = 0;
};

/// | member  | meaning                                                   |
/// | ------- | --------------------------------------------------------- |
/// | `kind`  | what the column holds                                     |
/// | `check` | what holds of every value, as SQL; `@` is the column      |
/// | `write` | into a cell, its `number` or its `text` by the kind       |
/// | `read`  | from text; false where the text is not one of its values  |
template <class T>
struct field;

template <>
struct field<name> {
    static constexpr value_kind kind = value_kind::name;
    static std::string check() { return {}; }
    static void write(const name& value, cell& c) { c.text.assign(value.view()); }
    static bool read(std::string_view text, name& value) { return notation::detail::read_name(text, value); }
};

/// A key of the journal: a caller's, or one that no caller can have, behind a control character.
struct journal_key {
    name key{};
};

template <>
struct field<journal_key> {
    static constexpr value_kind kind = value_kind::name;
    static std::string check() { return {}; }
    static void write(const journal_key& value, cell& c) { c.text.assign(value.key.view()); }
    static bool read(std::string_view text, journal_key& value) {
        name callers;
        value.key = text;
        const bool is_callers = text.empty() || static_cast<unsigned char>(text[0]) >= 0x20;
        return !value.key.truncated() &&
               notation::detail::read_name(is_callers ? text : text.substr(1), callers);
    }
};

template <>
struct field<std::string> {
    static constexpr value_kind kind = value_kind::text;
    static std::string check() { return {}; }
    static void write(const std::string& value, cell& c) { c.text.assign(value); }
    static bool read(std::string_view text, std::string& value) {
        value.assign(text);
        return true;
    }
};

/// Counters. SOCI 4.0 binds unsigned values as signed ones, and so does this: none comes near 2⁶³.
template <std::unsigned_integral Integer>
struct field<Integer> {
    static constexpr value_kind kind = value_kind::integer;
    static std::string check() { return "@ >= 0"; }
    static void write(Integer value, cell& c) { c.number = static_cast<long long>(value); }
    static bool read(std::string_view text, Integer& value) {
        return notation::detail::read_digits(text, value);
    }
};

template <amount Amount>
struct field<Amount> {
    static constexpr bool is_long_long = std::is_same_v<Amount, std::int64_t>;
    static constexpr value_kind kind = is_long_long ? value_kind::amount : value_kind::wide_amount;
    static std::string check() { return {}; }
    static void write(const Amount& value, cell& c) {
        if constexpr (is_long_long) {
            c.number = value;
        } else {
            c.text.assign(amount_traits<Amount>::to_text(value));
        }
    }
    static bool read(std::string_view text, Amount& value) {
        return notation::detail::read_amount(text, value);
    }
};

template <>
struct field<rate> {
    static constexpr value_kind kind = value_kind::rate;
    static std::string check() { return "@ >= 0 AND @ <= 1"; }
    static void write(const rate& value, cell& c) { c.text.assign(to_text(value)); }
    static bool read(std::string_view text, rate& value) {
        return notation::detail::take(rate::parse(text), value);
    }
};

constexpr const auto& words_of(pool_status) noexcept {
    return jackpot::detail::pool_status_names;
}
using jackpot::detail::words_of;
constexpr const auto& words_of(when) noexcept {
    return jackpot::detail::when_names;
}
constexpr const auto& words_of(operation_kind) noexcept {
    return jackpot::detail::kind_names;
}

template <class Enum>
requires std::is_enum_v<Enum>
struct field<Enum> {
    static constexpr value_kind kind = value_kind::word;
    // Not IN: SQLite makes a table of such a list, for every row that it checks.
    static std::string check() {
        std::string list;
        for (const std::string_view word : words_of(Enum{})) {
            list.append(list.empty() ? "@ = '" : " OR @ = '").append(word).append("'");
        }
        return list;
    }
    static void write(Enum value, cell& c) { c.text.assign(to_string(value)); }
    static bool read(std::string_view text, Enum& value) {
        return notation::detail::take(jackpot::detail::unspell<Enum>(text, words_of(Enum{})), value);
    }
};

/// As 32 hexadecimal digits.
template <>
struct field<identifier> {
    static constexpr value_kind kind = value_kind::identifier;
    static std::string check() { return {}; }
    static void write(const identifier& value, cell& c) {
        c.text.clear();
        for (const std::uint64_t half : {value.high, value.low}) {
            for (int shift = 60; shift >= 0; shift -= 4) {
                c.text.push_back("0123456789abcdef"[(half >> shift) & 15U]);
            }
        }
    }
    static bool read(std::string_view text, identifier& value) {
        return text.size() == 32 && read_half(text.substr(0, 16), value.high) &&
               read_half(text.substr(16), value.low);
    }

private:
    static bool read_half(std::string_view text, std::uint64_t& half) {
        const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), half, 16);
        return failed == std::errc{} && stop == text.data() + text.size();
    }
};

/// As `2025-06-15 15:06:40.000001`, UTC. Engines with a type for it may leave out zeros at the end, and
/// add the offset of UTC.
template <>
struct field<moment> {
    static constexpr value_kind kind = value_kind::moment;
    static constexpr std::string_view shape = "0000-00-00 00:00:00.000000";

    static std::string check() { return {}; }
    static void write(const moment& value, cell& c) {
        using namespace std::chrono;
        const sys_time<microseconds> at{microseconds{value.value}};
        const auto day = floor<days>(at);
        const year_month_day date{day};
        const hh_mm_ss<microseconds> time{at - day};
        c.text.assign(shape);
        put(c.text, 0, 4, int(date.year()));
        put(c.text, 5, 2, unsigned(date.month()));
        put(c.text, 8, 2, unsigned(date.day()));
        put(c.text, 11, 2, time.hours().count());
        put(c.text, 14, 2, time.minutes().count());
        put(c.text, 17, 2, time.seconds().count());
        put(c.text, 20, 6, time.subseconds().count());
    }
    static bool read(std::string_view text, moment& value) {
        using namespace std::chrono;
        if (text.ends_with("+00")) {
            text.remove_suffix(3);
        }
        std::string full(text.substr(0, shape.size()));
        const std::size_t seconds_end = shape.find('.');
        if (text.size() > shape.size() || text.size() < seconds_end || text.size() == seconds_end + 1) {
            return false;
        }
        full.append(shape.substr(text.size()));
        for (std::size_t i = 0; i < shape.size(); ++i) {
            if (shape[i] == '0' ? full[i] < '0' || full[i] > '9' : full[i] != shape[i]) {
                return false;
            }
        }
        const year_month_day date{year(get(full, 0, 4)), month(unsigned(get(full, 5, 2))),
                                  day(unsigned(get(full, 8, 2)))};
        const int hour = get(full, 11, 2);
        const int minute = get(full, 14, 2);
        const int second = get(full, 17, 2);
        const sys_time<microseconds> at =
            sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + microseconds(get(full, 20, 6));
        value.value = at.time_since_epoch().count();
        return date.ok() && hour < 24 && minute < 60 && second < 60;
    }

private:
    template <class Integer>
    static void put(std::string& text, std::size_t first, std::size_t digits, Integer value) {
        for (std::size_t i = digits; i-- > 0; value /= 10) {
            text[first + i] = static_cast<char>('0' + value % 10);
        }
    }
    static int get(std::string_view text, std::size_t first, std::size_t digits) {
        int value = 0;
        std::from_chars(text.data() + first, text.data() + first + digits, value);
        return value;
    }
};

/// The field of a column's value, which may be absent.
template <class T>
struct field_of : field<T> {
    static constexpr bool nullable = false;
};
template <class T>
struct field_of<std::optional<T>> : field<T> {
    static constexpr bool nullable = true;
};

template <class T>
void write_cell(const T& value, cell& c) {
    c.state = soci::i_ok;
    field<T>::write(value, c);
}
template <class T>
void write_cell(const std::optional<T>& value, cell& c) {
    c.state = soci::i_null;
    if (value) {
        write_cell(*value, c);
    }
}

template <class T>
[[nodiscard]] bool read_cell(const cell& c, T& value) {
    return c.state == soci::i_ok && field<T>::read(c.text, value);
}
template <class T>
[[nodiscard]] bool read_cell(const cell& c, std::optional<T>& value) {
    if (c.state == soci::i_null) {
        value.reset();
        return true;
    }
    return read_cell(c, value.emplace());
}

}}}  // namespace jackpot::v1::sql

#endif
