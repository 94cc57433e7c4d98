// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "../wide.hpp"

#include <jackpot/network/network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/testing/faulty_storage.hpp>
#include <jackpot/testing/random_requests.hpp>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

using net_of_memory = network<memory_storage<>, seeded_environment>;

/// A store on which somebody else commits before each of the first few commits that come through it.
class contested_storage {
public:
    using amount_type = std::int64_t;

    explicit contested_storage(unsigned rivals) : rivals_(rivals), rival_(store_, seeded_environment(99)) {
        value_of(rival_.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    }
    auto load(snapshot& states) { return store_.load(states); }
    auto find(const name& key, operation& found) { return store_.find(key, found); }
    auto read(const history_query& q, std::vector<operation>& page) { return store_.read(q, page); }
    auto seal(bool sealed) { return store_.seal(sealed); }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        if (rivals_ > 0) {
            --rivals_;
            value_of(rival_.contribute({.game = "rival", .wager = 100}));
        }
        return store_.commit(c);
    }

private:
    unsigned rivals_;
    memory_storage<> store_;
    net_of_memory rival_;
};
static_assert(storage<contested_storage>);

}  // namespace

TEST_CASE("a wager feeds every pool that takes the game, and a win pays one out") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    test::open_pools(net);
    value_of(net.configure({.pool = "mega", .patch = {.games = std::vector<name>{"poker"}}}));

    const auto wager = value_of(net.contribute({.game = "slots", .wager = 1000}));
    REQUIRE(wager.parts.size() == 2);
    CHECK(wager.parts[0].pool == "major");
    CHECK(wager.parts[1].pool == "minor");
    CHECK(wager.total() == 30);
    CHECK(value_of(net.feeds("slots")));
    CHECK(value_of(net.rate("slots")) == rate_of("0.03"));
    CHECK(value_of(net.rate("poker")) == rate_of("0.035"));

    const auto win = value_of(net.win({.pool = "minor", .game = "slots", .player = "ann"}));
    CHECK(win.parts[0].paid == 100'020);
    CHECK(value_of(net.pool("minor")).current == 100'000);
    CHECK(value_of(net.pools()).size() == 3);
    CHECK(value_of(net.statistics()).total_wins == 100'020);
    CHECK(code_of(net.pool("nope")) == errc::unknown_pool);
    CHECK(code_of(net.pool("")) == errc::invalid_pool);
    CHECK(code_of(net.feeds("")) == errc::invalid_game);
    for (const char* pool : {"minor", "major", "mega"}) {
        value_of(net.suspend({.pool = pool}));
    }
    CHECK_FALSE(value_of(net.feeds("slots")));
}

TEST_CASE("statistics are refused only where a sum itself does not fit, whatever the order of the pools") {
    for (const char* debtor : {"a", "c", "z"}) {
        memory_storage<> store;
        network net(store, seeded_environment(1));
        constexpr std::int64_t half = 4'611'686'018'427'387'904;
        for (const char* pool : {"b", "d"}) {
            value_of(net.open({.pool = pool}));
            value_of(net.adjust({.pool = pool, .delta = half, .actor = "x", .reason = "r"}));
            value_of(
                net.win({.pool = pool, .game = "g", .player = "p", .amount = pool[0] == 'b' ? half : 1}));
        }
        value_of(net.open({.pool = debtor, .configuration = {.seed = 1}}));
        CHECK(code_of(net.statistics()) == errc::amount_overflow);
        value_of(net.adjust({.pool = debtor, .delta = -1, .actor = "x", .reason = "r"}));
        CHECK(value_of(net.statistics()).adjusted == amount_traits<std::int64_t>::amount_max());
    }
}

TEST_CASE("history is filtered by pool, kind and game, and read page by page") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    test::open_pools(net);
    for (int i = 0; i < 25; ++i) {
        value_of(net.contribute({.game = i % 2 == 0 ? "slots" : "poker", .wager = 1000}));
        value_of(net.win({.pool = i % 5 == 0 ? "mega" : "minor", .game = "slots", .player = "ann"}));
    }
    CHECK(value_of(net.history()).size() == 53);
    CHECK(value_of(net.history({.kind = operation_kind::won})).size() == 25);
    CHECK(value_of(net.history({.pool = "mega", .kind = operation_kind::won})).size() == 5);
    CHECK(value_of(net.history({.kind = operation_kind::contributed, .game = "poker"})).size() == 12);
    history_query query{.limit = 10, .pool = "major"};
    std::vector<std::uint64_t> seen;
    for (auto page = value_of(net.history(query)); !page.empty(); page = value_of(net.history(query))) {
        CHECK(page.size() <= 10);
        for (const auto& o : page) {
            seen.push_back(o.sequence);
        }
        query.after = page.back().sequence;
    }
    CHECK(seen.size() == 26);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("a key gives the first receipt again, whatever has become of the pools since") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.seed = 0, .rate = rate_of("1")}}));
    value_of(net.contribute({.game = "g", .wager = 50}));
    const auto first = value_of(net.win({.pool = "p", .game = "g", .player = "ann", .key = "w"}));
    auto again = value_of(net.win({.pool = "p", .game = "g", .player = "ann", .key = "w"}));
    CHECK(again.replayed);
    again.replayed = false;
    CHECK(again == first);
    CHECK(code_of(net.win({.pool = "p", .game = "g", .player = "bob", .key = "w"})) == errc::key_conflict);
    CHECK(code_of(net.win({.pool = "p", .game = "g", .player = "ann"})) == errc::pool_empty);
    // Another network on the same store, which has never seen the key, is told by the store.
    network other(store, seeded_environment(2));
    CHECK(value_of(other.win({.pool = "p", .game = "g", .player = "ann", .key = "w"})).replayed);
    value_of(other.suspend({.pool = "p"}));
    CHECK(value_of(net.win({.pool = "p", .game = "g", .player = "ann", .key = "w"})).replayed);
    // A wager that no pool took leaves its key unused.
    CHECK(value_of(net.contribute({.game = "g", .wager = 5, .key = "c"})).parts.empty());
    value_of(net.resume({.pool = "p"}));
    CHECK_FALSE(value_of(net.contribute({.game = "g", .wager = 7, .key = "c"})).replayed);
}

