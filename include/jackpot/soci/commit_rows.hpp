// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_COMMIT_ROWS_HPP
#define JACKPOT_SOCI_COMMIT_ROWS_HPP

#include <jackpot/soci/pools.hpp>

// The rows that a commit writes, and the statement by which it moves the store on.

namespace jackpot { inline namespace v1 { namespace sql {

/// The moment that a commit was decided on.
struct guard_row {
    std::uint64_t sequence = 0;
    identifier newest{};

    static constexpr std::string_view table = store_row::table;
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("guard", row.sequence);
        each("newest", row.newest);
    }
};

/// Moves the store's row from the guard, which writers stand in line for, to a commit's last operation. The
/// journal tells whether the guard is of this history: by its primary key, of a row that nobody changes.
[[nodiscard]] inline std::string move_store_statement() {
    return update<store_row>() +
           " AND sequence = :guard AND sealed = :sealed AND (sequence = 0 OR identity = :identity AND EXISTS"
           " (SELECT 1 FROM jackpot_journal WHERE sequence = :guard AND part = 0 AND id = :newest))";
}

/// The rows that a commit writes.
template <amount Amount>
struct commit_rows {
    store_row to{};
    guard_row guard{};
    journal_rows<Amount> journal;
    std::vector<pool_change<Amount>> pools{};  ///< those that are there and change
};

}}}  // namespace jackpot::v1::sql

#endif
