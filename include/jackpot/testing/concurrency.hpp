// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_CONCURRENCY_HPP
#define JACKPOT_TESTING_CONCURRENCY_HPP

// Apart from conformance.hpp, because it starts threads.
#include <jackpot/testing/laws/direct.hpp>

#include <atomic>
#include <thread>

namespace jackpot { inline namespace v1 { namespace testing {

namespace detail {

/// Commits wagers one by one through a handle of its own, against others that do the same, and keeps every
/// state that it loaded.
template <storage Storage>
class rival {
public:
    using amount_type = typename Storage::amount_type;

    rival(Storage& store, std::uint64_t number) noexcept : store_(store), number_(number) {}

    std::vector<basic_snapshot<amount_type>> moments{};
    std::vector<identifier> committed{};
    std::string trouble{};

    void run(std::size_t wagers) {
        while (trouble.empty() && committed.size() < wagers) {
            if constexpr (direct_storage<Storage>) {
                contribute();
            }
            if (attempts_ >= 1000 * wagers) {
                trouble = "the store was unavailable, or another was faster, too often";
                return;
            }
            if (const auto done = attempt(); !done) {
                states_ = {};
                if (done.error().code != errc::unavailable) {
                    trouble = to_text(done.error()).view();
                }
                std::this_thread::yield();
            }
        }
    }

private:
    /// A wager that the store takes itself, where it does.
    void contribute() {
        const basic_contribute_request<amount_type> r{.game = "slots", .wager = 1001};
        const operation_stamp stamp{.id = {number_, ++attempts_}};
        if (basic_receipt<amount_type> receipt; store_.contribute(r, stamp, receipt)) {
            committed.push_back(stamp.id);
        }
    }

    expected<void> attempt() {
        // A commit that answered unavailable may have landed, so no id is used twice.
        operation_.id = {number_, ++attempts_};
        operation_.request = basic_contribute_request<amount_type>{.game = "slots", .wager = 1001};
        // Loads everything many times for each commit, so that the other handle's commits fall into the
        // middle of some loads.
        for (int look = 0; look < 10; ++look) {
            basic_snapshot<amount_type> states;
            if (auto loaded = store_.load(states); !loaded) {
                return loaded;
            }
            if (moments.empty() || moments.back() != states) {
                moments.push_back(std::move(states));
            }
        }
        if (auto loaded = store_.load(states_); !loaded) {
            return loaded;
        }
        moments.push_back(states_);
        if (auto decided = decide(states_, timestamp(0), operation_); !decided) {
            return decided;
        }
        if (auto applied = apply(states_, operation_); !applied) {
            return applied;
        }
        const store_head& guard = moments.back().head;
        const auto result = store_.commit({guard.identity,
                                           guard.sequence,
                                           guard.newest,
                                           {&operation_, 1},
                                           name_changed(states_, {&operation_, 1}, changed_)});
        if (!result) {
            return tl::unexpected(result.error());
        }
        if (*result == commit_result::committed) {
            committed.push_back(operation_.id);
        } else {
            states_ = moments.back();
        }
        return {};
    }

    Storage& store_;
    std::uint64_t number_;
    std::uint64_t attempts_ = 0;
    basic_snapshot<amount_type> states_{};
    basic_operation<amount_type> operation_{};
    named_pools<amount_type> changed_{};
};

/// Reads the meters of pools, of which other threads write, and keeps all that differ.
template <direct_storage Storage>
class watcher {
public:
    using amount_type = typename Storage::amount_type;

    std::map<name, std::vector<basic_reading<amount_type>>> seen{};
    bool refused = false;

