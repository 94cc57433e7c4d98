// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_RATE_HPP
#define JACKPOT_CORE_RATE_HPP

#include <jackpot/core/amount.hpp>

namespace jackpot { inline namespace v1 {

/// The share of a wager that a pool takes: a decimal in [0, 1] with at most nine fraction digits, held
/// exactly, in parts per billion. A rate out of that range can be made and is refused by the rules.
class rate {
public:
    static constexpr std::int64_t one_ppb = 1'000'000'000;

    constexpr rate() noexcept = default;

    [[nodiscard]] static constexpr rate from_ppb(std::int64_t ppb) noexcept {
        rate r;
        r.ppb_ = ppb;
        return r;
    }

    /// 1 to 10 digits, then optionally a point and 1 to 9 digits, at most 1; anything else is none (R1).
    [[nodiscard]] static constexpr std::optional<rate> parse(std::string_view text) noexcept {
        const std::size_t point = text.find('.');
        const std::string_view whole = text.substr(0, point);
        const std::string_view fraction =
            point == std::string_view::npos ? std::string_view("0") : text.substr(point + 1);
        if (whole.empty() || whole.size() > 10 || fraction.empty() || fraction.size() > 9) {
            return std::nullopt;
        }
        std::int64_t ppb = 0;
        for (const char c : whole) {
            if (c < '0' || c > '9') {
                return std::nullopt;
            }
            ppb = ppb * 10 + (c - '0');
        }
        for (std::size_t i = 0; i < 9; ++i) {
            const char c = i < fraction.size() ? fraction[i] : '0';
            if (c < '0' || c > '9' || ppb > one_ppb) {
                return std::nullopt;
            }
            ppb = ppb * 10 + (c - '0');
        }
        if (ppb > one_ppb) {
            return std::nullopt;
        }
        return from_ppb(ppb);
    }

    [[nodiscard]] constexpr std::int64_t ppb() const noexcept { return ppb_; }
    [[nodiscard]] constexpr bool valid() const noexcept { return ppb_ >= 0 && ppb_ <= one_ppb; }

    friend constexpr auto operator<=>(rate, rate) noexcept = default;

private:
    std::int64_t ppb_ = 0;
};

/// The shortest decimal: "0.02", "0", "1". A rate out of range is shown with its unit.
[[nodiscard]] inline basic_text<32> to_text(rate r) noexcept {
    if (!r.valid()) {
        basic_text<32> out = amount_traits<std::int64_t>::to_text(r.ppb()).view();
        return out.append(" ppb");
    }
    char digits[] = "0.000000000";
    digits[0] = r.ppb() == rate::one_ppb ? '1' : '0';
    std::int64_t rest = r.ppb() % rate::one_ppb;
    std::size_t length = rest == 0 ? 1 : sizeof digits - 1;
    for (std::size_t i = sizeof digits - 2; i > 1; --i, rest /= 10) {
        digits[i] = static_cast<char>('0' + rest % 10);
    }
    while (length > 1 && digits[length - 1] == '0') {
        --length;
    }
    return std::string_view(digits, length);
}

}}  // namespace jackpot::v1

#endif
