// SPDX-License-Identifier: BSL-1.0
#include "http_listen.hpp"
#include "http_session.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <ctime>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace service {

namespace {

constexpr std::chrono::milliseconds sweep_pause{100};

std::string http_date() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[40];
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return text;
}

using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, asio::io_context::executor_type>;

/// Calls `work` again and again, as long as the context runs.
struct repeated {
    timer pause;
    std::chrono::milliseconds length;
    std::function<void()> work;

    void start() {
        pause.expires_after(length);
        pause.async_wait([this](const auto& failed) {
            if (!failed) {
                work();
                start();
            }
        });
    }
};

asio::ssl::context tls_context(const http_options& o) {
    asio::ssl::context tls(asio::ssl::context::tls_server);
    tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                    asio::ssl::context::no_tlsv1_1);
    tls.use_certificate_chain_file(o.tls_certificate);
    tls.use_private_key_file(o.tls_key, asio::ssl::context::pem);
    if (!o.tls_client_ca.empty()) {
        tls.load_verify_file(o.tls_client_ca);
        tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
    return tls;
}

}  // namespace

struct http_server::core {
    core(http_options o, http_hooks h)
        : options(std::move(o)),
          hooks(std::move(h)),
          owner{options, hooks, closing, date, [this](connection& c) { remove(c); }},
          wait_for_room(io.get_executor()) {
        if (!options.tls_certificate.empty()) {
            tls.emplace(tls_context(options));
        }
    }

    void accept() {
        if (!accepting || all.size() >= options.connections_max) {
            return;  // whoever leaves lets the next one in
        }
        acceptor->async_wait(asio::posix::stream_descriptor::wait_read, [this](const auto& failed) {
            if (!failed) {
                accept_those_there();
            }
        });
    }
    void accept_those_there() {
        // A few at a time: others wait to be served.
        for (int turn = 0; turn < 64 && accepting && all.size() < options.connections_max; ++turn) {
            const int s = accept4(acceptor->native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (s < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
                wait_for_room.expires_after(std::chrono::milliseconds(100));
                wait_for_room.async_wait([this](const auto& failed) {
                    if (!failed) {
                        accept();
                    }
                });
                return;
            }
            if (s < 0) {
                break;
            }
            begin(s);
        }
        full = all.size() >= options.connections_max;
        accept();
    }
    void begin(int s) {
        sockaddr_storage at{};
        socklen_t length = sizeof at;
        getsockname(s, reinterpret_cast<sockaddr*>(&at), &length);
        const int on = 1;
        if (at.ss_family != AF_UNIX) {
            setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        }
        socket_type socket(io);
        socket.assign(asio::generic::stream_protocol(at.ss_family, 0), s);
        if (tls) {
            add(std::make_shared<session<asio::ssl::stream<socket_type>>>(owner, std::move(socket), *tls));
        } else {
            add(std::make_shared<session<socket_type>>(owner, std::move(socket)));
        }
    }
    template <class Session>
    void add(std::shared_ptr<Session> s) {
        s->place = all.insert(all.end(), s.get());
        s->start();
    }
    void remove(connection& c) {
        all.erase(c.place);
        if (std::exchange(full, false)) {
            asio::post(io, [this] { accept(); });
        }
    }

    void sweep() {
        date = http_date();
        const auto now = clock::now();
        for (auto at = all.begin(); at != all.end();) {
            connection& c = **at++;  // it may go
            if (c.deadline <= now) {
                c.deadline = clock::time_point::max();
                c.expire();
            }
        }
    }

    http_options options;
    http_hooks hooks;
    bool closing = false;
    std::string date = http_date();
    session_owner owner;
    connection::places all;
    bool accepting = false;
    bool full = false;
    // Behind what its handlers use when it destroys them.
    asio::io_context io{1};
    std::optional<asio::ssl::context> tls;
    std::optional<asio::posix::stream_descriptor> acceptor;
    std::list<repeated> timers;
    std::list<asio::signal_set> signals;
    timer wait_for_room;
};

http_server::http_server(http_options options, http_hooks hooks)
    : core_(std::make_shared<core>(std::move(options), std::move(hooks))) {
    every(sweep_pause, [c = core_.get()] { c->sweep(); });
}

http_server::~http_server() {
    core_->full = false;  // the last connections that go let nobody in
}

std::string http_server::listen(const std::string& address) {
    auto listening = listen_at(address);
    core_->acceptor.emplace(core_->io, listening.descriptor);
    core_->accepting = true;
    core_->accept();
    return listening.address;
}

void http_server::run() {
    core_->io.run();
}

void http_server::stop() {
    core_->io.stop();
}

void http_server::post(std::function<void()> work) {
    asio::post(core_->io, std::move(work));
}

void http_server::every(std::chrono::milliseconds pause, std::function<void()> work) {
    core_->timers.push_back({timer(core_->io.get_executor()), pause, std::move(work)});
    core_->timers.back().start();
}

void http_server::on_signals(std::vector<int> signals, std::function<void(int)> handler) {
    auto& set = core_->signals.emplace_back(core_->io);
    for (const int signal : signals) {
        set.add(signal);
    }
    // It waits for the next one as long as the server runs.
    auto wait = std::make_shared<std::function<void()>>();
    *wait = [&set, handler = std::move(handler), again = std::weak_ptr(wait)] {
        set.async_wait([handler, self = again.lock()](const auto& failed, int signal) {
            if (!failed) {
                handler(signal);
                (*self)();
            }
        });
    };
    (*wait)();
}

void http_server::close_after_answers() {
    core_->closing = true;
}

void http_server::stop_accepting() {
    core_->accepting = false;
    if (core_->acceptor) {
        core_->acceptor->close();
    }
    for (auto at = core_->all.begin(); at != core_->all.end();) {
        (*at++)->close_if_idle();
    }
}

std::size_t http_server::busy() const {
    return static_cast<std::size_t>(
        std::count_if(core_->all.begin(), core_->all.end(), [](const connection* c) { return c->busy(); }));
}

std::size_t http_server::connections() const {
    return core_->all.size();
}

}  // namespace service
