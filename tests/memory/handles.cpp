// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "../wide.hpp"

#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/write_behind.hpp>
#include <jackpot/testing/faulty_storage.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <atomic>
#include <map>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

/// Requests of a network as usual, but wagers by handles wherever a handle can be had.
template <class Network>
class through_handles {
public:
    using amount_type = typename Network::amount_type;

    explicit through_handles(Network& net) : net_(&net) {}

    auto submit(const basic_request<amount_type>& request) {
        if (const auto* r = std::get_if<basic_contribute_request<amount_type>>(&request); r && !r->pools) {
            if (const auto* game = game_of(r->game)) {
                ++wagers;
                return net_->contribute(*game, {.wager = r->wager,
                                                .player = r->player,
                                                .round = r->round,
                                                .site = r->site,
                                                .key = r->key});
            }
        }
        return net_->submit(request);
    }

    const typename Network::game_type* game_of(const name& game) {
        if (const auto known = games_.find(game); known != games_.end()) {
            return &known->second;
        }
        const auto handle = net_->resolve_game(game);
        return handle ? &games_.emplace(game, *handle).first->second : nullptr;
    }

    int wagers = 0;

private:
    Network* net_;
    std::map<name, typename Network::game_type> games_;
};

template <amount Amount>
basic_reading<Amount> reading_of(const basic_pool<Amount>& p) {
    return {p, p.version, p.sequence, p.modified_at, p.status};
}

template <amount Amount>
bool balances(const basic_meters<Amount>& m) {
    return m.current + m.overflow + m.reserve + m.held + m.total_wins ==
           m.funded + m.total_contributions + m.adjusted + m.transferred;
}

/// From where both begin: blocks fill otherwise by name than by handle, and a limited history goes in blocks.
template <class A, class B>
void check_equal_histories(A& a, B& b) {
    const auto begin_of = [](auto& net) { return value_of(net.history({.limit = 1})).at(0).sequence; };
    const auto begins = std::minmax({begin_of(a), begin_of(b)});
    history_query q{.after = begins.first == begins.second ? 0 : begins.second, .limit = 500};
    REQUIRE(!value_of(a.history(q)).empty());
    for (bool more = true; more;) {
        const auto one = value_of(a.history(q));
        const auto other = value_of(b.history(q));
        REQUIRE(one == other);
        more = !one.empty();
        q.after = more ? one.back().sequence : 0;
    }
}

}  // namespace

TEST_CASE_TEMPLATE("by handles everything is as by name: receipts, errors, journal, states, meters", Amount,
                   std::int64_t, wide_amount) {
    memory_storage<Amount> named({.history_limit = 700});
    memory_storage<Amount> handled({.history_limit = 700});
    network a(named, seeded_environment(1));
    network b(handled, seeded_environment(1));
    through_handles by_handle(b);
    testing::random_requests<Amount> random(21);
    std::map<name, basic_pool_handle<Amount>> pools;
    for (int i = 0; i < 12'000; ++i) {
        const auto request = random.next(test::snapshot_of<Amount>(named));
        REQUIRE(a.submit(request) == by_handle.submit(request));
        const auto states = test::snapshot_of<Amount>(handled);
        for (const auto& pool : states.pools) {
            if (!pools.contains(pool.pool)) {
                pools.emplace(pool.pool, value_of(b.resolve_pool(pool.pool)));
            }
            REQUIRE(value_of(b.meters(pools.at(pool.pool))) == reading_of(pool));
        }
        if (i % 2000 == 500) {
            for (auto* store : {&named, &handled}) {
                value_of(store->seal(true));
            }
        } else if (i % 2000 == 520) {
            for (auto* store : {&named, &handled}) {
                value_of(store->seal(false));
                CHECK(value_of(store->rewrite(states)) == commit_result::committed);
            }
        }
    }
    CHECK(by_handle.wagers > 1000);
    CHECK(test::snapshot_of<Amount>(named) == test::snapshot_of<Amount>(handled));
    check_equal_histories(a, b);
    CHECK(value_of(audit(handled)).clean());
}

