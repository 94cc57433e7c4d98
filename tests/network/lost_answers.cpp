// SPDX-License-Identifier: BSL-1.0
#include "scripted.hpp"

#include <jackpot/replication/audit.hpp>

#include <set>

using namespace jackpot;
using namespace test;

TEST_CASE("a commit that may land yet is unavailable, though every later try is a conflict") {
    table t;
    t.scripted.steps = {hold_back, conflict, conflict, conflict};
    network net(t.scripted, seeded_environment(2), quick);
    CHECK(code_of(net.contribute({.game = "g", .wager = 100})) == errc::unavailable);
    CHECK(value_of(t.scripted.land()) == commit_result::committed);
    CHECK(t.current() == 100);
}

TEST_CASE("a commit that never lands is a conflict again, once others have its sequence") {
    table t;
    t.scripted.steps = {followed(lose_request, [&] { feed(t.store, 1); }), conflict, conflict, conflict};
    network net(t.scripted, seeded_environment(2), quick);
    CHECK(code_of(net.contribute({.game = "g", .wager = 100})) == errc::conflict);
    CHECK(t.current() == 1);
}

TEST_CASE("a commit that landed on a shorter history, after one lost on a longer, is not made again") {
    table t;
    memory_storage<> standby;
    feed(t.store, 2);
    test::begin_with(standby, test::snapshot_of<std::int64_t>(t.store), t.journal());
    feed(t.store, 2);
    t.scripted.steps = {followed(lose_request, [&] { t.scripted.replace_by(standby); }), lose_answer};
    network net(t.scripted, seeded_environment(2), quick);
    const auto receipt = value_of(net.contribute({.game = "g", .wager = 100}));
    CHECK(receipt.sequence == 4);
    CHECK(receipt.parts[0].current == 102);
    CHECK(test::snapshot_of<std::int64_t>(standby).pools[0].current == 102);
    CHECK(value_of(audit(standby)).clean());
}

TEST_CASE("a commit that landed is found wherever it lies, behind what others did meanwhile") {
    table t;
    // The journal shows none of it when it is first asked, for the answer comes from a copy that is behind.
    t.scripted.steps = {followed(lose_request, [&] { feed(t.store, 3); }),
                        followed(lose_answer, [&] { feed(t.store, 300); })};
    t.scripted.stale_reads = 1;
    network net(t.scripted, seeded_environment(2), quick);
    CHECK(value_of(net.contribute({.game = "g", .wager = 1000})).sequence == 5);
    CHECK(t.current() == 1303);
}

TEST_CASE(
    "a commit that landed is not made again on states that have it, where the journal is a copy's that is "
    "behind") {
    table t;
    t.scripted.steps = {lose_answer};
    t.scripted.stale_reads = 1;
    network net(t.scripted, seeded_environment(2), quick);
    CHECK(value_of(net.contribute({.game = "g", .wager = 100})).sequence == 2);
    CHECK(t.current() == 100);
}

TEST_CASE("what the rules refuse on newer states is unavailable while an earlier try may land") {
    table t;
    table failed_over;
    feed(t.store, 4, 50);
    t.scripted.steps = {followed(hold_back, [&] { t.scripted.replace_by(failed_over.store); })};
    network net(t.scripted, seeded_environment(2), quick);
    CHECK(code_of(net.win({.pool = "p", .game = "g", .player = "ann"})) == errc::unavailable);
    CHECK(t.scripted.commits == 1);
}

TEST_CASE("what the rules refuse stays refused, whatever becomes of the others in its batch") {
    for (const bool lands : {false, true}) {
        CAPTURE(lands);
        table t;
        t.scripted.steps = {lands ? lose_answer : hold_back, conflict, conflict, conflict};
        network net(t.scripted, seeded_environment(2), quick);
        std::vector<contribute_request> wagers(3, {.game = "g", .wager = 10});
        wagers[1].pools = name_list{"nope"};
        std::vector<expected<receipt>> answers(3);
        value_of(net.contribute(wagers, answers));
        CHECK(code_of(answers[0]) == (lands ? errc{} : errc::unavailable));
        CHECK(code_of(answers[1]) == errc::unknown_pool);
        CHECK(code_of(answers[2]) == (lands ? errc{} : errc::unavailable));
        CHECK(t.current() == (lands ? 20 : 0));
    }
}

