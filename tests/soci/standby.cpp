// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <thread>

using namespace jackpot;
using test::code_of;
using test::contains;
using test::value_of;

// A PostgreSQL server and its standby, which fail, stop and take each other's place while wagers come in.
// JACKPOT_STANDBY_WAGERS: how many each of the four writers has acknowledged before the failover, and after
// it (60).

namespace {

class pair_of_servers {
public:
    explicit pair_of_servers(const std::string& how) {
        std::string folder = (std::filesystem::temp_directory_path() / "jackpot.XXXXXX").string();
        REQUIRE(::mkdtemp(folder.data()) != nullptr);
        REQUIRE(::rmdir(folder.c_str()) == 0);
        folder_ = folder;
        const std::string command =
            "sh '" JACKPOT_STANDBY "' up " + folder_ + " " + how + " " + std::to_string(::getpid());
        std::FILE* out = ::popen(command.c_str(), "r");
        REQUIRE(out != nullptr);
        char line[300] = "";
        const bool any = std::fgets(line, sizeof line, out) != nullptr;
        REQUIRE(::pclose(out) == 0);
        REQUIRE(any);
        url_ = std::string(line, std::strcspn(line, "\n"));
    }
    ~pair_of_servers() {
        static_cast<void>(std::system(("sh '" JACKPOT_STANDBY "' stop " + folder_).c_str()));
        std::filesystem::remove_all(folder_);
    }
    pair_of_servers(const pair_of_servers&) = delete;
    pair_of_servers& operator=(const pair_of_servers&) = delete;

    void operator()(const std::string& verb, const std::string& which = "") const {
        REQUIRE(std::system(("sh '" JACKPOT_STANDBY "' " + verb + " " + folder_ + " " + which).c_str()) == 0);
    }
    /// Of both; of one alone.
    [[nodiscard]] std::string url(const std::string& options = "") const { return url_ + options; }
    [[nodiscard]] std::string url_of(const std::string& which) const {
        return "postgresql:///jackpot?host=" + folder_ + "/" + which + "&user=jackpot";
    }

private:
    std::string folder_;
    std::string url_;
};

/// Cancels, for as long as this lives, whatever waits for the standby, as an administrator would.
class canceller {
public:
    explicit canceller(const std::string& url)
        : thread_([this, url] {
              while (!ended_) {
                  const auto done = soci_storage::visit(url, [&](sql::connection& c) {
                      while (!ended_) {
                          c.run_once(
                              "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = "
                              "'SyncRep'");
                          std::this_thread::sleep_for(std::chrono::milliseconds(20));
                      }
                  });
                  static_cast<void>(done);
              }
          }) {}
    ~canceller() {
        ended_ = true;
        thread_.join();
    }
    canceller(const canceller&) = delete;
    canceller& operator=(const canceller&) = delete;

private:
    std::atomic<bool> ended_ = false;
    std::thread thread_;
};

int wagers_each() {
    const char* set = std::getenv("JACKPOT_STANDBY_WAGERS");
    return set == nullptr ? 60 : std::atoi(set);
}

/// Four writers, who send each wager until it is acknowledged.
class writers {
public:
    explicit writers(const std::string& url) {
        for (int w = 0; w < count; ++w) {
            threads_.emplace_back([this, url, w] {
                auto store = value_of(soci_storage::open(url, open_mode::existing));
                network net(store);
                for (int i = 0; !ended_ || acknowledged_[w] < i; ++i) {
                    const std::string key = std::to_string(w) + "-" + std::to_string(i);
                    while (!net.contribute({.game = "slots", .wager = 100, .key = name(key)})) {
                    }
                    acknowledged_[w] = i + 1;
                }
            });
        }
    }
    ~writers() { end(); }
    writers(const writers&) = delete;
    writers& operator=(const writers&) = delete;

    /// Waits until each has so many more acknowledged.
    void go_on(int more) const {
        for (int w = 0; w < count; ++w) {
            for (const int wanted = acknowledged_[w] + more; acknowledged_[w] < wanted;) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            }
        }
    }
    void end() {
        ended_ = true;
        for (auto& thread : threads_) {
            thread.join();
        }
        threads_.clear();
    }
    [[nodiscard]] int acknowledged(int writer) const { return acknowledged_[writer]; }

    static constexpr int count = 4;

private:
    std::atomic<bool> ended_ = false;
    std::atomic<int> acknowledged_[count]{};
    std::vector<std::thread> threads_;
};

