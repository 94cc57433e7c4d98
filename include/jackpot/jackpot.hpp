// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_JACKPOT_HPP
#define JACKPOT_JACKPOT_HPP

// What most programs include: pools in memory, the networks that callers hold, and the operating system's
// clock. The other doors: engine.hpp (the same without that clock), soci.hpp (SQL stores), replication.hpp
// (copies of a store), wide.hpp (256-bit amounts), fwd.hpp (names alone). testing/ holds the conformance
// suite for stores.
#include <jackpot/core/system.hpp>
#include <jackpot/engine.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

JACKPOT_INSTANCE(class writer<memory_storage<>, system_environment>);

}}}  // namespace jackpot::v1::detail

#endif
