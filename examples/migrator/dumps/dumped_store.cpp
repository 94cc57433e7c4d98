// SPDX-License-Identifier: BSL-1.0
#include "dumped_store.hpp"

#include "numerals.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/soci/alter.hpp>
#include <jackpot/soci/journal.hpp>
#include <jackpot/soci/pools.hpp>
#include <jackpot/soci/version_1.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace migrator {

namespace {

namespace sql = jackpot::sql;
using amount_type = std::int64_t;
using pool_row = sql::pool_row<amount_type>;
using journal_row = sql::journal_row<amount_type>;
using hold_row = sql::hold_row<amount_type>;

/// On its way to `pools_of`, as the library's own failures are.
struct refusal {
    std::string why;
};

[[noreturn]] void refuse(std::string why) {
    throw refusal{std::move(why)};
}

/// The table of that name in the schema wanted, or null.
const dumped_table* find(const std::vector<dumped_table>& dump, std::string_view name,
                         const std::string& schema) {
    const dumped_table* found = nullptr;
    for (const auto& table : dump) {
        if (table.name != name || (!schema.empty() && table.schema != schema)) {
            continue;
        }
        if (found != nullptr) {
            refuse(fmt::format("{} is there in {} and in {}: say which schema", name, found->schema,
                               table.schema));
        }
        found = &table;
    }
    return found;
}

bool read_value(const sql::cell& c, sql::moment& value) {
    // A dump has the offset of the session that made it, where an engine's own answers are in UTC.
    const auto at = c.state == soci::i_ok ? read_moment(c.text) : std::nullopt;
    value.value = at.value_or(0);
    return at.has_value();
}
bool read_value(const sql::cell& c, std::optional<sql::moment>& value) {
    value.reset();
    return c.state == soci::i_null || read_value(c, value.emplace());
}
template <class T>
bool read_value(const sql::cell& c, T& value) {
    return sql::read_cell(c, value);
}

/// Was the dump made of a store of the first schema?
bool is_of_version_1(const std::vector<dumped_table>& dump, const std::string& schema) {
    return find(dump, hold_row::table, schema) == nullptr;
}

/// May a dump of the first schema lack the column?
bool came_later(std::string_view table, std::string_view column) {
    const auto& first = sql::version_1::tables<amount_type>();
    const auto found =
        std::find_if(first.begin(), first.end(), [&](const auto& t) { return t.name == table; });
    return found == first.end() || !sql::has_column(*found, column);
}

/// Calls `each(row)` for the rows of the table, whose columns must be those of `Row`, or of its first schema;
/// in that order of their indices, where there is one.
template <sql::table_row Row, class Each>
void each_row(const std::vector<dumped_table>& dump, const std::string& schema, Each&& each,
              const std::vector<std::size_t>& order = {}) {
    const auto* table = find(dump, Row::table, schema);
    if (table == nullptr) {
        refuse(fmt::format("there is no table {} in the dump{}", Row::table,
                           schema.empty() ? "" : " of the schema " + schema));
    }
    const bool first_schema = is_of_version_1(dump, schema);
    std::vector<std::size_t> at;
    Row row;
    Row::columns(row, [&](std::string_view column, const auto&, std::string_view = {}) {
        const auto found = std::find(table->columns.begin(), table->columns.end(), column);
        if (found == table->columns.end() && !(first_schema && came_later(Row::table, column))) {
            refuse(fmt::format("{} lacks the column {}", Row::table, column));
        }
        at.push_back(static_cast<std::size_t>(found - table->columns.begin()));
    });
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
        if (std::find(at.begin(), at.end(), i) == at.end()) {
            refuse(
                fmt::format("{} has a column {} that is not of this version", Row::table, table->columns[i]));
        }
    }
    sql::cell c;
    for (std::size_t i = 0; i < table->rows.size(); ++i) {
        const auto values = table->rows[order.empty() ? i : order[i]];
        auto next = at.begin();
        Row::columns(row, [&](std::string_view column, auto& value, std::string_view = {}) {
            const auto place = *next++;
            if (place == table->columns.size()) {
                return;
            }
            const auto& dumped = values[place];
            c.state = dumped ? soci::i_ok : soci::i_null;
            c.text = dumped.value_or("");
            if (!read_value(c, value)) {
                refuse(fmt::format("{}, {} {}, {}: {}", Row::table, table->columns[at[0]],
                                   values[at[0]].value_or("NULL"), column, dumped.value_or("NULL")));
            }
        });
        each(row);
    }
}

