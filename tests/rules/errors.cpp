// SPDX-License-Identifier: BSL-1.0
// The table of errors in include/jackpot/rules/README.md, against the library: of two errors that one request
// can have, the answer is the one that stands first.
#include "../support.hpp"

#include <fstream>
#include <functional>
#include <map>

namespace {

using namespace test;

constexpr std::int64_t most = amount_traits<std::int64_t>::amount_max();
using any_request = basic_request<std::int64_t>;

/// What comes before a request: the pool "a" is opened, fed, perhaps emptied, and then more is done.
struct story {
    configuration opened{.seed = 100, .rate = jackpot::rate::from_ppb(jackpot::rate::one_ppb)};
    std::int64_t fed = 0;
    bool emptied = false;
    std::vector<any_request> then{};
    bool sealed = false;
};

/// A request, and a story in which it is sound.
template <class Request>
struct scene {
    story before;
    Request request;
};

/// An error, and what makes it apply to a scene. Where two touch one field, the one that is applied last
/// counts.
template <class Request>
struct fault {
    std::string_view error;
    std::function<void(scene<Request>&)> apply;
};
template <class Request>
using faults = std::vector<fault<Request>>;

/// Opens a pool and closes it, ahead of all else.
void shut_one(story& s) {
    s.then.insert(s.then.begin(), {open_request{.pool = "shut"}, suspend_request{.pool = "shut"},
                                   close_request{.pool = "shut", .actor = "ann", .reason = "retired"}});
}

using store_type = memory_storage<std::int64_t, null_lock>;
using network_type = network<store_type, seeded_environment>;

void tell(const story& s, store_type& store, network_type& net) {
    value_of(net.open({.pool = "a", .configuration = s.opened}));
    if (s.fed != 0) {
        value_of(net.contribute({.game = "g", .wager = s.fed}));
    }
    if (s.emptied && value_of(net.pool("a")).current != 0) {
        value_of(net.win({.pool = "a", .game = "g", .player = "p"}));
    }
    for (const auto& request : s.then) {
        value_of(net.submit(request));
    }
    value_of(store.seal(s.sealed));
}

template <class Request>
errc answer_to(const scene<Request>& s) {
    store_type store;
    network_type net(store, seeded_environment(1));
    tell(s.before, store, net);
    return code_of(net.submit(s.request));
}

/// What the table in the README says: for each operation the errors, in order.
std::map<std::string, std::vector<std::string>> documented() {
    std::ifstream file(JACKPOT_SOURCE_DIR "/include/jackpot/rules/README.md");
    std::map<std::string, std::vector<std::string>> table;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("#")) {
            inside = line == "## Errors in order of precedence";
        } else if (inside && line.starts_with("| operation |")) {
            continue;
        } else if (inside && line.starts_with("| `")) {
            std::vector<std::string> words;
            for (std::size_t at = line.find('`'); at != std::string::npos;) {
                const std::size_t end = line.find('`', at + 1);
                REQUIRE(end != std::string::npos);
                words.push_back(line.substr(at + 1, end - at - 1));
                at = line.find('`', end + 1);
            }
            table[words.front()].assign(words.begin() + 1, words.end());
        } else if (inside && line.empty() && !table.empty()) {
            inside = false;
        }
    }
    return table;
}

