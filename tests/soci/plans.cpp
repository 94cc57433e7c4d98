// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/compare.hpp>
#include <jackpot/replication/replicate.hpp>

#include <soci/version.h>

#include <map>

#if SOCI_VERSION >= 400100
#include <sqlite3.h>
#endif

// How many rows of the journal the engines read for what the library asks of them: as many as there are, or
// a few times that, and never as many for every page.

using namespace jackpot;
using test::value_of;

namespace {

#if SOCI_VERSION < 400100
namespace api = sqlite_api;
#else
namespace api {
using ::sqlite3_db_handle;
using ::sqlite3_next_stmt;
using ::sqlite3_stmt_status;
}  // namespace api
#endif

/// What an engine has done for a session so far.
struct effort {
    std::uint64_t read = 0;   ///< rows, or steps that grow as rows do
    std::uint64_t scans = 0;  ///< of the whole journal, where the engine counts them
};

/// A column of a query that gives one row.
struct number_row {
    std::uint64_t value = 0;

    static constexpr std::string_view table = "";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("value", row.value);
    }
};

std::uint64_t number(sql::connection& c, const std::string& query) {
    std::uint64_t value = 0;
    c.prepared(query).select<number_row>([&](const number_row& row) { value = row.value; });
    return value;
}

/// SQLite counts for each statement, which the connection keeps.
effort sqlite_effort(sql::connection& c) {
    auto& any = static_cast<soci::sqlite3_statement_backend&>(c.prepared("SELECT 1").native());
    effort all;
    auto* handle = api::sqlite3_db_handle(any.stmt_);
    for (auto* s = api::sqlite3_next_stmt(handle, nullptr); s != nullptr;
         s = api::sqlite3_next_stmt(handle, s)) {
        all.read += static_cast<std::uint64_t>(api::sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 0));
    }
    return all;
}

effort effort_of(sql::connection& c) {
    if (c.engine().scheme == "sqlite") {
        return sqlite_effort(c);
    }
    if (c.engine().scheme == "mysql") {
        return {.read = number(
                    c,
                    "SELECT CAST(SUM(variable_value) AS INTEGER) FROM information_schema.session_status"
                    " WHERE variable_name LIKE 'Handler_read%'")};
    }
    c.run_once("SELECT pg_stat_force_next_flush()");
    const std::string counted =
        " FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname = 'jackpot_journal'";
    return {.read = number(c, "SELECT seq_tup_read + idx_tup_fetch" + counted),
            .scans = number(c, "SELECT seq_scan" + counted)};
}

using work = void (*)(sql::session_storage<std::int64_t>& store, memory_storage<>& memory);

void read_all(sql::session_storage<std::int64_t>& store, history_query q) {
    std::vector<operation> page;
    do {
        value_of(store.read(q, page));
        q.after = page.empty() ? q.after : page.back().sequence;
    } while (!page.empty());
}

timestamp time_of(memory_storage<>& memory, std::uint64_t sequence) {
    std::vector<operation> page;
    value_of(memory.read({.after = sequence - 1, .limit = 1}, page));
    REQUIRE(page.size() == 1);
    return page[0].at;
}

/// Reads one page, and checks how many operations that is.
template <std::size_t count>
void read_page(sql::session_storage<std::int64_t>& store, const history_query& q) {
    std::vector<operation> page;
    value_of(store.read(q, page));
    CHECK(page.size() == count);
}

