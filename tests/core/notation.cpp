// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/core/notation.hpp>
#include <jackpot/wide.hpp>

using namespace jackpot;
using test::rate_of;

namespace {

template <class Amount>
basic_pool<Amount> full_pool() {
    basic_pool<Amount> p;
    p.pool = "mino\xCC\x88r 'quoted' \\ 100%";
    p.status = pool_status::suspended;
    const basic_configuration<Amount> c{.seed = 5,
                                        .cap = amount_traits<Amount>::amount_max(),
                                        .rate = rate_of("0.000000001"),
                                        .rounding = rounding::floor,
                                        .on_cap = on_cap::stop,
                                        .min_wager = 7,
                                        .games = {"slots 1", "奖池"}};
    p.configuration = std::make_shared<const basic_configuration<Amount>>(c);
    basic_patch<Amount> patch;
    patch.cap = no_cap;
    patch.games.emplace();
    patch.rate = rate_of("1");
    p.pending = notation::make_pending(patch, c);
    p.current = amount_traits<Amount>::amount_max();
    p.adjusted = -amount_traits<Amount>::amount_max();
    p.last_win = {9, "g", "p q", 123};
    p.version = 17;
    p.sequence = 99;
    p.opened_at = 1;
    p.modified_at = timestamp_max;
    return p;
}

}  // namespace

TEST_CASE_TEMPLATE("a whole state is read back bit for bit", Amount, std::int64_t, wide_amount) {
    const auto before = full_pool<Amount>();
    std::string text;
    notation::write(text, before);
    const auto after = notation::read_pool<Amount>(text);
    REQUIRE(after.has_value());
    CHECK(*after == before);

    auto bare = before;
    bare.pending = nullptr;
    bare.last_win.reset();
    text.clear();
    notation::write(text, bare);
    CHECK(notation::read_pool<Amount>(text) == bare);
}

TEST_CASE("a patch keeps apart what is not named, what is none and what is empty") {
    basic_patch<std::int64_t> patch;
    CHECK(notation::read_patch<std::int64_t>("") == patch);
    for (int named = 0; named < 2; ++named) {
        std::string text;
        notation::write(text, patch);
        CHECK(notation::read_patch<std::int64_t>(text) == patch);
        patch.cap = no_cap;
        patch.games.emplace();
    }
    patch.cap = std::optional<std::int64_t>(5);
    std::string text;
    notation::write(text, patch);
    CHECK(notation::read_patch<std::int64_t>(text) == patch);
}

TEST_CASE("text that the library did not write is refused") {
    std::string text;
    notation::write(text, full_pool<std::int64_t>());
    CHECK_FALSE(notation::read_pool<std::int64_t>("").has_value());
    CHECK_FALSE(notation::read_pool<std::int64_t>(text.substr(0, text.size() - 1)).has_value());
    CHECK_FALSE(notation::read_pool<std::int64_t>(text + "unknown 1\n").has_value());
    CHECK_FALSE(notation::read_pool<std::int64_t>(text + "current 1.5\n").has_value());
    CHECK_FALSE(notation::read_pool<std::int64_t>(text + "current\n").has_value());
    for (const char* bad : {"rate 2\n", "rate 0.5", "cap\n", "cap x\n", "game a\n", "games listed\ngame \n",
                            "seed 9223372036854775808\n", "rounding up\n", "on_cap burn\n", " 1\n",
                            "seed 1\nseed 2\n", "cap 5\nseed 1\n", "seed 01\n",
                            "games listed\ngame b\ngame a\n", "games listed\ngame a\ngame a\n"}) {
        CAPTURE(bad);
        CHECK_FALSE(notation::read_patch<std::int64_t>(bad).has_value());
    }
    // A line lost anywhere in the configuration is noticed.
    for (const char* field : {"seed ", "cap ", "rate ", "rounding ", "on_cap ", "min_wager "}) {
        const auto at = text.find(std::string("\n") + field);
        std::string cut = text;
        cut.erase(at + 1, text.find('\n', at + 1) - at);
        CAPTURE(field);
        CHECK_FALSE(notation::read_pool<std::int64_t>(cut).has_value());
    }
}

TEST_CASE("a configuration is what names every field") {
    const auto read = [](std::string_view text) {
        return notation::to_configuration(notation::read_patch<std::int64_t>(text).value());
    };
    const std::string_view lines[] = {"seed 5\n",      "cap none\n",    "rate 1\n",      "rounding floor\n",
                                      "on_cap stop\n", "min_wager 7\n", "games listed\n"};
    std::string whole;
    for (const std::string_view line : lines) {
        whole.append(line);
    }
    const auto configuration = read(whole);
    REQUIRE(configuration.has_value());
    CHECK(configuration->seed == 5);
    CHECK(configuration->min_wager == 7);
    for (const std::string_view line : lines) {
        std::string cut = whole;
        cut.erase(cut.find(line), line.size());
        CAPTURE(cut);
        CHECK_FALSE(read(cut).has_value());
    }
}
