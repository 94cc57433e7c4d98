// SPDX-License-Identifier: BSL-1.0
#include <jackpot/soci/engines.hpp>

#include <cstdlib>

namespace {

using namespace jackpot;

constexpr std::string_view password = "pA55w0rd";

std::string shown(std::string_view url) {
    const auto where = sql::dialect_of(url).and_then(
        [&](const sql::dialect* engine) { return engine->locate(url, open_mode::create); });
    return where ? where->shown : std::string(to_text(where.error()).view());
}

}  // namespace

// Whatever is behind the password of a URL, neither what is shown of it nor an error has the password in it.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    static_cast<void>(shown(text));
    for (const char* scheme : {"sqlite://", "postgresql://", "mysql://"}) {
        static_cast<void>(shown(scheme + text));
    }
    for (const char* server : {"postgresql://jackpot:", "mysql://jackpot:"}) {
        if (shown(std::string(server).append(password) + "@" + text).find(password) != std::string::npos &&
            text.find(password) == std::string::npos) {
            std::abort();
        }
    }
    return 0;
}
