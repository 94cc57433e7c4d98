// SPDX-License-Identifier: BSL-1.0

// The companion for SQL stores, beside compiled.cpp.
#include <jackpot/replication/audit.hpp>
#include <jackpot/soci/definitions.hpp>

namespace jackpot { inline namespace v1 {

static_assert(storage<soci_storage>);
static_assert(exclusive_storage<soci_storage>);
static_assert(thread_safe_storage<soci_storage>);
static_assert(tracing_storage<soci_storage>);

template class basic_soci_storage<std::int64_t>;
template class detail::store_view<std::int64_t, soci_storage>;
template expected<std::string> print_schema<std::int64_t>(text_view engine);

std::string without_password(text_view url) {
    return sql::shown_url(url);
}

}}  // namespace jackpot::v1
