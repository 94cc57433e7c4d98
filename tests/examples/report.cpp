// SPDX-License-Identifier: BSL-1.0
#include "bench.hpp"

#include <algorithm>

namespace {

using namespace test;

std::size_t count_of(const std::string& text, const std::string& words) {
    std::size_t count = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
        ++count;
    }
    return count;
}

constexpr std::size_t items = 19;        // the guide has 7 success criteria and a checklist of 12
constexpr std::size_t application = 10;  // of which so many nobody but the application can tell

TEST_CASE(
    "the report ticks what was checked, leaves open what only the application knows, and changes nothing") {
    const bench b;
    for (const auto& store : b.places()) {
        CAPTURE(store.url);
        b.fill(store);
        const auto before = store.rows();
        const auto well =
            b.migrator({"report", store.url, "--against", b.good, "--expect-pools", "minor,major,mega"});
        CHECK_MESSAGE(well.code == 0, well.out, well.err);
        CHECK(count_of(well.out, "\n✅ ") == items - application);
        CHECK(count_of(well.out, "\n☐ ") == application);
        CHECK(count_of(well.out, "❌") == 0);
        CHECK(says(well, "What moved: 63 operations, 60 contributions, 0 wins\n"));
        // Nobody said where it came from, and which pools there are to be.
        const auto alone = b.migrator({"report", store.url});
        CHECK(alone.code == 0);
        CHECK(count_of(alone.out, "\n☐ ") == application + 4);
        CHECK(says(alone, "--against STORE"));
        CHECK(store.rows() == before);

        store.sql("UPDATE jackpots SET contribution_rate = 0.03 WHERE \"group\" = 'minor'");
        const auto missed = b.migrator({"report", store.url, "--against", b.good, "--expect-pools", "minor"});
        b.check(missed, 1, {"Not all criteria are met"});
        CHECK(says(missed, "❌ Contribution rates correctly preserved: "));
        CHECK(says(missed, "✅ Seed and maximum amounts maintained: no difference of "));
        CHECK(says(missed, "✅ Version control fields initialized: "));
        CHECK(says(missed, "❌ All jackpot groups present: Other pools than expected: "));
        CHECK(says(missed, "❌ Data migration: "));
    }
    b.check(b.migrator({"report", "postgresql://u:hunter2@127.0.0.1:1/db"}), 3, {"connection refused"});
    b.check(b.migrator({"report", b.good, "--against", "postgresql://u:hunter2@127.0.0.1:1/db"}), 3, {});
    CHECK(b.migrator({"report", b.good, "--html", "good"}).code == 2);
    const place bare{b.files.url("bare")};
    bare.sql("CREATE TABLE other (a)");
    const auto none = b.migrator({"report", bare.url});
    b.check(none, 1, {"❌ Schema migration"});
    CHECK(says(none, "❌ Version control fields initialized: not looked at: "));
}

TEST_CASE("the report of a store of 256-bit amounts, and one that can hardly be read") {
    const bench b;
    const place wide{b.files.url("wide")};
    run_program(JACKPOT_REPLAY, {"--store", wide.url, "--wide"},
                R"({"op":"open","pool":"deep","seed":100000000000000000000000000,"rate":"0.5"})"
                "\n"
                R"({"op":"contribute","game":"g","wager":900000000000000000000000000})");
    const auto done = b.migrator({"report", wide.url, "--html", "wide.html"});
    CHECK_MESSAGE(done.code == 0, done.out, done.err);
    CHECK(says(done, "deep 550000000000000000000000000"));
    CHECK(contents_of(b.files / "wide.html").find("<polyline points=\"0,120 300,1 \"") != std::string::npos);

    place{b.good}.edit_unchecked("UPDATE jackpots SET current_amount = 'x' WHERE \"group\" = 'mega'");
    b.check(b.migrator({"report", b.good, "--html", "broken.html"}), 1, {"Data integrity check failed"});
    CHECK(contents_of(b.files / "broken.html").find("Data integrity check failed") != std::string::npos);
}

TEST_CASE("the report's document has one schema") {
    const bench b;
    const auto done = b.migrator({"report", b.good, "--against", b.good, "--html", "a.html", "--json"});
    REQUIRE_MESSAGE(done.code == 0, done.out);
    std::ofstream(b.files / "report.json") << done.out;
    const auto read = [&](const std::string& path) {
        return b.shell("jq -c '" + path + "' report.json").out;
    };
    CHECK(
        read("keys_unsorted") ==
        R"(["verb","status","exitCode","store","against","at","ok","sealed","sequence","contributions","wins",)"
        R"("criteria","pools","page"])"
        "\n");
    CHECK(read("[.verb, .status, .exitCode, .ok, .sealed, .sequence, .contributions, .wins]") ==
          "[\"report\",\"success\",0,true,false,63,60,0]\n");
    CHECK(read("[.criteria[] | keys_unsorted] | unique") == "[[\"list\",\"item\",\"verdict\",\"told\"]]\n");
    CHECK(read("[.criteria[].verdict] | [length, unique]") == "[19,[\"met\",\"open\"]]\n");
    CHECK(read("[.pools[] | keys_unsorted] | unique") ==
          R"([["pool","status","current","seed","cap","rate","version","wagers","contributed","wins","paid",)"
          R"("currentThere"]])"
          "\n");
    CHECK(read("[.pools[] | .current == .currentThere] | unique") == "[true]\n");
}

TEST_CASE("the report's page asks for nothing else, and what a store holds gives it no command") {
    const bench b;
    const std::string hostile = R"(<script>alert('1')</script>&"x)";
    REQUIRE(run_program(JACKPOT_REPLAY, {"--store", b.good},
                        R"({"op":"open","pool":"<script>alert('1')</script>&\"x","seed":5,"rate":"0.1"})")
                .code == 0);
    REQUIRE(b.migrator({"report", b.good, "--html", "ticket.html"}).code == 0);
    const auto page = contents_of(b.files / "ticket.html");
    CHECK(page.find("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;x") != std::string::npos);
    CHECK(page.find(hostile) == std::string::npos);
    for (const char* outside : {"<script", "<link", "<img", "<iframe", "src=", "href=", "url(", "@import"}) {
        CHECK_MESSAGE(page.find(outside) == std::string::npos, outside);
    }
    CHECK(count_of(page, "<polyline points=\"") == 4);
    CHECK(count_of(page, "<tr class=\"met\">") + count_of(page, "<tr class=\"open\">") == items);
    // A parser that takes nothing but what is well formed reads it, once its first line is gone.
    const auto read = b.shell(
        "sed -e 1d -e 's|<meta [^>]*>||g' ticket.html | python3 -c 'import sys, xml.dom.minidom as m; "
        "m.parseString(sys.stdin.buffer.read())'");
    CHECK_MESSAGE(read.code == 0, read.err);
}

}  // namespace
