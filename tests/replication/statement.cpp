// SPDX-License-Identifier: BSL-1.0
#include "../wide.hpp"
#include "bent.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/csv.hpp>
#include <jackpot/replication/statement.hpp>
#include <jackpot/testing/faulty_storage.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <ctime>
#include <map>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

using line = basic_statement_line<std::int64_t>;

/// Plays requests of every kind, and returns the times of the operations.
template <class Store>
std::vector<timestamp> play_random(Store& store, std::uint64_t seed, int requests) {
    using amount_type = typename Store::amount_type;
    network net(store, seeded_environment(seed));
    testing::random_requests<amount_type> random(seed, {.bad_percent = 0}, amount_type(1) << 40);
    basic_snapshot<amount_type> states;
    std::vector<timestamp> times;
    for (int i = 0; i < requests; ++i) {
        static_cast<void>(net.submit(random.next(states)));
        value_of(store.load(states));
        if (times.size() < states.head.sequence) {
            times.push_back(states.head.at);
        }
    }
    return times;
}

template <amount Amount>
basic_statement_line<Amount> line_of(const basic_snapshot<Amount>& states, const name& pool) {
    basic_statement_line<Amount> line;
    if (const auto* found = detail::find_pool(states.pools, pool)) {
        REQUIRE(detail::read_line<Amount>(*found, line));
    }
    return line;
}

template <amount Amount>
const basic_movement<Amount>* movement_of(const basic_account<Amount>& account, operation_kind kind) {
    for (const auto& m : account.movements) {
        if (m.kind == kind) {
            return &m;
        }
    }
    return nullptr;
}

/// The change of one meter by one kind; 0 where there was none.
template <class Meter>
std::int64_t moved(const basic_account<std::int64_t>& account, operation_kind kind, Meter meter) {
    const auto* m = movement_of(account, kind);
    return m == nullptr ? 0 : m->change[meter];
}

const basic_site_account<std::int64_t>& site_in(const basic_pool_account<std::int64_t>& pool,
                                                std::optional<name> site) {
    for (const auto& s : pool.sites) {
        if (s.site == site) {
            return s;
        }
    }
    FAIL("no such site");
    return pool.sites.front();
}

/// Adds up, from the parts that the journal states, what a statement says by other means.
template <class Store>
void check_by_parts(Store& store, const basic_statement<typename Store::amount_type>& s) {
    using amount_type = typename Store::amount_type;
    const auto& period = s.period;
    std::map<std::string, amount_type> paid;
    std::map<std::pair<std::string, std::string>, amount_type> wagered;
    std::map<std::string, std::uint64_t> counts;
    std::vector<basic_operation<amount_type>> journal;
    value_of(store.read({.limit = 1'000'000}, journal));
    for (const auto& o : journal) {
        if (o.at <= *period.after || o.at > period.until) {
            continue;
        }
        for (const auto& part : o.parts) {
            const std::string pool(part.pool.view());
            ++counts[pool + std::string(to_string(o.kind()))];
            if (o.kind() == operation_kind::won || o.kind() == operation_kind::confirmed) {
                paid[pool] += part.paid;
            }
            if (const auto* w = std::get_if<basic_contribute_request<amount_type>>(&o.request)) {
                wagered[{pool, w->site ? std::string(w->site->view()) : ""}] += w->wager;
            }
        }
    }
    for (const auto& pool : s.pools) {
        CAPTURE(std::string(pool.pool.view()));
        amount_type won{};
        for (const auto kind : {operation_kind::won, operation_kind::confirmed}) {
            if (const auto* m = movement_of(pool, kind)) {
                won += m->change[&basic_meters<amount_type>::total_wins];
            }
        }
        CHECK(won == paid[std::string(pool.pool.view())]);
        for (const auto& m : pool.movements) {
            CHECK(m.operations == counts[std::string(pool.pool.view()) + std::string(to_string(m.kind))]);
        }
        for (const auto& site : pool.sites) {
            const auto* m = movement_of(site, operation_kind::contributed);
            const auto expected =
                wagered[{std::string(pool.pool.view()), site.site ? std::string(site.site->view()) : ""}];
            CHECK((m == nullptr ? amount_type(0) : m->change[&basic_meters<amount_type>::total_wagered]) ==
                  expected);
        }
    }
}

}  // namespace

