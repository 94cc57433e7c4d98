// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "../wide.hpp"
#include "allocations.hpp"

#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/network/submitted.hpp>
#include <jackpot/replication/write_behind.hpp>

#include <cstdlib>
#include <new>

// A binary of its own: it counts every allocation of the program, and can refuse them.

namespace {
bool refusing = false;

void* allocate(std::size_t size) noexcept {
    if (test::counting) {
        ++test::allocations;
    }
    return refusing ? nullptr : std::malloc(size == 0 ? 1 : size);
}
}  // namespace

void* operator new(std::size_t size) {
    if (void* memory = allocate(size)) {
        return memory;
    }
    std::abort();  // a throwing new on the paths below is what these tests exclude
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size);
}
// Not inlined: g++ would see a free for a new where Boost's code is inlined around it.
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}

using namespace jackpot;
using test::allocations_of;
using test::rate_of;
using test::value_of;

namespace {

template <class Network>
void open_many(Network& net, int pools) {
    for (int i = 0; i < pools; ++i) {
        const std::string pool = "pool " + std::to_string(i);
        value_of(net.open(
            {.pool = name(pool), .configuration = {.seed = 5, .cap = 1'000'000, .rate = rate_of("0.3")}}));
    }
}

struct operation_counter : no_observer {
    explicit operation_counter(int& to) : count(&to) {}
    void committed(const auto&, const receipt&) noexcept { ++*count; }
    int* count;
};

}  // namespace

TEST_CASE("the counter counts") {
    CHECK(allocations_of([] { delete new int(5); }) > 0);
    CHECK(allocations_of([] {}) == 0);
}

