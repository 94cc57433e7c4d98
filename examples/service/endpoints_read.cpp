// SPDX-License-Identifier: BSL-1.0
#include "application.hpp"
#include "files.hpp"
#include "log.hpp"

#include <jackpot/core/system.hpp>

#include <charconv>
#include <limits>

namespace service {

namespace {

/// A whole number of the query; none where it is another text, or out of range.
std::optional<std::uint64_t> number_of(std::string_view text, std::uint64_t least, std::uint64_t most) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = failed == std::errc() && end == text.data() + text.size();
    return whole && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

struct history_asked {
    jackpot::history_query q{};
    std::string filter{};  ///< as it stands in a link
    std::string_view after{};
};

/// Takes one field of the query, but for `after`. False: there is none of that name, or it has no such value.
bool take_filter(const query_field& field, jackpot::history_query& q) {
    const auto& [name, value] = field;
    const std::pair<std::string_view, std::optional<jackpot::name>*> names[] = {{"group", &q.pool},
                                                                                {"gameId", &q.game},
                                                                                {"userId", &q.player},
                                                                                {"roundId", &q.round},
                                                                                {"siteId", &q.site}};
    for (const auto& [wanted, to] : names) {
        if (name == wanted) {
            *to = value;
            return is_valid(**to);
        }
    }
    if (name == "limit") {
        const auto limit = number_of(value, 1, 1000);
        q.limit = static_cast<std::size_t>(limit.value_or(1));
        return limit.has_value();
    }
    if (name == "kind") {
        q.kind = jackpot::parse_operation_kind(value);
        return q.kind.has_value();
    }
    if (name == "from" || name == "to") {
        auto& time = name == "from" ? q.from : q.to;
        time = parse_rfc3339(value);
        return time.has_value();
    }
    q.newest_first = value == "newest";
    return name == "order" && (value == "newest" || value == "oldest");
}

/// The error is the name that is wrong.
tl::expected<history_asked, std::string> read_history(const std::vector<query_field>& query) {
    history_asked a;
    a.q.limit = 100;
    for (const auto& field : query) {
        const auto& [name, value] = field;
        if (name == "after") {
            a.after = value;
            continue;
        }
        if (!take_filter(field, a.q)) {
            return tl::unexpected(name);
        }
        a.filter += "&" + name + "=" + encode(value);
    }
    if (!a.after.empty()) {
        // A cursor of ours, or the sequence of an operation.
        const auto after =
            a.after.size() == 32
                ? read_cursor(a.after, a.q)
                : number_of(a.after, 0,
                            static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)()));
        if (!after) {
            return tl::unexpected(std::string("after"));
        }
        (a.q.newest_first ? a.q.before : a.q.after) = *after;
    }
    return a;
}

std::string type_of(std::string_view name) {
    const auto ends = [&](std::string_view with) { return name.ends_with(with); };
    return ends(".html")  ? "text/html; charset=utf-8"
           : ends(".css") ? "text/css; charset=utf-8"
           : ends(".js")  ? "text/javascript; charset=utf-8"
           : ends(".svg") ? "image/svg+xml"
           : ends(".png") ? "image/png"
           : ends(".ico") ? "image/x-icon"
                          : "application/json";
}

verdict verdict_of(const json_text& report) {
    const auto status = report.at("status").get<std::string>();
    return status == "pass" ? verdict::pass : status == "warn" ? verdict::warn : verdict::fail;
}

}  // namespace

bool names_tag(std::string_view field_value, std::string_view tag) {
    while (!field_value.empty()) {
        auto one = field_value.substr(0, field_value.find(','));
        field_value.remove_prefix((std::min)(one.size() + 1, field_value.size()));
        one.remove_prefix((std::min)(one.find_first_not_of(' '), one.size()));
        one = one.substr(0, one.find_last_not_of(' ') + 1);
        if (one.starts_with("W/")) {
            one.remove_prefix(2);
        }
        if (one == "*" || (one.size() == tag.size() + 2 && one.front() == '"' && one.back() == '"' &&
                           one.substr(1, tag.size()) == tag)) {
            return true;
        }
    }
    return false;
}