TEST_CASE("an answer that comes of another in its group is given only where that one landed") {
    for (const bool lands : {false, true}) {
        CAPTURE(lands);
        table t;
        feed(t.store, 1, 50);
        if (!lands) {
            t.scripted.steps = {failing(errc::permission_denied)};
        }
        detail::writer writer(t.scripted, seeded_environment(2), quick);
        const win_request win{.pool = "p", .game = "g", .player = "ann"};
        receipt receipts[2];
        detail::single_call<std::int64_t> first(win, receipts[0]);
        detail::single_call<std::int64_t> second(win, receipts[1]);
        std::vector<detail::single_call<std::int64_t>*> calls{&first, &second};
        writer.submit_all(calls);
        CHECK(code_of(first.result()) == (lands ? errc{} : errc::permission_denied));
        CHECK(code_of(second.result()) == (lands ? errc::pool_empty : errc::permission_denied));
    }
}

TEST_CASE("a batch without keys that landed is not booked again") {
    for (const unsigned attempts : {1U, 4U}) {
        CAPTURE(attempts);
        table t;
        t.scripted.steps = {lose_answer};
        network net(t.scripted, seeded_environment(2), {.attempts = attempts, .first_us = 1});
        std::vector<contribute_request> wagers(3, {.game = "g", .wager = 10});
        std::vector<expected<receipt>> answers(3);
        value_of(net.contribute(wagers, answers));
        for (std::size_t i = 0; i < answers.size(); ++i) {
            CHECK(value_of(answers[i]).sequence == i + 2);
            CHECK_FALSE(answers[i]->replayed);
        }
        CHECK(t.current() == 30);
    }
}

TEST_CASE("nor is a group of calls, of which one was refused") {
    table t;
    t.scripted.steps = {lose_answer};
    detail::writer writer(t.scripted, seeded_environment(2), quick);
    receipt receipts[3];
    const contribute_request wager{.game = "g", .wager = 10};
    const suspend_request none{.pool = "none"};
    detail::single_call<std::int64_t> calls[] = {
        {wager, receipts[0]}, {none, receipts[1]}, {wager, receipts[2]}};
    detail::single_call<std::int64_t>* all[] = {&calls[0], &calls[1], &calls[2]};
    writer.submit_all(all);
    value_of(calls[0].result());
    CHECK(code_of(calls[1].result()) == errc::unknown_pool);
    value_of(calls[2].result());
    CHECK(receipts[2].sequence == 3);
    CHECK(t.current() == 20);
}

TEST_CASE("where the store alone refuses a batch, nothing of it is made while an earlier try may land") {
    for (const errc code : {errc::amount_overflow, errc::corrupt}) {
        CAPTURE(code);
        table t;
        t.scripted.steps = {hold_back, failing(code)};
        bool landed = false;
        t.scripted.before_load = [&](unsigned loads) {
            if (loads == 3) {
                landed = value_of(t.scripted.land()) == commit_result::committed;
            }
        };
        network net(t.scripted, seeded_environment(2), quick);
        std::vector<contribute_request> wagers(3, {.game = "g", .wager = 10});
        std::vector<expected<receipt>> answers(3);
        value_of(net.contribute(wagers, answers));
        for (const auto& answer : answers) {
            CHECK(code_of(answer) == errc::unavailable);
        }
        CHECK((landed || value_of(t.scripted.land()) == commit_result::committed));
        CHECK(t.current() == 30);
    }
}

