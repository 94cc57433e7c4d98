// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_ODOMETER_HPP
#define JACKPOT_RULES_ODOMETER_HPP

#include <jackpot/rules/contribution.hpp>

namespace jackpot { inline namespace v1 {

/// The value of a meter, and when a display heard of it, in microseconds of the display's own clock.
template <amount Amount>
struct basic_sample {
    Amount value{};
    timestamp at = 0;
};

using sample = basic_sample<std::int64_t>;

/// Samples that are further apart than this, in microseconds, set no pace: a display that crept for as long
/// as nobody wagered would show the next wager that much too late.
inline constexpr timestamp odometer_pause = 1'500'000;

/// What a display shows of a meter that ticks from one sample to the next, at the pace at which it grew: at
/// `newest.at` the earlier value, and the newest one as long after that as the samples are apart.
///
/// - It never overstates: what it shows is at most `newest.value`.
/// - For one pair of samples it never falls while `now` does not. Nor does it from one pair to the next, if
///   `earlier` is the newest sample of the pair before, or what was shown when the new one came in: but where
///   the meter itself fell (a win, a restore, or else what corrects it: adjust, transfer, close, revert), it
///   shows the newest value at once, for what is gone must not be promised for another moment.
///
/// Clocks may be wrong: a `now` before the newest sample is taken for its time. It cannot fail.
template <amount Amount>
[[nodiscard]] Amount odometer(const basic_sample<Amount>& earlier, const basic_sample<Amount>& newest,
                              timestamp now) {
    // Unsigned, for clocks of both signs may be further apart than a timestamp can be.
    const auto apart = [](timestamp from, timestamp to) {
        return to > from ? static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from) : 0;
    };
    const std::uint64_t pace = apart(earlier.at, newest.at);
    const std::uint64_t passed = apart(newest.at, now);
    Amount grown = newest.value;
    if (newest.value <= earlier.value || passed >= pace || pace > odometer_pause ||
        !detail::subtract(grown, earlier.value)) {
        return newest.value;
    }
    const auto part = rate::from_ppb(static_cast<std::int64_t>(passed * rate::one_ppb / pace));
    return earlier.value + detail::share_of(grown, part, 0).credit;
}

}}  // namespace jackpot::v1

#endif
