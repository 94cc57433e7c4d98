// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ROWS_HPP
#define JACKPOT_SOCI_ROWS_HPP

#include <jackpot/soci/connection.hpp>
#include <jackpot/storage.hpp>

// How pools and operations become rows, and back.

namespace jackpot::inline v1::sql {

/// The row's column at that address cannot be understood.
template <table_row Row>
[[noreturn]] void unreadable(const Row& row, const void* column) {
    std::string_view first;
    std::string_view broken;
    cell key;
    cell value;
    Row::columns(row, [&](std::string_view name, const auto& v, std::string_view = {}) {
        if (first.empty()) {
            first = name;
            write_cell(v, key);
        }
        if (&v == column) {
            broken = name;
            write_cell(v, value);
        }
    });
    const auto shown = [](const cell& c) {
        return c.state == soci::i_null ? "NULL" : c.text.empty() ? std::to_string(c.number) : c.text;
    };
    unreadable({Row::table, first, shown(key), broken}, shown(value));
}

template <amount Amount>
[[nodiscard]] pool_row<Amount> to_row(const basic_pool<Amount>& p) {
    const auto& c = *p.configuration;
    pool_row<Amount> row{.pool = p.pool,
                         .status = p.status,
                         .current = p.current,
                         .seed = c.seed,
                         .cap = c.cap,
                         .rate = c.rate,
                         .rounding = c.rounding,
                         .on_cap = c.on_cap,
                         .min_wager = c.min_wager,
                         .overflow = p.overflow,
                         .carry = p.carry,
                         .funded = p.funded,
                         .adjusted = p.adjusted,
                         .total_wagered = p.total_wagered,
                         .total_contributions = p.total_contributions,
                         .total_wins = p.total_wins,
                         .win_count = p.win_count,
                         .version = p.version,
                         .sequence = p.sequence,
                         .opened_at = {p.opened_at},
                         .modified_at = {p.modified_at}};
    if (p.pending) {
        notation::write(row.pending.emplace(), p.pending->patch);
    }
    if (p.last_win) {
        row.last_win_amount = p.last_win->amount;
        row.last_win_game = p.last_win->game;
        row.last_win_player = p.last_win->player;
        row.last_win_at = moment{p.last_win->at};
    }
    return row;
}

/// Says nothing of laws: rows that were edited by hand are for `audit` to judge.
template <amount Amount>
[[nodiscard]] basic_pool<Amount> from_row(const pool_row<Amount>& row, std::vector<name> games) {
    auto c = std::make_shared<basic_configuration<Amount>>(basic_configuration<Amount>{
        row.seed, row.cap, row.rate, row.rounding, row.on_cap, row.min_wager, std::move(games)});
    basic_pool<Amount> p{.pool = row.pool,
                         .status = row.status,
                         .carry = row.carry,
                         .current = row.current,
                         .overflow = row.overflow,
                         .funded = row.funded,
                         .adjusted = row.adjusted,
                         .total_wagered = row.total_wagered,
                         .total_contributions = row.total_contributions,
                         .total_wins = row.total_wins,
                         .win_count = row.win_count,
                         .version = row.version,
                         .sequence = row.sequence,
                         .opened_at = row.opened_at.value,
                         .modified_at = row.modified_at.value};
    if (row.pending) {
        auto patch = notation::read_patch<Amount>(*row.pending);
        if (!patch || patch->empty()) {
            unreadable(row, &row.pending);
        }
        p.pending = notation::make_pending(std::move(*patch), *c);
    }
    p.configuration = std::move(c);
    if (row.last_win_amount) {
        if (!row.last_win_game || !row.last_win_player || !row.last_win_at) {
            unreadable(row, &row.last_win_amount);
        }
        p.last_win = {*row.last_win_amount, *row.last_win_game, *row.last_win_player, row.last_win_at->value};
    }
    return p;
}

// One field of a request into its column.

template <class Column, class Field>
void put(Column& column, const Field& field) {
    column = field;
}
inline void put(std::optional<std::string>& column, const std::optional<name_list>& names) {
    if (names) {
        column.emplace();
        for (const name& n : *names) {
            column->append(n).append("\n");
        }
    }
}
template <amount Amount>
void put(std::optional<std::string>& column, const basic_configuration<Amount>& c) {
    notation::write(column.emplace(), c);
}
template <amount Amount>
void put(std::optional<std::string>& column, const basic_patch<Amount>& p) {
    notation::write(column.emplace(), p);
}

// And back; false where the column does not hold one.

template <class T>
[[nodiscard]] bool get(const T& column, T& field) {
    field = column;
    return true;
}
template <class T>
[[nodiscard]] bool get(const std::optional<T>& column, T& field) {
    return notation::detail::take(column, field);
}
[[nodiscard]] inline bool get(const std::optional<std::string>& column, std::optional<name_list>& names) {
    if (!column) {
        names.reset();
        return true;
    }
    names.emplace();
    for (std::string_view rest = *column; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos ||
            !notation::detail::read_name(rest.substr(0, end), names->emplace_back())) {
            return false;
        }
        rest.remove_prefix(end + 1);
    }
    return true;
}
template <amount Amount>
[[nodiscard]] bool get(const std::optional<std::string>& column, basic_patch<Amount>& p) {
    return column && notation::detail::take(notation::read_patch<Amount>(*column), p);
}
template <amount Amount>
[[nodiscard]] bool get(const std::optional<std::string>& column, basic_configuration<Amount>& c) {
    basic_patch<Amount> fields;
    return get(column, fields) && notation::detail::take(notation::to_configuration(std::move(fields)), c);
}

