// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_FWD_HPP
#define JACKPOT_FWD_HPP

// The public types, declared and not defined: for headers that only name them. Not here are those that are
// constrained by the concept of a store, network, shared_network and write_behind: to name one of these takes
// what the concept does.
#include <jackpot/core/aliases.hpp>

namespace jackpot { inline namespace v1 {

// store/
template <amount Amount>
struct basic_commit;
enum class commit_result : std::uint8_t;
struct history_query;
struct operation_stamp;

// memory/
template <amount Amount>
class basic_game_handle;
template <amount Amount>
class basic_pool_handle;
struct null_lock;
struct memory_options;
struct memory_capacity;
template <amount Amount, class Lock>
class memory_storage;

// network/
template <amount Amount>
struct basic_ensured;
struct retry_policy;
struct group_policy;
class no_observer;
struct commit_report;

// soci/
template <amount Amount>
class basic_soci_storage;
enum class open_mode : std::uint8_t;
struct connection_options;

// replication/
struct write_behind_options;
struct write_behind_lag;
struct pump_result;

// Of 64-bit amounts.
using game_handle = basic_game_handle<std::int64_t>;
using pool_handle = basic_pool_handle<std::int64_t>;
using ensured = basic_ensured<std::int64_t>;
using soci_storage = basic_soci_storage<std::int64_t>;

}}  // namespace jackpot::v1

#endif
