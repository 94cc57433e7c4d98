// SPDX-License-Identifier: BSL-1.0

// Clients of the service, all on one thread: keep-alive connections that post contributions and wins one
// after the other, listeners of the events, and connections that only stay. Prints what they got, as JSON. An
// answer other than 200, and a connection that ends too early, is an error.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <utility>  // Asio 1.74 lacks it in C++20
#include <vector>

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using json = nlohmann::ordered_json;
using clock_type = std::chrono::steady_clock;
using failure = boost::system::error_code;

struct settings {
    std::uint16_t port = 3000;
    std::size_t connections = 64;
    std::size_t listeners = 0;
    std::size_t idle = 0;
    double seconds = 5;
    double wins = 0;  ///< share of the posts
};

std::string post(std::string_view path, const std::string& body) {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string contribution_of(std::size_t player) {
    return post(
        "/api/jackpot/contribute",
        json{{"gameId", "load"}, {"wagerAmount", 1000}, {"userId", "player-" + std::to_string(player)}}
            .dump());
}

std::string win_of(std::size_t player) {
    return post(
        "/api/jackpot/win",
        json{{"group", "minor"}, {"gameId", "load"}, {"userId", "player-" + std::to_string(player)}}.dump());
}

/// How long the answers of one kind took.
struct latencies {
    std::vector<float> ms;

    json to_json() {
        json all{{"count", ms.size()}};
        std::sort(ms.begin(), ms.end());
        for (const auto& [name, share] : {std::pair("p50", 0.5), {"p95", 0.95}, {"p99", 0.99}}) {
            all[name] = ms.empty()
                            ? json(nullptr)
                            : json(ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))]);
        }
        return all;
    }
};

/// What all clients share.
struct load {
    explicit load(const settings& s) : set(s) {}

    void fail(const std::string& why) { ++errors[why]; }

    settings set;
    asio::io_context io{1};
    std::size_t posting = 0;
    bool ending = false;  ///< nothing more is posted, and a connection that ends is no error
    latencies contributions, wins;
    std::uint64_t frames = 0;
    std::map<std::string, std::uint64_t> errors;
};

/// A connection. It lives until the end, so that handlers hold no share of it.
class client {
public:
    explicit client(load& of) : all_(of), socket_(of.io) {}
    virtual ~client() = default;
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    void connect(std::function<void()> then) {
        socket_ = tcp::socket(all_.io);
        socket_.async_connect({asio::ip::address_v4::loopback(), all_.set.port},
                              [this, then = std::move(then)](const failure& f) {
                                  if (f) {
                                      all_.fail("connect: " + f.message());
                                  } else {
                                      socket_.set_option(tcp::no_delay(true));
                                      connected_ = true;
                                  }
                                  then();
                              });
    }
    void start() {
        if (connected_) {
            begin();
        }
    }

protected:
    virtual void begin() = 0;

    /// Reads until the connection ends, and says so where that is too early.
    template <class Hear>
    void read_on(Hear hear) {
        socket_.async_read_some(asio::buffer(bytes_), [this, hear](const failure& f, std::size_t count) {
            if (!f) {
                hear(std::string_view(bytes_.data(), count));
                read_on(hear);
            } else if (!all_.ending) {
                all_.fail("closed: " + f.message());
            }
        });
    }

    load& all_;
    tcp::socket socket_;
    std::array<char, 4096> bytes_{};

private:
    bool connected_ = false;
};

class idler final : public client {
public:
    using client::client;

private:
    void begin() override {
        read_on([](std::string_view) {});
    }
};

class listener final : public client {
public:
    using client::client;

private:
    void begin() override {
        static constexpr std::string_view request = "GET /api/jackpot/events HTTP/1.1\r\nHost: x\r\n\r\n";
        asio::async_write(socket_, asio::buffer(request), [](const failure&, std::size_t) {});
        read_on([this](std::string_view heard) {
            if (std::exchange(first_, false) && !heard.starts_with("HTTP/1.1 200 ")) {
                all_.fail("listener: " + std::string(heard.substr(9, 3)));
            }
            // A frame ends with an empty line.
            for (const char c : heard) {
                all_.frames += c == '\n' && last_ == '\n' ? 1 : 0;
                last_ = c;
            }
        });
    }

    bool first_ = true;
    char last_ = 0;
};