jackpot::store_head read_head(const std::vector<dumped_table>& dump, const std::string& schema) {
    std::vector<sql::store_row> stores;
    each_row<sql::store_row>(dump, schema, [&](const sql::store_row& row) { stores.push_back(row); });
    if (stores.size() != 1) {
        refuse(fmt::format("jackpot_store has {} rows instead of 1", stores.size()));
    }
    const auto& store = stores.front();
    if (store.amount_type != jackpot::amount_traits<amount_type>::type_name) {
        refuse("the store's amounts are " + store.amount_type + ", not int64");
    }
    if (store.identity.is_null()) {
        refuse("jackpot_store, identity: 0 is no store's");
    }
    return {.identity = store.identity,
            .sequence = store.sequence,
            .at = store.newest_at.value,
            .sealed = store.sealed != 0};
}

void check(const jackpot::pool& p, const jackpot::store_head& head) {
    jackpot::basic_request<amount_type> opening =
        jackpot::open_request{.pool = p.pool, .configuration = *p.configuration};
    for (const auto& sound : {jackpot::normalize<amount_type>(opening), check_meters(p)}) {
        if (!sound) {
            refuse(fmt::format("pool {}: {}", p.pool.view(), to_text(sound.error()).view()));
        }
    }
    if (p.version == 0 || p.sequence == 0 || p.sequence > head.sequence) {
        refuse(fmt::format("pool {} is of sequence {} and version {}, in a store of sequence {}",
                           p.pool.view(), p.sequence, p.version, head.sequence));
    }
}

std::vector<jackpot::pool> read_pools(const std::vector<dumped_table>& dump, const std::string& schema,
                                      const jackpot::store_head& head) {
    std::map<jackpot::name, std::vector<jackpot::name>> games;
    each_row<sql::game_row>(dump, schema,
                            [&](const sql::game_row& row) { games[row.pool].push_back(row.game); });
    std::map<jackpot::name, std::vector<jackpot::hold>> holds;
    if (!is_of_version_1(dump, schema)) {
        each_row<hold_row>(dump, schema, [&](const hold_row& row) {
            holds[row.pool].push_back(row.hold);
            holds[row.pool].back().at = row.at.value;
        });
    }
    std::vector<jackpot::pool> pools;
    each_row<pool_row>(dump, schema, [&](const pool_row& row) {
        auto node = games.extract(row.pool);
        auto listed = node.empty() ? std::vector<jackpot::name>() : std::move(node.mapped());
        std::sort(listed.begin(), listed.end());
        if (std::adjacent_find(listed.begin(), listed.end()) != listed.end()) {
            refuse(fmt::format("jackpot_games names a game of {} twice", row.pool.view()));
        }
        auto open = holds.extract(row.pool);
        auto sorted = open.empty() ? std::vector<jackpot::hold>() : std::move(open.mapped());
        std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.hold < b.hold; });
        check(pools.emplace_back(
                  sql::from_row(row, std::move(listed), jackpot::basic_holds<amount_type>(sorted))),
              head);
    });
    if (!holds.empty()) {
        refuse(fmt::format("jackpot_holds has holds of {}, which is no pool", holds.begin()->first.view()));
    }
    if (!games.empty()) {
        refuse(fmt::format("jackpot_games has games of {}, which is no pool, or there twice",
                           games.begin()->first.view()));
    }
    std::sort(pools.begin(), pools.end(), [](const auto& a, const auto& b) { return a.pool < b.pool; });
    const auto twice = std::adjacent_find(pools.begin(), pools.end(),
                                          [](const auto& a, const auto& b) { return a.pool == b.pool; });
    if (twice != pools.end()) {
        refuse(fmt::format("jackpots has two rows of {}", twice->pool.view()));
    }
    return pools;
}

