// SPDX-License-Identifier: BSL-1.0
#include "dumps.hpp"

#include "dump_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace migrator {

namespace {

/// What dumps hold beside rows and tables, and what says nothing of either.
constexpr std::array<std::string_view, 28> without_rows = {
    "ALTER",     "ANALYZE",  "BEGIN",   "CHANGE", "COMMENT", "COMMIT", "DO",
    "DROP",      "END",      "FLUSH",   "GRANT",  "IMPORT",  "LOCK",   "PRAGMA",
    "REFRESH",   "REINDEX",  "RELEASE", "RESET",  "REVOKE",  "SELECT", "ROLLBACK",
    "SAVEPOINT", "SECURITY", "SET",     "START",  "STOP",    "UNLOCK", "USE"};

/// What psql does itself, but for reading other files and running other programs.
constexpr std::array<std::string_view, 9> of_psql = {"c",        "connect",    "echo", "encoding", "pset",
                                                     "restrict", "unrestrict", "set",  "timing"};

class dump_reader : table_reader {
public:
    explicit dump_reader(std::string_view text) : table_reader(text) {}

    tl::expected<std::vector<dumped_table>, std::string> read() {
        while (advance().kind != token_kind::end) {
            if (!read_statement()) {
                return tl::unexpected(fmt::format("line {}: {}", tokens_.line_of(failed_at_), failure_));
            }
        }
        if (const auto begun = tokens_.begun()) {
            return tl::unexpected(
                fmt::format("line {}: the dump that begins here was cut off: its end, which "
                            "says that it is complete, is missing",
                            tokens_.line_of(*begun)));
        }
        return take_tables();
    }

private:
    bool read_statement() {
        if (now_.is(';')) {
            return true;
        }
        if (now_.is('\\')) {
            return read_command_of_psql();
        }
        if (now_.is("DELIMITER")) {
            return skip_routines();
        }
        if (now_.is("INSERT") || now_.is("REPLACE")) {
            return read_insert();
        }
        if (now_.is("COPY")) {
            return read_copy();
        }
        if (now_.is("CREATE")) {
            return read_create();
        }
        if (now_.is("USE")) {
            advance();
            schema_ = now_.value;
            return skip_statement();
        }
        if (now_.is("SET")) {
            advance();
            return now_.is("SEARCH_PATH")       ? read_search_path()
                   : now_.is("CLIENT_ENCODING") ? read_encoding()
                                                : skip_statement();
        }
        if (now_.is("PRAGMA")) {
            tokens_.set_dialect(dump_dialect::sqlite);
        } else if (tokens_.dialect() == dump_dialect::sqlite) {
            if (now_.is("BEGIN")) {
                tokens_.set_begun(now_.at);
            } else if (now_.is("COMMIT")) {
                tokens_.set_begun(std::nullopt);
            } else if (now_.is("ROLLBACK")) {
                return fail("sqlite3 says here that it could not read all of the database", now_.at);
            }
        }
        // sqlite3 empties a table of its own.
        if (now_.is("DELETE") && advance().is("FROM") && advance().value.starts_with("sqlite_")) {
            return skip_statement();
        }
        return now_.is_any(without_rows) ? skip_statement() : fail("a statement that is known in dumps");
    }

    bool read_command_of_psql() {
        const std::size_t began = now_.at;
        const auto line = tokens_.take_line();
        const auto command = line.substr(0, line.find_first_of(" \t;"));
        return std::find(of_psql.begin(), of_psql.end(), command) != of_psql.end() ||
               fail(fmt::format("a command for psql that cannot be followed here: \\{}",
                                std::string(command.substr(0, 40))),
                    began);
    }

    /// Names are read as they stand, and compared byte for byte.
    bool read_encoding() {
        advance();
        advance();
        constexpr std::array<std::string_view, 4> taken = {"UTF8", "UTF-8", "utf8", "SQL_ASCII"};
        if (std::find(taken.begin(), taken.end(), now_.value) == taken.end()) {
            return fail("UTF8 (pg_dump --encoding=UTF8)");
        }
        return skip_statement();
    }

    /// Triggers and procedures by mysqldump, which end with another mark.
    bool skip_routines() {
        const std::size_t began = now_.at;
        static_cast<void>(tokens_.take_line());
        while (!tokens_.at_end()) {
            if (tokens_.take_line() == "DELIMITER ;") {
                return true;
            }
        }
        return fail("a DELIMITER that is never set back to ;", began);
    }

    /// Before PostgreSQL 10.3, dumps name the schema here and not with the tables.
    bool read_search_path() {
        advance();
        advance();
        schema_ = now_.is_identifier() && !now_.is("PG_CATALOG") ? now_.value : "";
        return skip_statement();
    }
};

}  // namespace

void dumped_rows::begin_row() {
    constexpr std::size_t piece_bytes = 1 << 20;
    if (pieces_.empty() || pieces_.back().size() > piece_bytes / 2) {
        pieces_.emplace_back().reserve(piece_bytes);
    }
    rows_.push_back({static_cast<std::uint32_t>(pieces_.size() - 1),
                     static_cast<std::uint32_t>(pieces_.back().size()), 0});
}

void dumped_rows::add(const dumped_value& value) {
    // The length before the value, one more than it is: 0 is NULL.
    auto& piece = pieces_.back();
    for (std::uint64_t size = value ? value->size() + 1 : 0;; size >>= 7) {
        piece += static_cast<char>((size & 0x7fU) | (size > 0x7fU ? 0x80U : 0U));
        if (size <= 0x7fU) {
            break;
        }
    }
    piece += value.value_or("");
    ++rows_.back().width;
}

std::vector<dumped_value> dumped_rows::operator[](std::size_t row) const {
    const auto& where = rows_[row];
    std::string_view rest = std::string_view(pieces_[where.piece]).substr(where.at);
    std::vector<dumped_value> values(where.width);
    for (auto& value : values) {
        std::uint64_t size = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(rest.front());
            rest.remove_prefix(1);
            size |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80) {
                break;
            }
        }
        if (size != 0) {
            value.emplace(rest.substr(0, size - 1));
            rest.remove_prefix(size - 1);
        }
    }
    return values;
}

tl::expected<std::vector<dumped_table>, std::string> read_dump(std::string_view text) {
    // By their first bytes: an archive of --format=custom, and one of tar.
    if (text.starts_with("PGDMP") || text.starts_with("toc.dat")) {
        return tl::unexpected(
            std::string("it is an archive of pg_dump, and plain SQL is wanted: pg_dump --format=plain, or "
                        "pg_restore --file=PLAIN.sql ARCHIVE"));
    }
    return dump_reader(text).read();
}

}  // namespace migrator
