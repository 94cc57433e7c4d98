// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_STORAGE_HPP
#define JACKPOT_SOCI_STORAGE_HPP

#include <jackpot/soci/connection_pool.hpp>
#include <jackpot/soci/engines.hpp>
#include <jackpot/soci/schema.hpp>
#include <jackpot/soci/session_storage.hpp>
#include <jackpot/soci/verify.hpp>
#include <jackpot/store/storage.hpp>

namespace jackpot { inline namespace v1 {

/// A store in an SQL database, over SOCI. Any number of threads may use one at the same time, a network
/// each: every call borrows one of its connections. So may other handles, here and in other processes;
/// commits wait for each other.
///
/// Nothing is thrown: SOCI's exceptions, and the engine's errors in them, become errors at each verb.
/// After any error the transaction is rolled back, and nothing of it stays; only after unavailable from
/// `commit` may the commit have landed. A connection that was lost is made anew, at once where nothing had
/// been asked of it. Errors of every verb: unavailable (no connection, locked for longer than the busy
/// timeout, disk full, input or output failed), conflict (the engine gave way to another transaction),
/// corrupt (a stored value that cannot be read, with its table, row and column; a damaged file),
/// permission_denied, schema_mismatch (a table was dropped), amount_overflow (a wide amount that the
/// engine's decimals cannot hold: 65 digits in MariaDB and MySQL), out_of_memory, unsupported (the engine
/// failed in a way that it never should).
template <amount Amount>
class basic_soci_storage {
public:
    using amount_type = Amount;

    /// Opens one of
    /// - `sqlite://FILE`, or `sqlite://FILE?max_page_count=N`, the most that the file may grow to. FILE may
    ///   hold neither ? nor ";
    /// - `postgresql://[user[:password]@][host[:port]]/database`, and everything else that libpq takes,
    ///   `postgres://` included;
    /// - `mysql://[user[:password]@]host[:port]/database`, of MariaDB too, with socket=FILE, ssl_ca=FILE,
    ///   ssl_cert=FILE and ssl_key=FILE as options. What is special in a URL is written as %XX.
    ///
    /// All take the option busy_timeout: how long to wait for another writer, in milliseconds (5000). Which
    /// of them there are is said by the build. PostgreSQL also takes answer_timeout: how long a server, or
    /// the standby that it waits for, may say nothing until the call is unavailable, in milliseconds (60000,
    /// or twice busy_timeout).
    ///
    /// Errors: unsupported for another URL, or no connections; unavailable, naming the database, where it
    /// cannot be reached; permission_denied; schema_mismatch for tables of a newer library, of another amount
    /// type, or not of this library, which are left as they are; with `existing` also for none, or older
    /// ones. No error shows a password. Safe to try again.
    [[nodiscard]] static expected<basic_soci_storage> open(std::string_view url,
                                                           open_mode mode = open_mode::create,
                                                           const connection_options& o = {}) {
        auto opened = connect(url, mode, o);
        if (!opened) {
            return opened;
        }
        const auto ready = opened->set_up([&](sql::connection& c) { sql::ensure_schema<Amount>(c, mode); });
        return ready ? std::move(opened) : tl::unexpected(ready.error());
    }

    /// Connects and returns what `body(sql::connection&)` returns, whatever tables there are, or none: for
    /// tools that look into a database. Errors: as for `open`, and the body's.
    template <class Body>
    [[nodiscard]] static auto visit(std::string_view url, Body&& body)
        -> expected<std::invoke_result_t<Body&, sql::connection&>> {
        return connect(url, open_mode::existing, {}).and_then([&](basic_soci_storage opened) {
            return opened.set_up(body);
        });
    }

    /// What the database holds of the library's tables; changes nothing. Errors: as for `open`.
    [[nodiscard]] static expected<sql::schema_state> inspect(std::string_view url) {
        return visit(url, sql::inspect<Amount>);
    }

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states) {
        return with_session([&](session_type store) { return store.load(states); });
    }

