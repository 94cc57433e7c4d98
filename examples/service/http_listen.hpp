// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_HTTP_LISTEN_HPP
#define SERVICE_HTTP_LISTEN_HPP

#include <string>

namespace service {

struct listening {
    int descriptor = -1;
    std::string address;  ///< as in options, with the port that it got
};

/// Opens a socket at HOST:PORT, [HOST]:PORT, unix:FILE, or takes fd:N. Throws std::runtime_error.
[[nodiscard]] listening listen_at(const std::string& address);

/// True where only this machine can connect to the address.
[[nodiscard]] bool is_local(const std::string& address);

}  // namespace service

#endif
