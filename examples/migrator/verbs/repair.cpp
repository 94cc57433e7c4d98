// SPDX-License-Identifier: BSL-1.0
#include "../console/answer.hpp"
#include "../console/confirm.hpp"
#include "../console/signals.hpp"
#include "at_work.hpp"
#include "row_edits.hpp"
#include "store_name.hpp"
#include "verb.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/repair.hpp>
#include <jackpot/wide.hpp>

#include <fmt/format.h>

#include <memory>

namespace migrator {

namespace {

struct repair_options {
    std::string store;
    std::string actor;
    std::string reason;
    bool from_journal = false;
    bool adopt = false;
    bool dry_run = false;
    bool yes = false;
    bool break_lock = false;
};

/// The last operation of the journal; 0 where it is empty.
struct journal_end {
    std::uint64_t sequence = 0;

    static constexpr std::string_view table = "jackpot_journal";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("sequence", row.sequence);
    }
};

/// A store that accepts everything and writes nothing: what refuses a repair, refuses a dry run. It is at
/// `head` already, where a repair puts it first.
template <jackpot::storage Storage>
class dry_store {
public:
    using amount_type = typename Storage::amount_type;
    using snapshot_type = jackpot::basic_snapshot<amount_type>;
    using operation_type = jackpot::basic_operation<amount_type>;
    using result_type = jackpot::expected<jackpot::commit_result>;

    dry_store(Storage& store, const jackpot::store_head& head) : store_(&store), head_(head) {}

    [[nodiscard]] jackpot::expected<void> load(snapshot_type& states) {
        return store_->load(states).map([&] { states.head = head_; });
    }
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
    jackpot::store_head head_;
};

template <jackpot::amount Amount>
class repairer {
public:
    using store_type = jackpot::basic_soci_storage<Amount>;
    using snapshot_type = jackpot::basic_snapshot<Amount>;

    repairer(const repair_options& o, store_type& store) : options_(&o), store_(&store) {}

    /// What the rows are, and what the journal would have them be.
    [[nodiscard]] jackpot::expected<std::vector<edit>> compare() {
        return store_type::visit(options_->store, [&](sql::connection& c) {
            std::optional<sql::store_row> at;
            c.prepared(sql::select_from<sql::store_row>())
                .template select<sql::store_row>([&](const sql::store_row& row) { at = row; });
            if (!at) {
                sql::throw_if_failed(jackpot::fail(jackpot::errc::corrupt, sql::store_row::table, "no row"));
            }
            stored_ = *at;
            journal_end last;
            c.prepared("SELECT coalesce(max(sequence), 0) FROM jackpot_journal")
                .template select<journal_end>([&](const journal_end& row) { last = row; });
            auto folded = fold(*store_, last.sequence);
            if (!folded) {
                sql::throw_if_failed(tl::unexpected(folded.error()));
            }
            folded_ = std::move(*folded);
            folded_.head.identity = at->identity;
            folded_.head.sealed = at->sealed != 0;
            return edits_of(c, stored_, folded_);
        });
    }

    [[nodiscard]] const jackpot::store_head& head() const noexcept { return folded_.head; }