    void look(Storage& store) {
        for (const name pool : {"minor", "major", "mega"}) {
            const auto handle = store.resolve_pool(pool);
            const auto now = handle ? store.meters(*handle) : tl::unexpected(handle.error());
            refused = refused || !now;
            if (now && (seen[pool].empty() || !(seen[pool].back() == *now))) {
                seen[pool].push_back(*now);
            }
        }
    }
};

/// Expects every reading to be that of a pool in some state that the journal folds to.
template <class Trial, class Storage>
void compare_readings(Trial& t, typename Trial::storage_type& store, const watcher<Storage>& watched) {
    using amount_type = typename Trial::amount_type;
    std::vector<basic_operation<amount_type>> journal;
    t.law("metered");
    if (!t.expect(!watched.refused, "the meters of a pool that is there are not shown") ||
        !t.reads(store, {.limit = 256}, journal)) {
        return;
    }
    basic_snapshot<amount_type> states;
    std::map<name, std::vector<basic_reading<amount_type>>> moments;
    for (const auto& o : journal) {
        if (!apply(states, o)) {
            return;  // another law's
        }
        for (const auto& part : o.parts) {
            moments[part.pool].push_back(reading_of(*jackpot::detail::find_pool(states.pools, part.pool)));
        }
    }
    for (const auto& [pool, readings] : watched.seen) {
        const auto& of = moments[pool];
        for (const auto& reading : readings) {
            if (!t.expect(std::find(of.begin(), of.end(), reading) != of.end(),
                          "meters while another thread writes are of no moment")) {
                return;
            }
        }
    }
}

/// Expects every commit of both in the journal once, and every state that they loaded to be a moment of it.
template <class Trial, class Rivals>
void compare_with_journal(Trial& t, typename Trial::storage_type& store, const Rivals& rivals) {
    std::vector<basic_operation<typename Trial::amount_type>> journal;
    std::vector<basic_snapshot<typename Trial::amount_type>> moments(1);
    t.law("gapless");
    if (!t.reads(store, {.limit = 256}, journal)) {
        return;
    }
    for (const auto& o : journal) {
        auto after = moments.back();
        after.head.identity = typename Trial::ledger_type().identity();
        if (const auto applied = apply(after, o); !applied) {
            t.expect(false, std::string("the journal does not fold: ").append(to_text(applied.error())));
            break;
        }
        moments.push_back(std::move(after));
    }
    t.law("guarded");
    for (const auto& r : rivals) {
        t.expect(r.trouble.empty(), "a writer had to give up: " + r.trouble);
        const bool once = std::all_of(r.committed.begin(), r.committed.end(), [&](const identifier& id) {
            return std::count_if(journal.begin(), journal.end(), [&](const auto& o) { return o.id == id; }) ==
                   1;
        });
        t.expect(once, "an operation that was committed is not in the journal, or twice");
    }
    t.law("isolated");
    for (const auto& r : rivals) {
        for (const auto& seen : r.moments) {
            const auto at = std::find_if(moments.begin(), moments.end(), [&](const auto& m) {
                return m.head.sequence == seen.head.sequence;
            });
            if (at != moments.end() &&
                !t.expect(seen == *at, "load while another commits: " + difference(seen, *at))) {
                return;
            }
        }
    }
}

}  // namespace detail

/// Lets two handles, each on a thread of its own, commit and load at the same time. They are handles to one
/// new store, or the same handle twice where threads may share it. Every commit must be in the journal once,
/// and every load must be one moment of the whole store; where the store is a direct_storage that threads may
/// share, so must meters be that a third thread reads meanwhile. A store with a limited history must be able
/// to keep all of these commits.
template <storage Storage>
[[nodiscard]] conformance_report check_concurrency(Storage& first, Storage& second,
                                                   std::size_t wagers = 200) {
    conformance_report report;
    const auto make = [&]() -> Storage& { return first; };
    no_reopen none;
    trial<decltype(make), no_reopen> t(make, none, report);
    t.law("durable");
    const auto l = detail::begun<typename Storage::amount_type>();
    if (!t.commits(first, l, 0)) {
        return report;
    }
    detail::rival<Storage> rivals[] = {{first, 1}, {second, 2}};
    constexpr bool watches = direct_storage<Storage> && thread_safe_storage<Storage>;
    std::atomic<int> ready = 0;
    const auto race = [&](auto& r) {
        ready += 1;
        while (ready < (watches ? 3 : 2)) {
            std::this_thread::yield();
        }
        r.run(wagers);
    };
    const auto race_both = [&] {
        std::thread other([&] { race(rivals[1]); });
        race(rivals[0]);
        other.join();
    };
    if constexpr (watches) {
        detail::watcher<Storage> watched;
        std::atomic<bool> done = false;
        std::thread watching([&] {
            watched.look(first);
            ready += 1;
            while (!done) {
                watched.look(first);
            }
            watched.look(first);
        });
        race_both();
        done = true;
        watching.join();
        detail::compare_readings(t, first, watched);
    } else {
        race_both();
    }
    detail::compare_with_journal(t, first, rivals);
    return report;
}

}}}  // namespace jackpot::v1::testing

#endif
