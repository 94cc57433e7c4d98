// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_JOURNAL_HPP
#define JACKPOT_SOCI_JOURNAL_HPP

#include <jackpot/core/operation.hpp>
#include <jackpot/soci/transport/insert.hpp>

// How operations become rows of the journal, and back.

namespace jackpot { inline namespace v1 { namespace sql {

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

/// The rows of operations.
template <amount Amount>
class journal_rows {
public:
    explicit journal_rows(std::span<const basic_operation<Amount>> operations) : operations_(operations) {
        for (const auto& o : operations) {
            count_ += o.parts.size();
        }
    }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

    template <class Each>
    void operator()(Each&& each) const {
        for (const auto& o : operations_) {
            for (std::size_t i = 0; i < o.parts.size(); ++i) {
                each(to_row(o, i));
            }
        }
    }

private:
    std::span<const basic_operation<Amount>> operations_;
    std::size_t count_ = 0;
};

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

}}}  // namespace jackpot::v1::sql

#endif
