// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_LOST_COMMITS_HPP
#define JACKPOT_NETWORK_LOST_COMMITS_HPP

#include <jackpot/store/storage.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The commits of one call whose answers were lost. Each may have landed, may still land, or never will: the
/// journal tells. Once other operations have all the sequences at which the commits would begin, none of them
/// lands any more; a commit that was decided on a history that the store no longer has is kept out by its
/// guard.
template <amount Amount>
class lost_commits {
public:
    [[nodiscard]] bool any() const noexcept { return first_ != 0; }
    /// The error that came instead of the answer.
    [[nodiscard]] const error& what() const noexcept { return what_; }
    /// True where one of them may hold that request of the call.
    [[nodiscard]] bool may_hold(std::size_t request) const noexcept {
        return any() && requests_[request] != 0;
    }

    void none_left() noexcept { first_ = last_ = 0; }

    /// Adds a commit of those requests, of a call of `size`, that would begin at that sequence.
    void add(std::uint64_t sequence, const std::vector<std::size_t>& requests, std::size_t size,
             const error& what) {
        if (!any()) {
            requests_.assign(size, 0);
            first_ = sequence;
        }
        for (const std::size_t i : requests) {
            requests_[i] = 1;
        }
        // After a failover the store may be at an earlier sequence than when the first was made.
        first_ = (std::min)(first_, sequence);
        last_ = (std::max)(last_, sequence);
        what_ = what;
    }

    /// Calls `landed(operation)` for every operation of the journal that one of them can have brought.
    /// Errors: unavailable, where a checkpoint stands for such operations, so that nothing can tell any more,
    /// or where the journal ends before `until`, for then it is a copy's that is behind; the store's.
    template <class Store, class Landed>
    [[nodiscard]] expected<void> look_for(Store& store, std::uint64_t until, Landed&& landed) {
        history_query where{.after = first_ - 1, .limit = 256};
        do {
            if (auto read = store.read(where, page_); !read) {
                return read;
            }
            for (const auto& o : page_) {
                if (o.kind() == operation_kind::checkpoint) {
                    return fail(errc::unavailable, "the journal no longer tells whether the commit landed");
                }
                landed(o);
                where.after = o.sequence;
            }
        } while (!page_.empty());
        if (where.after < until) {
            return fail(errc::unavailable, "the journal that was read is older than the states");
        }
        if (where.after >= last_) {
            none_left();
        }
        return success();
    }

private:
    std::uint64_t first_ = 0;  // the earliest and the latest sequence at which one began; 0 = there is none
    std::uint64_t last_ = 0;
    error what_;
    std::vector<std::size_t> requests_;  // 1 for each of the call that may be in one
    std::vector<basic_operation<Amount>> page_;
};

}}}  // namespace jackpot::v1::detail

#endif
