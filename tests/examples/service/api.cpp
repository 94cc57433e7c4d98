// SPDX-License-Identifier: BSL-1.0
#include "api.hpp"

#include <jackpot/jackpot.hpp>

#include <doctest/doctest.h>

using namespace jackpot::literals;

namespace {

template <class Request>
Request value_of(const service::read<service::request_type>& r) {
    REQUIRE(r.has_value());
    const auto* asked = std::get_if<Request>(&*r);
    REQUIRE(asked != nullptr);
    return *asked;
}

template <class T>
std::string code_of(const service::read<T>& r) {
    return r ? "" : std::string(r.error().code);
}

/// The guide's wager, in a store of its three pools.
struct fixture {
    jackpot::memory_storage<> store;
    jackpot::network<jackpot::memory_storage<>> net{store};

    fixture() {
        REQUIRE(net.open(
            {.pool = "minor", .configuration = {.seed = 100'000, .cap = 1'000'000, .rate = "0.02"_rate}}));
        REQUIRE(net.open({.pool = "major", .configuration = {.seed = 1'000'000, .rate = "0.01"_rate}}));
    }
    jackpot::snapshot states() {
        jackpot::snapshot s;
        REQUIRE(store.load(s));
        return s;
    }
};

}  // namespace

TEST_CASE("a wager is read as the guide posts it") {
    const auto r = value_of<jackpot::contribute_request>(
        service::read_contribute(R"({"gameId": "test_game", "wagerAmount": 1000})"));
    CHECK(r == jackpot::contribute_request{.game = "test_game", .wager = 1000});
    const auto all = value_of<jackpot::contribute_request>(
        service::read_contribute(R"({"gameId":"g","wagerAmount":1,"userId":"u","groups":["minor"]})"));
    CHECK(all == jackpot::contribute_request{
                     .game = "g", .wager = 1, .pools = jackpot::name_list{"minor"}, .player = "u"});
    const auto none = value_of<jackpot::contribute_request>(
        service::read_contribute(R"({"gameId":"g","wagerAmount":1,"groups":[]})"));
    CHECK(none.pools == jackpot::name_list{});
    CHECK(code_of(service::read_contribute(R"({"gameId":"g","wagerAmount":1,"group":"minor"})")) ==
          "unknown_field");
}

TEST_CASE("names keep their bytes, and one that is too long stays too long") {
    const std::string emoji = "\xF0\x9F\x8E\xB0";
    std::string limit;
    while (limit.size() < 128) {
        limit += emoji;
    }
    const auto of = [](const std::string& game) {
        return value_of<jackpot::contribute_request>(
                   service::read_contribute(R"({"gameId":")" + game + R"(","wagerAmount":1})"))
            .game;
    };
    CHECK(of(limit).view() == limit);
    CHECK(is_valid(of(limit)));
    CHECK_FALSE(is_valid(of(limit + "a")));
    CHECK_FALSE(is_valid(of("\\u0000")));
    CHECK(of("e\xCC\x81").view() == "e\xCC\x81");
}

TEST_CASE("an administrator's bodies") {
    const auto opened = value_of<jackpot::open_request>(service::read_open(
        R"({"group":"p","seedAmount":5,"contributionRate":"0.1","maxAmount":null,"rounding":"floor","onCap":"stop","minWager":2,"games":["b","a"]})"));
    CHECK(opened.configuration.seed == 5);
    CHECK(opened.configuration.rounding == jackpot::rounding::floor);
    CHECK(code_of(service::read_open(R"({"group":"p","contributionRate":"0.1"})")) == "missing_field");
    CHECK(code_of(service::read_open(R"({"group":"p","seedAmount":5,"contributionRate":"2"})")) ==
          "invalid_rate");
    CHECK(code_of(service::read_open(R"({"group":"p","seedAmount":5,"contributionRate":0.1})")) ==
          "invalid_type");

    const auto patch = value_of<jackpot::configure_request>(
        service::read_patch("p", R"({"maxAmount":null,"when":"after_win"})"));
    CHECK(patch.patch.cap == jackpot::cap_change(jackpot::no_cap));
    CHECK(patch.when == jackpot::when::after_win);
    CHECK(code_of(service::read_patch("p", R"({"when":"never"})")) == "invalid_when");
    CHECK(code_of(service::read_patch("p", R"({"onCap":"x"})")) == "invalid_on_cap");

    const auto adjusted = value_of<jackpot::adjust_request>(
        service::read_adjust("p", R"({"delta":-5,"actor":"a","reason":"r"})"));
    CHECK(adjusted.delta == -5);
    CHECK(value_of<jackpot::suspend_request>(service::read_suspend("p", "")).pool == "p");
    CHECK(code_of(service::read_resume("p", R"({"x":1})")) == "unknown_field");
    const auto resumed =
        value_of<jackpot::resume_request>(service::read_resume("p", R"({"actor":"a","reason":"r"})"));
    CHECK(resumed == jackpot::resume_request{.pool = "p", .actor = "a", .reason = "r"});
}

TEST_CASE("the settings of reserves and limits are read, and so is who changed them") {
    const auto opened = value_of<jackpot::open_request>(service::read_open(
        R"({"group":"p","seedAmount":5,"contributionRate":"0.1","seedRate":"0.02","reserveCap":7,"seedFrom":"overflow","maxWager":100,"changes":"after_win","actor":"a","reason":"r"})"));
    const auto& c = opened.configuration;
    CHECK(c.seed_rate == "0.02"_rate);
    CHECK(c.reserve_cap == 7);
    CHECK(c.seed_from == jackpot::seed_from::overflow);
    CHECK(c.max_wager == 100);
    CHECK(c.changes == jackpot::changes::after_win);
    CHECK(opened.actor == jackpot::name("a"));
    CHECK(opened.reason == jackpot::name("r"));
    const auto patch = value_of<jackpot::configure_request>(
        service::read_patch("p", R"({"reserveCap":null,"maxWager":null,"actor":"a"})"));
    CHECK(patch.patch.reserve_cap == jackpot::cap_change(jackpot::no_cap));
    CHECK(patch.patch.max_wager == jackpot::cap_change(jackpot::no_cap));
    CHECK_FALSE(patch.patch.cap);
    CHECK(patch.actor == jackpot::name("a"));
    CHECK(code_of(service::read_patch("p", R"({"seedRate":"2"})")) == "invalid_seed_rate");
    CHECK(code_of(service::read_patch("p", R"({"seedFrom":"x"})")) == "invalid_seed_from");
    CHECK(code_of(service::read_patch("p", R"({"changes":"x"})")) == "invalid_changes");
    CHECK(code_of(service::read_patch("p", R"({"maxWager":"1"})")) == "invalid_type");
}

TEST_CASE("the bodies of holds, transfers, closes and reverts") {
    const auto wager = value_of<jackpot::contribute_request>(
        service::read_contribute(R"({"gameId":"g","wagerAmount":1,"roundId":"r1","siteId":"s"})"));
    CHECK(wager == jackpot::contribute_request{.game = "g", .wager = 1, .round = "r1", .site = "s"});
    const auto hold = value_of<jackpot::hold_request>(service::read_hold(
        R"({"group":"p","gameId":"g","userId":"u","hold":"h","winAmount":3,"siteId":"s"})"));
    CHECK(hold == jackpot::hold_request{
                      .pool = "p", .game = "g", .player = "u", .amount = 3, .hold = "h", .site = "s"});
    CHECK(code_of(service::read_hold(R"({"group":"p","gameId":"g","userId":"u"})")) == "missing_field");
    const auto confirm =
        value_of<jackpot::confirm_request>(service::read_confirm("p", R"({"hold":"h","actor":"a"})"));
    CHECK(confirm == jackpot::confirm_request{.pool = "p", .hold = "h", .actor = "a"});
    CHECK(code_of(service::read_release("p", R"({"hold":"h","actor":"a"})")) == "missing_field");
    const auto moved = value_of<jackpot::transfer_request>(
        service::read_transfer(R"({"from":"p","to":"q","amount":5,"actor":"a","reason":"r"})"));
    CHECK(moved ==
          jackpot::transfer_request{.from = "p", .to = "q", .amount = 5, .actor = "a", .reason = "r"});
    const auto closed =
        value_of<jackpot::close_request>(service::read_close("p", R"({"actor":"a","reason":"r"})"));
    CHECK(closed == jackpot::close_request{.pool = "p", .actor = "a", .reason = "r"});
    CHECK(value_of<jackpot::close_request>(
              service::read_close("p", R"({"to":"q","toHouse":2,"actor":"a","reason":"r"})"))
              .to_house == 2);
    CHECK(
        value_of<jackpot::revert_request>(service::read_revert(R"({"reverts":"k","actor":"a","reason":"r"})"))
            .reverts.view() == "k");
    CHECK(code_of(service::read_revert(R"({"reverts":"k","actor":"a","reason":"r","key":"x"})")) ==
          "unknown_field");
}

TEST_CASE("a time of a query is read with every offset, or not at all") {
    const auto at = 1'750'000'000'000'001;
    CHECK(service::parse_rfc3339(service::rfc3339(at)) == at);
    CHECK(service::parse_rfc3339("2025-06-15T17:06:40.000001+02:00") == at);
    CHECK(service::parse_rfc3339("2025-06-15T09:36:40.000001-05:30") == at);
    CHECK(service::parse_rfc3339("2025-06-15T15:06:40Z") == at - 1);
    CHECK(service::parse_rfc3339("2025-06-15T15:06:40.5Z") == at - 1 + 500'000);
    CHECK(service::parse_rfc3339("1970-01-01T00:00:00Z") == 0);
    for (const char* wrong :
         {"", "2025-06-15", "2025-06-15T15:06:40", "2025-06-15T15:06:40.Z", "2025-06-15T15:06:40.0000001Z",
          "2025-06-31T15:06:40Z", "2025-06-15T25:06:40Z", "2025-06-15T15:06:60Z", "2025-6-15T15:06:40Z",
          "2025-06-15T15:06:40Zx", "2025-06-15T15:06:40+2:00", "2025-06-15T15:06:40+02:99",
          "+025-06-15T15:06:40Z", "2025-06-15T15:06:40+ 1:00", "2025- 6-15T15:06:40Z"}) {
        CAPTURE(wrong);
        CHECK_FALSE(service::parse_rfc3339(wrong));
    }
}

TEST_CASE("a batch's wager that is refused spoils no other, and each has its key") {
    const auto all = service::read_batch(
        R"({"wagers":[{"gameId":"g","wagerAmount":1,"key":"a"},{"gameId":"g","wagerAmount":1},{"gameId":"g","wagerAmount":"1","key":"b"}]})");
    REQUIRE(all.has_value());
    REQUIRE(all->size() == 3);
    CHECK(jackpot::key_of<std::int64_t>(*(*all)[0])->view() == "a");
    CHECK(code_of((*all)[1]) == "missing_field");
    CHECK(code_of((*all)[2]) == "invalid_type");
    std::string many = R"({"wagers":[0)";
    for (int i = 0; i < 1000; ++i) {
        many += ",0";
    }
    CHECK(code_of(service::read_batch(many + "]}")) == "invalid_type");
}

TEST_CASE("answers have the members of the contract") {
    fixture f;
    const auto put = f.net.contribute({.game = "g", .wager = 1000, .key = "k"});
    REQUIRE(put.has_value());
    CHECK(
        service::contributed(*put).dump() ==
        R"({"success":true,"contributions":{"major":10,"minor":20},"totalContribution":30,"sequence":3,"at":")" +
            service::rfc3339(put->at) +
            R"(","replayed":false,"pools":{"major":{"toPool":10,"toOverflow":0,"toReserve":0,"forgone":0,"currentAmount":1000010,"version":2},"minor":{"toPool":20,"toOverflow":0,"toReserve":0,"forgone":0,"currentAmount":100020,"version":2}}})");
    const jackpot::win_request asked{.pool = "minor", .game = "g", .player = "u"};
    const auto won = service::won(asked, *f.net.win(asked));
    CHECK(won.at("actualWinAmount") == 100'020);
    CHECK(won.at("remainingAmount") == 100'000);
    CHECK(won.at("fromHouse") == 100'000);

    const auto pools = service::pools_json(f.states());
    CHECK(pools.at("sequence") == 4);
    CHECK(pools.at("pools").at("major").at("maxAmount").is_null());
    CHECK(pools.at("pools").at("minor").at("lastWinAmount") == 100'020);
    CHECK(pools.at("pools").at("minor").at("contributionRate") == "0.02");
    CHECK(service::statistics_json(f.states())->at("totalWins") == 100'020);
    CHECK(service::game_json(f.states(), "g").dump() == R"({"feeds":true,"rate":"0.03"})");
    CHECK(service::rfc3339(1'750'000'000'000'001) == "2025-06-15T15:06:40.000001Z");
}

TEST_CASE("what waits, what moved and who did it can be read") {
    fixture f;
    REQUIRE(f.net.contribute({.game = "g", .wager = 1000, .round = "r1", .key = "bet"}));
    const jackpot::hold_request asked{
        .pool = "minor", .game = "g", .player = "u", .amount = 50, .hold = "h", .site = "s"};
    const auto made = service::held(asked, *f.net.hold(asked));
    CHECK(made.at("hold") == "h");
    CHECK(made.at("actualWinAmount") == 50);
    const auto holds = service::holds_json(f.states().pools[1]);
    CHECK(holds.at("heldAmount") == 50);
    CHECK(holds.at("holds").at(0).at("siteId") == "s");
    CHECK_FALSE(holds.at("holds").at(0).contains("roundId"));
    const auto state = service::pool_json(f.states().pools[1]);
    CHECK(state.at("holdCount") == 1);
    CHECK(state.at("heldAmount") == 50);
    CHECK(state.at("seedRate") == "0");
    CHECK(state.at("maxWager").is_null());
    CHECK(state.at("wagerCount") == 1);
    CHECK(state.at("pending").is_null());
    CHECK(service::statistics_json(f.states())->at("heldAmount") == 50);
    CHECK_FALSE(service::statistics_json(f.states())->contains("seededAmount"));

    const auto reverted = f.net.revert({.reverts = "bet", .actor = "a", .reason = "r"});
    REQUIRE(reverted.has_value());
    const auto did = service::done(*reverted);
    CHECK(did.at("pools").at("major").at("fromPool") == 10);
    const auto page = f.net.history({.after = 2});
    REQUIRE(page.has_value());
    const auto wager = service::operation_json((*page)[0]);
    CHECK(wager.at("roundId") == "r1");
    CHECK(wager.at("key") == "bet");
    const auto held = service::operation_json((*page)[1]);
    CHECK(held.at("kind") == "held");
    CHECK(held.at("hold") == "h");
    CHECK(held.at("pools").at("minor").at("paid") == 50);
    const auto undone = service::operation_json((*page)[2]);
    CHECK(undone.at("reverts") == "bet");
    CHECK(undone.at("revertsSequence") == 3);
    CHECK(undone.at("actor") == "a");
    CHECK_FALSE(undone.contains("key"));
    const auto opened = service::operation_json((*f.net.history({.limit = 1}))[0]);
    CHECK(opened.at("settings").at("maxAmount") == 1'000'000);
}

TEST_CASE("a cursor leads on in its own query alone") {
    const jackpot::history_query all;
    const jackpot::history_query minor{.pool = "minor"};
    const auto cursor = service::cursor_of(42, minor);
    CHECK(service::read_cursor(cursor, minor) == 42);
    for (const auto& other : {jackpot::history_query{.pool = "minor", .player = "u"},
                              jackpot::history_query{.pool = "minor", .round = "u"},
                              jackpot::history_query{.pool = "minor", .site = "u"},
                              jackpot::history_query{.pool = "minor", .from = 1},
                              jackpot::history_query{.pool = "minor", .to = 1},
                              jackpot::history_query{.pool = "minor", .newest_first = true}}) {
        CHECK_FALSE(service::read_cursor(cursor, other));
    }
    CHECK_FALSE(service::read_cursor(cursor, all));
    for (std::size_t i = 16; i < cursor.size(); ++i) {
        auto other = cursor;
        other[i] = other[i] == '0' ? '1' : '0';
        CHECK_FALSE(service::read_cursor(other, minor));
    }
    CHECK_FALSE(service::read_cursor("", all));
    CHECK_FALSE(service::read_cursor(std::string(32, 'g'), all));
}
