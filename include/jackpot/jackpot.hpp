// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_JACKPOT_HPP
#define JACKPOT_JACKPOT_HPP

// The core: rules, the store in memory, the network that callers hold. Headers of their own are the
// operating system's clock (system.hpp), wide amounts (wide.hpp), SQL stores (soci.hpp) and the
// conformance suite (testing/).
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>

#endif
