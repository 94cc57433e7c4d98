// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_SESSION_STORAGE_HPP
#define JACKPOT_SOCI_SESSION_STORAGE_HPP

#include <jackpot/soci/locked_store.hpp>
#include <jackpot/soci/pages.hpp>
#include <jackpot/soci/transport/transport.hpp>

#include <set>

namespace jackpot { inline namespace v1 { namespace sql {

/// The id of an operation.
struct id_row {
    identifier id{};

    static constexpr std::string_view table = "jackpot_journal";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("id", row.id);
    }
};

/// Where they are others than those stored, which few commits can tell without looking.
template <amount Amount>
void write_games(connection& c, const basic_pool<Amount>& p) {
    static const std::string select_games = select_from<game_row>() + R"( WHERE "group" = :group)";
    const parameter group{"group", p.pool};
    std::vector<name> stored;
    c.prepared(select_games)
        .template select<game_row>([&](const game_row& row) { stored.push_back(row.game); }, group);
    std::sort(stored.begin(), stored.end());
    if (stored != p.configuration->games) {
        c.prepared(R"(DELETE FROM jackpot_games WHERE "group" = :group)").run(group);
        insert_rows<game_row>(c, p.configuration->games.size(), [&](const auto& each) {
            for (const name& game : p.configuration->games) {
                each(game_row{p.pool, game});
            }
        });
    }
}

/// A hold that is stored: its name may be another's by now, which its sequence tells.
struct stored_hold {
    name hold{};
    std::uint64_t sequence = 0;

    static constexpr std::string_view table = "jackpot_holds";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("hold", row.hold);
        each("sequence", row.sequence);
    }
};

/// The same of its holds, each of which stays as it is while it is open.
template <amount Amount>
void write_holds(connection& c, const basic_pool<Amount>& p) {
    static const std::string select_holds = select_from<stored_hold>() + R"( WHERE "group" = :group)";
    static const std::string delete_hold =
        R"(DELETE FROM jackpot_holds WHERE "group" = :group AND "hold" = :hold)";
    const parameter group{"group", p.pool};
    std::vector<name> kept;
    std::vector<name> settled;
    c.prepared(select_holds)
        .template select<stored_hold>(
            [&](const stored_hold& row) {
                const auto* open = p.holds.find(row.hold);
                const bool same = open != nullptr && open->sequence == row.sequence;
                (same ? kept : settled).push_back(row.hold);
            },
            group);
    for (const name& hold : settled) {
        c.prepared(delete_hold).run(group, parameter{"hold", hold});
    }
    std::sort(kept.begin(), kept.end());
    const auto is_new = [&](const basic_hold<Amount>& h) {
        return !std::binary_search(kept.begin(), kept.end(), h.hold);
    };
    const auto count = static_cast<std::size_t>(std::count_if(p.holds.begin(), p.holds.end(), is_new));
    insert_rows<hold_row<Amount>>(c, count, [&](const auto& each) {
        for (const auto& h : p.holds) {
            if (is_new(h)) {
                each(to_row(p.pool, h));
            }
        }
    });
}

/// The verbs of a store, over one connection.
template <amount Amount>
class session_storage final : public locked_store<Amount> {
public:
    using amount_type = Amount;

    explicit session_storage(connection& c) noexcept : connection_(&c) {}

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states) override {
        return connection_->attempt([&] { read_states(*connection_, states); });
    }

    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c) override {
        return connection_->attempt([&] {
            const commit_plan<Amount> plan(c);
            if (plan.may_cross_at_once() && commit_at_once(*connection_, plan.rows)) {
                return commit_result::committed;
            }
            return in_transaction([&] { return append(c, plan); });
        });
    }

    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found) override {
        const auto known = connection_->attempt([&] {
            auto held = find_operation<Amount>(*connection_, key);
            if (held) {
                found = std::move(*held);
            }
            return held.has_value();
        });
        return known && *known ? prove_found().map([] { return true; }) : known;
    }

    [[nodiscard]] expected<void> trace_keys(const sequence_range& range, std::vector<key_trace>& traces) {
        const auto traced = connection_->attempt([&] { read_traces(*connection_, range, traces); });
        return traced && !traces.empty() ? prove_found() : traced;
    }

    [[nodiscard]] expected<void> read(const history_query& q,
                                      std::vector<basic_operation<Amount>>& page) override {
        return connection_->attempt([&] { read_page(*connection_, q, page); });
    }

    [[nodiscard]] expected<void> seal(bool sealed) override {
        const auto done = write([&] {
            store_row at = read_store(connection_->engine().lock_row);
            at.sealed = sealed ? 1 : 0;
            static const std::string statement = update<store_row>();
            connection_->prepared(statement).run(at);
            return commit_result::committed;
        });
        return done.map([](commit_result) {});
    }

    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states) override {
        return write([&] {
            const store_row at = read_store(connection_->engine().lock_row);
            if (at.sequence != states.head.sequence || at.identity != states.head.identity ||
                newest_of(at) != states.head.newest) {
                return commit_result::conflict;
            }
            delete_pools();
            for (const auto& p : states.pools) {
                insert_row(*connection_, to_row(p));
                write_games(*connection_, p);
                write_holds(*connection_, p);
            }
            return commit_result::committed;
        });
    }

    /// Begins a transaction in which nobody else can commit.
    [[nodiscard]] expected<void> lock() {
        return connection_->attempt([&] {
            connection_->begin_writing();
            static_cast<void>(read_store(connection_->engine().lock_row));
        });
    }

