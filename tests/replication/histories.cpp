// SPDX-License-Identifier: BSL-1.0
#include "histories.hpp"

#include <jackpot/replication/compare.hpp>
#include <jackpot/replication/write_behind.hpp>

using namespace jackpot;
using test::code_of;
using test::rate_of;
using test::value_of;

namespace {

/// A store that can be replaced by another under those who use it.
class replaceable_storage {
public:
    using amount_type = std::int64_t;

    explicit replaceable_storage(memory_storage<>& store) noexcept : store_(&store) {}
    void replace_by(memory_storage<>& store) noexcept { store_ = &store; }

    expected<void> load(snapshot& states) { return store_->load(states); }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) { return store_->commit(c); }
    expected<bool> find(const name& key, operation& found) { return store_->find(key, found); }
    expected<void> read(const history_query& q, std::vector<operation>& page) {
        return store_->read(q, page);
    }
    expected<void> seal(bool sealed) { return store_->seal(sealed); }

private:
    memory_storage<>* store_;
};

template <class Store>
void play(Store& store, int wagers, std::int64_t wager = 1000) {
    network<Store, system_environment> net(store);
    if (value_of(net.pools()).empty()) {
        test::open_pools(net);
    }
    for (int i = 0; i < wagers; ++i) {
        value_of(net.contribute({.game = "slots", .wager = wager}));
    }
}

/// Two copies of one store, of which the second went on otherwise.
struct histories {
    memory_storage<> first;
    memory_storage<> second;

    histories(int shared, int since_first, int since_second) {
        play(first, shared);
        test::copy_all(first, second);
        play(first, since_first);
        play(second, since_second, 7000);
    }
};

}  // namespace

TEST_CASE("a network decides on no states that its store does not have any more") {
    for (const int since : {0, 1, 2, 5}) {
        for (const test::first_call first : test::first_calls) {
            CAPTURE(since);
            CAPTURE(int(first));
            {
                memory_storage<> before;
                memory_storage<> after;
                replaceable_storage store(before);
                test::check_replaced(store, after, since, first, test::alone,
                                     [&] { store.replace_by(after); });
            }
            memory_storage<> before;
            memory_storage<> after;
            replaceable_storage store(before);
            test::check_replaced(store, after, since, first, test::shared, [&] { store.replace_by(after); });
        }
    }
}

TEST_CASE("a source or a target that is replaced between two batches is noticed") {
    for (const bool source : {true, false}) {
        for (const int since : {0, 30, 60, 200}) {
            CAPTURE(source);
            CAPTURE(since);
            // Replaced after a batch, at operation 64, which is behind what both histories share.
            histories h(20, 100, since);
            memory_storage<> target;
            memory_storage<> shorter;
            play(shorter, 0);
            replaceable_storage from(h.first);
            replaceable_storage to(target);
            system_environment world;
            const auto copied = replicate(
                from, to, {.batch = 64, .attempts = 2, .pause_us = 1},
                [&](const replicate_progress&) {
                    source ? from.replace_by(h.second) : to.replace_by(since == 0 ? shorter : h.second);
                    return true;
                },
                world);
            CHECK(code_of(copied) == errc::diverged);
            const auto kept = test::snapshot_of<std::int64_t>(target);
            CHECK(kept.head.sequence == 64);
            CHECK(value_of(audit(target)).clean());
        }
    }
}

TEST_CASE("a source that is replaced by a longer copy of the same history is gone on from") {
    histories h(100, 0, 100);
    memory_storage<> target;
    replaceable_storage from(h.first);
    system_environment world;
    const auto copied = value_of(replicate(
        from, target, {.batch = 64},
        [&](const replicate_progress&) {
            from.replace_by(h.second);
            return true;
        },
        world));
    CHECK(copied.complete);
    CHECK(value_of(compare(h.second, target)).equal());
}

TEST_CASE("a store behind that is replaced is diverged, and takes nothing of the front's") {
    for (const bool durable : {false, true}) {
        for (const int since : {0, 5, 21, 50}) {
            CAPTURE(durable);
            CAPTURE(since);
            histories h(10, 20, since);
            replaceable_storage behind(h.first);
            write_behind<replaceable_storage> front(behind, {.durable = durable});
            play(front, 1);
            value_of(front.flush());
            behind.replace_by(h.second);
            const auto before = test::snapshot_of<std::int64_t>(h.second);
            network<write_behind<replaceable_storage>, system_environment> net(front);
            const auto more = net.contribute({.game = "slots", .wager = 1000});
            CHECK(code_of(more) == (durable ? errc::diverged : errc{}));
            CHECK(code_of(front.flush()) == errc::diverged);
            CHECK(test::snapshot_of<std::int64_t>(h.second) == before);
        }
    }
}
