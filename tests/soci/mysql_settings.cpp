// SPDX-License-Identifier: BSL-1.0
#include "server.hpp"
#include "support.hpp"

#include <jackpot/replication/audit.hpp>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::rate_of;
using test::value_of;

// A server whose settings are not those that the library was made with: what a store does there is what it
// does everywhere.

namespace {

/// What every session is given before its user gets it, unless the user may do everything.
struct otherwise {
    std::string name;
    std::string value;
    std::string ours;  // as the server shows it
};

const otherwise settings[] = {
    {"sql_mode", "'NO_BACKSLASH_ESCAPES'", ""},
    {"character_set_client", "latin1", "utf8mb4"},
    {"character_set_results", "latin1", "utf8mb4"},
    {"character_set_connection", "latin1", "utf8mb4"},
    {"collation_connection", "latin1_german2_ci", "utf8mb4_bin"},
    {"autocommit", "0", "ON"},
    {"completion_type", "1", "NO_CHAIN"},
    {"tx_isolation", "'READ-UNCOMMITTED'", "REPEATABLE-READ"},
    {"tx_read_only", "1", "OFF"},
    {"sql_select_limit", "2", "18446744073709551615"},
    {"max_join_size", "1", "18446744073709551615"},
    {"sql_big_selects", "0", "ON"},
    {"sql_safe_updates", "1", "OFF"},
    {"sql_auto_is_null", "1", "OFF"},
    {"foreign_key_checks", "0", "ON"},
    {"unique_checks", "0", "ON"},
    {"check_constraint_checks", "0", "ON"},
    {"group_concat_max_len", "4", "1048576"},
    {"max_sort_length", "8", "1024"},
    {"time_zone", "'-07:00'", "+00:00"},
    {"max_statement_time", "0.000001", "0.000000"},
    {"query_cache_type", "0", "OFF"},
    {"idle_transaction_timeout", "0", "30"},
    {"lock_wait_timeout", "0", "5"},
    {"innodb_lock_wait_timeout", "0", "5"},
};

/// An administrator's session of a server.
class administrator {
public:
    explicit administrator(const std::string& url)
        : session_(soci::mysql, "user='jackpot' db='jackpot' unix_socket='" +
                                    url.substr(url.find("?socket=") + 8) + "' charset=utf8mb4") {}

    void run(const std::string& statement) { session_ << statement; }
    [[nodiscard]] std::string ask(const std::string& query) {
        std::string answer;
        soci::indicator present = soci::i_null;
        session_ << query, soci::into(answer, present);
        return present == soci::i_ok ? answer : "NULL";
    }

private:
    soci::session session_;
};

/// The server, and an empty database on it for a user who may do nothing outside.
class other_server {
public:
    explicit other_server(const std::string& options = {}) : server_("mysql", options), root_(server_.url()) {
        root_.run("CREATE USER plain@localhost");
        root_.run("GRANT ALL ON jackpot.* TO plain@localhost");
    }
    void begin_anew() {
        root_.run("SET GLOBAL init_connect = ''");
        root_.run("DROP DATABASE jackpot");
        root_.run("CREATE DATABASE jackpot CHARACTER SET utf8mb4");
    }
    [[nodiscard]] administrator& root() { return root_; }
    [[nodiscard]] std::string url(const std::string& user = "plain") const {
        std::string url = server_.url();
        return url.replace(url.find("jackpot@"), 7, user);
    }

private:
    test::server server_;
    administrator root_;
};

std::string said(const expected<receipt>& answer) {
    return answer ? std::to_string(answer->sequence) + " " + std::to_string(answer->total()) +
                        (answer->replayed ? " replayed" : "")
                  : std::string(to_text(answer.error()).view());
}

/// What a store says to requests, good and bad, and what it then holds, in text.
std::string history_of(const std::string& url) {
    auto store = value_of(soci_storage::open(url));
    auto other = value_of(soci_storage::open(url));
    network<soci_storage> net(store);
    network<soci_storage> there(other);
    std::string all;
    // The game of the last has the most bytes that a name can have.
    const std::string long_game = std::string(120, 'g') + "\xF0\x9F\x8E\xB0!";
    const std::string pools[] = {"minor",
                                 "gr\xC3\xB6\xC3\x9F"
                                 "er",
                                 "\xE5\xA4\xA7\\'", "zzzzzzzz2", "zzzzzzzz1"};
    for (const std::string& pool : pools) {
        const std::vector<name> games{"keno", "slots", name(long_game)};
        all += said(net.open({.pool = name(pool),
                              .configuration = {.seed = 50,
                                                .cap = std::int64_t(9000),
                                                .rate = rate_of("0.0125"),
                                                .games = games}})) +
               "\n";
    }
    for (int i = 0; i < 4; ++i) {
        const std::string key = "sch\xC3\xB6n \\' " + std::to_string(i % 3);
        all +=
            said(net.contribute({.game = name(long_game), .wager = 1000 + i % 3, .key = name(key)})) + "\n";
        all += said(there.contribute({.game = "slots", .wager = 777})) + "\n";
    }
    all += said(there.win({.pool = name(pools[1]), .game = "keno", .player = "\xC3\xA9"})) + "\n";
    auto snapshot = test::snapshot_of<std::int64_t>(store);
    all += to_text(error{code_of(store.rewrite(snapshot)), ""}).view();
    for (const auto& p : snapshot.pools) {
        all += std::string(p.pool.view()) + " " + std::to_string(p.current) + " " +
               std::to_string(p.configuration->games.size()) + "\n";
    }
    // A state that breaks the pool's own law, which the tables refuse.
    snapshot.pools[0].current += 1;
    const auto refused = store.rewrite(snapshot);
    all += (refused ? "taken" : std::string(to_string(refused.error().code))) + "\n";
    const auto report = value_of(audit(other));
    return all + std::to_string(report.operations) + (report.clean() ? " clean" : " not clean");
}

/// The value that a store's session has.
std::string in_session(const std::string& url, const std::string& variable) {
    return value_of(soci_storage::visit(url, [&](sql::connection& c) {
        std::string value;
        c.prepared(
             "SELECT variable_value AS held FROM information_schema.session_variables WHERE"
             " variable_name = '" +
             variable + "'")
            .select<sql::lock_row>([&](const sql::lock_row& row) { value = row.held.value_or("NULL"); });
        return value;
    }));
}

error refused(const std::string& url) {
    const auto opened = soci_storage::open(url);
    REQUIRE(!opened);
    return opened.error();
}

}  // namespace

