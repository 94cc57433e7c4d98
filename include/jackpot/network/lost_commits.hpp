// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_LOST_COMMITS_HPP
#define JACKPOT_NETWORK_LOST_COMMITS_HPP

#include <jackpot/store/storage.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The commits of one call whose answers were lost. Each may have landed, may land yet, or never will: the
/// journal tells. Where all the sequences at which they would begin are taken, none lands any more; where one
/// was decided on a history that the store has no longer, its guard keeps it out.
template <amount Amount>
class lost_commits {
public:
    [[nodiscard]] bool any() const noexcept { return first_ != 0; }
    /// What was said instead of the answer.
    [[nodiscard]] const error& what() const noexcept { return what_; }
    /// May that request of the call be in one of them?
    [[nodiscard]] bool may_hold(std::size_t request) const noexcept { return any() && requests_[request]; }

    void none_left() noexcept { first_ = last_ = 0; }

    /// A commit of those requests, of a call of `size`, which was to begin at that sequence.
    void add(std::uint64_t sequence, const std::vector<std::size_t>& requests, std::size_t size,
             const error& what) {
        if (!any()) {
            requests_.assign(size, false);
            first_ = sequence;
        }
        for (const std::size_t i : requests) {
            requests_[i] = true;
        }
        // After a failover the store may be at an earlier sequence than when the first was made.
        first_ = (std::min)(first_, sequence);
        last_ = (std::max)(last_, sequence);
        what_ = what;
    }

    /// Calls `landed(operation)` for every operation of the journal that one of them can have brought. Error:
    /// unavailable, where a checkpoint stands for such, so that nothing can tell any more; the store's.
    template <class Store, class Landed>
    [[nodiscard]] expected<void> look_for(Store& store, Landed&& landed) {
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
        if (where.after >= last_) {
            none_left();
        }
        return success();
    }

private:
    std::uint64_t first_ = 0;  // the earliest and the latest sequence at which one began; 0 = there is none
    std::uint64_t last_ = 0;
    error what_;
    std::vector<bool> requests_;
    std::vector<basic_operation<Amount>> page_;
};

}}}  // namespace jackpot::v1::detail

#endif
