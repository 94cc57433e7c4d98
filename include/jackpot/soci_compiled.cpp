// SPDX-License-Identifier: BSL-1.0

// The companion for SQL stores, beside compiled.cpp.
#define JACKPOT_SOCI_INSTANCE(...) template __VA_ARGS__
#include <jackpot/soci/definitions.hpp>

namespace jackpot { inline namespace v1 {

static_assert(storage<soci_storage>);
static_assert(exclusive_storage<soci_storage>);
static_assert(rewritable_storage<soci_storage>);
static_assert(limited_storage<soci_storage>);

std::string without_password(std::string_view url) {
    return sql::shown_url(url);
}

}}  // namespace jackpot::v1
