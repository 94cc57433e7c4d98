// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_SQLITE_URL_HPP
#define JACKPOT_SOCI_ENGINES_SQLITE_URL_HPP

#include <jackpot/soci/dialect.hpp>
#include <jackpot/soci/engines/url.hpp>

#include <filesystem>

namespace jackpot { inline namespace v1 { namespace sql::sqlite {

/// FILE, or FILE?option=N&option=N. Options: busy_timeout, how long to wait for another writer, in
/// milliseconds; max_page_count, the most pages that the file may grow to.
[[nodiscard]] inline expected<location> locate(std::string_view url, open_mode mode) {
    const auto options = take_options(url);
    if (!options) {
        return tl::unexpected(options.error());
    }
    const std::string file(url);
    // SOCI 4.0 has no way to quote a quote.
    if (file.empty() || file.find('"') != std::string::npos) {
        return fail(errc::unsupported, "a file of this name", file);
    }
    std::error_code ignored;
    if (mode == open_mode::existing && !std::filesystem::exists(file, ignored)) {
        return fail(errc::unavailable, "no such file", file);
    }
    location where{"sqlite://" + file,
                   "dbname=\"" + file + "\"",
                   {"PRAGMA busy_timeout = 5000", "PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL",
                    "PRAGMA locking_mode = NORMAL"}};
    for (const url_option& option : *options) {
        const auto number = number_of(option);
        if (option.key != "busy_timeout" && option.key != "max_page_count") {
            return fail(errc::unsupported, "option", option.key);
        }
        if (!number) {
            return tl::unexpected(number.error());
        }
        where.settings.push_back("PRAGMA " + std::string(option.key) + " = " + std::to_string(*number));
    }
    return where;
}

}}}  // namespace jackpot::v1::sql::sqlite

#endif
