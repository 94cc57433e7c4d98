// SPDX-License-Identifier: BSL-1.0
#include "application.hpp"

#include "log.hpp"

#include <jackpot/core/system.hpp>

#include <cstdio>

namespace service {

namespace {

bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '_' || c == '-';
    });
}

std::string new_request_id() {
    static jackpot::system_environment world;
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(world.random()));
    return text;
}

response problem_response(const problem& p, std::string_view id) {
    response r{.status = p.status, .type = "application/problem+json", .body = to_json(p, id)};
    if (p.retry_after_s > 0) {
        r.fields.push_back({"Retry-After", std::to_string(p.retry_after_s)});
    }
    if (p.status == 401) {
        r.fields.push_back({"WWW-Authenticate", "Bearer"});
    }
    return r;
}

void add_common(response& r, std::string_view id, bool cacheable) {
    r.fields.push_back({"X-Request-Id", std::string(id)});
    r.fields.push_back({"X-Content-Type-Options", "nosniff"});
    r.fields.push_back({"Cache-Control", cacheable ? "no-cache" : "no-store"});
}

/// application/json, with charset=utf-8 at most.
bool is_json(std::string_view type) {
    std::string text;
    for (const char c : type) {
        if (c != ' ' && c != '"') {
            text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        }
    }
    return text == "application/json" || text == "application/json;charset=utf-8";
}

bool accepts_json(std::string_view accept) {
    return accept.empty() || accept.find("*/*") != accept.npos || accept.find("application/") != accept.npos;
}

}  // namespace

application::application(const options& o, ledger& store, http_server& server)
    : options_(o),
      store_(store),
      server_(server),
      commits_(
          store, [&server](auto work) { server.post(std::move(work)); },
          std::chrono::milliseconds(o.commit_timeout_ms)),
      reads_(
          store, [&server](auto work) { server.post(std::move(work)); },
          std::chrono::milliseconds(o.commit_timeout_ms)),
      health_(reads_, store, kpis_) {
    commits_.on_commit = [this](const commit_facts& f) {
        metrics_.commit_duration.observe(f.took.count());
        metrics_.commit_operations.observe(static_cast<double>(f.operations));
    };
    health_.on_states = [this](const reads::states& states, double seconds) {
        metrics_.probe_duration.observe(seconds);
        events_.hear(*states);
    };
    start_timers(server);
}

std::size_t application::body_max(std::string_view target) const {
    return target.starts_with("/api/jackpot/contribute/batch") ? options_.batch_body_max : options_.body_max;
}

void application::begin_drain() {
    draining_ = true;
}

response application::refuse(std::string_view code) {
    const auto p = problem_of(code);
    const std::pair<std::string_view, std::string_view> limits[] = {{"headers_too_large", "headers"},
                                                                    {"uri_too_long", "headers"},
                                                                    {"payload_too_large", "body"},
                                                                    {"request_timeout", "request_time"}};
    for (const auto& [refused, limit] : limits) {
        if (code == refused) {
            metrics_.limited(limit);
        }
    }
    metrics_.answered("none", "none", p.status, 0);
    kpis_.answered(p.status);
    const auto id = new_request_id();
    auto r = problem_response(p, id);
    add_common(r, id, false);
    return r;
}

void application::answer(exchange& x, response r) {
    const bool get = x.asked.method == "GET" || x.asked.method == "HEAD";
    if (r.status >= 500) {
        log("error", "a request failed",
            {{"requestId", x.id},
             {"method", x.asked.method},
             {"path", x.asked.target.substr(0, x.asked.target.find('?'))},
             {"status", std::to_string(r.status)}});
    }
    add_common(r, x.id, get);
    const auto seconds = seconds_since(x.asked.begun);
    const auto* to = x.where.to;
    metrics_.answered(to == nullptr ? "none" : to->path, to == nullptr ? "none" : to->method, r.status,
                      seconds);
    // What health and readiness say of the service is no failure of its own.
    const bool is_check = to != nullptr && to->to >= endpoint::health && to->to <= endpoint::readyz;
    if (!is_check) {
        kpis_.answered(r.status);
    }
    const auto send = std::move(x.send);
    send(std::move(r));
}

void application::answer(exchange& x, const problem& p) {
    auto r = problem_response(p, x.id);
    if (p.status == 405) {
        r.fields.push_back({"Allow", x.where.allow});
    }
    answer(x, std::move(r));
}

