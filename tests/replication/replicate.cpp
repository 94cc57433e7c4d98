// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "../wide.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/replicate.hpp>
#include <jackpot/testing/faulty_storage.hpp>
#include <jackpot/testing/random_requests.hpp>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

constexpr auto to_the_end = [](const replicate_progress&) { return true; };

template <class Amount>
void feed(memory_storage<Amount>& store, std::uint64_t seed, int requests) {
    network net(store, seeded_environment(seed));
    testing::random_requests<Amount> random(seed);
    for (int i = 0; i < requests; ++i) {
        static_cast<void>(net.submit(random.next(test::snapshot_of<Amount>(store))));
    }
}

template <class From, class To>
expected<replicate_result> copy(From& from, To& to,
                                replicate_options options = {.batch = 64, .pause_us = 1}) {
    seeded_environment world(1);
    return replicate(from, to, options, to_the_end, world);
}

}  // namespace

TEST_CASE_TEMPLATE("a copy is equal and audited, and copying again changes nothing", Amount, std::int64_t,
                   wide_amount) {
    memory_storage<Amount> from;
    memory_storage<Amount> to;
    feed(from, 1, 3000);
    const auto first = value_of(copy(from, to));
    CHECK(first.complete);
    CHECK(first.operations == first.sequence);
    std::vector<std::uint64_t> told;
    const auto tell = [&](std::uint64_t sequence, std::uint64_t last) {
        told.push_back(sequence);
        CHECK(last == first.sequence);
    };
    CHECK(value_of(compare(from, to, sequence_max, tell)).equal());
    CHECK(told.front() == 1000);
    CHECK(told.size() == first.sequence / 1000);
    CHECK(value_of(audit(to)).clean());
    CHECK(value_of(copy(from, to)).operations == 0);

    // The source goes on; only what is new is copied.
    feed(from, 2, 500);
    const auto second = value_of(copy(from, to));
    CHECK(second.operations == second.sequence - first.sequence);
    CHECK(value_of(compare(from, to)).equal());
}

TEST_CASE("stores that went on are compared as they were at one sequence") {
    memory_storage<> from;
    memory_storage<> to;
    feed(from, 1, 300);
    const auto reached = value_of(copy(from, to)).sequence;
    feed(from, 2, 50);
    CHECK_FALSE(value_of(compare(from, to)).equal());
    CHECK(value_of(compare(from, to, reached)).equal());
    CHECK(value_of(compare(to, from, reached)).equal());
    feed(to, 3, 50);
    CHECK(value_of(compare(from, to, reached)).equal());
    const auto beyond = value_of(compare(from, to, reached + 1));
    CHECK(beyond.differences.back().where == "operation " + std::to_string(reached + 1));

    // One that is behind, or whose rows are others, is told.
    memory_storage<> edited;
    seeded_environment world(1);
    value_of(replicate(
        from, edited, {.batch = 20}, [](const auto&) { return false; }, world));
    CHECK(value_of(compare(from, edited, reached)).differences.front().what == "sequence");
    auto states = test::snapshot_of<std::int64_t>(edited);
    states.pools[0].total_wagered += 1;
    value_of(edited.rewrite(states));
    CHECK(value_of(compare(from, edited, states.head.sequence)).count == 1);
}

TEST_CASE("keys are known on the target after the move") {
    memory_storage<> from;
    memory_storage<> to;
    network before(from, seeded_environment(1));
    test::open_pools(before);
    const contribute_request wager{.game = "g", .wager = 1000, .key = "bet"};
    auto first = value_of(before.contribute(wager));
    value_of(copy(from, to));
    network after(to, seeded_environment(2));
    auto again = value_of(after.contribute(wager));
    CHECK(again.replayed);
    again.replayed = false;
    CHECK(again == first);
}

TEST_CASE("a run that was stopped goes on where it was") {
    memory_storage<> from;
    memory_storage<> to;
    feed(from, 3, 1000);
    seeded_environment world(1);
    std::vector<std::uint64_t> seen;
    const auto stop_soon = [&](const replicate_progress& p) {
        seen.push_back(p.sequence);
        CHECK(p.last == test::snapshot_of<std::int64_t>(from).head.sequence);
        return seen.size() % 3 != 0;
    };
    const auto stopped = value_of(replicate(from, to, {.batch = 10}, stop_soon, world));
    CHECK_FALSE(stopped.complete);
    CHECK(stopped.operations == 30);
    CHECK(seen == std::vector<std::uint64_t>{10, 20, 30});
    CHECK(value_of(compare(from, to)).count > 0);
    CHECK(value_of(copy(from, to)).complete);
    CHECK(value_of(compare(from, to)).equal());
}

