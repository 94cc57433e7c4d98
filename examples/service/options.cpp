// SPDX-License-Identifier: BSL-1.0
#include "options.hpp"

#include <jackpot/soci.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

namespace service {

namespace {

struct setting {
    std::string_view name;  ///< of the flag; the variable is JACKPOT_ and this in capitals
    std::string_view meaning;
    std::string options::*text = nullptr;
    std::uint64_t options::*number = nullptr;
    bool options::*flag = nullptr;
    std::uint64_t least = 0;
    std::uint64_t most = 0;
};

constexpr std::uint64_t day_ms = 86'400'000;

constexpr setting settings[] = {
    {"url", "the store: memory, sqlite://FILE, postgresql://… or mysql://…", &options::url},
    {"url-file", "a file that holds the URL, for one with a password", &options::url_file},
    {"listen", "HOST:PORT, [HOST]:PORT, unix:FILE, or fd:N", &options::listen},
    {"connections", "to the database", nullptr, &options::connections, nullptr, 1, 1000},
    {"batch", "requests in one commit, at most", nullptr, &options::batch, nullptr, 1, 65'536},
    {"waiting-max", "requests that may wait for their commit", nullptr, &options::waiting_max, nullptr, 1,
     10'000'000},
    {"commit-timeout-ms", "how long a request waits for its commit to begin", nullptr,
     &options::commit_timeout_ms, nullptr, 1, day_ms},
    {"pools-file", "JSON: pools to open where they are missing", &options::pools_file},
    {"tokens-file", "lines `name scope[,scope] sha256-hex`; SIGHUP reads it again", &options::tokens_file},
    {"tls-cert", "certificate chain, PEM", &options::tls_cert},
    {"tls-key", "its private key, PEM", &options::tls_key},
    {"tls-client-ca", "clients must have a certificate of it, PEM", &options::tls_client_ca},
    {"body-max", "bytes of a body", nullptr, &options::body_max, nullptr, 1, 1 << 30},
    {"batch-body-max", "bytes of a batch's body", nullptr, &options::batch_body_max, nullptr, 1, 1 << 30},
    {"header-max", "bytes of a request line and header", nullptr, &options::header_max, nullptr, 256,
     64 * 1024},
    {"request-timeout-ms", "for a whole request, from its first byte", nullptr, &options::request_timeout_ms,
     nullptr, 1, day_ms},
    {"idle-timeout-ms", "between two requests of a connection", nullptr, &options::idle_timeout_ms, nullptr,
     1, day_ms},
    {"write-timeout-ms", "for an answer to be taken", nullptr, &options::write_timeout_ms, nullptr, 1,
     day_ms},
    {"connections-max", "clients at a time", nullptr, &options::connections_max, nullptr, 1, 1'000'000},
    {"sse-max", "listeners at a time", nullptr, &options::sse_max, nullptr, 0, 1'000'000},
    {"drain-delay", "seconds from SIGTERM until nobody is accepted any more", nullptr, &options::drain_delay,
     nullptr, 0, 3600},
    {"drain-timeout", "seconds from then until what is not answered is cut", nullptr, &options::drain_timeout,
     nullptr, 1, 3600},
    {"migration-log", "the migrator's log, for the KPI of migrations", &options::migration_log},
    {"log", "text or json", &options::log},
    {"require-key", "operations need an Idempotency-Key", nullptr, nullptr, &options::require_key},
    {"insecure", "listen where others can connect, without tokens", nullptr, nullptr, &options::insecure},
    {"check", "print the settings, and end", nullptr, nullptr, &options::check},
    {"help", "print this, and end", nullptr, nullptr, &options::help},
};

/// Other names, of the guide and the migrator.
constexpr std::pair<std::string_view, std::string_view> synonyms[] = {
    {"database-url", "url"}, {"connection-pool-size", "connections"}};
/// Variables of the guide that are the migrator's.
constexpr std::string_view not_ours[] = {"migration-enabled", "database-backup", "validation-enabled",
                                         "log-level"};

std::string variable_of(std::string_view name) {
    std::string text = "JACKPOT_";
    std::transform(name.begin(), name.end(), std::back_inserter(text), [](char c) {
        return c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

const setting* find(std::string_view name) {
    for (const auto& [other, known] : synonyms) {
        name = name == other ? known : name;
    }
    const auto* found =
        std::find_if(std::begin(settings), std::end(settings), [&](const auto& s) { return s.name == name; });
    return found == std::end(settings) ? nullptr : found;
}

/// The setting of a variable; null where it is none of this program.
const setting* find_variable(std::string_view variable) {
    for (const auto& s : settings) {
        if (variable_of(s.name) == variable) {
            return &s;
        }
    }
    for (const auto& [other, known] : synonyms) {
        if (variable_of(other) == variable) {
            return find(known);
        }
    }
    return nullptr;
}

std::optional<std::string> assign(options& o, const setting& s, const std::string& value) {
    if (s.text != nullptr) {
        o.*s.text = value;
        return std::nullopt;
    }
    if (s.flag != nullptr) {
        if (value != "0" && value != "1") {
            return variable_of(s.name) + " is 0 or 1, and not " + value;
        }
        o.*s.flag = value == "1";
        return std::nullopt;
    }
    std::uint64_t number = 0;
    const auto* end = value.data() + value.size();
    const auto [stop, failed] = std::from_chars(value.data(), end, number);
    if (failed != std::errc() || stop != end || number < s.least || number > s.most) {
        return variable_of(s.name) + " is a whole number from " + std::to_string(s.least) + " to " +
               std::to_string(s.most) + ", and not " + value;
    }
    o.*s.number = number;
    return std::nullopt;
}

std::optional<std::string> read_environment(options& o, std::span<const std::string> environment) {
    for (const auto& entry : environment) {
        const auto equals = entry.find('=');
        const auto name = entry.substr(0, equals);
        if (!name.starts_with("JACKPOT_") || equals == std::string::npos ||
            std::any_of(std::begin(not_ours), std::end(not_ours),
                        [&](auto n) { return variable_of(n) == name; })) {
            continue;
        }
        const auto* s = find_variable(name);
        if (s == nullptr) {
            return "there is no setting " + name + ": see --help";
        }
        if (auto wrong = assign(o, *s, entry.substr(equals + 1))) {
            return wrong;
        }
    }
    return std::nullopt;
}

std::optional<std::string> read_flags(options& o, std::span<char* const> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word(words[i]);
        const auto equals = word.find('=');
        const auto* s = word.starts_with("--")
                            ? find(word.substr(2, equals == word.npos ? equals : equals - 2))
                            : nullptr;
        if (s == nullptr) {
            return "there is no flag " + std::string(word.substr(0, equals)) + ": see --help";
        }
        std::string value(equals == word.npos ? "1" : word.substr(equals + 1));
        if (equals == word.npos && s->flag == nullptr) {
            if (++i == words.size()) {
                return std::string(word) + " wants a value";
            }
            value = words[i];
        }
        if (auto wrong = assign(o, *s, value)) {
            return wrong;
        }
    }
    return std::nullopt;
}

/// What no setting alone can be wrong in.
std::optional<std::string> check_together(options& o) {
    if (!o.url_file.empty()) {
        std::ifstream file(o.url_file);
        if (!o.url.empty() || !std::getline(file, o.url)) {
            return o.url.empty() ? "cannot read " + o.url_file : "JACKPOT_URL and JACKPOT_URL_FILE are two";
        }
    }
    if (o.url.empty()) {
        return "JACKPOT_URL is missing: memory, sqlite://FILE, postgresql://… or mysql://…";
    }
    if (o.tls_cert.empty() != o.tls_key.empty() || (o.tls_cert.empty() && !o.tls_client_ca.empty())) {
        return "TLS wants JACKPOT_TLS_CERT and JACKPOT_TLS_KEY";
    }
    if (o.log != "text" && o.log != "json") {
        return "JACKPOT_LOG is text or json, and not " + o.log;
    }
    return std::nullopt;
}

}  // namespace

tl::expected<options, std::string> read_options(std::span<char* const> words,
                                                std::span<const std::string> environment) {
    options o;
    auto wrong = read_environment(o, environment);
    wrong = wrong ? wrong : read_flags(o, words);
    wrong = wrong || o.help ? wrong : check_together(o);
    return wrong ? tl::expected<options, std::string>(tl::unexpected(*wrong)) : o;
}

std::string show(const options& o) {
    std::string text;
    for (const auto& s : settings) {
        if (s.name == "check" || s.name == "help") {
            continue;
        }
        text.append(variable_of(s.name)).append("=");
        if (s.text == &options::url) {
            text.append(o.url == "memory" ? o.url : jackpot::without_password(o.url));
        } else {
            text.append(s.text != nullptr     ? o.*s.text
                        : s.number != nullptr ? std::to_string(o.*s.number)
                                              : std::string(o.*s.flag ? "1" : "0"));
        }
        text.append("\n");
    }
    return text;
}

std::string help_text() {
    std::string text =
        "jackpot-service [--name=VALUE...]: jackpots over HTTP. Each flag is a variable, too.\n\n";
    for (const auto& s : settings) {
        text.append("  --").append(s.name).append(s.name.size() < 20 ? 20 - s.name.size() : 1, ' ');
        text.append(variable_of(s.name)).append(s.name.size() < 20 ? 20 - s.name.size() : 1, ' ');
        text.append(s.meaning).append("\n");
    }
    return text;
}

}  // namespace service
