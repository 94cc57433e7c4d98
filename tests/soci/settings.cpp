// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

#include <jackpot/replication/audit.hpp>

#include <cstdio>
#include <cstring>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::snapshot_of;
using test::value_of;

namespace {

/// The sentences that begin with those words.
auto count(const std::vector<std::string>& sentences, std::string_view words) {
    return std::count_if(sentences.begin(), sentences.end(),
                         [&](const std::string& each) { return each.starts_with(words); });
}

/// A role without privileges, and a database that it owns; gone with this.
class tenant {
public:
    explicit tenant(const test::place& at, const std::string& how = "") : at_(at) {
        at_.run("CREATE ROLE " + name() + " LOGIN");
        at_.run("CREATE DATABASE " + name() + " OWNER " + name() + how);
    }
    ~tenant() {
        at_.run("DROP DATABASE " + name() + " WITH (FORCE)");
        at_.run("DROP ROLE " + name());
    }
    tenant(const tenant&) = delete;
    tenant& operator=(const tenant&) = delete;

    [[nodiscard]] std::string name() const { return at_.name() + "_tenant"; }
    /// As the role; as the server's administrator where `user` says so.
    [[nodiscard]] std::string url(std::string user = "") const {
        const std::string base = test::server_url("postgresql");
        const std::size_t host = base.find("?host=");
        user = user.empty() ? name() : user;
        return "postgresql:///" + name() + base.substr(host, base.find('&') - host) + "&user=" + user;
    }
    /// By the administrator, in the role's database.
    void run(const std::string& statement) const {
        value_of(soci_storage::visit(url("jackpot"), [&](sql::connection& c) { c.run_once(statement); }));
    }

private:
    const test::place& at_;
};

/// What the expression is in a session of a store.
expected<std::string> ask(const std::string& url, const std::string& expression) {
    return soci_storage::visit(url, [&](sql::connection& c) {
        std::string answer;
        c.prepared("SELECT " + expression).select<sql::sentence_row>([&](const sql::sentence_row& row) {
            answer = row.sentence;
        });
        return answer;
    });
}

struct contrary {
    std::string_view name;
    std::string_view other;   // what a server, database or role says
    std::string_view wanted;  // what it is in a session all the same
};

constexpr contrary contraries[] = {
    {"array_nulls", "off", "on"},
    {"client_encoding", "LATIN1", "UTF8"},
    {"client_min_messages", "error", "warning"},
    {"DateStyle", "'SQL, DMY'", "ISO, YMD"},
    {"TimeZone", "'Asia/Tokyo'", "UTC"},
    {"default_transaction_isolation", "serializable", "read committed"},
    {"enable_seqscan", "on", "off"},
    {"exit_on_error", "on", "off"},
    {"idle_in_transaction_session_timeout", "5000", "30s"},
    {"idle_session_timeout", "9000", "0"},
    {"jit", "on", "off"},
    {"lock_timeout", "900", "5s"},
    {"row_security", "on", "off"},
    {"session_replication_role", "replica", "origin"},
    {"statement_timeout", "20000", "1min"},
    {"synchronous_commit", "off", "on"},
    {"synchronous_commit", "local", "on"},
    {"synchronous_commit", "remote_write", "on"},
    {"synchronous_commit", "remote_apply", "remote_apply"},
};

}  // namespace

TEST_CASE("settings that give durability away are told, each by its name and value") {
    const test::place file("sqlite");
    {
        auto durable = value_of(soci_storage::open(file.url()));
        CHECK(value_of(durable.durability()).empty());
    }
    file.run("PRAGMA journal_mode = DELETE");
    auto reopened = value_of(soci_storage::open(file.url(), open_mode::existing));
    CHECK(count(value_of(reopened.durability()), "journal_mode = delete: ") == 1);

    // The tests' own servers are made for speed.
    const test::place at("postgresql");
    auto store = value_of(soci_storage::open(at.url()));
    auto told = value_of(store.durability());
    CHECK(count(told, "fsync = off: ") == 1);
    CHECK(count(told, "full_page_writes = off: ") == 1);
    CHECK(count(told, "jackpot") == 0);
    at.run("ALTER TABLE jackpot_games SET UNLOGGED");
    told = value_of(store.durability());
    CHECK(count(told, "jackpot_games is UNLOGGED: ") == 1);
}

