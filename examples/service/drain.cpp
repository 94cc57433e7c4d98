// SPDX-License-Identifier: BSL-1.0
#include "drain.hpp"

#include "log.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace service {

drain::drain(http_server& server, application& app, const options& o)
    : server_(server), app_(app), options_(o) {
    server_.every(std::chrono::milliseconds(20), [this] { step(); });
}

void drain::begin() {
    if (stage_ != stage::serving) {
        log("warn", "a second signal: ending at once");
        std::_Exit(130);
    }
    log("info", "draining");
    notify("STOPPING=1");
    app_.begin_drain();
    server_.close_after_answers();
    stage_ = stage::delaying;
    until_ = clock::now() + std::chrono::seconds(options_.drain_delay);
}

void drain::step() {
    if (stage_ == stage::delaying && clock::now() >= until_) {
        stage_ = stage::ending;
        until_ = clock::now() + std::chrono::seconds(options_.drain_timeout);
        app_.end_streams();
        server_.stop_accepting();
    } else if (stage_ == stage::ending && server_.busy() == 0 && app_.waiting() == 0) {
        log("info", "ended in order");
        server_.stop();
    } else if (stage_ == stage::ending && clock::now() >= until_) {
        log("error", "the time to drain is over",
            {{"requests cut", std::to_string(server_.busy())},
             {"commits cut", std::to_string(app_.waiting())}});
        // Not by way of the destructors: a commit is under way, and nobody waits for it any more.
        std::_Exit(1);
    }
}

void notify(std::string_view what) {
    const char* path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    if (path == nullptr || *path == '\0' || std::strlen(path) >= sizeof to.sun_path) {
        return;
    }
    std::strcpy(to.sun_path, path);
    const auto length = offsetof(sockaddr_un, sun_path) + std::strlen(path);
    if (to.sun_path[0] == '@') {
        to.sun_path[0] = '\0';  // a name of no file
    }
    const int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (s >= 0) {
        sendto(s, what.data(), what.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&to),
               static_cast<socklen_t>(length));
        close(s);
    }
}

std::string inherited_socket() {
    const char* count = std::getenv("LISTEN_FDS");
    const char* pid = std::getenv("LISTEN_PID");
    const bool ours =
        count != nullptr && pid != nullptr && std::to_string(getpid()) == pid && std::string(count) == "1";
    return ours ? "fd:3" : "";
}

}  // namespace service
