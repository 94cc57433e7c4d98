// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_POSTGRESQL_ERRORS_HPP
#define JACKPOT_SOCI_ENGINES_POSTGRESQL_ERRORS_HPP

#include <jackpot/soci/engines/postgresql/session.hpp>

namespace jackpot { inline namespace v1 { namespace sql::postgresql {

/// By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
[[nodiscard]] inline fault sort(std::string_view state, std::string_view message) {
    const auto is_one_of = [&](auto... classes_or_states) {
        return (state.starts_with(classes_or_states) || ...);
    };
    const auto as = [&](errc code) { return error{code, message}; };
    if (is_one_of("40001", "40P01")) {  // serialization failure, deadlock
        return {as(errc::conflict)};
    }
    // Connection, server shutting down or starting, no such database, idle for too long; read-only, as a
    // server is after a switch-over, and a database or role that is fenced: another server may take what is
    // next.
    if (is_one_of("08", "57P", "3D000", "25P03", "25006")) {
        return {.what = as(errc::unavailable), .lost = true};
    }
    if (is_one_of("53", "55P03", "57014",
                  "58")) {  // no space, memory or connection; lock; canceled; input/output
        return {as(errc::unavailable)};
    }
    if (is_one_of("23", "22012")) {  // a row that is refused; a division by zero, by which a commit refuses
        return {.what = as(errc::corrupt), .constraint = true};
    }
    if (is_one_of("42501", "28")) {  // no privilege, authentication
        return {as(errc::permission_denied)};
    }
    if (is_one_of("42P01", "42703", "3F000",
                  "0A000")) {  // no table, no column, no schema, columns that changed
        return {as(errc::schema_mismatch)};
    }
    if (is_one_of("22003")) {
        return {as(errc::amount_overflow)};
    }
    return {as(is_one_of("XX001", "XX002") ? errc::corrupt : errc::unsupported)};
}

[[nodiscard]] inline fault classify(const soci::soci_error& e) {
    const std::string message = e.get_error_message();
    std::string_view words = message;
    const auto begin_at = [&](std::string_view mark) {
        if (const auto at = words.find(mark); at != std::string_view::npos) {
            words.remove_prefix(at + mark.size());
        }
    };
    const auto* said = dynamic_cast<const soci::postgresql_soci_error*>(&e);
    if (said == nullptr) {
        return {.what = {errc::unavailable, words}, .lost = true};
    }
    begin_at("ERROR:  ");
    words = words.substr(0, words.find('\n'));
    const std::string state = said->sqlstate();
    // Without a state the server did not say anything: libpq lost it.
    return sort(state == "     " ? "08" : state, words);
}

}}}  // namespace jackpot::v1::sql::postgresql

#endif
