// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_FAILURE_HPP
#define JACKPOT_SOCI_FAILURE_HPP

#include <jackpot/soci/dialect.hpp>
#include <jackpot/soci/rows.hpp>

// Inside the SQL stores failures travel as exceptions, as SOCI's own do; `attempt` is the boundary that no
// exception crosses.

namespace jackpot { inline namespace v1 { namespace sql {

/// An error of the library's own on its way to the boundary.
struct failure {
    error what;
};

inline void throw_if_failed(const expected<void>& done) {
    if (!done) {
        throw failure{done.error()};
    }
}

/// Calls `body` and returns its result, or the error that it threw; sets `lost` where the session is of no
/// more use.
template <class Body>
auto attempt(const dialect& engine, bool& lost, Body&& body) -> expected<std::invoke_result_t<Body&>> {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Body&>>) {
            body();
            return {};
        } else {
            return body();
        }
    } catch (const failure& f) {
        return tl::unexpected(f.what);
    } catch (const soci::soci_error& e) {
        const fault sorted = engine.classify(e);
        lost = lost || sorted.lost;
        return tl::unexpected(sorted.what);
    } catch (const std::bad_alloc&) {
        return fail(errc::out_of_memory);
    } catch (const std::exception& e) {
        return fail(errc::unsupported, e.what());
    }
}

/// What is stored cannot be read: the table, the row by its first column, and the column.
struct place {
    std::string_view table;
    std::string_view key;
    std::string_view row;
    std::string_view column;
};

[[noreturn]] inline void unreadable(const place& at, std::string_view value) {
    basic_text<240> where(at.table);
    where.append(", ").append(at.key).append(" ").append(at.row).append(", ").append(at.column);
    throw failure{fail(errc::corrupt, where, value).value()};
}

/// Where among a row's columns an address is.
class column_finder {
public:
    explicit column_finder(const void* wanted) noexcept : wanted_(wanted) {}

    template <class T>
    void operator()(std::string_view, const T& value, std::string_view = {}) {
        at_ = static_cast<const void*>(&value) == wanted_ ? next_ : at_;
        ++next_;
    }
    [[nodiscard]] std::size_t at() const noexcept { return at_; }

private:
    const void* wanted_;
    std::size_t next_ = 0;
    std::size_t at_ = 0;
};

[[nodiscard]] inline std::string shown(const cell& c) {
    return c.state == soci::i_null ? "NULL" : c.text.empty() ? std::to_string(c.number) : c.text;
}

/// The row's column at that address cannot be understood.
template <table_row Row>
[[noreturn]] void unreadable(const Row& row, const void* column) {
    column_finder finder(column);
    Row::columns(row, finder);
    cell_row cells;
    cells.add(row);
    const cell& broken = cells[finder.at()];
    unreadable({Row::table, cells[0].name, shown(cells[0]), broken.name}, shown(broken));
}

}}}  // namespace jackpot::v1::sql

#endif