TEST_CASE("what a role, a database or the URL says otherwise does not act in a session") {
    const test::place at("postgresql");
    const tenant owner(at);
    for (const contrary& each : contraries) {
        const std::string name(each.name);
        CAPTURE(name);
        const std::string set = " SET " + name + " TO " + std::string(each.other);
        const std::string current = "current_setting('" + name + "')";
        // Only a superuser may set that back.
        const bool refused = name == "session_replication_role";
        at.run("ALTER ROLE " + owner.name() + set);
        const auto by_role = ask(owner.url(), current);
        CHECK((refused ? code_of(by_role) == errc::permission_denied : value_of(by_role) == each.wanted));
        at.run("ALTER ROLE " + owner.name() + " RESET ALL");
        at.run("ALTER DATABASE " + owner.name() + set);
        CHECK(value_of(ask(owner.url("jackpot"), current)) == each.wanted);
        at.run("ALTER DATABASE " + owner.name() + " RESET ALL");
        const std::string value(each.other.front() == '\'' ? each.other.substr(1, each.other.size() - 2)
                                                           : each.other);
        std::string option;
        for (const char c : "-c" + name + "=" + value) {
            option.append(c == ' ' ? "\\ " : std::string(1, c));
        }
        const std::string hex = "0123456789ABCDEF";
        std::string url = owner.url("jackpot") + "&options=";
        for (const char c : option) {
            url.append(
                {'%', hex[static_cast<unsigned char>(c) >> 4], hex[static_cast<unsigned char>(c) & 15]});
        }
        CHECK(value_of(ask(url, current)) == each.wanted);
    }
    // No setting is without a line above, but for those of a newer server.
    for (const auto& each : sql::postgresql::session_settings) {
        const bool listed = std::any_of(std::begin(contraries), std::end(contraries),
                                        [&](const contrary& c) { return c.name == each.name; });
        CAPTURE(std::string(each.name));
        CHECK(listed != (each.name == "transaction_timeout"));
    }
}

TEST_CASE("a policy that hides a pool is an error, and hides none") {
    const test::place at("postgresql");
    const tenant owner(at);
    auto store = value_of(soci_storage::open(owner.url()));
    test::commit_after(store, test::small_ledger(), 0);
    owner.run(
        "ALTER TABLE jackpots ENABLE ROW LEVEL SECURITY; ALTER TABLE jackpots FORCE ROW LEVEL SECURITY;"
        " CREATE POLICY hides ON jackpots USING (\"group\" <> 'mega')");
    snapshot states;
    CHECK(code_of(store.load(states)) == errc::permission_denied);
    auto another = value_of(soci_storage::open(owner.url()));
    CHECK(code_of(another.load(states)) == errc::permission_denied);
    owner.run("ALTER TABLE jackpots DISABLE ROW LEVEL SECURITY");
    CHECK(snapshot_of<std::int64_t>(store).pools.size() == 3);
}

TEST_CASE("a schema that comes first in the search path later hides no store, and begins none") {
    const test::place at("postgresql");
    const tenant owner(at);
    const auto l = test::small_ledger();
    {
        auto store = value_of(soci_storage::open(owner.url()));
        test::commit_after(store, l, 0);
    }
    owner.run("CREATE SCHEMA AUTHORIZATION " + owner.name());
    auto store = value_of(soci_storage::open(owner.url()));
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
    CHECK(value_of(soci_storage::inspect(owner.url())).lacking.empty());
    CHECK(value_of(ask(owner.url(),
                       "coalesce(CAST(to_regclass('" + owner.name() + ".jackpot_store') AS TEXT), '')"))
              .empty());
    network net(store);
    CHECK(value_of(net.contribute({.game = "slots", .wager = 100})).parts.size() == 3);

    value_of(soci_storage::open(owner.url() + "&options=-csearch_path%3D" + owner.name()));
    const auto refused = soci_storage::open(owner.url());
    CHECK(code_of(refused) == errc::unsupported);
    CHECK(contains(refused.error(), owner.name() + ", public: name one in the URL"));
}

TEST_CASE("a database that cannot hold every name is refused when it is opened") {
    for (const std::string encoding : {"LATIN1", "EUC_JP", "SQL_ASCII"}) {
        const test::place at("postgresql");
        const tenant owner(at, " ENCODING '" + encoding + "' LOCALE 'C' TEMPLATE template0");
        const auto refused = soci_storage::open(owner.url());
        CHECK(code_of(refused) == errc::unsupported);
        CHECK(contains(refused.error(), "encoding " + encoding));
        CHECK(contains(refused.error(), "ENCODING 'UTF8'"));
    }
}

TEST_CASE("a role or server that only reads takes wagers again once it may write") {
    const test::place at("postgresql");
    const tenant owner(at);
    auto store = value_of(soci_storage::open(owner.url()));
    network net(store, system_environment{}, {.attempts = 1});
    value_of(net.open({.pool = "minor", .configuration = {.rate = test::rate_of("1")}}));
    at.run("ALTER ROLE " + owner.name() + " SET default_transaction_read_only TO on");
    at.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + owner.name() + "'");
    for (int i = 0; i < 2; ++i) {
        const auto refused = net.contribute({.game = "g", .wager = 5});
        CHECK(code_of(refused) == errc::unavailable);
        CHECK(refused.error().retryable());
    }
    at.run("ALTER ROLE " + owner.name() + " RESET ALL");
    // The session that told of the refusal began before that: it ends with the next one, and no later.
    auto done = net.contribute({.game = "g", .wager = 5});
    if (!done) {
        done = net.contribute({.game = "g", .wager = 5});
    }
    CHECK(value_of(done).sequence == 2);
}

