// SPDX-License-Identifier: BSL-1.0
#include "figures.hpp"

#include "many_pools.hpp"
#include "migration.hpp"
#include "plan.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <stdexcept>

namespace bench {

namespace {

using nlohmann::ordered_json;
using clock = std::chrono::steady_clock;

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// What each repetition gave.
struct series {
    std::vector<double> ours{};
    std::vector<double> baseline{};
};

class figures {
public:
    explicit figures(const options& o) : o_(o) {}

    ordered_json run() {
        for (const contest& c : contests()) {
            if (wanted(c.id, c.engine)) {
                compare(c);
            }
        }
        for (const std::string engine : {"postgresql", "sqlite"}) {
            for (const std::uint64_t size : o_.replicated) {
                if (wanted(engine + "_replication", engine)) {
                    replicate(engine, size);
                }
            }
        }
        for (const std::string engine : {"sqlite", "postgresql", "mysql"}) {
            if (wanted(engine + "_growth", engine)) {
                grow(engine);
            }
        }
        for (const std::string engine : {"sqlite", "postgresql", "mysql"}) {
            if (wanted(engine + "_many_load", engine)) {
                load_pools(engine);
            }
            if (wanted(engine + "_many_commit", engine)) {
                commit_to_many(engine);
            }
        }
        if (o_.servers.size() == 3 && std::string("migration").find(o_.only) != std::string::npos) {
            migrate();
        }
        return std::move(results_);
    }

private:
    [[nodiscard]] bool wanted(const std::string& id, const std::string& engine) const {
        return o_.servers.count(engine) != 0 && id.find(o_.only) != std::string::npos;
    }

    /// Runs both in turns, the one that begins changing each time.
    template <class Ours, class Baseline>
    static void alternate(std::size_t times, Ours&& ours, Baseline&& baseline) {
        for (std::size_t i = 0; i < times; ++i) {
            if (i % 2 == 0) {
                ours();
                baseline();
            } else {
                baseline();
                ours();
            }
        }
    }

    /// Adds a result; those that no target knows are points of curves.
    void add(const std::string& id, const series& s, ordered_json more) {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < s.ours.size(); ++i) {
            ratios.push_back(s.ours[i] / s.baseline[i]);
        }
        const double ratio = median(ratios);
        ordered_json result = {{"id", id}};
        const target* t = target_of(id);
        std::string verdict;
        if (t != nullptr) {
            result.update({{"what", t->what}, {"against", t->against}, {"unit", t->unit}});
            if (t->direction != ' ') {
                const bool met = t->direction == '>' ? ratio >= t->bound : ratio <= t->bound;
                result.update(
                    {{"target", (t->direction == '>' ? ">=" : "<=")}, {"bound", t->bound}, {"met", met}});
                verdict = met ? "met" : "missed";
            }
        }
        result.update({{"ours", {{"median", median(s.ours)}, {"values", s.ours}}},
                       {"baseline", {{"median", median(s.baseline)}, {"values", s.baseline}}},
                       {"ratio", {{"median", ratio}, {"values", ratios}}}});
        result.update(more);
        std::printf("%-32s %s %12.1f %12.1f %8.3f %s\n", id.c_str(),
                    more.contains("x") ? more["x"].dump().c_str() : "", median(s.ours), median(s.baseline),
                    ratio, verdict.c_str());
        std::fflush(stdout);
        results_.push_back(std::move(result));
    }

    /// The values of both sides, by their sums; the program ends where one is wrong.
    ordered_json checked(const place& at, const counts& told) const {
        char sum[32];
        std::snprintf(sum, sizeof sum, "%016lx", static_cast<unsigned long>(check(at.url(), told)));
        if (o_.audit) {
            audit(at.url());
        }
        return {{"wagers", told.wagers}, {"amount", told.amount}, {"checksum", sum}};
    }

