// SPDX-License-Identifier: BSL-1.0
#include <jackpot/core/system.hpp>
#include <jackpot/jackpot.hpp>
#include <jackpot/soci.hpp>

int main() {
    auto store = jackpot::soci_storage::open("sqlite://:memory:");
    if (!store) {
        return 1;
    }
    jackpot::network net(*store);
    const auto opened = net.open({.pool = "minor", .configuration = {.seed = 100'000}});
    return opened && net.pool("minor")->current == 100'000 ? 0 : 1;
}
