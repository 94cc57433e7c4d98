// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_API_HPP
#define SERVICE_API_HPP

#include "json_reader.hpp"

#include <jackpot/core/receipt.hpp>
#include <jackpot/core/snapshot.hpp>
#include <jackpot/core/statistics.hpp>
#include <jackpot/store/storage.hpp>

// From JSON to the library's requests, and from its receipts and states to JSON. No HTTP, and no store.

namespace service {

using request_type = jackpot::basic_request<std::int64_t>;
using json_text = nlohmann::ordered_json;

/// The body of a request that names no pool in its path.
[[nodiscard]] read<request_type> read_contribute(std::string_view body);
[[nodiscard]] read<request_type> read_win(std::string_view body);
[[nodiscard]] read<request_type> read_hold(std::string_view body);
[[nodiscard]] read<request_type> read_revert(std::string_view body);
[[nodiscard]] read<request_type> read_transfer(std::string_view body);
[[nodiscard]] read<request_type> read_open(std::string_view body);

/// The body of a request to one pool.
[[nodiscard]] read<request_type> read_patch(const std::string& pool, std::string_view body);
[[nodiscard]] read<request_type> read_adjust(const std::string& pool, std::string_view body);
[[nodiscard]] read<request_type> read_confirm(const std::string& pool, std::string_view body);
[[nodiscard]] read<request_type> read_release(const std::string& pool, std::string_view body);
[[nodiscard]] read<request_type> read_close(const std::string& pool, std::string_view body);
/// Their bodies may be absent.
[[nodiscard]] read<request_type> read_suspend(const std::string& pool, std::string_view body);
[[nodiscard]] read<request_type> read_resume(const std::string& pool, std::string_view body);
/// A body that may be absent, or an object without a field.
[[nodiscard]] std::optional<problem> read_nothing(std::string_view body);

/// `{"wagers":[…]}`, each wager with its own "key". A wager that is refused here does not spoil the others.
[[nodiscard]] read<std::vector<read<request_type>>> read_batch(std::string_view body);

/// `{"pools":[…]}`: what a file of pools holds.
[[nodiscard]] read<std::vector<jackpot::open_request>> read_pools_file(std::string_view body);

void set_key(request_type& request, const std::string& key);

/// RFC 3339 with microseconds, in UTC.
[[nodiscard]] std::string rfc3339(jackpot::timestamp at);
/// Of a date and a time with seconds, at most six digits of their fraction, and Z or an offset.
[[nodiscard]] std::optional<jackpot::timestamp> parse_rfc3339(const std::string& text);

[[nodiscard]] json_text contributed(const jackpot::receipt& r);
[[nodiscard]] json_text won(const jackpot::win_request& asked, const jackpot::receipt& r);
[[nodiscard]] json_text held(const jackpot::hold_request& asked, const jackpot::receipt& r);
/// What any other operation did, to all its pools.
[[nodiscard]] json_text done(const jackpot::receipt& r);
/// What an administrator's operation did to one pool.
[[nodiscard]] json_text changed(const std::string& pool, const jackpot::receipt& r);
[[nodiscard]] json_text pool_json(const jackpot::pool& p);
[[nodiscard]] json_text holds_json(const jackpot::pool& p);
/// Names the moment of a whole store, for an ETag.
[[nodiscard]] std::string tag_of(const jackpot::snapshot& states);
[[nodiscard]] json_text pools_json(const jackpot::snapshot& states);
[[nodiscard]] read<json_text> statistics_json(const jackpot::snapshot& states);
[[nodiscard]] json_text game_json(const jackpot::snapshot& states, const std::string& game);
[[nodiscard]] json_text operation_json(const jackpot::operation& o);

/// 32 hexadecimal digits.
[[nodiscard]] std::string hex(const jackpot::identifier& id);

/// The cursor behind the operation `after`, in the order of reading, of a query with this filter: opaque, and
/// good for no other one.
[[nodiscard]] std::string cursor_of(std::uint64_t after, const jackpot::history_query& filter);
[[nodiscard]] std::optional<std::uint64_t> read_cursor(std::string_view cursor,
                                                       const jackpot::history_query& filter);

}  // namespace service

#endif