    void compare(const contest& c) {
        const std::string& server = o_.servers.at(c.engine);
        place ours_at(server, "ours");
        place baseline_at(server, "baseline");
        runner ours(ours_at.url(), c.ours);
        runner baseline(baseline_at.url(), c.baseline);
        constexpr double parts[] = {0.5, 0.9, 0.99, 0.999};
        counts told[2];
        series rates;
        series cpu;
        series slowest;
        series percentiles[std::size(parts)];
        const auto note = [&](outcome& got, counts& all, std::vector<double> series::*of) {
            (rates.*of).push_back(got.rate());
            (cpu.*of).push_back(got.cpu_us());
            (slowest.*of).push_back(of == &series::ours ? got.slowest : 1);
            const auto values = got.percentiles_us(parts);
            for (std::size_t i = 0; i < values.size(); ++i) {
                (percentiles[i].*of).push_back(values[i]);
            }
            all.add(got);
        };
        // In slices of 0.1 s: what else the machine does meets both alike. Processes start too slowly for
        // that.
        const std::size_t slices =
            c.ours.processes > 1 ? 1 : std::max<std::size_t>(1, static_cast<std::size_t>(o_.seconds * 10));
        // A point of a curve that has no target need not be as certain.
        const std::size_t repetitions =
            target_of(c.id) == nullptr && !c.curve.empty() ? (o_.repetitions + 1) / 2 : o_.repetitions;
        const limit until{.seconds = o_.seconds / static_cast<double>(slices)};
        for (std::size_t i = 0; i < repetitions; ++i) {
            outcome got[2];
            alternate(
                slices, [&] { got[0].add(ours.run(until)); }, [&] { got[1].add(baseline.run(until)); });
            note(got[0], told[0], &series::ours);
            note(got[1], told[1], &series::baseline);
        }
        const bool waiting = c.ours.by == side::async_network;
        ordered_json more = {{"engine", c.engine}};
        if (waiting) {
            more["cpu_us"] = {{"ours", median(cpu.ours)}, {"baseline", median(cpu.baseline)}};
        }
        if (!c.curve.empty()) {
            more.update({{"curve", c.curve}, {"x", c.x}});
        }
        more["checks"] = {{"ours", checked(ours_at, told[0])}, {"baseline", checked(baseline_at, told[1])}};
        if ((c.ours.batch == 1 || waiting) && c.ours.processes == 1 && c.baseline.batch == 1) {
            for (std::size_t i = 0; i < std::size(parts); ++i) {
                more["percentiles_us"]["part"].push_back(parts[i]);
                more["percentiles_us"]["ours"].push_back(median(percentiles[i].ours));
                more["percentiles_us"]["baseline"].push_back(median(percentiles[i].baseline));
            }
        }
        add(c.id, rates, more);
        if (target_of(c.id + ".p99") != nullptr) {
            add(c.id + ".p99", percentiles[2], {{"engine", c.engine}});
        }
        if (target_of(c.id + ".cpu") != nullptr) {
            add(c.id + ".cpu", cpu, {{"engine", c.engine}});
        }
        if (c.ours.processes > 1) {
            add(c.id + ".slowest", slowest, {{"engine", c.engine}});
        }
    }

    template <class Work>
    static double seconds_of(Work&& work) {
        const auto start = clock::now();
        work();
        return std::chrono::duration<double>(clock::now() - start).count();
    }

    void replicate(const std::string& engine, std::uint64_t size) {
        const auto from = make_source(size);
        place ours_at(o_.servers.at(engine), "ours");
        place baseline_at(o_.servers.at(engine), "baseline");
        const auto amount = from->amount();
        ours_at.clear();
        make_tables(ours_at.url());
        static_cast<void>(from->replicate(ours_at.url()));
        const auto load_rows = open_raw(ours_at.url())->dump();
        series rates;
        const auto rows = static_cast<double>(size + 1);
        alternate(
            o_.repetitions,
            [&] {
                ours_at.clear();
                make_tables(ours_at.url());
                rates.ours.push_back(rows / from->replicate(ours_at.url()));
            },
            [&] {
                baseline_at.clear();
                make_tables(baseline_at.url());
                const auto to = open_raw(baseline_at.url());
                rates.baseline.push_back(rows / seconds_of([&] { load_rows(*to); }));
            });
        const counts told{.wagers = size, .amount = amount};
        ordered_json more = {{"engine", engine}, {"curve", "replication"}, {"x", size}};
        more["checks"] = {{"ours", checked(ours_at, told)}, {"baseline", checked(baseline_at, told)}};
        more["compare_seconds"] = seconds_of([&] { from->compare(ours_at.url()); });
        more["audit_seconds"] = seconds_of([&] { audit(ours_at.url()); });
        from->compare(baseline_at.url());
        add(engine + "_replication", rates, more);
    }