TEST_CASE_TEMPLATE("many wagers in one commit are answered as if made one by one", Amount, std::int64_t,
                   wide_amount) {
    memory_storage<Amount> one_store;
    memory_storage<Amount> bulk_store;
    network one(one_store, seeded_environment(1, 1'000'000, 0));
    network bulk(bulk_store, seeded_environment(1, 1'000'000, 0));
    testing::random_requests<Amount> random(7, {.bad_percent = 20, .restores = false});
    std::vector<basic_contribute_request<Amount>> wagers;
    std::size_t answered = 0;
    for (int i = 0; i < 6000; ++i) {
        const auto request = random.next(test::snapshot_of<Amount>(one_store));
        if (const auto* wager = std::get_if<basic_contribute_request<Amount>>(&request)) {
            wagers.push_back(*wager);
            if (i % 3 == 0 && wagers.back().key) {
                wagers.push_back(wagers.back());  // sent twice in one batch
            }
            continue;
        }
        std::vector<expected<basic_receipt<Amount>>> receipts(wagers.size());
        value_of(bulk.contribute(wagers, receipts));
        for (std::size_t k = 0; k < wagers.size(); ++k) {
            const auto single = one.contribute(wagers[k]);
            CHECK(single == receipts[k]);
            answered += single.has_value() ? 1 : 0;
        }
        wagers.clear();
        static_cast<void>(one.submit(request));
        static_cast<void>(bulk.submit(request));
    }
    CHECK(answered > 1000);
    CHECK(test::snapshot_of<Amount>(one_store).pools == test::snapshot_of<Amount>(bulk_store).pools);
    CHECK(value_of(audit(bulk_store)).clean());

    std::vector<expected<basic_receipt<Amount>>> too_few(1);
    wagers.assign(2, {.game = "g", .wager = 1});
    CHECK(code_of(bulk.contribute(wagers, too_few)) == errc::invalid_operation);
}