/// How often each key is in the journal.
std::map<std::string, int> keys_in(soci_storage& store) {
    std::map<std::string, int> keys;
    std::vector<operation> page;
    for (history_query q{.limit = 500};; q.after = page.back().sequence) {
        value_of(store.read(q, page));
        if (page.empty()) {
            return keys;
        }
        for (const operation& o : page) {
            if (const name* key = o.key()) {
                keys[std::string(key->view())] += 1;
            }
        }
    }
}

const std::string quick = "&answer_timeout=700&busy_timeout=300&connect_timeout=2";

/// Whatever commits, while the standby is stopped and its waits are cancelled: none of it is acknowledged.
void check_cancelled_waits(const pair_of_servers& servers) {
    auto store = value_of(soci_storage::open(servers.url(quick)));
    auto l = test::small_ledger();
    const auto check = [&](const char* what, auto&& commit) {
        CAPTURE(what);
        servers("pause", "b");
        {
            const canceller cancels(servers.url_of("a"));
            const auto refused = commit();
            CHECK(code_of(refused) == errc::unavailable);
            CHECK(contains(refused.error(), "perhaps committed"));
        }
        servers("resume", "b");
        // It landed, and is durable by now.
        snapshot states;
        while (!store.load(states)) {
        }
        CHECK(states == l.states());
    };
    const auto grow = [&](int wagers) {
        const auto before = l.sequence();
        for (int i = 0; i < wagers; ++i) {
            REQUIRE(value_of(l.add(test::wager())));
        }
        return before;
    };
    check("a transaction that opens pools", [&] { return store.commit(l.commit_after(0)); });
    auto from = grow(1);
    check("one statement", [&] { return store.commit(l.commit_after(from)); });
    from = grow(60);
    check("one statement with arrays", [&] { return store.commit(l.commit_after(from)); });
    from = grow(200);
    check("COPY", [&] { return store.commit(l.commit_after(from)); });
    from = grow(1);
    check("under the lock",
          [&] { return store.exclusive([&](auto& locked) { return locked.commit(l.commit_after(from)); }); });
    check("rewrite", [&] { return store.rewrite(l.states()); });
    check("a schema", [&] {
        value_of(soci_storage::visit(servers.url_of("a"), [](sql::connection& c) {
            c.run_once("SET synchronous_commit TO local; CREATE SCHEMA another");
        }));
        return soci_storage::open(servers.url(quick) + "&options=-csearch_path%3Danother").map([](auto&&) {});
    });
    value_of(soci_storage::visit(servers.url_of("a"),
                                 [](sql::connection& c) { c.run_once("DROP SCHEMA another CASCADE"); }));
    servers("pause", "b");
    {
        const canceller cancels(servers.url_of("a"));
        CHECK(code_of(store.seal(true)) == errc::unavailable);
    }
    servers("resume", "b");
    while (!store.seal(false)) {
    }
}

/// A wager whose commit the standby never heard of has no receipt, sent again neither, until it has.
/// A writer that lost a race commits under the store's lock.
void check_receipts(const pair_of_servers& servers, bool lost_race) {
    auto store = value_of(soci_storage::open(servers.url(quick)));
    auto other = value_of(soci_storage::open(servers.url(quick)));
    network net(store, system_environment{}, {.attempts = 3});
    network late(other, system_environment{}, {.attempts = 3});
    const contribute_request request{
        .game = "slots", .wager = 100, .key = name(lost_race ? "cancelled under the lock" : "cancelled")};
    if (lost_race) {
        value_of(net.contribute({.game = "slots", .wager = 100}));
        value_of(late.contribute({.game = "slots", .wager = 100}));
    }
    servers("pause", "b");
    {
        const canceller cancels(servers.url_of("a"));
        CHECK(code_of(net.contribute(request)) == errc::unavailable);
        // Another process is asked for the same.
        CHECK(code_of(late.contribute(request)) == errc::unavailable);
    }
    // Nobody cancels, and nobody answers.
    CHECK(code_of(net.contribute(request)) == errc::unavailable);
    servers("resume", "b");
    auto done = late.contribute(request);
    while (!done) {
        done = late.contribute(request);
    }
    CHECK(done->replayed);
    CHECK(keys_in(store)[std::string(request.key->view())] == 1);
}