/// Calls `each(column, field)` for the fields that this kind of request has: the one place that says
/// where the journal keeps each.
template <class Row, class Request, class Each>
void each_field(Row& row, Request& r, Each&& each) {
    if constexpr (requires { r.pool; }) {
        each(row.pool, r.pool);
    }
    if constexpr (requires { r.key; }) {
        each(row.key, r.key);
    }
    if constexpr (requires { r.game; }) {
        each(row.game, r.game);
    }
    if constexpr (requires { r.player; }) {
        each(row.player, r.player);
    }
    if constexpr (requires { r.wager; }) {
        each(row.amount, r.wager);
    }
    if constexpr (requires { r.amount; }) {
        each(row.amount, r.amount);
    }
    if constexpr (requires { r.delta; }) {
        each(row.amount, r.delta);
    }
    if constexpr (requires { r.pools; }) {
        each(row.pools, r.pools);
    }
    if constexpr (requires { r.actor; }) {
        each(row.actor, r.actor);
        each(row.reason, r.reason);
    }
    if constexpr (requires { r.when; }) {
        each(row.when, r.when);
        each(row.detail, r.patch);
    }
    if constexpr (requires { r.returned_to; }) {
        each(row.returned_to, r.returned_to);
    }
    if constexpr (requires { r.configuration; }) {
        each(row.detail, r.configuration);
    }
}

/// The row of an operation's i-th part.
template <amount Amount>
[[nodiscard]] journal_row<Amount> to_row(const basic_operation<Amount>& o, std::size_t i) {
    const auto& part = o.parts[i];
    const operation_kind kind = o.kind();
    journal_row<Amount> row{
        .sequence = o.sequence, .part = static_cast<std::uint32_t>(i), .at = {o.at}, .kind = kind};
    if (i == 0) {
        row.id = o.id;
        std::visit(
            [&](const auto& r) {
                each_field(row, r, [](auto& column, const auto& field) { put(column, field); });
            },
            o.request);
    }
    row.pool = part.pool;
    if (kind != operation_kind::checkpoint) {
        row.version = part.version;
    }
    row.current = part.current;
    row.overflow = part.overflow;
    row.carry = part.carry;
    const auto named = [](bool by_kind, const Amount& value) {
        return by_kind || value != 0 ? std::optional(value) : std::nullopt;
    };
    const bool contributed = kind == operation_kind::contributed;
    const bool won = kind == operation_kind::won;
    const bool draws = won || kind == operation_kind::configured || kind == operation_kind::adjusted;
    row.to_pool = named(contributed, part.to_pool);
    row.to_overflow = named(contributed, part.to_overflow);
    row.forgone = named(contributed, part.forgone);
    row.paid = named(won, part.paid);
    row.from_house = named(won, part.from_house);
    row.from_overflow = named(draws, part.from_overflow);
    if (part.state) {
        notation::write(row.detail.emplace(), *part.state);
    }
    return row;
}

