// SPDX-License-Identifier: BSL-1.0
#include "metrics.hpp"

#include "router.hpp"

#include <charconv>
#include <ctime>
#include <dirent.h>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace service {

namespace {

constexpr std::size_t groups_max = 1000;
constexpr std::string_view operation_names[] = {"contribute", "win",      "hold",      "confirm", "release",
                                                "revert",     "open",     "configure", "adjust",  "suspend",
                                                "resume",     "transfer", "close"};
constexpr std::string_view limit_names[] = {"headers", "body", "request_time", "streams"};

using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Writes families, a line a sample.
class writer {
public:
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        out.append("# HELP ").append(name).append(" ").append(help);
        out.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
    }
    template <class Number>
    void sample(labels l, Number value) {
        line({}, l, {}, value);
    }
    /// A family of one sample.
    template <class Number>
    void single(std::string_view name, std::string_view type, std::string_view help, Number value) {
        family(name, type, help);
        sample({}, value);
    }
    void buckets(labels l, const histogram& h) {
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < h.bounds().size(); ++i) {
            below += h.counts()[i];
            line("_bucket", l, number(h.bounds()[i]), below);
        }
        line("_bucket", l, "+Inf", h.count());
        line("_sum", l, {}, h.sum());
        line("_count", l, {}, h.count());
    }

    std::string out;

private:
    template <class Number>
    static std::string number(Number value) {
        char text[40];
        return {text, std::to_chars(text, text + sizeof text, value).ptr};
    }
    template <class Number>
    void line(std::string_view suffix, labels l, std::string_view bound, Number value) {
        out.append(name_).append(suffix);
        char before = '{';
        for (const auto& [name, text] : l) {
            label(before, name, text);
        }
        if (!bound.empty()) {
            label(before, "le", bound);
        }
        out.append(before == '{' ? " " : "} ").append(number(value)).append("\n");
    }
    void label(char& before, std::string_view name, std::string_view text) {
        out.append(1, before).append(name).append("=\"");
        for (const char c : text) {
            c == '\\' || c == '"' ? out.append(1, '\\').append(1, c)
            : c == '\n'           ? out.append("\\n")
                                  : out.append(1, c);
        }
        out.append("\"");
        before = ',';
    }

    std::string_view name_;
};

void write_requests(writer& w, const metrics& m) {
    w.family("jackpot_http_requests_total", "counter", "Requests that were answered.");
    for (const auto& [key, count] : m.requests) {
        const auto& [route, method, code] = key;
        w.sample({{"route", route}, {"method", method}, {"code", std::to_string(code)}}, count);
    }
    w.family("jackpot_http_request_duration_seconds", "histogram",
             "From a request's first byte to its answer.");
    for (const auto& [key, h] : m.request_durations) {
        w.buckets({{"route", key.first}, {"method", key.second}}, h);
    }
    w.family("jackpot_operation_duration_seconds", "histogram", "From a parsed request to its answer.");
    for (const auto& [operation, h] : m.operation_durations) {
        w.buckets({{"operation", operation}}, h);
    }
    w.family("jackpot_operations_total", "counter",
             "Operations by their result: ok, replayed, or the error.");
    for (const auto& [key, count] : m.operations) {
        w.sample({{"operation", key.first}, {"result", key.second}}, count);
    }
    w.family("jackpot_limits_total", "counter", "Requests and connections that a limit refused.");
    for (const auto& [limit, count] : m.limits) {
        w.sample({{"limit", limit}}, count);
    }
}

void write_store(writer& w, const metrics& m, const metric_readings& r) {
    w.family("jackpot_commit_duration_seconds", "histogram", "How long a commit took.");
    w.buckets({}, m.commit_duration);
    w.family("jackpot_commit_operations", "histogram", "Requests that one commit answered.");
    w.buckets({}, m.commit_operations);
    w.single("jackpot_queue_waiting", "gauge", "Requests that wait for their commit.", r.queue_waiting);
    w.single("jackpot_queue_capacity", "gauge", "Requests that may wait.", r.queue_capacity);
    w.single("jackpot_queue_refused_total", "counter", "Requests refused because the queue was full.",
             m.refused);
    w.single("jackpot_queue_cancelled_total", "counter", "Requests that waited longer than the deadline.",
             r.cancelled);
    w.single("jackpot_store_connections", "gauge", "Connections to the database.", r.usage.count);
    w.single("jackpot_store_connections_in_use", "gauge", "Connections that somebody uses now.",
             r.usage.in_use);
    w.single("jackpot_store_connections_replaced_total", "counter",
             "Connections that were lost, and made anew.", r.usage.replaced);
    w.single("jackpot_store_up", "gauge", "1 where the last probe was answered in time.", r.store_up ? 1 : 0);
    w.family("jackpot_store_probe_duration_seconds", "histogram", "How long a probe of the store took.");
    w.buckets({}, m.probe_duration);
    w.single("jackpot_audit_clean", "gauge", "1 where the meters of every pool add up.",
             r.audit_clean ? 1 : 0);
    w.family("jackpot_migrations_total", "counter", "Migrations in the migrator's log.");
    w.sample({{"result", "failed"}}, m.migrations_failed);
    w.sample({{"result", "ok"}}, m.migrations_ok);
}

