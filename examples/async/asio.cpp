// SPDX-License-Identifier: BSL-1.0

// Boost.Asio: the program's thread goes on with other work, and one thread commits.
#include <jackpot/asio.hpp>
#include <jackpot/jackpot.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cinttypes>
#include <cstdio>

using namespace jackpot::literals;
namespace asio = boost::asio;

namespace {

using network = jackpot::asio_network<jackpot::memory_storage<>>;

asio::awaitable<void> play(network& net, jackpot::name player) {
    std::int64_t put_in = 0;
    for (int spin = 0; spin < 10; ++spin) {
        jackpot::contribute_request bet{.game = "slots", .wager = 500, .player = player};
        const auto receipt = co_await net.async_submit(std::move(bet), asio::use_awaitable);
        put_in += receipt ? receipt->total() : 0;
    }
    std::printf("%s put in %" PRId64 "\n", player.c_str(), put_in);
}

asio::awaitable<void> run(network& net) {
    auto here = co_await asio::this_coro::executor;
    asio::co_spawn(here, play(net, "alice"), asio::detached);
    co_await play(net, "bob");
}

}  // namespace

int main() {
    jackpot::memory_storage<> store;
    if (!jackpot::network(store).ensure(
            {.pool = "minor", .configuration = {.seed = 100'000, .rate = "0.02"_rate}})) {
        return 1;
    }
    asio::thread_pool commits(1);
    network net(store, commits.get_executor());
    asio::io_context home;
    asio::co_spawn(home, run(net), asio::detached);
    home.run();
    commits.join();
}
