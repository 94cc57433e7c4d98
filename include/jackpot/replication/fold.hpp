// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_FOLD_HPP
#define JACKPOT_REPLICATION_FOLD_HPP

#include <jackpot/rules/apply.hpp>
#include <jackpot/store/storage.hpp>

#include <limits>
#include <string>

namespace jackpot { inline namespace v1 {

inline constexpr std::uint64_t sequence_max = (std::numeric_limits<std::uint64_t>::max)();

namespace detail {

/// A store's journal from its beginning, one operation after the other, a page in memory at a time.
template <storage Storage>
class journal_reader {
public:
    using operation_type = basic_operation<typename Storage::amount_type>;

    explicit journal_reader(Storage& store) : store_(&store) {}

    /// The next operation, valid until the next call; null behind the last.
    [[nodiscard]] expected<const operation_type*> next() {
        if (at_ == page_.size()) {
            if (!page_.empty()) {
                query_.after = page_.back().sequence;
            }
            at_ = 0;
            if (auto read = store_->read(query_, page_); !read) {
                return tl::unexpected(read.error());
            }
        }
        return page_.empty() ? nullptr : &page_[at_++];
    }

private:
    Storage* store_;
    history_query query_{};
    std::vector<operation_type> page_;
    std::size_t at_ = 0;
};

}  // namespace detail

/// The states that the journal gives, up to and with the operation `last`. Errors: corrupt where an
/// operation cannot follow those before it, or the journal does not reach the sequence wanted.
template <storage Storage>
[[nodiscard]] expected<basic_snapshot<typename Storage::amount_type>> fold(Storage& store,
                                                                           std::uint64_t last) {
    basic_snapshot<typename Storage::amount_type> states;
    detail::journal_reader<Storage> journal(store);
    for (;;) {
        const auto o = journal.next();
        if (!o) {
            return tl::unexpected(o.error());
        }
        if (*o == nullptr || (*o)->sequence > last) {
            break;
        }
        if (auto applied = apply(states, **o); !applied) {
            return tl::unexpected(applied.error());
        }
    }
    if (states.head.sequence != last) {
        return fail(errc::corrupt, "the journal has no operation", std::to_string(last));
    }
    return states;
}

}}  // namespace jackpot::v1

#endif
