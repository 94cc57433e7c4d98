// SPDX-License-Identifier: BSL-1.0
#include <jackpot/core/notation.hpp>
#include <jackpot/core/receipt.hpp>
#include <jackpot/core/text.hpp>
#include <jackpot/wide.hpp>

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <unordered_map>

using namespace jackpot;

TEST_CASE("a name is 1 to 128 bytes of well-formed UTF-8 without control characters") {
    const std::string longest(128, 'x');
    for (const char* good : {"minor", "minor ", " minor", "minör", "奖池", "🎰", "null", "%_\\", "\xC2\x80",
                             "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", longest.c_str()}) {
        CAPTURE(good);
        CHECK(is_valid(name(good)));
    }
    const std::string longer(129, 'x');
    for (const char* bad : {"", "tab\there", "\x7F", "\x1F", "\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF",
                            "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                            "\xF5\x80\x80\x80", "\xE5\xA5", "a\xF0\x9F\x8E", longer.c_str()}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid(name(bad)));
    }
    CHECK_FALSE(is_valid(name(std::string_view("a\0b", 3))));
}

TEST_CASE("names are told apart by their bytes") {
    CHECK(name("minor") == name("minor"));
    CHECK_FALSE(name("minor") == name("MINOR"));
    CHECK_FALSE(name("minor") == name("minor "));
    CHECK(name("Z") < name("a"));
    CHECK(name("a") < name("\xC3\xA9"));  // bytes are unsigned
    // With any text, on either side.
    const std::string minor("minor");
    CHECK((name("minor") == minor && minor == name("minor") && name("major") != minor));
    CHECK((name("major") < minor && minor > name("major")));
    CHECK((name("minor") == std::string_view(minor) && text_view(minor) == name("minor")));
}

TEST_CASE("text that does not fit is cut between characters, and never equals a text that fits") {
    const std::string long_name = std::string(127, 'x') + "é";
    const name cut(long_name);
    CHECK(cut.view() == std::string(127, 'x'));
    CHECK(cut.truncated());
    CHECK_FALSE(cut == name(std::string(127, 'x')));
    CHECK_FALSE(is_valid(cut));
}

TEST_CASE("a copy is equal and independent") {
    name a("first");
    name b = a;
    a = name("second, and longer");
    CHECK(b == name("first"));
    b = a;
    CHECK(b == a);
    const name& same = b;
    b = same;
    CHECK(b == a);
}

TEST_CASE("a null pointer is no text, of whatever type it is") {
    const char* none = nullptr;
    char* writable = nullptr;
    for (const name& empty : {name(none), name(writable), name(nullptr), name(text_view(none))}) {
        CHECK(empty.empty());
        CHECK_FALSE(is_valid(empty));
        CHECK(empty == none);
        CHECK(empty == nullptr);
    }
    CHECK_FALSE(name("minor") == none);
    CHECK(name("minor") > none);
    CHECK_FALSE(name("minor") < writable);
    CHECK(name("minor").append(none).append(nullptr) == "minor");
    CHECK(text_view(writable).empty());
    CHECK(text_view(nullptr).empty());

    CHECK_FALSE(rate::parse(none));
    CHECK_FALSE(amount_traits<std::int64_t>::from_text(none));
    CHECK_FALSE(amount_traits<wide_amount>::from_text(none));
    CHECK_FALSE(parse_rounding(none));
    CHECK_FALSE(parse_on_cap(none));
    CHECK_FALSE(parse_when(none));
    CHECK_FALSE(parse_operation_kind(none));
    CHECK_FALSE(parse_pool_status(none));
    CHECK(notation::read_patch<std::int64_t>(none));  // which an empty text is: of no field
    CHECK_FALSE(notation::read_pool<std::int64_t>(none));
    CHECK(feeds(configuration(), none));
    CHECK_FALSE(feeds(configuration{.games = {"slots"}}, none));
    CHECK(receipt().part(none) == nullptr);
}

TEST_CASE("text of any kind is taken") {
    char writable[] = "minor";
    const std::string owned = "minor";
    for (const name& same : {name("minor"), name(writable), name(owned), name(std::string_view(owned)),
                             name(basic_text<24>("minor")), name(text_view(owned))}) {
        CHECK(same == "minor");
    }
}

TEST_CASE("a text is handed on to C, to streams and to hash tables") {
    name text("first");
    CHECK(std::strlen(text.c_str()) == 5);
    CHECK(text.size() == 5);
    text.append(", second");
    CHECK(std::string(text.c_str()) == "first, second");
    text = name("x");
    CHECK(std::string(text.c_str()) == "x");
    const name copy = text;
    CHECK(std::string(copy.c_str()) == "x");
    name fast;
    CHECK(fast.c_str()[0] == '\0');
    for (std::size_t size = 0; size <= 128; ++size) {
        const name longer(std::string(size, 'y'));
        fast.assign_fast(longer);
        CHECK(fast == longer);
        CHECK(std::strlen(fast.c_str()) == size);
    }
    const name cut(std::string(200, 'z'));
    CHECK(std::strlen(cut.c_str()) == 128);
    text.clear();
    CHECK(text.c_str()[0] == '\0');

    std::ostringstream out;
    out << name("minor") << ' ' << to_text(*rate::parse("0.02")) << name();
    CHECK(out.str() == "minor 0.02");

    std::unordered_map<name, int> counts;
    ++counts["minor"];
    ++counts[name("minor")];
    ++counts["mega"];
    CHECK(counts.size() == 2);
    CHECK(counts.at("minor") == 2);
}
