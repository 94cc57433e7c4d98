// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

#include <arpa/inet.h>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::value_of;

namespace {

std::string encoded(std::string_view text) {
    std::string url;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        url.append({'%', "0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]});
    }
    return url;
}

/// The text between such quotes, in which that quote and backslashes stand twice where the server wants it.
std::string quoted(const std::string& engine, char quote, std::string_view text) {
    std::string literal(1, quote);
    for (const char c : text) {
        const bool doubled = c == quote || (c == '\\' && quote == '\'' && engine == "mysql");
        literal.append(doubled ? 2 : 1, c);
    }
    return literal + quote;
}

/// A user of a server with a password, who may log in with nothing else, and a database; gone with this.
class login {
public:
    login(const test::place& at, std::string user, const std::string& password, std::string database)
        : at_(at), user_(std::move(user)), database_(std::move(database)) {
        const std::string secret = quoted(at.engine(), '\'', password);
        if (at.engine() == "postgresql") {
            at.run("CREATE ROLE " + group() + " NOLOGIN");
            at.run("CREATE ROLE " + who() + " LOGIN PASSWORD " + secret + " IN ROLE " + group());
            at.run("CREATE DATABASE " + in() + " OWNER " + who());
            rules_ = at.ask("SELECT pg_read_file(current_setting('hba_file'))");
            write_rules("local all +" + group() + " scram-sha-256\n" + rules_);
            const std::string wrong = url(user_, "no", database_);
            for (int i = 0;
                 code_of(soci_storage::open(wrong, open_mode::existing)) != errc::permission_denied; ++i) {
                REQUIRE(i < 1000);
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            }
        } else {
            at.run("CREATE USER " + who() + " IDENTIFIED BY " + secret);
            at.run("CREATE DATABASE " + in());
            at.run("GRANT ALL ON *.* TO " + who());
        }
    }
    ~login() {
        at_.run("DROP DATABASE " + in());
        at_.run((at_.engine() == "postgresql" ? "DROP ROLE " : "DROP USER ") + who());
        if (at_.engine() == "postgresql") {
            at_.run("DROP ROLE " + group());
            write_rules(rules_);
        }
    }
    login(const login&) = delete;
    login& operator=(const login&) = delete;

    /// The URL of such a login, from that of the place: the rest of it says where the server is.
    [[nodiscard]] std::string url(const std::string& user, const std::string& password,
                                  const std::string& database) const {
        const std::string& base = at_.url();
        const std::size_t host = base.find(at_.engine() == "postgresql" ? "?host=" : "?socket=");
        const std::string host_option = base.substr(host, base.find('&') - host);
        return at_.engine() + "://" + encoded(user) + ":" + encoded(password) + "@" +
               (at_.engine() == "mysql" ? "localhost" : "") + "/" + encoded(database) + host_option;
    }

private:
    [[nodiscard]] std::string group() const { return at_.name() + "_logins"; }
    [[nodiscard]] std::string who() const {
        return quoted(at_.engine(), '"', user_) + (at_.engine() == "mysql" ? "@localhost" : "");
    }
    [[nodiscard]] std::string in() const { return quoted(at_.engine(), '"', database_); }

    void write_rules(const std::string& rules) const {
        const std::string file = at_.ask("SELECT current_setting('hba_file')");
        at_.run("COPY (SELECT line FROM unnest(string_to_array(" + quoted("postgresql", '\'', rules) +
                ", chr(10))) AS lines (line) WHERE line <> '') TO " + quoted("postgresql", '\'', file));
        at_.run("SELECT pg_reload_conf()");
    }

    const test::place& at_;
    std::string user_;
    std::string database_;
    std::string rules_;
};

/// A port of this machine that nobody listens on, for as long as this lives.
class deaf_port {
public:
    deaf_port() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        number_ = std::to_string(ntohs(address.sin_port));
    }
    ~deaf_port() { ::close(socket_); }
    deaf_port(const deaf_port&) = delete;
    deaf_port& operator=(const deaf_port&) = delete;

    [[nodiscard]] const std::string& number() const noexcept { return number_; }

private:
    int socket_;
    std::string number_;
};

/// Refused, with words in which the password is not.
error refused(const std::string& url) {
    CAPTURE(url);
    const auto opened = soci_storage::open(url);
    REQUIRE(!opened);
    CAPTURE(std::string(opened.error().detail.view()));
    CHECK(!contains(opened.error(), "hunter2"));
    CHECK(!opened.error().detail.empty());
    return opened.error();
}

}  // namespace

