// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_FAITHFUL_HPP
#define JACKPOT_TESTING_LAWS_FAITHFUL_HPP

#include <jackpot/testing/laws/reading.hpp>

// What was committed is read back bit for bit: every kind of operation, with the names, amounts, times
// and configurations that a column, a codec or a collation is most likely to change.

namespace jackpot { inline namespace v1 { namespace testing::detail {

/// Valid names, of which no two are the same.
inline constexpr std::string_view hard_names[] = {
    "minor",
    "MINOR",
    "minor ",
    " minor",
    "it's",
    "\"quoted\"",
    "`ticked`",
    "back\\slash\\n",
    "a;b -- c /* d */",
    ":name ?1 $1 @p %s %% {} [1:2]",
    "percent%under_score",
    "NULL",
    "none",
    "0",
    "-1.5e3",
    "caf\xC3\xA9",           // one character of two bytes,
    "cafe\xCC\x81",          // and two that look the same
    "\xC2\x85\xE2\x80\xA8",  // line ends that are no control characters of R1
    "\xEF\xBB\xBF"
    "bom",
    "\xEF\xBF\xBD",      // U+FFFD comes before
    "\xF0\x90\x80\x80",  // U+10000 in bytes, and behind it in UTF-16
    "\xF4\x8F\xBF\xBF",
    "\xE5\xA4\xA7\xE5\xBD\x93\xE3\x81\x9F\xE3\x82\x8A",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeF",
    // 32 characters of four bytes
    "\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0"
    "\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0"
    "\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0"
    "\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0"
    "\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0"
    "\xF0\x9F\x8E\xB0\xF0\x9F\x8E\xB0",
};

/// Every name wherever a name can stand.
template <amount Amount>
void put_names(ledger<Amount>& l) {
    for (const std::string_view n : hard_names) {
        basic_open_request<Amount> open{.pool = n};
        open.configuration = {.seed = 5, .rate = rate::from_ppb(1), .games = {n, "slots"}};
        open.actor = n;
        open.reason = n;
        put(l, open);
        put(l, basic_contribute_request<Amount>{
                   .game = n, .wager = 1, .player = n, .round = n, .site = n, .key = n});
        put(l, basic_win_request<Amount>{
                   .pool = n, .game = n, .player = n, .amount = Amount(5), .round = n, .site = n});
        put(l, basic_hold_request<Amount>{
                   .pool = n, .game = n, .player = n, .amount = Amount(2), .hold = n, .round = n, .site = n});
        put(l, basic_hold_request<Amount>{
                   .pool = n, .game = n, .player = n, .amount = Amount(1), .hold = "released"});
        put(l, confirm_request{.pool = n, .hold = n, .actor = n, .reason = n});
        put(l, release_request{.pool = n, .hold = "released", .actor = n, .reason = n});
        put(l, suspend_request{.pool = n, .actor = n, .reason = n});
        put(l, resume_request{.pool = n, .actor = n, .reason = n});
        put(l, basic_adjust_request<Amount>{.pool = n, .delta = -1, .actor = n, .reason = n});
        // This one stays open.
        put(l, basic_hold_request<Amount>{.pool = n, .game = n, .player = n, .hold = n, .site = n});
    }
    name_list all(std::begin(hard_names), std::end(hard_names));
    put(l, basic_contribute_request<Amount>{.game = "other", .wager = 1, .pools = all});
    put_wager(l);
}

/// A wager that is taken back, and a pool that ends.
template <amount Amount>
void put_ends(ledger<Amount>& l) {
    const name ending = hard_names[3];
    const name heir = hard_names[0];
    put(l, basic_revert_request<Amount>{.reverts = ending, .actor = ending, .reason = heir});
    put(l, confirm_request{.pool = ending, .hold = ending, .actor = "ann"});
    put(l, suspend_request{.pool = ending});
    put(l, basic_transfer_request<Amount>{
               .from = ending, .to = heir, .amount = 2, .actor = ending, .reason = heir});
    put(l, basic_close_request<Amount>{
               .pool = ending, .to = heir, .to_house = 1, .actor = ending, .reason = heir});
}

/// Meters at both ends of the range, and the largest carry.
template <amount Amount>
void put_amounts(ledger<Amount>& l, const Amount& most) {
    const auto open = [&](const char* pool, basic_configuration<Amount> c) {
        c.games = {"vault"};
        put(l, basic_open_request<Amount>{.pool = pool, .configuration = c});
    };
    const auto wager = [&](name_list pools, const Amount& amount) {
        put(l, basic_contribute_request<Amount>{.game = "vault", .wager = amount, .pools = pools});
    };
    constexpr rate all = rate::from_ppb(rate::one_ppb);
    open("seeded", {.seed = most, .min_wager = most});
    wager({"seeded"}, most);
    put(l, basic_adjust_request<Amount>{.pool = "seeded", .delta = -most, .actor = "a", .reason = "r"});
    open("whole", {.cap = most, .rate = all});
    wager({"whole"}, most);
    put(l, basic_win_request<Amount>{.pool = "whole", .game = "vault", .player = "p"});
    open("full", {.seed = 1, .cap = Amount(2), .rate = rate::from_ppb(999'999'999)});
    wager({"full"}, 1);
    wager({"full"}, most - 2);
    put(l, basic_win_request<Amount>{.pool = "full", .game = "v", .player = "p", .amount = Amount(2)});
    open("stops", {.cap = Amount(1), .rate = all, .rounding = rounding::floor, .on_cap = on_cap::stop});
    wager({"stops"}, most);
    // The wager passes "seeded" over, which has no part then, and was asked for all the same.
    wager({"full", "seeded"}, 1);
}

/// As many games as a pool may have.
[[nodiscard]] inline std::vector<name> most_games() {
    std::vector<name> games;
    while (games.size() < games_max) {
        games.push_back(
            name("a game with a name of some length, ").append(notation::detail::digits(games.size())));
    }
    return games;
}

/// Each field of a patch alone, then all of them; pending, dropped, put in force.
template <amount Amount>
void put_patches(ledger<Amount>& l, const Amount& most) {
    static_assert(setting_count<Amount> == 12, "a new setting is put here, too");
    std::vector<basic_patch<Amount>> patches(17);
    patches[0].seed = 0;
    patches[1].cap = no_cap;
    patches[2].cap = most;
    patches[3].rate = rate::from_ppb(0);
    patches[4].rounding = rounding::floor;
    patches[5].on_cap = on_cap::stop;
    patches[6].min_wager = 0;
    patches[7].games = most_games();
    patches[8].games.emplace();  // the next ones have few to compare
    patches[9].seed_rate = rate::from_ppb(1);
    patches[10].reserve_cap = no_cap;
    patches[11].reserve_cap = most;
    patches[12].seed_from = seed_from::overflow;
    patches[13].max_wager = most;
    patches[14].max_wager = no_cap;
    patches[15].changes = changes::any;
    auto& all = patches[16];
    all = {7, std::optional<Amount>(), rate::from_ppb(1), rounding::carry, on_cap::divert, 1, {{"g"}}};
    all.seed_rate = rate::from_ppb(999'999'999);
    all.reserve_cap = Amount(0);
    all.seed_from = seed_from::house;
    all.max_wager = Amount(1);
    all.changes = changes::any;
    put_pool(l, "patched");
    // In force, it would keep the others out.
    basic_patch<Amount> locks;
    locks.changes = changes::suspended;
    put(l, basic_configure_request<Amount>{.pool = "patched",
                                           .when = when::after_win,
                                           .patch = locks,
                                           .actor = name(hard_names[1]),
                                           .reason = name(hard_names[2])});
    put(l, basic_configure_request<Amount>{.pool = "patched", .when = when::discard, .actor = "ann"});
    for (const auto& patch : patches) {
        put(l, basic_configure_request<Amount>{.pool = "patched",
                                               .when = when::after_win,
                                               .patch = patch,
                                               .key = notation::detail::digits(l.sequence()).view()});
        put(l, basic_configure_request<Amount>{.pool = "patched", .when = when::discard});
        put(l, basic_configure_request<Amount>{.pool = "patched", .when = when::now, .patch = patch});
    }
    put_win(l, "patched");
    for (const auto& patch : patches) {
        put(l, basic_configure_request<Amount>{.pool = "patched", .when = when::after_win, .patch = patch});
    }
    put_wager(l);
    put_win(l, "patched");
    put(l, basic_configure_request<Amount>{.pool = "patched", .when = when::after_win, .patch = patches[1]});
}

/// Suspended pools, and a return to an earlier state of everything.
template <amount Amount>
void put_restored(ledger<Amount>& l, const basic_snapshot<Amount>& earlier) {
    put(l, suspend_request{.pool = "patched", .key = "suspend"});
    put(l, basic_restore_request<Amount>{.actor = hard_names[0],
                                         .reason = hard_names[4],
                                         .returned_to = std::uint64_t(-1) >> 1,
                                         .states = earlier.pools,
                                         .key = "restore"});
    put(l, resume_request{.pool = "patched", .key = "resume"});
}

/// Counters and times near the end of their range, in a checkpoint that leaps there.
template <amount Amount>
void put_far(ledger<Amount>& l) {
    constexpr std::uint64_t distant = (std::uint64_t(1) << 62) + 1;
    auto c = l.checkpoint();
    c.sequence = distant;
    c.id = {std::uint64_t(-1), 0};
    for (auto& part : c.parts) {
        auto state = *part.state;
        state.version += distant;
        state.win_count += distant;
        state.sequence = distant;
        part.version = state.version;
        part.state = std::make_shared<const basic_pool<Amount>>(std::move(state));
    }
    l.take(c);
    put_wager(l);
    [[maybe_unused]] const auto added =
        l.add(basic_win_request<Amount>{.pool = "minor", .game = "g", .player = "p"}, timestamp_max);
    JACKPOT_ASSERT(added && *added);
    put_wager(l);
}

/// Everything above, and every kind of operation at random.
template <amount Amount>
[[nodiscard]] ledger<Amount> hard_ledger(const Amount& most, random_requests<Amount> requests) {
    ledger<Amount> l({std::uint64_t(-1), 1});
    [[maybe_unused]] const auto added = l.add(basic_open_request<Amount>{.pool = "at the epoch"}, 0);
    JACKPOT_ASSERT(added && *added);
    put_names(l);
    const auto earlier = l.states();
    put_ends(l);
    put_amounts(l, most);
    put_patches(l, most);
    put_restored(l, earlier);
    put_far(l);
    put_random(l, requests, 100);
    // Last: every state after it would be compared with all these games.
    put(l, basic_open_request<Amount>{.pool = "many games",
                                      .configuration = {.seed = 1, .games = most_games()}});
    return l;
}

template <class Trial>
void check_faithful(Trial& t) {
    t.law("faithful");
    const auto wanted = hard_ledger<typename Trial::amount_type>(t.amount_max(), t.requests(6));
    for (const std::size_t batch : {std::size_t(1), std::size_t(9)}) {
        auto&& store = t.make();
        typename Trial::ledger_type l(wanted.identity());
        std::vector<basic_operation<typename Trial::amount_type>> page;
        for (std::size_t i = 0; i < wanted.journal().size();) {
            const auto known = l.states();
            for (std::size_t end = (std::min)(i + batch, wanted.journal().size()); i < end; ++i) {
                // A checkpoint can only come first in a commit.
                if (wanted.journal()[i].kind() == operation_kind::checkpoint &&
                    l.sequence() != known.head.sequence) {
                    break;
                }
                l.take(wanted.journal()[i]);
            }
            const std::string newest = "operation " + std::to_string(l.sequence()) + ", " +
                                       std::string(to_string(l.journal().back().kind()));
            if (!t.commits(store, l, known.head.sequence) || !t.loads(store, l, known, "after " + newest)) {
                return;
            }
            const auto read = store.read({.after = known.head.sequence}, page);
            if (!t.expect(read && !page.empty() && page.back() == l.journal().back(),
                          newest + ", is not read as it was committed")) {
                return;
            }
        }
        t.holds(store, l, "of everything that was committed");
        if constexpr (Trial::reopens) {
            auto&& again = t.reopen();
            t.holds(again, l, "of everything that was committed, by another handle");
        }
    }
}

}}}  // namespace jackpot::v1::testing::detail

#endif