private:
    /// A caller may acknowledge what a look-up found, so it is proved durable first.
    [[nodiscard]] expected<void> prove_found() {
        return connection_->in_transaction() ? expected<void>() : connection_->prove();
    }

    /// Runs the body in a transaction, and commits it where the body says committed; otherwise nothing
    /// changes.
    template <class Body>
    [[nodiscard]] expected<commit_result> write(Body&& body) {
        return connection_->attempt([&] { return in_transaction(body); });
    }

    template <class Body>
    [[nodiscard]] commit_result in_transaction(Body&& body) {
        connection_->begin_writing();
        const commit_result result = body();
        result == commit_result::committed ? connection_->commit() : connection_->roll_back();
        return result;
    }

    [[nodiscard]] store_row read_store(std::string_view lock) {
        static const std::string statement = select_from<store_row>();
        std::optional<store_row> found;
        connection_->prepared(statement + std::string(lock))
            .template select<store_row>([&](const store_row& at) { found = at; });
        if (!found) {
            throw_if_failed(fail(errc::corrupt, store_row::table, "no row"));
        }
        return *found;
    }

    /// The id of the newest operation, read after the store's row was locked; null without operations. The
    /// statement that locks cannot read it: PostgreSQL would look into the journal as it was before that
    /// statement had to wait.
    [[nodiscard]] identifier newest_of(const store_row& at) {
        static const std::string statement =
            select_from<id_row>() + " WHERE sequence = :sequence AND part = 0";
        identifier newest;
        connection_->prepared(statement).template select<id_row>([&](const id_row& row) { newest = row.id; },
                                                                 parameter{"sequence", at.sequence});
        if (at.sequence != 0 && newest.is_null()) {
            throw_if_failed(fail(errc::corrupt, "the journal has no operation", std::to_string(at.sequence)));
        }
        return newest;
    }

    /// Moves the store's row to the commit's last operation. False where the store is not at the guard.
    [[nodiscard]] bool move_store(const commit_rows<Amount>& rows) {
        static const std::string statement = move_store_statement();
        return connection_->prepared(statement).run(rows.to, rows.guard) == 1;
    }

    /// Changes the store's row first, as every writer does: writers queue there, and never deadlock.
    [[nodiscard]] commit_result append(const basic_commit<Amount>& c, const commit_plan<Amount>& plan) {
        if (!plan.sound || !move_store(plan.rows)) {
            const store_row at = read_store(connection_->engine().lock_row);
            throw_if_failed(jackpot::detail::check_head(moment_row{.store = at}.head(), c));
            throw_if_failed(plan.sound);
            if (holds_a_key_of(c)) {
                return commit_result::duplicate;
            }
            static_cast<void>(newest_of(at));  // a journal that lacks it would give conflicts for ever
            return commit_result::conflict;
        }
        try {
            write_rows(c, plan);
        } catch (const soci::soci_error& e) {
            if (!connection_->engine().classify(e).constraint) {
                throw;
            }
            // The unique indexes tell, so that a commit that succeeds needs no look-up.
            connection_->start_over();
            if (holds_a_key_of(c)) {
                return commit_result::duplicate;
            }
            std::vector<basic_operation<Amount>> there;
            read_page(*connection_, {.after = c.sequence, .limit = 1}, there);
            if (!there.empty()) {
                return commit_result::conflict;
            }
            throw;
        }
        return commit_result::committed;
    }

    void delete_pools() {
        connection_->run_once("DELETE FROM jackpot_games");
        connection_->run_once("DELETE FROM jackpot_holds");
        connection_->run_once("DELETE FROM jackpots");
    }

    void write_rows(const basic_commit<Amount>& c, const commit_plan<Amount>& plan) {
        insert_rows<journal_row<Amount>>(*connection_, plan.rows.journal.count(), plan.rows.journal);
        const bool leap = c.operations.front().kind() == operation_kind::checkpoint;
        if (leap) {
            delete_pools();
        }
        for (const auto& change : plan.rows.pools) {
            leap || change.before == 0 ? insert_row(*connection_, change.after)
                                       : update_pool(*connection_, change);
        }
        for (const auto* p : c.pools) {
            if (!plan.keeps_all_games || plan.pays) {
                write_games(*connection_, *p);
            }
            if (!plan.keeps_all_holds) {
                write_holds(*connection_, *p);
            }
        }
    }

    [[nodiscard]] bool holds_a_key_of(const basic_commit<Amount>& c) {
        std::set<std::string_view> earlier;
        for (const auto& o : c.operations) {
            if (const name* key = o.key()) {
                if (!earlier.insert(key->view()).second || find_operation<Amount>(*connection_, *key)) {
                    return true;
                }
            }
        }
        return false;
    }

    connection* connection_;
};

}}}  // namespace jackpot::v1::sql

#endif
