// SPDX-License-Identifier: BSL-1.0
#include "client.hpp"
#include "taken.hpp"

#include <jackpot/memory/storage.hpp>
#include <jackpot/network/async_network.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/compare.hpp>
#include <jackpot/replication/replicate.hpp>
#include <jackpot/soci.hpp>

#include <chrono>
#include <deque>
#include <stdexcept>

namespace bench {

namespace {

using namespace jackpot;

const open_request mega{.pool = "mega", .configuration = {.seed = seed, .rate = rate::from_ppb(rate_ppb)}};

contribute_request request_of(const wager& w) {
    contribute_request r{.game = "slots", .wager = w.amount, .player = "alice"};
    if (!w.key.empty()) {
        r.key = w.key;
    }
    return r;
}

template <template <class...> class Network>
class network_client : public client {
public:
    explicit network_client(const std::string& url) : store_(taken(soci_storage::open(url))), net_(store_) {}

    void make(const wager& w) override {
        const auto receipt = taken(net_.contribute(request_of(w)));
        if (receipt.parts.size() != 1) {
            throw std::runtime_error("a wager that no pool took");
        }
    }
    void make(std::span<const wager> wagers) override {
        requests_.clear();
        for (const wager& w : wagers) {
            requests_.push_back(request_of(w));
        }
        receipts_.resize(wagers.size());
        taken(net_.contribute(requests_, receipts_));
        for (const auto& receipt : receipts_) {
            if (!receipt || receipt->parts.size() != 1) {
                throw std::runtime_error("a wager of a batch that no pool took");
            }
        }
    }

private:
    soci_storage store_;
    Network<soci_storage> net_;
    std::vector<contribute_request> requests_;
    std::vector<expected<receipt>> receipts_;
};

class waiting_client : public client {
public:
    explicit waiting_client(const std::string& url)
        : store_(taken(soci_storage::open(url))), net_(store_, {}, {.batch = 4096, .gather = false}) {}

    void make(const wager& w) override { make({&w, 1}); }
    void make(std::span<const wager> wagers) override {
        while (waiters_.size() < wagers.size()) {
            waiters_.emplace_back();
        }
        for (std::size_t i = 0; i < wagers.size(); ++i) {
            waiters_[i].request = request_of(wagers[i]);
            static_cast<void>(taken(net_.submit(waiters_[i])));
        }
        while (net_.waiting() != 0) {
            net_.pump().complete();
        }
        for (std::size_t i = 0; i < wagers.size(); ++i) {
            taken(waiters_[i].result());
            if (waiters_[i].answer.parts.size() != 1) {
                throw std::runtime_error("a waiting wager that no pool took");
            }
        }
    }

private:
    struct waiter : basic_submission<std::int64_t> {
        waiter() : basic_submission(request, answer, [](basic_submission&) noexcept {}) {}
        contribute_request request;
        receipt answer;
    };

    soci_storage store_;
    async_network<soci_storage> net_;
    std::deque<waiter> waiters_;
};

template <class Storage>
using alone = network<Storage>;

template <storage Storage>
class store_source : public source {
public:
    template <class... Options>
    explicit store_source(Options&&... o) : store_(std::forward<Options>(o)...) {}

    void play(std::uint64_t wagers, bool keyed) {
        network net(store_, seeded_environment(1));
        static_cast<void>(taken(net.open(mega)));
        for (std::uint64_t i = 0; i < wagers; ++i) {
            const wager w{.amount = static_cast<std::int64_t>(1000 + i % 9001),
                          .key = keyed && i % 2 == 0 ? "bet " + std::to_string(i) : ""};
            static_cast<void>(taken(net.contribute(request_of(w))));
            amount_ += w.amount;
        }
    }
    std::int64_t amount() const override { return amount_; }
    double replicate(const std::string& url) override {
        auto target = taken(soci_storage::open(url));
        system_environment world;
        const auto start = std::chrono::steady_clock::now();
        replicator copy(store_, target, world);
        if (!taken(copy.run([](const replicate_progress&) { return true; })).complete) {
            throw std::runtime_error("the replication is not complete");
        }
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    void compare(const std::string& url) override {
        auto target = taken(soci_storage::open(url));
        const comparison found = taken(jackpot::compare(store_, target));
        if (!found.equal()) {
            throw std::runtime_error("the copy differs: " + found.differences[0].where + ", " +
                                     found.differences[0].what);
        }
    }

private:
    Storage store_;
    std::int64_t amount_ = 0;
};

}  // namespace

void make_tables(const std::string& url) {
    static_cast<void>(taken(soci_storage::open(url)));
}

void open_pool(const std::string& url) {
    auto store = taken(soci_storage::open(url));
    network net(store);
    static_cast<void>(taken(net.open(mega)));
}

std::unique_ptr<client> open_network(const std::string& url) {
    return std::make_unique<network_client<alone>>(url);
}

std::unique_ptr<client> open_shared_network(const std::string& url) {
    return std::make_unique<network_client<shared_network>>(url);
}

std::unique_ptr<client> open_async_network(const std::string& url) {
    return std::make_unique<waiting_client>(url);
}

void audit(const std::string& url) {
    auto store = taken(soci_storage::open(url));
    const audit_report report = taken(jackpot::audit(store));
    if (!report.clean()) {
        throw std::runtime_error("audit: " + report.findings[0].where + ": " + report.findings[0].what);
    }
}

std::unique_ptr<source> make_source(std::uint64_t wagers, bool keyed) {
    auto made = std::make_unique<store_source<memory_storage<>>>();
    made->play(wagers, keyed);
    return made;
}

std::unique_ptr<source> open_source(const std::string& url) {
    return std::make_unique<store_source<soci_storage>>(taken(soci_storage::open(url)));
}

}  // namespace bench
