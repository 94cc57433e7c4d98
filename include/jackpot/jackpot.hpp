// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_JACKPOT_HPP
#define JACKPOT_JACKPOT_HPP

// Includes the core: the rules, the store in memory, and the network that callers hold. The operating
// system's clock (system.hpp), wide amounts (wide.hpp), SQL stores (soci.hpp) and the conformance suite
// (testing/) have headers of their own.
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>

#endif