TEST_CASE_TEMPLATE("wagers are read back with every name, however long, and whatever changes between them",
                   Amount, std::int64_t, wide_amount) {
    memory_storage<Amount> store;
    network net(store, seeded_environment(1));
    const name games[] = {"a", name(std::string(13, 'g')), name(std::string(128, 'g'))};
    std::vector<basic_operation<Amount>> wanted;
    for (std::size_t i = 0; i < 3000; ++i) {
        if (i % 150 == 0) {  // names end before, at and behind each piece that is copied at once
            const std::size_t size = i < 2850 ? 10 + i / 150 : 128;
            value_of(net.open({.pool = std::string(size, static_cast<char>('z' - i / 150)),
                               .configuration = {.rate = rate_of("0.01"),
                                                 .min_wager = static_cast<std::int64_t>(i / 3),
                                                 .games = {games[0], games[i / 150 % 3]}}}));
        }
        basic_contribute_request<Amount> r{.game = games[i % 3], .wager = static_cast<std::int64_t>(100 + i)};
        if (i % 4 == 0) {
            r.player = std::string(1 + i % 128, 'p');
            r.key = "key " + std::to_string(i);
        }
        const auto game = value_of(net.resolve_game(r.game));
        const auto given =
            value_of(net.contribute(game, {.wager = r.wager, .player = r.player, .key = r.key}));
        if (given.sequence != 0) {
            wanted.push_back(
                {.sequence = given.sequence, .at = given.at, .request = r, .parts = given.parts});
        }
    }
    CHECK(wanted.size() > 2000);
    auto kept = value_of(net.history({.limit = 5000, .kind = operation_kind::contributed}));
    REQUIRE(kept.size() == wanted.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
        wanted[i].id = kept[i].id;
        REQUIRE(kept[i] == wanted[i]);
    }
}

TEST_CASE_TEMPLATE("a batch by a handle is as the batch by name, with a wager refused in it", Amount,
                   std::int64_t, wide_amount) {
    memory_storage<Amount> named;
    memory_storage<Amount> handled;
    network a(named, seeded_environment(1));
    network b(handled, seeded_environment(1));
    test::open_pools(a);
    test::open_pools(b);
    const auto slots = value_of(b.resolve_game("slots"));
    CHECK(slots.name() == "slots");
    for (int round = 0; round < 20; ++round) {
        std::vector<basic_contribute_request<Amount>> requests;
        std::vector<basic_wager<Amount>> wagers;
        for (int i = 0; i < 40; ++i) {
            basic_wager<Amount> w{.wager = 100 * i - (round % 4 == 0 ? 1000 : 0)};
            w.player = i % 3 == 0 ? std::optional<name>("ann") : std::nullopt;
            w.key =
                i % 5 == 0 ? std::optional<name>(name(std::to_string(i * 100 + round / 2))) : std::nullopt;
            wagers.push_back(w);
            requests.push_back(in_game("slots", w));
        }
        std::vector<expected<basic_receipt<Amount>>> one(wagers.size());
        std::vector<expected<basic_receipt<Amount>>> other(wagers.size());
        value_of(a.contribute(requests, one));
        value_of(b.contribute(slots, wagers, other));
        CHECK(one == other);
    }
    check_equal_histories(a, b);
    std::vector<basic_wager<Amount>> wagers(2);
    std::vector<expected<basic_receipt<Amount>>> receipts(3);
    CHECK(code_of(b.contribute(slots, wagers, receipts)) == errc::invalid_operation);
}

TEST_CASE("what is near the limits of the amount type is refused by handles as by name") {
    constexpr auto most = amount_traits<std::int64_t>::amount_max();
    memory_storage<> named;
    memory_storage<> handled;
    network a(named, seeded_environment(1));
    network b(handled, seeded_environment(1));
    for (auto* net : {&a, &b}) {
        value_of(net->open({.pool = "p", .configuration = {.seed = most / 2, .rate = rate_of("1")}}));
        value_of(net->open({.pool = "q", .configuration = {.rate = rate_of("0.5"), .min_wager = 100}}));
    }
    const auto game = value_of(b.resolve_game("g"));
    int refused = 0;
    for (const std::int64_t wager :
         {most / 40, std::int64_t{5}, most / 4, most / 40, most / 4, most, most - 7}) {
        const auto by_name = a.contribute({.game = "g", .wager = wager});
        refused += code_of(by_name) == errc::amount_overflow ? 1 : 0;
        CHECK(by_name == b.contribute(game, {.wager = wager}));
    }
    CHECK(refused > 1);
    CHECK(test::snapshot_of<std::int64_t>(named) == test::snapshot_of<std::int64_t>(handled));
}

