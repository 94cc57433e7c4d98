// SPDX-License-Identifier: BSL-1.0

// A program that hears of everything its networks commit, and asks for nothing: each win is printed, live
// meters follow, and the rest is counted.
#include <jackpot/jackpot.hpp>

#include <chrono>
#include <cinttypes>
#include <cstdio>

using namespace jackpot::literals;

namespace {

struct counts {
    std::uint64_t wagers = 0;
    std::uint64_t commits = 0;
    std::uint64_t retries = 0;
    std::uint64_t refusals = 0;
    std::int64_t microseconds = 0;  // in commits
    std::int64_t meter = 0;         // of the pool "minor"
};

class watcher : public jackpot::no_observer {
public:
    explicit watcher(counts& seen) : seen_(&seen) {}

    // Of wins something is said; of every request the meter.
    void committed(const jackpot::win_request& won, const jackpot::receipt& r) noexcept {
        std::printf("%s won %s: %" PRId64 "\n", won.player.c_str(), won.pool.c_str(), r.paid());
        follow(r);
    }
    void committed(const jackpot::contribute_request&, const jackpot::receipt& r) noexcept {
        ++seen_->wagers;
        follow(r);
    }
    void committed(const auto&, const jackpot::receipt& r) noexcept { follow(r); }

    void refused(const auto&, const jackpot::error& why) noexcept {
        ++seen_->refusals;
        std::printf("refused: %s\n", to_text(why).c_str());
    }
    void retried(const jackpot::error&) noexcept { ++seen_->retries; }
    void commit_done(const jackpot::commit_report& report) noexcept {
        ++seen_->commits;
        seen_->microseconds += report.microseconds;
    }
    std::int64_t clock() noexcept {
        using namespace std::chrono;
        return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
    }

private:
    void follow(const jackpot::receipt& r) noexcept {
        if (const auto* minor = r.part("minor")) {
            seen_->meter = minor->current;
        }
    }

    counts* seen_;
};

}  // namespace

int main() {
    jackpot::memory_storage<> store;
    counts seen;
    // Two networks of one store, as two threads or two programs have them.
    jackpot::network here(store, jackpot::system_environment(), {}, watcher(seen));
    jackpot::network there(store, jackpot::system_environment(), {}, watcher(seen));

    const jackpot::open_request minor{.pool = "minor",
                                      .configuration = {.seed = 100'000, .rate = "0.02"_rate}};
    const jackpot::win_request won{.pool = "minor", .game = "slots", .player = "alice"};
    bool sound = here.open(minor).has_value();
    for (int i = 0; i < 1000; ++i) {
        sound = sound && here.contribute({.game = "slots", .wager = 2'500});
    }
    sound = sound && there.win(won) && here.contribute({.game = "slots", .wager = 2'500}) && here.win(won);
    sound = sound && there.win(won);  // it knows of none of that, so its first attempt is in vain
    sound = sound && !there.win({.pool = "grand", .game = "slots", .player = "bob"});

    std::printf("%" PRIu64 " wagers, %" PRIu64 " commits, %" PRIu64 " retried, %" PRIu64
                " refused; minor stands at %" PRId64 "\n",
                seen.wagers, seen.commits, seen.retries, seen.refusals, seen.meter);
    return sound && seen.microseconds >= 0 ? 0 : 1;
}