TEST_CASE_TEMPLATE("statements add up, chain, and open and close with the states of those moments", Amount,
                   std::int64_t, wide_amount) {
    memory_storage<Amount> store;
    const auto times = play_random(store, 18, 2'500);
    REQUIRE(times.size() > 800);
    const std::size_t cuts[] = {0, times.size() / 3, times.size() / 2, times.size() - 1};
    for (std::size_t i = 0; i + 1 < std::size(cuts); ++i) {
        const auto after = times[cuts[i]];
        const auto until = times[cuts[i + 1]];
        const auto s = value_of(statement(store, {.after = after, .until = until}));
        value_of(check_statement(s));
        const auto before = value_of(as_of(store, after));
        const auto behind = value_of(as_of(store, until));
        CHECK(before.pools == value_of(fold(store, s.opened_at_sequence)).pools);
        CHECK(behind.pools == value_of(fold(store, s.closed_at_sequence)).pools);
        CHECK(s.closed_at_sequence > s.opened_at_sequence);
        REQUIRE(s.pools.size() == behind.pools.size());
        for (const auto& pool : s.pools) {
            CHECK(pool.opening == line_of(before, pool.pool));
            CHECK(pool.closing == line_of(behind, pool.pool));
        }
        check_by_parts(store, s);
        // The next one begins where this one ends; sites too.
        const auto next = value_of(statement(store, {.after = until}));
        for (std::size_t p = 0; p < s.pools.size(); ++p) {
            const auto again = std::find_if(next.pools.begin(), next.pools.end(),
                                            [&](const auto& each) { return each.pool == s.pools[p].pool; });
            REQUIRE(again != next.pools.end());
            CHECK(again->opening == s.pools[p].closing);
            for (const auto& site : s.pools[p].sites) {
                const auto same = std::find_if(again->sites.begin(), again->sites.end(),
                                               [&](const auto& each) { return each.site == site.site; });
                REQUIRE(same != again->sites.end());
                CHECK(same->opening == site.closing);
            }
        }
    }
    const auto whole = value_of(statement(store, {}));
    CHECK(whole.opened_at_sequence == 0);
    CHECK(whole.closed_at_sequence == times.size());
    CHECK(whole.pools.front().opening == basic_statement_line<Amount>{});
    const auto none = value_of(statement(store, {.after = times[9], .until = times[5]}));
    CHECK(none.opened_at_sequence == none.closed_at_sequence);
    CHECK(std::all_of(none.pools.begin(), none.pools.end(),
                      [](const auto& p) { return p.movements.empty() && p.opening == p.closing; }));
}

TEST_CASE("a statement that is changed anywhere, by one unit, does not add up") {
    memory_storage<> store;
    const auto times = play_random(store, 7, 600);
    auto s = value_of(statement(store, {.after = times[times.size() / 2]}));
    value_of(check_statement(s));
    int changed = 0;
    const auto breaks = [&](auto& value) {
        ++value;
        CHECK(code_of(check_statement(s)) == errc::corrupt);
        --value;
        ++changed;
    };
    const auto each_value = [&](auto& account) {
        for (auto* l : {&account.opening, &account.closing}) {
            std::for_each(l->values.begin(), l->values.end(), breaks);
        }
        for (auto& m : account.movements) {
            breaks(m.operations);
            std::for_each(m.change.values.begin(), m.change.values.end(), breaks);
        }
    };
    for (auto& pool : s.pools) {
        each_value(pool);
        for (auto& site : pool.sites) {
            each_value(site);
        }
    }
    CHECK(changed > 500);
    // Whatever two lines say together, each moves both sides of R8 alike.
    auto& pool = s.pools.front();
    for (auto* account : {static_cast<basic_account<std::int64_t>*>(&pool),
                          static_cast<basic_account<std::int64_t>*>(&pool.sites.front())}) {
        account->opening.values[0] += 1;
        account->closing.values[0] += 1;
    }
    CHECK(code_of(check_statement(s)) == errc::corrupt);
}

TEST_CASE("to a site belong its wagers and wins, what reverts those, and what settles its holds") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.seed = 100, .rate = rate_of("0.1")}}));
    value_of(net.contribute({.game = "g", .wager = 1000, .site = "north", .key = "w1"}));
    value_of(net.contribute({.game = "g", .wager = 500, .site = "south", .key = "w2"}));
    value_of(net.contribute({.game = "g", .wager = 70}));
    value_of(
        net.hold({.pool = "p", .game = "g", .player = "ann", .amount = 60, .hold = "h", .site = "north"}));
    const auto middle = test::snapshot_of<std::int64_t>(store).head.at;
    value_of(
        net.hold({.pool = "p", .game = "g", .player = "ann", .amount = 5, .hold = "k", .site = "south"}));
    value_of(net.confirm({.pool = "p", .hold = "h", .actor = "bob"}));
    value_of(net.release({.pool = "p", .hold = "k", .actor = "bob", .reason = "void"}));
    value_of(net.revert({.reverts = "w2", .actor = "bob", .reason = "cancelled"}));
    const auto s = value_of(statement(store, {.after = middle}));
    REQUIRE(s.pools.size() == 1);
    const auto& pool = s.pools[0];
    REQUIRE(pool.sites.size() == 3);
    const auto& north = site_in(pool, name("north"));
    CHECK(north.opening[&meters::total_contributions] == 100);
    CHECK(north.opening[&meters::held] == 60);
    CHECK(moved(north, operation_kind::confirmed, &meters::total_wins) == 60);
    CHECK(north.closing[&meters::held] == 0);
    CHECK(north.closing[&meters::win_count] == 1);
    const auto& south = site_in(pool, name("south"));
    CHECK(south.opening[&meters::total_wagered] == 500);
    CHECK(moved(south, operation_kind::reverted, &meters::total_contributions) == -50);
    CHECK(moved(south, operation_kind::released, &meters::held) == -5);
    CHECK(south.closing[&meters::total_contributions] == 0);
    CHECK(south.closing[&meters::wager_count] == 0);
    const auto& none = site_in(pool, std::nullopt);
    CHECK(none.opening[&meters::funded] == 100);
    CHECK(none.closing[&meters::total_contributions] == 7);
    CHECK(none.movements.empty());
}

