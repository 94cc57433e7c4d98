// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_PAGES_HPP
#define JACKPOT_SOCI_PAGES_HPP

#include <jackpot/soci/journal.hpp>
#include <jackpot/soci/page_plan.hpp>

// How the journal is read: by key, by page, and where its keys lead.

namespace jackpot { inline namespace v1 { namespace sql {

/// Reads one page.
template <amount Amount>
class page_reader {
public:
    page_reader(connection& c, const history_query& q, std::vector<basic_operation<Amount>>& page)
        : connection_(&c),
          query_(&q),
          page_(&page),
          plan_(q),
          range_{(std::min)(q.after, most), (std::min)(q.before, most)},
          width_(std::clamp<std::uint64_t>(q.limit, 64, width_max)) {}

    void run() {
        page_->clear();
        if (query_->limit == 0 || !narrow()) {
            return;
        }
        plan_.path() == page_path::sequence ? read_ranges() : read_found();
    }

private:
    static constexpr std::uint64_t most = (std::numeric_limits<std::int64_t>::max)();
    static constexpr std::uint64_t width_max = 1 << 16;

    /// Turns the query's times into sequences. False where nothing is between them.
    [[nodiscard]] bool narrow() {
        if (query_->from && range_.after < range_.before) {
            range_.after = (std::max)(range_.after, first_at(*connection_, range_, *query_->from) - 1);
        }
        if (query_->to && *query_->to < timestamp_max && range_.after < range_.before) {
            range_.before = first_at(*connection_, range_, *query_->to + 1);
        }
        return range_.after < range_.before && range_.before - range_.after > 1;
    }

    [[nodiscard]] std::uint64_t wanted() const noexcept {
        return (std::min<std::uint64_t>)(query_->limit - page_->size(), most);
    }

    /// Range after range: gaps, and operations that do not match, leave room in the page.
    void read_ranges() {
        if (plan_.all_match() && !query_->newest_first) {
            read_range(range_.after, (std::min)(wanted(), range_.before - range_.after - 1));
            range_.after = page_->empty() ? range_.after : page_->back().sequence;
        }
        // No range ends behind the newest: what is appended to it after it was read would be missed, and what
        // follows that would not.
        while (wanted() != 0 && range_.before - range_.after > 1) {
            const reach_row ends = reach(*connection_, range_);
            if (!ends.oldest) {
                return;
            }
            const std::uint64_t width =
                (std::min)(plan_.all_match() ? wanted() : width_, *ends.newest - *ends.oldest + 1);
            width_ = (std::min)(4 * width_, width_max);
            if (query_->newest_first) {
                read_range(*ends.newest - width, width);
                range_.before = *ends.newest - width + 1;
            } else {
                read_range(*ends.oldest - 1, width);
                range_.after = *ends.oldest - 1 + width;
            }
        }
    }
    void read_range(std::uint64_t after, std::uint64_t width) {
        if (!plan_.all_match()) {
            fetch(find({.q = *query_, .plan = plan_, .range = {after, after + width + 1}}));
            return;
        }
        static const std::string sql =
            select_from<journal_row<Amount>>() +
            " WHERE sequence > :after AND sequence < :before ORDER BY sequence, part";
        append([&](const auto& each) {
            connection_->prepared(sql).template select<journal_row<Amount>>(
                each, open_range{after, after + width + 1});
        });
    }

    /// What an index leads to, which is as many as the page takes, or all.
    void read_found() {
        page_parameters p{.q = *query_, .plan = plan_, .range = range_, .high = most};
        if (plan_.path() == page_path::pool) {
            p.low = range_.after == 0 ? 0 : version_at(*connection_, *query_->pool, range_.after);
            p.high =
                range_.before == most ? most : version_before(*connection_, *query_->pool, range_.before);
        }
        fetch(find(p));
    }

    [[nodiscard]] std::vector<std::uint64_t> find(page_parameters p) {
        p.limit = wanted();
        std::vector<std::uint64_t> found;
        connection_->prepared(plan_.sql())
            .template select<number_row>(
                [&](const number_row& row) { found.push_back(row.number.value_or(0)); }, p);
        return found;
    }
    void fetch(std::vector<std::uint64_t> sequences) {
        static const std::string sql = select_from<journal_row<Amount>>() + " WHERE sequence IN (" +
                                       sequence_list::names() + ") ORDER BY sequence, part";
        std::sort(sequences.begin(), sequences.end());
        append([&](const auto& each) {
            for (std::span<const std::uint64_t> rest(sequences); !rest.empty();) {
                const auto next = rest.first((std::min)(rest.size(), sequence_list::width));
                connection_->prepared(sql).template select<journal_row<Amount>>(each, sequence_list{next});
                rest = rest.subspan(next.size());
            }
        });
    }

    /// Appends what the rows, oldest first, are rows of.
    template <class Rows>
    void append(Rows&& rows) {
        const auto before = static_cast<std::ptrdiff_t>(page_->size());
        rows([&](const journal_row<Amount>& row) { append_row(*page_, row); });
        if (query_->newest_first) {
            std::reverse(page_->begin() + before, page_->end());
        }
    }

    connection* connection_;
    const history_query* query_;
    std::vector<basic_operation<Amount>>* page_;
    page_plan plan_;
    open_range range_;     // what is left to read
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
