// SPDX-License-Identifier: BSL-1.0

// Jackpots over HTTP: README.md says what it answers, and what it needs.
// Exit codes: 0 ended in order, 1 cannot start or had to cut requests, 2 usage, 130 a second signal.
#include "drain.hpp"
#include "http_listen.hpp"
#include "log.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>

namespace service { namespace {

/// As many descriptors as this process may have: each client takes one.
void raise_limits() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

[[noreturn]] void give_up(const std::string& why) {
    throw std::runtime_error(why);
}

void open_pools(ledger& store, const std::string& file_name) {
    if (file_name.empty()) {
        return;
    }
    std::ifstream file(file_name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto pools = read_pools_file(text);
    if (!pools) {
        give_up(file_name + ": " + std::string(pools.error().title) + ": " + pools.error().detail);
    }
    for (const auto& pool : *pools) {
        if (const auto there = store.ensure(pool); !there) {
            give_up(file_name + ": " + std::string(to_text(there.error()).view()));
        }
    }
}

http_options http_options_of(const options& o) {
    using ms = std::chrono::milliseconds;
    return {.header_max = o.header_max,
            .connections_max = o.connections_max,
            .request_timeout = ms(o.request_timeout_ms),
            .idle_timeout = ms(o.idle_timeout_ms),
            .write_timeout = ms(o.write_timeout_ms),
            .tls_certificate = o.tls_cert,
            .tls_key = o.tls_key,
            .tls_client_ca = o.tls_client_ca};
}

int serve(const options& o) {
    auto store = open_ledger({o.url, static_cast<std::uint32_t>(o.connections), o.batch, o.waiting_max});
    if (!store) {
        give_up(std::string(to_text(store.error()).view()));
    }
    open_pools(**store, o.pools_file);
    for (const auto& loss : (*store)->durability()) {
        log("warn", loss);
    }

    application* app = nullptr;
    http_server server(
        http_options_of(o),
        {.handle = [&](request&& r, reply send) { app->handle(std::move(r), std::move(send)); },
         .refuse = [&](std::string_view code) { return app->refuse(code); },
         .body_max = [&](std::string_view target) { return app->body_max(target); }});
    application jackpots(o, **store, server);
    app = &jackpots;
    if (const auto read = jackpots.read_tokens(); !read) {
        give_up(read.error());
    }
    auto address = inherited_socket();
    address = address.empty() ? o.listen : address;
    if (!is_local(address) && !jackpots.has_tokens() && !o.insecure) {
        give_up("others can connect to " + address +
                ", and there are no tokens: set JACKPOT_TOKENS_FILE, or --insecure");
    }
    drain ending(server, jackpots, o);
    server.on_signals({SIGTERM, SIGINT}, [&](int) { ending.begin(); });
    server.on_signals({SIGHUP}, [&](int) {
        const auto read = jackpots.read_tokens();
        log(read ? "info" : "error", read ? "the tokens were read again" : read.error());
    });
    address = server.listen(address);
    std::cout << "listening on " << (o.tls_cert.empty() ? "http://" : "https://") << address << std::endl;
    log("info", "listening", {{"address", address}, {"store", (*store)->shown()}});
    notify("READY=1");
    server.run();
    return ending.exit_code();
}

int run(int count, char** words) {
    std::vector<std::string> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        environment.emplace_back(*entry);
    }
    const auto o = read_options({words + 1, static_cast<std::size_t>(count) - 1}, environment);
    if (!o) {
        std::cerr << "jackpot-service: " << o.error() << '\n';
        return 2;
    }
    if (o->help || o->check) {
        std::cout << (o->help ? help_text() : show(*o));
        return 0;
    }
    log_as_json(o->log == "json");
    // A client that went, and a full disk, are errors to report.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    raise_limits();
    try {
        return serve(*o);
    } catch (const std::exception& e) {
        log("error", e.what());
        return 1;
    }
}

}  // namespace

}  // namespace service

int main(int count, char** words) {
    return service::run(count, words);
}