TEST_CASE("a row that the store calls corrupt fails its own wager alone") {
    table t;
    const scripted_storage::step picky = [](scripted_storage& s,
                                            const commit_type& c) -> expected<commit_result> {
        for (const auto& o : c.operations) {
            if (std::get<contribute_request>(o.request).wager == 666) {
                return fail(errc::corrupt);
            }
        }
        return s.store().commit(c);
    };
    t.scripted.steps.assign(4, picky);
    network net(t.scripted, seeded_environment(2), quick);
    std::vector<contribute_request> wagers(3, {.game = "g", .wager = 10});
    wagers[1].wager = 666;
    std::vector<expected<receipt>> answers(3);
    value_of(net.contribute(wagers, answers));
    CHECK(code_of(answers[0]) == errc{});
    CHECK(code_of(answers[1]) == errc::corrupt);
    CHECK(code_of(answers[2]) == errc{});
    CHECK(t.current() == 20);
}

TEST_CASE("after the last try the journal is asked once more") {
    table t;
    t.scripted.steps = {lose_answer};
    network net(t.scripted, seeded_environment(2), {.attempts = 1});
    CHECK(value_of(net.contribute({.game = "g", .wager = 100})).sequence == 2);
    CHECK(t.current() == 100);
}

TEST_CASE("where a checkpoint stands for what may have landed, nothing is made again") {
    table t({.history_limit = 1});
    t.scripted.steps = {followed(lose_answer, [&] { feed(t.store, 2000); })};
    network net(t.scripted, seeded_environment(2), quick);
    CHECK(code_of(net.contribute({.game = "g", .wager = 100})) == errc::unavailable);
    CHECK(t.journal().front().kind() == operation_kind::checkpoint);
    CHECK(t.scripted.commits == 1);
    CHECK(t.current() == 2100);
}

TEST_CASE("an operation of the same id that another request led to is not taken for one's own") {
    table t;
    network twin(t.store, seeded_environment(2));
    t.scripted.steps = {
        followed(lose_request, [&] { value_of(twin.contribute({.game = "g", .wager = 33})); })};
    network net(t.scripted, seeded_environment(2), quick);
    const auto receipt = value_of(net.contribute({.game = "g", .wager = 100}));
    CHECK(receipt.sequence == 3);
    CHECK(t.journal()[1].id == t.journal()[2].id);
    CHECK(t.current() == 133);
}

TEST_CASE("no id is given out twice, whatever became of the call that had it") {
    table t;
    network net(t.scripted, seeded_environment(2), {.attempts = 1});
    t.scripted.steps = {hold_back};
    CHECK(code_of(net.contribute({.game = "g", .wager = 1})) == errc::unavailable);
    CHECK(value_of(t.scripted.land()) == commit_result::committed);
    value_of(net.contribute({.game = "g", .wager = 1}));
    std::vector<contribute_request> wagers(3, {.game = "g", .wager = 1});
    std::vector<expected<receipt>> answers(3);
    value_of(net.contribute(wagers, answers));
    value_of(net.win({.pool = "p", .game = "g", .player = "ann"}));

    // By the store itself, too, where it takes wagers without a commit.
    network at_once(t.store, seeded_environment(3));
    const auto game = value_of(at_once.resolve_game("g"));
    for (int round = 0; round < 2; ++round) {
        value_of(at_once.contribute(wagers, answers));
        value_of(at_once.contribute({.game = "g", .wager = 1}));
        value_of(at_once.contribute(game, wager{.wager = 1}));
        value_of(at_once.win({.pool = "p", .game = "g", .player = "ann"}));
    }
    std::set<identifier> ids;
    for (const auto& o : t.journal()) {
        CHECK(ids.insert(o.id).second);
    }
    CHECK(ids.size() == 19);
}

TEST_CASE("after wagers that the store took at once, the next win needs no second try") {
    table t;
    network net(t.store, seeded_environment(2), {.attempts = 1});
    const auto game = value_of(net.resolve_game("g"));
    std::vector<contribute_request> wagers(3, {.game = "g", .wager = 1});
    std::vector<expected<receipt>> answers(3);
    const win_request win{.pool = "p", .game = "g", .player = "ann"};
    value_of(net.pools());
    value_of(net.contribute({.game = "g", .wager = 5}));
    CHECK(value_of(net.win(win)).parts[0].paid == 5);
    value_of(net.contribute(game, wager{.wager = 6}));
    CHECK(value_of(net.win(win)).parts[0].paid == 6);
    value_of(net.contribute(wagers, answers));
    CHECK(value_of(net.win(win)).parts[0].paid == 3);
}

