// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/soci.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace jackpot;
using test::rate_of;
using test::value_of;

// Three nodes of a MariaDB Galera cluster, each of which takes wagers: what one of them commits aborts what
// another has begun. JACKPOT_GALERA_SECONDS says for how long there are wagers.

namespace {

constexpr std::size_t nodes = 3;

void pass_seconds(std::int64_t seconds) {
    system_environment().sleep(seconds * 1'000'000);
}

/// The cluster that all tests share; it ends with this process.
class cluster {
public:
    static cluster& get() {
        static cluster only;
        return only;
    }
    [[nodiscard]] const std::string& url(std::size_t node) const { return urls_[node]; }
    void tell(const std::string& verb, std::size_t node) const {
        run(verb + " " + folder_ + " " + std::to_string(node + 1));
    }

private:
    cluster() {
        folder_ = (std::filesystem::temp_directory_path() / "jackpot.XXXXXX").string();
        REQUIRE(::mkdtemp(folder_.data()) != nullptr);
        urls_ = run("up " + folder_ + " " + std::to_string(::getpid()));
        REQUIRE(urls_.size() == nodes);
    }
    ~cluster() {
        // The tests are over, and nothing can be required any more.
        static_cast<void>(std::system(("sh '" JACKPOT_GALERA "' down " + folder_).c_str()));
    }

    /// The lines that galera.sh prints.
    static std::vector<std::string> run(const std::string& command) {
        std::FILE* out = ::popen(("sh '" JACKPOT_GALERA "' " + command).c_str(), "r");
        REQUIRE(out != nullptr);
        std::vector<std::string> lines;
        for (char line[300]; std::fgets(line, sizeof line, out) != nullptr;) {
            lines.emplace_back(line, std::strcspn(line, "\n"));
        }
        REQUIRE(::pclose(out) == 0);
        return lines;
    }

