// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_DRAIN_HPP
#define SERVICE_DRAIN_HPP

#include "application.hpp"

namespace service {

/// Ends the service in order: not ready, then closed to new clients, then, when all that had begun is
/// answered, at an end. Everything runs on the server's thread.
class drain {
public:
    drain(http_server& server, application& app, const options& o);

    /// SIGTERM or SIGINT. A second one ends the process at once, with 130.
    void begin();

    /// What the process returns.
    [[nodiscard]] int exit_code() const noexcept { return exit_code_; }

private:
    void step();

    http_server& server_;
    application& app_;
    const options& options_;
    enum class stage : std::uint8_t { serving, delaying, ending } stage_ = stage::serving;
    clock::time_point until_{};  // of the stage
    int exit_code_ = 0;
};

/// Tells systemd, where it started this: "READY=1", "STOPPING=1".
void notify(std::string_view what);

/// The address of a socket that systemd opened for this process; empty where it did not.
[[nodiscard]] std::string inherited_socket();

}  // namespace service

#endif
