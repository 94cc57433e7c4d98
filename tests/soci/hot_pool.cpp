// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "engines.hpp"
#include "server.hpp"

#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace jackpot;
using test::rate_of;
using test::value_of;

// Processes that feed and win one pool, all at once and through crashes, each on two threads that share a
// network. A thread notes in shared memory, which outlives it, what it was told; afterwards the journal must
// say the same, and nothing more.

namespace {

constexpr std::size_t processes = 8;
constexpr std::size_t threads = 2;
constexpr std::size_t callers = processes * threads;
constexpr std::int64_t seed = 100'000;

/// Of each thread of each process: each hundred wagers with a win after it. JACKPOT_HOT_WAGERS says how many
/// wagers there are in all.
std::size_t calls_each() {
    const char* wagers = std::getenv("JACKPOT_HOT_WAGERS");
    return (wagers == nullptr ? 4800 : std::strtoul(wagers, nullptr, 10)) / callers / 100 * 101;
}

bool is_win(std::size_t call) {
    return call % 101 == 100;
}

std::int64_t wager_of(std::size_t caller, std::size_t call) {
    return static_cast<std::int64_t>(1000 + 100 * caller + call % 101);
}

basic_request<std::int64_t> request_of(std::size_t caller, std::size_t call) {
    const name key(std::to_string(caller) + "-" + std::to_string(call));
    const name player("p" + std::to_string(caller));
    if (is_win(call)) {
        return win_request{.pool = "hot", .game = "slots", .player = player, .key = key};
    }
    return contribute_request{.game = "slots", .wager = wager_of(caller, call), .player = player, .key = key};
}

/// What a caller was told of its calls, in order.
struct answers {
    struct one {
        std::uint64_t sequence;
        std::int64_t amount;
    };
    static constexpr std::size_t most = 100'000;

