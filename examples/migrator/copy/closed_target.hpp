// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_COPY_CLOSED_TARGET_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_COPY_CLOSED_TARGET_HPP

#include "../console/trouble.hpp"

#include <jackpot/replication/cut_over.hpp>
#include <jackpot/soci.hpp>

#include <functional>
#include <optional>

namespace migrator {

/// Has the target take nothing but the copy, from before the first batch until the copy was compared. Of the
/// two stores at most one is open then, whatever ends the program.
template <jackpot::storage From>
class closed_target {
public:
    closed_target(From& from, jackpot::soci_storage& to) : from_(&from), to_(&to) {}

    /// Seals the target by `seal`, unless that would be for nothing: it took over before, or its history is
    /// another, which the copy finds out. Without `seal` it only looks.
    [[nodiscard]] std::optional<trouble> close(const std::function<jackpot::expected<void>()>& seal) {
        jackpot::snapshot source;
        jackpot::snapshot target;
        for (auto loaded : {from_->load(source), to_->load(target)}) {
            if (!loaded) {
                return store_trouble(loaded.error());
            }
        }
        reached_ = target.head.sequence;
        sealed_ = target.head.sealed;
        if (sealed_ || !seal) {
            return std::nullopt;
        }
        const bool ahead = reached_ > source.head.sequence;
        const bool whole = source.head.sealed && reached_ == source.head.sequence;
        const bool another = reached_ != 0 && target.head.identity != source.head.identity;
        went_on_ = ahead && source.head.sealed && jackpot::take_over(*to_, *from_);
        if (ahead || whole || another) {
            return std::nullopt;
        }
        if (auto sealed = seal(); !sealed) {
            return store_trouble(sealed.error());
        }
        sealed_ = closed_here_ = true;
        return is_source(source.head);
    }

    /// Is the target sealed?
    [[nodiscard]] bool sealed() const noexcept { return sealed_; }
    /// Did it take over before from the source, all of which it has, and go on?
    [[nodiscard]] bool went_on() const noexcept { return went_on_; }

    /// What no retry helps leaves a target that got nothing as it was.
    void give_back(const jackpot::error& e) {
        jackpot::snapshot now;
        if (closed_here_ && !e.retryable() && to_->load(now) && now.head.sequence == reached_) {
            sealed_ = !to_->seal(false);
        }
    }

    /// The target goes on where the source stopped. Errors: as for take_over.
    [[nodiscard]] jackpot::expected<void> open() {
        auto opened = jackpot::take_over(*to_, *from_);
        sealed_ = sealed_ && !opened;
        return opened;
    }

private:
    /// Two URLs of one server need not look alike: does the target's seal show in the source? If it is a copy
    /// that somebody sealed at this very moment, the target has all of it, and may be opened again.
    [[nodiscard]] std::optional<trouble> is_source(const jackpot::store_head& before) {
        jackpot::snapshot source;
        jackpot::snapshot target;
        if (before.sealed || !from_->load(source) || !to_->load(target) || source.head != target.head) {
            return std::nullopt;
        }
        sealed_ = !to_->seal(false);
        return trouble{"the source is sealed with the target: both are one store", "name another --to"};
    }

    From* from_;
    jackpot::soci_storage* to_;
    std::uint64_t reached_ = 0;
    bool sealed_ = false;
    bool closed_here_ = false;
    bool went_on_ = false;
};

}  // namespace migrator

#endif
