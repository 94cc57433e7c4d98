// SPDX-License-Identifier: BSL-1.0
#include "json_reader.hpp"

#include <doctest/doctest.h>

namespace {

std::string code_of(std::string_view text) {
    const auto parsed = service::parse_json(text);
    return parsed ? "" : std::string(parsed.error().code);
}

std::string code_of(std::string_view text, void (*use)(service::object_reader&)) {
    const auto parsed = service::parse_json(text);
    REQUIRE(parsed.has_value());
    service::object_reader object(*parsed);
    use(object);
    const auto found = object.problem_found();
    return found ? std::string(found->code) : "";
}

}  // namespace

TEST_CASE("what is no strict JSON text is malformed") {
    for (const std::string_view text : {"",
                                        " ",
                                        "{",
                                        "{\"a\":1",
                                        "{\"a\":1,}",
                                        "[1,]",
                                        "{a:1}",
                                        "{'a':1}",
                                        "// c\n{}",
                                        "/* c */{}",
                                        "NaN",
                                        "{} {}",
                                        "{}x",
                                        "\xEF\xBB\xBF{}",
                                        "\xFF\xFE{\0}",
                                        "\"\\ud800\"",
                                        "\"\xC0\x80\"",
                                        "\"\xFF\"",
                                        "01",
                                        "+1",
                                        "1e400",
                                        "\"\n\""}) {
        CAPTURE(text);
        CHECK(code_of(text) == "malformed_json");
    }
    const std::string whole =
        R"({"gameId":"g","wagerAmount":1000,"groups":["a","b"],"x":null,"y":[true,-1.5e3]})";
    CHECK(code_of(whole).empty());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(code_of(std::string_view(whole).substr(0, size)) == "malformed_json");
    }
}

TEST_CASE("eight levels are read, and the ninth is refused without a stack of calls") {
    CHECK(code_of("[[[[[[[[]]]]]]]]").empty());
    CHECK(code_of("[[[[[[[[[]]]]]]]]]") == "malformed_json");
    CHECK(code_of(std::string(100'000, '[')) == "malformed_json");
    CHECK(code_of(R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}})").empty());
}

TEST_CASE("a name stands once in an object, and may stand in the next one") {
    CHECK(code_of(R"({"a":1,"a":1})") == "duplicate_field");
    CHECK(code_of(R"({"a":1,"\u0061":2})") == "duplicate_field");
    CHECK(code_of(R"([{"a":1},{"a":1}])").empty());
    CHECK(code_of(R"({"a":{"a":1}})").empty());
    CHECK(code_of(R"({"__proto__":1,"constructor":2})").empty());
}

TEST_CASE("integers are exact to the last one, and nothing else is an integer") {
    const auto integer = [](std::string_view text) {
        const auto parsed = service::parse_json("{\"n\":" + std::string(text) + "}");
        REQUIRE(parsed.has_value());
        service::object_reader object(*parsed);
        const auto n = object.integer("n");
        const auto found = object.problem_found();
        return found ? std::string(found->code) : std::to_string(n);
    };
    CHECK(integer("9007199254740993") == "9007199254740993");
    CHECK(integer("9223372036854775807") == "9223372036854775807");
    CHECK(integer("-9223372036854775808") == "-9223372036854775808");
    CHECK(integer("-0") == "0");
    for (const auto* text : {"9223372036854775808", "18446744073709551616", "1.0", "1e3", "1.5", "\"1000\"",
                             "true", "null", "[]"}) {
        CAPTURE(text);
        CHECK(integer(text) == "invalid_type");
    }
    CHECK(integer(std::string(300, '9')) == "invalid_type");
}

TEST_CASE("an object has the fields that are asked for, and no other") {
    const auto wager = [](service::object_reader& object) {
        static_cast<void>(object.text("gameId"));
        static_cast<void>(object.integer_if("wagerAmount"));
        static_cast<void>(object.texts_if("groups"));
    };
    CHECK(code_of(R"({"gameId":"g"})", wager).empty());
    CHECK(code_of(R"({})", wager) == "missing_field");
    CHECK(code_of(R"({"gameid":"g"})", wager) == "missing_field");
    CHECK(code_of(R"({"gameId":"g","more":1})", wager) == "unknown_field");
    CHECK(code_of(R"({"gameId":1})", wager) == "invalid_type");
    CHECK(code_of(R"({"gameId":"g","groups":["a",1]})", wager) == "invalid_type");
    CHECK(code_of(R"({"gameId":"g","groups":"a"})", wager) == "invalid_type");
    for (const auto* text : {"[]", "null", "1", "\"x\""}) {
        CHECK(code_of(text, wager) == "invalid_type");
    }
}

TEST_CASE("null lifts a cap, and is no value elsewhere") {
    const auto parsed = service::parse_json(R"({"a":null,"b":5})");
    service::object_reader object(*parsed);
    using change = std::optional<std::optional<std::int64_t>>;
    CHECK(object.integer_or_null("a") == change(std::in_place, std::nullopt));
    CHECK(object.integer_or_null("b") == change(std::in_place, 5));
    CHECK(object.integer_or_null("c") == std::nullopt);
    CHECK_FALSE(object.problem_found());
}
