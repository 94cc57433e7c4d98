// SPDX-License-Identifier: BSL-1.0
#include <jackpot/core/text.hpp>

#include <doctest/doctest.h>

#include <string>

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

TEST_CASE("a null pointer is no text") {
    const char* none = nullptr;
    const name empty(none);
    CHECK(empty.empty());
    CHECK_FALSE(is_valid(empty));
    CHECK(empty == none);
    CHECK_FALSE(name("minor") == none);
}