/// Whoever is refused is told why, in whatever language.
void check_refusals(const pair_of_servers& servers) {
    const std::string url = servers.url_of("a");
    const std::size_t user = url.rfind("jackpot");
    const auto nobody = soci_storage::open(url.substr(0, user) + "nobody_here");
    CHECK(code_of(nobody) == errc::permission_denied);
    CHECK(contains(nobody.error(), "nobody_here"));
    const std::string nowhere = "postgresql:///nowhere" + url.substr(url.find('?'));
    CHECK(code_of(soci_storage::open(nowhere)) == errc::unavailable);
}

/// A server that stands still in the middle of everything holds nobody for ever.
void check_stopped_primary(const pair_of_servers& servers) {
    auto store = value_of(soci_storage::open(servers.url(quick)));
    network net(store, system_environment{}, {.attempts = 2});
    const contribute_request request{.game = "slots", .wager = 100, .key = name("frozen")};
    servers("pause", "a");
    CHECK(code_of(net.contribute(request)) == errc::unavailable);
    CHECK(code_of(soci_storage::open(servers.url_of("a") + quick)) == errc::unavailable);
    servers("resume", "a");
    auto done = net.contribute(request);
    while (!done) {
        done = net.contribute(request);
    }
    CHECK(keys_in(store)["frozen"] == 1);
}

}  // namespace

TEST_CASE(
    "a primary and its synchronous standby: what was acknowledged is on both, whatever stops or fails") {
    const pair_of_servers servers("sync");
    check_refusals(servers);
    check_cancelled_waits(servers);
    check_receipts(servers, false);
    check_receipts(servers, true);
    check_stopped_primary(servers);

    auto store = value_of(soci_storage::open(servers.url()));
    const auto risks = value_of(store.durability());
    CHECK(std::none_of(risks.begin(), risks.end(), [](const std::string& each) {
        return each.find("asynchronous") != std::string::npos;
    }));
    auto reader = value_of(soci_storage::open(servers.url_of("b"), open_mode::existing));
    network on_standby(reader, system_environment{}, {.attempts = 1});
    const auto refused = on_standby.contribute({.game = "slots", .wager = 100});
    CHECK(code_of(refused) == errc::unavailable);
    CHECK(refused.error().retryable());

    writers all(servers.url());
    all.go_on(wagers_each());
    servers("fail");
    all.go_on(wagers_each());
    all.end();
    auto keys = keys_in(store);
    for (int w = 0; w < writers::count; ++w) {
        for (int i = 0; i < all.acknowledged(w); ++i) {
            CHECK(keys[std::to_string(w) + "-" + std::to_string(i)] == 1);
        }
    }
    CHECK(keys["cancelled"] == 1);
    CHECK(keys["frozen"] == 1);
    CHECK(value_of(audit(store)).clean());
    // Who was refused at the standby is served by the same server now.
    value_of(on_standby.contribute({.game = "slots", .wager = 100}));
}

TEST_CASE(
    "an asynchronous standby: what it never heard of is gone, which was told before, and the rest goes on") {
    const pair_of_servers servers("async");
    auto store = value_of(soci_storage::open(servers.url()));
    shared_network<soci_storage> net(store);
    value_of(net.open({.pool = "hot", .configuration = {.seed = 1000, .rate = test::rate_of("0.1")}}));
    value_of(net.contribute({.game = "slots", .wager = 10, .key = name("both")}));
    const auto risks = value_of(store.durability());
    CHECK(std::count_if(risks.begin(), risks.end(), [](const std::string& each) {
              return each.starts_with("synchronous_standby_names = '': standby 'b' is asynchronous: ");
          }) == 1);
    servers("cut");
    value_of(net.contribute({.game = "slots", .wager = 5000, .key = name("lost")}));
    servers("fail");

    auto another = value_of(soci_storage::open(servers.url(), open_mode::existing));
    network beside(another);
    value_of(beside.contribute({.game = "slots", .wager = 70, .key = name("new")}));
    value_of(net.pool("hot"));  // the lost connection is replaced by a read, which tells nobody
    // At the same sequence as what is gone, and the first writer still has that in mind.
    const auto next = value_of(net.contribute({.game = "slots", .wager = 100, .key = name("next")}));
    CHECK(next.sequence == 4);
    CHECK(value_of(net.pool("hot")).current == 1018);
    CHECK(value_of(beside.pool("hot")).current == 1018);
    CHECK(keys_in(store) == std::map<std::string, int>{{"both", 1}, {"new", 1}, {"next", 1}});
    CHECK(value_of(audit(store)).clean());
}
