// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMPS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMPS_HPP

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrator {

/// A value as the dump has it: text decoded, numbers as they are written, bytes for X'..'. None for NULL,
/// and for DEFAULT.
using dumped_value = std::optional<std::string>;

/// Rows one behind the other in a few large pieces: they take little more memory than their text, for what a
/// string costs by itself is several times a short value.
class dumped_rows {
public:
    void begin_row();
    /// A value of the row that was begun last.
    void add(const dumped_value& value);
    void add_row(const std::vector<dumped_value>& values) {
        begin_row();
        for (const auto& value : values) {
            add(value);
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] std::vector<dumped_value> operator[](std::size_t row) const;

private:
    struct place {
        std::uint32_t piece;
        std::uint32_t at;
        std::uint32_t width;
    };
    std::vector<std::string> pieces_;
    std::vector<place> rows_;
};

struct dumped_table {
    std::string schema{};  ///< or the database, with MySQL; empty where the dump names none
    std::string name{};
    std::vector<std::string> columns{};
    dumped_rows rows{};  ///< each has as many values as there are columns
};

/// The tables that a dump makes or fills: one by pg_dump (plain SQL; COPY, --inserts or --column-inserts),
/// `sqlite3 FILE .dump`, mysqldump or mariadb-dump. Everything else in it is passed over. What SQLite keeps
/// for itself (sqlite_sequence) is left out.
///
/// An error names the line: what is not SQL, rows that do not fit their table, a table that is made twice
/// (dumps of several databases in one), a dump that was cut off. An archive of pg_dump is refused as that.
/// Time and memory are linear in the text.
[[nodiscard]] tl::expected<std::vector<dumped_table>, std::string> read_dump(std::string_view text);

}  // namespace migrator

#endif
