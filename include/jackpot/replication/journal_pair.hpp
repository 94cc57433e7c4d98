// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_JOURNAL_PAIR_HPP
#define JACKPOT_REPLICATION_JOURNAL_PAIR_HPP

#include <jackpot/replication/fold.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// A journal that is folded while it is read.
template <storage Storage>
class folded_journal {
public:
    using operation_type = basic_operation<typename Storage::amount_type>;

    explicit folded_journal(Storage& store) : reader_(store) {}

    /// Reads on, unless the operation at hand is still to come after `done`.
    [[nodiscard]] expected<void> advance(std::uint64_t done) {
        if (begun_ && (ahead_ == nullptr || ahead_->sequence > done)) {
            return {};
        }
        begun_ = true;
        const auto o = reader_.next();
        if (!o) {
            return tl::unexpected(o.error());
        }
        ahead_ = *o;
        return {};
    }

    /// Folds the operation at hand if it is that one, and returns it; else null.
    [[nodiscard]] expected<const operation_type*> take(std::uint64_t sequence) {
        if (ahead_ == nullptr || ahead_->sequence != sequence) {
            return nullptr;
        }
        if (auto applied = apply(states_, *ahead_); !applied) {
            return tl::unexpected(applied.error());
        }
        return ahead_;
    }

    /// The operation at hand; null behind the last.
    [[nodiscard]] const operation_type* ahead() const noexcept { return ahead_; }
    [[nodiscard]] const basic_snapshot<typename Storage::amount_type>& states() const noexcept {
        return states_;
    }

private:
    journal_reader<Storage> reader_;
    basic_snapshot<typename Storage::amount_type> states_;
    const operation_type* ahead_ = nullptr;
    bool begun_ = false;
};

/// Can operations that a checkpoint hides have led from `before` to `after`? Pools never go and versions
/// count them; a pool that they did not change is as it was. Meters may be lower, for a rollback lowers them.
template <amount Amount>
[[nodiscard]] bool may_lead_to(const basic_snapshot<Amount>& before, const basic_snapshot<Amount>& after) {
    std::size_t kept = 0;
    for (const auto& p : after.pools) {
        const auto* earlier = find_pool(before.pools, p.pool);
        kept += earlier != nullptr ? 1 : 0;
        if (p.sequence <= before.head.sequence) {
            if (earlier == nullptr || !(*earlier == p)) {
                return false;
            }
            continue;
        }
        const std::uint64_t version = earlier != nullptr ? earlier->version : 0;
        if (p.version <= version || p.version - version > p.sequence - before.head.sequence ||
            (earlier != nullptr && earlier->opened_at != p.opened_at)) {
            return false;
        }
    }
    return kept == before.pools.size() && before.head.at <= after.head.at;
}

/// Two journals side by side. Where one begins with a checkpoint, or leaps by one, it is not the
/// operations up to there that are compared but the states that they left.
template <storage Left, storage Right>
class journal_pair {
public:
    static_assert(std::is_same_v<typename Left::amount_type, typename Right::amount_type>,
                  "stores of different amount types have nothing to compare");

    journal_pair(Left& left, Right& right, std::uint64_t last) : left_(left), right_(right), last_(last) {}

    /// Calls `each()` at every sequence, up to `last`, that either journal has; its error ends this. Errors:
    /// the stores', and corrupt where a journal cannot be folded.
    template <class Each>
    [[nodiscard]] expected<void> walk(Each&& each) {
        for (;;) {
            const auto more = next();
            if (!more) {
                return tl::unexpected(more.error());
            }
            if (!*more) {
                return success();
            }
            if (auto done = each(); !done) {
                return done;
            }
        }
    }

    [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
    /// Do the journals agree on this sequence, and does each have it?
    [[nodiscard]] bool agrees() const noexcept { return agree_; }
    [[nodiscard]] bool in_left() const noexcept { return in_left_; }
    [[nodiscard]] bool in_right() const noexcept { return in_right_; }
    [[nodiscard]] const auto& left_states() const noexcept { return left_.states(); }
    [[nodiscard]] const auto& right_states() const noexcept { return right_.states(); }
    /// Behind `walk`: the left journal's first operation behind `last`, or null.
    [[nodiscard]] const auto* left_ahead() const noexcept { return left_.ahead(); }

private:
    using operation_type = typename folded_journal<Left>::operation_type;

    /// False behind `last`.
    [[nodiscard]] expected<bool> next() {
        for (auto moved : {left_.advance(sequence_), right_.advance(sequence_)}) {
            if (!moved) {
                return tl::unexpected(moved.error());
            }
        }
        const auto* l = left_.ahead();
        const auto* r = right_.ahead();
        const auto at = [](const auto* o) { return o == nullptr ? sequence_max : o->sequence; };
        sequence_ = (std::min)(at(l), at(r));
        if (sequence_ > last_) {
            return false;
        }
        const auto left = left_.take(sequence_);
        const auto right = right_.take(sequence_);
        if (!left || !right) {
            return tl::unexpected(left ? right.error() : left.error());
        }
        agree_ = agree(*left, *right);
        in_left_ = *left != nullptr;
        in_right_ = *right != nullptr;
        return true;
    }

    [[nodiscard]] bool agree(const operation_type* l, const operation_type* r) const {
        const auto leaps = [](const operation_type* o) {
            return o != nullptr && o->kind() == operation_kind::checkpoint;
        };
        if (l == nullptr || r == nullptr) {
            return leaps(l == nullptr ? left_.ahead() : right_.ahead());
        }
        return leaps(l) || leaps(r) ? l->id == r->id && left_.states().pools == right_.states().pools
                                    : *l == *r;
    }

    folded_journal<Left> left_;
    folded_journal<Right> right_;
    std::uint64_t last_;
    std::uint64_t sequence_ = 0;
    bool agree_ = true;
    bool in_left_ = false;
    bool in_right_ = false;
};

}}}  // namespace jackpot::v1::detail

#endif