/// Does the journal lead to these states? The id of its last operation. Of a dump of the first schema it also
/// tells the meters that there were no columns for.
jackpot::identifier check_journal(const std::vector<dumped_table>& dump, const std::string& schema,
                                  jackpot::snapshot& states) {
    if (find(dump, journal_row::table, schema) == nullptr) {
        return {};
    }
    // Neither engine writes the rows in any order; all of them as rows of ours would not fit into memory.
    std::vector<std::pair<std::uint64_t, std::uint32_t>> places;
    each_row<journal_row>(dump, schema,
                          [&](const journal_row& row) { places.emplace_back(row.sequence, row.part); });
    std::vector<std::size_t> order(places.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return places[a] < places[b]; });
    jackpot::snapshot folded;
    std::vector<jackpot::operation> operation;
    jackpot::identifier last;
    const auto take = [&] {
        if (!operation.empty()) {
            sql::throw_if_failed(apply(folded, operation.front()));
            last = operation.front().id;
            operation.clear();
        }
    };
    const auto add = [&](const journal_row& row) {
        if (row.part == 0) {
            take();
        }
        sql::append_row(operation, row);
    };
    each_row<journal_row>(dump, schema, add, order);
    take();
    constexpr std::string_view torn = "the dump is not of one moment (mysqldump wants --single-transaction)";
    if (folded.head.sequence != states.head.sequence || folded.head.at != states.head.at) {
        refuse(fmt::format("jackpot_journal ends at {}, and jackpot_store says {}: {}", folded.head.sequence,
                           states.head.sequence, torn));
    }
    const bool first_schema = is_of_version_1(dump, schema);
    const auto same = [&](const jackpot::pool& a, const jackpot::pool& b) {
        return first_schema ? jackpot::detail::as_first_schema(a) == jackpot::detail::as_first_schema(b)
                            : a == b;
    };
    const auto [ours, theirs] = std::mismatch(states.pools.begin(), states.pools.end(), folded.pools.begin(),
                                              folded.pools.end(), same);
    if (ours != states.pools.end() || theirs != folded.pools.end()) {
        refuse(fmt::format("jackpot_journal does not lead to the row of {}: {}, or it was edited by hand",
                           (ours != states.pools.end() ? ours : theirs)->pool.view(), torn));
    }
    states.pools = folded.pools;
    return last;
}

}  // namespace

tl::expected<dumped_pools, std::string> pools_of(const std::vector<dumped_table>& dump,
                                                 const dump_options& options) {
    try {
        const auto* jackpots = find(dump, pool_row::table, options.schema);
        if (jackpots != nullptr && is_node_table(*jackpots)) {
            dumped_pools result;
            return read_node_table(*jackpots)
                .and_then([&](const node_service& service) { return to_store(service, options.import); })
                .and_then([&](imported&& from) -> tl::expected<dumped_pools, std::string> {
                    sql::throw_if_failed(from.store->load(result.states));
                    if (result.states.head.sequence == 0) {
                        return tl::unexpected(std::string("the table jackpots has no rows"));
                    }
                    std::vector<jackpot::operation> last;
                    sql::throw_if_failed(
                        from.store->read({.after = result.states.head.sequence - 1, .limit = 1}, last));
                    result.last_operation = last.at(0).id;
                    result.report = std::move(from.report);
                    return std::move(result);
                });
        }
        dumped_pools result;
        result.states.head = read_head(dump, options.schema);
        result.states.pools = read_pools(dump, options.schema, result.states.head);
        result.last_operation = check_journal(dump, options.schema, result.states);
        result.states.head.newest = result.last_operation;
        return result;
    } catch (const refusal& r) {
        return tl::unexpected(r.why);
    } catch (const sql::failure& f) {
        return tl::unexpected(std::string(to_text(f.what).view()));
    }
}

}  // namespace migrator
