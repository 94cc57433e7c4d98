// SPDX-License-Identifier: BSL-1.0
#include "../replication/histories.hpp"

#include "engines.hpp"

using namespace jackpot;
using test::value_of;

namespace {

/// Puts the rows of one store in the place of another's, as a restore under a running service does.
void overwrite(const std::string& to, const std::string& from) {
    using stores = basic_soci_storage<std::int64_t>;
    value_of(stores::visit(from, [&](sql::connection& source) {
        value_of(stores::visit(to, [&](sql::connection& target) {
            target.begin_writing();
            std::vector<std::string> tables;
            sql::each_table<std::int64_t>(
                [&](const auto& row) { tables.emplace(tables.begin(), std::decay_t<decltype(row)>::table); });
            for (const std::string& table : tables) {
                target.run_once("DELETE FROM " + table);
            }
            sql::each_table<std::int64_t>([&]<class Row>(const Row&) {
                source.prepared(sql::select_from<Row>()).template select<Row>([&](const Row& row) {
                    sql::insert_row(target, row);
                });
            });
            target.commit();
            return true;
        }));
        return true;
    }));
}

}  // namespace

TEST_CASE("a network decides on no rows that its store does not have any more, on any engine") {
    for (const char* engine : test::engines) {
        for (const int since : {0, 1, 3}) {
            for (const test::first_call first : test::first_calls) {
                CAPTURE(engine);
                CAPTURE(since);
                CAPTURE(int(first));
                const test::place here(engine);
                const test::place elsewhere(engine);
                auto store = value_of(soci_storage::open(here.url()));
                auto other = value_of(soci_storage::open(elsewhere.url()));
                const auto replace = [&] { overwrite(here.url(), elsewhere.url()); };
                if (since == 1) {
                    test::check_replaced(store, other, since, first, test::shared, replace);
                } else {
                    test::check_replaced(store, other, since, first, test::alone, replace);
                }
            }
        }
    }
}

TEST_CASE("a store whose newest operation is gone says so") {
    for (const char* engine : test::engines) {
        CAPTURE(engine);
        const test::place here(engine);
        auto store = value_of(soci_storage::open(here.url()));
        network net(store, seeded_environment(1));
        test::open_pools(net);
        here.run("DELETE FROM jackpot_journal WHERE sequence = 3");
        const auto refused = net.contribute({.game = "slots", .wager = 1000});
        CHECK(test::code_of(refused) == errc::corrupt);
        network other(store, seeded_environment(2));
        CHECK(test::code_of(other.contribute({.game = "slots", .wager = 1000})) == errc::corrupt);
        CHECK(value_of(net.pool("mega")).total_wagered == 0);
    }
}
