// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_BASIC_WRITER_HPP
#define JACKPOT_NETWORK_BASIC_WRITER_HPP

#include <jackpot/network/calls.hpp>
#include <jackpot/network/lost_commits.hpp>
#include <jackpot/network/policies.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/store/key_table.hpp>
#include <jackpot/store/view.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Decides requests on the newest states and commits them: the one place where operations are made.
///
/// A commit needs no states read in advance: if the known ones were old, its guard fails. Only what is
/// refused, or changes nothing, is decided once more on states read after the call began.
///
/// It knows a store by its verbs alone, so that it is compiled once for each amount type; `writer` gives it
/// one, and the world around.
template <amount Amount>
class basic_writer {
public:
    using amount_type = Amount;
    using operation_type = basic_operation<Amount>;
    using receipt_type = basic_receipt<Amount>;
    using wager_type = basic_contribute_request<Amount>;
    using call_type = any_call<Amount>;
    using store_type = any_store<Amount>;

    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t batch);

    /// The states as they are now.
    [[nodiscard]] expected<const basic_snapshot<Amount>*> newest();

protected:
    enum class verdict : std::uint8_t { answered, some_answered, again };

    /// `exclusive`: `round_alone` keeps others out.
    basic_writer(retry_policy policy, std::uint64_t random, bool exclusive)
        : policy_(policy), exclusive_(exclusive), id_{random, 1} {}
    basic_writer(const basic_writer&) = default;
    basic_writer(basic_writer&&) = default;
    basic_writer& operator=(const basic_writer&) = default;
    basic_writer& operator=(basic_writer&&) = default;
    ~basic_writer();

    /// Answers every request of the call.
    void run(call_type& call, timestamp now);

    /// Decides everything that is not settled, and commits it together.
    [[nodiscard]] expected<verdict> round(store_type& store, call_type& call, timestamp now);
    /// The same on newly read states, while nobody else can commit where the store can see to that.
    [[nodiscard]] virtual expected<verdict> round_alone(call_type& call, timestamp now) = 0;

    [[nodiscard]] virtual store_type& store() = 0;
    [[nodiscard]] virtual std::uint64_t random() = 0;
    virtual void sleep(std::int64_t microseconds) = 0;

    /// The store took so many wagers itself, each with the next of this writer's ids.
    JACKPOT_INLINE void passed_by(std::size_t wagers) noexcept {
        id_.low += wagers;
        known_ = known_ && wagers == 0;
    }
    [[nodiscard]] JACKPOT_INLINE const identifier& next_id() const noexcept { return id_; }

    /// What the writer knows may be old.
    void know_nothing() noexcept { known_ = false; }

