// SPDX-License-Identifier: BSL-1.0
#include "../checks/criteria.hpp"
#include "../console/answer.hpp"
#include "../console/moment.hpp"
#include "at_work.hpp"
#include "store_name.hpp"
#include "verb.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/replication/compare.hpp>
#include <jackpot/wide.hpp>

#include <memory>
#include <optional>

namespace migrator {

namespace {

constexpr int exit_sealed = 4;
constexpr int exit_idle = 5;

struct status_options {
    std::string store;
    std::string expected;
    std::uint64_t age_max_s = 0;
    std::uint64_t watch_s = 0;
};

/// What a store is at this moment.
struct store_status {
    std::string store;
    jackpot::store_head head{};
    std::vector<std::pair<std::string, std::string>> pools{};  ///< and what each is worth
    std::int64_t age_s = 0;                                    ///< of the last operation
    std::uint32_t schema = 0;
    std::string amounts{};
    std::vector<std::string> risks{};
    std::vector<work_row> work{};
};

template <jackpot::amount Amount>
jackpot::expected<void> read_status(const std::string& url, store_status& seen) {
    auto store = jackpot::basic_soci_storage<Amount>::open(url, jackpot::open_mode::existing);
    if (!store) {
        return tl::unexpected(store.error());
    }
    jackpot::basic_snapshot<Amount> states;
    return store->load(states).and_then([&] { return store->durability(); }).map([&](auto risks) {
        seen.risks = std::move(risks);
        seen.head = states.head;
        for (const auto& p : states.pools) {
            seen.pools.emplace_back(p.pool.view(), jackpot::detail::show(p.current));
        }
        const auto passed = jackpot::system_environment().now() - seen.head.at;
        seen.age_s = (std::max<std::int64_t>)(passed, 0) / 1'000'000;
    });
}

jackpot::expected<store_status> status_of(const std::string& url) {
    store_status seen{.store = name_of_store(url)};
    return jackpot::soci_storage::inspect(url)
        .and_then([&](const jackpot::sql::schema_state& state) {
            seen.schema = state.number;
            seen.amounts = state.amount_type;
            return state.amount_type == "int256" ? read_status<jackpot::wide_amount>(url, seen)
                                                 : read_status<std::int64_t>(url, seen);
        })
        .map([&] {
            seen.work = read_work(url);
            return seen;
        });
}

/// How much of the store a follower has yet to copy.
std::uint64_t behind(const store_status& s, const work_row& row) {
    return row.works() || s.head.sequence < row.sequence ? 0 : s.head.sequence - row.sequence;
}

void add_members(const store_status& s) {
    auto& document = answer::given();
    document.add("store", s.store);
    document.add("sealed", s.head.sealed);
    document.add("sequence", s.head.sequence);
    document.add("identity", fmt::format("{:016x}{:016x}", s.head.identity.high, s.head.identity.low));
    const bool begun = s.head.sequence != 0;
    document.add("lastOperationAt", begun ? nlohmann::ordered_json(second_of(s.head.at)) : nullptr);
    document.add("lastOperationAgeSeconds", begun ? nlohmann::ordered_json(s.age_s) : nullptr);
    nlohmann::ordered_json pools = nlohmann::ordered_json::object();
    for (const auto& [pool, current] : s.pools) {
        pools[pool] = current;
    }
    document.add("pools", std::move(pools));
    document.add("schemaNumber", s.schema);
    document.add("newestNumber", jackpot::sql::newest_migration<std::int64_t>);
    document.add("amounts", s.amounts);
    document.add("durabilityRisks", s.risks);
    auto work = nlohmann::ordered_json::array();
    for (const auto& row : s.work) {
        work.push_back({{"who", row.who.view()},
                        {"pid", row.pid},
                        {"doing", row.doing.view()},
                        {"changesIt", row.works()},
                        {"stage", row.stage.view()},
                        {"since", second_of(static_cast<jackpot::timestamp>(row.began_at))},
                        {"sequence", row.sequence},
                        {"behind", behind(s, row)},
                        {"cutOverDueAt", row.due_at == 0
                                             ? nlohmann::ordered_json()
                                             : nlohmann::ordered_json(
                                                   second_of(static_cast<jackpot::timestamp>(row.due_at)))}});
    }
    document.add("atWork", std::move(work));
}

void print(const store_status& s) {
    say("Store: {}\n", s.store);
    say("Takes changes: {}\n", s.head.sealed ? "no, it is sealed" : "yes");
    say("Operations: {}\n", s.head.sequence);
    if (s.head.sequence != 0) {
        say("Last operation: {}, {} ago\n", second_of(s.head.at), age_of(s.age_s));
    }
    say("Pools: {}\n", s.pools.size());
    for (const auto& [pool, current] : s.pools) {
        say("   {} {}\n", pool, current);
    }
    say("Schema: number {}, amounts {}\n", s.schema, s.amounts);
    for (const auto& row : s.work) {
        say("{}: {}, at operation {}{}\n", row.works() ? "At work" : "Followed by", row.told(), row.sequence,
            row.works() ? "" : fmt::format(", {} behind", behind(s, row)));
        if (row.due_at != 0) {
            say("Cut-over: due at {}\n", second_of(static_cast<jackpot::timestamp>(row.due_at)));
        } else if (row.stage == jackpot::name(stage_cutting_over)) {
            say("Cut-over: under way\n");
        }
    }
    for (const auto& risk : s.risks) {
        say("⚠️ Durability: {}\n", risk);
    }
}

/// What a monitor is to be told, worst first; nothing where all is as expected.
std::optional<ending> alarm_of(const store_status& s, const status_options& o) {
    if (!o.expected.empty()) {
        std::vector<std::string> there;
        for (const auto& [pool, current] : s.pools) {
            there.push_back(pool);
        }
        if (const auto pools = check_pools(o.expected, there); !pools.ok()) {
            return ending{pools.failed, {pools.steps.front().wrong, pools.remedy}, exit_failed};
        }
    }
    if (s.head.sealed) {
        return ending{
            "The store is sealed",
            {"it refuses every change",
             "where a cut-over sealed it the other store goes on; to come back to this one: migrator "
             "seal STORE --off --other OTHER"},
            exit_sealed};
    }
    if (o.age_max_s != 0 && s.age_s > static_cast<std::int64_t>(o.age_max_s)) {
        return ending{"No operation of late",
                      {fmt::format("the last one was {} ago", age_of(s.age_s)),
                       "see whether what sends wagers runs, and to which store"},
                      exit_idle};
    }
    return std::nullopt;
}

int show(const status_options& o) {
    const auto seen = status_of(o.store);
    if (!seen) {
        return tell(not_opened("Store refused", o.store, seen.error()));
    }
    const auto alarm = alarm_of(*seen, o);
    if (o.watch_s == 0) {
        add_members(*seen);
        print(*seen);
        if (!alarm) {
            say("✅ The store takes changes\n");
        }
        return alarm ? tell(*alarm) : 0;
    }
    say("{} operation {}, {} ago, {} pools, {}\n", second_of(jackpot::system_environment().now()),
        seen->head.sequence, age_of(seen->age_s), seen->pools.size(), seen->head.sealed ? "sealed" : "open");
    return alarm ? alarm->code : 0;
}

int run(const status_options& o) {
    for (;;) {
        const int code = show(o);
        std::fflush(stdout);
        if (o.watch_s == 0 || std::ferror(stdout) != 0) {
            return code;
        }
        jackpot::system_environment().sleep(static_cast<std::int64_t>(o.watch_s) * 1'000'000);
    }
}

}  // namespace

void add_status(CLI::App& app, action& chosen) {
    auto* verb = app.add_subcommand("status", "Says where a store stands: for people, monitors and scripts");
    verb->footer(
        "Changes nothing. Exit codes: 0 the store takes changes, 1 it cannot be used or has other pools "
        "than\n"
        "expected, 2 usage, 3 it could not be reached, 4 it is sealed, 5 its last operation is too old.");
    const auto kept = std::make_shared<status_options>();
    add_store(*verb, kept->store);
    verb->add_option("--expect-pools", kept->expected, "The pools that are to be there: minor,major,mega");
    verb->add_option("--max-age", kept->age_max_s, "Seconds since the last operation that are no alarm")
        ->transform(whole_number({1, 1'000'000'000}));
    verb->add_option("--watch", kept->watch_s, "A line each so many seconds, until Ctrl-C")
        ->transform(whole_number({1, 86'400}));
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        chosen = [kept] { return run(*kept); };
    });
}

}  // namespace migrator
