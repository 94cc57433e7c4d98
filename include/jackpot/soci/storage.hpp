// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_STORAGE_HPP
#define JACKPOT_SOCI_STORAGE_HPP

#include <jackpot/soci/dialects.hpp>
#include <jackpot/soci/rows.hpp>
#include <jackpot/soci/schema.hpp>
#include <jackpot/storage.hpp>

#include <map>
#include <set>

namespace jackpot::inline v1 {

/// A store in an SQL database, over SOCI: one handle, one session, one thread. Handles in other threads
/// and processes may be open to the same store; commits wait for each other.
///
/// Nothing is thrown: SOCI's exceptions, and the engine's errors in them, become errors at each verb.
/// After any error the transaction is rolled back, and nothing of it stays; only after unavailable from
/// `commit` may the commit have landed. Errors of every verb: unavailable (locked for longer than the
/// busy timeout, disk full, input or output failed), corrupt (a stored value that cannot be read, with
/// its table, row and column; a damaged file), permission_denied, schema_mismatch (a table was dropped),
/// out_of_memory, unsupported (the engine failed in a way that it never should).
template <amount Amount>
class basic_soci_storage {
public:
    using amount_type = Amount;

    /// Opens `sqlite://FILE`, or `sqlite://FILE?option=N&...` with busy_timeout (milliseconds; 5000) and
    /// max_page_count (the most that the file may grow to). FILE may hold neither ? nor ".
    ///
    /// Errors: unsupported for another URL; unavailable, naming the file, where it cannot be opened;
    /// schema_mismatch for tables of a newer library, of another amount type, or not of this library,
    /// which are left as they are; with `existing` also for none, or older ones. Safe to try again.
    [[nodiscard]] static expected<basic_soci_storage> open(std::string_view url,
                                                           open_mode mode = open_mode::create) {
        const auto engine = sql::dialect_of(url);
        if (!engine) {
            return tl::unexpected(engine.error());
        }
        const auto where = (*engine)->locate(url, mode);
        if (!where) {
            return tl::unexpected(where.error());
        }
        auto opened = sql::attempt(**engine, [&] {
            auto made = std::make_unique<sql::connection>(**engine, *where);
            sql::ensure_schema<Amount>(*made, mode);
            return basic_soci_storage(std::move(made));
        });
        if (!opened && opened.error().code != errc::schema_mismatch) {
            return fail(opened.error().code, where->shown, opened.error().detail);
        }
        return opened;
    }

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states) {
        return connection_->attempt([&] {
            const bool locked = connection_->in_transaction();
            connection_->begin_reading();
            load_newer(states);
            if (!locked) {
                connection_->commit();
            }
        });
    }

    /// In `exclusive`, a commit ends the transaction, whatever its result.
    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c) {
        return write([&] { return append(c); });
    }

    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found) {
        return connection_->attempt([&] {
            auto held = find_operation(key);
            if (held) {
                found = std::move(*held);
            }
            return held.has_value();
        });
    }

    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<Amount>>& page) {
        return connection_->attempt([&] { read_page(q, page); });
    }

    [[nodiscard]] expected<void> seal(bool sealed) {
        return write([&] {
                   sql::store_row store = read_store(lock_store_);
                   store.sealed = sealed ? 1 : 0;
                   connection_->prepared(update_store_).run(store, sql::parameter{"guard", store.sequence});
                   return commit_result::committed;
               })
            .map([](commit_result) {});
    }

    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states) {
        return write([&] {
            const sql::store_row store = read_store(lock_store_);
            if (store.sequence != states.head.sequence || store.identity != states.head.identity) {
                return commit_result::conflict;
            }
            connection_->run_once(std::string("DELETE FROM ").append(sql::game_row::table));
            connection_->run_once(std::string("DELETE FROM ").append(pool_row::table));
            for (const auto& p : states.pools) {
                write_pool(p);
                write_games(p);
            }
            return commit_result::committed;
        });
    }

    /// Holds the store's lock while `body` runs, in one transaction, which ends with the first commit
    /// or else with the body.
    template <class Body>
    auto exclusive(Body&& body) -> decltype(body(*this)) {
        const auto begun = connection_->attempt([&] {
            connection_->begin_writing();
            static_cast<void>(read_store(lock_store_));
        });
        if (!begun) {
            return tl::unexpected(begun.error());
        }
        struct ending {
            sql::connection& held;
            ~ending() {
                static_cast<void>(held.attempt([&] { held.roll_back(); }));
            }
        } const end{*connection_};
        return body(*this);
    }

