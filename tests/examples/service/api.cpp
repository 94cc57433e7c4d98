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
            R"(","replayed":false,"pools":{"major":{"toPool":10,"toOverflow":0,"forgone":0,"currentAmount":1000010,"version":2},"minor":{"toPool":20,"toOverflow":0,"forgone":0,"currentAmount":100020,"version":2}}})");
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

TEST_CASE("a cursor leads on in its own query alone") {
    const jackpot::history_query all;
    const jackpot::history_query minor{.pool = "minor"};
    const auto cursor = service::cursor_of(42, minor);
    CHECK(service::read_cursor(cursor, minor) == 42);
    CHECK_FALSE(service::read_cursor(cursor, all));
    for (std::size_t i = 16; i < cursor.size(); ++i) {
        auto other = cursor;
        other[i] = other[i] == '0' ? '1' : '0';
        CHECK_FALSE(service::read_cursor(other, minor));
    }
    CHECK_FALSE(service::read_cursor("", all));
    CHECK_FALSE(service::read_cursor(std::string(32, 'g'), all));
}
