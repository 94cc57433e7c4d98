// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <functional>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::snapshot_of;
using test::value_of;

// What a connection makes of a server's answers, or of none, by a file that answers as servers do: commits in
// doubt, sessions that end, transactions and locks that are gone.

namespace {

using session_type = sql::session_storage<std::int64_t>;

/// What the server does next.
struct script {
    int doubted = 0;    ///< the answer that is asked for so many times from now leaves a commit in doubt
    bool gone = false;  ///< it rolled the transaction back
    std::function<void()> forget = [] {};
    std::function<bool(std::string_view)> run = [](std::string_view) { return true; };  ///< false: not run
};
script server;

[[noreturn]] void say(const char* words) {
    throw soci::soci_error(words);
}

/// A file, by a dialect that asks what a server's does.
sql::dialect served() {
    sql::dialect d = sql::sqlite_dialect;
    d.certain = [](soci::session&) { return server.doubted == 0 || --server.doubted != 0; };
    d.may_commit = [](soci::session&) { return !server.gone; };
    d.forget = [](soci::session&) { server.forget(); };
    d.run_script = [](soci::session& session, std::string_view text) {
        if (server.run(text)) {
            session << text;
        }
    };
    d.classify = [](const soci::soci_error& e) {
        const std::string_view said = e.what();
        return said == "gone"       ? sql::fault{.what = {errc::unavailable, said}, .lost = true}
               : said == "conflict" ? sql::fault{{errc::conflict, said}}
                                    : sql::sqlite::classify(e);
    };
    d.prove = "INSERT INTO proofs VALUES (1)";
    return d;
}

/// A store in a file, and connections to it through that dialect.
class served_store {
public:
    explicit served_store(sql::dialect d = served())
        : dialect_(d), all_(dialect_, value_of(d.locate(file.path(), open_mode::create)), {.count = 2}) {
        server = {};
        auto store = file.open();
        test::commit_after(store, l, 0);
        file.edit("CREATE TABLE proofs (n INTEGER)", "CREATE TABLE seen (n INTEGER)");
    }

    /// As the verbs of a store.
    template <class Body>
    auto run(Body&& body) {
        return all_.borrow([&](auto& held) { return held.run(body); });
    }
    template <class Body>
    auto attempt(Body&& body) {
        return run([&](sql::connection& c) { return c.attempt([&] { return body(c); }); });
    }
    expected<void> load(snapshot& states) {
        return run([&](sql::connection& c) { return session_type(c).load(states); });
    }
    expected<commit_result> commit() {
        return run([&](sql::connection& c) { return session_type(c).commit(next()); });
    }
    /// The next wager's.
    basic_commit<std::int64_t> next() {
        const auto before = l.sequence();
        REQUIRE(value_of(l.add(test::wager())));
        return l.commit_after(before);
    }
    std::string proofs() const { return file.ask("SELECT count(*) FROM proofs"); }
    std::string seen() const { return file.ask("SELECT count(*) FROM seen"); }

    test::database file;
    testing::ledger<std::int64_t> l = test::small_ledger();

private:
    sql::dialect dialect_;

public:
    sql::connections all_;
};

long long see(sql::connection& c) {
    return c.prepared("INSERT INTO seen VALUES (1)").run();
}

}  // namespace

TEST_CASE("a commit in doubt is unavailable, and nothing is answered from it until it is proved, once") {
    served_store store;
    snapshot states;
    value_of(store.load(states));
    CHECK(store.proofs() == "0");
    server.doubted = 2;
    const auto refused = store.commit();
    CHECK(code_of(refused) == errc::unavailable);
    CHECK(contains(refused.error(), "perhaps committed"));
    CHECK(store.proofs() == "0");
    for (int i = 0; i < 2; ++i) {
        value_of(store.load(states));
        CHECK(states == store.l.states());
        CHECK(store.proofs() == "1");
    }
}

TEST_CASE("while a doubt cannot be proved away nothing is answered") {
    served_store store;
    server.doubted = 2;
    CHECK(code_of(store.commit()) == errc::unavailable);
    store.file.edit("ALTER TABLE proofs RENAME TO away");
    bool asked = false;
    const auto ask = [&] { return store.attempt([&](sql::connection&) { return asked = true; }); };
    for (int i = 0; i < 2; ++i) {
        CHECK(!ask());
        CHECK(!asked);
    }
    store.file.edit("ALTER TABLE away RENAME TO proofs");
    CHECK(value_of(ask()));
}

TEST_CASE("a doubt under the lock is a doubt, and so is one that comes while another is proved") {
    served_store store;
    const auto refused = store.all_.borrow([&](auto& held) {
        value_of(held.run([](sql::connection& c) { return session_type(c).lock(); }));
        server.doubted = 2;
        return session_type(*held).commit(store.next());
    });
    CHECK(code_of(refused) == errc::unavailable);
    // While that one is proved, through the other connection, another commit is left in doubt.
    bool first = true;
    server.run = [&](std::string_view) {
        if (std::exchange(first, false)) {
            const auto nested = store.run([&](sql::connection& c) {
                server.doubted = 2;
                return session_type(c).commit(store.next());
            });
            CHECK(code_of(nested) == errc::unavailable);
        }
        return true;
    };
    snapshot states;
    value_of(store.load(states));
    CHECK(store.proofs() == "2");  // of the first one, by both
    for (int i = 0; i < 2; ++i) {
        value_of(store.load(states));
        CHECK(store.proofs() == "3");
    }
}