private:
    /// Of one request: not answered; answered from the states of this round alone; or answered for good.
    enum class progress : std::uint8_t { open, refused, settled };

    /// Those that are not settled, each in a commit of its own.
    void run_one_by_one(call_type& call, timestamp now) {
        const std::vector<progress> all = progress_;
        for (std::size_t i = 0; i < call.size(); ++i) {
            if (all[i] != progress::settled) {
                one_of<Amount> one(call, i);
                run(one, now);
            }
        }
    }

    [[nodiscard]] expected<verdict> retry(call_type& call, timestamp now, unsigned attempt,
                                          const error& last) {
        if (!exclusive_ || last.code != errc::conflict) {
            pause(attempt);
        }
        return exclusive_ ? round_alone(call, now) : round(store(), call, now);
    }

    void pause(unsigned attempt) {
        std::int64_t longest = policy_.first_us;
        for (unsigned i = 1; i < attempt && longest < policy_.longest_us; ++i) {
            longest *= 2;
        }
        longest = (std::min)(longest, policy_.longest_us);
        if (longest > 0) {
            const auto drawn = static_cast<std::int64_t>(random() >> 1);
            sleep(1 + drawn % longest);
        }
    }

    void forget() noexcept {
        states_.head = {};
        states_.pools.clear();
        known_ = false;
    }

    [[nodiscard]] expected<void> load(store_type& store) {
        const std::uint64_t before = states_.head.sequence;
        auto loaded = store.load(states_);
        contended_ = contended_ && states_.head.sequence != before;
        if (!loaded) {
            forget();
            return loaded;
        }
        // Rows that somebody broke are for `audit` and `repair`, not to be built on.
        for (const auto& pool : states_.pools) {
            if (auto sound = check_meters(pool); !sound) {
                forget();
                return sound;
            }
        }
        known_ = true;
        return success();
    }

    /// False where newer states are needed to refuse a request, and others are decided on these already.
    [[nodiscard]] expected<bool> decide_all(store_type& store, call_type& call, timestamp now, bool& fresh) {
        chosen_.clear();
        keys_.clear();
        std::replace(progress_.begin(), progress_.end(), progress::refused, progress::open);
        for (std::size_t i = 0; i < call.size(); ++i) {
            if (progress_[i] == progress::open) {
                if (auto decided = decide_one(store, call, i, now, fresh); !decided || !*decided) {
                    return decided;
                }
            }
        }
        return true;
    }

    /// Decides the i-th request, and either adds its operation to those to commit or answers it. Answers
    /// that depend on the states hold only if the commit succeeds; until then they are not settled. False: as
    /// for decide_all.
    [[nodiscard]] expected<bool> decide_one(store_type& store, call_type& call, std::size_t i, timestamp now,
                                            bool& fresh) {
        if (operations_.size() == chosen_.size()) {
            operations_.emplace_back();
        }
        operation_type& o = operations_[chosen_.size()];
        call.copy_request(i, o.request);
        o.id = {id_.high, id_.low + i};
        if (auto sound = normalize<Amount>(o.request); !sound) {
            call.refuse(i, sound.error());
            progress_[i] = progress::settled;
            return true;
        }
        const name* key = o.key();
        if (key != nullptr && call.size() > 1) {
            const auto holds = [&](std::uint64_t earlier) { return *operations_[earlier].key() == *key; };
            if (const auto* earlier = keys_.find(*key, holds)) {
                answer_again(call, i, o, operations_[*earlier]);
                return true;
            }
        }
        auto decided = decide_normalized(states_, now, o);
        if ((!decided || o.parts.empty()) && !fresh) {
            if (!chosen_.empty()) {
                return false;
            }
            if (auto loaded = load(store); !loaded) {
                return tl::unexpected(loaded.error());
            }
            fresh = true;
            decided = decide_normalized(states_, now, o);
        }
        if (!decided || o.parts.empty()) {
            if (auto answered = answer_unchanged(store, call, i, o, decided); !answered) {
                return tl::unexpected(answered.error());
            }
            return true;
        }
        if (chosen_.empty()) {
            decided_on_ = states_.head.newest;
        }
        if (auto applied = apply(states_, o); !applied) {
            return tl::unexpected(applied.error());
        }
        if (key != nullptr && call.size() > 1) {
            keys_.insert(*key, chosen_.size());
        }
        chosen_.push_back(i);
        return true;
    }

    /// A request that changes no pool: its key may have been used before (R9), which comes first.
    [[nodiscard]] expected<void> answer_unchanged(store_type& store, call_type& call, std::size_t i,
                                                  const operation_type& o, const expected<void>& decided) {
        if (const name* key = o.key()) {
            const auto held = store.find(*key, found_);
            if (!held) {
                return tl::unexpected(held.error());
            }
            if (*held) {
                answer_again(call, i, o, found_);
                progress_[i] = progress::settled;
                return success();
            }
        }
        progress_[i] = stands_alone(o, decided) ? progress::refused : progress::open;
        // Another store goes on with these pools, perhaps: what they are here is no reason to refuse.
        if (states_.head.sealed) {
            call.refuse(i, {errc::store_sealed, {}});
            return success();
        }
        if (!decided) {
            call.refuse(i, decided.error());
            return success();
        }
        receipt_type& receipt = call.receipt(i);
        receipt.sequence = 0;
        receipt.at = o.at;
        receipt.replayed = false;
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
    void answer_again(call_type& call, std::size_t i, const operation_type& o, const operation_type& first) {
        if (first.request == o.request) {
            answer(call.receipt(i), first, !lost_.any() || first.id != o.id);
        } else {
            call.refuse(i, fail(errc::key_conflict, "key", *o.key()).value());
        }
    }

    static void answer(receipt_type& receipt, const operation_type& o, bool replayed) {
        receipt.sequence = o.sequence;
        receipt.at = o.at;
        receipt.replayed = replayed;
        receipt.parts = o.parts;
    }

    [[nodiscard]] expected<verdict> commit(store_type& store, call_type& call) {
        if (states_.head.identity.is_null()) {
            states_.head.identity = {random(), random()};
        }
        const operation_type& first = operations_.front();
        const auto result = store.commit({.identity = states_.head.identity,
                                          .sequence = first.sequence - 1,
                                          .newest = decided_on_,
                                          .operations = {operations_.data(), chosen_.size()},
                                          .pools = states_.pools});
        if (!result) {
            if (result.error().code == errc::unavailable) {
                lost_.add(first.sequence, chosen_, call.size(), result.error());
            }
            // What is refused may have been taken before, by its key.
            if (result.error().code == errc::store_sealed || result.error().code == errc::amount_overflow) {
                const auto settled = settle_duplicates(store, call);
                if (!settled || *settled == verdict::answered) {
                    return settled;
                }
            }
            return tl::unexpected(result.error());
        }
        switch (*result) {
            case commit_result::committed:
                lost_.none_left();
                for (std::size_t k = 0; k < chosen_.size(); ++k) {
                    answer(call.receipt(chosen_[k]), operations_[k], false);
                }
                return verdict::answered;
            case commit_result::duplicate:
                return settle_duplicates(store, call);
            case commit_result::conflict:
                break;
        }
        return verdict::again;
    }

    /// The store said that a key is held; it does not say which.
    [[nodiscard]] expected<verdict> settle_duplicates(store_type& store, call_type& call) {
        bool some = false;
        for (std::size_t k = 0; k < chosen_.size(); ++k) {
            if (const name* key = operations_[k].key()) {
                const auto held = store.find(*key, found_);
                if (!held) {
                    return tl::unexpected(held.error());
                }
                if (*held) {
                    answer_again(call, chosen_[k], operations_[k], found_);
                    progress_[chosen_[k]] = progress::settled;
                    some = true;
                }
            }
        }
        const auto settled = [](progress p) { return p == progress::settled; };
        if (std::all_of(progress_.begin(), progress_.end(), settled)) {
            forget();
            return verdict::answered;
        }
        return some ? verdict::some_answered : verdict::again;
    }

    /// Answers the requests whose operations are in the journal though the answer was lost. Errors: as for
    /// lost_commits.
    [[nodiscard]] expected<void> settle_landed(store_type& store, call_type& call) {
        return lost_.look_for(store, [&](const operation_type& o) {
            const auto i = static_cast<std::size_t>(o.id.low - id_.low);
            if (o.id.high == id_.high && i < call.size()) {
                call.copy_request(i, found_.request);
                if (normalize<Amount>(found_.request) && found_.request == o.request) {
                    answer(call.receipt(i), o, false);
                    progress_[i] = progress::settled;
                }
            }
        });
    }

    retry_policy policy_;
    bool exclusive_;
    identifier id_;  // this writer's random half, and the id of its next operation
    basic_snapshot<Amount> states_;
    bool known_ = false;                      // states_ are the newest that this writer knows of
    bool contended_ = false;                  // others write, too: to begin with the lock costs less
    std::vector<operation_type> operations_;  // the first chosen_.size() of them are to be committed
    std::vector<std::size_t> chosen_;         // which request each of those answers
    identifier decided_on_;                   // the newest operation when the first of them was decided
    std::vector<progress> progress_;          // of each request
    key_table keys_;                          // the keys among those operations
    lost_commits<Amount> lost_;               // of the call at hand
    operation_type found_;
};