TEST_CASE("what a trimmed journal does not tell is refused, and what it tells is a line of its own") {
    memory_storage<> whole;
    memory_storage<> store({.history_limit = 40});
    const auto times = play_random(whole, 3, 900);
    REQUIRE(play_random(store, 3, 900) == times);
    std::vector<operation> first;
    value_of(store.read({.limit = 1}, first));
    REQUIRE(first.size() == 1);
    REQUIRE(first[0].kind() == operation_kind::checkpoint);
    const auto at = first[0].at;
    REQUIRE(at < times.back());
    CHECK(code_of(as_of(store, at - 1)) == errc::unsupported);
    CHECK(value_of(as_of(store, at)).pools == value_of(as_of(whole, at)).pools);
    CHECK(code_of(statement(store, {.after = at - 1})) == errc::unsupported);
    CHECK(code_of(statement(store, {.until = at - 1})) == errc::unsupported);
    const auto same = value_of(statement(store, {.after = at}));
    const auto expected = value_of(statement(whole, {.after = at}));
    REQUIRE(same.pools.size() == expected.pools.size());
    for (std::size_t i = 0; i < same.pools.size(); ++i) {
        CHECK(same.pools[i].opening == expected.pools[i].opening);
        CHECK(same.pools[i].closing == expected.pools[i].closing);
        CHECK(same.pools[i].movements.size() == expected.pools[i].movements.size());
    }
    const auto all = value_of(statement(store, {}));
    value_of(check_statement(all));
    for (const auto& pool : all.pools) {
        const auto* hidden = movement_of(pool, operation_kind::checkpoint);
        const auto there = detail::find_pool(value_of(as_of(whole, at)).pools, pool.pool) != nullptr;
        REQUIRE((hidden != nullptr) == there);
        CHECK((!there || hidden->change == line_of(value_of(as_of(whole, at)), pool.pool)));
    }
    // A checkpoint of the very first operation hides none.
    memory_storage<> opened;
    network net(opened, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.seed = 5}}));
    const auto states = test::snapshot_of<std::int64_t>(opened);
    const auto checkpoint = detail::checkpoint_of(states);
    memory_storage<> copy;
    test::begin_with(copy, states, {&checkpoint, 1});
    CHECK(value_of(as_of(copy, states.head.at - 1)).pools.empty());
    CHECK(value_of(as_of(copy, states.head.at)).pools == states.pools);
}