void application::with_states(const exchange_ptr& x, std::function<void(const jackpot::snapshot&)> then) {
    reads_.load([this, x, then = std::move(then)](const jackpot::expected<reads::states>& loaded) {
        if (loaded) {
            return then(**loaded);
        }
        log("warn", to_text(loaded.error()), {{"requestId", x->id}});
        auto p = problem_of(loaded.error());
        p.detail.clear();  // nothing was asked that could have been committed
        answer(*x, p);
    });
}

void application::answer_unless_known(exchange& x, const std::string& tag,
                                      const std::function<json_text()>& body) {
    std::vector<field> fields{{"ETag", "\"" + tag + "\""}};
    if (names_tag(x.asked.get("if-none-match"), tag)) {
        return answer(x, response{.status = 304, .fields = std::move(fields)});
    }
    answer(x, body(), 200, std::move(fields));
}

void application::pools(const exchange_ptr& x) {
    with_states(x, [this, x](const jackpot::snapshot& s) {
        answer_unless_known(*x, tag_of(s), [&] { return pools_json(s); });
    });
}

void application::pool(const exchange_ptr& x) {
    with_states(x, [this, x](const jackpot::snapshot& s) {
        const auto* found = jackpot::detail::find_pool(s.pools, x->where.segment);
        if (found == nullptr) {
            return answer(
                *x, problem_of(jackpot::fail(jackpot::errc::unknown_pool, "pool", x->where.segment).value(),
                               true));
        }
        answer_unless_known(*x, std::to_string(found->version), [&] { return pool_json(*found); });
    });
}

void application::holds(const exchange_ptr& x) {
    with_states(x, [this, x](const jackpot::snapshot& s) {
        const auto* found = jackpot::detail::find_pool(s.pools, x->where.segment);
        if (found == nullptr) {
            return answer(
                *x, problem_of(jackpot::fail(jackpot::errc::unknown_pool, "pool", x->where.segment).value(),
                               true));
        }
        answer_unless_known(*x, std::to_string(found->version), [&] { return holds_json(*found); });
    });
}

void application::statistics(const exchange_ptr& x) {
    with_states(x, [this, x](const jackpot::snapshot& s) {
        const auto body = statistics_json(s);
        if (!body) {
            return answer(*x, body.error());
        }
        answer_unless_known(*x, tag_of(s), [&] { return *body; });
    });
}

void application::game(const exchange_ptr& x) {
    if (!is_valid(jackpot::name(x->where.segment))) {
        return answer(*x, problem_of(jackpot::error{jackpot::errc::invalid_game, "gameId"}));
    }
    with_states(x, [this, x](const jackpot::snapshot& s) { answer(*x, game_json(s, x->where.segment)); });
}

void application::history(const exchange_ptr& x) {
    auto asked = read_history(x->where.query);
    if (!asked) {
        return answer(*x, problem_of("bad_query", asked.error()));
    }
    const auto limit = asked->q.limit++;  // one more tells whether there is a next page
    reads_.history(asked->q, [this, x, limit, asked = *asked](const auto& page) {
        if (!page) {
            log("warn", to_text(page.error()), {{"requestId", x->id}});
            return answer(*x, problem_of(page.error()));
        }
        json_text operations = json_text::array();
        for (std::size_t i = 0; i < (std::min)(limit, page->size()); ++i) {
            operations.push_back(operation_json((*page)[i]));
        }
        json_text body{{"operations", std::move(operations)}};
        std::vector<field> fields;
        if (page->size() > limit) {
            const auto next = cursor_of((*page)[limit - 1].sequence, asked.q);
            body["next"] = next;
            fields.push_back(
                {"Link", "</api/jackpot/history?after=" + next + asked.filter + ">; rel=\"next\""});
        }
        answer(*x, body, 200, std::move(fields));
    });
}

