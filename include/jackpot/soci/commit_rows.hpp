// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_COMMIT_ROWS_HPP
#define JACKPOT_SOCI_COMMIT_ROWS_HPP

#include <jackpot/soci/pools.hpp>
#include <jackpot/store/storage.hpp>

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
    journal_rows<Amount> journal{};
    std::vector<change_at_once<Amount>> pools{};  ///< those that change
};

template <amount Amount>
[[nodiscard]] commit_rows<Amount> rows_of(const basic_commit<Amount>& c) {
    const auto& last = c.operations.back();
    commit_rows<Amount> rows{
        .to = {.identity = c.identity,
               .amount_type = std::string(std::string_view(amount_traits<Amount>::type_name)),
               .sequence = last.sequence,
               .newest_at = {last.at},
               .sealed = c.sealed ? 1U : 0U},
        .guard = {c.sequence, c.newest},
        .journal = journal_rows<Amount>(c.operations)};
    std::vector<std::uint64_t> counts;
    jackpot::detail::count_parts(c, counts);
    rows.pools.reserve(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        rows.pools.push_back({{to_row(*c.pools[i]), c.pools[i]->version - counts[i]}});
    }
    for (const auto& o : c.operations) {
        if (o.kind() == operation_kind::won) {
            const auto at = jackpot::detail::find_named(c.pools, c.pools.begin(), o.parts[0].pool);
            rows.pools[static_cast<std::size_t>(at - c.pools.begin())].won = 1;
        }
    }
    return rows;
}

/// Plans a commit once, before the store is asked, for every way that the commit may take.
template <amount Amount>
struct commit_plan {
    explicit commit_plan(const basic_commit<Amount>& c) : sound(check_commit(c)) {
        if (sound) {
            rows = rows_of(c);
            for (const auto& o : c.operations) {
                keeps_all_games = keeps_all_games && keeps_games(o);
                keeps_all_holds = keeps_all_holds && keeps_holds(o.kind());
                pays = pays || o.kind() == operation_kind::won || o.kind() == operation_kind::held;
            }
        }
    }

    expected<void> sound;  ///< or why no store takes it; there are no rows then
    commit_rows<Amount> rows{};
    bool keeps_all_games = true;  ///< unless a win or a hold finds a pending patch
    bool keeps_all_holds = true;
    bool pays = false;  ///< has a win or a hold

    /// It adds no rows but the journal's, unless a win finds a pending patch.
    [[nodiscard]] bool may_cross_at_once() const noexcept { return keeps_all_games && keeps_all_holds; }

private:
    [[nodiscard]] static bool keeps_games(const basic_operation<Amount>& o) noexcept {
        switch (o.kind()) {
            case operation_kind::opened:
            case operation_kind::restored:
            case operation_kind::checkpoint:
                return false;
            case operation_kind::configured:
                return !std::get<basic_configure_request<Amount>>(o.request).patch.games;
            default:
                return true;
        }
    }
    [[nodiscard]] static bool keeps_holds(operation_kind kind) noexcept {
        switch (kind) {
            case operation_kind::restored:
            case operation_kind::checkpoint:
            case operation_kind::held:
            case operation_kind::confirmed:
            case operation_kind::released:
                return false;
            default:
                return true;
        }
    }
};

}}}  // namespace jackpot::v1::sql

#endif