void application::answer(exchange& x, const json_text& body, int status, std::vector<field> fields) {
    answer(x, response{.status = status, .body = body.dump(), .fields = std::move(fields)});
}

std::optional<problem> application::authorize(exchange& x) const {
    if (tokens_.empty() || x.where.to->needs == scope::none) {
        return std::nullopt;
    }
    const auto* holder =
        x.asked.count("authorization") == 1 ? tokens_.find(bearer(x.asked.get("authorization"))) : nullptr;
    if (holder == nullptr) {
        return problem_of("unauthorized");
    }
    x.tenant = holder->name;
    return holder->may(x.where.to->needs) ? std::nullopt : std::optional(problem_of("forbidden"));
}

void application::handle(request&& asked, reply send) {
    const auto x = std::make_shared<exchange>(
        exchange{.asked = std::move(asked), .send = std::move(send), .where = {}, .id = {}});
    const auto id = x->asked.get("x-request-id");
    x->id = is_request_id(id) ? std::string(id) : new_request_id();
    x->where = find_route(x->asked.method, x->asked.target);
    if (!x->where.wrong.empty()) {
        return answer(*x, problem_of(x->where.wrong));
    }
    if (x->where.to == nullptr) {
        return answer(*x, response{.status = 204, .fields = {{"Allow", x->where.allow}}});
    }
    if (const auto refused = authorize(*x)) {
        return answer(*x, *refused);
    }
    x->where.to->method == "GET" ? dispatch(x) : dispatch_write(x);
}

void application::dispatch(const exchange_ptr& x) {
    const auto to = x->where.to->to;
    if (to < endpoint::events && !accepts_json(x->asked.get("accept"))) {
        return answer(*x, problem_of("not_acceptable"));
    }
    switch (to) {
        case endpoint::pools:
            return pools(x);
        case endpoint::pool:
            return pool(x);
        case endpoint::holds:
            return holds(x);
        case endpoint::statistics:
            return statistics(x);
        case endpoint::game:
            return game(x);
        case endpoint::history:
            return history(x);
        case endpoint::events:
            return stream(x);
        case endpoint::health:
        case endpoint::health_database:
        case endpoint::health_jackpot:
            return tell_health(*x);
        case endpoint::livez:
        case endpoint::readyz:
            return tell_ready(*x);
        case endpoint::metrics:
            return tell_metrics(*x);
        default:
            return send_file(*x);
    }
}

void application::dispatch_write(const exchange_ptr& x) {
    const auto& body = x->asked.body;
    if (!accepts_json(x->asked.get("accept"))) {
        return answer(*x, problem_of("not_acceptable"));
    }
    if (x->asked.count("content-encoding") > 0 || (!body.empty() && !is_json(x->asked.get("content-type")))) {
        return answer(*x, problem_of("unsupported_media_type"));
    }
    const auto& name = x->where.segment;
    const auto change = [name](const jackpot::receipt& r) { return changed(name, r); };
    switch (x->where.to->to) {
        case endpoint::contribute:
            return operate(x, "contribute", read_contribute(body), contributed);
        case endpoint::batch:
            return batch(x);
        case endpoint::win:
            return operate(x, "win", read_win(body), {});
        case endpoint::hold:
            return operate(x, "hold", read_hold(body), {});
        case endpoint::confirm:
            return operate(x, "confirm", read_confirm(name, body), {});
        case endpoint::release:
            return operate(x, "release", read_release(name, body), done);
        case endpoint::revert:
            return revert(x);
        case endpoint::transfer:
            return operate(x, "transfer", read_transfer(body), done);
        case endpoint::close:
            return operate(x, "close", read_close(name, body), done);
        case endpoint::open:
            return operate(x, "open", read_open(body), {});
        case endpoint::configure:
            return configure(x);
        case endpoint::adjust:
            return operate(x, "adjust", read_adjust(name, body), change);
        case endpoint::suspend:
            return operate(x, "suspend", read_suspend(name, body), change);
        case endpoint::resume:
            return operate(x, "resume", read_resume(name, body), change);
        default:
            if (const auto wrong = read_nothing(body)) {
                return answer(*x, *wrong);
            }
            return seal(x, x->where.to->to == endpoint::seal);
    }
}

}  // namespace service
