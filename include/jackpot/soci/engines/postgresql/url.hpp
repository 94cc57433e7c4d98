// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_POSTGRESQL_URL_HPP
#define JACKPOT_SOCI_ENGINES_POSTGRESQL_URL_HPP

#include <jackpot/soci/engines/postgresql/connect.hpp>
#include <jackpot/soci/engines/url.hpp>

#include <map>

namespace jackpot { inline namespace v1 { namespace sql::postgresql {

using keywords_of_libpq = std::map<std::string, std::string>;

/// The connection string that SOCI hands on unharmed: 4.0 cuts a list of keywords at every blank, quoted or
/// not, but leaves a URL alone; 4.1 does the opposite.
[[nodiscard]] inline expected<std::string> connection_string(const keywords_of_libpq& keywords) {
    std::string text = SOCI_VERSION < 400100 ? "postgresql://?" : "";
    for (const auto& [keyword, value] : keywords) {
#if SOCI_VERSION < 400100
        text.append(text.back() == '?' ? "" : "&").append(keyword).append("=");
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            text.append({'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]});
        }
#else
        if (value.find_first_of("\"'\\") != std::string::npos) {
            return fail(errc::unsupported, "a quote or backslash in", keyword);
        }
        text.append(keyword).append("=\"").append(value).append("\" ");
#endif
    }
    return text;
}

/// What libpq reads in the URL, beside what it has not by itself. Error: unsupported.
[[nodiscard]] inline expected<keywords_of_libpq> read_keywords(const std::string& full) {
    // A peer that is gone without a word is noticed after a minute, not after two hours.
    keywords_of_libpq keywords = {{"application_name", "jackpot"}, {"connect_timeout", "10"},
                                  {"keepalives_count", "3"},       {"keepalives_idle", "30"},
                                  {"keepalives_interval", "10"},   {"tcp_user_timeout", "60000"}};
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
        PQconninfoParse(full.c_str(), nullptr), PQconninfoFree);
    if (parsed == nullptr) {
        // libpq's own words would quote the part that it could not read, which may be the password.
        return fail(errc::unsupported,
                    "a URL that libpq cannot read, postgresql://[user[:password]@][host[:port]]/"
                    "[database][?option=value&...]");
    }
    for (const PQconninfoOption* o = parsed.get(); o->keyword != nullptr; ++o) {
        if (o->val != nullptr) {
            keywords[o->keyword] = o->val;
        }
    }
    return keywords;
}

/// Everything that libpq takes after `postgresql://`, and in milliseconds busy_timeout, how long to wait for
/// another writer, and answer_timeout, how long for a server that says nothing.
[[nodiscard]] inline expected<location> locate(std::string_view url, open_mode) {
    auto options = take_server_options(url);
    if (!options) {
        return tl::unexpected(options.error());
    }
    const auto answer_ms =
        take_number(options->others, "answer_timeout", (std::max)(60'000U, options->wait_ms * 2));
    if (!answer_ms) {
        return tl::unexpected(answer_ms.error());
    }
    if (*answer_ms == 0 || *answer_ms > 0x7FFF'FFFFU) {
        return fail(errc::unsupported, "option answer_timeout, which is from 1 to 2147483647",
                    std::to_string(*answer_ms));
    }
    // libpq would take what follows for the host or the database, and errors show those.
    if (const std::size_t at = url.rfind('@');
        at != std::string_view::npos && url.find_first_of("@/") != at) {
        return fail(errc::unsupported,
                    "a URL in which an @ or / before the host is not written as %40 or %2F");
    }
    std::string full = "postgresql://" + std::string(url);
    for (const url_option& option : options->others) {
        full.append(&option == options->others.data() ? "?" : "&");
        full.append(option.key).append("=").append(option.value);
    }
    auto read = read_keywords(full);
    if (!read) {
        return tl::unexpected(read.error());
    }
    auto& keywords = *read;
    // Of several servers the one that takes wagers, wherever it is by now.
    if (keywords.count("host") != 0 && keywords["host"].find(',') != std::string::npos) {
        keywords.try_emplace("target_session_attrs", "read-write");
    }
    // Where the @ is missing, the password is where the port should be.
    const auto port = keywords.find("port");
    if (port != keywords.end() && port->second.find_first_not_of("0123456789,") != std::string::npos) {
        return fail(errc::unsupported, "a port that is no number");
    }
    return connection_string(keywords).map([&](const std::string& text) {
        const auto part = [&](const char* before, const char* keyword) {
            return keywords.count(keyword) == 0 ? std::string() : before + keywords[keyword];
        };
        const auto waiting = [&](std::uint32_t ms) {
            return location{
                .shown = "postgresql://" + part("", "host") + part(":", "port") + part("/", "dbname"),
                .connection = text,
                .settings = {settings_statement(options->wait_ms, ms)},
                .answer_timeout_ms = ms};
        };
        location where = waiting(*answer_ms);
        where.patient.push_back(waiting((std::max)(*answer_ms, patience_ms)));
        return where;
    });
}

}}}  // namespace jackpot::v1::sql::postgresql

#endif
