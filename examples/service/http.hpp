// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_HTTP_HPP
#define SERVICE_HTTP_HPP

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// An HTTP/1.1 server on one thread. It knows requests and answers, and nothing of what they are about.

namespace service {

using clock = std::chrono::steady_clock;

[[nodiscard]] inline double seconds_since(clock::time_point then) {
    return std::chrono::duration<double>(clock::now() - then).count();
}

struct field {
    std::string name;  ///< of a request in lower case
    std::string value;
};

struct request {
    std::string method;
    std::string target;
    std::vector<field> fields{};
    std::string body{};
    clock::time_point begun{};  ///< its first byte was there

    /// The value of the first field of that name; empty where there is none.
    [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
};

/// A client that takes frames until it goes. Frames are shared by all, so that each is made once.
class listener {
public:
    using frame = std::shared_ptr<const std::string>;

    virtual ~listener() = default;
    /// Sends the frame now, or when the one under way is sent. Only the newest waits: false where another one
    /// that waited is dropped for it.
    virtual bool send(frame f) = 0;
    /// Sends a last frame, and closes.
    virtual void end(frame f) = 0;
    [[nodiscard]] virtual bool gone() const = 0;
};

struct response {
    int status = 200;
    std::string type = "application/json";
    std::string body{};
    std::vector<field> fields{};
    bool close = false;
    /// Set: there is no body, and whoever asked becomes a listener.
    std::function<void(std::shared_ptr<listener>)> stream{};
};

/// Called once, on the server's thread.
using reply = std::function<void(response)>;

/// What the server is given. All of it is called on the server's thread.
struct http_hooks {
    std::function<void(request&&, reply)> handle;
    /// The answer to a request that cannot be read, whose method and path may not be known.
    std::function<response(std::string_view code)> refuse;
    /// How long the body of a request for this target may be.
    std::function<std::size_t(std::string_view target)> body_max;
};

struct http_options {
    std::size_t header_max = 8192;
    std::size_t fields_max = 64;
    std::size_t connections_max = 10'000;
    std::uint64_t requests_max = 10'000;                ///< of one connection
    std::chrono::milliseconds request_timeout{10'000};  ///< a whole request, from its first byte
    std::chrono::milliseconds idle_timeout{60'000};
    std::chrono::milliseconds write_timeout{30'000};
    std::string tls_certificate{};  ///< files in PEM; set: TLS
    std::string tls_key{};
    std::string tls_client_ca{};  ///< set: clients must have a certificate of it
};

class http_server {
public:
    http_server(http_options options, http_hooks hooks);
    ~http_server();
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;

    /// Listens at HOST:PORT, [HOST]:PORT, unix:FILE, or fd:N for a socket that somebody opened. Port 0 is any
    /// free one. Returns the address, with the port. Throws std::runtime_error, in words for a person.
    std::string listen(const std::string& address);

    void run();
    /// Makes `run` return, at once.
    void stop();

    /// Runs it on the server's thread. Any thread may call it.
    void post(std::function<void()> work);
    /// Runs it there again and again.
    void every(std::chrono::milliseconds pause, std::function<void()> work);
    void on_signals(std::vector<int> signals, std::function<void(int)> handler);

    /// From now on each answer closes its connection.
    void close_after_answers();
    /// Accepts nobody any more, and closes the connections on which no request has begun.
    void stop_accepting();
    /// Connections with a request that is not answered yet, and listeners.
    [[nodiscard]] std::size_t busy() const;
    [[nodiscard]] std::size_t connections() const;

private:
    struct core;
    std::shared_ptr<core> core_;
};

}  // namespace service

#endif
