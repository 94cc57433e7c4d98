// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_SCHEMA_HPP
#define JACKPOT_SOCI_SCHEMA_HPP

#include <jackpot/core/system.hpp>
#include <jackpot/soci/inspect.hpp>
#include <jackpot/soci/migrations.hpp>

namespace jackpot { inline namespace v1 { namespace sql {

/// What the Node service's `jackpots` has: histories in the pool's own row, and no journal.
struct older_service_row {
    std::string contributions{};
    std::string wins{};

    static constexpr std::string_view table = "jackpots";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("contributions", row.contributions);
        each("wins", row.wins);
    }
};

/// Did we get a lock?
struct lock_row {
    std::optional<std::string> held{};

    static constexpr std::string_view table = "locks";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("held", row.held);
    }
};

/// Waits for others who migrate the schema.
inline void lock_schema(connection& c) {
    if (!c.engine().lock_schema.empty()) {
        bool held = false;
        c.prepared(std::string(c.engine().lock_schema)).select<lock_row>([&](const lock_row& answer) {
            held = answer.held == std::optional<std::string>("1");
        });
        if (!held) {
            throw_if_failed(fail(errc::unavailable, "another process is changing the schema"));
        }
    }
}

template <amount Amount>
void migrate(connection& c, schema_state& state) {
    // Where DDL ends a transaction there is none: the lock has an end of its own.
    const bool in_transaction = c.engine().unlock_schema.empty();
    if (in_transaction) {
        c.begin_writing();
    }
    lock_schema(c);
    const auto unlock = [&] { c.run_once(c.engine().unlock_schema); };
    try {
        // Another process may have been faster.
        state = inspect<Amount>(c);
        const bool made_at_once = state.number == 0 && !state.another;
        if (made_at_once) {
            create_tables<Amount>(c, tables_now<Amount>());
        }
        // Tables that nobody says are of any schema may be of the first, or nothing that can be migrated.
        const bool known = state.number != 0 || made_at_once || fits(c, version_1::tables<Amount>());
        for (const migration& next : migrations<Amount>) {
            if (known && next.number > state.number) {
                if (!made_at_once) {
                    next.apply(c);
                }
                c.run_once(insert_literally(row_of(next)));
            }
        }
        state = inspect<Amount>(c);
    } catch (...) {
        if (!in_transaction) {
            bool lost = false;
            static_cast<void>(attempt(c.engine(), lost, unlock));
        }
        throw;
    }
    if (c.in_transaction()) {
        c.commit();
    }
    if (!in_transaction) {
        unlock();
    }
}

/// The same where there is a store already, whose tables a server may take long to change, without a word: in
/// a session that waits.
template <amount Amount>
void migrate_patiently(connection& c, schema_state& state) {
    if (c.where().patient.empty() || state.number == 0) {
        return migrate<Amount>(c, state);
    }
    soci::session session;
    connection patient(c.engine(), c.where().patient.front(), session);
    throw_if_failed(patient.attempt([&] { migrate<Amount>(patient, state); }));
}

/// Runs the setting that stays with the database. Others who open it at the same moment make that fail
/// at once, without the wait that a transaction would have: it is tried again.
inline void settle(connection& c) {
    if (c.engine().after_migrating.empty()) {
        return;
    }
    system_environment world;
    for (int tries = 1;; ++tries) {
        bool lost = false;
        const auto done = attempt(c.engine(), lost, [&] { c.run_once(c.engine().after_migrating); });
        if (done || done.error().code != errc::unavailable || tries == 200) {
            return throw_if_failed(done);
        }
        world.sleep(static_cast<std::int64_t>(1000 + world.random() % 20'000));
    }
}

/// Error: schema_mismatch, where the tables are not those of this library and amount type.
template <amount Amount>
void check_schema(connection& c, const schema_state& state) {
    const auto number = [](std::uint32_t n) { return notation::detail::digits(n); };
    const std::uint32_t newest = newest_migration<Amount>;
    if (!state.ours() && missing_columns<older_service_row>(c) == "") {
        throw_if_failed(
            fail(errc::schema_mismatch,
                 "jackpots is the older service's table, without a journal, and stays as it is (rename it, or"
                 " use another database, and bring its pools over)"));
    }
    if (!state.ours()) {
        throw_if_failed(
            fail(errc::schema_mismatch,
                 "tables of another service, which stay as they are (rename them, or use another database)",
                 state.lacking));
    }
    if (state.number > newest) {
        throw failure{{errc::schema_mismatch, basic_text<240>("the schema is of number ")
                                                  .append(number(state.number))
                                                  .append(", newer than this library, which knows ")
                                                  .append(number(newest))}};
    }
    if (!state.amount_type.empty() && state.amount_type != amount_traits<Amount>::type_name) {
        throw_if_failed(fail(errc::schema_mismatch, "amount_type", state.amount_type));
    }
    if (!state.lacking.empty()) {
        throw failure{{errc::schema_mismatch, std::string_view(state.lacking)}};
    }
    if (state.number < newest) {
        throw failure{{errc::schema_mismatch,
                       basic_text<240>("the schema is of number ")
                           .append(number(state.number))
                           .append(", older than this library, which needs ")
                           .append(number(newest))
                           .append(": stop every program of the older version, back the store up, and open"
                                   " it to create, or run migrator schema apply")}};
    }
}

/// Makes sure that the tables are those of this library and amount type; with `create`, by migrating
/// what is the library's own or not there at all. What is foreign or newer is left as it is.
template <amount Amount>
void ensure_schema(connection& c, open_mode mode) {
    if (!c.engine().unfit_query.empty()) {
        c.prepared(std::string(c.engine().unfit_query)).select<sentence_row>([](const sentence_row& why) {
            throw_if_failed(fail(errc::unsupported, why.sentence));
        });
    }
    // Not in one transaction: MariaDB would refuse to read a table that another process made since it began.
    schema_state state = inspect<Amount>(c);
    // What seems to be lacking may be what another process is about to make: look again when it is done.
    if (mode == open_mode::create && state.ours() &&
        (state.number < newest_migration<Amount> || !state.lacking.empty())) {
        bool lost = false;
        const auto try_once = [&] {
            return attempt(c.engine(), lost, [&] { migrate_patiently<Amount>(c, state); });
        };
        auto done = try_once();
        // A lock is no other node's: what one of them made before, at the same moment, is refused here.
        for (int again = 0; !done && !lost && !c.in_transaction() && again < 5 &&
                            (done.error().code == errc::conflict || done.error().code == errc::corrupt);
             ++again) {
            done = try_once();
        }
        if (!done && done.error().code == errc::permission_denied) {
            throw_if_failed(fail(errc::permission_denied,
                                 "the tables are to be made by a role that may (print_schema says how)",
                                 done.error().detail));
        }
        throw_if_failed(done);
    }
    check_schema<Amount>(c, state);
    if (mode == open_mode::create) {
        settle(c);
    }
}

}}}  // namespace jackpot::v1::sql

#endif