TEST_CASE("handles work over every store: write_behind forwards them, others go by name") {
    const auto feed = [](auto& net) {
        const auto game = value_of(net.resolve_game("slots"));
        CHECK(code_of(net.resolve_game("")) == errc::invalid_game);
        CHECK(value_of(net.contribute(game, {.wager = 1000, .player = "ann", .key = "k"})).total() == 35);
        CHECK(value_of(net.contribute(game, {.wager = 1000, .player = "ann", .key = "k"})).replayed);
        CHECK(code_of(net.contribute(game, {.wager = 0})) == errc::invalid_wager);
        std::vector<wager> wagers(3, {.wager = 2000});
        std::vector<expected<receipt>> receipts(3);
        value_of(net.contribute(game, wagers, receipts));
        CHECK(receipts[2]->total() == 70);
    };
    memory_storage<> plain;
    testing::fault_plan nothing;
    testing::faulty_storage<memory_storage<>> faulty(plain, nothing);
    network by_name(faulty, seeded_environment(1));
    static_assert(std::is_same_v<decltype(by_name)::game_type, name>);
    test::open_pools(by_name);
    feed(by_name);

    memory_storage<> shared_store;
    shared_network shared(shared_store, seeded_environment(1));
    test::open_pools(shared);
    feed(shared);

    memory_storage<> behind;
    write_behind front(behind);
    network net(front, seeded_environment(1));
    test::open_pools(net);
    feed(net);
    const auto minor = value_of(net.resolve_pool("minor"));
    CHECK(value_of(net.meters(minor)).total_contributions == 140);
    value_of(front.flush());
    CHECK(test::snapshot_of<std::int64_t>(behind) == test::snapshot_of<std::int64_t>(front));
}

TEST_CASE("a handle of a pool: unknown ones, and one that a rewrite drops and brings back") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    test::open_pools(net);
    CHECK(code_of(net.resolve_pool("max")) == errc::unknown_pool);
    CHECK(code_of(net.resolve_pool("\n")) == errc::invalid_pool);
    const auto minor = value_of(net.resolve_pool("minor"));
    CHECK(minor.name() == "minor");
    const auto whole = test::snapshot_of<std::int64_t>(store);
    auto less = whole;
    less.pools.erase(less.pools.begin() + 2);
    CHECK(value_of(store.rewrite(less)) == commit_result::committed);
    CHECK(code_of(net.meters(minor)) == errc::unknown_pool);
    CHECK(value_of(store.rewrite(whole)) == commit_result::committed);
    CHECK(value_of(net.meters(minor)) == reading_of(whole.pools[2]));
}

TEST_CASE("a reserve that a release fills is kept by the wagers after it, by a handle that had seen none") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p",
                       .configuration = {.seed = 1000,
                                         .rate = rate_of("0.02"),
                                         .rounding = rounding::floor,
                                         .seed_rate = rate_of("0.02")}}));
    value_of(net.contribute({.game = "g", .wager = 40'000}));
    value_of(net.configure({.pool = "p", .patch = {.seed_rate = rate_of("0")}}));
    value_of(net.hold({.pool = "p", .game = "g", .player = "ann", .hold = "h"}));
    REQUIRE(value_of(net.pool("p")).reserve == 0);
    const auto game = value_of(net.resolve_game("g"));
    value_of(net.contribute(game, {.wager = 100}));
    value_of(net.release({.pool = "p", .hold = "h", .actor = "a", .reason = "r"}));
    REQUIRE(value_of(net.pool("p")).reserve == 800);
    value_of(net.contribute(game, {.wager = 100}));
    CHECK(value_of(net.pool("p")).reserve == 800);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("the first wager by name may name no game, and is refused as any such is") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "all", .configuration = {.rate = rate_of("0.5")}}));
    CHECK(code_of(net.contribute({.game = "", .wager = 1000})) == errc::invalid_game);
    CHECK(value_of(net.pool("all")).current == 0);
}

