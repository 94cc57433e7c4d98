// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_COPY_FOLLOWER_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_COPY_FOLLOWER_HPP

#include "../console/report.hpp"
#include "../verbs/at_work.hpp"

#include <jackpot/core/system.hpp>

#include <csignal>

namespace migrator {

inline volatile std::sig_atomic_t cut_over_asked = 0;

struct follow_options {
    bool follows;                       ///< false: one copy, and no waiting for anything
    bool cuts_over;                     ///< as if SIGUSR1 had come
    std::uint64_t retries;              ///< how often in a row a store that is not there is waited for
    at_work* works = nullptr;           ///< on the target: where a cut-over can be asked for
    at_work* follows_source = nullptr;  ///< on the source
};

/// Told by SIGUSR1, or by `migrator cut-over`, to cut over it seals the source, so that nothing can come
/// behind the last operation that is copied. A source that somebody else sealed is cut over too: an
/// interrupted cut-over goes on so.
template <jackpot::storage From>
class follower {
public:
    follower(From& from, report& out, follow_options o) : from_(&from), out_(&out), options_(o) {
        if (o.follows) {
            cut_over_asked = o.cuts_over ? 1 : 0;
            struct sigaction on_signal {};
            on_signal.sa_handler = [](int) { cut_over_asked = 1; };
            sigaction(SIGUSR1, &on_signal, nullptr);
        }
    }

    /// The target has all up to there. Waits until there may be more; false where there will be none.
    [[nodiscard]] jackpot::expected<bool> operator()(std::uint64_t sequence) {
        if (!options_.follows || done_ || interrupted()) {
            return false;
        }
        if (auto loaded = from_->load(source_); !loaded) {
            return tl::unexpected(loaded.error());
        }
        if (source_.head.sealed) {
            return cut_over();
        }
        if (!told_) {
            out_->log().info(
                "Following the source at operation {}. To cut over: migrator cut-over TARGET, or kill -USR1 "
                "{}",
                sequence, getpid());
            out_->caught_up(sequence);
            told_ = true;
        }
        show_lag(sequence);
        if (options_.works != nullptr && options_.works->claim_cut_over()) {
            cut_over_asked = 1;
        }
        tell_others(sequence);
        if (cut_over_asked != 0) {
            const auto sealed = from_->seal(true);
            may_be_sealed_ = sealed || sealed.error().retryable();
            if (!sealed && may_be_sealed_) {
                return tl::unexpected(sealed.error());
            }
            cut_over_asked = 0;
            if (sealed) {
                return cut_over();
            }
            out_->log().warn("The source cannot be sealed, and is followed on: {}",
                             std::string(to_text(sealed.error()).view()));
        }
        tries_ = 0;
        jackpot::system_environment().sleep(100'000);
        return true;
    }

    /// To be called after every batch; false before the source is followed, when there is another progress.
    [[nodiscard]] bool copied(std::uint64_t sequence) {
        tries_ = 0;
        tell_others(sequence);
        if (told_ && out_->lag_due(sequence) && from_->load(source_)) {
            show_lag(sequence);
        }
        return told_;
    }

    /// Waits for a store that a server's restart, say, took away; false where that is of no use any more.
    [[nodiscard]] bool waits(const jackpot::error& e) {
        if (!options_.follows || !e.retryable() || tries_ == options_.retries || interrupted()) {
            return false;
        }
        constexpr int longest_s = 5;
        const int pause_s = tries_ < 3 ? 1 << tries_ : longest_s;
        out_->log().warn("{}; trying again in {} s ({} of {})", std::string(to_text(e).view()), pause_s,
                         ++tries_, options_.retries);
        for (int tenth = 0; tenth < pause_s * 10 && !interrupted(); ++tenth) {
            jackpot::system_environment().sleep(100'000);
        }
        return !interrupted();
    }

    /// Is the source sealed, and all of it copied?
    [[nodiscard]] bool done() const noexcept { return done_; }
    /// Does the source refuse wagers, for the cut-over, or may it?
    [[nodiscard]] bool may_be_sealed() const noexcept { return done_ || may_be_sealed_; }

private:
    void show_lag(std::uint64_t sequence) {
        out_->lag(sequence, (std::max)(source_.head.sequence, sequence) - sequence);
    }

    void tell_others(std::uint64_t sequence) {
        const auto* stage = done_ || cut_over_asked != 0 ? stage_cutting_over
                            : told_                      ? stage_following
                                                         : stage_copying;
        for (auto* each : {options_.works, options_.follows_source}) {
            if (each != nullptr) {
                each->tell(stage, sequence);
            }
        }
    }

    [[nodiscard]] bool cut_over() {
        done_ = true;
        tell_others(source_.head.sequence);
        tries_ = 0;
        out_->log().info("The source is sealed; what came last is copied");
        return true;
    }

    From* from_;
    report* out_;
    follow_options options_;
    jackpot::basic_snapshot<typename From::amount_type> source_;
    std::uint64_t tries_ = 0;
    bool told_ = false;
    bool may_be_sealed_ = false;
    bool done_ = false;
};

}  // namespace migrator

#endif
