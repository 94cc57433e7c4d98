// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_WIDE_HPP
#define JACKPOT_WIDE_HPP

// This header includes Boost.Multiprecision, which costs about 2.5 s of compile time.
#include <jackpot/core/amount.hpp>

#include <boost/multiprecision/cpp_int.hpp>

#include <string>

namespace jackpot { inline namespace v1 {

/// A 256-bit signed amount, ±(2²⁵⁵−1), for idle-game coins and 18-decimal tokens. Range checks are the
/// library's own: Boost's checked integers give 0 instead of an error without exceptions.
using wide_amount = boost::multiprecision::number<
    boost::multiprecision::cpp_int_backend<256, 256, boost::multiprecision::signed_magnitude,
                                           boost::multiprecision::unchecked, void>,
    boost::multiprecision::et_off>;

template <>
struct amount_traits<wide_amount> {
    static constexpr std::string_view type_name = "int256";
    static constexpr std::size_t bytes = 33;  // the sign, then the magnitude in four words

    static wide_amount amount_max() { return (wide_amount(1) << 255) - 1; }
    static basic_text<80> to_text(const wide_amount& value) { return std::string_view(value.str()); }
    static std::optional<wide_amount> from_text(text_view text) {
        const bool negative = !text.empty() && text.front() == '-';
        text.remove_prefix(negative ? 1 : 0);
        while (text.size() > 1 && text.front() == '0') {
            text.remove_prefix(1);
        }
        if (text.empty() || text.size() > 77 ||
            text.find_first_not_of("0123456789") != std::string_view::npos) {
            return std::nullopt;
        }
        wide_amount value = 0;
        for (const char digit : text) {
            value = value * 10 + (digit - '0');
        }
        if (value > amount_max()) {
            return std::nullopt;
        }
        return negative ? wide_amount(-value) : value;
    }
    static void write(const wide_amount& value, unsigned char* to) {
        *to = value < 0 ? 1 : 0;
        wide_amount rest = value < 0 ? wide_amount(-value) : value;
        for (std::size_t i = 1; i < bytes; i += sizeof(std::uint64_t), rest >>= 64) {
            const auto limb = static_cast<std::uint64_t>(rest & 0xFFFFFFFFFFFFFFFFU);
            std::memcpy(to + i, &limb, sizeof limb);
        }
    }
    static wide_amount read(const unsigned char* from) {
        wide_amount value = 0;
        for (std::size_t i = bytes; i > 1;) {
            i -= sizeof(std::uint64_t);
            std::uint64_t limb = 0;
            std::memcpy(&limb, from + i, sizeof limb);
            value = (value << 64) | limb;
        }
        return *from != 0 ? wide_amount(-value) : value;
    }
};

static_assert(amount<wide_amount>);

}}  // namespace jackpot::v1

#endif
