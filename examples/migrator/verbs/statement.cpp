// SPDX-License-Identifier: BSL-1.0
#include "reading.hpp"
#include "times.hpp"

#include <jackpot/replication/statement.hpp>

#include <memory>

namespace migrator {

namespace {

struct statement_options {
    std::string store;
    std::optional<jackpot::timestamp> after{};
    std::optional<jackpot::timestamp> until{};
    bool csv = false;
};

/// The meters of a line that are not 0, each by `each(name, value)`.
template <class Line, class Each>
void each_moved(const Line& line, Each&& each) {
    using amount_type = typename std::decay_t<decltype(line.values)>::value_type;
    for (std::size_t i = 0; i < line.values.size(); ++i) {
        if (line.values[i] != 0) {
            each(jackpot::all_meters<amount_type>[i].name, jackpot::detail::show(line.values[i]));
        }
    }
}

template <class Account>
nlohmann::ordered_json json_of(const Account& account) {
    auto list = nlohmann::ordered_json::array();
    jackpot::detail::each_line(account,
                               [&](std::string_view what, std::uint64_t operations, const auto& line) {
                                   nlohmann::ordered_json one{{"line", what}, {"operations", operations}};
                                   auto meters = nlohmann::ordered_json::object();
                                   each_moved(line, [&](std::string_view name, const std::string& value) {
                                       meters[std::string(name)] = value;
                                   });
                                   one["meters"] = std::move(meters);
                                   list.push_back(std::move(one));
                               });
    return list;
}

template <class Account>
void print(const Account& account) {
    jackpot::detail::each_line(account,
                               [](std::string_view what, std::uint64_t operations, const auto& line) {
                                   std::string text;
                                   each_moved(line, [&](std::string_view name, const std::string& value) {
                                       text += fmt::format(" {} {}", name, value);
                                   });
                                   say("   {}{}:{}\n", operations == 0 ? "" : fmt::format("{} ", operations),
                                       what, text.empty() ? " nothing" : text);
                               });
}

template <jackpot::amount Amount>
void add_members(const jackpot::basic_statement<Amount>& s) {
    auto& document = answer::given();
    const auto time = [](const std::optional<jackpot::timestamp>& at) {
        return at ? nlohmann::ordered_json(time_of(*at)) : nullptr;
    };
    document.add("after", time(s.period.after));
    document.add("until", time(s.period.until));
    document.add("openedAtSequence", s.opened_at_sequence);
    document.add("closedAtSequence", s.closed_at_sequence);
    auto pools = nlohmann::ordered_json::array();
    for (const auto& pool : s.pools) {
        nlohmann::ordered_json one{{"pool", pool.pool.view()}, {"lines", json_of(pool)}};
        auto sites = nlohmann::ordered_json::array();
        for (const auto& site : pool.sites) {
            sites.push_back({{"site", site.site ? nlohmann::ordered_json(site.site->view()) : nullptr},
                             {"lines", json_of(site)}});
        }
        one["sites"] = std::move(sites);
        pools.push_back(std::move(one));
    }
    document.add("pools", std::move(pools));
}

template <jackpot::amount Amount>
void show(const jackpot::basic_statement<Amount>& s) {
    add_members(s);
    say("Operations: {} to {}\n",
        s.opened_at_sequence + (s.opened_at_sequence < s.closed_at_sequence ? 1 : 0), s.closed_at_sequence);
    for (const auto& pool : s.pools) {
        say("Pool {}\n", pool.pool.view());
        print(pool);
        for (const auto& site : pool.sites) {
            if (site.site) {
                say("Pool {} at site {}\n", pool.pool.view(), site.site->view());
                print(site);
            }
        }
    }
    say("✅ Opening, movements and closing add up, meter by meter, in all and by site\n");
}

int run(const statement_options& o) {
    return read_store(o.store, [&](auto& store) {
        return jackpot::statement(store,
                                  {.after = o.after, .until = o.until.value_or(jackpot::timestamp_max)})
            .map([&](const auto& s) { o.csv ? put_csv(statement_csv(s)) : show(s); });
    });
}

}  // namespace

void add_statement(CLI::App& app, action& chosen) {
    auto* verb = app.add_subcommand(
        "statement", "Opening, movements and closing of each pool and site in a period, to the unit");
    verb->footer(
        "Changes nothing. What happened at the very moment of --after belongs to the statement before, and "
        "at\n"
        "that of --until to this one: what one closes with the next one opens with.");
    const auto kept = std::make_shared<statement_options>();
    add_store(*verb, kept->store);
    add_time(*verb, "--after", kept->after, "Where the period begins; without it, with the journal");
    add_time(*verb, "--until", kept->until, "Where it ends; without it, with the newest operation");
    verb->add_flag("--csv", kept->csv, "CSV (RFC 4180), every meter in a column, and nothing else");
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        chosen = [kept] { return run(*kept); };
    });
}

}  // namespace migrator
