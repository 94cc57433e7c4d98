// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_DIALECTS_HPP
#define JACKPOT_SOCI_DIALECTS_HPP

#include <jackpot/soci/sqlite.hpp>

namespace jackpot::inline v1::sql {

/// The engines that a URL can name.
inline constexpr const dialect* dialects[] = {&sqlite_dialect};

/// The dialect of `scheme://...`, without which `url` is then left. Error: unsupported, naming the
/// scheme alone, for the rest may hold a password.
[[nodiscard]] inline expected<const dialect*> dialect_of(std::string_view& url) {
    const std::string_view scheme = url.substr(0, url.find("://"));
    for (const dialect* engine : dialects) {
        if (engine->scheme == scheme && scheme.size() < url.size()) {
            url.remove_prefix(scheme.size() + 3);
            return engine;
        }
    }
    return fail(errc::unsupported, "a URL begins with sqlite://, not with",
                scheme.substr(0, scheme.find(':')));
}

}  // namespace jackpot::inline v1::sql

#endif
