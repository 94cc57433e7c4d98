// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_PAGES_HPP
#define JACKPOT_SOCI_PAGES_HPP

#include <jackpot/soci/connection.hpp>
#include <jackpot/soci/journal.hpp>
#include <jackpot/store/storage.hpp>

// How the journal is read: by key, by page, and where its keys lead.
//
// An engine plans a statement once, before it knows the parameters and perhaps while the table is small and
// without statistics. So no statement leaves it a choice: each reads a range of sequences, from end to end,
// through the primary key. That costs the same wherever in the journal the range is.

namespace jackpot { inline namespace v1 { namespace sql {

/// The next sequence behind one, and the newest of all; absent where there is none.
struct reach_row {
    std::optional<std::uint64_t> next{};
    std::optional<std::uint64_t> newest{};

    static constexpr std::string_view table = "jackpot_journal";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("next", row.next);
        each("newest", row.newest);
    }
};

[[nodiscard]] inline bool is_filtered(const history_query& q) noexcept {
    return q.pool || q.kind || q.game;
}

/// The parameters of a page's statement: only those that it has.
struct page_range {
    const history_query& q;
    std::uint64_t after;
    std::uint64_t last;
    std::uint64_t limit;

    static constexpr std::string_view table = "";
    template <class Self, class Each>
    static void columns(Self& range, Each&& each) {
        each("after", range.after);
        each("last", range.last);
        if (is_filtered(range.q)) {
            each("limit", range.limit);
        }
        if (range.q.pool) {
            each("pool", *range.q.pool);
        }
        if (range.q.kind) {
            each("kind", *range.q.kind);
        }
        if (range.q.game) {
            each("game", *range.q.game);
        }
    }
};

/// Reads the operations of a range that match, `limit` of them where the query filters. By any part, not by
/// the first: where that is gone the operation must not go unseen.
template <amount Amount>
[[nodiscard]] std::string page_statement(const history_query& q) {
    constexpr std::string_view in_range = " WHERE sequence > :after AND sequence <= :last";
    std::string sql = select_from<journal_row<Amount>>().append(in_range);
    if (is_filtered(q)) {
        // The second SELECT is for engines that take no LIMIT in the list of IN.
        sql.append(" AND sequence IN (SELECT sequence FROM (SELECT DISTINCT sequence FROM jackpot_journal");
        sql.append(in_range);
        sql.append(q.kind ? " AND kind = :kind" : "").append(q.game ? " AND game = :game" : "");
        if (q.pool) {
            // A CASE, for no index knows it: that on "group" would give the pool's whole life.
            sql.append(" AND sequence IN (SELECT sequence FROM jackpot_journal").append(in_range);
            sql.append(" AND CASE WHEN \"group\" = :pool THEN 1 END = 1)");
        }
        sql.append(" ORDER BY sequence LIMIT :limit) AS page)");
    }
    return sql.append(" ORDER BY sequence, part");
}

/// Reads one page, range after range: gaps, and operations that do not match, leave room in it.
template <amount Amount>
class page_reader {
public:
    page_reader(connection& c, const history_query& q, std::vector<basic_operation<Amount>>& page)
        : connection_(&c),
          query_(&q),
          page_(&page),
          statement_(page_statement<Amount>(q)),
          width_(std::clamp<std::uint64_t>(q.limit, 64, width_max)) {}

    void run() {
        page_->clear();
        std::uint64_t after = (std::min)(query_->after, most);
        if (wanted() != 0 && !is_filtered(*query_)) {
            read_range(after, most);
            after = page_->empty() ? after : page_->back().sequence;
        }
        // No range ends behind the newest: what is appended to it after it was read would be missed, and what
        // follows that would not.
        while (wanted() != 0) {
            const reach_row at = reach(after);
            if (!at.next) {
                return;
            }
            after = read_range(*at.next - 1, *at.newest);
        }
    }

private:
    static constexpr std::uint64_t most = (std::numeric_limits<std::int64_t>::max)();
    static constexpr std::uint64_t width_max = 1 << 16;