template <class Request>
void check_order(const std::string& operation, const scene<Request>& sound, const faults<Request>& all) {
    CAPTURE(operation);
    CHECK(answer_to(sound) == errc{});
    std::vector<std::string> names;
    for (const auto& each : all) {
        names.emplace_back(each.error);
    }
    CHECK(names == documented()[operation]);
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto alone = sound;
        all[i].apply(alone);
        CHECK_MESSAGE(to_string(answer_to(alone)) == all[i].error, i, " ", all[i].error, " alone");
        for (std::size_t j = i + 1; j < all.size(); ++j) {
            auto both = sound;
            all[j].apply(both);
            all[i].apply(both);
            CHECK_MESSAGE(to_string(answer_to(both)) == all[i].error, all[i].error, " before ", all[j].error);
        }
    }
    // Where key_conflict stands, the same request again gets its receipt: also from a sealed store.
    store_type store;
    network_type net(store, seeded_environment(1));
    tell(sound.before, store, net);
    auto keyed = sound.request;
    if constexpr (!requires { keyed.reverts; }) {
        keyed.key = "once";
    }
    const auto first = value_of(net.submit(keyed));
    value_of(store.seal(true));
    if (first.sequence != 0) {
        CHECK(value_of(net.submit(keyed)).replayed);
    }
}

template <class Request>
fault<Request> bad_key() {
    return {"invalid_key", [](auto& s) { s.request.key = ""; }};
}
template <class Request>
fault<Request> bad_pool() {
    return {"invalid_pool", [](auto& s) { s.request.pool = ""; }};
}
template <class Request>
fault<Request> used_key() {
    return {"key_conflict", [](auto& s) {
                s.before.then.insert(s.before.then.begin(), open_request{.pool = "keyed", .key = "k"});
                s.request.key = "k";
            }};
}
template <class Request>
fault<Request> sealed_store() {
    return {"store_sealed", [](auto& s) { s.before.sealed = true; }};
}
template <class Request>
fault<Request> no_pool() {
    return {"unknown_pool", [](auto& s) { s.request.pool = "nobody"; }};
}
/// A pool "shut" that is closed, in the place of the one that is asked for.
template <class Request>
fault<Request> shut(name Request::*pool = &Request::pool) {
    return {"pool_closed", [pool](auto& s) {
                shut_one(s.before);
                s.request.*pool = "shut";
            }};
}
template <class Request>
faults<Request> bad_who() {
    return {{"invalid_actor", [](auto& s) { s.request.actor = ""; }},
            {"invalid_reason", [](auto& s) { s.request.reason = ""; }}};
}
template <class Request>
faults<Request> bad_where() {
    return {{"invalid_round", [](auto& s) { s.request.round = ""; }},
            {"invalid_site", [](auto& s) { s.request.site = ""; }}};
}
template <class Request>
fault<Request> asleep() {
    return {"pool_suspended", [](auto& s) { s.before.then.emplace_back(suspend_request{.pool = "a"}); }};
}

/// Of a configuration or a patch, which have the same fields.
template <class Request, class Fields>
faults<Request> bad_fields(Fields fields) {
    return {
        {"invalid_seed", [=](auto& s) { fields(s, [](auto& c) { c.seed = -1; }); }},
        {"invalid_cap", [=](auto& s) { fields(s, [](auto& c) { c.cap = -1; }); }},
        {"invalid_rate", [=](auto& s) { fields(s, [](auto& c) { c.rate = jackpot::rate::from_ppb(-1); }); }},
        {"invalid_rounding",
         [=](auto& s) { fields(s, [](auto& c) { c.rounding = static_cast<rounding>(9); }); }},
        {"invalid_on_cap", [=](auto& s) { fields(s, [](auto& c) { c.on_cap = static_cast<on_cap>(9); }); }},
        {"invalid_min_wager", [=](auto& s) { fields(s, [](auto& c) { c.min_wager = -1; }); }},
        {"invalid_game", [=](auto& s) { fields(s, [](auto& c) { c.games = std::vector<name>{""}; }); }},
        {"invalid_seed_rate",
         [=](auto& s) { fields(s, [](auto& c) { c.seed_rate = jackpot::rate::from_ppb(-1); }); }},
        {"invalid_reserve_cap",
         [=](auto& s) { fields(s, [](auto& c) { c.reserve_cap = std::optional<std::int64_t>(-1); }); }},
        {"invalid_seed_from",
         [=](auto& s) { fields(s, [](auto& c) { c.seed_from = static_cast<seed_from>(9); }); }},
        {"invalid_max_wager",
         [=](auto& s) { fields(s, [](auto& c) { c.max_wager = std::optional<std::int64_t>(-1); }); }},
        {"invalid_changes",
         [=](auto& s) { fields(s, [](auto& c) { c.changes = static_cast<changes>(9); }); }},
    };
}

