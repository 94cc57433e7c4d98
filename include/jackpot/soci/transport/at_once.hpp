// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_TRANSPORT_AT_ONCE_HPP
#define JACKPOT_SOCI_TRANSPORT_AT_ONCE_HPP

#include <jackpot/soci/pools.hpp>

#include <array>

// A commit in one round trip: a transaction of its own, or nothing. It refuses without saying why.

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

struct answer_row {
    std::uint32_t committed = 0;

    static constexpr std::string_view table = "answer";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("committed", row.committed);
    }
};

/// All parts wait for the first one, and so for its lock. Where a pool is not as the commit knew it, the
/// division fails the statement, and with it all of them.
template <amount Amount>
[[nodiscard]] std::string commit_statement(const std::string& journal_source,
                                           const std::string& pools_source) {
    using change = pool_change<Amount>;
    std::string set;
    const pool_row<Amount> any;
    pool_row<Amount>::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
        const std::string quoted = "\"" + std::string(column) + "\"";
        set.append(set.empty() ? "" : ", ").append(quoted + " = new." + quoted);
    });
    return "WITH moved AS (" + move_store_statement() + " RETURNING 1), journal AS (" +
           insert_prefix<journal_row<Amount>>() + "SELECT * FROM " + journal_source +
           " AS new WHERE EXISTS (SELECT 1 FROM moved)), pools AS (UPDATE jackpots SET " + set + " FROM " +
           pools_source + " AS new (" + list_columns<change>("\"", "\"") +
           ") WHERE jackpots.\"group\" = new.\"group\" AND jackpots.\"version\" = new.\"before\""
           " AND EXISTS (SELECT 1 FROM moved) RETURNING 1)"
           " SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM moved) THEN 0"
           " WHEN (SELECT count(*) FROM pools) = CAST(:pools AS BIGINT) THEN 1"
           " ELSE (SELECT count(*) FROM pools) / 0 END";
}

/// The same for rows as `Rows` has them.
template <amount Amount, template <class> class Rows>
[[nodiscard]] bool commit_by_statement(connection& c, const std::string& statement,
                                       const commit_rows<Amount>& rows) {
    Rows<journal_row<Amount>> journal("op_");
    rows.journal([&](const auto& row) { journal.add(row); });
    Rows<pool_change<Amount>> pools("pool_");
    for (const auto& change : rows.pools) {
        pools.add(change);
    }
    bool committed = false;
    c.prepared(statement).template select<answer_row>(
        [&](const answer_row& answer) { committed = answer.committed == 1; }, rows.to, rows.guard, journal,
        pools, parameter{"pools", static_cast<std::uint64_t>(rows.pools.size())});
    return committed;
}

template <amount Amount>
[[nodiscard]] bool commit_by_statement(connection& c, const commit_rows<Amount>& rows) {
    using journal = journal_row<Amount>;
    using change = pool_change<Amount>;
    const std::size_t count = rows.pools.size();
    // As one wager has, which changes each pool once.
    if (count != rows.journal.count() || count > rows_in_values) {
        static const std::string by_arrays =
            commit_statement<Amount>(unnest<journal>(c.engine(), "op_"), unnest<change>(c.engine(), "pool_"));
        return commit_by_statement<Amount, column_arrays>(c, by_arrays, rows);
    }
    static const auto by_values = [&] {
        std::array<std::string, rows_in_values> statements;
        for (std::size_t i = 0; i < statements.size(); ++i) {
            statements[i] = commit_statement<Amount>(values<journal>(c.engine(), "op_", i + 1),
                                                     values<change>(c.engine(), "pool_", i + 1));
        }
        return statements;
    }();
    return commit_by_statement<Amount, column_values>(c, by_values[count - 1], rows);
}

/// Behind each UPDATE stands a check that it changed a row.
template <amount Amount>
[[nodiscard]] std::string commit_script(connection& c, const script_form& form,
                                        const commit_rows<Amount>& rows) {
    static const std::string move_store = move_store_statement();
    std::string script(c.in_transaction() ? form.go_on : form.begin);
    append_filled(c, script, move_store, rows.to, rows.guard);
    script.append(form.check);
    for (const auto& change : rows.pools) {
        append_filled(c, script, update_pool_statement<Amount>(), change);
        script.append(form.check);
    }
    const insert_script<journal_row<Amount>> journal(rows.journal);
    script.append(journal.begin());
    rows.journal([&](const auto& row) {
        journal.append(c, row, script);
        script.push_back(',');
    });
    script.pop_back();
    return script.append(form.end);
}

/// True: committed, with the transaction that may be open. False: nothing was, for a reason that the long way
/// tells.
template <amount Amount>
[[nodiscard]] bool commit_at_once(connection& c, const commit_rows<Amount>& rows) {
    const bool by_arrays = c.engine().transport == transport::arrays;
    const script_form* form = c.script();
    const bool by_script = form != nullptr && (!c.in_transaction() || !form->go_on.empty());
    if ((!by_arrays && !by_script) || rows.journal.count() == 0 || rows.pools.empty() ||
        rows.journal.count() > (by_arrays ? rows_in_arrays : rows_in_script)) {
        return false;
    }
    try {
        if (by_arrays) {
            if (!c.in_transaction()) {
                return c.committing([&] { return commit_by_statement(c, rows); });
            }
            if (!commit_by_statement(c, rows)) {
                return false;
            }
            c.commit();
            return true;
        }
        const std::string script = commit_script(c, *form, rows);
        if (script.size() > bytes_in_script) {
            return false;
        }
        c.run_transaction(script);
        return true;
    } catch (const soci::soci_error& e) {
        if (!c.engine().classify(e).constraint) {
            throw;
        }
        c.start_over();
        return false;
    }
}

}}}  // namespace jackpot::v1::sql

#endif
