// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_STORAGE_HPP
#define JACKPOT_SOCI_STORAGE_HPP

#include <jackpot/soci/dialects.hpp>
#include <jackpot/soci/journal.hpp>
#include <jackpot/soci/pools.hpp>
#include <jackpot/soci/schema.hpp>
#include <jackpot/storage.hpp>

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
            auto held = sql::find_operation<Amount>(*connection_, key);
            if (held) {
                found = std::move(*held);
            }
            return held.has_value();
        });
    }

    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<Amount>>& page) {
        return connection_->attempt([&] { sql::read_page(*connection_, q, page); });
    }

    [[nodiscard]] expected<void> seal(bool sealed) {
        const auto done = write([&] {
            sql::store_row at = read_store(connection_->engine().lock_row);
            at.sealed = sealed ? 1 : 0;
            return move_store(at, at.sequence);
        });
        return done.map([](commit_result) {});
    }

    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states) {
        return write([&] {
            const sql::store_row at = read_store(connection_->engine().lock_row);
            if (at.sequence != states.head.sequence || at.identity != states.head.identity) {
                return commit_result::conflict;
            }
            replace_pools(states.pools);
            return commit_result::committed;
        });
    }

    /// Holds the store's lock while `body` runs, in one transaction, which ends with the first commit
    /// or else with the body.
    template <class Body>
    auto exclusive(Body&& body) -> decltype(body(*this)) {
        const auto begun = connection_->attempt([&] {
            connection_->begin_writing();
            static_cast<void>(read_store(connection_->engine().lock_row));
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
    explicit basic_soci_storage(std::unique_ptr<sql::connection> connection)
        : connection_(std::move(connection)) {}

    /// Where the body says committed it is; otherwise nothing changed.
    template <class Body>
    [[nodiscard]] expected<commit_result> write(Body&& body) {
        return connection_->attempt([&] {
            connection_->begin_writing();
            const commit_result result = body();
            result == commit_result::committed ? connection_->commit() : connection_->roll_back();
            return result;
        });
    }

    [[nodiscard]] sql::store_row read_store(std::string_view lock) {
        static const std::string statement = sql::select_from<sql::store_row>();
        std::optional<sql::store_row> found;
        connection_->prepared(statement + std::string(lock))
            .template select<sql::store_row>([&](const sql::store_row& at) { found = at; });
        if (!found) {
            sql::must(fail(errc::corrupt, sql::store_row::table, "no row"));
        }
        return *found;
    }

    [[nodiscard]] commit_result move_store(const sql::store_row& to, std::uint64_t guard) {
        static const std::string statement = sql::update<sql::store_row>() + " AND sequence = :guard";
        const long long moved = connection_->prepared(statement).run(to, sql::parameter{"guard", guard});
        return moved == 1 ? commit_result::committed : commit_result::conflict;
    }

    [[nodiscard]] static store_head head_of(const sql::store_row& at) noexcept {
        return {at.identity, at.sequence, at.newest_at.value, at.sealed != 0};
    }

    void load_newer(basic_snapshot<Amount>& states) {
        const store_head head = head_of(read_store({}));
        const bool known = states.head.identity == head.identity && states.head.sequence <= head.sequence;
        if (!known || states.head.sequence < head.sequence) {
            auto newer = sql::read_pools<Amount>(*connection_, known ? states.head.sequence : 0);
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
        states.head = head;
    }

    [[nodiscard]] commit_result append(const basic_commit<Amount>& c) {
        sql::store_row at = read_store(connection_->engine().lock_row);
        sql::must(admit(head_of(at), c));
        if (at.sequence != c.sequence) {
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
            std::vector<basic_operation<Amount>> there;
            sql::read_page(*connection_, {.after = c.sequence, .limit = 1}, there);
            if (!there.empty()) {
                return commit_result::conflict;
            }
            throw;
        }
        const auto& last = c.operations.back();
        at.identity = c.identity;
        at.sequence = last.sequence;
        at.newest_at = {last.at};
        return move_store(at, c.sequence);
    }

    void replace_pools(std::span<const basic_pool<Amount>> pools) {
        connection_->run_once("DELETE FROM jackpot_games");
        connection_->run_once("DELETE FROM jackpots");
        for (const auto& p : pools) {
            sql::insert_pool(*connection_, p);
            sql::write_games(*connection_, p);
        }
    }

    void write_rows(const basic_commit<Amount>& c) {
        static const std::string statement = sql::insert_into<sql::journal_row<Amount>>();
        sql::statement& insert = connection_->prepared(statement);
        bool reconfigured = false;
        for (const auto& o : c.operations) {
            for (std::size_t i = 0; i < o.parts.size(); ++i) {
                insert.run(sql::to_row(o, i));
            }
            reconfigured = reconfigured || may_reconfigure(o.kind());
        }
        if (c.operations.front().kind() == operation_kind::checkpoint) {
            replace_pools(c.pools);
            return;
        }
        for (const auto& p : c.pools) {
            if (p.sequence <= c.sequence) {
                continue;
            }
            const std::uint64_t changes = detail::parts_of(c, p.pool);
            if (p.version == changes) {
                sql::insert_pool(*connection_, p);
            } else {
                sql::update_pool(*connection_, p, p.version - changes);
            }
            if (reconfigured) {
                sql::write_games(*connection_, p);
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
                if (!earlier.insert(key->view()).second || sql::find_operation<Amount>(*connection_, *key)) {
                    return true;
                }
            }
        }
        return false;
    }

    std::unique_ptr<sql::connection> connection_;
};

}  // namespace jackpot::inline v1

#endif
