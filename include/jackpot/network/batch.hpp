// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_BATCH_HPP
#define JACKPOT_NETWORK_BATCH_HPP

#include <jackpot/core/key_table.hpp>
#include <jackpot/network/calls.hpp>
#include <jackpot/network/known_states.hpp>
#include <jackpot/network/lost_commits.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/store/name_changed.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// One try to answer a call.
template <amount Amount>
struct basic_round {
    any_store<Amount>& store;
    any_call<Amount>& call;
    known_states<Amount>& known;
    const lost_commits<Amount>& lost;  // of the call's earlier rounds
    identifier first_id;               // the i-th request's operation has this one, and i more
    timestamp now;
    bool fresh = false;  // the known states were read after the call began
};

/// The operations that answer the requests of a call, for one commit, and which of the requests are answered.
template <amount Amount>
class batch {
public:
    using operation_type = basic_operation<Amount>;
    using receipt_type = basic_receipt<Amount>;
    using call_type = any_call<Amount>;
    using round_type = basic_round<Amount>;

    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t size) {
        chosen_.reserve(size);
        changed_.reserve(pools);
        progress_.reserve(size);
        operations_.resize(size > operations_.size() ? size : operations_.size());
        for (operation_type& o : operations_) {
            auto& listed = o.request.template emplace<basic_contribute_request<Amount>>().pools.emplace();
            if (!listed.try_reserve(pools) || !o.parts.try_reserve(pools)) {
                return fail(errc::out_of_memory);
            }
        }
        return keys_.try_reserve(size) ? success() : fail(errc::out_of_memory);
    }

    /// Begins a call: no request is answered.
    void begin(std::size_t requests) { progress_.assign(requests, progress::open); }

    /// Is there no operation to commit?
    [[nodiscard]] bool empty() const noexcept { return chosen_.empty(); }
    /// The requests that the operations answer.
    [[nodiscard]] const std::vector<std::size_t>& chosen() const noexcept { return chosen_; }

    [[nodiscard]] bool all_settled() const noexcept {
        return std::all_of(progress_.begin(), progress_.end(),
                           [](progress p) { return p == progress::settled; });
    }
    [[nodiscard]] std::vector<std::size_t> not_settled() const {
        std::vector<std::size_t> rest;
        for (std::size_t i = 0; i < progress_.size(); ++i) {
            if (progress_[i] != progress::settled) {
                rest.push_back(i);
            }
        }
        return rest;
    }

    /// Decides everything that is not settled. False where newer states are needed to refuse a request, and
    /// others are decided on these already.
    [[nodiscard]] expected<bool> decide(round_type& r) {
        if (r.call.size() > 1 && !keys_.try_reserve(r.call.size())) {
            return fail(errc::out_of_memory);
        }
        chosen_.clear();
        keys_.clear();
        std::replace(progress_.begin(), progress_.end(), progress::refused, progress::open);
        for (std::size_t i = 0; i < r.call.size(); ++i) {
            if (progress_[i] == progress::open) {
                if (auto decided = decide_one(r, i); !decided || !*decided) {
                    return decided;
                }
            }
        }
        return true;
    }

    /// What to commit. It points into the batch and into the states.
    [[nodiscard]] basic_commit<Amount> commit_onto(const basic_snapshot<Amount>& states) {
        const std::span<const operation_type> operations(operations_.data(), chosen_.size());
        return {.identity = states.head.identity,
                .sequence = operations.front().sequence - 1,
                .newest = decided_on_,
                .operations = operations,
                .pools = name_changed(states, operations, changed_)};
    }

    void answer_committed(call_type& call) {
        for (std::size_t k = 0; k < chosen_.size(); ++k) {
            answer(call.receipt(chosen_[k]), operations_[k], false);
        }
    }

    /// The store said that a key is held; it does not say which. False where it holds none.
    [[nodiscard]] expected<bool> answer_duplicates(round_type& r) {
        bool some = false;
        for (std::size_t k = 0; k < chosen_.size(); ++k) {
            if (const name* key = operations_[k].key()) {
                const auto held = r.store.find(*key, found_);
                if (!held) {
                    return held;
                }
                if (*held) {
                    answer_again(r, chosen_[k], operations_[k], found_);
                    progress_[chosen_[k]] = progress::settled;
                    some = true;
                }
            }
        }
        return some;
    }

    /// Answers the request of the call whose operation this is; none where it is another call's.
    void answer_landed(call_type& call, const identifier& first_id, const operation_type& o) {
        const auto i = static_cast<std::size_t>(o.id.low - first_id.low);
        if (o.id.high == first_id.high && i < call.size()) {
            call.copy_request(i, found_.request);
            if (normalize<Amount>(found_.request) && is_request_of(found_.request, o)) {
                answer(call.receipt(i), o, false);
                progress_[i] = progress::settled;
            }
        }
    }

    /// Refuses what is not answered, and what was refused on states that a lost commit may have changed.
    void refuse_rest(call_type& call, const lost_commits<Amount>& lost, const error& e) {
        for (std::size_t i = 0; i < call.size(); ++i) {
            if (progress_[i] == progress::open || (progress_[i] == progress::refused && lost.may_hold(i))) {
                call.refuse(i, e);
            }
        }
    }

