// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_VERSION_2_HPP
#define JACKPOT_SOCI_VERSION_2_HPP

#include <jackpot/rules/apply.hpp>
#include <jackpot/soci/alter.hpp>
#include <jackpot/soci/pages.hpp>

// From version 1 of the schema to version 2. The journal keeps its meaning. The pools have meters that
// version 1 had no columns for: what they are, the journal tells, for they are a fold of it. A journal that
// was trimmed tells it from its checkpoint on: seeded, wager_count and total_forgone then count from there,
// and reset_sequence is 0 until the next reset.

namespace jackpot { inline namespace v1 { namespace sql::version_2 {

/// What a pool has that version 1 had no columns for, and the journal tells.
template <amount Amount>
struct later_columns : basic_meters<Amount> {
    name pool{};
    std::uint64_t reset_sequence = 0;

    static constexpr std::string_view table = pool_row<Amount>::table;
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        static const table_spec& older =
            *std::find_if(version_1::tables<Amount>().begin(), version_1::tables<Amount>().end(),
                          [](const table_spec& t) { return t.name == table; });
        each("group", row.pool);
        for (std::size_t i = 0; i < all_meters<Amount>.size(); ++i) {
            if (!has_column(older, all_meters<Amount>[i].column())) {
                meter_columns<all_meters<Amount>>(row, i, i + 1, each);
            }
        }
        each("reset_sequence", row.reset_sequence);
    }
};

/// What a pool shows, whoever may have edited it.
template <amount Amount>
struct shown_row {
    name pool{};
    Amount current{};

    static constexpr std::string_view table = pool_row<Amount>::table;
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("group", row.pool);
        each("current_amount", row.current);
    }
};

/// The states that the whole journal folds to. Error: corrupt, where it cannot be folded.
template <amount Amount>
[[nodiscard]] basic_snapshot<Amount> fold_journal(connection& c) {
    basic_snapshot<Amount> states;
    std::vector<basic_operation<Amount>> page;
    do {
        read_page<Amount>(c, {.after = states.head.sequence}, page);
        for (const auto& o : page) {
            throw_if_failed(apply(states, o));
        }
    } while (!page.empty());
    return states;
}

template <amount Amount>
void derive_meters(connection& c) {
    c.begin_writing();
    const auto states = fold_journal<Amount>(c);
    std::vector<shown_row<Amount>> shown;
    c.prepared(select_from<shown_row<Amount>>())
        .template select<shown_row<Amount>>([&](const shown_row<Amount>& row) { shown.push_back(row); });
    static const std::string statement = update<later_columns<Amount>>();
    for (const auto& row : shown) {
        if (const auto* folded = states.pools.find(row.pool)) {
            later_columns<Amount> meters{*folded, row.pool, folded->reset_sequence};
            // A row that was edited by hand stays for a repair to judge; it must be one that the table takes.
            meters.seeded = (std::min)(meters.seeded, row.current);
            c.prepared(statement).run(meters);
        }
    }
}

template <amount Amount>
void apply(connection& c) {
    change_tables(c, version_1::tables<Amount>(), tables_now<Amount>(), computes<Amount>(c.engine()));
    derive_meters<Amount>(c);
}

}}}  // namespace jackpot::v1::sql::version_2

#endif