    /// Stores of every size side by side, each as a preload left it: half of its wagers have a key.
    void grow(const std::string& engine) {
        struct grown {
            std::unique_ptr<place> at;
            std::unique_ptr<runner> by;
            counts told;
            series cost[2];  // unkeyed, keyed: in this store, and in the smallest at about the same time
        };
        std::vector<grown> stores;
        for (const std::uint64_t size : o_.grown) {
            grown& g = stores.emplace_back();
            g.at = std::make_unique<place>(o_.servers.at(engine), "grown_" + std::to_string(size));
            const auto batch = std::min<std::size_t>(5000, std::max<std::size_t>(1, size / 2));
            runner bulk(g.at->url(), {.by = side::baseline, .batch = batch});
            for (const bool keyed : {false, true}) {
                g.told.add(bulk.run({.wagers = size / 2, .keyed = keyed}));
            }
            open_raw(g.at->url())->settle();
            g.by = std::make_unique<runner>(g.at->url(), load{.by = side::network});
        }
        std::vector<std::size_t> turns(stores.size());
        std::iota(turns.begin(), turns.end(), std::size_t(0));
        const auto wagers = std::max<std::uint64_t>(20, static_cast<std::uint64_t>(o_.seconds * 500));
        for (std::size_t i = 0; i < o_.repetitions; ++i) {
            for (const bool keyed : {false, true}) {
                for (const std::size_t turn : turns) {
                    grown& g = stores[turn];
                    const outcome got = g.by->run({.wagers = wagers, .keyed = keyed});
                    g.told.add(got);
                    g.cost[keyed].ours.push_back(1e6 / got.rate());
                }
                for (grown& g : stores) {
                    g.cost[keyed].baseline.push_back(stores.front().cost[keyed].ours.back());
                }
                std::rotate(turns.begin(), turns.begin() + 1, turns.end());
            }
        }
        for (std::size_t i = 0; i < stores.size(); ++i) {
            ordered_json more = {{"engine", engine}, {"curve", "growth"}, {"x", o_.grown[i]}};
            more["checks"]["ours"] = checked(*stores[i].at, stores[i].told);
            for (const bool keyed : {false, true}) {
                add(engine + (keyed ? "_growth_keyed" : "_growth"), stores[i].cost[keyed], more);
            }
        }
    }

    /// A store of many pools, as a program finds it that begins.
    void load_pools(const std::string& engine) {
        place at(o_.servers.at(engine), "many");
        at.clear();
        open_many(at.url(), o_.loaded);
        series seconds;
        alternate(
            o_.repetitions, [&] { seconds.ours.push_back(load_many(at.url(), o_.loaded)); },
            [&] { seconds.baseline.push_back(read_many(at.url(), o_.loaded)); });
        add(engine + "_many_load", seconds, {{"engine", engine}, {"pools", o_.loaded}});
    }

    /// Commits into a store of many pools, and into one of three.
    void commit_to_many(const std::string& engine) {
        place many_at(o_.servers.at(engine), "many");
        place few_at(o_.servers.at(engine), "few");
        const auto open = [](place& at, std::size_t pools) {
            at.clear();
            open_many(at.url(), pools);
            return open_batches(at.url());
        };
        const auto many = open(many_at, o_.committed);
        const auto few = open(few_at, 3);
        const auto commits = std::max<std::size_t>(1, static_cast<std::size_t>(o_.seconds * 20));
        static_cast<void>(many->make(1));
        static_cast<void>(few->make(1));
        series cost;
        alternate(
            o_.repetitions, [&] { cost.ours.push_back(many->make(commits)); },
            [&] { cost.baseline.push_back(few->make(commits)); });
        if (o_.audit) {
            audit(many_at.url());
        }
        add(engine + "_many_commit", cost, {{"engine", engine}, {"pools", o_.committed}});
    }

    /// The smallest size is measured before and after each other one, and what it cost at about that time is
    /// their mean: a machine that is warm, or busy, is so for both.
    void migrate() {
        std::map<std::string, std::vector<series>> costs;
        const auto note = [&](std::size_t at, const stages& ours, const stages& before, const stages& after) {
            for (const auto& [id, us] : ours) {
                auto& all = costs[id];
                all.resize(o_.migrated.size());
                all[at].ours.push_back(us);
                all[at].baseline.push_back((before.at(id) + after.at(id)) / 2);
            }
        };
        std::vector<std::unique_ptr<source>> sources;
        for (const std::uint64_t size : o_.migrated) {
            sources.push_back(make_source(size, true));
        }
        const auto measure = [&](std::size_t at) {
            return migrate_all(o_.servers, *sources[at], o_.migrated[at]);
        };
        stages before = measure(0);
        for (std::size_t i = 0; i < (std::min<std::size_t>)(o_.repetitions, 3); ++i) {
            for (std::size_t at = 1; at < sources.size(); ++at) {
                const stages cost = measure(at);
                const stages after = measure(0);
                note(at, cost, before, after);
                before = after;
            }
            note(0, before, before, before);
        }
        for (const auto& [id, all] : costs) {
            const std::string engine = id.substr(id.find('_', id.find('_') + 1) + 1);
            for (std::size_t at = 0; at < all.size(); ++at) {
                add(id, all[at],
                    {{"engine", engine.substr(0, engine.find('_'))},
                     {"curve", "growth"},
                     {"x", o_.migrated[at]}});
            }
        }
    }

    const options& o_;
    ordered_json results_ = ordered_json::array();
};

}  // namespace

ordered_json run_figures(const options& o) {
    return figures(o).run();
}

}  // namespace bench