TEST_CASE("no error shows a password, wherever a URL has it and however wrong the URL is") {
    const deaf_port port;
    const std::string_view others[] = {
        "postgresql://u:hunter2@127.0.0.1:1:2/db",
        "postgresql://u:hunter2@127.0.0.1:port/db",
        "postgresql://u:hunter2@127.0.0.1:99999/db",
        "mysql://u:hunter2@127.0.0.1:99999/db",
        "mysql://u:hunter2@127.0.0.1:port/db",
        "mysql://u:hunter2@127.0.0.1",
        "mysql://u:hunter2@127.0.0.1/",
        "hunter2",
        "u:hunter2@127.0.0.1/db",
        "u hunter2",
        "user=u password=hunter2 dbname=db",
        "password=hunter2",
        "//u:hunter2@127.0.0.1/db",
        "postgresql:/u:hunter2@127.0.0.1/db",
        "postgresql:u:hunter2@127.0.0.1/db",
        "mysql//u:hunter2@127.0.0.1/db",
        "postgres ql://u:hunter2@127.0.0.1/db",
        "oracle://u:hunter2@127.0.0.1/db",
        "oracle hunter2://127.0.0.1/db",
        "sqlite:///tmp/x?password=hunter2",
        "sqlite:///tmp/x?hunter2",
        "sqlite:///tmp/\"x?password=hunter2",
    };
    for (const std::string_view url : others) {
        refused(std::string(url));
    }
    // With the address of that port in place of each ^.
    const std::string_view rests[] = {
        "u:hunter2^/db",
        "u:hunter2^/db?busy_timeout=soon",
        "u:hunter2^/db?busy_timeout",
        "u:hunter2^/db?nonsense=1",
        "u:hunter2^/db?nonsense",
        "u:hunter2^/db?=",
        "u:hunter2^/d%b",
        "u:hunter2^/db%00",
        "u:hunter2%^/db",
        "u:hunter2%4^/db",
        "u:hunter2%zz^/db",
        "u:hunter2%00^/db",
        "u:%hunter2^/db",
        "u%:hunter2^/db",
        "u:hunter2/x^/db",
        "u:x/hunter2^/db",
        "u:12/hunter2^/db",
        "u:hunter2?x^/db",
        "u:hunter2?x=1^/db",
        "u:x?hunter2^/db",
        "u:x?hunter2=1^/db",
        "u:12?x=hunter2^/db",
        "u:12/x?y=hunter2^/db",
        "u:hunter2@x^/db",
        "u:x@hunter2^/db",
        "u:x:hunter2^/db",
        "u:hunter2#^/db",
        "u:hunter2 ^/db",
        "u:hunter2'^/db",
        "u:hunter2\"^/db",
        "u:hunter2\\^/db",
        "u:hunter2/db",
        "u:hunter2",
        ":hunter2/db",
        "u:hunter2%40127.0.0.1/db",
        "[u:hunter2^/db",
        "u:hunter2@[127.0.0.1/db",
        "u:hunter2^/db?password=hunter2",
        "u^/db?password=hunter2",
        "u^/db?passwd=hunter2",
        "u^/db?password=hunter2&nonsense=1",
    };
    for (const std::string scheme : {"postgresql://", "mysql://"}) {
        for (const std::string_view rest : rests) {
            std::string url = scheme + std::string(rest);
            if (const std::size_t mark = url.find('^'); mark != std::string::npos) {
                url.replace(mark, 1, "@127.0.0.1:" + port.number());
            }
            refused(url);
        }
    }
}

TEST_CASE("a server that nobody runs is unavailable, and the database is named") {
    const deaf_port port;
    for (const std::string engine : test::server_engines) {
        const error e = refused(engine + "://u:hunter2@127.0.0.1:" + port.number() + "/db");
        CHECK(e.code == errc::unavailable);
        CHECK(e.retryable());
        CHECK(contains(e, engine + "://127.0.0.1:" + port.number() + "/db: "));
    }
}

TEST_CASE("postgres:// is postgresql://, as libpq has it, and mariadb:// is mysql://") {
    const std::string schemes[][2] = {{"postgresql", "postgres"}, {"mysql", "mariadb"}};
    for (const auto& [engine, scheme] : schemes) {
        const test::place at(engine);
        const std::string other = scheme + at.url().substr(at.url().find(':'));
        auto store = value_of(soci_storage::open(at.url()));
        test::commit_after(store, test::small_ledger(), 0);
        auto same = value_of(soci_storage::open(other, open_mode::existing));
        basic_snapshot<std::int64_t> states;
        REQUIRE(same.load(states));
        CHECK(states.head.sequence > 0);
        CHECK(without_password(other) == without_password(at.url()));
    }
}

TEST_CASE("users, passwords and databases of any name are reached, and wrong ones are told apart") {
    const std::string odd[][3] = {
        {"us er", "pa ss", "data base"},   {"u'o", "p'w", "d'b"},
        {"u\"o", "p\"w", "d\"b"},          {"u\\o", "p\\w", "d\\b"},
        {"u@/?%", "p@/?%&=#:;+", "d@&=#"}, {"u\xC3\xA9", "p\xF0\x9F\x8E\xB0", "d\xC3\xA9"}};
    for (const std::string engine : test::server_engines) {
        const test::place at(engine);
        for (const auto& names : odd) {
            const std::string user = names[0] + at.name().substr(8, 8);
            const std::string password = names[1] + "hunter2";
            const std::string database = names[2] + at.name();
            CAPTURE(engine);
            CAPTURE(user);
            const login made(at, user, password, database);
            auto store = value_of(soci_storage::open(made.url(user, password, database)));
            test::commit_after(store, test::small_ledger(), 0);
            CHECK(refused(made.url(user, password + " hunter2", database)).code == errc::permission_denied);
            CHECK(refused(made.url(user + "x", password, database)).code == errc::permission_denied);
        }
        const login made(at, at.name(), "hunter2", at.name() + "_other");
        const error unknown = refused(made.url(at.name(), "hunter2", "none"));
        CHECK((unknown.code == errc::unavailable || unknown.code == errc::permission_denied));
        CHECK(contains(unknown, "none"));
    }
}