    [[nodiscard]] std::uint64_t wanted() const noexcept {
        return (std::min<std::uint64_t>)(query_->limit - page_->size(), most);
    }

    [[nodiscard]] reach_row reach(std::uint64_t after) {
        static const std::string sql =
            "SELECT (SELECT MIN(sequence) FROM jackpot_journal WHERE sequence > :after),"
            " (SELECT MAX(sequence) FROM jackpot_journal)";
        reach_row found;
        connection_->prepared(sql).template select<reach_row>([&](const reach_row& at) { found = at; },
                                                              parameter{"after", after});
        return found;
    }

    /// Reads a range that ends at `end` or before, and returns its last sequence.
    std::uint64_t read_range(std::uint64_t after, std::uint64_t end) {
        const std::uint64_t width = is_filtered(*query_) ? width_ : wanted();
        width_ = (std::min)(4 * width_, width_max);
        const std::uint64_t last = after + (std::min)(width, end - after);
        connection_->prepared(statement_)
            .template select<journal_row<Amount>>(
                [&](const journal_row<Amount>& row) { append_row(*page_, row); },
                page_range{*query_, after, last, wanted()});
        return last;
    }

    connection* connection_;
    const history_query* query_;
    std::vector<basic_operation<Amount>>* page_;
    std::string statement_;
    std::uint64_t width_;  // of the next range where the query filters
};

/// Whole operations, paged by their sequence.
template <amount Amount>
void read_page(connection& c, const history_query& q, std::vector<basic_operation<Amount>>& page) {
    page_reader<Amount>(c, q, page).run();
}

/// The operation that holds the key, or none.
template <amount Amount>
[[nodiscard]] std::optional<basic_operation<Amount>> find_operation(connection& c, const name& key) {
    static const std::string sql =
        select_from<journal_row<Amount>>() +
        " WHERE sequence = (SELECT sequence FROM jackpot_journal WHERE \"key\" = :key) ORDER BY part";
    std::vector<basic_operation<Amount>> held;
    c.prepared(sql).template select<journal_row<Amount>>(
        [&](const journal_row<Amount>& row) { append_row(held, row); }, parameter{"key", key});
    return held.empty() ? std::nullopt : std::optional(std::move(held.front()));
}

/// An operation that has a key, and the one that the key leads to.
struct trace_row {
    std::uint64_t sequence = 0;
    std::optional<std::uint64_t> found{};

    static constexpr std::string_view table = "jackpot_journal";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("sequence", row.sequence);
        each("found", row.found);
    }
};

/// Looks up the key of each operation of a range, as `find_operation` would, which is given the key as a
/// text.
[[nodiscard]] inline std::string trace_statement(const dialect& engine) {
    std::string sql("SELECT o.sequence, (SELECT k.sequence FROM jackpot_journal k WHERE k.\"key\" = ");
    sql.append(engine.as_text);
    sql.replace(sql.find('@'), 1, "o.\"key\"");
    // A CASE, for no index knows it: that on "key" would give the keys of the whole journal.
    return sql.append(
        ") FROM jackpot_journal o WHERE o.sequence > :after AND o.sequence <= :until AND o.part = 0"
        " AND CASE WHEN o.\"key\" IS NOT NULL THEN 1 END = 1 ORDER BY o.sequence");
}

inline void read_traces(connection& c, const sequence_range& range, std::vector<key_trace>& traces) {
    constexpr std::uint64_t most = (std::numeric_limits<std::int64_t>::max)();
    traces.clear();
    c.prepared(trace_statement(c.engine()))
        .select<trace_row>(
            [&](const trace_row& row) {
                traces.push_back({row.sequence, row.found.value_or(0)});
            },
            parameter{"after", (std::min)(range.after, most)},
            parameter{"until", (std::min)(range.until, most)});
}

}}}  // namespace jackpot::v1::sql

#endif
