// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CHECKS_HIDDEN_CHECKS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CHECKS_HIDDEN_CHECKS_HPP

#include <jackpot/soci/definitions.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace migrator {

/// What `SHOW CREATE TABLE` answers.
struct definition_row {
    std::string name{};
    std::string text{};

    static constexpr std::string_view table = "definitions";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("name", row.name);
        each("text", row.text);
    }
};

/// MariaDB and MySQL list CHECKs to nobody whose rights are by table; the table's definition has them, in
/// another spelling. Where none is listed, and the definitions have as many as are wanted, none is missing.
inline void find_hidden_checks(jackpot::sql::connection& c, std::vector<jackpot::sql::shape_check>& shapes) {
    if (c.engine().scheme != "mysql") {
        return;
    }
    const auto is_check = [](const auto& s) { return s.wanted.starts_with("CHECK"); };
    std::map<std::string, std::size_t> wanted;
    for (const auto& s : shapes) {
        if (is_check(s) && s.wrong != "is missing") {
            return;
        }
        wanted[s.table] += is_check(s) ? 1 : 0;
    }
    for (const auto& [table, count] : wanted) {
        std::size_t there = 0;
        c.prepared("SHOW CREATE TABLE " + table).select<definition_row>([&](const definition_row& row) {
            for (auto at = row.text.find("CHECK ("); at != std::string::npos;
                 at = row.text.find("CHECK (", at + 1)) {
                ++there;
            }
        });
        for (auto& s : shapes) {
            if (s.table == table && is_check(s) && there >= count) {
                s.wrong.clear();
            }
        }
    }
}

}  // namespace migrator

#endif