    std::atomic<std::size_t> count;  // after the answer itself is in its place
    std::atomic<std::uint64_t> sent_again;
    std::atomic<std::uint64_t> reconnected;
    one of[most];
};

struct board {
    answers from[callers];
    std::atomic<bool> one_is_done;
    std::size_t slowest;  // how many answers the slowest had then
};

class shared_board {
public:
    shared_board()
        : at_(static_cast<board*>(
              ::mmap(nullptr, sizeof(board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
        REQUIRE(at_ != MAP_FAILED);
        REQUIRE(calls_each() > 0);
        REQUIRE(calls_each() <= answers::most);
    }
    ~shared_board() { ::munmap(at_, sizeof(board)); }
    shared_board(const shared_board&) = delete;
    shared_board& operator=(const shared_board&) = delete;

    board* operator->() const { return at_; }
    [[nodiscard]] std::size_t answered() const {
        std::size_t all = 0;
        for (const answers& each : at_->from) {
            all += each.count;
        }
        return all;
    }

private:
    board* at_;
};

std::int64_t amount_of(std::size_t call, const basic_part<std::int64_t>& part) {
    return is_win(call) ? part.paid : part.to_pool;
}

/// Asks until there is an answer other than that the store is busy or away.
template <class Ask>
auto insist(answers& told, Ask&& ask) {
    auto answer = ask();
    for (; !answer && answer.error().retryable(); answer = ask()) {
        ++told.sent_again;
        system_environment().sleep(20'000);
    }
    if (!answer) {
        std::fprintf(stderr, "%s\n", std::string(to_text(answer.error()).view()).c_str());
    }
    return answer;
}

/// Makes the calls of one thread, from the first on; what its predecessor was told must be said again.
template <class Network>
bool feed(Network& net, std::size_t caller, shared_board& all) {
    answers& told = all->from[caller];
    for (std::size_t call = 0; call < calls_each(); ++call) {
        const auto receipt = insist(told, [&] { return net.submit(request_of(caller, call)); });
        if (!receipt || receipt->parts.size() != 1) {
            return false;
        }
        const std::int64_t amount = amount_of(call, receipt->parts[0]);
        answers::one& answer = told.of[call];
        if (call < told.count) {
            if (!receipt->replayed || receipt->sequence != answer.sequence || amount != answer.amount) {
                std::fprintf(stderr, "call %zu of caller %zu was answered otherwise before\n", call, caller);
                return false;
            }
            continue;
        }
        answer = {receipt->sequence, amount};
        told.count = call + 1;
    }
    if (!all->one_is_done.exchange(true)) {
        all->slowest = calls_each();
        for (const answers& each : all->from) {
            all->slowest = (std::min)(all->slowest, each.count.load());
        }
    }
    return true;
}

/// What a process is there for.
bool run_process(const std::string& url, std::size_t process, shared_board& all) {
    const std::size_t first = process * threads;
    answers& told = all->from[first];
    auto store = insist(told, [&] { return soci_storage::open(url, open_mode::existing); });
    if (!store) {
        return false;
    }
    shared_network<soci_storage> net(*store);
    std::atomic<std::size_t> well = 0;
    std::vector<std::thread> feeding;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        feeding.emplace_back([&, thread] { well += feed(net, first + thread, all) ? 1 : 0; });
    }
    for (auto& each : feeding) {
        each.join();
    }
    told.reconnected = store->usage().replaced;
    return well == threads;
}

/// The processes at work; those that are still there at the end of the scope are killed.
class crowd {
public:
    crowd(std::string url, shared_board& all) : url_(std::move(url)), all_(all) {
        for (std::size_t process = 0; process < processes; ++process) {
            start(process);
        }
    }
    ~crowd() {
        for (std::size_t process = 0; process < processes; ++process) {
            kill(process);
        }
    }
    crowd(const crowd&) = delete;
    crowd& operator=(const crowd&) = delete;

    void start(std::size_t process) {
        pids_[process] = ::fork();
        REQUIRE(pids_[process] >= 0);
        if (pids_[process] == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::_exit(run_process(url_, process, all_) ? 0 : 1);
        }
    }
    void kill(std::size_t process) {
        if (pids_[process] > 0) {
            ::kill(pids_[process], SIGKILL);
            ::waitpid(pids_[process], nullptr, 0);
            pids_[process] = 0;
        }
    }
    /// Waits for so many answers, or until nobody is left to get them.
    void reach(std::size_t answered) {
        while (all_.answered() < answered && working()) {
            ::usleep(2000);
        }
    }
    void finish() {
        while (working()) {
            ::usleep(2000);
        }
    }

private:
    bool working() {
        bool any = false;
        for (pid_t& pid : pids_) {
            int status = 0;
            if (pid > 0 && ::waitpid(pid, &status, WNOHANG) == pid) {
                CHECK(status == 0);
                pid = 0;
            }
            any = any || pid > 0;
        }
        return any;
    }

    std::string url_;
    shared_board& all_;
    pid_t pids_[processes] = {};
};

void open_pool(const std::string& url) {
    auto store = value_of(soci_storage::open(url));
    network<soci_storage> net(store);
    value_of(net.open({.pool = "hot", .configuration = {.seed = seed, .rate = rate_of("0.01")}}));
}

/// Is the journal what the callers were told, and nothing more? Says what is not.
std::string compare_journal(soci_storage& store, const shared_board& all) {
    struct call_of {
        std::size_t caller;
        std::size_t call;
    };
    std::map<std::uint64_t, call_of> calls;
    for (std::size_t caller = 0; caller < callers; ++caller) {
        for (std::size_t call = 0; call < calls_each(); ++call) {
            const std::uint64_t sequence = all->from[caller].of[call].sequence;
            if (!calls.insert({sequence, {caller, call}}).second) {
                return "two calls were told sequence " + std::to_string(sequence);
            }
        }
    }
    history_query next{.after = 1, .limit = 5000};
    std::vector<operation> page;
    do {
        value_of(store.read(next, page));
        for (const operation& o : page) {
            const std::string at = "operation " + std::to_string(o.sequence);
            const auto told = calls.extract(o.sequence);
            if (o.sequence != next.after + 1) {
                return at + " comes after a gap";
            }
            if (told.empty()) {
                return at + " was told to nobody";
            }
            const auto [caller, call] = told.mapped();
            if (!(o.request == request_of(caller, call)) ||
                amount_of(call, o.parts[0]) != all->from[caller].of[call].amount) {
                return at + " is another than the one told";
            }
            next.after = o.sequence;
        }
    } while (!page.empty());
    return calls.empty() ? "" : "lost: operation " + std::to_string(calls.begin()->first);
}

void check_end(const std::string& url, const shared_board& all) {
    auto store = value_of(soci_storage::open(url, open_mode::existing));
    CHECK(compare_journal(store, all) == "");

    std::int64_t wagered = 0;
    std::int64_t paid = 0;
    std::int64_t wins = 0;
    for (std::size_t caller = 0; caller < callers; ++caller) {
        for (std::size_t call = 0; call < calls_each(); ++call) {
            wins += is_win(call) ? 1 : 0;
            paid += is_win(call) ? all->from[caller].of[call].amount : 0;
            wagered += is_win(call) ? 0 : wager_of(caller, call);
        }
    }
    const auto states = test::snapshot_of<std::int64_t>(store);
    REQUIRE(states.pools.size() == 1);
    const pool& hot = states.pools[0];
    CHECK(states.head.sequence == 1 + callers * calls_each());
    CHECK(hot.version == states.head.sequence);
    CHECK(hot.total_wagered == wagered);
    CHECK(hot.total_contributions == wagered / 100);
    CHECK(hot.carry == wagered % 100 * (rate::one_ppb / 100));
    CHECK(hot.win_count == static_cast<std::uint64_t>(wins));
    CHECK(hot.total_wins == paid);
    CHECK(hot.funded == seed * (1 + wins));
    CHECK(test::code_of(check_meters(hot)) == errc{});
    const auto report = value_of(audit(store));
    CHECK(report.operations == states.head.sequence);
    CHECK(report.clean());
}

/// Runs the processes to their end, with three crashes on the way.
template <class Crash>
void crash_three_times(crowd& working, Crash&& crash) {
    for (std::size_t fifth = 1; fifth <= 3; ++fifth) {
        working.reach(callers * calls_each() * fifth / 5);
        crash(fifth);
    }
    working.finish();
}

}  // namespace

TEST_CASE("eight processes on one hot pool lose and double nothing") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        const test::place place(engine);
        open_pool(place.url());
        shared_board all;
        const auto began = system_environment().now();
        crowd working(place.url(), all);
        working.finish();
        const auto took = system_environment().now() - began;
        MESSAGE(engine, ": ", all.answered() * 1'000'000 / static_cast<std::size_t>(took),
                " a second; when the first caller was done the slowest had ",
                100 * all->slowest / calls_each(), " %");
        for (const answers& each : all->from) {
            CHECK(each.sent_again.load() == 0);
        }
        check_end(place.url(), all);
    }
}

TEST_CASE("nor where the server crashes three times") {
    for (const std::string engine : test::server_engines) {
        CAPTURE(engine);
        const test::server own(engine);
        open_pool(own.url());
        shared_board all;
        crowd working(own.url(), all);
        crash_three_times(working, [&](std::size_t) { own.crash(); });
        std::uint64_t reconnected = 0;
        for (const answers& each : all->from) {
            reconnected += each.reconnected;
        }
        CHECK(reconnected >= 3);
        check_end(own.url(), all);
    }
}

TEST_CASE("nor where processes crash, and others take their place") {
    const test::place place("sqlite");
    open_pool(place.url());
    shared_board all;
    crowd working(place.url(), all);
    crash_three_times(working, [&](std::size_t process) {
        working.kill(process);
        working.start(process);
    });
    check_end(place.url(), all);
}
