// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_STORAGE_HPP
#define JACKPOT_SOCI_STORAGE_HPP

#include <jackpot/soci/locked_store.hpp>
#include <jackpot/soci/options.hpp>

#include <string>

namespace jackpot { inline namespace v1 {

namespace sql {

class connection;
class connections;
struct schema_state;

}  // namespace sql

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
    ///   socket=FILE, ssl_ca=FILE, ssl_cert=FILE and ssl_key=FILE as options. What is special in a URL is
    ///   written as %XX.
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
                                                           const connection_options& o = {});
    basic_soci_storage(basic_soci_storage&& other) noexcept;
    basic_soci_storage& operator=(basic_soci_storage&& other) noexcept;
    ~basic_soci_storage();

    /// Connects, whatever tables the database has, and returns what `body(sql::connection&)` returns: for
    /// tools that look into a database. Errors: those of `open`, and the body's.
    template <class Body>
    [[nodiscard]] static auto visit(text_view url, Body&& body)
        -> expected<std::invoke_result_t<Body&, sql::connection&>>;

    /// Says which of the library's tables the database holds, and changes nothing. Errors: those of `open`.
    [[nodiscard]] static expected<sql::schema_state> inspect(text_view url);

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states);
    /// Inside `exclusive` a commit ends the transaction, whatever its result.
    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c);
    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found);
    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<Amount>>& page);
    [[nodiscard]] expected<void> seal(bool sealed);
    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states);
    /// For `audit`: one statement, whatever the range.
    [[nodiscard]] expected<void> trace_keys(const sequence_range& range, std::vector<key_trace>& traces);

    /// Holds the store's lock while `body` runs, in one transaction, which ends with the first commit, or
    /// else with the body.
    template <class Body>
    auto exclusive(Body&& body) -> std::invoke_result_t<Body&, sql::locked_store<Amount>&> {
        struct {
            Body& body;
            std::optional<std::invoke_result_t<Body&, sql::locked_store<Amount>&>> result{};
        } call{body};
        const auto held = hold(
            [](void* of, sql::locked_store<Amount>& store) {
                auto& to = *static_cast<decltype(call)*>(of);
                to.result.emplace(to.body(store));
            },
            &call);
        if (!held) {
            return tl::unexpected(held.error());
        }
        return std::move(*call.result);
    }

    /// Says how an acknowledged commit can still be lost: a sentence for each setting of the server or the
    /// file that gives durability away and that no session can change, with its name, its value and the loss.
    /// Empty where there is none. Settings that the role may not see are left out. It is safe to try again.
    [[nodiscard]] expected<std::vector<std::string>> durability();

    /// The largest amount that the engine can hold. Of a wide amount, MariaDB and MySQL hold 65 digits.
    [[nodiscard]] Amount amount_max() const;

    /// Any thread may call it at any time.
    [[nodiscard]] connection_usage usage() const noexcept;

private:
    explicit basic_soci_storage(std::unique_ptr<sql::connections> made);

    [[nodiscard]] static expected<basic_soci_storage> connect(std::string_view url, open_mode mode,
                                                              const connection_options& o);
    /// Runs `body(connection)`; an error names the database.
    template <class Body>
    auto set_up(Body&& body) -> expected<std::invoke_result_t<Body&, sql::connection&>>;
    template <class Verb>
    auto with_session(Verb&& verb);
    /// Runs `body(of, store)` while it holds the store's lock.
    [[nodiscard]] expected<void> hold(void (*body)(void* of, sql::locked_store<Amount>& store), void* of);

    std::unique_ptr<sql::connections> connections_;
};

/// The URL as a log may show it: without user, password and options. Only the scheme where no engine of this
/// build knows the URL.
[[nodiscard]] std::string without_password(text_view url);

/// Prints the statements that make a new store in an engine (`sqlite`, `postgresql`, `mysql`), as a script
/// for the engine's own client: for a person who may make tables, where the program that uses the store may
/// not. Error: unsupported.
template <amount Amount>
[[nodiscard]] expected<std::string> print_schema(text_view engine);

using soci_storage = basic_soci_storage<std::int64_t>;

}}  // namespace jackpot::v1

// With the companion (soci_compiled.cpp) SOCI stays out of here. Who wants more than soci_storage (another
// amount type, `visit`, what is in namespace sql) includes the definitions.
#if defined(JACKPOT_SOCI_COMPILED)
namespace jackpot { inline namespace v1 {
extern template class basic_soci_storage<std::int64_t>;
extern template class detail::store_view<std::int64_t, soci_storage>;
}}  // namespace jackpot::v1
#else
#include <jackpot/soci/definitions.hpp>
#endif

#endif