TEST_CASE("a writer that loses the race decides again on the newer states") {
    contested_storage store(3);
    network net(store, seeded_environment(1));
    const auto receipt = value_of(net.contribute({.game = "g", .wager = 5}));
    CHECK(receipt.parts[0].current == 305);
    CHECK(receipt.sequence == 5);
}

TEST_CASE("a writer that always loses gives up with conflict, and has changed nothing") {
    contested_storage store(1000);
    network net(store, seeded_environment(1), {.attempts = 5});
    CHECK(code_of(net.contribute({.game = "g", .wager = 5})) == errc::conflict);
    snapshot states;
    value_of(store.load(states));
    CHECK(states.pools[0].current == 500);
    std::vector<contribute_request> wagers(3, {.game = "g", .wager = 1});
    wagers[1].game = "";
    std::vector<expected<receipt>> receipts(3);
    value_of(net.contribute(wagers, receipts));
    CHECK(code_of(receipts[0]) == errc::conflict);
    CHECK(code_of(receipts[1]) == errc::invalid_game);
    CHECK(code_of(receipts[2]) == errc::conflict);
}

TEST_CASE("pauses between tries double up to the longest, and are random below that") {
    struct recording_environment {
        seeded_environment* world;
        std::vector<std::int64_t>* slept;
        timestamp now() { return world->now(); }
        void sleep(std::int64_t us) { slept->push_back(us); }
        std::uint64_t random() { return world->random(); }
    };
    seeded_environment world(3);
    std::vector<std::int64_t> slept;
    contested_storage store(1000);
    network net(store, recording_environment{&world, &slept},
                {.attempts = 8, .first_us = 100, .longest_us = 1000});
    CHECK(code_of(net.contribute({.game = "g", .wager = 5})) == errc::conflict);
    const std::int64_t longest[] = {100, 200, 400, 800, 1000, 1000, 1000};
    REQUIRE(slept.size() == std::size(longest));
    for (std::size_t i = 0; i < slept.size(); ++i) {
        CHECK(slept[i] >= 1);
        CHECK(slept[i] <= longest[i]);
    }
    CHECK(slept != std::vector<std::int64_t>(std::begin(longest), std::end(longest)));
}