TEST_CASE_TEMPLATE("with capacity reserved, contributions and wins allocate nothing, receipts included",
                   Amount, std::int64_t, wide_amount) {
    constexpr std::size_t pools = 6;  // more than a list holds in place
    constexpr std::size_t batch = 16;
    memory_storage<Amount, null_lock> store;
    network net(store, seeded_environment(1));
    value_of(store.reserve({.pools = pools, .journal_bytes = 16 * 1024 * 1024, .keys = 10'000}));
    value_of(net.reserve(pools, batch));
    open_many(net, pools);
    basic_patch<Amount> patch;
    patch.seed = Amount(9);
    value_of(net.configure({.pool = "pool 1", .when = when::after_win, .patch = patch}));

    basic_contribute_request<Amount> wager{.game = "a game with a name that is longer than most",
                                           .wager = 1000};
    basic_contribute_request<Amount> listed{
        .game = "g", .wager = 1000, .pools = name_list{"pool 0", "pool 3"}, .player = "ann"};
    basic_win_request<Amount> win{.pool = "pool 1", .game = "g", .player = "ann"};
    std::vector<basic_contribute_request<Amount>> wagers(batch, wager);
    std::vector<expected<basic_receipt<Amount>>> receipts(batch);
    for (auto& receipt : receipts) {
        REQUIRE(receipt->parts.try_reserve(pools));
    }
    basic_receipt<Amount> receipt;
    REQUIRE(receipt.parts.try_reserve(pools));
    std::uint64_t keys = 0;
    const auto next_key = [&] {
        char text[24];
        const auto end = std::to_chars(text, text + sizeof text, ++keys).ptr;
        return name(std::string_view(text, static_cast<std::size_t>(end - text)));
    };
    const auto round = [&] {
        wager.key = next_key();
        CHECK(net.contribute(wager, receipt).has_value());
        CHECK(receipt.parts.size() == pools);
        CHECK(net.contribute(wager, receipt).has_value());  // replayed
        CHECK(receipt.replayed);
        CHECK(net.contribute(listed, receipt).has_value());
        win.key = next_key();
        CHECK(net.win(win, receipt).has_value());
        CHECK(net.contribute(listed).has_value());  // a receipt by value
        for (auto& w : wagers) {
            w.key = next_key();
        }
        CHECK(net.contribute(wagers, receipts).has_value());
    };
    round();
    CHECK(allocations_of([&] {
              for (int i = 0; i < 100; ++i) {
                  round();
              }
          }) == 0);
}

TEST_CASE(
    "with capacity reserved, requests that no thread waits for allocate nothing: in nodes, in coroutines") {
    memory_storage<std::int64_t, null_lock> store;
    value_of(store.reserve({.pools = 3, .journal_bytes = 16 * 1024 * 1024, .keys = 10'000}));
    {
        network opens(store, seeded_environment(1));
        test::open_pools(opens);
    }
    using net_type = async_network<memory_storage<std::int64_t, null_lock>, seeded_environment>;
    net_type net(store, seeded_environment(2), {.batch = 16});
    value_of(net.reserve(3));
    struct node : net_type::submission_type {
        node() : net_type::submission_type(wager, into, [](net_type::submission_type&) noexcept {}) {}
        contribute_request wager{.game = "slots", .wager = 1000, .player = "ann"};
        receipt into{};
    };
    std::vector<node> nodes(16);
    const auto rounds = [&] {
        for (int i = 0; i < 20; ++i) {
            for (node& each : nodes) {
                value_of(net.submit(each));
            }
            net.pump().complete();
        }
    };
    rounds();
    CHECK(allocations_of(rounds) == 0);
    CHECK(nodes[15].into.parts.size() == 3);

    // The frame is allocated once, and what waits lies in it.
    int answered = 0;
    struct task {
        struct promise_type {
            task get_return_object() noexcept { return {}; }
            std::suspend_never initial_suspend() noexcept { return {}; }
            std::suspend_never final_suspend() noexcept { return {}; }
            void return_void() noexcept {}
            void unhandled_exception() noexcept {}
        };
    };
    const auto play = [](net_type& with, int& count) -> task {
        const contribute_request wager{.game = "slots", .wager = 1000};
        for (int i = 0; i < 200; ++i) {
            const auto r = co_await submitted(with, wager, []() noexcept {});
            count += r ? 1 : 0;
        }
    };
    play(net, answered);
    net.pump().complete();
    CHECK(allocations_of([&] {
              for (int i = 0; i < 100; ++i) {
                  net.pump().complete();
              }
          }) == 0);
    CHECK(answered == 101);
    net.close();
    while (net.waiting() != 0) {
        net.pump().complete();
    }
}

TEST_CASE("with capacity reserved, an observer allocates nothing either") {
    memory_storage<std::int64_t, null_lock> store;
    value_of(store.reserve({.pools = 3, .journal_bytes = 16 * 1024 * 1024, .keys = 10'000}));
    int seen = 0;
    network net(store, seeded_environment(1), {}, operation_counter(seen));
    test::open_pools(net);
    value_of(net.reserve(3, 16));
    const contribute_request wager{.game = "slots", .wager = 1000, .player = "ann"};
    const std::vector<contribute_request> wagers(16, wager);
    std::vector<expected<receipt>> answers(16);
    receipt into;
    CHECK(allocations_of([&] {
              for (int i = 0; i < 100; ++i) {
                  value_of(net.contribute(wager, into));
                  value_of(net.contribute(wagers, answers));
                  value_of(net.win({.pool = "minor", .game = "slots", .player = "ann"}, into));
              }
          }) == 0);
    CHECK(seen == 3 + 1800);
}

TEST_CASE("a journal of limited length stops allocating by itself, and so do its keys") {
    memory_storage<std::int64_t, null_lock> store({.history_limit = 1000});
    network net(store, seeded_environment(1));
    test::open_pools(net);
    contribute_request wager{.game = "slots", .wager = 1000, .player = "ann"};
    receipt into;
    int keys = 0;
    const auto many = [&] {
        for (int i = 0; i < 5000; ++i) {
            wager.key = name(std::to_string(++keys));  // too short for a string to allocate
            value_of(net.contribute(wager, into));
        }
    };
    many();
    CHECK(allocations_of(many) == 0);
}

TEST_CASE("before a store behind, wagers allocate nothing either") {
    memory_storage<> behind;
    write_behind<memory_storage<>, null_lock> front(behind, {.history_limit = 1000});
    value_of(front.reserve({.journal_bytes = 4 * 1024 * 1024}));
    network net(front, seeded_environment(1));
    test::open_pools(net);
    const contribute_request wager{.game = "slots", .wager = 1000, .player = "ann"};
    receipt into;
    const auto many = [&] {
        for (int i = 0; i < 2000; ++i) {
            value_of(net.contribute(wager, into));
        }
    };
    many();
    value_of(front.flush());
    CHECK(allocations_of(many) == 0);
}

TEST_CASE_TEMPLATE("without memory a wager is refused with out_of_memory, and nothing has changed", Amount,
                   std::int64_t, wide_amount) {
    memory_storage<Amount, null_lock> store;
    network net(store, seeded_environment(1));
    value_of(store.reserve({.pools = 4, .journal_bytes = 1, .keys = 16}));
    value_of(net.reserve(4));
    open_many(net, 3);
    basic_contribute_request<Amount> wager{.game = "g", .wager = 1000};
    basic_receipt<Amount> receipt;
    std::uint64_t taken = 0;
    const auto until_refused = [&](auto&& call) {
        for (int i = 0; i < 100'000; ++i) {
            if (const errc code = test::code_of(call()); code != errc{}) {
                return code;
            }
            ++taken;
        }
        return errc{};
    };
    refusing = true;
    const errc of_wager = until_refused([&] { return net.contribute(wager, receipt); });
    const std::uint64_t wagers = taken;
    const errc of_win =
        until_refused([&] { return net.win({.pool = "pool 1", .game = "g", .player = "x"}, receipt); });
    refusing = false;
    CHECK(of_wager == errc::out_of_memory);
    CHECK(of_win == errc::out_of_memory);
    CHECK(wagers > 10);
    const auto states = test::snapshot_of<Amount>(store);
    CHECK(states.head.sequence == taken + 3);
    CHECK(states.pools[0].total_wagered == Amount(1000) * wagers);
    CHECK(test::code_of(net.contribute(wager, receipt)) == errc{});
}
