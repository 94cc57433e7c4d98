// SPDX-License-Identifier: BSL-1.0

// What the service is measured beside: the same contributions by a server with a thread a connection, which
// waits in a `shared_network`. It has the service's settings, reads and writes the same JSON, and does less:
// no metrics, no token, no time limit.
#include "api.hpp"
#include "http_connection.hpp"
#include "http_listen.hpp"
#include "options.hpp"

#include <jackpot/jackpot.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/soci.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>  // Asio 1.74 lacks it in C++20

namespace service { namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using network = jackpot::shared_network<jackpot::soci_storage>;

template <class T>
T value_or_throw(jackpot::expected<T> result) {
    if (!result) {
        throw std::runtime_error(std::string(to_text(result.error()).view()));
    }
    return *std::move(result);
}

struct server {
    explicit server(const options& o)
        : store(value_or_throw(jackpot::soci_storage::open(
              o.url, jackpot::open_mode::create, {.count = static_cast<std::uint32_t>(o.connections)}))),
          jackpots(store, {}, {.batch = o.batch, .waiting_max = o.waiting_max}) {
        std::ifstream file(o.pools_file);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const auto pools = read_pools_file(text).value();
        for (const auto& pool : pools) {
            value_or_throw((jackpots.ensure)(pool));
        }
    }

    static response refuse(const problem& p) {
        return {.status = p.status, .type = "application/problem+json", .body = to_json(p, "-")};
    }
    response answer(const std::string& method, const std::string& target, const std::string& body) {
        if (method == "GET" && target == "/api/jackpot/pools") {
            jackpot::snapshot states;
            const auto loaded = store.load(states);
            return loaded ? response{.body = pools_json(states).dump()} : refuse(problem_of(loaded.error()));
        }
        if (method != "POST" || target != "/api/jackpot/contribute") {
            return refuse(problem_of("not_found"));
        }
        const auto asked = read_contribute(body);
        if (!asked) {
            return refuse(asked.error());
        }
        const auto receipt = jackpots.contribute(std::get<jackpot::contribute_request>(*asked));
        return receipt ? response{.body = contributed(*receipt).dump()} : refuse(problem_of(receipt.error()));
    }

    jackpot::soci_storage store;
    network jackpots;
    asio::io_context io;  // a socket wants one; nobody runs it
};

void serve(server& of, int descriptor) {
    asio::ip::tcp::socket socket(of.io, asio::ip::tcp::v4(), descriptor);
    boost::beast::flat_buffer buffer;
    boost::system::error_code failed;
    for (bool keeps = true; keeps;) {
        http::request_parser<http::string_body> parser;
        parser.header_limit(8 * 1024);
        parser.body_limit(64 * 1024);
        http::read(socket, buffer, parser, failed);
        if (failed) {
            return;
        }
        const auto& asked = parser.get();
        keeps = asked.keep_alive();
        const auto r =
            of.answer(std::string(asked.method_string()), std::string(asked.target()), asked.body());
        const auto reason = http::obsolete_reason(static_cast<http::status>(r.status));
        const auto text =
            head_of(r, {reason.data(), reason.size()}, "Thu, 01 Jan 1970 00:00:00 GMT", !keeps) + r.body;
        asio::write(socket, asio::buffer(text), failed);
        keeps = keeps && !failed;
    }
}

int run(int count, char** words) {
    std::vector<std::string> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        environment.emplace_back(*entry);
    }
    const auto o = read_options({words + 1, static_cast<std::size_t>(count) - 1}, environment);
    if (!o) {
        std::cerr << o.error() << '\n';
        return 2;
    }
    server all(*o);
    const int listens = listen_at(o->listen).descriptor;
    fcntl(listens, F_SETFL, 0);  // it waits
    for (;;) {
        const int s = accept(listens, nullptr, nullptr);
        if (s < 0) {
            std::cerr << std::strerror(errno) << '\n';
            return 1;
        }
        const int on = 1;
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::thread(serve, std::ref(all), s).detach();
    }
}

}}  // namespace service

int main(int count, char** words) {
    try {
        return service::run(count, words);
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