void application::stream(const exchange_ptr& x) {
    if (draining_) {
        return answer(*x, problem_of("draining"));
    }
    if (events_.listeners() >= options_.sse_max) {
        metrics_.limited("streams");
        return answer(*x, problem_of("too_many_streams"));
    }
    response r{.type = "text/event-stream", .fields = {{"X-Accel-Buffering", "no"}}};
    if (x->asked.method == "GET") {
        r.stream = [this, held = events_.place()](std::shared_ptr<listener> l) {
            events_.join(std::move(l), kpis_);
        };
    }
    answer(*x, std::move(r));
}

void application::tell_health(exchange& x) {
    const auto to = x.where.to->to;
    json_text body;
    if (to != endpoint::health_jackpot) {
        body = health_.database();
    }
    if (to != endpoint::health_database) {
        auto jackpot = health_.jackpot(store_.waiting(), options_.waiting_max);
        if (to == endpoint::health_jackpot) {
            body = std::move(jackpot);
        } else {
            body["status"] = to_string((std::max)(verdict_of(body), verdict_of(jackpot)));
            body["checks"].update(jackpot["checks"]);
            body["version"] = SERVICE_VERSION;
            body["uptime"] =
                std::chrono::duration_cast<std::chrono::seconds>(clock::now() - started_).count();
            body["pools"] = std::move(jackpot["pools"]);
        }
    }
    answer(x, response{.status = verdict_of(body) == verdict::fail ? 503 : 200,
                       .type = "application/health+json",
                       .body = body.dump(),
                       .fields = verdict_of(body) == verdict::fail ? std::vector<field>{{"Retry-After", "1"}}
                                                                   : std::vector<field>()});
}

void application::tell_ready(exchange& x) {
    const bool stuck = commits_.in_commit() > std::chrono::seconds(30);
    const auto lines = x.where.to->to == endpoint::livez
                           ? std::string(stuck ? "commit: no end for 30 s\n" : "")
                           : health_.not_ready(store_.waiting(), options_.waiting_max, draining_);
    answer(x, response{
                  .status = lines.empty() ? 200 : 503,
                  .type = "text/plain; charset=utf-8",
                  .body = lines.empty() ? "ok\n" : lines,
                  .fields = lines.empty() ? std::vector<field>() : std::vector<field>{{"Retry-After", "1"}}});
}

void application::tell_metrics(exchange& x) {
    if (x.asked.get("accept").find("application/json") != std::string_view::npos) {
        const auto now = jackpot::system_environment().now();
        return answer(x, json_text{{"at", rfc3339(now)}, {"windowSeconds", 300}, {"kpis", kpis_.to_json()}});
    }
    const auto body = exposition(metrics_, {.queue_waiting = store_.waiting(),
                                            .queue_capacity = options_.waiting_max,
                                            .cancelled = commits_.cancelled(),
                                            .usage = store_.usage(),
                                            .store_up = health_.store_up(),
                                            .audit_clean = health_.meters_sound(),
                                            .states = health_.states().get(),
                                            .listeners = events_.listeners(),
                                            .connections = server_.connections(),
                                            .engine = store_.engine()});
    answer(x, response{.type = "text/plain; version=0.0.4; charset=utf-8", .body = body});
}

void application::send_file(exchange& x) {
    const bool page = x.where.segment.empty();
    const std::string_view name = page ? "index.html" : std::string_view(x.where.segment);
    const auto all = files();
    const auto found = std::find_if(all.begin(), all.end(), [&](const file& f) { return f.name == name; });
    if (found == all.end()) {
        return answer(x, problem_of("not_found"));
    }
    response r{.type = type_of(name),
               .body = std::string(found->bytes),
               .fields = {{"Content-Security-Policy", "default-src 'self'"}}};
    constexpr std::string_view mark = "<!--METERS-->";
    if (const auto at = page ? r.body.find(mark) : std::string::npos; at != std::string::npos) {
        r.body.replace(at, mark.size(), events_.articles());
    } else {
        r.fields.push_back({"ETag", "\"" + std::string(found->digest) + "\""});
        if (names_tag(x.asked.get("if-none-match"), found->digest)) {
            r.status = 304;
            r.body.clear();
        }
    }
    answer(x, std::move(r));
}

}  // namespace service
