// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_CONCURRENCY_HPP
#define JACKPOT_TESTING_CONCURRENCY_HPP

// Apart from conformance.hpp, because it starts threads.
#include <jackpot/testing/laws/commits.hpp>

#include <atomic>
#include <thread>

namespace jackpot { inline namespace v1 { namespace testing {

namespace detail {

/// Commits wagers one by one through a handle of its own, against others that do the same, and keeps
/// every moment that it was shown.
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
            if (attempts_ == 1000 * wagers) {
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
    expected<void> attempt() {
        // A commit that was unavailable may have landed, so no id is used twice.
        operation_.id = {number_, ++attempts_};
        operation_.request = basic_contribute_request<amount_type>{.game = "slots", .wager = 1001};
        // Many loads a commit, of everything, so that the other's commits fall into the middle of some.
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
        const auto result =
            store_.commit({guard.identity, guard.sequence, guard.newest, {&operation_, 1}, states_.pools});
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
};

/// Expects what both did to be in the journal once, and what they saw to be moments of it.
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

/// Lets two handles, each on a thread of its own, commit and load at the same time. They are handles to
/// one new store, or one handle twice where threads may share it. Every commit must be in the journal
/// once, and every load must be one moment of the whole store. A limit on history must leave them in.
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
    std::atomic<int> ready = 0;
    const auto race = [&](auto& r) {
        ready += 1;
        while (ready < 2) {
            std::this_thread::yield();
        }
        r.run(wagers);
    };
    std::thread other([&] { race(rivals[1]); });
    race(rivals[0]);
    other.join();
    detail::compare_with_journal(t, first, rivals);
    return report;
}

}}}  // namespace jackpot::v1::testing

#endif