    std::string folder_;
    std::vector<std::string> urls_;
};

/// Asks until there is an answer other than that the store is busy or away: on a machine with much to do,
/// nodes lose each other for a moment.
template <class Ask>
auto insist(Ask&& ask) {
    auto answer = ask();
    for (int i = 0; i < 2000 && !answer && answer.error().retryable(); ++i) {
        system_environment().sleep(20'000);
        answer = ask();
    }
    return answer;
}

soci_storage open_at(std::size_t node, open_mode mode = open_mode::existing) {
    return value_of(insist([&] { return soci_storage::open(cluster::get().url(node), mode); }));
}

/// Waits until the node sees so many nodes, itself among them.
void expect_nodes(std::size_t at, const std::string& wanted) {
    const std::string query =
        "SELECT variable_value AS held FROM information_schema.global_status"
        " WHERE variable_name = 'wsrep_cluster_size'";
    std::string seen;
    for (int i = 0; i < 300 && seen != wanted; ++i) {
        system_environment().sleep(100'000);
        const auto answered = soci_storage::visit(cluster::get().url(at), [&](sql::connection& c) {
            c.prepared(query).select<sql::lock_row>(
                [&](const sql::lock_row& row) { seen = row.held.value_or(""); });
        });
        seen = answered ? seen : "";
    }
    REQUIRE(seen == wanted);
}

/// Wagers of writers, two a node with four threads each, for as long as it lives. A call that is not refused
/// for good is made until it is acknowledged.
class crowd {
public:
    explicit crowd(std::string name) : name_(std::move(name)) {
        for (std::size_t writer = 0; writer < 2 * nodes; ++writer) {
            stores_.push_back(std::make_unique<soci_storage>(open_at(writer % nodes)));
            networks_.push_back(std::make_unique<shared_network<soci_storage>>(*stores_.back()));
            for (std::size_t thread = 0; thread < 4; ++thread) {
                threads_.emplace_back([this, writer, thread] {
                    feed(*networks_[writer], std::to_string(writer) + "-" + std::to_string(thread));
                });
            }
        }
    }
    ~crowd() { finish(); }
    crowd(const crowd&) = delete;
    crowd& operator=(const crowd&) = delete;

    void finish() {
        done_ = true;
        for (auto& each : threads_) {
            each.join();
        }
        threads_.clear();
    }
    /// How many times the writers were told so, until now.
    [[nodiscard]] std::size_t told(errc code) {
        const std::lock_guard held(lock_);
        return told_[code];
    }
    /// The sequence of each acknowledged wager, by its key.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& acknowledged() const { return acknowledged_; }
    /// An answer that is for good.
    [[nodiscard]] const std::string& refused() const { return refused_; }

private:
    void feed(shared_network<soci_storage>& net, const std::string& who) {
        for (int call = 0; !done_; ++call) {
            const std::string key = name_ + "-" + who + "-" + std::to_string(call);
            const auto receipt = insist([&] { return ask(net, key); });
            const std::lock_guard held(lock_);
            if (!receipt) {
                refused_ = to_text(receipt.error()).view();
                done_ = true;
                return;
            }
            acknowledged_[key] = receipt->sequence;
        }
    }
    expected<receipt> ask(shared_network<soci_storage>& net, const std::string& key) {
        auto answer = net.contribute({.game = "slots", .wager = 1000, .key = name(key)});
        const std::lock_guard held(lock_);
        ++told_[answer ? errc{} : answer.error().code];
        return answer;
    }

    std::string name_;
    std::vector<std::unique_ptr<soci_storage>> stores_;
    std::vector<std::unique_ptr<shared_network<soci_storage>>> networks_;
    std::vector<std::thread> threads_;
    std::atomic<bool> done_ = false;
    std::mutex lock_;
    std::map<errc, std::size_t> told_;
    std::map<std::string, std::uint64_t> acknowledged_;
    std::string refused_;
};

/// Every acknowledged wager is in the node's journal once, at its sequence, and no other wager of the crowd
/// is.
void check_node(std::size_t node, const std::string& crowd_name, const crowd& all) {
    CAPTURE(node);
    auto store = open_at(node);
    auto left = all.acknowledged();
    std::string wrong;
    std::size_t others = 0;
    history_query next{.limit = 5000};
    std::vector<operation> page;
    do {
        value_of(insist([&] { return store.read(next, page); }));
        for (const operation& o : page) {
            next.after = o.sequence;
            if (o.key() == nullptr || !o.key()->view().starts_with(crowd_name + "-")) {
                continue;
            }
            const auto told = left.extract(std::string(o.key()->view()));
            others += told.empty() ? 1 : 0;
            wrong = told.empty() || told.mapped() == o.sequence ? wrong : told.key();
        }
    } while (!page.empty());
    CHECK_MESSAGE(left.empty(), left.size(), " of ", all.acknowledged().size(),
                  " acknowledged wagers are lost");
    CHECK(wrong == "");
    CHECK(others == 0);
    const auto report = value_of(insist([&] { return audit(store); }));
    CHECK(report.operations == next.after);
    CHECK(report.clean());
}

void check_all(const std::string& crowd_name, crowd& all) {
    all.finish();
    CHECK(all.refused() == "");
    MESSAGE(all.acknowledged().size(), " acknowledged, ", all.told(errc::unavailable), " times unavailable, ",
            all.told(errc::conflict), " times conflict");
    for (std::size_t node = 0; node < nodes; ++node) {
        check_node(node, crowd_name, all);
    }
}

void open_pool(std::string_view pool) {
    auto store = open_at(0, open_mode::create);
    network<soci_storage> net(store);
    const auto opened = insist([&] {
        return net.open({.pool = pool, .configuration = {.seed = 100'000, .rate = rate_of("0.01")}});
    });
    REQUIRE((opened || opened.error().code == errc::pool_exists));
}

/// How often to do what takes so many seconds.
std::int64_t times(std::int64_t seconds_each) {
    const char* seconds = std::getenv("JACKPOT_GALERA_SECONDS");
    return (std::max<std::int64_t>)(1, seconds == nullptr ? 1 : std::atoll(seconds) / 2 / seconds_each);
}

}  // namespace

TEST_CASE("nodes that make the tables at the same moment make one store") {
    std::vector<std::thread> opening;
    std::vector<std::string> refused(nodes);
    for (std::size_t node = 0; node < nodes; ++node) {
        opening.emplace_back([&, node] {
            const auto opened = insist([&] { return soci_storage::open(cluster::get().url(node)); });
            refused[node] = opened ? "" : to_text(opened.error()).view();
        });
    }
    for (auto& each : opening) {
        each.join();
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        CHECK(refused[node] == "");
        auto store = open_at(node);
        CHECK(value_of(insist([&] { return audit(store); })).operations == 0);
    }
}

TEST_CASE("what one node acknowledged is there on every other") {
    auto first = open_at(0);
    auto second = open_at(1);
    network<soci_storage> here(first);
    network<soci_storage> there(second);
    for (int i = 0; i < 60; ++i) {
        const std::string pool = "p" + std::to_string(i);
        const auto contribute = [&](auto& net, const std::string& key) {
            return value_of(insist([&] {
                return net.contribute(
                    {.game = "g", .wager = 1000, .pools = name_list{name(pool)}, .key = name(pool + key)});
            }));
        };
        value_of(insist([&] {
            return here.open(
                {.pool = name(pool), .configuration = {.rate = rate_of("0.1")}, .key = name(pool)});
        }));
        // The other's network asks its store for a pool that it does not know.
        contribute(there, "there");
        contribute(here, "here");
        CHECK(value_of(insist([&] { return there.pool(name(pool)); })).current == 200);
    }
}

TEST_CASE("writers on every node lose and double nothing") {
    open_pool("hot");
    for (std::int64_t round = 0; round < times(15); ++round) {
        const std::string name = "steady" + std::to_string(round);
        crowd all(name);
        pass_seconds(15);
        check_all(name, all);
    }
}

TEST_CASE("nor where nodes crash, stop and come again, and where the quorum is lost") {
    open_pool("hot");
    const cluster& all_nodes = cluster::get();
    for (std::int64_t round = 0; round < times(30); ++round) {
        const std::string name = "shaken" + std::to_string(round);
        crowd all(name);
        pass_seconds(1);
        all_nodes.tell("kill", 2);
        expect_nodes(0, "2");
        pass_seconds(1);
        all_nodes.tell("pause", 1);  // one of two is no quorum
        pass_seconds(5);
        all_nodes.tell("resume", 1);
        expect_nodes(0, "2");
        all_nodes.tell("start", 2);
        pass_seconds(1);
        const std::size_t before = all.told(errc::unavailable);
        all_nodes.tell("pause", 1);
        all_nodes.tell("pause", 2);
        pass_seconds(6);
        CHECK(all.told(errc::unavailable) > before);
        all_nodes.tell("resume", 1);
        all_nodes.tell("resume", 2);
        expect_nodes(0, "3");
        pass_seconds(2);
        check_all(name, all);
    }
}
