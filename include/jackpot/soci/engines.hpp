// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_HPP
#define JACKPOT_SOCI_ENGINES_HPP

// Which engines there are is said by the build: jackpot::soci defines one of these for each of SOCI's
// backends that it links.
#if defined(JACKPOT_SOCI_SQLITE3)
#include <jackpot/soci/engines/sqlite/dialect.hpp>
#endif
#if defined(JACKPOT_SOCI_POSTGRESQL)
#include <jackpot/soci/engines/postgresql/dialect.hpp>
#endif
#if defined(JACKPOT_SOCI_MYSQL)
#include <jackpot/soci/engines/mysql/dialect.hpp>
#endif

namespace jackpot { inline namespace v1 { namespace sql {

/// The engines that a URL can name, and null behind them.
inline constexpr const dialect* dialects[] = {
#if defined(JACKPOT_SOCI_SQLITE3)
    &sqlite_dialect,
#endif
#if defined(JACKPOT_SOCI_POSTGRESQL)
    &postgresql_dialect,
#endif
#if defined(JACKPOT_SOCI_MYSQL)
    &mysql_dialect,
#endif
    nullptr,
};

/// The dialect of `scheme://...`, without which `url` is then left. Error: unsupported, naming the
/// scheme's first word alone, for the rest may hold a password.
[[nodiscard]] inline expected<const dialect*> dialect_of(std::string_view& url) {
    const std::size_t end = url.find("://");
    const std::string_view scheme = url.substr(0, end == std::string_view::npos ? 0 : end);
    basic_text<240> known("a URL begins with");
    for (const dialect* const* at = dialects; *at != nullptr; ++at) {
        if (scheme == (*at)->scheme || (!scheme.empty() && scheme == (*at)->other_scheme)) {
            url.remove_prefix(end + 3);
            return *at;
        }
        known.append(at == dialects ? " " : " or ").append((*at)->scheme).append("://");
    }
    const std::size_t word_end = scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.");
    return fail(errc::unsupported, known, scheme.substr(0, word_end));
}

}}}  // namespace jackpot::v1::sql

#endif
