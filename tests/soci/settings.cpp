// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

using namespace jackpot;
using test::value_of;

namespace {

/// The sentences that begin with those words.
auto count(const std::vector<std::string>& sentences, std::string_view words) {
    return std::count_if(sentences.begin(), sentences.end(),
                         [&](const std::string& each) { return each.starts_with(words); });
}

}  // namespace

TEST_CASE("settings that give durability away are told, each by its name and value") {
    const test::place file("sqlite");
    auto durable = value_of(soci_storage::open(file.url()));
    CHECK(value_of(durable.durability()).empty());

    // The tests' own servers are made for speed.
    const test::place at("postgresql");
    auto store = value_of(soci_storage::open(at.url()));
    auto told = value_of(store.durability());
    CHECK(count(told, "fsync = off: ") == 1);
    CHECK(count(told, "full_page_writes = off: ") == 1);
    CHECK(count(told, "jackpot") == 0);
    at.run("ALTER TABLE jackpot_games SET UNLOGGED");
    told = value_of(store.durability());
    CHECK(count(told, "jackpot_games is UNLOGGED: ") == 1);
}