TEST_CASE("a statement is refused where the rows are not what the journal says") {
    memory_storage<> store;
    test::play(store);
    auto states = test::snapshot_of<std::int64_t>(store);
    const auto until = states.head.at;
    value_of(statement(store, {}));
    states.pools[0].current += 1;
    states.pools[0].adjusted += 1;
    value_of(store.rewrite(states));
    CHECK(code_of(statement(store, {})) == errc::corrupt);
    // Of an earlier moment no row tells anything.
    value_of(statement(store, {.until = until - 1}));
}

TEST_CASE("a sum that does not fit is refused, and not cut") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    constexpr std::int64_t most = (std::numeric_limits<std::int64_t>::max)() / 4 * 3;
    for (const char* key : {"a", "b"}) {
        value_of(net.contribute({.game = "g", .wager = most, .key = key}));
        value_of(net.revert({.reverts = key, .actor = "bob", .reason = "cancelled"}));
    }
    CHECK(code_of(statement(store, {})) == errc::amount_overflow);
}

TEST_CASE("reports only read, and are the same once a store answers again, whatever call is lost") {
    memory_storage<> behind;
    play_random(behind, 11, 400);
    testing::fault_plan plan;
    testing::faulty_storage store(behind, plan);
    const auto report = [&]() -> expected<std::string> {
        return statement(store, {}).and_then([&](const auto& s) {
            auto text = statement_csv(s);
            const auto time = test::snapshot_of<std::int64_t>(behind).head.at / 2;
            return as_of(store, time)
                .and_then([&](const auto&) {
                    return journal_csv(store, {.limit = 100},
                                       [&](std::string_view lines) { text.append(lines); });
                })
                .map([&](std::uint64_t) { return text; });
        });
    };
    const auto expected = value_of(report());
    const auto calls = plan.calls;
    REQUIRE(calls > 6);
    for (std::uint64_t call = 1; call <= calls; ++call) {
        plan = {.call = call, .lost = testing::lost::answer};
        CHECK(code_of(report()) == errc::unavailable);
        CHECK(value_of(report()) == expected);
    }
}

namespace {

/// What RFC 4180 says that a text holds: records of fields.
std::vector<std::vector<std::string>> parse_csv(std::string_view text) {
    std::vector<std::vector<std::string>> records;
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"') {
                fields.back().push_back(c);
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                fields.back().push_back(text[++i]);
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            REQUIRE(fields.back().empty());
            quoted = true;
        } else if (c == ',') {
            fields.emplace_back();
        } else if (c == '\r') {
            REQUIRE(text.substr(i, 2) == "\r\n");
            ++i;
            records.push_back(std::exchange(fields, std::vector<std::string>(1)));
        } else {
            REQUIRE(c != '\n');
            fields.back().push_back(c);
        }
    }
    REQUIRE_FALSE(quoted);
    REQUIRE((fields.size() == 1 && fields[0].empty()));
    return records;
}

