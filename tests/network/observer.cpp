// SPDX-License-Identifier: BSL-1.0
#include "async.hpp"
#include "journalled.hpp"
#include "scripted.hpp"

#include <jackpot/network/observer.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/write_behind.hpp>
#include <jackpot/testing/faulty_storage.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <atomic>
#include <thread>

using namespace jackpot;
using test::asked;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

/// What an observer was told, in order, each as one word and what is said of it.
struct log_book {
    struct pair {
        basic_request<std::int64_t> request;
        receipt got;
    };

    std::vector<std::string> lines;
    std::vector<pair> committed;
    std::vector<pair> replayed;
    std::vector<errc> refused;
    std::size_t in_commits = 0;
    std::int64_t time = 0;
    std::atomic<int> inside = 0;  // threads in the observer
    std::atomic<int> turned_away = 0;
    bool overlapped = false;

    [[nodiscard]] std::string take() {
        std::string all;
        for (const auto& line : lines) {
            all += (all.empty() ? "" : " ") + line;
        }
        lines.clear();
        return all;
    }
};

class logging {
public:
    explicit logging(log_book& book) : book_(&book) {}

    void committed(const auto& asked, const receipt& got) noexcept {
        add("committed:" + std::to_string(got.sequence));
        book_->committed.push_back({asked, got});
    }
    void replayed(const auto& asked, const receipt& first) noexcept {
        add("replayed:" + std::to_string(first.sequence));
        book_->replayed.push_back({asked, first});
    }
    void refused(const auto& /*asked*/, const error& why) noexcept {
        add("refused:" + std::string(to_string(why.code)));
        book_->refused.push_back(why.code);
    }
    void retried(const error& why) noexcept { add("retried:" + std::string(to_string(why.code))); }
    void commit_done(const commit_report& report) noexcept {
        add("done:" + std::to_string(report.operations) + "/" + std::to_string(report.attempts) + "/" +
            std::to_string(report.microseconds));
        book_->in_commits += report.operations;
    }
    void turned_away(const error&) noexcept { ++book_->turned_away; }
    std::int64_t clock() noexcept { return book_->time += 7; }

private:
    void add(std::string line) {
        book_->overlapped = book_->overlapped || ++book_->inside != 1;
        book_->lines.push_back(std::move(line));
        --book_->inside;
    }

    log_book* book_;
};

contribute_request bet(std::int64_t wager = 100) {
    return {.game = "g", .wager = wager};
}
contribute_request keyed_bet(const char* key) {
    return {.game = "g", .wager = 100, .key = key};
}

// What a writer is without an observer.
struct bare : detail::basic_writer<std::int64_t> {
    detail::store_view<std::int64_t, memory_storage<>> store_;
    seeded_environment environment_;
};
static_assert(sizeof(detail::writer<memory_storage<>, seeded_environment>) == sizeof(bare));
static_assert(std::is_same_v<network<memory_storage<>, seeded_environment>,
                             network<memory_storage<>, seeded_environment, no_observer>>);

/// The journal's operations by this writer are those that its observer saw, in order, and no other.
template <class Store>
void check_committed(Store& store, const log_book& book) {
    std::vector<operation> all;
    value_of(store.read({.limit = 1'000'000}, all));
    REQUIRE(book.committed.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(test::journalled<std::int64_t>(book.committed[i].request, all[i].request) == all[i].request);
        CHECK(book.committed[i].got.sequence == all[i].sequence);
        CHECK(book.committed[i].got.at == all[i].at);
        CHECK(book.committed[i].got.parts == all[i].parts);
        CHECK_FALSE(book.committed[i].got.replayed);
    }
}

}  // namespace

TEST_CASE("each request ends as one event, and each commit tells how large it was and how long it took") {
    memory_storage<> memory;
    test::scripted_storage store(memory);
    log_book book;
    network net(store, seeded_environment(1), test::quick, logging(book));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    CHECK(book.take() == "committed:1 done:1/1/7");
    value_of(net.contribute(keyed_bet("k")));
    CHECK(book.take() == "committed:2 done:1/1/7");
    CHECK(value_of(net.contribute(keyed_bet("k"))).replayed);
    CHECK(book.take() == "replayed:2");
    CHECK(code_of(net.suspend({.pool = "none"})) == errc::unknown_pool);
    CHECK(book.take() == "refused:unknown_pool");
    CHECK(code_of(net.suspend({.pool = "\x01"})) == errc::invalid_pool);
    CHECK(book.take() == "refused:invalid_pool");
    CHECK(value_of(net.contribute({.game = "g", .wager = 1, .pools = name_list{}})).sequence == 0);
    CHECK(book.take() == "");

    std::vector<contribute_request> wagers{bet(), bet(-1), keyed_bet("k2"), keyed_bet("k2"), bet()};
    std::vector<expected<receipt>> answers(wagers.size());
    value_of(net.contribute(wagers, answers));
    CHECK(book.take() == "refused:invalid_wager replayed:4 committed:3 committed:4 committed:5 done:3/1/7");
    check_committed(memory, book);
}

