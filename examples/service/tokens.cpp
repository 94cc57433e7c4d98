// SPDX-License-Identifier: BSL-1.0
#include "tokens.hpp"

#include <algorithm>
#include <charconv>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <optional>

namespace service {

namespace {

std::string_view next_word(std::string_view& line) {
    line.remove_prefix((std::min)(line.find_first_not_of(" \t\r"), line.size()));
    const auto word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    return word;
}

std::optional<std::uint8_t> scopes_of(std::string_view words) {
    std::uint8_t scopes = 0;
    while (!words.empty()) {
        const auto word = words.substr(0, words.find(','));
        words.remove_prefix((std::min)(word.size() + 1, words.size()));
        const auto which = word == "read"      ? scope::read
                           : word == "play"    ? scope::play
                           : word == "admin"   ? scope::admin
                           : word == "metrics" ? scope::metrics
                           : word == "settle"  ? scope::settle
                                               : scope::none;
        if (which == scope::none) {
            return std::nullopt;
        }
        scopes = static_cast<std::uint8_t>(scopes | static_cast<std::uint8_t>(which));
    }
    return scopes == 0 ? std::nullopt : std::optional(scopes);
}

bool read_hex(std::string_view text, std::array<unsigned char, 32>& bytes) {
    if (text.size() != 2 * bytes.size()) {
        return false;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char* at = text.data() + 2 * i;
        const auto [end, failed] = std::from_chars(at, at + 2, bytes[i], 16);
        if (failed != std::errc() || end != at + 2) {
            return false;
        }
    }
    return true;
}

}  // namespace

tl::expected<tokens, std::string> tokens::parse(std::string_view text) {
    tokens all;
    for (int number = 1; !text.empty(); ++number) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix((std::min)(line.size() + 1, text.size()));
        const auto name = next_word(line);
        if (name.empty() || name.front() == '#') {
            continue;
        }
        const auto wrong = [&](const char* what) {
            return tl::unexpected("line " + std::to_string(number) + ": " + what);
        };
        holder h;
        h.name = name;
        // The colon ends the name in front of a key.
        if (name.size() > 32 || name.find(':') != std::string_view::npos) {
            return wrong("a name has at most 32 bytes, and no colon");
        }
        const auto scopes = scopes_of(next_word(line));
        if (!scopes) {
            return wrong("scopes are read, play, settle, admin and metrics, with commas between them");
        }
        h.scopes = *scopes;
        if (!read_hex(next_word(line), h.digest) || !next_word(line).empty()) {
            return wrong("behind the scopes stands the SHA-256 of the token, 64 hexadecimal digits");
        }
        all.holders_.push_back(std::move(h));
    }
    return all;
}

const tokens::holder* tokens::find(std::string_view token) const {
    std::array<unsigned char, 32> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
    const holder* found = nullptr;
    for (const auto& h : holders_) {
        if (CRYPTO_memcmp(h.digest.data(), digest.data(), digest.size()) == 0) {
            found = &h;
        }
    }
    return found;
}

std::string_view bearer(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "bearer ";
    const bool is_bearer =
        authorization.size() > scheme.size() &&
        std::equal(scheme.begin(), scheme.end(), authorization.begin(), [](char wanted, char c) {
            return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        });
    return is_bearer ? authorization.substr(scheme.size()) : std::string_view();
}

}  // namespace service