TEST_CASE("whatever a session is given, a store does what it does on every other server") {
    other_server own;
    const std::string wanted = history_of(own.url());
    CHECK(wanted.ends_with("clean"));
    CHECK(in_session(own.url(), "sql_mode").find("ANSI_QUOTES") != std::string::npos);
    for (const otherwise& each : settings) {
        CAPTURE(each.name);
        own.begin_anew();
        own.root().run("SET GLOBAL init_connect = 'SET SESSION " +
                       (each.value.front() == '\'' ? each.name + " = '" + each.value + "'"
                                                   : each.name + " = " + each.value) +
                       "'");
        if (!each.ours.empty()) {
            CHECK(in_session(own.url(), each.name) == each.ours);
        }
        CHECK(history_of(own.url()) == wanted);
        // As a user without those settings reads it.
        CHECK(value_of(soci_storage::open(own.url("jackpot")).map([](auto store) {
            return value_of(audit(store)).clean();
        })));
    }
}

TEST_CASE("what a session cannot set is refused when it opens, with what to do") {
    other_server own("--log-bin");
    own.root().run("GRANT BINLOG ADMIN ON *.* TO plain@localhost");
    value_of(soci_storage::open(own.url()));
    own.root().run("SET GLOBAL init_connect = 'SET SESSION sql_log_bin = 0'");
    const error unlogged = refused(own.url());
    CHECK(unlogged.code == errc::unsupported);
    CHECK(contains(unlogged, "sql_log_bin = OFF: nothing of this session would reach the server's replicas"));
    own.root().run("SET GLOBAL init_connect = ''");
    own.root().run("SET GLOBAL max_allowed_packet = 4193280");
    const error small = refused(own.url());
    CHECK(small.code == errc::unsupported);
    CHECK(contains(small, "max_allowed_packet = 4193280: less than a large commit has (SET GLOBAL"));
    own.root().run("SET GLOBAL max_allowed_packet = 4194304");
    value_of(soci_storage::open(own.url()));
}