TEST_CASE("refusals are said of the newest states, not of remembered ones") {
    memory_storage<> store;
    network a(store, seeded_environment(1));
    network b(store, seeded_environment(2));
    value_of(a.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    CHECK(code_of(b.win({.pool = "p", .game = "g", .player = "x"})) == errc::pool_empty);
    value_of(a.contribute({.game = "g", .wager = 10}));
    CHECK(value_of(b.win({.pool = "p", .game = "g", .player = "x"})).parts[0].paid == 10);
    value_of(b.suspend({.pool = "p"}));
    CHECK(value_of(a.contribute({.game = "g", .wager = 10})).parts.empty());
    value_of(b.resume({.pool = "p"}));
    CHECK(value_of(a.contribute({.game = "g", .wager = 10})).parts.size() == 1);
    value_of(b.open({.pool = "q", .configuration = {.rate = rate_of("1")}}));
    CHECK(value_of(a.contribute({.game = "g", .wager = 10})).parts.size() == 2);
    value_of(b.configure({.pool = "q", .patch = {.min_wager = 11}}));
    CHECK(value_of(a.contribute({.game = "g", .wager = 10})).parts.size() == 1);
}

TEST_CASE("a wager that feeds nothing by the states that are known is decided on the newest") {
    memory_storage<> store;
    testing::fault_plan none;
    // A store that takes no wager by itself: the writer decides on the states that it knows.
    testing::faulty_storage stepwise(store, none);
    network here(stepwise, seeded_environment(1));
    network elsewhere(store, seeded_environment(2));
    value_of(here.open({.pool = "p", .configuration = {.games = {"poker"}}}));
    value_of(here.contribute({.game = "poker", .wager = 10}));
    value_of(elsewhere.open({.pool = "q", .configuration = {.rate = rate_of("1")}}));
    CHECK(value_of(here.contribute({.game = "slots", .wager = 10})).parts.size() == 1);
}

TEST_CASE("two writers that both find the store empty do not make two stores of it") {
    memory_storage<> store;
    network a(store, seeded_environment(1));
    network b(store, seeded_environment(2));
    CHECK(value_of(a.pools()).empty());
    CHECK(value_of(b.pools()).empty());
    value_of(a.open({.pool = "a"}));
    value_of(b.open({.pool = "b"}));
    CHECK(value_of(a.pools()).size() == 2);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("a sealed store takes nothing, answers everything, and can be opened again") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    const auto first = value_of(net.contribute({.game = "g", .wager = 5, .key = "k"}));
    value_of(net.seal());
    CHECK(code_of(net.contribute({.game = "g", .wager = 5})) == errc::store_sealed);
    CHECK(value_of(net.pool("p")).current == 5);
    CHECK(value_of(net.history()).size() == 2);
    // Nothing is refused for what the pools are here: another store may go on with them.
    CHECK(code_of(net.contribute({.game = "g", .wager = 5, .pools = name_list{}})) == errc::store_sealed);
    CHECK(code_of(net.win({.pool = "opened there", .game = "g", .player = "a"})) == errc::store_sealed);
    CHECK(code_of(net.resume({.pool = "p"})) == errc::store_sealed);
    CHECK(code_of(net.win({.pool = "p", .game = "", .player = "a"})) == errc::invalid_game);
    CHECK(value_of(net.contribute({.game = "g", .wager = 5, .key = "k"})).replayed);
    CHECK(code_of(net.contribute({.game = "g", .wager = 6, .key = "k"})) == errc::key_conflict);
    value_of(net.unseal());
    CHECK(value_of(net.contribute({.game = "g", .wager = 5, .key = "k"})).replayed);
    CHECK(value_of(net.contribute({.game = "g", .wager = 5})).parts[0].current == 10);
}

namespace {

/// Loses the answer to one commit, which lands only when the n-th later call comes; 0 = never.
class late_storage {
public:
    using amount_type = std::int64_t;

    memory_storage<>& store;
    unsigned lands_after;
    bool lost = false;
    test::kept_commit late_commit{};
    unsigned calls = 0;

    void late() {
        if (lost && ++calls == lands_after) {
            value_of(store.commit(late_commit.commit));
        }
    }
    expected<void> load(snapshot& states) {
        late();
        return store.load(states);
    }
    expected<bool> find(const name& key, operation& found) {
        late();
        return store.find(key, found);
    }
    expected<void> read(const history_query& q, std::vector<operation>& page) {
        late();
        return store.read(q, page);
    }
    expected<void> seal(bool sealed) { return store.seal(sealed); }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        if (!lost && c.sequence > 0) {
            lost = true;
            late_commit.keep(c);
            return fail(errc::unavailable, "the answer was lost");
        }
        late();
        return store.commit(c);
    }
};

}  // namespace

