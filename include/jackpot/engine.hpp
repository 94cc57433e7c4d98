// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_ENGINE_HPP
#define JACKPOT_ENGINE_HPP

// The rules, the store in memory and the network that callers hold, without the operating system's clock: a
// game engine passes an environment of its own.
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

JACKPOT_INSTANCE(class store_view<std::int64_t, memory_storage<>>);

}}}  // namespace jackpot::v1::detail

#endif