TEST_CASE("a file in UTF-16 is a store like others") {
    const test::place at("sqlite");
    at.run("PRAGMA encoding = 'UTF-16le'");
    {
        const auto session = at.session();
        *session << "PRAGMA encoding = 'UTF-16le'";
        *session << "CREATE TABLE other (a INT)";
    }
    REQUIRE(at.ask("PRAGMA encoding") == "UTF-16le");
    auto store = value_of(soci_storage::open(at.url()));
    auto l = test::small_ledger();
    for (const std::string_view pool : {"\xEF\xBF\xBD", "\xF0\x9F\x8E\xB0", "\xC3\xA9", "MINOR"}) {
        value_of(l.add(open_request{.pool = pool, .configuration = {.rate = test::rate_of("1")}}));
    }
    test::commit_after(store, l, 0);
    CHECK(snapshot_of<std::int64_t>(store) == l.states());
    CHECK(value_of(audit(store)).clean());
}

namespace {

/// A pgbouncer before the tests' PostgreSQL.
class pooler {
public:
    explicit pooler(const std::string& mode)
        : folder_(std::filesystem::temp_directory_path() / ("pooler-" + mode)) {
        std::filesystem::remove_all(folder_);
        const std::string base = test::server_url("postgresql");
        const std::size_t host = base.find("host=") + 5;
        url_ = said("up " + folder_.string() + " " + base.substr(host, base.find('&') - host) + " " + mode +
                    " " + std::to_string(::getpid()));
        REQUIRE(url_.starts_with("postgresql://"));
        // It listens before it answers.
        for (int i = 0; ask_plainly("SELECT 'here'") != "here"; ++i) {
            REQUIRE(i < 1000);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    ~pooler() {
        said("down " + folder_.string());
        std::filesystem::remove_all(folder_);
    }
    pooler(const pooler&) = delete;
    pooler& operator=(const pooler&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }
    /// As a client of somebody else's would.
    [[nodiscard]] std::string ask_plainly(const std::string& query) const {
        try {
            soci::session session(soci::postgresql, url_);
            std::string answer;
            session << query, soci::into(answer);
            return answer;
        } catch (const soci::soci_error&) {
            return {};
        }
    }

private:
    static std::string said(const std::string& command) {
        std::FILE* out = ::popen(("sh '" JACKPOT_POOLER "' " + command).c_str(), "r");
        REQUIRE(out != nullptr);
        char line[300] = "";
        const bool any = std::fgets(line, sizeof line, out) != nullptr;
        ::pclose(out);
        return any ? std::string(line, std::strcspn(line, "\n")) : "";
    }

    std::filesystem::path folder_;
    std::string url_;
};

/// What a session of the store leaves behind in one that others get.
const std::string leftovers =
    "SELECT CAST((SELECT count(*) FROM pg_prepared_statements) + (SELECT count(*) FROM pg_settings WHERE "
    "source ="
    " 'session' AND name IN ('jit', 'row_security', 'lock_timeout', 'statement_timeout', "
    "'client_min_messages',"
    " 'idle_in_transaction_session_timeout', 'search_path')) AS TEXT)";

}  // namespace

TEST_CASE("behind a pooler that gives each client a session of its own a store is as without") {
    const test::place at("postgresql");
    const pooler pool("session");
    {
        auto store = value_of(soci_storage::open(pool.url(), open_mode::create, {.count = 3}));
        network net(store);
        value_of(net.open({.pool = "minor", .configuration = {.rate = test::rate_of("1")}}));
        CHECK(value_of(net.contribute({.game = "g", .wager = 5, .key = name("k")})).sequence == 2);
        CHECK(value_of(net.contribute({.game = "g", .wager = 5, .key = name("k")})).replayed);
        CHECK(value_of(ask(pool.url(), "current_setting('row_security')")) == "off");
    }
    for (int i = 0; i < 5; ++i) {
        CHECK(pool.ask_plainly(leftovers) == "0");
    }
    value_of(soci_storage::visit(pool.url(), [](sql::connection& c) {
        c.run_once(
            "DROP TABLE jackpots, jackpot_games, jackpot_holds, jackpot_journal, jackpot_store, "
            "jackpot_schema");
    }));
}

TEST_CASE(
    "a pooler that gives each transaction another session is refused, with the remedy, and leaves nothing "
    "there") {
    for (const std::string mode : {"transaction", "statement"}) {
        CAPTURE(mode);
        const pooler pool(mode);
        for (int i = 0; i < 5; ++i) {
            const auto refused = soci_storage::open(pool.url());
            CHECK(code_of(refused) == errc::unsupported);
            CHECK(contains(refused.error(), "pool_mode = session"));
        }
        CHECK(pool.ask_plainly(leftovers) == "0");
        CHECK(pool.ask_plainly("SELECT coalesce(CAST(to_regclass('jackpots') AS TEXT), 'none')") == "none");
    }
}