TEST_CASE("a retry tells its reason, and the commit how many attempts it took") {
    memory_storage<> memory;
    value_of(
        network(memory, seeded_environment(9)).open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    test::scripted_storage store(memory);
    log_book book;
    network net(store, seeded_environment(1), test::quick, logging(book));
    store.steps = {test::conflict, test::lose_request};
    value_of(net.contribute(bet()));
    CHECK(book.take() == "retried:conflict retried:unavailable committed:2 done:1/3/7");
    store.commits = 0;
    store.steps = {4, test::conflict};
    CHECK(code_of(net.contribute(bet())) == errc::conflict);
    CHECK(book.take() == "retried:conflict retried:conflict retried:conflict refused:conflict");
}

TEST_CASE("what landed though its answer was lost is committed; what nobody can tell of is refused") {
    memory_storage<> memory;
    value_of(
        network(memory, seeded_environment(9)).open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    test::scripted_storage store(memory);
    log_book book;
    network net(store, seeded_environment(1), test::quick, logging(book));
    store.steps = {test::lose_answer};
    value_of(net.contribute(bet()));
    CHECK(book.take() == "retried:unavailable committed:2 done:1/2/7");

    store.commits = 0;
    store.steps = {test::hold_back, test::conflict, test::conflict, test::conflict};
    CHECK(code_of(net.contribute(keyed_bet("k"))) == errc::unavailable);
    CHECK(book.take() == "retried:unavailable retried:conflict retried:conflict refused:unavailable");
    CHECK(value_of(store.land()) == commit_result::committed);
    CHECK(value_of(net.contribute(keyed_bet("k"))).replayed);
    CHECK(book.replayed.back().got.sequence == 3);
}

TEST_CASE("what was committed in a second attempt comes behind what had landed in the first") {
    memory_storage<> memory;
    const auto open = [&](const char* pool) {
        value_of(network(memory, seeded_environment(9))
                     .open({.pool = name(pool), .configuration = {.rate = rate_of("1")}}));
    };
    open("p");
    test::scripted_storage store(memory);
    log_book book;
    network net(store, seeded_environment(1), test::quick, logging(book));
    std::vector<contribute_request> wagers{bet(1), bet(2)};
    wagers[0].pools = name_list{"q"};
    std::vector<expected<receipt>> answers(wagers.size());
    store.steps = {test::followed(test::lose_answer, [&] { open("q"); })};
    value_of(net.contribute(wagers, answers));
    CHECK(value_of(answers[0]).sequence == 4);
    CHECK(book.take() == "retried:unavailable committed:2 committed:4 done:2/2/7");
    CHECK(std::get<contribute_request>(book.committed[0].request) == wagers[1]);
    CHECK(std::get<contribute_request>(book.committed[1].request) == wagers[0]);
}

TEST_CASE("wagers that the store takes itself are committed, without a commit of the network") {
    memory_storage<> store;
    log_book book;
    network net(store, seeded_environment(1), {}, logging(book));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    static_cast<void>(book.take());
    const auto game = value_of(net.resolve_game("g"));
    value_of(net.contribute(bet()));
    value_of(net.contribute(game, wager{.wager = 5, .player = "ann", .key = "k"}));
    CHECK(book.take() == "committed:2 committed:3");
    CHECK(value_of(net.contribute(game, wager{.wager = 5, .player = "ann", .key = "k"})).replayed);
    CHECK(book.lines.back() == "replayed:3");
    static_cast<void>(book.take());
    const std::vector<wager> wagers{{.wager = 1}, {.wager = -1}, {.wager = 3}};
    std::vector<expected<receipt>> answers(wagers.size());
    value_of(net.contribute(game, wagers, answers));
    CHECK(book.take() == "committed:4 refused:invalid_wager committed:5 done:1/1/7");
    const std::vector<contribute_request> named{bet(), bet()};
    value_of(net.contribute(named, std::span(answers).first(2)));
    CHECK(book.take() == "committed:6 committed:7");
    value_of(net.win({.pool = "p", .game = "g", .player = "ann"}));
    CHECK(book.take() == "committed:8 done:1/1/7");
    check_committed(store, book);
}

TEST_CASE("an observer changes nothing: receipts, times and ids are the same with it and without") {
    memory_storage<> observed;
    memory_storage<> plain;
    log_book book;
    network with(observed, seeded_environment(5), {}, logging(book));
    network without(plain, seeded_environment(5));
    testing::random_requests<std::int64_t> random(3);
    snapshot states;
    for (int i = 0; i < 500; ++i) {
        const auto request = random.next(states);
        const auto one = with.submit(request);
        const auto other = without.submit(request);
        REQUIRE(code_of(one) == code_of(other));
        if (one) {
            REQUIRE(*one == *other);
        }
        states.pools = value_of(without.pools());
    }
    std::vector<operation> journals[2];
    value_of(observed.read({.limit = 1000}, journals[0]));
    value_of(plain.read({.limit = 1000}, journals[1]));
    CHECK(journals[0] == journals[1]);
    check_committed(observed, book);
}

TEST_CASE(
    "whichever call of the store is lost, each request ends as one event, and each operation is seen once") {
    for (const auto lost : {testing::lost::request, testing::lost::answer}) {
        for (std::uint64_t call = 1;; ++call) {
            CAPTURE(call);
            memory_storage<> memory;
            testing::fault_plan plan{.call = call, .lost = lost};
            testing::faulty_storage store(memory, plan);
            log_book book;
            network net(store, seeded_environment(1), test::quick, logging(book));
            value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
            std::vector<contribute_request> wagers{bet(), keyed_bet("k"), keyed_bet("k"), bet()};
            std::vector<expected<receipt>> answers(wagers.size());
            value_of(net.contribute(wagers, answers));
            value_of(net.win({.pool = "p", .game = "g", .player = "ann"}));
            CHECK(book.committed.size() == 5);
            CHECK(book.replayed.size() == 1);
            CHECK(book.refused.empty());
            CHECK(book.in_commits == 5);
            check_committed(memory, book);
            if (plan.calls < call) {
                break;
            }
        }
    }
}

TEST_CASE("of threads that share a network one at a time is in the observer, and every operation is seen") {
    memory_storage<> store;
    log_book book;
    shared_network net(store, system_environment(), {}, logging(book));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                value_of(net.contribute(bet()));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK_FALSE(book.overlapped);
    CHECK(book.committed.size() == 2001);
    CHECK(book.in_commits == 1);  // memory takes wagers itself
    check_committed(store, book);
}

TEST_CASE("an event comes before the answers, and may submit to an async_network and ask it") {
    struct calling : no_observer {
        using no_observer::committed;
        void committed(const win_request&, const receipt&) noexcept { (*call)(); }
        const std::function<void()>* call = nullptr;
    };
    memory_storage<> store;
    value_of(network(store, seeded_environment(9))
                 .open({.pool = "p", .configuration = {.seed = 5, .rate = rate_of("1")}}));
    std::function<void()> on_win;
    calling observer;
    observer.call = &on_win;
    async_network net(store, seeded_environment(1), {}, observer);
    asked won(win_request{.pool = "p", .game = "g", .player = "ann"});
    asked next(bet());
    std::size_t pools = 0;
    on_win = [&] {
        CHECK(won.answers == 0);
        pools = value_of(net.pools()).size();
        value_of(net.submit(next));
    };
    CHECK(value_of(net.submit(won)));
    auto answers = net.pump();
    CHECK(pools == 1);
    CHECK(answers.more());
    answers.complete();
    CHECK(won.answers == 1);
    net.pump().complete();
    CHECK(next.answers == 1);
}

TEST_CASE("one commit for all who wait is one event, and a full or closed queue turns away") {
    memory_storage<> store;
    value_of(
        network(store, seeded_environment(9)).open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    log_book book;
    async_network net(store, seeded_environment(1), {.waiting_max = 3, .gather = false}, logging(book));
    std::deque<asked> all;
    for (int i = 0; i < 3; ++i) {
        all.emplace_back(bet(i == 1 ? -1 : 10));
        value_of(net.submit(all.back()));
    }
    asked late(bet());
    CHECK(code_of(net.submit(late)) == errc::overloaded);
    CHECK(book.turned_away == 1);
    CHECK(net.cancel(all[0]));
    CHECK(book.take() == "");
    net.pump().complete();
    CHECK(book.take() == "refused:invalid_wager committed:2 done:1/1/7");
    net.close();
    CHECK(code_of(net.submit(late)) == errc::cancelled);
    CHECK(book.turned_away == 2);

    shared_network shared(store, seeded_environment(2), {.waiting_max = 0}, logging(book));
    CHECK(code_of(shared.contribute(bet())) == errc::overloaded);
    const std::vector<contribute_request> wagers{bet(), bet()};
    std::vector<expected<receipt>> answers(2);
    value_of(shared.contribute(wagers, answers));
    CHECK(book.turned_away == 5);
}

TEST_CASE("memory before another store is observed as any") {
    memory_storage<> behind;
    write_behind store(behind);
    log_book book;
    network net(store, seeded_environment(1), {}, logging(book));
    value_of(net.open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    value_of(net.contribute(bet()));
    value_of(store.flush());
    check_committed(behind, book);
}
