// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_ROW_EDITS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_ROW_EDITS_HPP

#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace migrator {

namespace sql = jackpot::sql;

/// One column of a pool, or of the store, in which the row is not as the journal has it.
struct edit {
    std::string where;
    std::string column;
    std::string stored;
    std::string folded;
};

template <class T>
[[nodiscard]] std::string show_cell(const T& value) {
    sql::cell c;
    write_cell(value, c);
    return c.state == soci::i_null                  ? "NULL"
           : sql::is_number(sql::field_of<T>::kind) ? std::to_string(c.number)
                                                    : c.text;
}

/// The columns of a row in the spelling of the values in them, on every engine the same; as stored where one
/// cannot be read.
template <jackpot::amount Amount>
[[nodiscard]] std::vector<std::string> texts_of(const sql::stored_row<sql::pool_row<Amount>>& stored) {
    std::vector<std::string> texts;
    stored.read([&](std::string_view, const std::string& text, const auto* value) {
        texts.push_back(value == nullptr ? text : show_cell(*value));
    });
    return texts;
}

[[nodiscard]] inline std::string list_games(const std::set<std::string>& games) {
    return games.empty() ? "every game" : fmt::format("{}", fmt::join(games, ", "));
}

[[nodiscard]] inline std::vector<edit> edits_of_store(const sql::store_row& stored,
                                                      const jackpot::store_head& folded) {
    std::vector<edit> all;
    const auto look = [&](const char* column, const auto& is, const auto& right) {
        if (show_cell(is) != show_cell(right)) {
            all.push_back({"the store", column, show_cell(is), show_cell(right)});
        }
    };
    look("sequence", stored.sequence, folded.sequence);
    look("newest_at", stored.newest_at, sql::moment{folded.at});
    return all;
}

/// Where the rows that `c` reads, and `at`, the store's own, are not what the journal folds to.
template <jackpot::amount Amount>
[[nodiscard]] std::vector<edit> edits_of(sql::connection& c, const sql::store_row& at,
                                         const jackpot::basic_snapshot<Amount>& folded) {
    using row_type = sql::pool_row<Amount>;
    std::vector<edit> all = edits_of_store(at, folded.head);
    const std::uint64_t last = folded.head.sequence;
    std::set<std::string> seen;
    std::map<std::string, std::set<std::string>> games;
    for (const auto& row : sql::read_stored<sql::game_row>(c)) {
        games[row.values[0].value_or("NULL")].insert(row.values[1].value_or("NULL"));
    }
    for (const auto& stored : sql::read_stored<row_type>(c)) {
        const std::string pool = stored.values.front().value_or("NULL");
        const row_type row = stored.read([](auto&&...) {});
        if (at.sequence > last && row.sequence > last) {
            sql::throw_if_failed(jackpot::fail(
                jackpot::errc::corrupt,
                fmt::format("the journal ends with operation {}, and pool {} is of a later one", last, pool),
                std::to_string(row.sequence)));
        }
        const auto* p = jackpot::detail::find_pool(folded.pools, pool);
        seen.insert(pool);
        if (p == nullptr) {
            all.push_back({"pool " + pool, "row", "there", "no such pool"});
            continue;
        }
        const auto texts = texts_of<Amount>(stored);
        std::size_t next = 0;
        const row_type wanted = sql::to_row(*p);
        row_type::columns(wanted, [&](std::string_view column, const auto& value, std::string_view = {}) {
            const std::string& text = texts[next++];
            if (const std::string right = show_cell(value); text != right) {
                all.push_back({"pool " + pool, std::string(column), text, right});
            }
        });
        std::set<std::string> wanted_games;
        for (const auto& game : p->configuration->games) {
            wanted_games.insert(std::string(game.view()));
        }
        if (games[pool] != wanted_games) {
            all.push_back({"pool " + pool, "games", list_games(games[pool]), list_games(wanted_games)});
        }
    }
    for (const auto& [pool, names] : games) {
        if (!seen.contains(pool)) {
            all.push_back({"pool " + pool, "games", list_games(names), "no such pool"});
        }
    }
    for (const auto& p : folded.pools) {
        if (const std::string pool(p.pool.view()); !seen.contains(pool)) {
            all.push_back({"pool " + pool, "row", "missing", "there"});
        }
    }
    return all;
}

}  // namespace migrator

#endif