private:
    /// Of one request: not answered; answered from the states of this round alone; or answered for good.
    enum class progress : std::uint8_t { open, refused, settled };

    /// Decides the i-th request, and either adds its operation to those to commit or answers it. Answers
    /// that depend on the states hold only if the commit succeeds; until then they are not settled. False: as
    /// for decide.
    [[nodiscard]] expected<bool> decide_one(round_type& r, std::size_t i) {
        if (operations_.size() == chosen_.size()) {
            operations_.emplace_back();
        }
        operation_type& o = operations_[chosen_.size()];
        r.call.copy_request(i, o.request);
        o.id = {r.first_id.high, r.first_id.low + i};
        if (auto sound = check_request(o.request); !sound) {
            r.call.refuse(i, sound.error());
            progress_[i] = progress::settled;
            return true;
        }
        if (auto* revert = std::get_if<basic_revert_request<Amount>>(&o.request)) {
            if (auto looked = look_for_contribution(r, *revert); !looked) {
                return tl::unexpected(looked.error());
            }
        }
        const name* key = o.key();
        if (key != nullptr && r.call.size() > 1) {
            const auto holds = [&](std::uint64_t earlier) { return *operations_[earlier].key() == *key; };
            if (const auto* earlier = keys_.find(*key, holds)) {
                answer_again(r, i, o, operations_[*earlier]);
                return true;
            }
        }
        auto decided = decide_normalized(*r.known, r.now, o);
        if ((!decided || o.parts.empty()) && !r.fresh) {
            if (!chosen_.empty()) {
                return false;
            }
            if (auto loaded = r.known.load(r.store); !loaded) {
                return tl::unexpected(loaded.error());
            }
            r.fresh = true;
            decided = decide_normalized(*r.known, r.now, o);
        }
        if (!decided || o.parts.empty()) {
            if (auto answered = answer_unchanged(r, i, o, decided); !answered) {
                return tl::unexpected(answered.error());
            }
            return true;
        }
        if (chosen_.empty()) {
            decided_on_ = r.known->head.newest;
        }
        r.known.keep(o);
        if (auto applied = apply(*r.known, o); !applied) {
            return tl::unexpected(applied.error());
        }
        if (key != nullptr && r.call.size() > 1) {
            keys_.insert(*key, chosen_.size());
        }
        chosen_.push_back(i);
        return true;
    }

    [[nodiscard]] static expected<void> check_request(basic_request<Amount>& request) {
        // A revert's key is the journal's: a caller has none, whatever it is.
        if (const name* key = key_of<Amount>(request);
            key != nullptr && kind_of<Amount>(request) == operation_kind::reverted) {
            return fail(errc::invalid_key, "key", *key);
        }
        return normalize<Amount>(request);
    }

    /// Looks for what a revert takes back (R15), among the operations to commit and in the store. Error: the
    /// store's.
    [[nodiscard]] expected<void> look_for_contribution(round_type& r, basic_revert_request<Amount>& revert) {
        const auto holds = [&](std::uint64_t earlier) {
            return *operations_[earlier].key() == revert.reverts;
        };
        if (const auto* earlier = keys_.find(revert.reverts, holds)) {
            find_contribution(revert, &operations_[*earlier]);
            return success();
        }
        const auto held = r.store.find(revert.reverts, found_);
        find_contribution<Amount>(revert, held && *held ? &found_ : nullptr);
        return held.map([](bool) {});
    }

    /// A request that changes no pool: its key may have been used before (R9), which comes first.
    [[nodiscard]] expected<void> answer_unchanged(round_type& r, std::size_t i, operation_type& o,
                                                  const expected<void>& decided) {
        if (const name* key = o.key()) {
            const auto held = r.store.find(*key, found_);
            if (!held) {
                return tl::unexpected(held.error());
            }
            if (*held) {
                answer_again(r, i, o, found_);
                progress_[i] = progress::settled;
                return success();
            }
        }
        progress_[i] = stands_alone(o, decided) ? progress::refused : progress::open;
        // Another store goes on with these pools, perhaps: what they are here is no reason to refuse.
        if (r.known->head.sealed) {
            r.call.refuse(i, {errc::store_sealed, {}});
            return success();
        }
        if (!decided) {
            r.call.refuse(i, decided.error());
            return success();
        }
        receipt_type& receipt = r.call.receipt(i);
        receipt.sequence = 0;
        receipt.at = o.at;
        receipt.replayed = false;
        receipt.kind = o.kind();
        receipt.parts.clear();
        return success();
    }

    /// Does the answer to a request that changes nothing hold, whatever becomes of those before it in the
    /// same commit? Otherwise it is theirs where they fail.
    [[nodiscard]] bool stands_alone(const operation_type& o, const expected<void>& decided) const noexcept {
        const auto is_wager = [](const operation_type& each) {
            return each.kind() == operation_kind::contributed;
        };
        const bool by_sum = !decided && decided.error().code == errc::amount_overflow;
        return chosen_.empty() ||
               (is_wager(o) && !by_sum &&
                std::all_of(operations_.data(), operations_.data() + chosen_.size(), is_wager));
    }

    /// The key was seen before: the first receipt again, if the request is the same. Not again where it is
    /// this very operation that landed.
    void answer_again(round_type& r, std::size_t i, operation_type& o, const operation_type& first) {
        if (is_request_of(o.request, first)) {
            answer(r.call.receipt(i), first, !r.lost.any() || first.id != o.id);
        } else {
            r.call.refuse(i, fail(errc::key_conflict, "key", *o.key()).value());
        }
    }

    static void answer(receipt_type& receipt, const operation_type& o, bool replayed) {
        receipt.sequence = o.sequence;
        receipt.at = o.at;
        receipt.replayed = replayed;
        receipt.kind = o.kind();
        receipt.parts = o.parts;
    }

    std::vector<operation_type> operations_;  // the first chosen_.size() of them are to be committed
    std::vector<std::size_t> chosen_;         // which request each of those answers
    named_pools<Amount> changed_;             // the pools that those operations change
    identifier decided_on_;                   // the newest operation when the first of them was decided
    std::vector<progress> progress_;          // of each request
    key_table keys_;                          // the keys among those operations
    operation_type found_;
};

}}}  // namespace jackpot::v1::detail

#endif
