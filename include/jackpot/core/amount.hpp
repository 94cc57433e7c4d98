// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_AMOUNT_HPP
#define JACKPOT_CORE_AMOUNT_HPP

#include <jackpot/core/text.hpp>

#include <charconv>
#include <concepts>
#include <limits>
#include <optional>

namespace jackpot { inline namespace v1 {

/// Tells the library about an amount type. This header specialises it for `std::int64_t`, wide.hpp for a
/// 256-bit type.
///
/// | member          | meaning                                                              |
/// | --------------- | -------------------------------------------------------------------- |
/// | `type_name`     | how a store names the type; stores of different names never mix      |
/// | `amount_max()`  | the largest amount; the smallest is `-amount_max()`,                 |
/// | `amount_min()`  | (optional) or for a meter this, which may have no negation           |
/// | `to_text(a)`    | decimal, shortest form                                               |
/// | `from_text(t)`  | none unless `t` is all decimal digits, with `-` before, and in range  |
/// | `bytes`         | width in a journal kept in memory                                    |
/// | `write`, `read` | to and from `bytes` bytes                                            |
template <class Amount>
struct amount_traits;

template <class Amount>
concept amount = std::regular<Amount> && std::totally_ordered<Amount> &&
    requires(const Amount& a, std::string_view text, unsigned char* to, const unsigned char* from) {
    { amount_traits<Amount>::type_name } -> std::convertible_to<std::string_view>;
    { amount_traits<Amount>::amount_max() } -> std::convertible_to<Amount>;
    { amount_traits<Amount>::to_text(a) } -> std::convertible_to<std::string_view>;
    { amount_traits<Amount>::from_text(text) } -> std::same_as<std::optional<Amount>>;
    { amount_traits<Amount>::bytes } -> std::convertible_to<std::size_t>;
    amount_traits<Amount>::write(a, to);
    { amount_traits<Amount>::read(from) } -> std::same_as<Amount>;
};

template <>
struct amount_traits<std::int64_t> {
    static constexpr std::string_view type_name = "int64";
    static constexpr std::size_t bytes = sizeof(std::int64_t);

    static constexpr std::int64_t amount_max() noexcept {
        return (std::numeric_limits<std::int64_t>::max)();  // parenthesised: max may be a macro
    }
    static constexpr std::int64_t amount_min() noexcept { return (std::numeric_limits<std::int64_t>::min)(); }
    static basic_text<24> to_text(std::int64_t value) noexcept {
        char buffer[24];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
        return std::string_view(buffer, static_cast<std::size_t>(end - buffer));
    }
    static std::optional<std::int64_t> from_text(text_view text) noexcept {
        std::int64_t value = 0;
        const auto end = text.data() + text.size();
        const auto [stop, failed] = std::from_chars(text.data(), end, value);
        if (failed != std::errc{} || stop != end) {
            return std::nullopt;
        }
        return value;
    }
    static void write(std::int64_t value, unsigned char* to) noexcept { std::memcpy(to, &value, bytes); }
    static std::int64_t read(const unsigned char* from) noexcept {
        std::int64_t value = 0;
        std::memcpy(&value, from, bytes);
        return value;
    }
};

static_assert(amount<std::int64_t>);

namespace detail {

/// The smallest amount that a meter can have.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE Amount amount_min() noexcept {
    if constexpr (requires { amount_traits<Amount>::amount_min(); }) {
        return amount_traits<Amount>::amount_min();
    } else {
        return -amount_traits<Amount>::amount_max();
    }
}

/// Can a meter have that value?
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE bool in_range(const Amount& value) noexcept {
    return value <= amount_traits<Amount>::amount_max() && value >= amount_min<Amount>();
}

/// Adds `value` to `total`. False, and `total` keeps its value, where the sum leaves the range. Both must be
/// in range already.
template <amount Amount>
[[nodiscard]] JACKPOT_INLINE bool add(Amount& total, const Amount& value) noexcept {
#if defined(__GNUC__)
    if constexpr (std::is_same_v<Amount, std::int64_t>) {
        std::int64_t sum = 0;
        if (__builtin_add_overflow(total, value, &sum)) {
            return false;
        }
        total = sum;
        return true;
    }
#endif
    if (value > 0 ? total > amount_traits<Amount>::amount_max() - value
                  : total < amount_min<Amount>() - value) {
        return false;
    }
    total += value;
    return true;
}

/// Takes `value` off `total`, as `add` adds it. On the way to a sum in range nothing leaves the range, though
/// the smallest amount has no negation.
template <amount Amount>
[[nodiscard]] bool subtract(Amount& total, const Amount& value) noexcept {
    return value < 0 ? add(total, Amount(-(value + 1))) && add(total, Amount(1)) : add(total, Amount(-value));
}

}  // namespace detail
}}  // namespace jackpot::v1

#endif