TEST_CASE("the character set of a server and of a database do not matter, those of the tables are refused") {
    other_server own("--skip-character-set-client-handshake --character-set-server=latin1");
    own.root().run("ALTER DATABASE jackpot CHARACTER SET utf8mb4");
    const std::string wanted = history_of(own.url());
    CHECK(wanted.find("gr\xC3\xB6\xC3\x9F"
                      "er 50 3") != std::string::npos);
    own.begin_anew();
    own.root().run("ALTER DATABASE jackpot CHARACTER SET latin1");
    CHECK(history_of(own.url()) == wanted);
    CHECK(own.root().ask("SELECT COUNT(*) FROM jackpot.jackpots WHERE HEX(`group`) = '6772C3B6C39F6572'") ==
          "1");
    own.root().run("ALTER TABLE jackpot.jackpots MODIFY last_win_game VARCHAR(128) CHARACTER SET latin1");
    const error latin = refused(own.url());
    CHECK(latin.code == errc::schema_mismatch);
    CHECK(
        contains(latin, "jackpots.last_win_game is VARCHAR(128) COLLATE latin1_swedish_ci, which is to be "));
}

TEST_CASE("tables that keep nothing of a transaction are refused") {
    other_server own;
    value_of(soci_storage::open(own.url()));
    own.root().run("ALTER TABLE jackpot.jackpot_journal ENGINE = MyISAM");
    const error other = refused(own.url());
    CHECK(other.code == errc::schema_mismatch);
    CHECK(
        contains(other, "jackpot_journal.sequence is BIGINT NOT NULL ENGINE MyISAM, which is to be BIGINT"));
}

TEST_CASE("a server that became read-only is left, and asked anew by the next call") {
    other_server own;
    auto store = value_of(soci_storage::open(own.url()));
    network<soci_storage> net(store);
    value_of(net.open({.pool = "minor", .configuration = {.rate = rate_of("1")}}));
    value_of(net.contribute({.game = "g", .wager = 1}));
    const std::string of_plain = "FROM information_schema.processlist WHERE user = 'plain'";
    const std::string first_session =
        "SELECT COUNT(*) " + of_plain + " AND id = " + own.root().ask("SELECT MAX(id) " + of_plain);
    CHECK(own.root().ask(first_session) == "1");
    own.root().run("SET GLOBAL read_only = 1");
    CHECK(code_of(net.contribute({.game = "g", .wager = 1})) == errc::unavailable);
    // Not only forgotten: what it held is free at once.
    for (int i = 0; i < 500 && own.root().ask(first_session) != "0"; ++i) {
        system_environment().sleep(10'000);
    }
    CHECK(own.root().ask(first_session) == "0");
    CHECK(code_of(net.open({.pool = "major", .configuration = {.rate = rate_of("1")}})) == errc::unavailable);
    CHECK(code_of(store.seal(true)) == errc::unavailable);
    CHECK(store.usage().replaced >= 2);
    own.root().run("SET GLOBAL read_only = 0");
    CHECK(value_of(net.contribute({.game = "g", .wager = 1})).sequence == 3);
    own.root().run("REVOKE ALL ON jackpot.* FROM plain@localhost");
    own.root().run("GRANT SELECT, INSERT, DELETE ON jackpot.* TO plain@localhost");
    auto other = value_of(soci_storage::open(own.url(), open_mode::existing));
    CHECK(code_of(other.seal(true)) == errc::permission_denied);
    CHECK(value_of(audit(store)).clean());
}

TEST_CASE("settings of the server that give durability away are told, each by its name and value") {
    other_server own("--log-bin --sync-binlog=1");
    auto store = value_of(soci_storage::open(own.url()));
    CHECK(value_of(store.durability()) == std::vector<std::string>());
    const std::pair<std::string, std::string> risky[] = {
        {"sync_binlog", "0"},
        {"innodb_flush_log_at_trx_commit", "0"},
        {"innodb_flush_log_at_trx_commit", "2"},
    };
    for (const auto& [name, value] : risky) {
        own.root().run("SET GLOBAL " + name + " = " + value);
        const auto told = value_of(store.durability());
        REQUIRE(told.size() == 1);
        CHECK(told[0].starts_with(name + " = " + value + ": a crash of the "));
        CHECK(told[0].find(" loses ") != std::string::npos);
        own.root().run("SET GLOBAL " + name + " = 1");
    }
    other_server careless("--skip-innodb-doublewrite --innodb-flush-method=nosync --sync-binlog=0");
    auto other = value_of(soci_storage::open(careless.url()));
    const auto told = value_of(other.durability());
    REQUIRE(told.size() == 2);
    CHECK(told[0].starts_with("innodb_doublewrite = OFF: "));
    CHECK(told[1].starts_with("innodb_flush_method = nosync: "));
}