const std::map<std::string, work> works = {
    {"copy",
     [](auto& store, auto&) {
         memory_storage<> copy;
         seeded_environment world(1);
         value_of(replicate(
             store, copy, {.batch = 100}, [](auto&&) { return true; }, world));
     }},
    {"compare", [](auto& store, auto& memory) { CHECK(value_of(compare(memory, store)).equal()); }},
    {"audit", [](auto& store, auto&) { CHECK(value_of(audit(store)).clean()); }},
    {"keys, 50 at a time",
     [](auto& store, auto&) {
         std::vector<key_trace> traces;
         sequence_range range{.after = 3, .until = 53};
         do {
             value_of(store.trace_keys(range, traces));
             range = {range.until, range.until + 50};
         } while (!traces.empty());
     }},
    {"pages of 50", [](auto& store, auto&) { read_all(store, {.limit = 50}); }},
    {"pages of 50 of a pool", [](auto& store, auto&) { read_all(store, {.limit = 50, .pool = "mega"}); }},
    {"pages of 50 of a kind",
     [](auto& store, auto&) { read_all(store, {.limit = 50, .kind = operation_kind::contributed}); }},
    {"pages of 50 of a game", [](auto& store, auto&) { read_all(store, {.limit = 50, .game = "slots"}); }},
    {"pages of 50 of a player", [](auto& store, auto&) { read_all(store, {.limit = 50, .player = "eve"}); }},
    {"pages of 50 of a site", [](auto& store, auto&) { read_all(store, {.limit = 50, .site = "north"}); }},
    {"pages of 50 of a time",
     [](auto& store, auto& memory) {
         read_all(store, {.limit = 50, .from = time_of(memory, 10), .to = timestamp_max});
     }},
    {"pages of 50 of all three",
     [](auto& store, auto&) {
         read_all(store, {.limit = 50, .pool = "mega", .kind = operation_kind::contributed, .game = "slots"});
     }},
    {"pages of nothing",
     [](auto& store, auto&) { read_all(store, {.pool = "minor", .kind = operation_kind::restored}); }},
};

/// What takes the same however long the journal is.
const std::map<std::string, work> short_works = {
    {"load",
     [](auto& store, auto&) {
         snapshot states;
         value_of(store.load(states));
         value_of(store.load(states));
     }},
    {"find",
     [](auto& store, auto&) {
         operation found;
         CHECK(value_of(store.find("bet 1000", found)));
     }},
    {"page",
     [](auto& store, auto&) {
         std::vector<operation> page;
         value_of(store.read({.after = 1500, .limit = 20}, page));
         CHECK(page.size() == 20);
     }},
    {"the newest page",
     [](auto& store, auto&) { read_page<20>(store, {.limit = 20, .newest_first = true}); }},
    {"the newest page of a player",
     [](auto& store, auto&) { read_page<20>(store, {.limit = 20, .player = "eve", .newest_first = true}); }},
    {"the newest page of a site",
     [](auto& store, auto&) { read_page<20>(store, {.limit = 20, .site = "north", .newest_first = true}); }},
    {"the newest page of a pool",
     [](auto& store, auto&) { read_page<20>(store, {.limit = 20, .pool = "mega", .newest_first = true}); }},
    {"the newest page of a game",
     [](auto& store, auto&) { read_page<20>(store, {.limit = 20, .game = "slots", .newest_first = true}); }},
    {"the newest of a rare kind",
     [](auto& store, auto&) {
         read_page<3>(store, {.limit = 20, .kind = operation_kind::opened, .newest_first = true});
     }},
    {"a round", [](auto& store, auto&) { read_page<4>(store, {.round = "round 300"}); }},
    {"a round, the newest first",
     [](auto& store, auto&) { read_page<4>(store, {.round = "round 300", .newest_first = true}); }},
    {"a player's round",
     [](auto& store, auto&) { read_page<1>(store, {.player = "eve", .round = "round 300"}); }},
    {"a time",
     [](auto& store, auto& memory) {
         read_page<16>(store, {.from = time_of(memory, 1500), .to = time_of(memory, 1515)});
     }},
    {"a time, the newest first",
     [](auto& store, auto& memory) {
         read_page<16>(store,
                       {.from = time_of(memory, 1500), .to = time_of(memory, 1515), .newest_first = true});
     }},
    {"a pool's time",
     [](auto& store, auto& memory) {
         read_page<16>(store, {.pool = "mega", .from = time_of(memory, 1500), .to = time_of(memory, 1515)});
     }},
    {"keys of a page",
     [](auto& store, auto&) {
         std::vector<key_trace> traces;
         value_of(store.trace_keys({.after = 1500, .until = 1520}, traces));
         CHECK(traces.size() == 20);
     }},
    {"wager",
     [](auto& store, auto&) {
         network net(store, seeded_environment(2));
         value_of(net.contribute({.game = "slots", .wager = 1000, .key = "the newest bet"}));
     }},
};

