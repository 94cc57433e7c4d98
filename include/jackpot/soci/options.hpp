// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_OPTIONS_HPP
#define JACKPOT_SOCI_OPTIONS_HPP

#include <cstdint>

namespace jackpot { inline namespace v1 {

/// Says what `open` does where a database has none of the library's tables, or older ones.
enum class open_mode : std::uint8_t {
    create,    ///< create them, or bring them up to date
    existing,  ///< refuse: schema_mismatch
};

/// How many connections a store has to its database, and how long, in milliseconds, a caller waits for one
/// while all are in use.
struct connection_options {
    std::uint32_t count = 1;
    std::uint32_t wait_ms = 5000;
};

/// How a store's connections are used.
struct connection_usage {
    std::uint32_t count = 0;
    std::uint32_t in_use = 0;
    std::uint64_t replaced = 0;  ///< connections that were lost, and made anew

    /// The free connections, in percent.
    [[nodiscard]] std::uint32_t available() const noexcept { return 100 * (count - in_use) / count; }
};

}}  // namespace jackpot::v1

#endif
