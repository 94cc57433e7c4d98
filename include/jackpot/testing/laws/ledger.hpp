// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_LEDGER_HPP
#define JACKPOT_TESTING_LAWS_LEDGER_HPP

#include <jackpot/core/environment.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/store/checkpoint.hpp>
#include <jackpot/store/name_changed.hpp>

#include <map>

namespace jackpot { inline namespace v1 { namespace testing {

/// What a store that keeps every law holds: the journal, and the states that it folds to. Copies are
/// independent, so that a test can let two writers go on from one moment.
template <amount Amount>
class ledger {
public:
    explicit ledger(identifier identity = {0xFEDC'BA98'7654'3210, 0x0123'4567'89AB'CDEF}) noexcept
        : identity_(identity) {}

    [[nodiscard]] identifier identity() const noexcept { return identity_; }
    [[nodiscard]] std::uint64_t sequence() const noexcept { return states_.head.sequence; }
    [[nodiscard]] const basic_snapshot<Amount>& states() const noexcept { return states_; }
    [[nodiscard]] const std::vector<basic_operation<Amount>>& journal() const noexcept { return journal_; }

    /// The operation that holds the key, or null.
    [[nodiscard]] const basic_operation<Amount>* find(const name& key) const noexcept {
        const auto at = keys_.find(key);
        return at == keys_.end() ? nullptr : &journal_[at->second];
    }

    /// Decides a request at the time `now`, and adds the operation. False where the request changes no pool,
    /// or holds its key already. Errors: those of `normalize`, key_conflict, then those of `decide`; the
    /// ledger does not change then.
    [[nodiscard]] expected<bool> add(basic_request<Amount> request, timestamp now) {
        if (auto sound = normalize<Amount>(request); !sound) {
            return tl::unexpected(sound.error());
        }
        if (auto* revert = std::get_if<basic_revert_request<Amount>>(&request)) {
            jackpot::detail::find_contribution(*revert, find(revert->reverts));
        }
        const name* key = key_of<Amount>(request);
        if (const auto* holder = key != nullptr ? find(*key) : nullptr) {
            if (jackpot::detail::is_request_of(request, *holder)) {
                return false;
            }
            return fail(errc::key_conflict, "key", *key);
        }
        basic_operation<Amount> o;
        o.request = std::move(request);
        if (auto decided = decide(states_, now, o); !decided) {
            return tl::unexpected(decided.error());
        }
        if (o.parts.empty()) {
            return false;
        }
        o.id = {world_.random(), world_.random()};
        take(std::move(o));
        return true;
    }
    [[nodiscard]] expected<bool> add(basic_request<Amount> request) {
        return add(std::move(request), world_.now());
    }

    /// Adds an operation that was decided elsewhere; a checkpoint may leap.
    void take(basic_operation<Amount> o) {
        [[maybe_unused]] const auto applied = apply(states_, o);
        JACKPOT_ASSERT(applied.has_value());
        states_.head.identity = identity_;
        if (const name* key = o.key()) {
            keys_[*key] = journal_.size();
        }
        journal_.push_back(std::move(o));
    }

    /// The commit that brings a store from `sequence` to this ledger's moment. It points into the ledger: use
    /// it before the next change, and before the next commit.
    [[nodiscard]] basic_commit<Amount> commit_after(std::uint64_t sequence) const {
        const auto first = std::partition_point(journal_.begin(), journal_.end(),
                                                [&](const auto& o) { return o.sequence <= sequence; });
        const auto count = static_cast<std::size_t>(journal_.end() - first);
        const auto operations = std::span<const basic_operation<Amount>>(journal_).last(count);
        return {identity_, sequence, id_at(sequence), operations,
                name_changed(states_, operations, changed_)};
    }

    /// A checkpoint that stands for everything so far.
    [[nodiscard]] basic_operation<Amount> checkpoint() const {
        return jackpot::detail::checkpoint_of(states_);
    }

    /// The id of the operation at that sequence; null where there is none.
    [[nodiscard]] identifier id_at(std::uint64_t sequence) const noexcept {
        const auto at = std::find_if(journal_.begin(), journal_.end(),
                                     [&](const auto& o) { return o.sequence == sequence; });
        return at == journal_.end() ? identifier{} : at->id;
    }

    void seal(bool sealed) noexcept { states_.head.sealed = sealed; }

    /// From now on gives other times and ids than the ledger that this one was copied from.
    void diverge(std::uint64_t seed) noexcept { world_ = seeded_environment(seed, states_.head.at); }

private:
    identifier identity_;
    seeded_environment world_{1};
    basic_snapshot<Amount> states_{};
    std::vector<basic_operation<Amount>> journal_{};
    std::map<name, std::size_t> keys_{};
    mutable named_pools<Amount> changed_{};  // of the newest commit that was asked for
};

}}}  // namespace jackpot::v1::testing

#endif