/// A store whose server plans for any parameter, and knows of its tables only what it is told.
class growing_store {
public:
    growing_store(const std::string& engine, std::uint64_t operations) : at_(engine), url_(at_.url()) {
        for (const char* pool : {"major", "mega", "minor"}) {
            value_of(
                ledger_.add(open_request{.pool = pool, .configuration = {.rate = test::rate_of("0.01")}}));
        }
        static_cast<void>(value_of(soci_storage::open(url_)));
        if (engine == "postgresql") {
            url_ += "%20-cplan_cache_mode%3Dforce_generic_plan";
            run("ALTER TABLE jackpot_journal SET (autovacuum_enabled = off)");
        }
        grow(operations);
    }

    void run(const std::string& statement) const { at_.run(statement); }
    void grow(std::uint64_t operations) {
        const auto before = memory_at_;
        while (ledger_.sequence() < operations) {
            const auto before_it = ledger_.sequence();
            value_of(
                ledger_.add(contribute_request{.game = "slots",
                                               .wager = 1000,
                                               .player = before_it % 4 == 0 ? "eve" : "ann",
                                               .round = name("round ").append(std::to_string(before_it / 4)),
                                               .site = before_it % 3 == 0 ? "north" : "south",
                                               .key = name("bet ").append(std::to_string(before_it))}));
        }
        memory_at_ = ledger_.sequence();
        test::commit_after(memory_, ledger_, before);
        auto store = value_of(soci_storage::open(url_));
        seeded_environment world(1);
        value_of(replicate(
            memory_, store, {}, [](auto&&) { return true; }, world));
    }

    /// Calls `body(measured)` with one connection: `measured(work)` does the work, and gives its effort.
    template <class Body>
    auto visit(Body&& body) {
        return value_of(soci_storage::visit(url_, [&](sql::connection& c) {
            return body([&](work w) {
                const auto before = effort_of(c);
                sql::session_storage<std::int64_t> store(c);
                w(store, memory_);
                const auto after = effort_of(c);
                return effort{after.read - before.read, after.scans - before.scans};
            });
        }));
    }

private:
    test::place at_;
    std::string url_;
    testing::ledger<std::int64_t> ledger_;
    memory_storage<> memory_;
    std::uint64_t memory_at_ = 0;
};

}  // namespace

TEST_CASE("what is read of a journal grows as the journal does, or not at all") {
    for (const std::string engine : test::engines) {
        growing_store small(engine, 2000);
        growing_store large(engine, 4000);
        const auto compare = [&](const std::map<std::string, work>& all, double growth) {
            for (const auto& each : all) {
                CAPTURE(engine);
                CAPTURE(each.first);
                const auto effort_at = [&](growing_store& s) {
                    return s.visit([&](auto&& measured) { return measured(each.second); });
                };
                const effort less = effort_at(small);
                const effort more = effort_at(large);
                CHECK(more.scans == 0);
                // PostgreSQL's index says that there is nothing, and no row is read.
                CHECK((less.read > 0 || each.first == "pages of nothing"));
                CHECK(double(more.read) < growth * double(less.read) + 5);
            }
        };
        compare(works, 2.2);
        compare(short_works, 1.2);
    }
}

TEST_CASE("a plan that was made for a journal of a page still serves when that has grown") {
    growing_store at("postgresql", 60);
    at.run("VACUUM ANALYZE jackpot_journal");
    const bool done = at.visit([&](auto&& measured) {
        for (const auto& [what, w] : works) {
            static_cast<void>(measured(w));
        }
        at.grow(3000);
        for (const auto& each : works) {
            CAPTURE(each.first);
            CHECK(measured(each.second).scans == 0);
        }
        return true;
    });
    CHECK(done);
}
