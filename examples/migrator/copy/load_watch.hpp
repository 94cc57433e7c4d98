// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_COPY_LOAD_WATCH_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_COPY_LOAD_WATCH_HPP

#include <algorithm>
#include <array>
#include <chrono>

namespace migrator {

/// Tells from how long commits take that a store came under load: several in a row took several times as
/// long as the median of the first ones did.
class load_watch {
public:
    using duration = std::chrono::steady_clock::duration;

    /// To be called with each commit; true where the store is under load.
    bool took(duration commit) {
        if (seen_ < first_.size()) {
            first_[seen_++] = commit;
            std::sort(first_.begin(), first_.begin() + static_cast<std::ptrdiff_t>(seen_));
            return false;
        }
        // Below that nobody waits for it, and chance makes more of a difference than load.
        constexpr duration felt = std::chrono::milliseconds(200);
        const duration usual = (std::max)(first_[first_.size() / 2], felt / 4);
        slow_ = commit > usual * 4 ? slow_ + 1 : 0;
        return slow_ >= 3;
    }

private:
    std::array<duration, 9> first_{};
    std::size_t seen_ = 0;
    int slow_ = 0;
};

}  // namespace migrator

#endif