TEST_CASE("of what is large fewer are copied together, and of what is small more") {
    memory_storage<> from;
    network net(from, seeded_environment(1));
    std::vector<name> games;
    for (int i = 0; i < 4000; ++i) {
        games.emplace_back("game " + std::to_string(i));
    }
    for (int i = 0; i < 100; ++i) {
        value_of(net.open({.pool = name("pool " + std::to_string(i)), .configuration = {.games = games}}));
    }
    for (int i = 0; i < 1000; ++i) {
        value_of(net.contribute({.game = "game 1", .wager = 1, .pools = name_list{name("pool 0")}}));
    }
    memory_storage<> to;
    seeded_environment world(1);
    std::vector<std::uint64_t> sizes;
    std::uint64_t reached = 0;
    const auto note = [&](const replicate_progress& p) {
        sizes.push_back(p.sequence - std::exchange(reached, p.sequence));
        return true;
    };
    value_of(replicate(from, to, {.batch = 500, .bytes = 4000 * sizeof(name) * 5}, note, world));
    REQUIRE(sizes.size() > 12);
    CHECK(sizes[1] == 4);
    CHECK(*std::max_element(sizes.begin() + 1, sizes.begin() + 9) == 4);
    CHECK(*std::max_element(sizes.begin(), sizes.end()) == 500);
    CHECK(value_of(compare(from, to)).equal());
}

namespace {

/// A store whose first operation comes just after the first look at it.
class store_about_to_begin {
public:
    using amount_type = std::int64_t;

    expected<void> load(snapshot& states) {
        auto loaded = store_.load(states);
        if (states.head.sequence == 0) {
            network net(store_, seeded_environment(7));
            value_of(net.open({.pool = "first", .configuration = {.seed = 10}}));
        }
        return loaded;
    }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) { return store_.commit(c); }
    expected<bool> find(const name& key, operation& found) { return store_.find(key, found); }
    expected<void> read(const history_query& q, std::vector<operation>& page) { return store_.read(q, page); }
    expected<void> seal(bool sealed) { return store_.seal(sealed); }

private:
    memory_storage<> store_;
};

}  // namespace

TEST_CASE("a source whose first operation comes while the copy begins is not another history") {
    store_about_to_begin from;
    memory_storage<> to;
    seeded_environment world(1);
    replicator copies(from, to, world, {.batch = 64, .pause_us = 1});
    CHECK(value_of(copies.run(to_the_end)).operations == 0);
    CHECK(value_of(copies.run(to_the_end)).operations == 1);
    CHECK(value_of(compare(from, to)).equal());
}

TEST_CASE("errors are counted for one batch alone: a long copy gets over many of them") {
    memory_storage<> from;
    feed(from, 6, 300);
    memory_storage<> to;
    testing::fault_plan plan;
    testing::faulty_storage target(to, plan);
    seeded_environment world(1);
    int batches = 0;
    const auto lose_the_next = [&](const replicate_progress&) {
        ++batches;
        plan.call = plan.calls + 1;
        return true;
    };
    const replicate_options o{.batch = 10, .attempts = 2, .pause_us = 1};
    CHECK(value_of(replicate(from, target, o, lose_the_next, world)).complete);
    CHECK(batches > 10);
    CHECK(value_of(compare(from, to)).equal());
}

