// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_SESSION_STORAGE_HPP
#define JACKPOT_SOCI_SESSION_STORAGE_HPP

#include <jackpot/soci/pages.hpp>
#include <jackpot/soci/transport/at_once.hpp>

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

/// The verbs of a store, over one connection.
template <amount Amount>
class session_storage {
public:
    using amount_type = Amount;

    explicit session_storage(connection& c) noexcept : connection_(&c) {}

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states) {
        return connection_->attempt([&] { read_states(*connection_, states); });
    }

    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c) {
        return connection_->attempt([&] {
            if (is_in_place(c) && commit_at_once(*connection_, rows_of(c))) {
                return commit_result::committed;
            }
            return in_transaction([&] { return append(c); });
        });
    }

    /// What it finds may be acknowledged, and so is durable.
    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found) {
        const auto known = connection_->attempt([&] {
            auto held = find_operation<Amount>(*connection_, key);
            if (held) {
                found = std::move(*held);
            }
            return held.has_value();
        });
        const bool prove = known && *known && !connection_->in_transaction();
        return prove ? connection_->prove().map([] { return true; }) : known;
    }

    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<Amount>>& page) {
        return connection_->attempt([&] { read_page(*connection_, q, page); });
    }

    [[nodiscard]] expected<void> seal(bool sealed) {
        const auto done = write([&] {
            store_row at = read_store(connection_->engine().lock_row);
            at.sealed = sealed ? 1 : 0;
            static const std::string statement = update<store_row>();
            connection_->prepared(statement).run(at);
            return commit_result::committed;
        });
        return done.map([](commit_result) {});
    }

    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states) {
        return write([&] {
            const store_row at = read_store(connection_->engine().lock_row);
            if (at.sequence != states.head.sequence || at.identity != states.head.identity ||
                newest_of(at) != states.head.newest) {
                return commit_result::conflict;
            }
            replace_pools(states.pools);
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
    /// Where the body says committed it is; otherwise nothing changed.
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

    /// The id of the newest operation, of a store's row that is locked; null without operations. Not by the
    /// statement that locks: PostgreSQL would look into the journal as it was before it had to wait.
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

    [[nodiscard]] static commit_rows<Amount> rows_of(const basic_commit<Amount>& c) {
        const auto& last = c.operations.back();
        commit_rows<Amount> rows{
            .to = {.identity = c.identity,
                   .amount_type = std::string(std::string_view(amount_traits<Amount>::type_name)),
                   .sequence = last.sequence,
                   .newest_at = {last.at},
                   .sealed = c.sealed ? 1U : 0U},
            .guard = {c.sequence, c.newest},
            .journal = journal_rows<Amount>(c.operations)};
        for (const auto& p : c.pools) {
            if (p.sequence > c.sequence) {
                rows.pools.push_back({to_row(p), p.version - jackpot::detail::parts_of(c, p.pool)});
            }
        }
        return rows;
    }

    /// The head of a store that the commit would follow.
    [[nodiscard]] static store_head guard_of(const basic_commit<Amount>& c) noexcept {
        return {.identity = c.identity, .sequence = c.sequence, .newest = c.newest, .sealed = c.sealed};
    }

    /// Does it change rows alone, and add none but the journal's?
    [[nodiscard]] static bool is_in_place(const basic_commit<Amount>& c) {
        return admit(guard_of(c), c) && std::none_of(c.operations.begin(), c.operations.end(),
                                                     [](const auto& o) { return may_reconfigure(o.kind()); });
    }

    /// False where the store is elsewhere than at the guard.
    [[nodiscard]] bool move_store(const commit_rows<Amount>& rows) {
        static const std::string statement = move_store_statement();
        return connection_->prepared(statement).run(rows.to, rows.guard) == 1;
    }

    /// First the store's row, which every writer changes: they stand in line there, and never deadlock.
    [[nodiscard]] commit_result append(const basic_commit<Amount>& c) {
        const auto sound = admit(guard_of(c), c);
        const auto rows = sound ? rows_of(c) : commit_rows<Amount>{.journal = journal_rows<Amount>({})};
        if (!sound || !move_store(rows)) {
            const store_row at = read_store(connection_->engine().lock_row);
            throw_if_failed(admit(moment_row{.store = at}.head(), c));
            if (holds_a_key_of(c)) {
                return commit_result::duplicate;
            }
            static_cast<void>(newest_of(at));  // a journal that lacks it would give conflicts for ever
            return commit_result::conflict;
        }
        try {
            write_rows(c, rows);
        } catch (const soci::soci_error& e) {
            if (!connection_->engine().classify(e).constraint) {
                throw;
            }
            // The unique indexes tell, so that nothing has to be looked up where all is well.
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

    void replace_pools(std::span<const basic_pool<Amount>> pools) {
        connection_->run_once("DELETE FROM jackpot_games");
        connection_->run_once("DELETE FROM jackpots");
        for (const auto& p : pools) {
            insert_row(*connection_, to_row(p));
            write_games(*connection_, p);
        }
    }

    void write_rows(const basic_commit<Amount>& c, const commit_rows<Amount>& rows) {
        insert_rows<journal_row<Amount>>(*connection_, rows.journal.count(), rows.journal);
        if (c.operations.front().kind() == operation_kind::checkpoint) {
            replace_pools(c.pools);
            return;
        }
        for (const auto& change : rows.pools) {
            change.before == 0 ? insert_row(*connection_, change.after) : update_pool(*connection_, change);
        }
        if (!is_in_place(c)) {
            for (const auto& p : c.pools) {
                if (p.sequence > c.sequence) {
                    write_games(*connection_, p);
                }
            }
        }
    }

    [[nodiscard]] static bool may_reconfigure(operation_kind kind) noexcept {
        return kind != operation_kind::contributed && kind != operation_kind::adjusted &&
               kind != operation_kind::suspended && kind != operation_kind::resumed;
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