    /// Puts in order what no row of a pool is: the store's own, and games of pools that are not there.
    [[nodiscard]] jackpot::expected<void> put_store_right() const {
        return store_type::
            visit(options_->store,
                  [&](sql::connection& c) {
                      c.begin_writing();
                      sql::store_row right = stored_;
                      right.sequence = folded_.head.sequence;
                      right.newest_at = {folded_.head.at};
                      const auto moved =
                          c.prepared(sql::update<sql::store_row>() + R"( AND "sequence" = :before)")
                              .run(right, sql::parameter{"before", stored_.sequence});
                      if (moved != 1) {
                          sql::throw_if_failed(jackpot::fail(jackpot::errc::conflict));
                      }
                      c.run_once(
                          R"(DELETE FROM jackpot_games WHERE "group" NOT IN (SELECT "group" FROM jackpots))");
                      c.commit();
                  })
                .map([](auto&&...) {});
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
    const repair_options* options_;
    store_type* store_;
    sql::store_row stored_;
    snapshot_type folded_;
};

int failed(const jackpot::error& e, const char* remedy_of_corrupt = journal_remedy) {
    auto why = store_trouble(e);
    if (e.code == jackpot::errc::corrupt) {
        why.remedy = remedy_of_corrupt;
    }
    return tell(
        {"Repair failed", why, e.code == jackpot::errc::unavailable ? exit_unreachable : exit_failed});
}

/// A repair makes rows and journal agree, and not the journal sound.
template <jackpot::storage Storage>
int conclude(Storage& store, const std::string& done) {
    const auto audited = audit(store);
    if (!audited) {
        return failed(audited.error());
    }
    say("✅ Repaired: {}\n", done);
    if (!audited->clean()) {
        const auto& found = audited->findings.front();
        return tell({"The journal is not sound",
                     {fmt::format("{}: {}", found.where, found.what), journal_remedy},
                     exit_failed});
    }
    return 0;
}

template <jackpot::amount Amount>
int repair(const repair_options& o) {
    auto store = jackpot::basic_soci_storage<Amount>::open(o.store, jackpot::open_mode::existing);
    if (!store) {
        return failed(store.error());
    }
    repairer<Amount> work(o, *store);
    const auto edits = work.compare();
    if (!edits) {
        return failed(edits.error());
    }
    auto& document = answer::given();
    const auto name = name_of_store(o.store);
    document.add("store", name);
    say("Store: {}\n", name);
    document.add("dryRun", o.dry_run);
    if (edits->empty()) {
        say("✅ Nothing to repair: the rows are what the journal gives\n");
        return 0;
    }
    std::set<std::string> pools;
    auto listed = nlohmann::ordered_json::array();
    for (const auto& each : *edits) {
        if (each.where != "the store") {
            pools.insert(each.where);
        }
        listed.push_back({{"where", each.where},
                          {"column", each.column},
                          {"stored", each.stored},
                          {"byTheJournal", each.folded}});
        say("{}: {} is {}, and {} by the journal\n", each.where, each.column, each.stored, each.folded);
    }
    document.add("edits", std::move(listed));
    const auto how = o.adopt ? "adopted into the journal" : "rebuilt from the journal";
    const auto corrupt =
        o.adopt ? "correct the rows by hand first, or: migrator repair STORE --from-journal" : journal_remedy;
    if (o.dry_run) {
        dry_store dry(*store, work.head());
        if (const auto done = work.repair(dry); !done) {
            return failed(done.error(), corrupt);
        }
        say("Dry run: {} pools would be {}; nothing was written.\n", pools.size(), how);
        return 0;
    }
    at_work works(o.store, at_work::role::works, "repair");
    if (const auto other = works.begin(o.break_lock)) {
        return tell({"Repair refused", *other, exit_failed});
    }
    if (!confirm(fmt::format("Change {} pools of {}", pools.size(), name), o.yes)) {
        return tell({"Repair refused", {unconfirmed, unconfirmed_remedy}, exit_failed});
    }
    {
        const unbroken until_done;
        if (const auto done = work.put_store_right().and_then([&] { return work.repair(*store); }); !done) {
            return failed(done.error(), corrupt);
        }
        document.if_ended({"the repair is done, and was not audited", "migrator validate STORE"});
    }
    return conclude(*store, fmt::format("{} pools were {}", pools.size(), how));
}

int run(const repair_options& o) {
    if (const auto reached = jackpot::soci_storage::visit(o.store, [](sql::connection&) {}); !reached) {
        return tell(not_opened("Repair failed", o.store, reached.error()));
    }
    say("⚠️ No writer may run: one that has read the edited rows would go on with them\n");
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
    const auto kept = std::make_shared<repair_options>();
    repair_options& o = *kept;
    add_store(*verb, o.store);
    auto* how = verb->add_option_group("how", "Which of the two is right");
    how->add_flag("--from-journal", o.from_journal, "The journal: the rows are rebuilt from it");
    auto* adopt = how->add_flag("--adopt", o.adopt, "The rows: they become an operation of the journal");
    how->require_option(1);
    auto* actor = verb->add_option("--actor", o.actor, "Who adopts them")->needs(adopt)->check(check_name);
    auto* reason = verb->add_option("--reason", o.reason, "Why")->needs(adopt)->check(check_name);
    adopt->needs(actor)->needs(reason);
    verb->add_flag("--dry-run", o.dry_run, "Says what would change, and writes nothing");
    add_yes(*verb, o.yes);
    add_break_lock(*verb, o.break_lock);
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        chosen = [kept] { return run(*kept); };
    });
}

}  // namespace migrator