TEST_CASE("whatever call is lost on either side, the run ends equal or can be run again to end equal") {
    memory_storage<> from;
    feed(from, 4, 300);
    testing::fault_plan counted;
    {
        memory_storage<> to;
        testing::faulty_storage a(from, counted);
        testing::faulty_storage b(to, counted);
        value_of(copy(a, b));
    }
    REQUIRE(counted.calls > 8);
    for (const bool for_good : {false, true}) {
        for (const auto lost : {testing::lost::request, testing::lost::answer}) {
            for (std::uint64_t n = 1; n <= counted.calls; ++n) {
                CAPTURE(n);
                memory_storage<> to;
                testing::fault_plan plan{.call = n, .lost = lost, .for_good = for_good};
                testing::faulty_storage a(from, plan);
                testing::faulty_storage b(to, plan);
                const auto run = copy(a, b);
                // The very last call lets the source trim again, when everything is copied.
                CHECK(run.has_value() == (!for_good || n == counted.calls));
                if (!run) {
                    CHECK(code_of(run) == errc::unavailable);
                    value_of(copy(from, to));
                }
                CHECK(value_of(compare(from, to)).equal());
                CHECK(value_of(audit(to)).clean());
            }
        }
    }
}

/// Before the first commit another one copies the same into it.
struct raced_storage {
    using amount_type = std::int64_t;

    memory_storage<>* store;
    memory_storage<>* source;
    int commits = 0;

    expected<void> load(snapshot& states) { return store->load(states); }
    expected<bool> find(const name& key, operation& found) { return store->find(key, found); }
    expected<void> read(const history_query& q, std::vector<operation>& page) { return store->read(q, page); }
    expected<void> seal(bool sealed) { return store->seal(sealed); }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        if (++commits == 1) {
            value_of(copy(*source, *store));
        }
        return store->commit(c);
    }
};

TEST_CASE("two copies into one target at once: the second agrees again, though it holds the keys by then") {
    memory_storage<> from;
    memory_storage<> to;
    network net(from, seeded_environment(1));
    test::open_pools(net);
    value_of(net.contribute({.game = "slots", .wager = 1000, .key = "bet"}));
    raced_storage raced{&to, &from};
    const auto done = value_of(copy(from, raced));
    CHECK(raced.commits == 1);
    CHECK(done.complete);
    CHECK(done.operations == 0);
    CHECK(value_of(compare(from, to)).equal());
}

TEST_CASE("a target with another history is refused as diverged, and is left as it was") {
    memory_storage<> from;
    feed(from, 5, 200);
    const auto refused = [&](memory_storage<>& to, std::string_view why) {
        const auto before = test::snapshot_of<std::int64_t>(to);
        const auto run = copy(from, to);
        CHECK(code_of(run) == errc::diverged);
        CHECK(run.error().detail.view().find(why) != std::string_view::npos);
        CHECK(test::snapshot_of<std::int64_t>(to) == before);
    };
    {
        memory_storage<> other_network;
        feed(other_network, 6, 50);
        refused(other_network, "another network");
    }
    {
        memory_storage<> ahead;
        value_of(copy(from, ahead));
        const auto last = test::snapshot_of<std::int64_t>(ahead).head.sequence;
        network net(ahead, seeded_environment(9));
        value_of(net.open({.pool = "only here"}));
        refused(ahead, "first at sequence: " + std::to_string(last + 1));
    }
    {
        memory_storage<> differs_early;
        seeded_environment world(1);
        value_of(replicate(
            from, differs_early, {.batch = 20}, [](const auto&) { return false; }, world));
        network net(differs_early, seeded_environment(9));
        value_of(net.open({.pool = "only here"}));
        refused(differs_early, "first at sequence: 21");
    }
    {
        memory_storage<> edited;
        seeded_environment world(1);
        value_of(replicate(
            from, edited, {.batch = 20}, [](const auto&) { return false; }, world));
        auto states = test::snapshot_of<std::int64_t>(edited);
        states.pools[0].total_wagered += 1;
        value_of(edited.rewrite(states));
        refused(edited, "pools are not as its journal left them");
    }
}

TEST_CASE("a sealed source can be copied, a sealed target where it is said, and the seal does not travel") {
    memory_storage<> from;
    memory_storage<> to;
    const auto copy_into_sealed = [&] {
        return copy(from, to, {.batch = 64, .pause_us = 1, .sealed = true});
    };
    feed(from, 7, 100);
    value_of(from.seal(true));
    value_of(to.seal(true));
    CHECK(code_of(copy(from, to)) == errc::store_sealed);
    CHECK(test::snapshot_of<std::int64_t>(to).head.sequence == 0);
    value_of(copy_into_sealed());
    CHECK(test::snapshot_of<std::int64_t>(to).head.sealed);
    CHECK(value_of(compare(from, to)).equal());
    value_of(to.seal(false));
    value_of(from.seal(false));
    feed(from, 8, 100);
    CHECK(code_of(copy_into_sealed()) == errc::conflict);
    value_of(copy(from, to));
    CHECK_FALSE(test::snapshot_of<std::int64_t>(to).head.sealed);
    CHECK(value_of(compare(from, to)).equal());
}

