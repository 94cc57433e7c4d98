// SPDX-License-Identifier: BSL-1.0
#include "reading.hpp"
#include "times.hpp"

#include <memory>

namespace migrator {

namespace {

struct history_options {
    std::string store;
    jackpot::history_query query{};
    bool csv = false;
};

/// Lists what matches, a page at a time, up to what was there when it began.
template <class Store>
jackpot::expected<void> list(Store& store, jackpot::history_query q) {
    using amount_type = typename Store::amount_type;
    jackpot::basic_snapshot<amount_type> now;
    if (auto loaded = store.load(now); !loaded) {
        return loaded;
    }
    q.before = (std::min)(q.before, now.head.sequence + 1);
    auto operations = nlohmann::ordered_json::array();
    std::vector<jackpot::basic_operation<amount_type>> page;
    for (;;) {
        if (auto read = store.read(q, page); !read) {
            return read;
        }
        if (page.empty()) {
            answer::given().add("operations", std::move(operations));
            return jackpot::success();
        }
        for (const auto& o : page) {
            for (const auto& part : o.parts) {
                const auto current = jackpot::detail::show(part.current);
                say("{} {} {} {} {}\n", o.sequence, time_of(o.at), to_string(o.kind()), part.pool.view(),
                    current);
                if (answer::given().json()) {
                    operations.push_back({{"sequence", o.sequence},
                                          {"at", time_of(o.at)},
                                          {"kind", to_string(o.kind())},
                                          {"pool", part.pool.view()},
                                          {"version", part.version},
                                          {"current", current}});
                }
            }
        }
        (q.newest_first ? q.before : q.after) = page.back().sequence;
    }
}

int run(const history_options& o) {
    return read_store(o.store, [&](auto& store) {
        return o.csv ? journal_csv(store, o.query, put_csv).map([](std::uint64_t) {}) : list(store, o.query);
    });
}

}  // namespace

void add_history(CLI::App& app, action& chosen) {
    auto* verb =
        app.add_subcommand("history", "The operations of a store's journal, all or those that match");
    verb->footer(
        "Changes nothing. Of each pool that an operation changed a line: sequence, time, kind, pool, and "
        "what\n"
        "the pool is worth after it; with --csv all that the journal holds.");
    const auto kept = std::make_shared<history_options>();
    add_store(*verb, kept->store);
    auto& q = kept->query;
    const std::tuple<const char*, std::optional<jackpot::name>*, const char*> names[] = {
        {"--pool", &q.pool, "Of this pool"},
        {"--game", &q.game, "Of this game"},
        {"--player", &q.player, "Of this player"},
        {"--round", &q.round, "Of this round of a game"},
        {"--site", &q.site, "Of this site"}};
    for (const auto& [flag, wanted, what] : names) {
        verb->add_option_function<std::string>(
                flag, [to = wanted](const std::string& text) { *to = jackpot::name(text); }, what)
            ->check(check_name);
    }
    verb->add_option_function<std::string>(
            "--kind",
            [kept](const std::string& text) { kept->query.kind = jackpot::parse_operation_kind(text); },
            "Of this kind: contributed, won, ...")
        ->check([](const std::string& text) {
            return jackpot::parse_operation_kind(text) ? "" : text + " is no kind of operation";
        });
    add_time(*verb, "--from", q.from, "Not before this time");
    add_time(*verb, "--to", q.to, "Not after this time");
    verb->add_flag("--newest-first", q.newest_first, "The newest first");
    verb->add_flag("--csv", kept->csv, "CSV (RFC 4180), and nothing else");
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        chosen = [kept] { return run(*kept); };
    });
}

}  // namespace migrator
