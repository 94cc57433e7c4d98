// SPDX-License-Identifier: BSL-1.0
#include "api.hpp"

#include <charconv>
#include <cstdio>

namespace service {

namespace {

/// Tells one filter from another. (FNV-1a: who makes up a cursor only reads from another place.)
std::uint64_t digest(const jackpot::history_query& filter) {
    std::string text;
    for (const auto* part : {&filter.pool, &filter.game, &filter.player, &filter.round, &filter.site}) {
        text.append(*part ? "=" : "-").append(*part ? (*part)->view() : "").push_back('\n');
    }
    for (const auto& time : {filter.from, filter.to}) {
        text.append(time ? std::to_string(*time) : "-").push_back('\n');
    }
    text.append(filter.newest_first ? "newest\n" : "\n").append(filter.kind ? to_string(*filter.kind) : "");
    std::uint64_t sum = 0xCBF29CE484222325U;
    for (const char c : text) {
        sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    return sum;
}

}  // namespace

std::string hex(const jackpot::identifier& id) {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(id.high),
                  static_cast<unsigned long long>(id.low));
    return text;
}

std::string cursor_of(std::uint64_t after, const jackpot::history_query& filter) {
    return hex({after, digest(filter)});
}

std::optional<std::uint64_t> read_cursor(std::string_view cursor, const jackpot::history_query& filter) {
    std::uint64_t after = 0;
    if (cursor.size() != 32) {
        return std::nullopt;
    }
    const auto half = cursor.substr(0, 16);
    const auto [end, failed] = std::from_chars(half.data(), half.data() + half.size(), after, 16);
    const bool whole = failed == std::errc() && end == half.data() + half.size();
    return whole && cursor_of(after, filter) == cursor ? std::optional(after) : std::nullopt;
}

}  // namespace service