TEST_CASE_TEMPLATE("a checkpoint is applied to an empty target and to an older copy, and compares equal",
                   Amount, std::int64_t, wide_amount) {
    memory_storage<Amount> limited({.history_limit = 100});
    memory_storage<Amount> older;
    memory_storage<Amount> empty;
    feed(limited, 8, 100);
    value_of(copy(limited, older));
    const auto reached = test::snapshot_of<Amount>(older).head.sequence;
    feed(limited, 9, 6000);
    std::vector<basic_operation<Amount>> page;
    value_of(limited.read({.limit = 1}, page));
    REQUIRE(page[0].kind() == operation_kind::checkpoint);
    REQUIRE(page[0].sequence > reached);
    for (auto* to : {&older, &empty}) {
        value_of(copy(limited, *to));
        CHECK(value_of(compare(limited, *to)).equal());
        CHECK(value_of(audit(*to)).clean());
        CHECK(value_of(copy(limited, *to)).operations == 0);
    }
    // A copy of the copy leaps at the same place; and the two copies agree, one with more history.
    memory_storage<Amount> third;
    value_of(copy(older, third));
    CHECK(value_of(compare(older, third)).equal());
    CHECK(value_of(compare(empty, third)).equal());
}

TEST_CASE("a checkpoint that cannot have followed the target is refused as diverged") {
    // Two copies of one store go on apart, and the first forgets how.
    memory_storage<> limited({.history_limit = 50});
    network goes_on(limited, seeded_environment(1));
    test::open_pools(goes_on);
    const auto wager_for = [](auto& net, name pool) {
        return net.contribute({.game = "g", .wager = 1000, .pools = name_list{pool}});
    };
    const auto apart = [&](auto&& change) {
        memory_storage<> from({.history_limit = 50});
        auto to = std::make_unique<memory_storage<>>();
        value_of(copy(limited, from));
        value_of(copy(limited, *to));
        network other(*to, seeded_environment(2));
        change(other);
        network net(from, seeded_environment(3));
        value_of(wager_for(net, "major"));
        for (int i = 0; i < 3000; ++i) {
            value_of(wager_for(net, "minor"));
        }
        std::vector<operation> page;
        value_of(from.read({.limit = 1}, page));
        const auto before = test::snapshot_of<std::int64_t>(*to);
        REQUIRE(page[0].sequence > before.head.sequence);
        const auto run = copy(from, *to);
        CHECK(code_of(run) == errc::diverged);
        CHECK(run.error().detail.view().find("checkpoint cannot follow") != std::string_view::npos);
        CHECK(test::snapshot_of<std::int64_t>(*to) == before);
    };
    apart([](auto& other) { value_of(other.open({.pool = "only here"})); });
    // One that the source left alone, and one that it changed less often.
    for (const char* pool : {"mega", "major"}) {
        apart([&](auto& other) {
            for (int i = 0; i < 3; ++i) {
                value_of(wager_for(other, pool));
            }
        });
    }
}

TEST_CASE("a pool changes at most once an operation, so that a checkpoint with more is of another history") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    test::open_pools(net);
    const auto before = test::snapshot_of<std::int64_t>(store);
    value_of(net.open({.pool = "new"}));
    value_of(net.contribute({.game = "g", .wager = 1000, .pools = name_list{"major", "new"}}));
    const auto after = test::snapshot_of<std::int64_t>(store);
    CHECK(detail::may_lead_to(before, after));
    for (const std::size_t changed : {std::size_t(0), std::size_t(3)}) {
        auto more = after;
        REQUIRE(more.pools[changed].sequence == before.head.sequence + 2);
        more.pools[changed].version = changed == 0 ? before.pools[0].version + 2 : 2;
        CHECK(detail::may_lead_to(before, more));
        more.pools[changed].version += 1;
        CHECK_FALSE(detail::may_lead_to(before, more));
    }
}

