// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_AT_ONCE_HPP
#define JACKPOT_SOCI_AT_ONCE_HPP

#include <jackpot/soci/pools.hpp>

// A commit in one round trip: a transaction of its own, or nothing. It refuses without saying why.

namespace jackpot::inline v1::sql {

/// Moves the store's row from the guard, which writers stand in line for, to a commit's last operation.
[[nodiscard]] inline std::string move_store_statement() {
    return update<store_row>() +
           " AND sequence = :guard AND sealed = 0 AND (sequence = 0 OR identity = :identity)";
}

/// The rows that a commit writes.
template <amount Amount>
struct commit_rows {
    store_row to{};
    std::uint64_t guard = 0;
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
[[nodiscard]] std::string commit_statement(const dialect& engine) {
    using change = pool_change<Amount>;
    std::string set;
    const pool_row<Amount> any;
    pool_row<Amount>::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
        const std::string quoted = "\"" + std::string(column) + "\"";
        set.append(set.empty() ? "" : ", ").append(quoted + " = new." + quoted);
    });
    return "WITH moved AS (" + move_store_statement() + " RETURNING 1), journal AS (" +
           insert_prefix<journal_row<Amount>>() + "SELECT * FROM " +
           unnest<journal_row<Amount>>(engine, "op_") + " WHERE EXISTS (SELECT 1 FROM moved)), " +
           "pools AS (UPDATE jackpots SET " + set + " FROM " + unnest<change>(engine, "pool_") + " AS new (" +
           list_columns<change>("\"", "\"") +
           ") WHERE jackpots.\"group\" = new.\"group\" AND jackpots.\"version\" = new.\"before\""
           " AND EXISTS (SELECT 1 FROM moved) RETURNING 1)"
           " SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM moved) THEN 0"
           " WHEN (SELECT count(*) FROM pools) = CAST(:pools AS BIGINT) THEN 1"
           " ELSE (SELECT count(*) FROM pools) / 0 END";
}

template <amount Amount>
[[nodiscard]] bool commit_by_statement(connection& c, const commit_rows<Amount>& rows) {
    static const std::string statement = commit_statement<Amount>(c.engine());
    column_arrays<journal_row<Amount>> journal("op_");
    rows.journal([&](const auto& row) { journal.add(row); });
    column_arrays<pool_change<Amount>> pools("pool_");
    for (const auto& change : rows.pools) {
        pools.add(change);
    }
    bool committed = false;
    c.prepared(statement).template select<answer_row>(
        [&](const answer_row& answer) { committed = answer.committed == 1; }, rows.to,
        parameter{"guard", rows.guard}, journal, pools,
        parameter{"pools", static_cast<std::uint64_t>(rows.pools.size())});
    return committed;
}

/// The rows are counted as they change; where one is missing, two stand for one value in the last
/// statement but COMMIT, which ends the script there.
template <amount Amount>
[[nodiscard]] std::string commit_script(connection& c, const commit_rows<Amount>& rows) {
    static const std::string move_store = move_store_statement();
    std::string script;
    if (!c.in_transaction()) {
        script.append(c.engine().begin_writing).append("; ");
    }
    append_filled(c, script, move_store, rows.to, parameter{"guard", rows.guard});
    script.append("; SET @jackpot_rows = ROW_COUNT(); ");
    script.append(insert_prefix<journal_row<Amount>>()).append("VALUES ");
    rows.journal([&](const auto& row) {
        append_values(c, row, script);
        script.push_back(',');
    });
    script.pop_back();
    for (const auto& change : rows.pools) {
        script.append("; ");
        append_filled(c, script, update_pool_statement<Amount>(), change);
        script.append("; SET @jackpot_rows = @jackpot_rows + ROW_COUNT()");
    }
    return script.append(
        "; SET @jackpot_rows = (SELECT 1 FROM (SELECT 1 UNION ALL SELECT 2) AS two"
        " WHERE @jackpot_rows <> " +
        std::to_string(1 + rows.pools.size()) + "); COMMIT");
}

/// True: committed, with the transaction that may be open. False: nothing was, for a reason that the long way
/// tells.
template <amount Amount>
[[nodiscard]] bool commit_at_once(connection& c, const commit_rows<Amount>& rows) {
    const bool by_arrays = c.engine().trips == trips::arrays;
    if (c.engine().trips == trips::steps ||
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
        const std::string script = commit_script(c, rows);
        if (script.size() > bytes_in_script) {
            return false;
        }
        c.run_transaction(script);
        return true;
    } catch (const soci::soci_error& e) {
        if (!c.engine().classify(e).constraint) {
            throw;
        }
        c.abandon();
        return false;
    }
}

}  // namespace jackpot::inline v1::sql

#endif