private:
    using pool_row = sql::pool_row<Amount>;
    using journal_row = sql::journal_row<Amount>;
    using operation_list = std::vector<basic_operation<Amount>>;

    explicit basic_soci_storage(std::unique_ptr<sql::connection> connection)
        : connection_(std::move(connection)),
          lock_store_(sql::select_from<sql::store_row>().append(connection_->engine().lock_row)) {}

    /// Where the body says committed it is; otherwise nothing changed.
    template <class Body>
    [[nodiscard]] expected<commit_result> write(Body&& body) {
        return connection_->attempt([&] {
            connection_->begin_writing();
            const commit_result result = body();
            if (result == commit_result::committed) {
                connection_->commit();
            }
            connection_->roll_back();
            return result;
        });
    }

    [[nodiscard]] sql::store_row read_store(const std::string& how) {
        std::optional<sql::store_row> found;
        connection_->prepared(how).template select<sql::store_row>(
            [&](const sql::store_row& store) { found = store; });
        if (!found) {
            sql::must(fail(errc::corrupt, sql::store_row::table, "no row"));
        }
        return *found;
    }

    void load_newer(basic_snapshot<Amount>& states) {
        const sql::store_row store = read_store(select_store_);
        const bool known = states.head.identity == store.identity && states.head.sequence <= store.sequence;
        if (!known || states.head.sequence < store.sequence) {
            auto newer = read_pools(known ? states.head.sequence : 0);
            if (!known) {
                states.pools.clear();
            }
            for (auto& p : newer) {
                const auto at = detail::lower_bound(states.pools, p.pool);
                if (at != states.pools.end() && at->pool == p.pool) {
                    *at = std::move(p);
                } else {
                    states.pools.insert(at, std::move(p));
                }
            }
        }
        states.head = {store.identity, store.sequence, store.newest_at.value, store.sealed != 0};
    }

    [[nodiscard]] std::vector<basic_pool<Amount>> read_pools(std::uint64_t after) {
        const sql::parameter known{"known", after};
        std::map<name, std::vector<name>> games;
        connection_->prepared(select_games_)
            .template select<sql::game_row>(
                [&](const sql::game_row& row) { games[row.pool].push_back(row.game); }, known);
        std::vector<basic_pool<Amount>> pools;
        connection_->prepared(select_pools_)
            .template select<pool_row>(
                [&](const pool_row& row) { pools.push_back(sql::from_row(row, std::move(games[row.pool]))); },
                known);
        return pools;
    }

    [[nodiscard]] commit_result append(const basic_commit<Amount>& c) {
        sql::store_row store = read_store(lock_store_);
        sql::must(
            admit(store_head{store.identity, store.sequence, store.newest_at.value, store.sealed != 0}, c));
        sql::must(storable(c));
        if (store.sequence != c.sequence) {
            return holds_a_key_of(c) ? commit_result::duplicate : commit_result::conflict;
        }
        try {
            write_rows(c);
        } catch (const soci::soci_error& e) {
            if (!connection_->engine().classify(e).constraint) {
                throw;
            }
            // The unique indexes tell, so that nothing has to be looked up where all is well.
            connection_->abandon();
            if (holds_a_key_of(c)) {
                return commit_result::duplicate;
            }
            operation_list there;
            read_page({.after = c.sequence, .limit = 1}, there);
            if (!there.empty()) {
                return commit_result::conflict;
            }
            throw;
        }
        const auto& last = c.operations.back();
        store.identity = c.identity;
        store.sequence = last.sequence;
        store.newest_at = {last.at};
        return connection_->prepared(update_store_).run(store, sql::parameter{"guard", c.sequence}) == 1
                   ? commit_result::committed
                   : commit_result::conflict;
    }

    /// Can the journal hold every operation, and give it back as it is?
    [[nodiscard]] static expected<void> storable(const basic_commit<Amount>& c) {
        for (const auto& o : c.operations) {
            const bool checkpoint = o.kind() == operation_kind::checkpoint;
            const bool whole = checkpoint || o.kind() == operation_kind::restored;
            for (const auto& part : o.parts) {
                if ((part.state != nullptr) != whole || (checkpoint && part.version != part.state->version)) {
                    return fail(errc::corrupt, part.pool, "a part that does not agree with its state");
                }
            }
            if (o.parts.empty()) {
                return fail(errc::corrupt, "an operation that changes no pool");
            }
        }
        return c.operations.empty() ? fail(errc::corrupt, "a commit of no operation") : expected<void>{};
    }

    void write_rows(const basic_commit<Amount>& c) {
        sql::statement& insert = connection_->prepared(insert_journal_);
        bool reconfigured = false;
        for (const auto& o : c.operations) {
            for (std::size_t i = 0; i < o.parts.size(); ++i) {
                insert.run(sql::to_row(o, i));
            }
            reconfigured = reconfigured || may_reconfigure(o.kind());
        }
        const bool all = c.operations.front().kind() == operation_kind::checkpoint;
        for (const auto& p : c.pools) {
            if (all || p.sequence > c.sequence) {
                write_pool(p);
                if (reconfigured) {
                    write_games(p);
                }
            }
        }
    }

    [[nodiscard]] static bool may_reconfigure(operation_kind kind) noexcept {
        return kind != operation_kind::contributed && kind != operation_kind::adjusted &&
               kind != operation_kind::suspended && kind != operation_kind::resumed;
    }

    void write_pool(const basic_pool<Amount>& p) {
        const pool_row row = sql::to_row(p);
        if (connection_->prepared(update_pool_).run(row) == 0) {
            connection_->prepared(insert_pool_).run(row);
        }
    }

    void write_games(const basic_pool<Amount>& p) {
        const sql::parameter group{"group", p.pool};
        std::vector<name> stored;
        connection_->prepared(select_games_of_)
            .template select<sql::game_row>([&](const sql::game_row& row) { stored.push_back(row.game); },
                                            group);
        if (stored != p.configuration->games) {
            connection_->prepared(delete_games_of_).run(group);
            for (const name& game : p.configuration->games) {
                connection_->prepared(insert_game_).run(sql::game_row{p.pool, game});
            }
        }
    }

    [[nodiscard]] bool holds_a_key_of(const basic_commit<Amount>& c) {
        std::set<std::string_view> earlier;
        for (const auto& o : c.operations) {
            if (const name* key = o.key()) {
                if (!earlier.insert(key->view()).second || find_operation(*key)) {
                    return true;
                }
            }
        }
        return false;
    }

    [[nodiscard]] std::optional<basic_operation<Amount>> find_operation(const name& key) {
        operation_list held;
        connection_->prepared(select_key_)
            .template select<journal_row>([&](const journal_row& row) { sql::append_row(held, row); },
                                          sql::parameter{"key", key});
        return held.empty() ? std::nullopt : std::optional(std::move(held.front()));
    }

    void read_page(const history_query& q, operation_list& page) {
        page.clear();
        connection_->prepared(sql::select_page<Amount>(q))
            .template select<journal_row>([&](const journal_row& row) { sql::append_row(page, row); },
                                          sql::page_filter{q});
    }

    std::unique_ptr<sql::connection> connection_;
    std::string lock_store_;
    std::string select_store_ = sql::select_from<sql::store_row>();
    std::string update_store_ = sql::update<sql::store_row>() + " AND \"sequence\" = :guard";
    std::string select_pools_ = sql::select_from<pool_row>() + " WHERE sequence > :known";
    std::string update_pool_ = sql::update<pool_row>();
    std::string insert_pool_ = sql::insert_into<pool_row>();
    std::string select_games_ = sql::select_from<sql::game_row>() +
                                R"( WHERE "group" IN (SELECT "group" FROM jackpots WHERE sequence > :known))"
                                R"( ORDER BY "group", game)";
    std::string select_games_of_ =
        sql::select_from<sql::game_row>() + R"( WHERE "group" = :group ORDER BY game)";
    std::string delete_games_of_ = R"(DELETE FROM jackpot_games WHERE "group" = :group)";
    std::string insert_game_ = sql::insert_into<sql::game_row>();
    std::string insert_journal_ = sql::insert_into<journal_row>();
    std::string select_key_ = sql::select_from<journal_row>() +
                              " WHERE sequence = (SELECT sequence FROM jackpot_journal WHERE \"key\" = :key)"
                              " ORDER BY part";
};

}  // namespace jackpot::inline v1

#endif