TEST_CASE("a full queue and what is fatal are said at once, without another try or a pause") {
    struct no_sleep {
        seeded_environment world{1};
        timestamp now() { return world.now(); }
        std::uint64_t random() { return world.random(); }
        void sleep(std::int64_t) { FAIL("a pause"); }
    };
    for (const errc code : {errc::overloaded, errc::permission_denied, errc::diverged, errc::corrupt}) {
        CAPTURE(code);
        table t;
        t.scripted.steps = {failing(code)};
        network net(t.scripted, no_sleep{}, quick);
        CHECK(code_of(net.contribute({.game = "g", .wager = 1})) == code);
        CHECK(t.scripted.commits == 1);
    }
}

TEST_CASE("however few tries a policy allows, there is one") {
    table t;
    network net(t.scripted, seeded_environment(2), {.attempts = 0});
    value_of(net.contribute({.game = "g", .wager = 1}));
    CHECK(t.current() == 1);
}

TEST_CASE("a refusal within a batch is of the states that the batch was committed on") {
    table t;
    t.scripted.steps = {followed(conflict, [&] {
        value_of(network(t.store, seeded_environment(9))
                     .open({.pool = "q", .configuration = {.rate = rate_of("1")}}));
    })};
    network net(t.scripted, seeded_environment(2), quick);
    std::vector<contribute_request> wagers(2, {.game = "g", .wager = 10});
    wagers[1].pools = name_list{"q"};
    std::vector<expected<receipt>> answers(2);
    value_of(net.contribute(wagers, answers));
    CHECK(value_of(answers[0]).parts.size() == 2);
    CHECK(value_of(answers[1]).parts.size() == 1);
}

TEST_CASE("a refusal that stood behind a key which was held already is decided again") {
    table t;
    network first(t.store, seeded_environment(2));
    const win_request keyed{.pool = "p", .game = "g", .player = "ann", .key = "w"};
    const win_request other{.pool = "p", .game = "g", .player = "bob"};
    value_of(first.contribute({.game = "g", .wager = 50}));
    value_of(first.win(keyed));
    value_of(first.contribute({.game = "g", .wager = 70}));
    // Decided before the key is looked up, the first of them empties the pool for the second.
    detail::writer writer(t.scripted, seeded_environment(3), quick);
    receipt receipts[2];
    detail::single_call<std::int64_t> calls[] = {{keyed, receipts[0]}, {other, receipts[1]}};
    detail::single_call<std::int64_t>* all[] = {&calls[0], &calls[1]};
    writer.submit_all(all);
    value_of(calls[0].result());
    CHECK(receipts[0].replayed);
    CHECK(receipts[0].parts[0].paid == 50);
    value_of(calls[1].result());
    CHECK(receipts[1].parts[0].paid == 70);
}

TEST_CASE("a sealed store whose answer to a key was lost is asked again") {
    table t;
    network net(t.scripted, seeded_environment(2), quick);
    const contribute_request wager{.game = "g", .wager = 5, .key = "k"};
    value_of(net.contribute(wager));
    value_of(net.seal());
    t.scripted.lost_finds = 1;
    CHECK(value_of(net.contribute(wager)).replayed);
    t.scripted.lost_finds = 100;
    CHECK(code_of(net.contribute(wager)) == errc::unavailable);
}

TEST_CASE("an operation that landed late is no replay, though its key tells of it") {
    table t;
    const scripted_storage::step too_late = [](scripted_storage& s, const commit_type& c) {
        CHECK(value_of(s.land()) == commit_result::committed);
        return s.store().commit(c);
    };
    t.scripted.steps = {hold_back, too_late};
    network net(t.scripted, seeded_environment(2), quick);
    const contribute_request wager{.game = "g", .wager = 5, .key = "k"};
    CHECK_FALSE(value_of(net.contribute(wager)).replayed);
    CHECK(value_of(net.contribute(wager)).replayed);
    CHECK(t.current() == 5);
}
