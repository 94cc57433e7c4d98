// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMP_TABLES_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMP_TABLES_HPP

#include "dump_values.hpp"

#include <map>

namespace migrator {

/// Reads the statements that make and fill tables, each from its first word to its end.
class table_reader : protected value_reader {
protected:
    using value_reader::value_reader;

    bool read_create();
    bool read_insert();
    bool read_copy();
    /// To the semicolon; those in parentheses (rules) and in a body (triggers, functions) do not count.
    bool skip_statement(bool has_body = false, bool may_insert = false);
    std::vector<dumped_table> take_tables();

    std::string schema_;  // of tables that are named without one

private:
    struct entry {
        dumped_table table{};
        std::vector<std::string> created{};  // the columns by CREATE TABLE
        bool made = false;
        bool begun = false;  // to be filled, so that its columns are settled
    };

    bool read_name(std::string_view what, entry*& found);
    bool read_column_list(std::vector<std::string>& columns);
    bool read_definitions(entry& e);
    bool begin_filling(entry& e, std::vector<std::string> columns, std::size_t at);
    bool check_width(const entry& e, std::size_t width, std::size_t at);

    std::map<std::pair<std::string, std::string>, entry> tables_;
};

}  // namespace migrator

#endif
