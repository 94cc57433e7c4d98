// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_TOUCHED_POOLS_HPP
#define JACKPOT_MEMORY_TOUCHED_POOLS_HPP

#include <jackpot/core/list.hpp>
#include <jackpot/core/snapshot.hpp>
#include <jackpot/core/sort.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Which pools a run of operations changes.
template <amount Amount>
class touched_pools {
public:
    [[nodiscard]] bool try_reserve(std::size_t pools) noexcept { return pools_.try_reserve(2 * pools); }

    void add(const basic_pool<Amount>& pool) {
        if (pools_.size() == pools_.capacity()) {
            each_once();
            if (pools_.size() > pools_.capacity() / 2 && !pools_.try_reserve(2 * pools_.capacity())) {
                JACKPOT_ABORT();
            }
        }
        pools_.push_back(&pool);
    }
    void add_all() noexcept {
        all_ = true;
        pools_.clear();
    }

    /// Moves their states to `states`, and begins anew. False without memory.
    [[nodiscard]] bool take(const basic_pools<Amount>& from, bool& all,
                            list<basic_pool<Amount>, 1>& states) noexcept {
        each_once();
        if (!states.try_reserve(all_ ? from.size() : pools_.size())) {
            return false;
        }
        states.clear();
        all = all_;
        if (all_) {
            states.assign(from.begin(), from.end());
        } else {
            for (const auto* pool : pools_) {
                states.push_back(*pool);
            }
        }
        pools_.clear();
        all_ = false;
        return true;
    }

private:
    void each_once() noexcept {
        sort(pools_.data(), pools_.size(), [](const auto* a, const auto* b) { return a->pool < b->pool; });
        const auto* end = std::unique(pools_.begin(), pools_.end());
        pools_.truncate(static_cast<std::size_t>(end - pools_.begin()));
    }

    list<const basic_pool<Amount>*, 1> pools_;  // some of them twice
    bool all_ = false;
};

}}}  // namespace jackpot::v1::detail

#endif
