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

/// A store in an SQL database, over SOCI. Any number of threads may use one at the same time, with a network
/// each or a shared one: every call borrows one of its connections. Other handles, here and in other
/// processes, may use the database too; commits wait for each other.
///
/// No verb throws: each turns SOCI's exceptions, and the engine's errors in them, into errors. After an error
/// the transaction is rolled back, and nothing of it stays; only after unavailable from `commit` may the
/// commit have landed. The store replaces a lost connection, immediately where nothing had been asked of it.
/// Errors of every verb: unavailable (no connection, locked for longer than the busy timeout, disk full,
/// input or output failed), conflict (the engine gave way to another transaction), corrupt (a stored value
/// that cannot be read, with its table, row and column; a damaged file), permission_denied, schema_mismatch
/// (a table was dropped), amount_overflow (a wide amount that the engine's decimals cannot hold: 65 digits in
/// MariaDB and MySQL), out_of_memory, unsupported (the engine failed in a way that it never should).
template <amount Amount>
class basic_soci_storage {
public:
    using amount_type = Amount;
    static constexpr bool is_thread_safe = true;

    /// Opens one of
    /// - `sqlite://FILE`, or `sqlite://FILE?max_page_count=N`, the most that the file may grow to. FILE may
    ///   hold neither ? nor "; `:memory:` is a database that lives as long as the store, of one connection;
    /// - `postgresql://[user[:password]@][host[:port]]/database`, and everything else that libpq takes,
    ///   `postgres://` included;
    /// - `mysql://[user[:password]@]host[:port]/database`, of MariaDB too (`mariadb://` as well), with
    /// socket=FILE, ssl_ca=FILE,
    ///   ssl_cert=FILE and ssl_key=FILE as options. What is special in a URL is written as %XX.
    ///
    /// The build decides which of these engines there are. Every URL takes the option busy_timeout: how long
    /// a call waits for another writer, in milliseconds (5000). PostgreSQL also takes answer_timeout: how
    /// long a server, or the standby that it waits for, may say nothing until the call is unavailable, in
    /// milliseconds (60000, or twice busy_timeout).
    ///
    /// Errors: unsupported, for another URL, a count of 0 connections, or several to `:memory:`; unavailable,
    /// naming the database, where it cannot be reached; permission_denied; schema_mismatch, for tables of a
    /// newer library, of another amount type or of another program, which are left as they are, and with
    /// `existing` also for missing or older tables. No error shows a password. It is safe to try again.
    [[nodiscard]] static expected<basic_soci_storage> open(text_view url, open_mode mode = open_mode::create,
                                                           const connection_options& o = {}) {
        auto opened = connect(url, mode, o);
        if (!opened) {
            return opened;
        }
        const auto ready = opened->set_up([&](sql::connection& c) { sql::ensure_schema<Amount>(c, mode); });
        return ready ? std::move(opened) : tl::unexpected(ready.error());
    }

    /// Connects, whatever tables the database has, and returns what `body(sql::connection&)` returns: for
    /// tools that look into a database. Errors: those of `open`, and the body's.
    template <class Body>
    [[nodiscard]] static auto visit(text_view url, Body&& body)
        -> expected<std::invoke_result_t<Body&, sql::connection&>> {
        return connect(url, open_mode::existing, {}).and_then([&](basic_soci_storage opened) {
            return opened.set_up(body);
        });
    }

    /// Says which of the library's tables the database holds, and changes nothing. Errors: those of `open`.
    [[nodiscard]] static expected<sql::schema_state> inspect(text_view url) {
        return visit(url, sql::inspect<Amount>);
    }

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states) {
        return with_session([&](session_type store) { return store.load(states); });
    }

    /// Inside `exclusive` a commit ends the transaction, whatever its result.
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

    /// Holds the store's lock while `body` runs, in one transaction, which ends with the first commit, or
    /// else with the body.
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

    /// Says how an acknowledged commit can still be lost: a sentence for each setting of the server or the
    /// file that gives durability away and that no session can change, with its name, its value and the loss.
    /// Empty where there is none. Settings that the role may not see are left out. It is safe to try again.
    [[nodiscard]] expected<std::vector<std::string>> durability() {
        return connections_->borrow([](auto& held) {
            return held.run(
                [](sql::connection& c) { return c.attempt([&] { return sql::read_durability(c); }); });
        });
    }

    /// The largest amount that the engine can hold. Of a wide amount, MariaDB and MySQL hold 65 digits.
    [[nodiscard]] Amount largest() const {
        const int digits = connections_->engine().type_of(sql::field<Amount>::kind).digits;
        Amount power = 1;
        for (int i = 0; i < digits; ++i) {
            power *= 10;
        }
        return digits == 0 ? amount_traits<Amount>::most() : Amount(power - 1);
    }

    /// Any thread may call it at any time.
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
        if (o.count > 1 && where->of_one_connection) {
            return fail(errc::unsupported, where->shown,
                        "each connection would have a database of its own: open it with one, or name a file");
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

/// The URL as a log may show it: without user, password and options. Only the scheme where no engine of this
/// build knows the URL.
[[nodiscard]] inline std::string without_password(text_view url) {
    const std::string scheme(url.substr(0, url.find(':')));
    const auto where = sql::dialect_of(url).and_then(
        [&](const sql::dialect* engine) { return engine->locate(url, open_mode::create); });
    return where ? where->shown : scheme + "://...";
}

/// Prints the statements that make a new store in an engine (`sqlite`, `postgresql`, `mysql`), as a script
/// for the engine's own client: for a person who may make tables, where the program that uses the store may
/// not. Error: unsupported.
template <amount Amount>
[[nodiscard]] expected<std::string> print_schema(text_view engine) {
    std::string url = std::string(engine) + "://";
    std::string_view rest = url;
    return sql::dialect_of(rest).map(
        [](const sql::dialect* found) { return sql::schema_script<Amount>(*found); });
}

using soci_storage = basic_soci_storage<std::int64_t>;

static_assert(storage<soci_storage>);
static_assert(exclusive_storage<soci_storage>);
static_assert(rewritable_storage<soci_storage>);
static_assert(limited_storage<soci_storage>);
static_assert(thread_safe_storage<soci_storage>);

}}  // namespace jackpot::v1

#endif
