// SPDX-License-Identifier: BSL-1.0
#include "../../examples/custom_storage/vector_storage.hpp"
#include "scripted.hpp"

using namespace jackpot;
using namespace test;

// What a writer tries, when it takes the store's lock, and which answer comes first, by what the store is
// asked.

namespace {

/// A store in memory that takes no wager by itself, and counts who asks for its lock.
class counted_lock {
public:
    using amount_type = std::int64_t;

    explicit counted_lock(memory_storage<>& store) : store_(&store) {}

    unsigned locks = 0;

    expected<void> load(snapshot& states) { return store_->load(states); }
    expected<commit_result> commit(const commit_type& c) { return store_->commit(c); }
    expected<bool> find(const name& key, operation& found) { return store_->find(key, found); }
    expected<void> read(const history_query& q, std::vector<operation>& page) {
        return store_->read(q, page);
    }
    expected<void> seal(bool sealed) { return store_->seal(sealed); }
    template <class Body>
    auto exclusive(Body&& body) {
        ++locks;
        return store_->exclusive(body);
    }

private:
    memory_storage<>* store_;
};
static_assert(exclusive_storage<counted_lock> && !direct_storage<counted_lock>);

/// A direct store that is not exclusive, and counts what a network asks it.
struct counted_direct : vector_storage<std::int64_t> {
    using vector_storage::vector_storage;

    unsigned loads = 0;
    unsigned commits = 0;

    expected<void> load(snapshot& states) {
        ++loads;
        return vector_storage::load(states);
    }
    expected<commit_result> commit(const commit_type& c) {
        ++commits;
        return vector_storage::commit(c);
    }
};
static_assert(direct_storage<counted_direct> && !exclusive_storage<counted_direct>);

struct no_pause {
    seeded_environment world{1};
    timestamp now() { return world.now(); }
    std::uint64_t random() { return world.random(); }
    void sleep(std::int64_t) { FAIL("a pause"); }
};

const contribute_request one{.game = "g", .wager = 1};

}  // namespace

TEST_CASE(
    "a writer that lost a race decides under the lock without a pause, and without it once it is alone") {
    table t;
    counted_lock store(t.store);
    network net(store, no_pause{});
    value_of(net.contribute(one));
    CHECK(store.locks == 0);
    feed(t.store, 1);
    CHECK(value_of(net.contribute(one)).parts[0].current == 3);
    CHECK(store.locks == 1);
    value_of(net.contribute(one));
    CHECK(store.locks == 2);  // others may write still
    value_of(net.contribute(one));
    value_of(net.contribute(one));
    CHECK(store.locks == 2);
}

