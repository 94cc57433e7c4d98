// SPDX-License-Identifier: BSL-1.0
#include "../examples/program.hpp"

namespace {

using namespace test;

struct refused {
    const char* line;
    const char* error;
    const char* words;  ///< on standard error: the field and its value as it was written
};

// In the order of the checks: where several fields are wrong, the first of them is named.
const refused bad_lines[] = {
    {"", "invalid_operation", "the line is no JSON object"},
    {"pools", "invalid_operation", "the line is no JSON object"},
    {"[]", "invalid_operation", "the line is no JSON object"},
    {"\"pools\"", "invalid_operation", "the line is no JSON object"},
    {R"({"op":"pools"} {})", "invalid_operation", "the line is no JSON object"},
    {R"({"op":"pools",})", "invalid_operation", "the line is no JSON object"},
    {R"({"op":"pools","x":"\ud800"})", "invalid_operation", "the line is no JSON object"},
    {"{\"op\":\"pools\",\"x\":\"\xFF\"}", "invalid_operation", "the line is no JSON object"},
    {"\xEF\xBB\xBF{\"op\":\"pools\"}", "invalid_operation", "the line is no JSON object"},
    {"{}", "invalid_operation", "(op: missing)"},
    {R"({"op":7})", "invalid_operation", "(op: 7)"},
    {R"({"op":"burn","key":""})", "invalid_operation", R"((op: "burn"))"},
    {R"({"op":"open","pool":"","key":""})", "invalid_key", R"((key: ""))"},
    {R"({"op":"open","pool":"","key":null})", "invalid_key", "(key: null)"},
    {R"({"op":"open","seed":-1})", "invalid_pool", "(pool: missing)"},
    {R"({"op":"open","pool":["a"]})", "invalid_pool", R"((pool: ["a"]))"},
    {R"({"op":"open","pool":"tab\t","seed":-1})", "invalid_pool", R"((pool: "tab\t"))"},
    {R"({"op":"open","pool":"\u0000"})", "invalid_pool", R"((pool: "\u0000"))"},
    {R"({"op":"open","pool":"a","seed":-1,"cap":-1})", "invalid_seed", "(seed: -1)"},
    {R"({"op":"open","pool":"a","seed":null})", "invalid_seed", "(seed: null)"},
    {R"({"op":"open","pool":"a","seed":1.0})", "invalid_seed", "(seed: 1.0)"},
    {R"({"op":"open","pool":"a","cap":{"x":[1]},"rate":1})", "invalid_cap", "(cap: {...})"},
    {R"({"op":"open","pool":"a","cap":0,"rate":"0.5%"})", "invalid_rate", R"((rate: "0.5%"))"},
    {R"({"op":"open","pool":"a","rate":0.02,"rounding":1})", "invalid_rate", "(rate: 0.02)"},
    {R"({"op":"open","pool":"a","rounding":"up","on_cap":1})", "invalid_rounding", R"((rounding: "up"))"},
    {R"({"op":"open","pool":"a","on_cap":false,"min_wager":-1})", "invalid_on_cap", "(on_cap: false)"},
    {R"({"op":"open","pool":"a","min_wager":-1,"games":1})", "invalid_min_wager", "(min_wager: -1)"},
    {R"({"op":"open","pool":"a","games":["b",5,[6]],"cap":0})", "invalid_game", R"((games: ["b",5,[...]]))"},
    {R"({"op":"open","pool":"a","cap":0})", "invalid_cap", "(cap: 0)"},
    {R"({"op":"contribute","wager":0})", "invalid_game", "(game: missing)"},
    {R"({"op":"contribute","game":"g","wager":1e3,"pools":1})", "invalid_wager", "(wager: 1e3)"},
    {R"({"op":"contribute","game":"g","wager":1e999})", "invalid_wager", "(wager: 1e999)"},
    {R"({"op":"contribute","game":"g","wager":[-0.0,2e999]})", "invalid_wager", "(wager: [-0.0,2e999])"},
    {R"({"op":"contribute","game":"g","wager":-0})", "invalid_wager", "(wager: 0)"},
    {R"({"op":"contribute","game":"g","wager":1,"pools":null,"player":1})", "invalid_pool", "(pools: null)"},
    {R"({"op":"contribute","game":"g","wager":1,"pools":["a","a"]})", "invalid_pool",
     R"((pools: ["a","a"]))"},
    {R"({"op":"contribute","game":"g","wager":1,"player":null})", "invalid_player", "(player: null)"},
    {R"({"op":"contribute","game":"g","wager":1,"pools":["a"]})", "unknown_pool", "(pool: a)"},
    {R"({"op":"win","pool":"a","player":"p","amount":0})", "invalid_game", "(game: missing)"},
    {R"({"op":"win","pool":"a","game":"g","amount":0})", "invalid_player", "(player: missing)"},
    {R"({"op":"win","pool":"a","game":"g","player":"p","amount":null})", "invalid_amount", "(amount: null)"},
    {R"({"op":"configure","pool":"a","when":null,"seed":-1})", "invalid_when", "(when: null)"},
    {R"({"op":"configure","pool":"a","when":"discard","seed":-1})", "invalid_seed", "(seed: -1)"},
    {R"({"op":"configure","pool":"a","when":"discard","seed":1})", "invalid_when", R"((when: "discard"))"},
    {R"({"op":"configure","pool":"a"})", "empty_configuration", R"((pool: "a"))"},
    {R"({"op":"adjust","pool":"a","actor":"x","reason":"y"})", "invalid_amount", "(delta: missing)"},
    {R"({"op":"adjust","pool":"a","delta":1,"reason":""})", "invalid_actor", "(actor: missing)"},
    {R"({"op":"adjust","pool":"a","delta":1,"actor":"x","reason":""})", "invalid_reason", R"((reason: ""))"},
    {R"({"op":"suspend","pool":true})", "invalid_pool", "(pool: true)"},
    {R"({"op":"resume","pool":"a"})", "unknown_pool", R"((pool: "a"))"},
    {R"({"op":"pool","pool":3,"key":3})", "invalid_pool", "(pool: 3)"},
};

TEST_CASE("a bad line is refused with its field and value, and changes nothing") {
    std::string input;
    for (const auto& bad : bad_lines) {
        input.append(bad.line).append("\n");
    }
    input += R"({"op":"statistics"})";
    const scratch files;
    for (const auto& flavour : flavours(files)) {
        CAPTURE(flavour.store);
        CAPTURE(flavour.wide);
        const auto done = run_program(JACKPOT_REPLAY, flavour.flags(), input);
        CHECK(done.code == 0);
        const auto out = lines_of(done.out);
        const auto err = lines_of(done.err);
        REQUIRE(out.size() == std::size(bad_lines) + 1);
        REQUIRE(err.size() == std::size(bad_lines));
        for (std::size_t i = 0; i < std::size(bad_lines); ++i) {
            CAPTURE(bad_lines[i].line);
            CHECK(out[i] == std::string(R"({"ok":false,"error":")") + bad_lines[i].error + R"("})");
            const auto start = "line " + std::to_string(i + 1) + ": " + bad_lines[i].error + ": ";
            CHECK_MESSAGE(err[i].starts_with(start), err[i]);
            CHECK_MESSAGE(err[i].find(bad_lines[i].words) != std::string::npos, err[i]);
        }
        CHECK(out.back().starts_with(R"({"ok":true,"pools":0,)"));
    }
}

TEST_CASE("what is large or deep is read, and refused where a field is too long") {
    const auto repeated = [](std::string_view what, std::size_t times) {
        std::string text;
        for (std::size_t i = 0; i < times; ++i) {
            text.append(what);
        }
        return text;
    };
    constexpr std::size_t many = 200'000;
    const auto done = run_program(
        JACKPOT_REPLAY, {},
        R"({"op":"pools","x":)" + repeated("[", many) + repeated("]", many) + "}\n" +                   //
            R"({"op":"pools","x":)" + repeated(R"({"a":)", many) + "1" + repeated("}", many) + "}\n" +  //
            repeated("[", many) + "\n" +                                                                //
            R"({"op":"pool","pool":")" + repeated("a", 10 * many) + "\"}\n" +                           //
            R"({"op":"contribute","game":"g","wager":)" + repeated("9", many) + "}\n" +                 //
            R"({"op":"contribute","game":"g","wager":1,"pools":["a")" + repeated(R"(,"a")", many) + "]}\n");
    CHECK(done.code == 0);
    const std::vector<std::string> wanted{R"({"ok":true,"pools":[]})",
                                          R"({"ok":true,"pools":[]})",
                                          R"({"ok":false,"error":"invalid_operation"})",
                                          R"({"ok":false,"error":"invalid_pool"})",
                                          R"({"ok":false,"error":"invalid_wager"})",
                                          R"({"ok":false,"error":"invalid_pool"})"};
    CHECK(lines_of(done.out) == wanted);
}

TEST_CASE("wide amounts may be texts, and are printed as texts where 64 bits do not hold them") {
    const auto done = run_program(JACKPOT_REPLAY, {"--wide"},
                                  R"({"op":"open","pool":"a","seed":"9223372036854775807","rate":"1"})"
                                  "\n"
                                  R"({"op":"contribute","game":"g","wager":"1"})"
                                  "\n"
                                  R"({"op":"contribute","game":"g","wager":100000000000000000000})"
                                  "\n"
                                  R"({"op":"win","pool":"a","game":"g","player":"p","amount":"1e3"})"
                                  "\n");
    const auto out = lines_of(done.out);
    REQUIRE(out.size() == 4);
    CHECK(out[1].find(R"("current":"9223372036854775808")") != std::string::npos);
    CHECK(out[2].find(R"("total":"100000000000000000000")") != std::string::npos);
    CHECK(out[3] == R"({"ok":false,"error":"invalid_amount"})");
}

struct misused {
    arguments with;
    const char* words;
};

TEST_CASE("a command line that makes no sense ends with 2, naming flag and value") {
    const misused lines[] = {
        {{"--stoer", "memory"}, "--stoer"},
        {{"file.jsonl"}, "file.jsonl"},
        {{"--store"}, "--store needs a value"},
        {{"--group", "--async"}, "--group and --async"},
        {{"--store", "redis://here"}, "--store: unsupported"},
        {{"--seed", "-1"}, "--seed -1"},
        {{"--seed", "1x"}, "--seed 1x"},
        {{"--seed", "18446744073709551616"}, "--seed 18446744073709551616"},
#ifdef JACKPOT_TESTS_WITH_SOCI
        {{"--store", "redis://me:secret@here"}, "mysql://: redis"},
        {{"--store", "sqlite://"}, "a file of this name"},
        {{"--store", "sqlite://x.sqlite?sync=no"}, "sync"},
#else
        {{"--store", "sqlite://x.sqlite"}, "this build has no SQL stores"},
#endif
    };
    for (const auto& line : lines) {
        CAPTURE(line.words);
        const auto done = run_program(JACKPOT_REPLAY, line.with, R"({"op":"pools"})");
        CHECK(done.code == 2);
        CHECK(done.out.empty());
        CHECK_MESSAGE(done.err.find(line.words) != std::string::npos, done.err);
    }
    CHECK(run_program(JACKPOT_REPLAY, {"--help"}).code == 0);
    for (const char* size : {"0", "1001", "-1", "two", ""}) {
        const auto done = run_shell("JACKPOT_CONNECTION_POOL_SIZE=" + in_quotes(size) + " " +
                                    command_of(JACKPOT_REPLAY, {}));
        CHECK(done.code == 2);
        CHECK(done.err.find("JACKPOT_CONNECTION_POOL_SIZE=" + std::string(size) + ":") != std::string::npos);
    }
}

#ifdef JACKPOT_TESTS_WITH_SOCI
TEST_CASE("a store that cannot be opened ends with 1, naming it") {
    const scratch files;
    std::ofstream(files / "junk") << "this is no database, and long enough for nobody to take it for one";
    const auto failed = [&](const arguments& with, std::string_view words) {
        const auto done = run_program(JACKPOT_REPLAY, with, R"({"op":"pools"})");
        CHECK(done.code == 1);
        CHECK(done.out.empty());
        CHECK_MESSAGE(done.err.find(words) != std::string::npos, done.err);
    };
    failed({"--store", files.url("no/such/directory")}, "unavailable");
    failed({"--store", files.url("junk")}, "corrupt");
    REQUIRE(run_program(JACKPOT_REPLAY, {"--store", files.url("narrow")}).code == 0);
    failed({"--store", files.url("narrow"), "--wide"}, "schema_mismatch");
}

TEST_CASE("a file is continued, keys included; a seed makes the run repeatable to the byte") {
    const scratch files;
    const auto first = std::string(R"({"op":"open","pool":"a","seed":5,"rate":"1"})") + "\n" +
                       R"({"op":"contribute","game":"g","wager":7,"key":"k"})" + "\n";
    for (const char* file : {"one", "two"}) {
        const arguments with{"--store", files.url(file), "--seed", "3"};
        REQUIRE(run_program(JACKPOT_REPLAY, with, first).code == 0);
    }
    const auto dump = [&](const char* file) {
        return run_shell(
            "sqlite3 " + (files / file).string() +
            " 'SELECT * FROM jackpots; SELECT * FROM jackpot_journal; SELECT * FROM jackpot_store'");
    };
    CHECK(dump("one").code == 0);
    CHECK(!dump("one").out.empty());
    CHECK(dump("one").out == dump("two").out);

    const auto again = run_program(JACKPOT_REPLAY, {"--store", files.url("one")}, first);
    const auto out = lines_of(again.out);
    REQUIRE(out.size() == 2);
    CHECK(out[0] == R"({"ok":false,"error":"pool_exists"})");
    CHECK(out[1].find(R"("current":12,"version":2}],"replayed":true)") != std::string::npos);
}
#endif

}  // namespace
