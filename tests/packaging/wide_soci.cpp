// SPDX-License-Identifier: BSL-1.0
#include <jackpot/soci.hpp>
#include <jackpot/wide.hpp>

int main() {
    const auto url = "sqlite://:memory:";
    return jackpot::basic_soci_storage<jackpot::wide_amount>::open(url) ? 0 : 1;
}