    /// In `exclusive`, a commit ends the transaction, whatever its result.
    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c) {
        return with_session([&](session_type store) { return store.commit(c); });
    }

    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found) {
        return with_session([&](session_type store) { return store.find(key, found); });
    }

    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<Amount>>& page) {
        return with_session([&](session_type store) { return store.read(q, page); });
    }

    [[nodiscard]] expected<void> seal(bool sealed) {
        return with_session([&](session_type store) { return store.seal(sealed); });
    }

    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states) {
        return with_session([&](session_type store) { return store.rewrite(states); });
    }

    /// Holds the store's lock while `body` runs, in one transaction, which ends with the first commit
    /// or else with the body.
    template <class Body>
    auto exclusive(Body&& body) -> decltype(body(std::declval<sql::session_storage<Amount>&>())) {
        return connections_->borrow([&](auto& held) -> decltype(body(std::declval<session_type&>())) {
            const auto locked = held.run([](sql::connection& c) { return session_type(c).lock(); });
            if (!locked) {
                return tl::unexpected(locked.error());
            }
            session_type store(*held);
            return body(store);
        });
    }

    /// How an acknowledged commit can still be lost: a sentence for each setting of the server or the file
    /// that gives durability away and that no session can set, with its name, its value and what is lost.
    /// Empty where there is none; what the role may not see is not told. Safe to try again.
    [[nodiscard]] expected<std::vector<std::string>> durability() {
        return connections_->borrow([](auto& held) {
            return held.run(
                [](sql::connection& c) { return c.attempt([&] { return sql::read_durability(c); }); });
        });
    }

    /// The largest amount that the engine can hold: of a wide one, MariaDB and MySQL take 65 digits.
    [[nodiscard]] Amount largest() const {
        const int digits = connections_->engine().type_of(sql::field<Amount>::kind).digits;
        Amount power = 1;
        for (int i = 0; i < digits; ++i) {
            power *= 10;
        }
        return digits == 0 ? amount_traits<Amount>::most() : Amount(power - 1);
    }

    /// May be called at any time, by any thread.
    [[nodiscard]] connection_usage usage() const noexcept { return connections_->usage(); }

private:
    using session_type = sql::session_storage<Amount>;

    explicit basic_soci_storage(std::unique_ptr<sql::connections> made) : connections_(std::move(made)) {}

    [[nodiscard]] static expected<basic_soci_storage> connect(std::string_view url, open_mode mode,
                                                              const connection_options& o) {
        const auto engine = sql::dialect_of(url);
        if (!engine) {
            return tl::unexpected(engine.error());
        }
        auto where = (*engine)->locate(url, mode);
        if (!where) {
            return tl::unexpected(where.error());
        }
        if (o.count == 0) {
            return fail(errc::unsupported, "a store without connections");
        }
        bool lost = false;
        return sql::attempt(**engine, lost, [&] {
            return basic_soci_storage(std::make_unique<sql::connections>(**engine, std::move(*where), o));
        });
    }

    /// Runs `body(connection)`; an error names the database.
    template <class Body>
    auto set_up(Body&& body) -> expected<std::invoke_result_t<Body&, sql::connection&>> {
        auto done =
            connections_->borrow([&](auto& held) { return (*held).attempt([&] { return body(*held); }); });
        if (!done && done.error().code != errc::schema_mismatch) {
            return fail(done.error().code, connections_->where().shown, done.error().detail);
        }
        return done;
    }

    template <class Verb>
    auto with_session(Verb&& verb) -> std::invoke_result_t<Verb&, session_type> {
        return connections_->borrow(
            [&](auto& held) { return held.run([&](sql::connection& c) { return verb(session_type(c)); }); });
    }

    std::unique_ptr<sql::connections> connections_;
};

/// The URL as it may be shown: without user, password and options. Only the scheme where it is no URL of
/// an engine that is there.
[[nodiscard]] inline std::string without_password(std::string_view url) {
    const std::string scheme(url.substr(0, url.find(':')));
    const auto where = sql::dialect_of(url).and_then(
        [&](const sql::dialect* engine) { return engine->locate(url, open_mode::create); });
    return where ? where->shown : scheme + "://...";
}

/// The statements that make a new store in an engine (`sqlite`, `postgresql`, `mysql`), as a script for its
/// own client: for those who may, where the program that uses the store may not. Error: unsupported.
template <amount Amount>
[[nodiscard]] expected<std::string> print_schema(std::string_view engine) {
    std::string url = std::string(engine) + "://";
    std::string_view rest = url;
    return sql::dialect_of(rest).map(
        [](const sql::dialect* found) { return sql::schema_script<Amount>(*found); });
}

}}  // namespace jackpot::v1

#endif
