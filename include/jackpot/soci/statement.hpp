// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_STATEMENT_HPP
#define JACKPOT_SOCI_STATEMENT_HPP

#include <jackpot/soci/failure.hpp>

#include <deque>

namespace jackpot { inline namespace v1 { namespace sql {

/// A value for a parameter that is no column of a row.
template <class T>
struct parameter {
    std::string_view name;
    T value;
};
template <class T>
parameter(std::string_view, T) -> parameter<T>;

/// A statement that is prepared when it is first run, and then kept. Its parameters and results must be
/// the same each time.
class statement {
public:
    statement(const dialect& engine, soci::session& session, const std::string& sql)
        : engine_(engine), session_(session), sql_(sql), prepared_(session) {}

    /// Runs it; `parameters` are rows, each column a parameter of its name, and `parameter`s. Returns
    /// how many rows it changed.
    template <class... Parameters>
    long long run(const Parameters&... parameters) {
        execute(0, parameters...);
        return native_ == nullptr ? prepared_.get_affected_rows() : native_->affected();
    }

    /// Calls `each(row)` for every row that it gives. Always to the end, for a SELECT that is left open
    /// holds on to its moment.
    template <table_row Row, class Each, class... Parameters>
    void select(Each&& each, const Parameters&... parameters) {
        Row row;
        for (bool more = execute(columns_of<Row>(), parameters...); more; more = fetch()) {
            read(row, 0);
            each(row);
        }
    }

    /// The same for a join of three tables: calls `each(first, second, third)`; `second` is null where the
    /// first of its columns is.
    template <table_row First, table_row Second, table_row Third, class Each, class... Parameters>
    void select_joined(Each&& each, const Parameters&... parameters) {
        constexpr auto null = soci::i_null;
        const std::size_t second_at = columns_of<First>();
        const std::size_t third_at = second_at + columns_of<Second>();
        First first;
        Second second;
        Third third;
        for (bool more = execute(third_at + columns_of<Third>(), parameters...); more; more = fetch()) {
            const bool joined = results_[second_at].state != null;
            read(first, 0);
            if (joined) {
                read(second, second_at);
            }
            read(third, third_at);
            each(first, joined ? &second : nullptr, third);
        }
    }

    /// As the engine has it. For a statement that is run no other way.
    [[nodiscard]] soci::details::statement_backend& native() {
        if (!ready_) {
            prepared_.alloc();
            prepared_.prepare(sql_);
            ready_ = true;
        }
        return *prepared_.get_backend();
    }

private:
    template <class... Parameters>
    bool execute(std::size_t results, const Parameters&... parameters) {
        [[maybe_unused]] std::size_t next = 0;
        (bind(parameters, next), ...);
        if (!ready_) {
            prepare(results);
        }
        return native_ == nullptr ? prepared_.execute(true) : native_->execute(parameters_, results_);
    }
    bool fetch() { return native_ == nullptr ? prepared_.fetch() : native_->fetch(results_); }

    void prepare(std::size_t results) {
        results_.resize(results);
        if (engine_.prepare != nullptr) {
            native_ = engine_.prepare(session_, sql_);
            ready_ = true;
            return;
        }
        prepared_.alloc();
        prepared_.prepare(sql_);
        for (cell& c : parameters_) {
            c.number_bound ? prepared_.exchange(soci::use(c.number, c.state, c.name))
                           : prepared_.exchange(soci::use(c.text, c.state, c.name));
        }
        for (cell& c : results_) {
            prepared_.exchange(soci::into(c.text, c.state));
        }
        prepared_.define_and_bind();
        ready_ = true;
    }

    template <class T>
    void bind(const T& value, std::size_t& next) {
        if constexpr (table_row<T>) {
            T::columns(value, [&](std::string_view column, const auto& v, std::string_view = {}) {
                bind(parameter<const std::remove_cvref_t<decltype(v)>&>{column, v}, next);
            });
        } else {
            using field_type = field_of<std::remove_cvref_t<decltype(value.value)>>;
            if (!ready_) {
                cell& c = parameters_.emplace_back();
                c.name = value.name;
                c.number_bound = is_number(field_type::kind);
            }
            write_cell(value.value, parameters_[next++]);
        }
    }

    template <table_row Row>
    [[nodiscard]] static std::size_t columns_of() {
        std::size_t count = 0;
        const Row any;
        Row::columns(any, [&](std::string_view, const auto&, std::string_view = {}) { ++count; });
        return count;
    }

    /// The row whose columns begin at that place among the results.
    template <table_row Row>
    void read(Row& row, std::size_t first) const {
        std::size_t next = first;
        std::string_view key;
        Row::columns(row, [&](std::string_view column, auto& value, std::string_view = {}) {
            key = next == first ? column : key;
            const cell& c = results_[next++];
            if (!read_cell(c, value)) {
                unreadable({Row::table, key, results_[first].text, column},
                           c.state == soci::i_null ? std::string_view("NULL") : c.text);
            }
        });
    }

    const dialect& engine_;
    soci::session& session_;
    std::string sql_;
    std::deque<cell> parameters_;  // both keep the addresses of their cells, which are bound once
    std::deque<cell> results_;
    bool ready_ = false;
    soci::statement prepared_;
    std::unique_ptr<native_statement> native_;
};

}}}  // namespace jackpot::v1::sql

#endif