TEST_CASE("nothing is trimmed from a source while it is being copied") {
    memory_storage<> from({.history_limit = 50});
    memory_storage<> to;
    feed(from, 10, 3000);
    network net(from, seeded_environment(11));
    value_of(net.open({.pool = "busy", .configuration = {.rate = rate_of("1")}}));
    seeded_environment world(1);
    {
        replicator copier(from, to, world, {.batch = 100});
        value_of(copier.run(to_the_end));
        const auto reached = test::snapshot_of<std::int64_t>(to).head.sequence;
        for (int i = 0; i < 5000; ++i) {
            value_of(net.contribute({.game = "g", .wager = 1}));
        }
        value_of(copier.run(to_the_end));
        std::vector<operation> page;
        value_of(to.read({.after = reached, .limit = 1}, page));
        CHECK(page[0].sequence == reached + 1);
        CHECK(page[0].kind() == operation_kind::contributed);
    }
    CHECK(value_of(compare(from, to)).equal());
}

TEST_CASE("differences are named by place and field") {
    memory_storage<> left;
    memory_storage<> right;
    network net(left, seeded_environment(1));
    test::open_pools(net);
    value_of(copy(left, right));
    auto states = test::snapshot_of<std::int64_t>(right);
    states.pools[2].current += 5;
    states.pools.erase(states.pools.begin());
    value_of(right.rewrite(states));
    const auto found = value_of(compare(left, right));
    REQUIRE(found.differences.size() == 2);
    CHECK(found.differences[0].where == "pool major");
    CHECK(found.differences[0].right == "missing");
    CHECK(found.differences[1].where == "pool minor");
    CHECK(found.differences[1].what == "current");
    CHECK(found.differences[1].left == "100000");
    CHECK(found.differences[1].right == "100005");
}

TEST_CASE("no field of a pool is forgotten when stores are compared") {
    memory_storage<> left;
    memory_storage<> right;
    network net(left, seeded_environment(1));
    test::open_pools(net);
    value_of(net.win({.pool = "minor", .game = "g", .player = "ann"}));
    value_of(net.configure({.pool = "minor", .when = when::after_win, .patch = {.seed = 5}}));
    value_of(copy(left, right));
    const auto sound = test::snapshot_of<std::int64_t>(right);
    const auto names = [&](std::string_view what, auto&& change) {
        CAPTURE(what);
        auto states = sound;
        change(states.pools[2]);
        value_of(right.rewrite(states));
        const auto found = value_of(compare(left, right));
        REQUIRE(found.count == 1);
        CHECK(found.differences[0].where == "pool minor");
        CHECK(found.differences[0].what == what);
    };
    const auto configured = [&](std::string_view what, auto&& change) {
        names(what, [&](pool& p) {
            auto c = *p.configuration;
            change(c);
            p.configuration = std::make_shared<const configuration>(c);
        });
    };
    names("status", [](pool& p) { p.status = pool_status::suspended; });
    configured("seed", [](configuration& c) { c.seed += 1; });
    configured("cap", [](configuration& c) { *c.cap += 1; });
    configured("rate", [](configuration& c) { c.rate = rate_of("0.021"); });
    configured("rounding", [](configuration& c) { c.rounding = rounding::floor; });
    configured("on_cap", [](configuration& c) { c.on_cap = on_cap::stop; });
    configured("min_wager", [](configuration& c) { c.min_wager += 1; });
    configured("games", [](configuration& c) { c.games = {"keno"}; });
    names("pending", [](pool& p) { p.pending = nullptr; });
    names("pending", [](pool& p) {
        auto patch = p.pending->patch;
        patch.seed = 6;
        p.pending = std::make_shared<const basic_pending<std::int64_t>>(
            basic_pending<std::int64_t>{patch, p.pending->configuration});
    });
    each_meter<std::int64_t>(
        [&](const auto& m, auto meter) { names(m.name, [&](pool& p) { p.*meter += 1; }); });
    names("last_win", [](pool& p) { p.last_win = std::nullopt; });
    names("last_win", [](pool& p) { p.last_win->at += 1; });
    names("version", [](pool& p) { p.version += 1; });
    names("sequence", [](pool& p) { p.sequence -= 1; });
    names("opened_at", [](pool& p) { p.opened_at += 1; });
    names("modified_at", [](pool& p) { p.modified_at += 1; });
}
