// SPDX-License-Identifier: BSL-1.0
#include "store_url.hpp"
#include "trouble.hpp"
#include "verb.hpp"

#include <jackpot/repair.hpp>
#include <jackpot/system.hpp>
#include <jackpot/wide.hpp>

#include <fmt/format.h>

#include <map>
#include <memory>

namespace migrator {

namespace {

namespace sql = jackpot::sql;

struct options {
    std::string store;
    std::string actor;
    std::string reason;
    bool from_journal = false;
    bool adopt = false;
    bool dry_run = false;
};

/// One column of a pool in which its row is not as the journal has it.
struct edit {
    std::string pool;
    std::string column;
    std::string stored;
    std::string folded;
};

template <class T>
std::string show(const T& value) {
    sql::cell c;
    write_cell(value, c);
    return c.state == soci::i_null                  ? "NULL"
           : sql::is_number(sql::field_of<T>::kind) ? std::to_string(c.number)
                                                    : c.text;
}

/// The columns of a row in the spelling of the values in them, on every engine the same; as stored where one
/// cannot be read.
template <jackpot::amount Amount>
std::vector<std::string> texts_of(const sql::stored_row<sql::pool_row<Amount>>& stored) {
    std::vector<std::string> texts;
    stored.read([&](std::string_view, const std::string& text, const auto* value) {
        texts.push_back(value == nullptr ? text : show(*value));
    });
    return texts;
}

using games_of_pools = std::map<std::string, std::set<std::string>>;

std::string list(const std::set<std::string>& games) {
    return games.empty() ? "every game" : fmt::format("{}", fmt::join(games, ", "));
}

/// A store that accepts everything and writes nothing: what refuses a repair, refuses a dry run.
template <jackpot::storage Storage>
class dry_store {
public:
    using amount_type = typename Storage::amount_type;
    using snapshot_type = jackpot::basic_snapshot<amount_type>;
    using operation_type = jackpot::basic_operation<amount_type>;
    using result_type = jackpot::expected<jackpot::commit_result>;

    explicit dry_store(Storage& store) : store_(&store) {}

    [[nodiscard]] jackpot::expected<void> load(snapshot_type& states) { return store_->load(states); }
    [[nodiscard]] jackpot::expected<bool> find(const jackpot::name& key, operation_type& found) {
        return store_->find(key, found);
    }
    [[nodiscard]] jackpot::expected<void> read(const jackpot::history_query& q,
                                               std::vector<operation_type>& page) {
        return store_->read(q, page);
    }
    [[nodiscard]] result_type commit(const jackpot::basic_commit<amount_type>&) {
        return jackpot::commit_result::committed;
    }
    [[nodiscard]] result_type rewrite(const snapshot_type&) { return jackpot::commit_result::committed; }
    [[nodiscard]] jackpot::expected<void> seal(bool) { return jackpot::success(); }

private:
    Storage* store_;
};

template <jackpot::amount Amount>
class repairer {
public:
    using store_type = jackpot::basic_soci_storage<Amount>;
    using snapshot_type = jackpot::basic_snapshot<Amount>;

    repairer(const options& o, store_type& store) : options_(&o), store_(&store) {}

    /// What the rows are, and what the journal would have them be.
    [[nodiscard]] jackpot::expected<std::vector<edit>> compare() {
        return store_type::visit(options_->store, [&](sql::connection& c) {
            std::optional<sql::store_row> at;
            c.prepared(sql::select_from<sql::store_row>())
                .template select<sql::store_row>([&](const sql::store_row& row) { at = row; });
            if (!at) {
                sql::must(jackpot::fail(jackpot::errc::corrupt, sql::store_row::table, "no row"));
            }
            auto folded = fold(*store_, at->sequence);
            if (!folded) {
                sql::must(tl::unexpected(folded.error()));
            }
            folded_ = std::move(*folded);
            folded_.head = {at->identity, at->sequence, at->newest_at.value, at->sealed != 0};
            return edits(c);
        });
    }

