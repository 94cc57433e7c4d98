// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_HTTP_CONNECTION_HPP
#define SERVICE_HTTP_CONNECTION_HPP

#include "http.hpp"

#include <list>

namespace service {

/// What the server knows of a connection.
class connection : public listener {
public:
    using places = std::list<connection*>;

    enum class state : std::uint8_t { idle, reading, answering, writing, streaming, ending };

    /// Its time is over.
    virtual void expire() = 0;
    virtual void close_if_idle() = 0;

    [[nodiscard]] bool busy() const noexcept { return state_ != state::idle && state_ != state::ending; }

    clock::time_point deadline = clock::time_point::max();
    places::iterator place{};

protected:
    state state_ = state::idle;
};

/// What a connection knows of the server.
struct session_owner {
    const http_options& options;
    const http_hooks& hooks;
    const bool& closing;
    const std::string& date;
    std::function<void(connection&)> gone;
};

/// The status line and the fields of an answer. `reason` is the word behind the status.
[[nodiscard]] std::string head_of(const response& r, std::string_view reason, std::string_view date,
                                  bool closes);

}  // namespace service

#endif