template <amount Amount>
[[nodiscard]] basic_request<Amount> request_of(const journal_row<Amount>& row) {
    basic_request<Amount> request;
    const auto index = static_cast<std::size_t>(row.kind);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((I == index ? static_cast<void>(request.template emplace<I>()) : void()), ...);
    }
    (std::make_index_sequence<std::variant_size_v<basic_request<Amount>>>{});
    std::visit(
        [&](auto& r) {
            each_field(row, r, [&](const auto& column, auto& field) {
                if (!get(column, field)) {
                    unreadable(row, &column);
                }
            });
        },
        request);
    return request;
}

/// Adds a row, which comes in the order of the journal, to the operations that it belongs to.
template <amount Amount>
void append_row(std::vector<basic_operation<Amount>>& operations, const journal_row<Amount>& row) {
    if (row.part == 0) {
        if (!row.id) {
            unreadable(row, &row.id);
        }
        operations.push_back({row.sequence, *row.id, row.at.value, request_of(row), {}});
    } else if (operations.empty() || operations.back().sequence != row.sequence) {
        unreadable(row, &row.part);
    }
    auto& o = operations.back();
    if (row.part != o.parts.size()) {
        unreadable(row, &row.part);
    }
    if (row.kind != o.kind()) {
        unreadable(row, &row.kind);
    }
    auto& part = o.parts.emplace_back();
    part.pool = row.pool;
    part.carry = row.carry;
    part.current = row.current;
    part.overflow = row.overflow;
    part.to_pool = row.to_pool.value_or(0);
    part.to_overflow = row.to_overflow.value_or(0);
    part.forgone = row.forgone.value_or(0);
    part.paid = row.paid.value_or(0);
    part.from_house = row.from_house.value_or(0);
    part.from_overflow = row.from_overflow.value_or(0);
    if (row.kind == operation_kind::restored || row.kind == operation_kind::checkpoint) {
        auto state = notation::read_pool<Amount>(row.detail.value_or(std::string()));
        if (!state || state->pool != row.pool) {
            unreadable(row, &row.detail);
        }
        part.version = state->version;
        part.state = std::make_shared<const basic_pool<Amount>>(std::move(*state));
    }
    if (row.kind != operation_kind::checkpoint) {
        if (!row.version) {
            unreadable(row, &row.version);
        }
        part.version = *row.version;
    }
}

/// The parameters of a page: only those that the query sets.
struct page_filter {
    const history_query& q;

    static constexpr std::string_view table = "";
    template <class Self, class Each>
    static void columns(Self& filter, Each&& each) {
        constexpr std::uint64_t most = (std::numeric_limits<std::int64_t>::max)();
        const history_query& q = filter.q;
        each("after", (std::min)(q.after, most));
        each("limit", (std::min<std::uint64_t>)(q.limit, most));
        if (q.pool) {
            each("pool", *q.pool);
        }
        if (q.kind) {
            each("kind", *q.kind);
        }
        if (q.game) {
            each("game", *q.game);
        }
    }
};

/// Whole operations, paged by their sequence.
template <amount Amount>
[[nodiscard]] std::string select_page(const history_query& q) {
    std::string text = select_from<journal_row<Amount>>();
    text +=
        " JOIN (SELECT sequence AS page_sequence FROM jackpot_journal AS op"
        " WHERE part = 0 AND sequence > :after";
    text += q.kind ? " AND kind = :kind" : "";
    text += q.game ? " AND game = :game" : "";
    text += q.pool ? " AND EXISTS (SELECT 1 FROM jackpot_journal AS touched"
                     " WHERE touched.sequence = op.sequence AND touched.\"group\" = :pool)"
                   : "";
    return text +
           " ORDER BY sequence LIMIT :limit) AS page ON sequence = page_sequence"
           " ORDER BY sequence, part";
}

}  // namespace jackpot::inline v1::sql

#endif
