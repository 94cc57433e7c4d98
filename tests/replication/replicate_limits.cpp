// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/replication/replicate.hpp>

using namespace jackpot;
using test::code_of;
using test::snapshot_of;
using test::value_of;

// How often a copy is tried, what it holds back of its source and tells of its way, and which leaps it
// believes.

namespace {

constexpr auto to_the_end = [](const replicate_progress&) { return true; };

/// A source with one pool.
struct source {
    memory_storage<> store;
    network<memory_storage<>, seeded_environment> net{store, seeded_environment(1)};

    explicit source(std::uint64_t history_limit = 0) : store({.history_limit = history_limit}) {
        value_of(net.open({.pool = "p", .configuration = {.rate = test::rate_of("1")}}));
    }
    void feed(int wagers) {
        for (int i = 0; i < wagers; ++i) {
            value_of(net.contribute({.game = "g", .wager = 1}));
        }
    }
    [[nodiscard]] std::uint64_t begins_at() {
        std::vector<operation> page;
        value_of(store.read({.limit = 1}, page));
        return page.at(0).sequence;
    }
};

std::uint64_t sequence_of(memory_storage<>& store) {
    return snapshot_of<std::int64_t>(store).head.sequence;
}

/// A store that takes nothing, for now.
struct refusing : memory_storage<> {
    unsigned commits = 0;
    expected<commit_result> commit(const basic_commit<std::int64_t>&) {
        ++commits;
        return fail(errc::unavailable);
    }
};

}  // namespace

TEST_CASE("a batch is tried as often as the options say, with a pause before each further try") {
    struct counting {
        unsigned* pauses;
        timestamp now() const { return 1; }
        std::uint64_t random() const { return std::uint64_t(-1); }
        void sleep(std::int64_t us) const {
            CHECK(us >= 1);
            CHECK(us <= 50);
            ++*pauses;
        }
    };
    source from;
    from.feed(3);
    for (const unsigned attempts : {1U, 2U, 5U}) {
        CAPTURE(attempts);
        refusing to;
        unsigned pauses = 0;
        counting world{&pauses};
        CHECK(code_of(replicate(from.store, to, {.attempts = attempts, .pause_us = 50}, to_the_end, world)) ==
              errc::unavailable);
        CHECK(to.commits == attempts);
        CHECK(pauses == attempts - 1);
    }
}

TEST_CASE("a replicator holds back what is not copied, lets go of what is, and of all when it ends") {
    source from(50);
    memory_storage<> to;
    from.feed(3000);
    seeded_environment world(1);
    value_of(replicate(from.store, to, {}, to_the_end, world));
    const std::uint64_t reached = sequence_of(to);
    {
        replicator copier(from.store, to, world);
        CHECK(value_of(copier.run(to_the_end)).operations == 0);
        from.feed(5000);
        const auto copied = value_of(copier.run(to_the_end));
        CHECK(copied.operations == 5000);
        CHECK_FALSE(copied.leapt);
        from.feed(5000);
        CHECK(from.begins_at() > reached + 3000);
        CHECK(from.begins_at() <= reached + 5000);
    }
    CHECK(from.begins_at() > reached + 5000 + 3000);
}

TEST_CASE("a copy that leapt says so, however much came behind the leap") {
    source from(50);
    from.feed(5000);
    memory_storage<> to;
    seeded_environment world(1);
    int batches = 0;
    const auto count = [&](const replicate_progress&) { return ++batches != 0; };
    CHECK(value_of(replicate(from.store, to, {.batch = 10}, count, world)).leapt);
    CHECK(batches > 3);
    from.feed(5);
    CHECK_FALSE(value_of(replicate(from.store, to, {}, to_the_end, world)).leapt);
    CHECK(sequence_of(to) == sequence_of(from.store));
}

TEST_CASE("a source that grows while it is copied is never told to be behind its copy") {
    source from;
    from.feed(100);
    memory_storage<> to;
    seeded_environment world(1);
    const auto feed_more = [&](const replicate_progress& p) {
        CHECK(p.last >= p.sequence);
        from.feed(p.sequence < 200 ? 5 : 0);
        return true;
    };
    value_of(replicate(from.store, to, {.batch = 10}, feed_more, world));
    CHECK(sequence_of(to) > 200);
}

TEST_CASE("no leap makes a pool another one or drops it, or lets time run backwards") {
    source from;
    const auto before = snapshot_of<std::int64_t>(from.store);
    from.feed(3);
    const auto after = snapshot_of<std::int64_t>(from.store);
    CHECK(detail::may_lead_to(before, after));
    auto reopened = after;
    reopened.pools[0].opened_at += 1;
    CHECK_FALSE(detail::may_lead_to(before, reopened));
    auto fewer = after;
    fewer.pools.clear();
    CHECK_FALSE(detail::may_lead_to(before, fewer));
    auto earlier = after;
    earlier.head.at = before.head.at - 1;
    CHECK_FALSE(detail::may_lead_to(before, earlier));
}