    template <jackpot::rewritable_storage Storage>
    [[nodiscard]] jackpot::expected<void> repair(Storage& store) const {
        using jackpot::errc;
        if (!options_->adopt) {
            // Not repair_from_journal, which reads the rows: these may be such that no store would.
            return store.rewrite(folded_).and_then([](jackpot::commit_result written) {
                return written == jackpot::commit_result::committed
                           ? jackpot::success()
                           : jackpot::expected<void>(jackpot::fail(errc::conflict));
            });
        }
        if (folded_.head.sealed) {
            return jackpot::fail(errc::store_sealed);
        }
        jackpot::system_environment world;
        return adopt_rows(store, {jackpot::name(options_->actor), jackpot::name(options_->reason)}, world)
            .map([](const jackpot::repair_result&) {});
    }

private:
    [[nodiscard]] std::vector<edit> edits(sql::connection& c) const {
        using row_type = sql::pool_row<Amount>;
        std::vector<edit> all;
        std::set<std::string> seen;
        games_of_pools games;
        for (const auto& row : sql::read_stored<sql::game_row>(c)) {
            games[row.values[0].value_or("NULL")].insert(row.values[1].value_or("NULL"));
        }
        for (const auto& stored : sql::read_stored<row_type>(c)) {
            const std::string pool = stored.values.front().value_or("NULL");
            const auto* p = jackpot::detail::find_pool(folded_.pools, pool);
            seen.insert(pool);
            if (p == nullptr) {
                all.push_back({pool, "row", "there", "no such pool"});
                continue;
            }
            const auto texts = texts_of<Amount>(stored);
            std::size_t next = 0;
            const row_type wanted = sql::to_row(*p);
            row_type::columns(wanted, [&](std::string_view column, const auto& value, std::string_view = {}) {
                const std::string& text = texts[next++];
                if (const std::string right = show(value); text != right) {
                    all.push_back({pool, std::string(column), text, right});
                }
            });
            std::set<std::string> wanted_games;
            for (const auto& game : p->configuration->games) {
                wanted_games.insert(std::string(game.view()));
            }
            if (games[pool] != wanted_games) {
                all.push_back({pool, "games", list(games[pool]), list(wanted_games)});
            }
        }
        for (const auto& p : folded_.pools) {
            if (const std::string pool(p.pool.view()); !seen.contains(pool)) {
                all.push_back({pool, "row", "missing", "there"});
            }
        }
        return all;
    }

    const options* options_;
    store_type* store_;
    snapshot_type folded_;
};

int failed(const jackpot::error& e) {
    return tell({"Repair failed", store_trouble(e),
                 e.code == jackpot::errc::unavailable ? exit_unreachable : exit_failed});
}

template <jackpot::amount Amount>
int repair(const options& o) {
    auto store = jackpot::basic_soci_storage<Amount>::open(o.store, jackpot::open_mode::existing);
    if (!store) {
        return failed(store.error());
    }
    repairer<Amount> work(o, *store);
    const auto edits = work.compare();
    if (!edits) {
        return failed(edits.error());
    }
    if (edits->empty()) {
        emit("✅ Nothing to repair: the rows are what the journal gives\n");
        return 0;
    }
    std::set<std::string> pools;
    for (const auto& each : *edits) {
        pools.insert(each.pool);
        emit("pool {}: {} is {}, and {} by the journal\n", each.pool, each.column, each.stored, each.folded);
    }
    const auto how = o.adopt ? "adopted into the journal" : "rebuilt from the journal";
    dry_store dry(*store);
    if (const auto done = o.dry_run ? work.repair(dry) : work.repair(*store); !done) {
        return failed(done.error());
    }
    if (o.dry_run) {
        emit("Dry run: {} pools would be {}; nothing was written.\n", pools.size(), how);
        return 0;
    }
    emit("✅ Repaired: {} pools were {}\n", pools.size(), how);
    return 0;
}

int run(const options& o) {
    if (const auto reached = jackpot::soci_storage::visit(o.store, [](sql::connection&) {}); !reached) {
        return tell(not_opened("Repair failed", o.store, reached.error()));
    }
    emit("⚠️ No writer may run: one that has read the edited rows would go on with them\n");
    const auto state = jackpot::soci_storage::inspect(o.store);
    if (!state) {
        return failed(state.error());
    }
    return state->amount_type == "int256" ? repair<jackpot::wide_amount>(o) : repair<std::int64_t>(o);
}

}  // namespace

void add_repair(CLI::App& app, action& chosen) {
    auto* verb = app.add_subcommand("repair", "Makes rows that were edited by hand and the journal agree");
    verb->footer(
        "Stop every writer of the store first. Exit codes: 0 done, or nothing to do; 1 failed, and nothing "
        "was\n"
        "changed; 2 usage; 3 the store could not be reached.");
    const auto kept = std::make_shared<options>();
    options& o = *kept;
    add_store(*verb, o.store);
    auto* how = verb->add_option_group("how", "Which of the two is right");
    how->add_flag("--from-journal", o.from_journal, "The journal: the rows are rebuilt from it");
    auto* adopt = how->add_flag("--adopt", o.adopt, "The rows: they become an operation of the journal");
    how->require_option(1);
    auto* actor = verb->add_option("--actor", o.actor, "Who adopts them")->needs(adopt)->check(check_name);
    auto* reason = verb->add_option("--reason", o.reason, "Why")->needs(adopt)->check(check_name);
    adopt->needs(actor)->needs(reason);
    verb->add_flag("--dry-run", o.dry_run, "Says what would change, and writes nothing");
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        chosen = [kept] { return run(*kept); };
    });
}

}  // namespace migrator
