// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_FAILURE_HPP
#define JACKPOT_SOCI_FAILURE_HPP

#include <jackpot/soci/dialect.hpp>
#include <jackpot/soci/tables.hpp>

// Inside, failures travel as exceptions, as SOCI's own do; `attempt` is the boundary that none crosses.

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

/// Calls `body` and returns what it returns, or the error that it ended with; `lost` becomes true where
/// the session is of no more use.
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

}}}  // namespace jackpot::v1::sql

#endif
