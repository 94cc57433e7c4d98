// SPDX-License-Identifier: BSL-1.0
#include <jackpot/asio.hpp>
#include <jackpot/jackpot.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

int main() {
    jackpot::memory_storage<> store;
    boost::asio::thread_pool commits(1);
    jackpot::asio_network net(store, commits.get_executor());
    auto answer = net.async_submit(jackpot::suspend_request{.pool = "none"}, boost::asio::use_future);
    return answer.get().error().code == jackpot::errc::unknown_pool ? 0 : 1;
}
