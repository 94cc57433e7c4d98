// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_JOURNAL_HPP
#define JACKPOT_SOCI_JOURNAL_HPP

#include <jackpot/core/operation.hpp>
#include <jackpot/soci/failure.hpp>
#include <jackpot/store/request_fields.hpp>

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
inline void put(std::optional<journal_key>& column, const std::optional<name>& key) {
    if (key) {
        column = {*key};
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
[[nodiscard]] inline bool get(const std::optional<journal_key>& column, std::optional<name>& key) {
    if (column) {
        key = column->key;
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

/// The row of an operation's i-th part.
template <amount Amount>
[[nodiscard]] journal_row<Amount> to_row(const basic_operation<Amount>& o, std::size_t i) {
    const auto& part = o.parts[i];
    const operation_kind kind = o.kind();
    journal_row<Amount> row;
    row.sequence = o.sequence;
    row.part = static_cast<std::uint32_t>(i);
    row.at = {o.at};
    row.kind = kind;
    if (i == 0) {
        row.id = o.id;
        jackpot::detail::visit_request(
            [&](const auto& r) {
                jackpot::detail::each_field(row, r,
                                            [](auto& column, const auto& field) { put(column, field); });
            },
            o.request);
    }
    row.pool = part.pool;
    if (kind != operation_kind::checkpoint) {
        row.version = part.version;
    }
    jackpot::detail::balance_of(row) = jackpot::detail::balance_of(part);
    for (std::size_t at = 0; at < row.amounts.size(); ++at) {
        const auto& m = part_amounts<Amount>[at];
        if (m.belongs_to(kind) || part.*m.amount != 0) {
            row.amounts[at] = part.*m.amount;
        }
    }
    if (part.state) {
        notation::write(row.detail.emplace(), *part.state);
    }
    return row;
}

/// Makes the rows of operations. It keeps those of a commit, however often they are read. The rows of a copy
/// would take six times the memory of its operations: of so many it makes each row when it is read.
template <amount Amount>
class journal_rows {
public:
    static constexpr std::size_t kept_max = 128;

    journal_rows() = default;
    explicit journal_rows(std::span<const basic_operation<Amount>> operations) : operations_(operations) {
        for (const auto& o : operations) {
            count_ += o.parts.size();
        }
        if (count_ <= kept_max) {
            kept_.reserve(count_);
            make([&](journal_row<Amount>&& row) { kept_.push_back(std::move(row)); });
        }
    }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

    template <class Each>
    void operator()(Each&& each) const {
        if (count_ > kept_max) {
            return make(each);
        }
        for (const auto& row : kept_) {
            each(row);
        }
    }

private:
    template <class Each>
    void make(Each&& each) const {
        for (const auto& o : operations_) {
            for (std::size_t i = 0; i < o.parts.size(); ++i) {
                each(to_row(o, i));
            }
        }
    }

    std::span<const basic_operation<Amount>> operations_;
    std::size_t count_ = 0;
    std::vector<journal_row<Amount>> kept_;
};

template <amount Amount>
[[nodiscard]] basic_request<Amount> request_of(const journal_row<Amount>& row) {
    basic_request<Amount> request;
    jackpot::detail::emplace_kind<Amount>(request, static_cast<std::size_t>(row.kind));
    jackpot::detail::visit_request(
        [&](auto& r) {
            jackpot::detail::each_field(row, r, [&](const auto& column, auto& field) {
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
    jackpot::detail::balance_of(part) = jackpot::detail::balance_of(row);
    for (std::size_t i = 0; i < row.amounts.size(); ++i) {
        part.*part_amounts<Amount>[i].amount = row.amounts[i].value_or(0);
    }
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