/// What concerns two settings, but for the cap.
template <class Request, class Fields>
faults<Request> bad_pairs(Fields fields) {
    return {{"invalid_rate",
             [=](auto& s) {
                 fields(s, [](auto& c) {
                     c.rate = jackpot::rate::from_ppb(600'000'000);
                     c.seed_rate = jackpot::rate::from_ppb(600'000'000);
                 });
             }},
            {"invalid_max_wager",
             [=](auto& s) { fields(s, [](auto& c) { c.max_wager = std::optional<std::int64_t>(0); }); }}};
}

template <class Request>
faults<Request> joined(std::initializer_list<faults<Request>> parts) {
    faults<Request> all;
    for (const auto& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

TEST_CASE("open: the errors come in the order of the README") {
    using r = open_request;
    const auto fields = [](auto& s, auto&& change) { change(s.request.configuration); };
    const fault<r> low_cap{"invalid_cap", [](auto& s) {
                               s.request.configuration.cap = 5;
                               s.request.configuration.seed = 5;
                           }};
    check_order<r>(
        "open", {.before = {}, .request = {.pool = "b", .configuration = {.seed = 1}}},
        joined<r>(
            {{bad_key<r>(), bad_pool<r>()},
             bad_fields<r>(fields),
             bad_who<r>(),
             {low_cap},
             bad_pairs<r>(fields),
             {used_key<r>(), sealed_store<r>(), {"pool_exists", [](auto& s) { s.request.pool = "a"; }}}}));
}

TEST_CASE("contribute: the errors come in the order of the README") {
    using r = contribute_request;
    check_order<r>("contribute",
                   {.before = {}, .request = {.game = "g", .wager = 10, .pools = name_list{"a"}}},
                   joined<r>({{bad_key<r>(),
                               {"invalid_game", [](auto& s) { s.request.game = ""; }},
                               {"invalid_wager", [](auto& s) { s.request.wager = 0; }},
                               {"invalid_pool", [](auto& s) { s.request.pools->push_back(""); }},
                               {"invalid_player", [](auto& s) { s.request.player = ""; }}},
                              bad_where<r>(),
                              {used_key<r>(),
                               sealed_store<r>(),
                               {"unknown_pool", [](auto& s) { s.request.pools->push_back("nobody"); }},
                               {"pool_closed",
                                [](auto& s) {
                                    shut_one(s.before);
                                    s.request.pools->push_back("shut");
                                }},
                               asleep<r>(),
                               {"wager_too_large",
                                [](auto& s) {
                                    s.before.then.emplace_back(configure_request{
                                        .pool = "a", .patch = {.max_wager = std::int64_t(5)}});
                                }},
                               {"amount_overflow", [](auto& s) { s.before.fed = most - 100; }}}}));
    // In the list a name's syntax comes before one that stands there twice; both have one code.
    CHECK(answer_to<r>({.before = {}, .request = {.game = "g", .wager = 1, .pools = name_list{"a", "a"}}}) ==
          errc::invalid_pool);
}

TEST_CASE("win: the errors come in the order of the README") {
    using r = win_request;
    const auto emptied = [](auto& s) {
        s.before.opened.seed = 0;
        s.before.emptied = true;
    };
    check_order<r>("win", {.before = {}, .request = {.pool = "a", .game = "g", .player = "p"}},
                   {bad_key<r>(),
                    bad_pool<r>(),
                    {"invalid_game", [](auto& s) { s.request.game = ""; }},
                    {"invalid_player", [](auto& s) { s.request.player = ""; }},
                    {"invalid_amount", [](auto& s) { s.request.amount = 0; }},
                    bad_where<r>()[0],
                    bad_where<r>()[1],
                    used_key<r>(),
                    sealed_store<r>(),
                    no_pool<r>(),
                    shut<r>(),
                    asleep<r>(),
                    {"pool_empty",
                     [=](auto& s) {
                         emptied(s);
                         s.request.amount.reset();
                     }},
                    {"amount_exceeds_pool",
                     [=](auto& s) {
                         emptied(s);
                         s.request.amount = 1;
                     }},
                    // Players put in all that a meter holds; a seed more is too much.
                    {"amount_overflow", [](auto& s) {
                         s.before.opened.seed = 0;
                         s.before.fed = most;
                         s.before.then.emplace_back(configure_request{.pool = "a", .patch = {.seed = 100}});
                     }}});
}

TEST_CASE("configure: the errors come in the order of the README") {
    using r = configure_request;
    const auto fields = [](auto& s, auto&& change) { change(s.request.patch); };
    // A patch's cap is an optional of its own, so it is not the one of a configuration.
    auto of_patch = bad_fields<r>(fields);
    of_patch[1].apply = [](auto& s) { s.request.patch.cap = std::optional<std::int64_t>(-1); };
    check_order<r>("configure", {.before = {}, .request = {.pool = "a", .patch = {.min_wager = 1}}},
                   joined<r>({{bad_key<r>(),
                               bad_pool<r>(),
                               {"invalid_when", [](auto& s) { s.request.when = static_cast<when>(9); }}},
                              of_patch,
                              bad_who<r>(),
                              {{"invalid_when",
                                [](auto& s) {
                                    s.request.when = when::discard;
                                    s.request.patch.min_wager = 1;
                                }},
                               {"empty_configuration",
                                [](auto& s) {
                                    s.request.when = when::now;
                                    s.request.patch = {};
                                }},
                               used_key<r>(),
                               sealed_store<r>(),
                               no_pool<r>(),
                               shut<r>(),
                               {"empty_configuration",
                                [](auto& s) {
                                    s.request.when = when::discard;
                                    s.request.patch = {};
                                }},
                               {"changes_locked",
                                [](auto& s) {
                                    s.before.opened.changes = changes::after_win;
                                    s.request.patch.on_cap = on_cap::stop;
                                }},
                               {"invalid_cap",
                                [](auto& s) {
                                    s.request.patch.cap = std::optional<std::int64_t>(50);
                                    s.request.patch.seed = 60;
                                }}},
                              bad_pairs<r>(fields),
                              {{"cap_below_current", [](auto& s) {
                                    s.before.opened.seed = 10;
                                    s.before.fed = 100;
                                    s.request.patch.cap = std::optional<std::int64_t>(50);
                                }}}}));
}

TEST_CASE("adjust: the errors come in the order of the README") {
    using r = adjust_request;
    const auto adjusted = [](std::int64_t delta) {
        return std::vector<any_request>{r{.pool = "a", .delta = delta, .actor = "ann", .reason = "test"}};
    };
    // Each of the last three leaves a meter no room, too.
    check_order<r>("adjust",
                   {.before = {}, .request = {.pool = "a", .delta = 5, .actor = "ann", .reason = "test"}},
                   {bad_key<r>(),
                    bad_pool<r>(),
                    {"invalid_amount", [](auto& s) { s.request.delta = 0; }},
                    {"invalid_actor", [](auto& s) { s.request.actor = ""; }},
                    {"invalid_reason", [](auto& s) { s.request.reason = ""; }},
                    used_key<r>(),
                    sealed_store<r>(),
                    no_pool<r>(),
                    shut<r>(),
                    {"amount_exceeds_pool",
                     [=](auto& s) {
                         s.before.opened = {.seed = 1};
                         s.before.then = adjusted(-1);
                         s.request.delta = -most;
                     }},
                    {"cap_exceeded",
                     [=](auto& s) {
                         s.before.opened = {.cap = 1000};
                         s.before.then = adjusted(1);
                         s.request.delta = most;
                     }},
                    {"amount_overflow", [=](auto& s) {
                         s.before.opened = {};
                         s.before.then = adjusted(most);
                     }}});
}

TEST_CASE("suspend and resume: the errors come in the order of the README") {
    using s_r = suspend_request;
    check_order<s_r>(
        "suspend", {.before = {}, .request = {.pool = "a"}},
        joined<s_r>({{bad_key<s_r>(), bad_pool<s_r>()},
                     bad_who<s_r>(),
                     {used_key<s_r>(), sealed_store<s_r>(), no_pool<s_r>(), shut<s_r>(), asleep<s_r>()}}));
    using r_r = resume_request;
    check_order<r_r>("resume", {.before = {.then = {suspend_request{.pool = "a"}}}, .request = {.pool = "a"}},
                     joined<r_r>({{bad_key<r_r>(), bad_pool<r_r>()},
                                  bad_who<r_r>(),
                                  {used_key<r_r>(),
                                   sealed_store<r_r>(),
                                   no_pool<r_r>(),
                                   shut<r_r>(),
                                   {"pool_active", [](auto& s) { s.before.then.pop_back(); }}}}));
}

TEST_CASE("hold: the errors come in the order of the README") {
    using r = hold_request;
    const auto hold_of = [](const name& hold, std::int64_t amount) {
        return r{.pool = "a", .game = "g", .player = "p", .amount = amount, .hold = hold};
    };
    const auto emptied = [](auto& s) {
        s.before.opened.seed = 0;
        if (std::exchange(s.before.fed, 5000) != 5000) {
            s.before.then.insert(s.before.then.begin(), win_request{.pool = "a", .game = "g", .player = "p"});
        }
    };
    check_order<r>(
        "hold", {.before = {}, .request = {.pool = "a", .game = "g", .player = "p", .hold = "new"}},
        joined<r>({{bad_key<r>(),
                    bad_pool<r>(),
                    {"invalid_game", [](auto& s) { s.request.game = ""; }},
                    {"invalid_player", [](auto& s) { s.request.player = ""; }},
                    {"invalid_amount", [](auto& s) { s.request.amount = 0; }},
                    {"invalid_hold", [](auto& s) { s.request.hold = ""; }}},
                   bad_where<r>(),
                   {used_key<r>(),
                    sealed_store<r>(),
                    no_pool<r>(),
                    shut<r>(),
                    asleep<r>(),
                    {"hold_exists",
                     [=](auto& s) {
                         s.request.hold = "h";
                         if (s.before.then.size() < holds_max) {
                             s.before.then.insert(s.before.then.begin(), hold_of("h", 1));
                         }
                     }},
                    {"too_many_holds",
                     [=](auto& s) {
                         std::vector<any_request> holds{hold_of("h", 1)};
                         while (holds.size() < holds_max) {
                             holds.push_back(hold_of("h" + std::to_string(holds.size()), 1));
                         }
                         s.before.then.insert(s.before.then.begin(), holds.begin(), holds.end());
                     }},
                    {"pool_empty",
                     [=](auto& s) {
                         emptied(s);
                         s.request.amount.reset();
                     }},
                    {"amount_exceeds_pool",
                     [=](auto& s) {
                         emptied(s);
                         s.request.amount = 1;
                     }},
                    {"amount_overflow", [](auto& s) {
                         s.before.opened.seed = 0;
                         s.before.fed = most;
                         s.before.then.emplace_back(configure_request{.pool = "a", .patch = {.seed = 100}});
                     }}}}));
}

TEST_CASE("confirm and release: the errors come in the order of the README") {
    const auto check = [](const std::string& operation, auto request) {
        using r = decltype(request);
        request.pool = "a";
        request.hold = "h";
        request.actor = "ann";
        request.reason = "test";
        const hold_request held{.pool = "a", .game = "g", .player = "p", .hold = "h"};
        check_order<r>(
            operation, {.before = {.then = {held}}, .request = request},
            joined<r>(
                {{bad_key<r>(), bad_pool<r>(), {"invalid_hold", [](auto& s) { s.request.hold = ""; }}},
                 bad_who<r>(),
                 {used_key<r>(), sealed_store<r>(), no_pool<r>(), shut<r>(), {"unknown_hold", [](auto& s) {
                                                                                  s.request.hold = "other";
                                                                              }}}}));
    };
    check("confirm", confirm_request{});
    check("release", release_request{});
}

TEST_CASE("transfer: the errors come in the order of the README") {
    using r = transfer_request;
    const story before{.then = {open_request{.pool = "b"}, suspend_request{.pool = "a"}}};
    check_order<r>(
        "transfer",
        {.before = before,
         .request = {.from = "a", .to = "b", .amount = 5, .actor = "ann", .reason = "test"}},
        joined<r>({{bad_key<r>(),
                    {"invalid_pool", [](auto& s) { s.request.from = ""; }},
                    {"invalid_to", [](auto& s) { s.request.to = ""; }},
                    {"invalid_amount", [](auto& s) { s.request.amount = 0; }}},
                   bad_who<r>(),
                   {{"invalid_to", [](auto& s) { s.request.to = s.request.from; }},
                    used_key<r>(),
                    sealed_store<r>(),
                    {"unknown_pool", [](auto& s) { s.request.to = "nobody"; }},
                    shut<r>(&r::to),
                    {"pool_active", [](auto& s) { s.before.then.emplace_back(resume_request{.pool = "a"}); }},
                    {"amount_exceeds_pool", [](auto& s) { s.request.amount = most; }},
                    {"amount_overflow", [](auto& s) {
                         s.before.then.emplace_back(
                             adjust_request{.pool = "b", .delta = most, .actor = "ann", .reason = "test"});
                     }}}}));
}

TEST_CASE("close: the errors come in the order of the README") {
    using r = close_request;
    const story before{.then = {open_request{.pool = "b"}, suspend_request{.pool = "a"}}};
    check_order<r>(
        "close", {.before = before, .request = {.pool = "a", .to = "b", .actor = "ann", .reason = "test"}},
        joined<r>({{bad_key<r>(),
                    bad_pool<r>(),
                    {"invalid_to", [](auto& s) { s.request.to = ""; }},
                    {"invalid_amount", [](auto& s) { s.request.to_house = -1; }}},
                   bad_who<r>(),
                   {{"invalid_to", [](auto& s) { s.request.to = s.request.pool; }},
                    used_key<r>(),
                    sealed_store<r>(),
                    {"unknown_pool", [](auto& s) { s.request.pool = "nobody"; }},
                    shut<r>(),
                    {"pool_active", [](auto& s) { s.before.then.emplace_back(resume_request{.pool = "a"}); }},
                    {"pool_held",
                     [](auto& s) {
                         s.before.then.insert(
                             s.before.then.begin(),
                             hold_request{.pool = "a", .game = "g", .player = "p", .amount = 1, .hold = "h"});
                     }},
                    {"amount_exceeds_seed", [](auto& s) { s.request.to_house = most; }},
                    {"pool_not_empty", [](auto& s) { s.request.to.reset(); }},
                    {"amount_overflow", [](auto& s) {
                         s.before.then.emplace_back(
                             adjust_request{.pool = "b", .delta = most, .actor = "ann", .reason = "test"});
                     }}}}));
}

TEST_CASE("revert: the errors come in the order of the README") {
    using r = revert_request;
    const r sound{.reverts = "w", .actor = "ann", .reason = "test"};
    check_order<r>(
        "revert",
        {.before = {.then = {contribute_request{.game = "g", .wager = 10, .key = "w"}}}, .request = sound},
        joined<r>({{{"invalid_key", [](auto& s) { s.request.key = "k"; }}},
                   bad_who<r>(),
                   {{"key_conflict",
                     [=](auto& s) {
                         s.request.reverts = "w";
                         s.before.then.emplace_back(r{.reverts = "w", .actor = "eve", .reason = "test"});
                     }},
                    sealed_store<r>(),
                    {"unknown_wager", [](auto& s) { s.request.reverts = "other"; }}}}));
    // The syntax of what is reverted has the same code, and so has a key that only the journal gives.
    auto wrong = sound;
    wrong.reverts = "";
    CHECK(answer_to<r>({.before = {}, .request = wrong}) == errc::invalid_key);
    auto keyed = sound;
    keyed.key = detail::revert_key(sound.reverts);
    CHECK(answer_to<r>({.before = {}, .request = keyed}) == errc::invalid_key);
}

TEST_CASE("restore: the errors come in the order of the README") {
    using r = restore_request;
    store_type store;
    network_type net(store, seeded_environment(1));
    tell({}, store, net);
    const r sound{.actor = "ann", .reason = "test", .returned_to = 1, .states = {value_of(net.pool("a"))}};
    const auto fields = [](auto& s, auto&& change) {
        auto& state = s.request.states.back();
        auto changed = *state.configuration;
        change(changed);
        state.configuration = std::make_shared<const configuration>(std::move(changed));
    };
    check_order<r>(
        "restore", {.before = {}, .request = sound},
        joined<r>(
            {{bad_key<r>(),
              {"invalid_actor", [](auto& s) { s.request.actor = ""; }},
              {"invalid_reason", [](auto& s) { s.request.reason = ""; }},
              // A sound one stands before it: the states are checked one after the other.
              {"invalid_pool",
               [=](auto& s) { s.request.states.insert(s.request.states.begin(), sound.states[0]); }},
              {"empty_configuration", [](auto& s) { s.request.states.back().configuration = nullptr; }}},
             bad_fields<r>(fields),
             {{"invalid_cap",
               [=](auto& s) {
                   fields(s, [](auto& c) {
                       c.cap = 5;
                       c.seed = 5;
                   });
               }},
              bad_pairs<r>(fields)[0],
              bad_pairs<r>(fields)[1],
              {"invalid_operation",
               [](auto& s) {
                   s.request.states.back().pending = std::make_shared<const basic_pending<std::int64_t>>();
               }},
              {"invalid_player",
               [](auto& s) {
                   s.request.states.back().last_win = {1, "g", "", 0};
               }},
              {"invalid_hold", [](auto& s) { s.request.states.back().holds.put({}); }},
              used_key<r>(),
              sealed_store<r>(),
              {"corrupt", [](auto& s) { s.request.states.back().current += 1; }}}}));
}

TEST_CASE("the README has every operation that is asked for, and every error of the rules") {
    const auto table = documented();
    CHECK(table.size() == 15);
    CHECK(table.at("checkpoint") == std::vector<std::string>{"invalid_operation"});
    store_type store;
    network_type net(store, seeded_environment(1));
    CHECK(code_of(net.submit(any_request(checkpoint_request{}))) == errc::invalid_operation);
    for (int code = 1; code <= static_cast<int>(errc::unknown_wager); ++code) {
        const bool is_rule =
            code <= static_cast<int>(errc::key_conflict) || code >= static_cast<int>(errc::invalid_max_wager);
        if (!is_rule) {
            continue;
        }
        const auto wanted = to_string(static_cast<errc>(code));
        const bool found = std::any_of(table.begin(), table.end(), [&](const auto& row) {
            return std::find(row.second.begin(), row.second.end(), wanted) != row.second.end();
        });
        CHECK_MESSAGE(found, wanted, " is in no row");
    }
}

}  // namespace
