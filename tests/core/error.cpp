// SPDX-License-Identifier: BSL-1.0
#include <jackpot/core/error.hpp>

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace jackpot;

namespace {

std::string line_of(std::string_view detail) {
    const error e{errc::unknown_pool, detail};
    return std::string(to_text(e).view());
}

/// What stands for the detail on the line.
std::string shown(std::string_view detail) {
    const std::string line = line_of(detail);
    const std::size_t begin = line.find('(') + 1;
    return line.substr(begin, line.size() - begin - 1);
}

}  // namespace

TEST_CASE("an error is one line, whatever bytes its detail has") {
    CHECK(shown("pool: minör 奖池 🎰 \\ \"") == "pool: minör 奖池 🎰 \\ \"");
    CHECK(shown("a\nb\r\tc\x1B[31m\x7F") == "a\\u000ab\\u000d\\u0009c\\u001b[31m\\u007f");
    CHECK(shown(std::string_view("a\0b", 3)) == "a\\u0000b");
    CHECK(shown("\xC2\x85\xC2\x9B") == "\\u0085\\u009b");
    // What no byte of UTF-8 is, alone, cut off, overlong, or half of a pair.
    CHECK(shown("\xFF") == "\\xff");
    CHECK(shown("g\xFCnstig") == "g\\xfcnstig");
    CHECK(shown("\xC3") == "\\xc3");
    CHECK(shown("\xE5\xA5") == "\\xe5\\xa5");
    CHECK(shown("\xC0\x8A") == "\\xc0\\x8a");
    CHECK(shown("\xED\xA0\x80") == "\\xed\\xa0\\x80");
    CHECK(shown("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
}

TEST_CASE("what changes the direction of a line, ends it or hides in it is shown") {
    const std::string direction[] = {"\u200B", "\u200D", "\u200F", "\u2028", "\u2029", "\u202A", "\u202E",
                                     "\u2060", "\u2066", "\u2069", "\u061C", "\u00AD", "\uFEFF"};
    const std::string escaped[] = {"200b", "200d", "200f", "2028", "2029", "202a", "202e",
                                   "2060", "2066", "2069", "061c", "00ad", "feff"};
    for (std::size_t i = 0; i < std::size(direction); ++i) {
        CAPTURE(escaped[i]);
        CHECK(shown("a" + direction[i] + "b") == "a\\u" + escaped[i] + "b");
    }
    CHECK(shown("\U000E0041") == "\\udb40\\udc41");
    CHECK(shown("\u2010\u2027\u202F\u205F\u2070\uFEFE") == "\u2010\u2027\u202F\u205F\u2070\uFEFE");
}

TEST_CASE("an error of any bytes fits its line, and ends as well as it begins") {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string line = line_of(std::string(300, static_cast<char>(byte)));
        CHECK(line.size() <= 512);
        CHECK(line.starts_with("unknown_pool: there is no pool of this name"));
        CHECK(line.find_first_of("\n\r\t\x1B") == std::string::npos);
    }
}

TEST_CASE("an error's text is printed by any stream, and by interfaces in C") {
    const error e{errc::unknown_pool, std::string_view("pool: minor")};
    std::ostringstream out;
    out << to_text(e) << '.';
    CHECK(out.str() == "unknown_pool: there is no pool of this name (pool: minor).");
    CHECK(std::string(to_text(e).c_str()) == to_text(e).view());
    CHECK(to_text(e).size() == 57);
}

TEST_CASE("an error of null pointers is one without words") {
    const char* none = nullptr;
    CHECK(fail(errc::unknown_pool, none).value().detail.empty());
    CHECK(fail(errc::unknown_pool, "pool", none).value().detail == "pool");
}
