// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_AS_OF_HPP
#define JACKPOT_REPLICATION_AS_OF_HPP

#include <jackpot/replication/fold.hpp>

namespace jackpot { inline namespace v1 {
namespace detail {

/// Checks that `next`, the first operation behind a moment, leaves no doubt of the states there: a checkpoint
/// hides the operations that it stands for, and nobody knows which of them came before. Error: unsupported.
template <amount Amount>
[[nodiscard]] expected<void> check_reach(const basic_snapshot<Amount>& states,
                                         const basic_operation<Amount>& next) {
    return next.kind() == operation_kind::checkpoint && next.sequence > states.head.sequence + 1
               ? fail(errc::unsupported, "the journal lacks that moment: it begins at operation",
                      std::to_string(next.sequence))
               : success();
}

}  // namespace detail

/// The states at a moment, in microseconds: those that the operations up to and with that time lead to; none
/// where the first one is later. Their head has no identity and no seal, as the journal does not tell them.
///
/// It reads the journal from its beginning, a page at a time, and changes nothing, so that it can be called
/// again after any error. Once a later operation is there, the answer stays the same for ever: before that,
/// another operation may still come in at that time (R10).
///
/// Errors, in this order: the store's; corrupt, where an operation cannot follow those before it;
/// unsupported, where the journal was trimmed, or begun with a backup, and its checkpoint is later than the
/// moment.
template <storage Storage>
[[nodiscard]] expected<basic_snapshot<typename Storage::amount_type>> as_of(Storage& store, timestamp time) {
    basic_snapshot<typename Storage::amount_type> states;
    detail::journal_reader<Storage> journal(store);
    for (;;) {
        const auto o = journal.next();
        if (!o) {
            return tl::unexpected(o.error());
        }
        if (*o == nullptr) {
            return states;
        }
        if ((*o)->at > time) {
            return detail::check_reach(states, **o).map([&] { return std::move(states); });
        }
        if (auto applied = apply(states, **o); !applied) {
            return tl::unexpected(applied.error());
        }
    }
}

}}  // namespace jackpot::v1

#endif
