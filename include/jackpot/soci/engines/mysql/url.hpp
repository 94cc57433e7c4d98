// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_MYSQL_URL_HPP
#define JACKPOT_SOCI_ENGINES_MYSQL_URL_HPP

#include <jackpot/soci/engines/mysql/session.hpp>
#include <jackpot/soci/engines/url.hpp>

namespace jackpot { inline namespace v1 { namespace sql::mysql {

/// The text with each %XX in place; false where one is broken.
[[nodiscard]] inline bool decode(std::string_view text, std::string& decoded) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        unsigned char byte = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (failed != std::errc{} || digits.size() != 2 || stop != digits.data() + 2 || byte == 0) {
            return false;
        }
        decoded.push_back(static_cast<char>(byte));
        i += 2;
    }
    return true;
}

/// Collects what SOCI's connection string is made of, each value quoted.
class keywords {
public:
    void add(std::string_view keyword, std::string_view encoded) {
        std::string value;
        sound_ = sound_ && decode(encoded, value);
        text_.append(keyword).append("='");
        for (const char c : value) {
            text_.append(c == '\'' || c == '\\' ? "\\" : "").push_back(c);
        }
        text_.append("' ");
    }
    [[nodiscard]] bool sound() const noexcept { return sound_; }
    [[nodiscard]] std::string& text() noexcept { return text_; }

private:
    std::string text_;
    bool sound_ = true;
};

/// [user[:password]@]host[:port]/database[?option=value&...]. Options: socket, of a server on this machine;
/// ssl_ca, ssl_cert and ssl_key, files; busy_timeout, how long to wait for another writer, in milliseconds,
/// which the server rounds to seconds.
[[nodiscard]] inline expected<location> locate(std::string_view url, open_mode) {
    auto options = take_server_options(url);
    if (!options) {
        return tl::unexpected(options.error());
    }
    keywords all;
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
        const std::string_view who = url.substr(0, at);
        url.remove_prefix(at + 1);
        const std::size_t colon = who.find(':');
        all.add("user", who.substr(0, colon));
        if (colon != std::string_view::npos) {
            all.add("password", who.substr(colon + 1));
        }
    }
    const std::size_t slash = url.find('/');
    const std::string_view server = url.substr(0, slash);
    const std::size_t colon = server.find(':');
    std::uint16_t port = 3306;
    if (slash == std::string_view::npos || slash + 1 == url.size()) {
        return fail(errc::unsupported,
                    "a URL without a database, mysql://[user[:password]@]host[:port]/database");
    }
    if (colon != std::string_view::npos && !notation::detail::read_digits(server.substr(colon + 1), port)) {
        return fail(errc::unsupported, "a port that is no number");
    }
    if (colon != 0 && !server.empty()) {
        all.add("host", server.substr(0, colon));
    }
    all.add("port", std::to_string(port));
    all.add("db", url.substr(slash + 1));
    for (const auto& [key, value] : options->others) {
        const bool ssl = key == "ssl_ca" || key == "ssl_cert" || key == "ssl_key";
        if (!ssl && key != "socket") {
            return fail(errc::unsupported,
                        "an option other than socket, ssl_ca, ssl_cert, ssl_key and busy_timeout");
        }
        all.add(ssl ? "ssl" + std::string(key.substr(4)) : "unix_socket", value);
    }
    if (!all.sound()) {
        return fail(errc::unsupported, "a URL with a % that no two hexadecimal digits follow");
    }
    all.text().append("charset=utf8mb4 connect_timeout=10 write_timeout=60 read_timeout=");
    const auto waiting = [&](std::uint32_t seconds) {
        return location{.shown = "mysql://" + std::string(url),
                        .connection = all.text() + std::to_string(seconds),
                        .settings = {settings_statement((options->wait_ms + 999) / 1000)}};
    };
    location where = waiting(60);
    where.patient.push_back(waiting(patience_ms / 1000));
    return where;
}

}}}  // namespace jackpot::v1::sql::mysql

#endif
