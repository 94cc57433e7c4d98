// SPDX-License-Identifier: BSL-1.0
#include "events.hpp"
#include "http_head.hpp"
#include "metrics.hpp"
#include "options.hpp"
#include "problem.hpp"
#include "router.hpp"
#include "tokens.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace service;

TEST_CASE("every error of the library has a status, and is in no client's quota") {
    for (int i = 1; jackpot::to_string(static_cast<jackpot::errc>(i)) != "unknown"; ++i) {
        const jackpot::error e{static_cast<jackpot::errc>(i), "secret"};
        const auto p = problem_of(e);
        CAPTURE(p.code);
        CHECK(p.code == to_string(e.code));
        CHECK(p.retryable == e.retryable());
        CHECK((p.status == 503) == (e.retryable() || e.code == jackpot::errc::store_sealed));
        CHECK((p.status == 503) == (p.retry_after_s > 0));
        const bool rejected = e.kind() == jackpot::category::rejected;
        CHECK((p.status < 500) == rejected);
        // An engine's words may hold anything.
        CHECK((p.detail == "secret") == rejected);
        CHECK(nlohmann::json::parse(to_json(p, "id")).at("type") == "/problems/" + std::string(p.code));
    }
    CHECK(problem_of(jackpot::error{jackpot::errc::unknown_pool, {}}).status == 422);
    CHECK(problem_of(jackpot::error{jackpot::errc::unknown_pool, {}}, true).status == 404);
    CHECK(problem_of("no such code").code == "internal");
}

TEST_CASE("paths and methods lead to their routes") {
    CHECK(find_route("GET", "/api/jackpot/pools").to->to == endpoint::pools);
    CHECK(find_route("HEAD", "/api/jackpot/pools?x=1").to->to == endpoint::pools);
    CHECK(find_route("POST", "/api/jackpot/contribute").to->to == endpoint::contribute);
    CHECK(find_route("POST", "/api/jackpot/contribute/batch").to->to == endpoint::batch);
    CHECK(find_route("GET", "/").to->to == endpoint::file);
    const auto pool = find_route("GET", "/api/jackpot/pools/a%2Fb%C3%A4");
    CHECK(pool.to->to == endpoint::pool);
    CHECK(pool.segment == "a/b\xC3\xA4");
    CHECK(find_route("POST", "/api/jackpot/pools/x/suspend").segment == "x");

    const std::pair<const char*, const char*> wrong[] = {{"//", "not_found"},
                                                         {"/../etc/passwd", "not_found"},
                                                         {"/api/jackpot/pools/", ""},
                                                         {"/api/jackpot/pools/x/y", "not_found"},
                                                         {"/api/jackpot/pools/%zz", "bad_request"},
                                                         {"/api/jackpot/pools/%00", "bad_request"},
                                                         {"/api/jackpot/pools/%4", "bad_request"},
                                                         {"/api/jackpot/history?a=1&a=2", "bad_query"},
                                                         {"/api/jackpot/history?=1", "bad_query"},
                                                         {"http://x/", "bad_request"},
                                                         {"*", "bad_request"}};
    for (const auto& each : wrong) {
        CAPTURE(each.first);
        CHECK(find_route("GET", each.first).wrong == each.second);
    }
    const auto put = find_route("PUT", "/api/jackpot/pools");
    CHECK(put.wrong == "method_not_allowed");
    CHECK(put.allow == "GET, HEAD, POST, OPTIONS");
    CHECK(find_route("contribute", "/api/jackpot/contribute").wrong == "method_not_allowed");
    CHECK(find_route("OPTIONS", "/api/jackpot/win").wrong.empty());
    CHECK(decode(encode("a b/\xC3\xA4?")) == "a b/\xC3\xA4?");
}

TEST_CASE("a token is known by its digest, and may what its line says") {
    // Of "secret".
    const std::string digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
    const auto all = tokens::parse("# people\nalice read,play " + digest + "\n\n");
    REQUIRE(all.has_value());
    const auto* alice = all->find("secret");
    REQUIRE(alice != nullptr);
    CHECK(alice->name == "alice");
    CHECK(alice->may(scope::play));
    CHECK(alice->may(scope::none));
    CHECK_FALSE(alice->may(scope::admin));
    for (const auto* token : {"", "secre", "secret ", "Secret", "secrets"}) {
        CHECK(all->find(token) == nullptr);
    }
    for (const auto& line : std::vector<std::string>{"alice", "alice read", "alice read " + digest + " x",
                                                     "alice all " + digest, "alice read " + digest.substr(1),
                                                     "a:b read " + digest, "alice , " + digest}) {
        CAPTURE(line);
        CHECK_FALSE(tokens::parse(line).has_value());
    }
    CHECK(bearer("Bearer secret") == "secret");
    CHECK(bearer("bearer secret") == "secret");
    CHECK(bearer("Basic secret").empty());
    CHECK(bearer("Bearer ").empty());
}

