// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_SQLITE_ERRORS_HPP
#define JACKPOT_SOCI_ENGINES_SQLITE_ERRORS_HPP

#include <jackpot/soci/dialect.hpp>

#include <soci/sqlite3/soci-sqlite3.h>

namespace jackpot { inline namespace v1 { namespace sql::sqlite {

/// By SQLite's result code, without its extension. The codes are part of SQLite's file-level interface
/// and never change; spelled here because SOCI gives the names to its users only before version 4.1.
[[nodiscard]] inline errc code_of(int result) noexcept {
    switch (result & 0xFF) {
        case 5:   // BUSY
        case 6:   // LOCKED
        case 9:   // INTERRUPT
        case 10:  // IOERR
        case 13:  // FULL
        case 14:  // CANTOPEN
        case 15:  // PROTOCOL
            return errc::unavailable;
        case 3:   // PERM
        case 8:   // READONLY
        case 23:  // AUTH
            return errc::permission_denied;
        case 11:  // CORRUPT
        case 19:  // CONSTRAINT
        case 26:  // NOTADB
            return errc::corrupt;
        case 7:  // NOMEM
            return errc::out_of_memory;
        case 1:   // ERROR: the statements are right, so the tables are not
        case 17:  // SCHEMA
            return errc::schema_mismatch;
        default:
            return errc::unsupported;
    }
}

[[nodiscard]] inline fault classify(const soci::soci_error& e) {
    const std::string message = e.get_error_message();
    std::string_view words = message;
    if (words.starts_with("sqlite3_statement_backend::")) {
        words.remove_prefix(words.find(": ") + 2);
    }
    const auto* said = dynamic_cast<const soci::sqlite3_soci_error*>(&e);
    const int result = said == nullptr ? -1 : said->result();
    return {{code_of(result), words}, (result & 0xFF) == 19};
}

}}}  // namespace jackpot::v1::sql::sqlite

#endif