TEST_CASE("a commit whose answer was lost and that lands late is not made twice") {
    for (unsigned after = 0; after < 6; ++after) {
        CAPTURE(after);
        memory_storage<> store;
        value_of(network(store, seeded_environment(1))
                     .open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
        late_storage late{store, after};
        network net(late, seeded_environment(2));
        value_of(net.contribute({.game = "g", .wager = 100}));
        CHECK(test::snapshot_of<std::int64_t>(store).pools[0].current == 100);
    }
}

TEST_CASE("what may have landed is unavailable, never a conflict in which nothing changed") {
    memory_storage<> store;
    value_of(
        network(store, seeded_environment(1)).open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    testing::fault_plan plan{.call = 2, .lost = testing::lost::answer, .for_good = true};
    testing::faulty_storage faulty(store, plan);
    network net(faulty, seeded_environment(2), {.attempts = 3, .first_us = 1, .longest_us = 1});
    CHECK(code_of(net.contribute({.game = "g", .wager = 100})) == errc::unavailable);
    CHECK(test::snapshot_of<std::int64_t>(store).pools[0].current == 100);
}

TEST_CASE("a key that is repeated throughout a batch is replayed each time, also by a sealed store") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    value_of(net.contribute({.game = "g", .wager = 5, .key = "k"}));
    std::vector<contribute_request> wagers(40, {.game = "g", .wager = 5, .key = "k"});
    std::vector<expected<receipt>> receipts(wagers.size());
    const auto replayed = [&] {
        value_of(net.contribute(wagers, receipts));
        return std::count_if(receipts.begin(), receipts.end(),
                             [](const auto& r) { return r && r->replayed; });
    };
    CHECK(replayed() == 40);
    value_of(net.seal());
    CHECK(value_of(net.contribute({.game = "g", .wager = 5, .key = "k"})).replayed);
    // What is no wager at all gets its own answer, not the commit's.
    wagers = {{.game = "g", .wager = 5},
              {.game = "g", .wager = 5, .pools = name_list{"nope"}},
              {.game = "g", .wager = 0}};
    receipts.resize(3);
    value_of(net.contribute(wagers, receipts));
    CHECK(code_of(receipts[0]) == errc::store_sealed);
    CHECK(code_of(receipts[1]) == errc::store_sealed);
    CHECK(code_of(receipts[2]) == errc::invalid_wager);
}

TEST_CASE_TEMPLATE("whatever call is lost, nothing is lost or doubled", Amount, std::int64_t, wide_amount) {
    // The scenario: pools, single and bulk wagers with and without a key, a win, refusals.
    const auto scenario = [](auto& store) {
        network net(store, seeded_environment(5), {.attempts = 3, .first_us = 1, .longest_us = 2});
        const auto sent = [](auto&& call) {
            // A caller that gets a transient error sends the same again: with a key that is always safe, and
            // the writer itself asks the journal first, so that here nothing ever needs it.
            CHECK(code_of(call()) == errc{});
        };
        sent([&] { return net.open({.pool = "a", .configuration = {.seed = 100, .rate = rate_of("0.1")}}); });
        sent([&] { return net.open({.pool = "b", .configuration = {.seed = 10, .rate = rate_of("0.5")}}); });
        sent([&] { return net.contribute({.game = "g", .wager = 1000, .key = "1"}); });
        sent([&] { return net.contribute({.game = "g", .wager = 100}); });
        std::vector<basic_contribute_request<Amount>> wagers(4, {.game = "g", .wager = 10});
        wagers[1].key = "1";
        wagers[2].key = "2";
        wagers[3].key = "2";
        std::vector<expected<basic_receipt<Amount>>> receipts(4);
        value_of(net.contribute(wagers, receipts));
        CHECK(code_of(receipts[0]) == errc{});
        CHECK(code_of(receipts[1]) == errc::key_conflict);
        CHECK(code_of(receipts[2]) == errc{});
        CHECK(code_of(receipts[3]) == errc{});
        sent([&] { return net.win({.pool = "a", .game = "g", .player = "x", .key = "w"}); });
        sent([&] { return net.win({.pool = "a", .game = "g", .player = "x", .key = "w"}); });
        CHECK(code_of(net.suspend({.pool = "c"})) == errc::unknown_pool);
    };
    memory_storage<Amount> sound;
    testing::fault_plan none;
    testing::faulty_storage<memory_storage<Amount>> counted(sound, none);
    scenario(counted);
    REQUIRE(none.calls > 10);
    const auto wanted = test::snapshot_of<Amount>(sound);

    for (const auto lost : {testing::lost::request, testing::lost::answer}) {
        for (std::uint64_t n = 1; n <= none.calls; ++n) {
            CAPTURE(n);
            memory_storage<Amount> store;
            testing::fault_plan plan{.call = n, .lost = lost};
            testing::faulty_storage<memory_storage<Amount>> faulty(store, plan);
            scenario(faulty);
            auto got = test::snapshot_of<Amount>(store);
            CHECK(got.head.sequence == wanted.head.sequence);
            for (std::size_t i = 0; i < got.pools.size(); ++i) {
                CHECK(got.pools[i].current == wanted.pools[i].current);
                CHECK(got.pools[i].total_wagered == wanted.pools[i].total_wagered);
                CHECK(got.pools[i].version == wanted.pools[i].version);
            }
            CHECK(value_of(audit(store)).clean());
        }
    }
}
