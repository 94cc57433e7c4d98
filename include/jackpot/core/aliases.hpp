// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_ALIASES_HPP
#define JACKPOT_CORE_ALIASES_HPP

// The types of this folder, declared and not defined, and what they are called for 64-bit amounts.
#include <jackpot/core/amount.hpp>

namespace jackpot { inline namespace v1 {

enum class errc : std::uint8_t;
enum class category : std::uint8_t;
enum class pool_status : std::uint8_t;
enum class rounding : std::uint8_t;
enum class on_cap : std::uint8_t;
enum class seed_from : std::uint8_t;
enum class changes : std::uint8_t;
enum class when : std::uint8_t;
enum class operation_kind : std::uint8_t;
struct error;
class rate;
struct identifier;
struct store_head;
struct suspend_request;
struct resume_request;
struct checkpoint_request;
struct confirm_request;
struct release_request;
template <amount Amount>
struct basic_configuration;
template <amount Amount>
class basic_cap_change;
template <amount Amount>
struct basic_patch;
template <amount Amount>
struct basic_last_win;
template <amount Amount>
struct basic_pending;
template <amount Amount>
struct basic_hold;
template <amount Amount>
class basic_holds;
template <amount Amount>
struct basic_pool;
template <amount Amount>
class basic_pools;
template <amount Amount>
struct basic_meters;
template <amount Amount>
struct basic_reading;
template <amount Amount>
struct basic_snapshot;
template <amount Amount>
struct basic_statistics;
template <amount Amount>
struct basic_open_request;
template <amount Amount>
struct basic_contribute_request;
template <amount Amount>
struct basic_wager;
template <amount Amount>
struct basic_win_request;
template <amount Amount>
struct basic_configure_request;
template <amount Amount>
struct basic_adjust_request;
template <amount Amount>
struct basic_restore_request;
template <amount Amount>
struct basic_hold_request;
template <amount Amount>
struct basic_transfer_request;
template <amount Amount>
struct basic_close_request;
template <amount Amount>
struct basic_revert_request;
template <amount Amount>
struct basic_part;
template <amount Amount>
struct basic_operation;
template <amount Amount>
struct basic_receipt;
class system_environment;
class seeded_environment;

using configuration = basic_configuration<std::int64_t>;
using cap_change = basic_cap_change<std::int64_t>;
using patch = basic_patch<std::int64_t>;
using last_win = basic_last_win<std::int64_t>;
using hold = basic_hold<std::int64_t>;
using holds = basic_holds<std::int64_t>;
using pool = basic_pool<std::int64_t>;
using meters = basic_meters<std::int64_t>;
using reading = basic_reading<std::int64_t>;
using snapshot = basic_snapshot<std::int64_t>;
using statistics = basic_statistics<std::int64_t>;
using open_request = basic_open_request<std::int64_t>;
using contribute_request = basic_contribute_request<std::int64_t>;
using wager = basic_wager<std::int64_t>;
using win_request = basic_win_request<std::int64_t>;
using configure_request = basic_configure_request<std::int64_t>;
using adjust_request = basic_adjust_request<std::int64_t>;
using restore_request = basic_restore_request<std::int64_t>;
using hold_request = basic_hold_request<std::int64_t>;
using transfer_request = basic_transfer_request<std::int64_t>;
using close_request = basic_close_request<std::int64_t>;
using revert_request = basic_revert_request<std::int64_t>;
using operation = basic_operation<std::int64_t>;
using receipt = basic_receipt<std::int64_t>;

}}  // namespace jackpot::v1

#endif
