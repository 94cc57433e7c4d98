// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_PAGE_PLAN_HPP
#define JACKPOT_SOCI_PAGE_PLAN_HPP

#include <jackpot/soci/places.hpp>
#include <jackpot/store/storage.hpp>

// How the operations that a query asks for are found.
//
// An engine plans a statement once, before it knows the parameters and perhaps while the table is small and
// without statistics. So no statement leaves it a choice: each reads a range of one key or index, from end to
// end or up to a limit, or rows by their primary key. What else a query filters by stands where no index
// knows it, in a CASE or a count.

namespace jackpot { inline namespace v1 { namespace sql {

/// By what a query's operations are found.
enum class page_path : std::uint8_t { sequence, word, pool };

/// How a query is answered: the path, and the statement that gives the sequences of operations that match.
/// Where all match there is none.
class page_plan {
public:
    explicit page_plan(const history_query& q) : q_(&q) {
        // What fewest operations have comes first. Most are contributions, which have no index by kind.
        const bool rare = q.kind && *q.kind != operation_kind::contributed;
        const std::string_view first = q.round    ? "round"
                                       : q.player ? "player"
                                       : rare     ? "kind"
                                       : q.pool   ? ""
                                       : q.site   ? "site"
                                       : q.game   ? "game"
                                                  : "";
        if (!first.empty()) {
            path_ = page_path::word;
            const bool by_kind = first == "kind";
            start("\"" + std::string(first) + "\" = :" + std::string(first) +
                      (by_kind ? " AND kind <> 'contributed'" : "") + within,
                  by_kind);
        } else if (q.pool) {
            path_ = page_path::pool;
            start("\"group\" = :pool AND version > :low AND version <= :high", false);
        } else if (q.kind) {
            start("CASE WHEN kind = :kind THEN 1 END = 1" + std::string(within), true);
        } else {
            return;
        }
        filter(first);
        finish(path_ == page_path::pool ? "version" : "sequence");
        // A checkpoint changes no pool's version, and has parts of all of them.
        if (path_ == page_path::pool && !q.kind && !q.site && !q.game) {
            add_checkpoints();
        }
    }

    [[nodiscard]] page_path path() const noexcept { return path_; }
    [[nodiscard]] bool all_match() const noexcept { return sql_.empty(); }
    [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
    /// The statement has the range among its parameters.
    [[nodiscard]] bool ranges() const noexcept { return sql_.find(":after") != std::string::npos; }

private:
    static constexpr const char* within = " AND sequence > :after AND sequence < :before";

    void start(const std::string& where, bool of_many_parts) {
        sql_ = std::string("SELECT ") + (of_many_parts ? "DISTINCT " : "") +
               "sequence FROM jackpot_journal j WHERE " + where;
    }
    /// The fields of the query that do not lead to the operations. Those that are names stand in part 0.
    void filter(std::string_view first) {
        if (q_->kind && first != "kind" && path_ != page_path::sequence) {
            sql_.append(" AND CASE WHEN kind = :kind THEN 1 END = 1");
        }
        std::string names;
        const auto add = [&](const std::optional<name>& wanted, std::string_view column) {
            if (wanted && first != column) {
                names.append(names.empty() ? "" : " AND ").append("f.\"").append(column);
                names.append("\" = :").append(column);
            }
        };
        add(q_->round, "round");
        add(q_->player, "player");
        add(q_->site, "site");
        add(q_->game, "game");
        count("f.part = 0 AND CASE WHEN " + names + " THEN 1 END = 1", !names.empty());
        count("CASE WHEN f.\"group\" = :pool THEN 1 END = 1", q_->pool && path_ != page_path::pool);
    }
    void count(const std::string& where, bool filters) {
        if (filters) {
            sql_.append(" AND (SELECT COUNT(*) FROM jackpot_journal f WHERE f.sequence = j.sequence AND ");
            sql_.append(where).append(") > 0");
        }
    }
    void finish(std::string_view order) {
        sql_.append(" ORDER BY ")
            .append(order)
            .append(q_->newest_first ? " DESC" : "")
            .append(" LIMIT :limit");
    }
    void add_checkpoints() {
        const std::string counted = std::exchange(sql_, {});
        start("kind = 'checkpoint' AND kind <> 'contributed' AND CASE WHEN \"group\" = :pool THEN 1 END = 1" +
                  std::string(within),
              false);
        finish("sequence");
        sql_ = "SELECT sequence FROM (SELECT * FROM (" + counted + ") AS counted UNION ALL SELECT * FROM (" +
               std::exchange(sql_, {}) + ") AS leaps) AS page";
        finish("sequence");
    }

    const history_query* q_;
    page_path path_ = page_path::sequence;
    std::string sql_;
};

/// The parameters of a plan's statement: only those that it has.
struct page_parameters {
    const history_query& q;
    const page_plan& plan;
    open_range range{};
    std::uint64_t low = 0;  // versions of the pool
    std::uint64_t high = 0;
    std::uint64_t limit = 0;

    static constexpr std::string_view table = "";
    template <class Self, class Each>
    static void columns(Self& p, Each&& each) {
        if (p.plan.ranges()) {
            open_range::columns(p.range, each);
        }
        if (p.plan.path() == page_path::pool) {
            each("low", p.low);
            each("high", p.high);
        }
        each("limit", p.limit);
        const auto add = [&](std::string_view name, const auto& wanted) {
            if (wanted) {
                each(name, *wanted);
            }
        };
        add("kind", p.q.kind);
        add("pool", p.q.pool);
        add("round", p.q.round);
        add("player", p.q.player);
        add("site", p.q.site);
        add("game", p.q.game);
    }
};

/// Sequences, as parameters of a statement that takes so many.
struct sequence_list {
    static constexpr std::size_t width = 64;

    std::span<const std::uint64_t> sequences{};  // at least one; the last fills the rest

    static constexpr std::string_view table = "";
    template <class Self, class Each>
    static void columns(Self& list, Each&& each) {
        for (std::size_t i = 0; i < width; ++i) {
            each("s" + std::to_string(i), list.sequences[(std::min)(i, list.sequences.size() - 1)]);
        }
    }
    [[nodiscard]] static std::string names() {
        std::string list;
        for (std::size_t i = 0; i < width; ++i) {
            list.append(list.empty() ? ":s" : ", :s").append(std::to_string(i));
        }
        return list;
    }
};

}}}  // namespace jackpot::v1::sql

#endif
