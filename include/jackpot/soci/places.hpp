// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_PLACES_HPP
#define JACKPOT_SOCI_PLACES_HPP

#include <jackpot/soci/connection.hpp>

// Where in the journal a time is, and a pool's version: what both have in common with the sequence is that
// they only grow. So each is found by halves, through keys that are there anyhow, in place of an index that
// every wager would have to be put into.

namespace jackpot { inline namespace v1 { namespace sql {

/// The oldest and the newest sequence between two; absent where there is none.
struct reach_row {
    std::optional<std::uint64_t> oldest{};
    std::optional<std::uint64_t> newest{};

    static constexpr std::string_view table = "jackpot_journal";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("oldest", row.oldest);
        each("newest", row.newest);
    }
};

/// The sequences between two, neither of which belongs to them.
struct open_range {
    std::uint64_t after = 0;
    std::uint64_t before = 0;

    static constexpr std::string_view table = "";
    template <class Self, class Each>
    static void columns(Self& range, Each&& each) {
        each("after", range.after);
        each("before", range.before);
    }
};

[[nodiscard]] inline reach_row reach(connection& c, const open_range& range) {
    constexpr std::string_view within =
        " FROM jackpot_journal WHERE sequence > :after AND sequence < :before)";
    static const std::string sql = std::string("SELECT (SELECT MIN(sequence)")
                                       .append(within)
                                       .append(", (SELECT MAX(sequence)")
                                       .append(within);
    reach_row found;
    c.prepared(sql).select<reach_row>([&](const reach_row& at) { found = at; }, range);
    return found;
}

/// Of numbers in order, the first that is not `low(number)`; `last` where all before it are. Asks for the
/// ends first, for a caller who reads on page by page is there.
template <class Low>
[[nodiscard]] std::uint64_t first_not(std::uint64_t first, std::uint64_t last, Low&& low) {
    if (first < last && !low(first)) {
        return first;
    }
    if (first < last && low(last - 1)) {
        return last;
    }
    while (last - first > 1) {
        const std::uint64_t middle = first + (last - first) / 2;
        (low(middle) ? first : last) = middle;
    }
    return last;
}

struct time_row {
    moment at{};

    static constexpr std::string_view table = "jackpot_journal";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("at", row.at);
    }
};

/// The first sequence of a range whose time is not before `at`; the range's end where there is none.
[[nodiscard]] inline std::uint64_t first_at(connection& c, const open_range& range, timestamp at) {
    static const std::string sql = select_from<time_row>() +
                                   " WHERE sequence > :after AND sequence <= :middle"
                                   " ORDER BY sequence DESC, part DESC LIMIT 1";
    const reach_row ends = reach(c, range);
    if (!ends.oldest) {
        return range.before;
    }
    const std::uint64_t found = first_not(*ends.oldest, *ends.newest + 1, [&](std::uint64_t middle) {
        bool low = true;
        c.prepared(sql).select<time_row>([&](const time_row& row) { low = row.at.value < at; },
                                         parameter{"after", range.after}, parameter{"middle", middle});
        return low;
    });
    return found > *ends.newest ? range.before : found;
}

/// A number that may be absent.
struct number_row {
    std::optional<std::uint64_t> number{};

    static constexpr std::string_view table = "jackpot_journal";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("number", row.number);
    }
};

template <class... Parameters>
[[nodiscard]] std::optional<std::uint64_t> select_number(connection& c, const std::string& sql,
                                                         const Parameters&... parameters) {
    std::optional<std::uint64_t> found;
    c.prepared(sql).template select<number_row>([&](const number_row& row) { found = row.number; },
                                                parameters...);
    return found;
}

/// The version that a pool has after an operation, where that changed it.
[[nodiscard]] inline std::optional<std::uint64_t> version_of(connection& c, const name& pool,
                                                             std::uint64_t sequence) {
    // A CASE, for no index knows it: that on "group" would give the pool's whole life.
    static const std::string sql =
        "SELECT version FROM jackpot_journal WHERE sequence = :sequence"
        " AND CASE WHEN \"group\" = :pool THEN 1 END = 1";
    return select_number(c, sql, parameter{"sequence", sequence}, parameter{"pool", pool});
}

/// The last version that a pool has before a sequence.
[[nodiscard]] inline std::uint64_t version_before(connection& c, const name& pool, std::uint64_t sequence) {
    static const std::string newest = "SELECT MAX(version) FROM jackpot_journal WHERE \"group\" = :pool";
    static const std::string of_version =
        "SELECT sequence FROM jackpot_journal WHERE \"group\" = :pool AND version = :version";
    // Who reads on names an operation that was read before, and so one of this pool.
    if (const auto there = version_of(c, pool, sequence)) {
        return *there - 1;
    }
    const std::uint64_t last = select_number(c, newest, parameter{"pool", pool}).value_or(0);
    const auto is_before = [&](std::uint64_t version) {
        // A journal that was trimmed lacks the first ones.
        const auto of = select_number(c, of_version, parameter{"pool", pool}, parameter{"version", version});
        return of.value_or(0) < sequence;
    };
    return first_not(0, last + 1, is_before) - 1;
}
/// The last version that it has at a sequence.
[[nodiscard]] inline std::uint64_t version_at(connection& c, const name& pool, std::uint64_t sequence) {
    const auto there = version_of(c, pool, sequence);
    return there ? *there : version_before(c, pool, sequence + 1);
}

}}}  // namespace jackpot::v1::sql

#endif
