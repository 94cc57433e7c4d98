// SPDX-License-Identifier: BSL-1.0

// The companion: what every program with 64-bit amounts would compile again in each of its files.
#define JACKPOT_INSTANCE(...) template __VA_ARGS__
#include <jackpot/jackpot.hpp>

namespace jackpot { inline namespace v1 {

static_assert(storage<memory_storage<>>);
static_assert(exclusive_storage<memory_storage<>>);
static_assert(direct_storage<memory_storage<>>);
static_assert(thread_safe_storage<memory_storage<>>);

}}  // namespace jackpot::v1
