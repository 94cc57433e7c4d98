// SPDX-License-Identifier: BSL-1.0
#include <jackpot/core/system.hpp>
#include <jackpot/jackpot.hpp>

int main() {
    jackpot::memory_storage<> store;
    jackpot::network net(store);
    const auto opened = net.open({.pool = "minor", .configuration = {.seed = 100'000}});
    return opened && net.pool("minor")->current == 100'000 ? 0 : 1;
}