TEST_CASE("what a key finds is proved before it is acknowledged, and nothing else is") {
    served_store store;
    const auto find = [&](const char* key) {
        return value_of(store.run([&](sql::connection& c) {
            operation found;
            return session_type(c).find(key, found);
        }));
    };
    CHECK(!find("nobody's"));
    CHECK(store.proofs() == "0");
    CHECK(find("bet-1"));
    CHECK(store.proofs() == "1");
    server.doubted = 2;  // its own proof is in doubt
    operation found;
    CHECK(code_of(store.run([&](sql::connection& c) { return session_type(c).find("bet-1", found); })) ==
          errc::unavailable);
}

TEST_CASE("what was asked of a session that had ended is asked again, and a commit never is") {
    served_store store;
    int runs = 0;
    const auto done = store.attempt([&](sql::connection& c) {
        if (++runs == 1) {
            say("gone");
        }
        return see(c);
    });
    CHECK(value_of(done) == 1);
    CHECK(runs == 2);
    CHECK(store.all_.usage().replaced == 1);

    // The answer to COMMIT did not come.
    runs = 0;
    const auto lost = store.attempt([&](sql::connection& c) {
        return c.committing([&] {
            ++runs;
            see(c);
            say("gone");
            return 1;
        });
    });
    CHECK(code_of(lost) == errc::unavailable);
    CHECK(runs == 1);
    // It came, and said less than that it is durable; and then the session ended.
    server.forget = [] { say("gone"); };
    const auto doubted = store.attempt([&](sql::connection& c) {
        ++runs;
        server.doubted = 2;
        return c.committing([&] { return see(c); });
    });
    CHECK(code_of(doubted) == errc::unavailable);
    CHECK(runs == 2);
    CHECK(store.seen() == "3");
    CHECK(store.all_.usage().available() == 100);
}

TEST_CASE("a commit that was refused leaves no doubt, and one whose answer was lost does") {
    served_store store;
    const auto fail_with = [&](const char* words) {
        return store.attempt([&](sql::connection& c) { return c.committing([&] { return say(words), 1; }); });
    };
    snapshot states;
    CHECK(!fail_with("refused"));
    value_of(store.load(states));
    CHECK(store.proofs() == "0");
    CHECK(code_of(fail_with("gone")) == errc::unavailable);
    value_of(store.load(states));
    CHECK(store.proofs() == "1");
}

TEST_CASE("a transaction that the server rolled back takes nothing more, and its session stays") {
    for (const bool at_the_end : {false, true}) {
        CAPTURE(at_the_end);
        served_store store;
        const auto done = store.attempt([&](sql::connection& c) {
            c.begin_writing();
            see(c);
            server.gone = true;
            if (!at_the_end) {
                c.begin_writing();
                see(c);
            }
            c.commit();
        });
        server.gone = false;
        CHECK(code_of(done) == (at_the_end ? errc::unavailable : errc::conflict));
        CHECK(store.seen() == "0");
        CHECK(store.all_.usage().replaced == 0);
    }
    // ROLLBACK says conflict of one that is rolled back already; whatever else it says, the session is not
    // kept.
    for (const char* said : {"conflict", "refused"}) {
        CAPTURE(said);
        served_store store;
        const auto fail = [&](sql::connection& c) {
            c.begin_writing();
            say("refused");
        };
        server.run = [&](std::string_view text) {
            if (text == "ROLLBACK") {
                say(said);
            }
            return true;
        };
        CHECK(!store.attempt(fail));
        server.run = [](std::string_view) { return true; };
        CHECK(!store.attempt([](sql::connection& c) {
            c.run_once("ROLLBACK");
            say("refused");
        }));
        CHECK((store.all_.usage().replaced == 0) == (std::string_view(said) == "conflict"));
    }
}

TEST_CASE("a migration that failed gives its lock back, and one without the lock changes nothing") {
    sql::dialect d = served();
    d.unlock_schema = "UNLOCK";
    for (const char* lock : {"SELECT 1", "SELECT 0"}) {
        CAPTURE(lock);
        const bool locked = std::string_view(lock) == "SELECT 1";
        d.lock_schema = lock;
        served_store store(d);
        int unlocked = 0;
        int made = 0;
        server.run = [&](std::string_view text) {
            unlocked += text == "UNLOCK" ? 1 : 0;
            if (text.starts_with("CREATE TABLE")) {
                ++made;
                say("no room");
            }
            return text != "UNLOCK";
        };
        store.file.edit("DELETE FROM jackpot_schema");
        const auto done =
            store.attempt([](sql::connection& c) { sql::ensure_schema<std::int64_t>(c, open_mode::create); });
        REQUIRE(!done);
        CHECK(contains(done.error(), locked ? "no room" : "another process is changing the schema"));
        CHECK(unlocked == (locked ? 1 : 0));
        CHECK(made == (locked ? 1 : 0));
    }
}