// Not in the class, where they would be inline: what those call is then compiled with them alone.

template <amount Amount>
basic_writer<Amount>::~basic_writer() = default;

template <amount Amount>
expected<void> basic_writer<Amount>::reserve(std::size_t pools, std::size_t batch) {
    states_.pools.reserve(pools);
    chosen_.reserve(batch);
    progress_.reserve(batch);
    operations_.resize(batch > operations_.size() ? batch : operations_.size());
    for (operation_type& o : operations_) {
        auto& listed = o.request.template emplace<wager_type>().pools.emplace();
        if (!listed.try_reserve(pools) || !o.parts.try_reserve(pools)) {
            return fail(errc::out_of_memory);
        }
    }
    return keys_.try_reserve(batch) ? success() : fail(errc::out_of_memory);
}

template <amount Amount>
expected<const basic_snapshot<Amount>*> basic_writer<Amount>::newest() {
    if (auto loaded = load(store()); !loaded) {
        return tl::unexpected(loaded.error());
    }
    return &states_;
}

template <amount Amount>
void basic_writer<Amount>::run(call_type& call, timestamp now) {
    progress_.assign(call.size(), progress::open);
    lost_.none_left();
    error last{errc::conflict, {}};
    for (unsigned attempt = 0; attempt == 0 || attempt < policy_.attempts;) {
        const bool locked = attempt != 0 || (contended_ && exclusive_);
        const auto outcome = locked ? retry(call, now, attempt, last) : round(store(), call, now);
        contended_ = contended_ || (outcome && *outcome == verdict::again);
        if (outcome && *outcome == verdict::answered) {
            if (!lost_.any()) {
                id_.low += call.size();
                return;
            }
            break;  // refused, but on what may change when a commit lands whose answer was lost
        }
        forget();
        last = outcome ? error{errc::conflict, {}} : outcome.error();
        // A full queue is the caller's to wait for: a game loop must not pause in here.
        if (!last.retryable() || last.code == errc::overloaded) {
            break;
        }
        attempt += outcome && *outcome == verdict::some_answered ? 0 : 1;
    }
    if (lost_.any() && (!settle_landed(store(), call) || lost_.any())) {
        last = lost_.what();
    }
    forget();
    id_.low += call.size();
    // What only the store could refuse, an amount or a row, must not be the others' too.
    if (call.size() > 1 && (last.code == errc::amount_overflow || last.code == errc::corrupt)) {
        return run_one_by_one(call, now);
    }
    for (std::size_t i = 0; i < call.size(); ++i) {
        if (progress_[i] == progress::open || (progress_[i] == progress::refused && lost_.may_hold(i))) {
            call.refuse(i, last);
        }
    }
}

template <amount Amount>
auto basic_writer<Amount>::round(store_type& store, call_type& call, timestamp now) -> expected<verdict> {
    bool fresh = false;
    if (!known_) {
        if (auto loaded = load(store); !loaded) {
            return tl::unexpected(loaded.error());
        }
        fresh = true;
    }
    // After the load: what lands later than that moves the sequence, and the guard fails.
    if (lost_.any()) {
        if (auto asked = settle_landed(store, call); !asked) {
            return tl::unexpected(asked.error());
        }
    }
    if (call.size() > 1 && !keys_.try_reserve(call.size())) {
        return fail(errc::out_of_memory);
    }
    auto decided = decide_all(store, call, now, fresh);
    if (decided && !*decided) {
        // A request was refused behind others, on states that are perhaps old by now.
        forget();
        if (auto loaded = load(store); !loaded) {
            return tl::unexpected(loaded.error());
        }
        fresh = true;
        decided = decide_all(store, call, now, fresh);
    }
    if (!decided) {
        return tl::unexpected(decided.error());
    }
    return chosen_.empty() ? verdict::answered : commit(store, call);
}

JACKPOT_INSTANCE(class basic_writer<std::int64_t>);

}}}  // namespace jackpot::v1::detail

#endif