/// A text as it was before it was kept from being a formula.
std::string unguarded(const std::string& field) {
    return field.substr(0, 1) == "'" ? field.substr(1) : field;
}

std::string csv_of_journal(memory_storage<>& store, const history_query& q = {}) {
    std::string text;
    value_of(journal_csv(store, q, [&](std::string_view lines) { text.append(lines); }));
    return text;
}

}  // namespace

TEST_CASE("CSV holds every text as it was, and gives a spreadsheet no formula") {
    const char* names[] = {"=1+1",     "+1",      "-1",   "@sum",      "'quoted",    "  =1", "plain",
                           "a,b;c\"d", "\"",      "''",   "\uFF1D1+1", "\uFF0B1",    " x",   "caf\u00e9",
                           "a=b",      "\uFF0D1", "%27=", "\uFF20x",   "line; =1+1", "1e9"};
    memory_storage<> store;
    network net(store, seeded_environment(1));
    for (const char* n : names) {
        value_of(net.open({.pool = n, .configuration = {.rate = rate_of("1")}, .actor = n, .reason = n}));
        value_of(net.contribute(
            {.game = n, .wager = 5, .pools = name_list{n}, .player = n, .round = n, .site = n, .key = n}));
    }
    const auto journal = parse_csv(csv_of_journal(store));
    const auto column = [&](std::string_view wanted) {
        const auto& head = journal.front();
        const auto at = std::find(head.begin(), head.end(), wanted);
        REQUIRE(at != head.end());
        return static_cast<std::size_t>(at - head.begin());
    };
    REQUIRE(journal.size() == 1 + 2 * std::size(names));
    for (std::size_t i = 0; i < std::size(names); ++i) {
        const auto& opened = journal[1 + 2 * i];
        const auto& wager = journal[2 + 2 * i];
        for (const char* field : {"pool", "actor", "reason"}) {
            CHECK(unguarded(opened[column(field)]) == names[i]);
        }
        for (const char* field : {"pool", "game", "player", "round", "site", "key", "pools"}) {
            CHECK(unguarded(wager[column(field)]) == names[i]);
            const auto first = wager[column(field)].find_first_not_of(' ');
            CHECK(std::string_view("=+-@").find(wager[column(field)][first]) == std::string_view::npos);
            for (const char* sign : {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
                CHECK(wager[column(field)].compare(first, 3, sign) != 0);
            }
        }
        CHECK(wager[column("amount")] == "5");
        CHECK(wager[column("to_pool")] == "5");
        CHECK(wager[column("paid")].empty());
        CHECK(opened[column("detail")].substr(0, 7) == "seed 0\n");
    }
    for (const auto& record : journal) {
        CHECK(record.size() == journal.front().size());
    }
    const auto books = parse_csv(statement_csv(value_of(statement(store, {}))));
    for (const auto& record : books) {
        CHECK(record.size() == books.front().size());
    }
    CHECK(unguarded(books[1][0]) == "  =1");  // the first in byte order
}

TEST_CASE("the CSV of a statement, to the byte") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.seed = 100, .rate = rate_of("0.15")}}));
    const auto opened = test::snapshot_of<std::int64_t>(store).head.at;
    value_of(net.contribute({.game = "g", .wager = 10, .site = "north, \"hall\" 1"}));
    value_of(net.win({.pool = "p", .game = "g", .player = "ann"}));
    CHECK(statement_csv(value_of(statement(store, {.after = opened}))) ==
          "pool,scope,site,line,operations,current,overflow,carry,reserve,reserve_carry,funded,adjusted,"
          "total_wagered,total_contributions,total_wins,win_count,wager_count,total_forgone,held,seeded,"
          "transferred\r\n"
          "\"p\",pool,,opening,,100,0,0,0,0,100,0,0,0,0,0,0,0,0,100,0\r\n"
          "\"p\",pool,,contributed,1,1,0,500000000,0,0,0,0,10,1,0,0,1,0,0,0,0\r\n"
          "\"p\",pool,,won,1,-1,0,0,0,0,100,0,0,0,101,1,0,0,0,0,0\r\n"
          "\"p\",pool,,closing,,100,0,500000000,0,0,200,0,10,1,101,1,1,0,0,100,0\r\n"
          "\"p\",site,,opening,,100,0,0,0,0,100,0,0,0,0,0,0,0,0,100,0\r\n"
          "\"p\",site,,won,1,-1,0,0,0,0,100,0,0,0,101,1,0,0,0,0,0\r\n"
          "\"p\",site,,closing,,99,0,0,0,0,200,0,0,0,101,1,0,0,0,100,0\r\n"
          "\"p\",site,\"north, \"\"hall\"\" 1\",opening,,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\r\n"
          "\"p\",site,\"north, \"\"hall\"\" 1\",contributed,1,1,0,500000000,0,0,0,0,10,1,0,0,1,0,0,0,0\r\n"
          "\"p\",site,\"north, \"\"hall\"\" 1\",closing,,1,0,500000000,0,0,0,0,10,1,0,0,1,0,0,0,0\r\n");
}

