// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/asio.hpp>
#include <jackpot/core/system.hpp>
#include <jackpot/replication/audit.hpp>

#include <boost/version.hpp>

#if BOOST_VERSION >= 107700
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#endif
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;
namespace asio = boost::asio;

namespace {

using memory = memory_storage<>;

void open_mega(memory& store) {
    network net(store);
    value_of(net.open({.pool = "mega", .configuration = {.seed = 100, .rate = rate_of("0.1")}}));
}

#ifdef BOOST_ASIO_HAS_CO_AWAIT
asio::awaitable<void> play(asio_network<memory>& net, int wagers, int& answered, std::thread::id here) {
    for (int i = 0; i < wagers; ++i) {
        const auto r =
            co_await net.async_submit(contribute_request{.game = "slots", .wager = 10}, asio::use_awaitable);
        CHECK(std::this_thread::get_id() == here);
        answered += value_of(r).parts.size() == 1 ? 1 : 0;
    }
}

#endif

/// Counts what is allocated by it and not given back.
template <class T>
struct counting_allocator {
    using value_type = T;

    explicit counting_allocator(std::atomic<int>& c) noexcept : count(&c) {}
    template <class U>
    counting_allocator(const counting_allocator<U>& other) noexcept : count(other.count) {}

    T* allocate(std::size_t n) {
        ++*count;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* at, std::size_t n) {
        --*count;
        std::allocator<T>().deallocate(at, n);
    }
    friend bool operator==(const counting_allocator&, const counting_allocator&) = default;

    std::atomic<int>* count;
};

struct counted_handler {
    using allocator_type = counting_allocator<void>;

    std::atomic<int>* living;
    std::atomic<int>* before;  // how many lived when it was called
    std::atomic<int>* called;

    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(*living); }
    void operator()(const expected<receipt>& r) const {
        *called += code_of(r) == errc::unknown_pool ? 1 : 0;
        *before = living->load();
    }
};

}  // namespace

#ifdef BOOST_ASIO_HAS_CO_AWAIT
TEST_CASE("coroutines of one thread wait for commits that another thread makes, and go on at home") {
    memory store;
    open_mega(store);
    asio::thread_pool commits(1);
    asio::io_context home;
    asio_network<memory> net(store, commits.get_executor());
    int answered = 0;
    for (int i = 0; i < 20; ++i) {
        asio::co_spawn(home, play(net, 50, answered, std::this_thread::get_id()), asio::detached);
    }
    home.run();
    CHECK(answered == 1000);
    bool drained = false;
    net.async_drain(asio::bind_executor(home, [&] { drained = true; }));
    home.restart();
    home.run();
    CHECK(drained);
    auto late = net.async_submit(contribute_request{.game = "slots", .wager = 10}, asio::use_future);
    CHECK(code_of(late.get()) == errc::cancelled);
    commits.join();
    CHECK(test::snapshot_of<std::int64_t>(store).head.sequence == 1001);
    CHECK(value_of(audit(store)).clean());
}

#endif

TEST_CASE("a request lies in memory of its handler's allocator, which is free before the handler is called") {
    memory store;
    asio::thread_pool commits(1);
    std::atomic<int> living = 0;
    std::atomic<int> before = -1;
    std::atomic<int> called = 0;
    {
        asio_network<memory> net(store, commits.get_executor(), {}, {.waiting_max = 1000});
        net.async_submit(win_request{.pool = "none", .game = "slots", .player = "eve"},
                         counted_handler{&living, &before, &called});
        net.async_drain(asio::use_future).get();
        commits.join();
    }
    CHECK(called == 1);
    CHECK(before == 0);
    CHECK(living == 0);
}

TEST_CASE("what a handler throws comes out of its executor, and the next request is answered") {
    memory store;
    open_mega(store);
    asio::thread_pool commits(1);
    asio::io_context home;
    asio_network<memory> net(store, commits.get_executor());
    bool answered = false;
    const contribute_request bet{.game = "slots", .wager = 10};
    net.async_submit(bet, asio::bind_executor(home, [](const expected<receipt>&) { throw 5; }));
    net.async_submit(
        bet, asio::bind_executor(home, [&](const expected<receipt>& r) { answered = r.has_value(); }));
    int thrown = 0;
    try {
        home.run();
    } catch (int what) {
        thrown = what;
    }
    CHECK(thrown == 5);
    home.run();
    CHECK(answered);
    net.async_drain(asio::use_future).get();
    commits.join();
}

TEST_CASE("a network that was drained is destroyed at once, though another pump was asked for") {
    memory store;
    open_mega(store);
    asio::thread_pool commits(1);
    auto net = std::make_unique<asio_network<memory>>(store, commits.get_executor(), system_environment{},
                                                      group_policy{.batch = 1});
    std::atomic<int> committed = 0;
    std::atomic<bool> go = false;
    asio::post(commits, [&] {
        while (!go) {
            std::this_thread::yield();
        }
    });
    for (int i = 0; i < 2; ++i) {  // the second is taken by the drain, before the pump that was asked for it
        net->async_submit(contribute_request{.game = "slots", .wager = 10},
                          [&](const expected<receipt>& r) { committed += r ? 1 : 0; });
    }
    net->async_drain([&] { net.reset(); });
    go = true;
    commits.join();
    CHECK(net == nullptr);
    CHECK(committed == 2);
}

TEST_CASE("what drains answers all that waited, from any number of threads") {
    memory store;
    open_mega(store);
    asio::thread_pool commits(2);
    asio_network<memory> net(store, commits.get_executor(), {}, {.batch = 8});
    std::atomic<int> committed = 0;
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                net.async_submit(contribute_request{.game = "slots", .wager = 10},
                                 [&](const expected<receipt>& r) {
                                     (r ? committed : refused) += 1;
                                     CHECK((r || r.error().code == errc::cancelled));
                                 });
            }
        });
    }
    threads.front().join();
    net.async_drain(asio::use_future).get();
    for (std::size_t i = 1; i < threads.size(); ++i) {
        threads[i].join();
    }
    commits.join();
    CHECK(committed + refused == 2000);
    CHECK(test::snapshot_of<std::int64_t>(store).head.sequence == 1 + static_cast<unsigned>(committed));
}

#if BOOST_VERSION >= 107700
TEST_CASE("a cancellation takes a request back that waits, and changes nothing for one that is answered") {
    memory store;
    open_mega(store);
    asio::thread_pool commits(1);
    asio_network<memory> net(store, commits.get_executor());
    std::atomic<bool> go = false;
    asio::post(commits, [&] {
        while (!go) {
            std::this_thread::yield();
        }
    });
    asio::io_context home;
    asio::cancellation_signal signals[2];
    errc ends[2] = {errc::corrupt, errc::corrupt};
    for (const int i : {0, 1}) {
        net.async_submit(contribute_request{.game = "slots", .wager = 10},
                         asio::bind_cancellation_slot(
                             signals[i].slot(), asio::bind_executor(home, [&, i](const expected<receipt>& r) {
                                 ends[i] = code_of(r);
                             })));
    }
    signals[1].emit(asio::cancellation_type::total);
    CHECK(net.waiting() == 1);
    go = true;
    home.run();
    CHECK(ends[0] == errc{});
    CHECK(ends[1] == errc::cancelled);
    signals[0].emit(asio::cancellation_type::total);
    net.async_drain(asio::use_future).get();
    commits.join();
    CHECK(test::snapshot_of<std::int64_t>(store).head.sequence == 2);
}
#endif
