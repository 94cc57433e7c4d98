// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_OPTIONS_HPP
#define SERVICE_OPTIONS_HPP

#include <tl/expected.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace service {

struct options {
    std::string url;
    std::string url_file;
    std::string listen = "127.0.0.1:3000";
    std::uint64_t connections = 8;
    std::uint64_t batch = 256;
    std::uint64_t waiting_max = 65'536;
    std::uint64_t commit_timeout_ms = 5'000;
    std::string pools_file;
    std::string tokens_file;
    std::string tls_cert;
    std::string tls_key;
    std::string tls_client_ca;
    std::uint64_t body_max = 64 * 1024;
    std::uint64_t batch_body_max = 1024 * 1024;
    std::uint64_t header_max = 8 * 1024;
    std::uint64_t request_timeout_ms = 10'000;
    std::uint64_t idle_timeout_ms = 60'000;
    std::uint64_t write_timeout_ms = 30'000;
    std::uint64_t connections_max = 10'000;
    std::uint64_t sse_max = 1'000;
    std::uint64_t drain_delay = 0;
    std::uint64_t drain_timeout = 25;
    std::string migration_log;
    std::string log = "text";
    bool require_key = false;
    bool insecure = false;
    bool check = false;  ///< print the settings, and end
    bool help = false;
};

/// Reads variables JACKPOT_NAME=VALUE of the environment and flags --name=VALUE, or --name VALUE, which
/// count more. The error is a sentence, without a password.
[[nodiscard]] tl::expected<options, std::string> read_options(std::span<char* const> words,
                                                              std::span<const std::string> environment);

/// Every setting, a line each: its value as it is now, or for `--help` what it is for.
[[nodiscard]] std::string show(const options& o);
[[nodiscard]] std::string help_text();

}  // namespace service

#endif