TEST_CASE("the CSV of a journal has each part of what matches, in the order asked for") {
    memory_storage<> store;
    play_random(store, 5, 500);
    std::vector<operation> all;
    value_of(store.read({.limit = 100'000}, all));
    for (const bool newest_first : {false, true}) {
        for (const std::optional<operation_kind> kind :
             {std::optional<operation_kind>(), std::optional(operation_kind::won)}) {
            const auto text = csv_of_journal(store, {.limit = 7, .kind = kind, .newest_first = newest_first});
            const auto records = parse_csv(text);
            std::vector<std::string> expected;
            for (const auto& o : all) {
                for (const auto& part : o.parts) {
                    if (!kind || o.kind() == *kind) {
                        expected.push_back(std::to_string(o.sequence) + " " + std::string(part.pool.view()) +
                                           " " + std::to_string(part.version) + " " +
                                           std::to_string(part.current));
                    }
                }
            }
            std::vector<std::string> found;
            const auto& head = records.front();
            const auto current = std::find(head.begin(), head.end(), "current") - head.begin();
            for (std::size_t i = 1; i < records.size(); ++i) {
                const auto& r = records[i];
                REQUIRE(r.size() == head.size());
                found.push_back(r[0] + " " + unguarded(r[4]) + " " + r[5] + " " +
                                r[static_cast<std::size_t>(current)]);
            }
            REQUIRE(expected.size() > 5);
            if (newest_first) {  // the parts of one operation keep their order
                std::stable_sort(expected.begin(), expected.end(), [](const auto& a, const auto& b) {
                    return std::stoull(a) > std::stoull(b);
                });
            }
            CHECK(found == expected);
        }
    }
}

TEST_CASE("times are what the calendar says") {
    const auto text_of = [](timestamp at) {
        std::string text;
        detail::csv::put_time(text, at);
        return text;
    };
    CHECK(text_of(0) == "1970-01-01T00:00:00.000000Z");
    CHECK(text_of(timestamp_max) == "9999-12-31T23:59:59.999999Z");
    CHECK(text_of(951'868'799'000'001) == "2000-02-29T23:59:59.000001Z");
    CHECK(text_of(951'868'800'000'000) == "2000-03-01T00:00:00.000000Z");
    CHECK(text_of(4'107'542'400'000'000) == "2100-03-01T00:00:00.000000Z");
    // Every day of 800 years, by the operating system's calendar.
    for (std::time_t day = 0; day < 292'194; ++day) {
        const std::time_t s = day * 86'400 + day % 86'400;
        std::tm utc{};
        gmtime_r(&s, &utc);
        char expected[40];
        std::strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000042Z", &utc);
        REQUIRE(text_of(s * 1'000'000 + 42) == expected);
    }
}
