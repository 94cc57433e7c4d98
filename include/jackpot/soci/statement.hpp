// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_STATEMENT_HPP
#define JACKPOT_SOCI_STATEMENT_HPP

#include <jackpot/soci/failure.hpp>

namespace jackpot { inline namespace v1 { namespace sql {

/// The row whose columns begin at that cell. Throws where one of them holds none of the column's values.
template <table_row Row>
void read_row(Row& row, const cell* first) {
    cell_reader reader(first);
    Row::columns(row, reader);
    if (const cell* c = reader.broken()) {
        unreadable({Row::table, reader.key(), first->text, reader.column()},
                   c->state == soci::i_null ? std::string_view("NULL") : c->text);
    }
}

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
        bind(parameters...);
        execute(0);
        return native_ == nullptr ? prepared_.get_affected_rows() : native_->affected();
    }

    /// Calls `each(row)` for every row that it gives. Always to the end, for a SELECT that is left open
    /// holds on to its moment.
    template <table_row Row, class Each, class... Parameters>
    void select(Each&& each, const Parameters&... parameters) {
        Row row;
        bind(parameters...);
        for (bool more = execute(columns_of<Row>().size()); more; more = fetch()) {
            read_row(row, results_.data());
            each(row);
        }
    }

    /// The same for a join of three tables: calls `each(first, second, third)`; `second` is null where the
    /// first of its columns is.
    template <table_row First, table_row Second, table_row Third, class Each, class... Parameters>
    void select_joined(Each&& each, const Parameters&... parameters) {
        constexpr auto null = soci::i_null;
        const std::size_t second_at = columns_of<First>().size();
        const std::size_t third_at = second_at + columns_of<Second>().size();
        First first;
        Second second;
        Third third;
        bind(parameters...);
        for (bool more = execute(third_at + columns_of<Third>().size()); more; more = fetch()) {
            const bool joined = results_[second_at].state != null;
            read_row(first, results_.data());
            if (joined) {
                read_row(second, &results_[second_at]);
            }
            read_row(third, &results_[third_at]);
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
    void bind(const Parameters&... parameters) {
        parameters_.fill_again();
        (parameters_.add(parameters), ...);
    }
    bool execute(std::size_t results) {
        if (!ready_) {
            prepare(results);
        }
        return native_ == nullptr ? prepared_.execute(true) : native_->execute(parameters_.cells(), results_);
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
        for (cell& c : parameters_.cells()) {
            c.number_bound ? prepared_.exchange(soci::use(c.number, c.state, c.name))
                           : prepared_.exchange(soci::use(c.text, c.state, c.name));
        }
        for (cell& c : results_) {
            prepared_.exchange(soci::into(c.text, c.state));
        }
        prepared_.define_and_bind();
        ready_ = true;
    }

    const dialect& engine_;
    soci::session& session_;
    std::string sql_;
    cell_row parameters_;  // the cells of both stay where they were when they were bound
    std::vector<cell> results_;
    bool ready_ = false;
    soci::statement prepared_;
    std::unique_ptr<native_statement> native_;
};

}}}  // namespace jackpot::v1::sql

#endif