/// A family with a sample for each pool, up to `groups_max`.
template <class Value>
void write_pools(writer& w, const jackpot::snapshot& states, std::string_view name, std::string_view type,
                 std::string_view help, Value value) {
    w.family(name, type, help);
    for (std::size_t i = 0; i < (std::min)(states.pools.size(), groups_max); ++i) {
        w.sample({{"group", states.pools[i].pool.view()}}, value(states.pools[i]));
    }
}

void write_states(writer& w, const jackpot::snapshot& states) {
    w.single("jackpot_journal_sequence", "gauge", "The newest operation of the journal.",
             states.head.sequence);
    write_pools(w, states, "jackpot_pool_current_units", "gauge", "What a win pays, in minor units.",
                [](const auto& p) { return p.current; });
    write_pools(w, states, "jackpot_pool_overflow_units", "gauge", "Set aside above the cap, in minor units.",
                [](const auto& p) { return p.overflow; });
    write_pools(w, states, "jackpot_pool_reserve_units", "gauge",
                "Set aside for the next seed, in minor units.", [](const auto& p) { return p.reserve; });
    write_pools(w, states, "jackpot_pool_held_units", "gauge",
                "Won, and neither confirmed nor released, in minor units.",
                [](const auto& p) { return p.held; });
    write_pools(w, states, "jackpot_pool_funded_units", "gauge", "Put in by the house, in minor units.",
                [](const auto& p) { return p.funded; });
    // No counter, for wagers that are cancelled leave it.
    write_pools(w, states, "jackpot_pool_contributions_units", "gauge",
                "Contributed by wagers, in minor units.",
                [](const auto& p) { return p.total_contributions; });
    write_pools(w, states, "jackpot_pool_wins_units_total", "counter", "Paid by wins, in minor units.",
                [](const auto& p) { return p.total_wins; });
    write_pools(w, states, "jackpot_pool_wins_total", "counter", "Wins.",
                [](const auto& p) { return p.win_count; });
}

std::size_t open_descriptors() {
    std::size_t count = 0;
    if (DIR* folder = opendir("/proc/self/fd")) {
        while (readdir(folder) != nullptr) {
            ++count;
        }
        closedir(folder);
    }
    return count < 3 ? 0 : count - 3;  // without `.`, `..` and the folder itself
}

void write_process(writer& w) {
    static const std::time_t started = std::time(nullptr);
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    long pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    w.single("process_start_time_seconds", "gauge", "When the process was started, since the epoch.",
             started);
    w.single("process_resident_memory_bytes", "gauge", "Memory in use.", pages * sysconf(_SC_PAGESIZE));
    w.single("process_open_fds", "gauge", "Open descriptors.", open_descriptors());
    w.single("process_cpu_seconds_total", "counter", "Processor time.",
             seconds(used.ru_utime) + seconds(used.ru_stime));
}

}  // namespace

metrics::metrics() {
    for (const auto& r : routes()) {
        request_durations.try_emplace({text(r.path), text(r.method)}, duration_bounds);
        for (const int code : {r.success, 400, 404, 500, 503}) {
            requests[{text(r.path), text(r.method), code}];
        }
    }
    for (const auto operation : operation_names) {
        operation_durations.try_emplace(text(operation), duration_bounds);
        for (const auto result : {"ok", "replayed", "unavailable", "overloaded", "conflict", "cancelled"}) {
            operations[{text(operation), result}];
        }
    }
    for (const auto limit : limit_names) {
        limits[text(limit)];
    }
}

void metrics::answered(std::string_view route, std::string_view method, int status, double seconds) {
    ++requests[{text(route), text(method), status}];
    request_durations.try_emplace({text(route), text(method)}, duration_bounds)
        .first->second.observe(seconds);
}

void metrics::operated(std::string_view operation, std::string_view result, double seconds) {
    ++operations[{text(operation), text(result)}];
    operation_durations.try_emplace(text(operation), duration_bounds).first->second.observe(seconds);
}

std::string exposition(const metrics& m, const metric_readings& r) {
    writer w;
    write_requests(w, m);
    write_store(w, m, r);
    if (r.states != nullptr) {
        write_states(w, *r.states);
    }
    w.single("jackpot_sse_clients", "gauge", "Listeners of the events.", r.listeners);
    w.single("jackpot_connections", "gauge", "Open connections.", r.connections);
    w.single("jackpot_sse_dropped_frames_total", "counter", "Frames that a slow listener did not get.",
             m.dropped_frames);
    w.family("jackpot_build_info", "gauge", "1, with what was built.");
    w.sample({{"version", SERVICE_VERSION}, {"revision", SERVICE_REVISION}, {"engine", r.engine}}, 1);
    write_process(w);
    return std::move(w.out);
}

}  // namespace service
