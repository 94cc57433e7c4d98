// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_FUZZ_DIGEST_HPP
#define JACKPOT_TESTS_FUZZ_DIGEST_HPP

#include <nlohmann/json.hpp>

#include <openssl/evp.h>
#include <string>

namespace test {

/// Rollback data with the digest that it should have: what was changed in it is then not refused for that
/// alone. Left as it is where it is no JSON object with a digest.
inline std::string with_digest(std::string text) {
    using json = nlohmann::ordered_json;
    // Goes no deeper than the stack does; and so it leaves what is nested deeper to the reader.
    const auto shallow = [](int depth, json::parse_event_t, json&) { return depth < 100; };
    json document = json::parse(text, shallow, false);
    constexpr std::string_view member = "\"sha256\": \"";
    const std::size_t at = text.rfind(member);
    if (!document.is_object() || at == std::string::npos) {
        return text;
    }
    document.erase("sha256");
    const std::string line = document.dump(-1, ' ', false, json::error_handler_t::replace);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_Digest(line.data(), line.size(), digest, &length, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        hex.append({"0123456789abcdef"[digest[i] >> 4], "0123456789abcdef"[digest[i] & 15]});
    }
    const std::size_t value = at + member.size();
    return text.replace(value, text.find('"', value) - value, hex);
}

}  // namespace test

#endif