TEST_CASE("a batch by name over several games moves the meters of all their pools") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    for (const char* pool : {"a", "b"}) {
        value_of(net.open({.pool = pool, .configuration = {.rate = rate_of("0.5"), .games = {name(pool)}}}));
    }
    const auto a = value_of(net.resolve_pool("a"));
    const auto b = value_of(net.resolve_pool("b"));
    const std::vector<contribute_request> wagers{{.game = "a", .wager = 10}, {.game = "b", .wager = 30}};
    std::vector<expected<receipt>> receipts(2);
    value_of(net.contribute(wagers, receipts));
    CHECK(value_of(net.meters(a)).current == 5);
    CHECK(value_of(net.meters(b)).current == 15);
}

TEST_CASE("meters are read while somebody holds the store's lock") {
    memory_storage<> store;
    network net(store, seeded_environment(1));
    test::open_pools(net);
    const auto minor = value_of(net.resolve_pool("minor"));
    value_of(net.contribute({.game = "g", .wager = 1000}));
    value_of(store.exclusive([&](auto&) -> expected<void> {
        std::int64_t current = 0;
        std::thread reader([&] { current = store.meters(minor).value_or(reading{}).current; });
        reader.join();  // would never end if it took the lock
        CHECK(current == 100'020);
        return success();
    }));
}

TEST_CASE_TEMPLATE("whoever reads meters beside writers sees one moment, and time goes forward", Amount,
                   std::int64_t, wide_amount) {
    memory_storage<Amount> store({.history_limit = 1000});
    network net(store, seeded_environment(1));
    value_of(net.open({.pool = "p", .configuration = {.seed = 10, .cap = 2000, .rate = rate_of("0.37")}}));
    const auto pool = value_of(net.resolve_pool("p"));
    std::atomic<bool> done = false;
    std::atomic<int> reads = 0;
    std::atomic<int> wrong = 0;
    const auto read = [&] {
        std::uint64_t newest = 0;
        while (!done) {
            const auto m = store.meters(pool);
            wrong += !m || !balances(*m) || m->version < newest || m->sequence != m->version ? 1 : 0;
            newest = m ? m->version : newest;
            ++reads;
        }
    };
    std::thread one(read);
    std::thread two(read);
    const auto game = value_of(net.resolve_game("g"));
    std::vector<basic_wager<Amount>> batch(7, {.wager = 99});
    std::vector<expected<basic_receipt<Amount>>> receipts(7);
    for (int i = 0; i < 20'000 || reads < 2000; ++i) {
        if (i % 50 == 0) {
            value_of(net.win({.pool = "p", .game = "g", .player = "ann"}));
        } else if (i % 50 == 1) {
            value_of(net.adjust({.pool = "p", .delta = -1, .actor = "a", .reason = "r"}));
        } else if (i % 10 == 0) {
            value_of(net.contribute(game, batch, receipts));
        } else {
            value_of(net.contribute(game, {.wager = 1 + i % 1000}));
        }
    }
    done = true;
    one.join();
    two.join();
    CHECK(wrong == 0);
}

TEST_CASE("threads with a network each, by handles, lose and double nothing on one store") {
    memory_storage<> store;
    {
        network net(store, seeded_environment(1));
        value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    }
    constexpr int wagers = 3000;
    const auto feed = [&](std::uint64_t seed) {
        network net(store, seeded_environment(seed), {.attempts = 100});
        const auto game = *net.resolve_game("g");
        for (int i = 0; i < wagers; ++i) {
            const auto key = std::to_string(seed) + "-" + std::to_string(i / 2);  // each key twice
            static_cast<void>(net.contribute(game, {.wager = 3, .key = name(key)}));
        }
    };
    std::thread a(feed, 1);
    std::thread b(feed, 2);
    a.join();
    b.join();
    CHECK(test::snapshot_of<std::int64_t>(store).pools[0].current == 3 * wagers);
    CHECK(value_of(audit(store)).clean());
}
