// SPDX-License-Identifier: BSL-1.0
#include "router.hpp"

#include <algorithm>
#include <charconv>

namespace service {

namespace {

constexpr route all_routes[] = {
    {"GET", "/api/jackpot/pools", endpoint::pools, scope::read},
    {"POST", "/api/jackpot/pools", endpoint::open, scope::admin, 201},
    {"GET", "/api/jackpot/pools/{group}", endpoint::pool, scope::read},
    {"PATCH", "/api/jackpot/pools/{group}", endpoint::configure, scope::admin},
    {"POST", "/api/jackpot/pools/{group}/suspend", endpoint::suspend, scope::admin},
    {"POST", "/api/jackpot/pools/{group}/resume", endpoint::resume, scope::admin},
    {"POST", "/api/jackpot/pools/{group}/adjust", endpoint::adjust, scope::admin},
    {"POST", "/api/jackpot/pools/{group}/close", endpoint::close, scope::admin},
    {"POST", "/api/jackpot/transfer", endpoint::transfer, scope::admin},
    {"POST", "/api/jackpot/seal", endpoint::seal, scope::admin},
    {"POST", "/api/jackpot/unseal", endpoint::unseal, scope::admin},
    {"POST", "/api/jackpot/contribute", endpoint::contribute, scope::play},
    {"POST", "/api/jackpot/contribute/batch", endpoint::batch, scope::play},
    {"POST", "/api/jackpot/win", endpoint::win, scope::play},
    {"POST", "/api/jackpot/hold", endpoint::hold, scope::play},
    {"POST", "/api/jackpot/revert", endpoint::revert, scope::play},
    {"GET", "/api/jackpot/pools/{group}/holds", endpoint::holds, scope::read},
    {"POST", "/api/jackpot/pools/{group}/confirm", endpoint::confirm, scope::settle},
    {"POST", "/api/jackpot/pools/{group}/release", endpoint::release, scope::settle},
    {"GET", "/api/jackpot/statistics", endpoint::statistics, scope::read},
    {"GET", "/api/jackpot/games/{gameId}", endpoint::game, scope::read},
    {"GET", "/api/jackpot/history", endpoint::history, scope::read},
    {"GET", "/api/jackpot/events", endpoint::events, scope::read},
    {"GET", "/health", endpoint::health},
    {"GET", "/api/health/database", endpoint::health_database},
    {"GET", "/api/health/jackpot", endpoint::health_jackpot},
    {"GET", "/livez", endpoint::livez},
    {"GET", "/readyz", endpoint::readyz},
    {"GET", "/api/metrics/jackpot", endpoint::metrics, scope::metrics},
    {"GET", "/metrics", endpoint::metrics, scope::metrics},
    {"GET", "/{file}", endpoint::file},
};

/// Does the path fit the template? Then `segment` is what stands for {…}, not decoded.
bool fits(std::string_view path, std::string_view wanted, std::string_view& segment) {
    for (;;) {
        const auto here = path.substr(0, path.find('/', 1));
        const auto there = wanted.substr(0, wanted.find('/', 1));
        if (there.starts_with("/{")) {
            segment = here.substr((std::min)(std::size_t(1), here.size()));
        } else if (here != there) {
            return false;
        }
        path.remove_prefix(here.size());
        wanted.remove_prefix(there.size());
        if (path.empty() || wanted.empty()) {
            return path.empty() && wanted.empty();
        }
    }
}

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool read_query(std::string_view text, std::vector<query_field>& query) {
    while (!text.empty()) {
        const auto piece = text.substr(0, text.find('&'));
        text.remove_prefix((std::min)(piece.size() + 1, text.size()));
        const auto equals = piece.find('=');
        const auto name = decode(piece.substr(0, equals));
        const auto value = decode(equals == std::string_view::npos ? "" : piece.substr(equals + 1));
        if (!name || !value || name->empty() ||
            std::any_of(query.begin(), query.end(), [&](const auto& q) { return q.name == *name; })) {
            return false;
        }
        query.push_back({*name, *value});
    }
    return true;
}

}  // namespace

std::span<const route> routes() {
    return all_routes;
}

std::optional<std::string> decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            unsigned char byte = 0;
            const char* at = text.data() + i + 1;
            if (i + 2 >= text.size() || std::from_chars(at, at + 2, byte, 16).ptr != at + 2) {
                return std::nullopt;
            }
            c = static_cast<char>(byte);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            return std::nullopt;
        }
        out.push_back(c);
    }
    return out;
}

std::string encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        is_unreserved(c) ? out.append(1, c) : out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

match find_route(std::string_view method, std::string_view target) {
    match m;
    const auto path = target.substr(0, target.find('?'));
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    if (!path.starts_with('/')) {
        m.wrong = method == "OPTIONS" && path == "*" ? "" : "bad_request";
        m.allow = "GET, HEAD, OPTIONS, PATCH, POST";
        return m;
    }
    std::string_view segment;
    for (const auto& r : all_routes) {
        if (!fits(path, r.path, segment)) {
            continue;
        }
        if (r.method == wanted) {
            m.to = &r;
            break;
        }
        m.allow.append(m.allow.empty() ? "" : ", ").append(r.method == "GET" ? "GET, HEAD" : r.method);
    }
    if (m.to == nullptr) {
        m.wrong = m.allow.empty() ? "not_found" : method == "OPTIONS" ? "" : "method_not_allowed";
        m.allow.append(m.allow.empty() ? "" : ", OPTIONS");
        return m;
    }
    const auto decoded = decode(segment);
    if (!decoded) {
        m.wrong = "bad_request";
    } else if (!read_query(target.substr((std::min)(path.size() + 1, target.size())), m.query)) {
        m.wrong = "bad_query";
    }
    m.segment = decoded.value_or("");
    return m;
}

}  // namespace service