TEST_CASE("the scope settle ends holds and does nothing else, and no other scope ends them") {
    const std::string digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
    const auto settlers = tokens::parse("carol settle " + digest);
    const auto others = tokens::parse("dave read,play,admin,metrics " + digest);
    REQUIRE(settlers.has_value());
    REQUIRE(others.has_value());
    int ended = 0;
    for (const auto& r : routes()) {
        CAPTURE(r.path);
        const bool ends = r.to == endpoint::confirm || r.to == endpoint::release;
        ended += ends ? 1 : 0;
        CHECK(settlers->find("secret")->may(r.needs) == (ends || r.needs == scope::none));
        CHECK(others->find("secret")->may(r.needs) == !ends);
    }
    CHECK(ended == 2);
}

TEST_CASE("a head is read once it is whole, and refused as soon as it is wrong") {
    const http_options limits;
    const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    CHECK(look_at_head(head + "more", limits).size == head.size());
    for (std::size_t size = 1; size < head.size(); ++size) {
        const auto part = look_at_head(std::string_view(head).substr(0, size), limits);
        CAPTURE(size);
        CHECK(part.wrong.empty());
        CHECK(part.size == 0);
    }
    for (const std::string_view wrong :
         {"\x16\x03\x01", "GET / HTTP/2.0\r\n", "GET /\r\n", "GET / HTTP/1.1\n", "GET  / HTTP/1.1\r\n",
          "GET /\t HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nno colon\r\n",
          "GET / HTTP/1.1\r\nA: b\r\n folded\r\n", "GET / HTTP/1.1\r\nA: b\rc\r\n",
          "GET / HTTP/1.1\r\nA: b\n", "GET / HTTP/1.1\r\n: b\r\n"}) {
        CAPTURE(wrong);
        CHECK(look_at_head(wrong, limits).wrong == "bad_request");
    }
    using namespace std::string_view_literals;
    CHECK(look_at_head("GET / HTTP/1.1\r\nA: \0\r\n"sv, limits).wrong == "bad_request");
    CHECK(look_at_head("GET /" + std::string(9000, 'x'), limits).wrong == "uri_too_long");
    CHECK(look_at_head("GET / HTTP/1.1\r\nA: " + std::string(9000, 'x'), limits).wrong ==
          "headers_too_large");
    std::string many = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 65; ++i) {
        many += "A: b\r\n";
    }
    CHECK(look_at_head(many + "\r\n", limits).wrong == "headers_too_large");
}

TEST_CASE("fields that two servers could read in two ways are refused") {
    const auto code = [](std::vector<field> fields, int minor = 1) {
        request r;
        r.fields = std::move(fields);
        return std::string(check_fields(r, minor));
    };
    const field host{"host", "x"};
    CHECK(code({host}).empty());
    CHECK(code({}) == "bad_request");
    CHECK(code({}, 0).empty());
    CHECK(code({host, host}) == "bad_request");
    for (const auto* length : {"-1", "+5", "5, 5", "5,5", "", "0x5", "5 5"}) {
        CHECK(code({host, {"content-length", length}}) == "bad_request");
    }
    CHECK(code({host, {"content-length", "5"}, {"content-length", "5"}}) == "bad_request");
    CHECK(code({host, {"content-length", "5"}, {"transfer-encoding", "chunked"}}) == "bad_request");
    CHECK(code({host, {"transfer-encoding", "Chunked"}}).empty());
    CHECK(code({host, {"transfer-encoding", "gzip, chunked"}}) == "bad_request");
    CHECK(code({host, {"transfer-encoding", "xchunked"}}) == "bad_request");
    CHECK(code({{"transfer-encoding", "chunked"}}, 0) == "bad_request");
    CHECK(code({host, {"expect", "100-Continue"}}).empty());
    CHECK(code({host, {"expect", "200"}}) == "expectation_failed");
}

TEST_CASE("settings come from variables and flags, and what is none is refused") {
    const auto read = [](std::vector<std::string> environment, std::vector<std::string> words) {
        std::vector<char*> pointers;
        for (auto& word : words) {
            pointers.push_back(word.data());
        }
        const auto o = read_options(pointers, environment);
        return o ? show(*o) : "refused: " + o.error();
    };
    const auto holds = [](const std::string& text, std::string_view line) {
        return text.find(line) != text.npos;
    };
    CHECK(holds(read({"JACKPOT_URL=memory", "PATH=/bin"}, {}), "JACKPOT_URL=memory\n"));
    CHECK(holds(
        read({"JACKPOT_DATABASE_URL=memory", "JACKPOT_CONNECTION_POOL_SIZE=5", "JACKPOT_LOG_LEVEL=info"}, {}),
        "JACKPOT_CONNECTIONS=5\n"));
    CHECK(holds(read({"JACKPOT_URL=x", "JACKPOT_BATCH=7"}, {"--url", "memory", "--batch=9"}),
                "JACKPOT_BATCH=9\n"));
    for (const auto* value : {"0", "-1", "1e3", "65537", "", " 1", "0x10"}) {
        CAPTURE(value);
        CHECK(holds(read({"JACKPOT_URL=memory", "JACKPOT_BATCH=" + std::string(value)}, {}),
                    "refused: JACKPOT_BATCH"));
    }
    CHECK(holds(read({"JACKPOT_URL=memory", "JACKPOT_WHAT=1"}, {}),
                "refused: there is no setting JACKPOT_WHAT"));
    CHECK(holds(read({"JACKPOT_URL=memory"}, {"--what"}), "refused: there is no flag --what"));
    CHECK(holds(read({"JACKPOT_URL=memory"}, {"--listen"}), "refused"));
    CHECK(holds(read({}, {}), "refused: JACKPOT_URL is missing"));
    CHECK(holds(read({"JACKPOT_URL=memory", "JACKPOT_TLS_CERT=x"}, {}), "refused: TLS"));
    CHECK_FALSE(holds(read({"JACKPOT_URL=postgresql://me:secret@h/d"}, {}), "secret"));
}

