// SPDX-License-Identifier: BSL-1.0
#include "http_listen.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace service {

namespace {

constexpr int backlog = 4096;

struct host_port {
    std::string host;
    std::string port;
};

host_port split(const std::string& address) {
    const auto colon = address.rfind(':');
    if (colon == std::string::npos) {
        throw std::runtime_error(address + " is not HOST:PORT, [HOST]:PORT, unix:FILE or fd:N");
    }
    auto host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    const auto port = address.substr(colon + 1);
    unsigned number = 0;
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
    // getaddrinfo takes 65536, as port 0.
    if (failed != std::errc() || end != port.data() + port.size() || number > 65'535) {
        throw std::runtime_error(port + " is no port, from 0 to 65535");
    }
    return {host, port};
}

[[noreturn]] void give_up(const std::string& address, int code, int descriptor) {
    if (descriptor >= 0) {
        close(descriptor);
    }
    throw std::runtime_error("cannot listen at " + address + ": " + std::strerror(code));
}

listening listen_tcp(const std::string& address) {
    const auto [host, port] = split(address);
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); code != 0) {
        throw std::runtime_error("cannot listen at " + address + ": " + gai_strerror(code));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> held(found, freeaddrinfo);
    const int s = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    // The port of a server that has just ended is free for the next one.
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(s, found->ai_addr, found->ai_addrlen) != 0 || listen(s, backlog) != 0) {
        give_up(address, errno, s);
    }
    sockaddr_storage at{};
    socklen_t length = sizeof at;
    char given[16] = "";
    if (getsockname(s, reinterpret_cast<sockaddr*>(&at), &length) != 0 ||
        getnameinfo(reinterpret_cast<sockaddr*>(&at), length, nullptr, 0, given, sizeof given,
                    NI_NUMERICSERV) != 0) {
        give_up(address, errno, s);
    }
    return {s, address.substr(0, address.rfind(':') + 1) + given};
}

listening listen_unix(const std::string& address) {
    const auto file = address.substr(address.find(':') + 1);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    if (file.empty() || file.size() >= sizeof at.sun_path) {
        throw std::runtime_error("the path of a socket has 1 to 107 bytes: " + address);
    }
    std::memcpy(at.sun_path, file.c_str(), file.size() + 1);
    const int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // What another server left there; one that still runs is not asked.
    unlink(file.c_str());
    if (s < 0 || bind(s, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || listen(s, backlog) != 0) {
        give_up(address, errno, s);
    }
    return {s, address};
}

listening take_descriptor(const std::string& address) {
    char* end = nullptr;
    const long number = std::strtol(address.c_str() + 3, &end, 10);
    const int s = static_cast<int>(number);
    if (*end != '\0' || number < 0 || fcntl(s, F_SETFL, O_NONBLOCK) != 0 ||
        fcntl(s, F_SETFD, FD_CLOEXEC) != 0) {
        throw std::runtime_error(address + " is no open socket");
    }
    return {s, address};
}

}  // namespace

listening listen_at(const std::string& address) {
    if (address.starts_with("unix:")) {
        return listen_unix(address);
    }
    return address.starts_with("fd:") ? take_descriptor(address) : listen_tcp(address);
}

bool is_local(const std::string& address) {
    if (address.starts_with("unix:") || address.starts_with("fd:")) {
        return true;
    }
    const auto host = split(address).host;
    in_addr v4{};
    return host == "localhost" || host == "::1" ||
           (inet_pton(AF_INET, host.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127);
}

}  // namespace service