TEST_CASE("pauses double from the first to the longest") {
    struct longest_each {
        std::vector<std::int64_t>* slept;
        timestamp now() const { return 1; }
        std::uint64_t random() const { return 2 * 999'999; }  // one less than a multiple of each
        void sleep(std::int64_t us) const { slept->push_back(us); }
    };
    table t;
    t.scripted.steps.assign(8, conflict);
    std::vector<std::int64_t> slept;
    network net(t.scripted, longest_each{&slept}, {.attempts = 8, .first_us = 100, .longest_us = 1000});
    CHECK(code_of(net.contribute(one)) == errc::conflict);
    CHECK(slept == std::vector<std::int64_t>{100, 200, 400, 800, 1000, 1000, 1000});
}

TEST_CASE("who begins with the lock decides on what is there then, and needs no second try") {
    table t;
    counted_lock store(t.store);
    network net(store, seeded_environment(2), {.attempts = 1});
    value_of(net.contribute(one));
    feed(t.store, 1);
    CHECK(code_of(net.contribute(one)) == errc::conflict);
    for (int round = 0; round < 3; ++round) {
        feed(t.store, 1);
        value_of(net.contribute(one));
    }
    CHECK(t.current() == 8);
}

TEST_CASE("keys of a batch that others have used cost none of its tries") {
    table t;
    const contribute_request keyed{.game = "g", .wager = 5, .key = "k"};
    value_of(network(t.store, seeded_environment(3)).contribute(keyed));
    network net(t.scripted, seeded_environment(2), {.attempts = 1});
    const std::vector<contribute_request> wagers{one, keyed, one};
    std::vector<expected<receipt>> answers(3);
    value_of(net.contribute(wagers, answers));
    CHECK(value_of(answers[0]).sequence == 3);
    CHECK(value_of(answers[1]).replayed);
    CHECK(value_of(answers[2]).sequence == 4);
}

TEST_CASE(
    "a wager that was taken is told again, though the store would refuse its amount or is sealed by now") {
    for (const errc code : {errc::amount_overflow, errc::store_sealed}) {
        CAPTURE(code);
        table t;
        const contribute_request keyed{.game = "g", .wager = 5, .key = "k"};
        value_of(network(t.store, seeded_environment(3)).contribute(keyed));
        t.scripted.steps.assign(4, failing(code));
        network net(t.scripted, seeded_environment(2), quick);
        CHECK(value_of(net.contribute(keyed)).replayed);
        CHECK(code_of(net.contribute(one)) == code);
    }
}

TEST_CASE("a wager that does not fit beside those before it shares their error where they fail") {
    constexpr auto most = amount_traits<std::int64_t>::amount_max();
    for (const bool lands : {false, true}) {
        CAPTURE(lands);
        table t;
        if (!lands) {
            t.scripted.steps = {failing(errc::permission_denied)};
        }
        network net(t.scripted, seeded_environment(2), quick);
        const std::vector<contribute_request> wagers(2, {.game = "g", .wager = most / 2 + 1});
        std::vector<expected<receipt>> answers(2);
        value_of(net.contribute(wagers, answers));
        CHECK(code_of(answers[0]) == (lands ? errc{} : errc::permission_denied));
        CHECK(code_of(answers[1]) == (lands ? errc::amount_overflow : errc::permission_denied));
    }
}

TEST_CASE("of two commits without an answer the later one may land, too, though the first cannot any more") {
    table t;
    t.scripted.steps = {followed(lose_request, [&] { feed(t.store, 3); }), hold_back, conflict, conflict};
    t.scripted.stale_reads = 1;  // so that the second is made while the first may land, for all that is known
    network net(t.scripted, seeded_environment(2), quick);
    CHECK(code_of(net.contribute({.game = "g", .wager = 100})) == errc::unavailable);
    CHECK(value_of(t.scripted.land()) == commit_result::committed);
    CHECK(t.current() == 103);
}

TEST_CASE("what landed of a batch is not made again where the store refuses the rest") {
    table t;
    const auto open = [&] {
        value_of(network(t.store, seeded_environment(9))
                     .open({.pool = "q", .configuration = {.rate = rate_of("1"), .games = {"other"}}}));
    };
    t.scripted.steps = {followed(lose_answer, open), failing(errc::amount_overflow)};
    network net(t.scripted, seeded_environment(2), quick);
    std::vector<contribute_request> wagers(2, {.game = "g", .wager = 10});
    wagers[1] = {.game = "other", .wager = 10, .pools = name_list{"q"}};
    std::vector<expected<receipt>> answers(2);
    value_of(net.contribute(wagers, answers));
    CHECK(value_of(answers[0]).sequence == 2);
    CHECK(value_of(answers[1]).sequence == 4);
    CHECK(t.current() == 10);
}

TEST_CASE("an operation that landed late is no replay, though the journal does not show it") {
    table t;
    const scripted_storage::step too_late = [](scripted_storage& s, const commit_type& c) {
        CHECK(value_of(s.land()) == commit_result::committed);
        return s.store().commit(c);
    };
    t.scripted.steps = {hold_back, too_late};
    t.scripted.stale_reads = 100;
    network net(t.scripted, seeded_environment(2), quick);
    CHECK_FALSE(value_of(net.contribute({.game = "g", .wager = 5, .key = "k"})).replayed);
    CHECK(t.current() == 5);
}

TEST_CASE("answers that held errors hold receipts again") {
    table t;
    network net(t.scripted, seeded_environment(2), quick);
    std::vector<contribute_request> wagers(2, {.game = "g", .wager = 0});
    std::vector<expected<receipt>> answers(2);
    value_of(net.contribute(wagers, answers));
    CHECK(code_of(answers[0]) == errc::invalid_wager);
    wagers[0].wager = wagers[1].wager = 3;
    value_of(net.contribute(wagers, answers));
    CHECK(value_of(answers[0]).sequence == 2);
    CHECK(value_of(answers[1]).sequence == 3);
}

TEST_CASE("a receipt that is used again tells of its newest call alone") {
    table t;
    network at_once(t.store, seeded_environment(2));
    network by_commits(t.scripted, seeded_environment(3));
    const auto check = [](auto& net, const char* key) {
        receipt into;
        for (const bool again : {false, true}) {
            value_of(net.contribute({.game = "g", .wager = 5, .key = name(key)}, into));
            CHECK(into.replayed == again);
        }
        value_of(net.contribute({.game = "g", .wager = 5}, into));
        CHECK_FALSE(into.replayed);
        value_of(net.contribute({.game = "g", .wager = 5, .key = name(key)}, into));
        CHECK(into.replayed);
        value_of(net.contribute({.game = "g", .wager = 5, .pools = name_list{}}, into));  // feeds nothing
        CHECK_FALSE(into.replayed);
        CHECK(into.sequence == 0);
        CHECK(into.parts.empty());
    };
    check(at_once, "k");
    check(by_commits, "l");
}

TEST_CASE(
    "over any direct store wagers take no load and no commit: by name, by its own handles, in batches") {
    tables<std::int64_t> kept;
    counted_direct store(kept);
    network net(store, no_pause{});
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    const auto game = value_of(net.resolve_game("g"));
    const auto pool = value_of(net.resolve_pool("p"));
    static_assert(std::is_same_v<decltype(game), const counted_direct::game_handle>);
    static_assert(std::is_same_v<decltype(pool), const counted_direct::pool_handle>);
    store.loads = store.commits = 0;
    value_of(net.contribute(one));
    value_of(net.contribute(game, {.wager = 2}));
    const std::vector<contribute_request> named(3, {.game = "g", .wager = 3});
    const std::vector<wager> wagers(4, {.wager = 4});
    std::vector<expected<receipt>> answers(3);
    value_of(net.contribute(named, answers));
    CHECK(value_of(answers[2]).sequence == 6);
    answers.resize(4);
    value_of(net.contribute(game, wagers, answers));
    CHECK(value_of(answers[3]).sequence == 10);
    CHECK(value_of(net.meters(pool)).current == 1 + 2 + 9 + 16);
    CHECK(store.loads == 0);
    CHECK(store.commits == 0);

    // The first that it declines, and those behind it, go the long way.
    const std::vector<contribute_request> listed{
        {.game = "g", .wager = 5}, {.game = "g", .wager = 0}, {.game = "g", .wager = 5}};
    answers.resize(3);
    value_of(net.contribute(listed, answers));
    CHECK(value_of(answers[0]).sequence == 11);
    CHECK(code_of(answers[1]) == errc::invalid_wager);
    CHECK(value_of(answers[2]).sequence == 12);
    CHECK(store.commits == 1);
    CHECK(value_of(net.meters(pool)).current == 28 + 10);
}