class poster final : public client {
public:
    poster(load& of, std::size_t number)
        : client(of),
          contribution_(contribution_of(number)),
          win_(win_of(number)),
          // Not all win at once.
          won_(static_cast<double>(number) / static_cast<double>(of.set.connections)) {}

private:
    void begin() override {
        ++all_.posting;
        next();
    }
    void next() {
        if (all_.ending) {
            return leave();
        }
        won_ += all_.set.wins;
        is_win_ = won_ >= 1;
        won_ -= is_win_ ? 1 : 0;
        got_.clear();
        size_ = 0;
        sent_ = clock_type::now();
        asio::async_write(socket_, asio::buffer(is_win_ ? win_ : contribution_),
                          [this](const failure& f, std::size_t) { f ? give_up(f) : read(); });
    }
    void read() {
        socket_.async_read_some(asio::buffer(bytes_), [this](const failure& f, std::size_t count) {
            if (f) {
                return give_up(f);
            }
            got_.append(bytes_.data(), count);
            size_ = size_ == 0 ? size_of(got_) : size_;
            size_ == 0 || got_.size() < size_ ? read() : take();
        });
    }
    /// The length of an answer, of which the head is there; 0 where it is not.
    static std::size_t size_of(std::string_view answer) {
        static constexpr std::string_view field = "\r\nContent-Length: ";
        const auto end = answer.find("\r\n\r\n");
        const auto length = answer.find(field);
        std::size_t body = 0;
        if (end == answer.npos || length > end) {
            return 0;
        }
        std::from_chars(answer.data() + length + field.size(), answer.data() + end, body);
        return end + 4 + body;
    }
    void take() {
        const std::chrono::duration<float, std::milli> took = clock_type::now() - sent_;
        const std::string_view answer(got_);
        if (!answer.starts_with("HTTP/1.1 200 ")) {
            all_.fail("status " + std::string(answer.substr(9, 3)));
        } else {
            (is_win_ ? all_.wins : all_.contributions).ms.push_back(took.count());
        }
        // After its ten thousandth request the service closes a connection.
        if (answer.find("\r\nConnection: close\r\n") != answer.npos) {
            connect([this] { socket_.is_open() ? next() : leave(); });
        } else {
            next();
        }
    }
    void give_up(const failure& f) {
        all_.fail("closed: " + f.message());
        leave();
    }
    void leave() {
        if (--all_.posting == 0 && all_.ending) {
            all_.io.stop();
        }
    }

    std::string contribution_;
    std::string win_;
    double won_;
    bool is_win_ = false;
    std::string got_;
    std::size_t size_ = 0;
    clock_type::time_point sent_{};
};

/// Connects all clients, some at a time, and starts them together.
class crowd {
public:
    explicit crowd(load& all) : all_(all), timer_(all.io) {
        const auto& set = all.set;
        for (std::size_t i = 0; i < set.idle; ++i) {
            clients_.push_back(std::make_unique<idler>(all));
        }
        for (std::size_t i = 0; i < set.listeners; ++i) {
            clients_.push_back(std::make_unique<listener>(all));
        }
        for (std::size_t i = 0; i < set.connections; ++i) {
            clients_.push_back(std::make_unique<poster>(all, i));
        }
        for (int at_once = 0; at_once < 256; ++at_once) {
            connect_one();
        }
    }

    /// How long the posts took.
    double run() {
        all_.io.run();
        if (all_.posting > 0) {
            all_.errors["no answer"] += all_.posting;
        }
        return std::chrono::duration<double>(clock_type::now() - began_).count();
    }

private:
    static constexpr std::chrono::seconds patience{30};

    void connect_one() {
        if (next_ == clients_.size()) {
            return;
        }
        clients_[next_++]->connect([this] {
            if (++settled_ == clients_.size()) {
                start();
            }
            connect_one();
        });
    }
    void start() {
        began_ = clock_type::now();
        for (const auto& c : clients_) {
            c->start();
        }
        timer_.expires_after(std::chrono::duration_cast<clock_type::duration>(
            std::chrono::duration<double>(all_.set.seconds)));
        timer_.async_wait([this](const failure&) { end(); });
    }
    void end() {
        all_.ending = true;
        if (all_.posting == 0) {
            return all_.io.stop();
        }
        timer_.expires_after(patience);
        timer_.async_wait([this](const failure&) { all_.io.stop(); });
    }

    load& all_;
    asio::steady_timer timer_;
    std::vector<std::unique_ptr<client>> clients_;
    std::size_t next_ = 0;
    std::size_t settled_ = 0;
    clock_type::time_point began_{};
};

/// Each connection is a descriptor.
void raise_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
    settings set;
    CLI::App app("Posts to the service on many connections, and prints what came of it as JSON");
    app.add_option("--port", set.port, "On 127.0.0.1")->capture_default_str();
    app.add_option("--connections", set.connections, "That post, each one request after the other")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--listeners", set.listeners, "Connections that read the events");
    app.add_option("--idle", set.idle, "Connections that only stay");
    app.add_option("--seconds", set.seconds)->capture_default_str();
    app.add_option("--wins", set.wins, "Share of the posts that are wins")->check(CLI::Range(0.0, 1.0));
    CLI11_PARSE(app, argc, argv);
    raise_limit();

    load all(set);
    const double seconds = crowd(all).run();
    const auto acknowledged = all.contributions.ms.size() + all.wins.ms.size();
    std::cout << json{{"acknowledged", acknowledged},
                      {"seconds", seconds},
                      {"requests_per_second", static_cast<double>(acknowledged) / seconds},
                      {"errors", all.errors},
                      {"frames", all.frames},
                      {"contributions_ms", all.contributions.to_json()},
                      {"wins_ms", all.wins.to_json()}}
                     .dump()
              << std::endl;
}