TEST_CASE("quantiles are those of Prometheus, and KPIs turn at their limits") {
    histogram h(duration_bounds);
    for (int i = 0; i < 100; ++i) {
        h.observe(i < 95 ? 0.02 : 0.2);
    }
    CHECK(h.quantile(0.95) == doctest::Approx(0.025));
    CHECK(h.quantile(0.99) == doctest::Approx(0.15 + 0.1 * 0.8));
    kpis k;
    CHECK(k.worst() == verdict::pass);
    k.contributed(0.2);
    CHECK(k.worst() == verdict::warn);
    k.contributed(3);
    CHECK(k.worst() == verdict::fail);
    kpis pool;
    pool.saw_free(7.0 / 8);
    CHECK(pool.worst() == verdict::pass);
    pool.saw_free(0.5);
    CHECK(pool.worst() == verdict::warn);
    pool.saw_free(0.1);
    CHECK(pool.worst() == verdict::fail);
    kpis errors;
    for (int i = 0; i < 1000; ++i) {
        errors.answered(404);
    }
    CHECK(errors.worst() == verdict::pass);
    errors.answered(500);
    CHECK(errors.worst() == verdict::pass);
    errors.answered(500);
    CHECK(errors.worst() == verdict::warn);
    CHECK(errors.to_json().at("errorRate").at("status") == "warn");
}

TEST_CASE("metrics are there at 0, and a label is no line") {
    metrics m;
    metric_readings r;
    jackpot::snapshot states;
    jackpot::pool p;
    p.pool = "a\"b\\c";
    p.current = 9007199254740993;
    states.pools.push_back(p);
    r.states = &states;
    const auto text = exposition(m, r);
    const auto holds = [&](std::string_view line) { return text.find(line) != text.npos; };
    CHECK(holds("jackpot_operations_total{operation=\"win\",result=\"replayed\"} 0\n"));
    CHECK(holds("jackpot_operation_duration_seconds_bucket{operation=\"contribute\",le=\"0.15\"} 0\n"));
    CHECK(holds("jackpot_http_requests_total{route=\"/api/jackpot/win\",method=\"POST\",code=\"503\"} 0\n"));
    CHECK(holds("jackpot_pool_current_units{group=\"a\\\"b\\\\c\"} 9007199254740993\n"));
}

namespace {

struct hearer : listener {
    bool send(frame f) override {
        heard.push_back(*f);
        return true;
    }
    void end(frame f) override {
        send(std::move(f));
        went = true;
    }
    bool gone() const override { return went; }

    std::vector<std::string> heard;
    bool went = false;
};

}  // namespace

TEST_CASE("a listener hears the whole state, then what changed, wins, and the end") {
    events all;
    const kpis k;
    jackpot::receipt r{.sequence = 7, .at = 1, .parts = {}};
    auto& part = r.parts.emplace_back();
    part.pool = "<img>";
    part.current = 123'456;
    part.version = 2;
    all.hear(r);
    const auto one = std::make_shared<hearer>();
    all.join(one, k);
    REQUIRE(one->heard.size() == 1);
    CHECK(one->heard[0].starts_with("retry: 2000\nid: 7\nevent: meters\ndata: {\"sequence\":\"7\""));
    CHECK(one->heard[0].ends_with("}\n\n"));
    CHECK(one->heard[0].find("\"current\":\"123456\"") != std::string::npos);
    all.tick(k);
    const auto said = one->heard.size();
    all.tick(k);
    CHECK(one->heard.size() == said);  // nothing changed

    // An answer that is older than what is known takes nothing back.
    part.version = 1;
    part.current = 1;
    all.hear(r);
    part.version = 3;
    part.current = 200'000;
    r.sequence = 8;
    all.hear(r);
    const jackpot::name game = "g";
    all.hear_win("<img>", &game, r);
    all.tick(k);
    const auto& last = one->heard.back();
    CHECK(last.starts_with("id: 8\nevent: win\n"));
    CHECK(last.find("\"current\":\"200000\"") != std::string::npos);
    CHECK(last.find("business") == std::string::npos);
    CHECK(all.articles() ==
          "<article class=\"meter\" "
          "data-group=\"&lt;img&gt;\"><h2>&lt;img&gt;</h2><output>2\u202F000.00</output></article>\n");
    all.end();
    CHECK(one->heard.back().starts_with("event: bye\n"));
    CHECK(all.listeners() == 0);
}
