// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_TOKENS_HPP
#define SERVICE_TOKENS_HPP

#include <tl/expected.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace service {

enum class scope : std::uint8_t { none = 0, read = 1, play = 2, admin = 4, metrics = 8, settle = 16 };

/// Who may do what. A file has a line for each token: `name scope[,scope] sha256-hex`, the digest of the
/// token in hexadecimal; lines that begin with # are comments.
class tokens {
public:
    struct holder {
        std::string name;  ///< stands before the keys of its requests, so that two do not share one
        std::uint8_t scopes = 0;
        std::array<unsigned char, 32> digest{};

        [[nodiscard]] bool may(scope s) const noexcept {
            return s == scope::none || (scopes & static_cast<std::uint8_t>(s)) != 0;
        }
    };

    /// The error names the line and what is wrong there, never a digest.
    [[nodiscard]] static tl::expected<tokens, std::string> parse(std::string_view text);

    /// Whose token that is; null where it is nobody's. It takes as long for a wrong token as for a right one.
    [[nodiscard]] const holder* find(std::string_view token) const;

    [[nodiscard]] bool empty() const noexcept { return holders_.empty(); }

private:
    std::vector<holder> holders_;
};

/// The token of a field `Authorization: Bearer TOKEN`; empty where it is of another form.
[[nodiscard]] std::string_view bearer(std::string_view authorization) noexcept;

}  // namespace service

#endif
