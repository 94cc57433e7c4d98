// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_BASIC_WRITER_HPP
#define JACKPOT_NETWORK_BASIC_WRITER_HPP

#include <jackpot/network/batch.hpp>
#include <jackpot/network/policies.hpp>

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
    using receipt_type = basic_receipt<Amount>;
    using wager_type = basic_contribute_request<Amount>;
    using call_type = any_call<Amount>;
    using store_type = any_store<Amount>;

    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t size);

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
    /// The call is about to be tried once more.
    virtual void retried(const error& why) = 0;

    /// The store took so many wagers itself, each with the next of this writer's ids.
    JACKPOT_INLINE void passed_by(std::size_t wagers) noexcept {
        id_.low += wagers;
        if (wagers != 0) {
            known_.may_be_old();
        }
    }
    [[nodiscard]] JACKPOT_INLINE const identifier& next_id() const noexcept { return id_; }

    /// What the writer knows may be old.
    void know_nothing() noexcept { known_.may_be_old(); }

private:
    /// Those that are not settled, each in a commit of its own.
    void run_one_by_one(call_type& call, timestamp now) {
        for (const std::size_t i : batch_.not_settled()) {
            one_of<Amount> one(call, i);
            run(one, now);
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

    [[nodiscard]] expected<verdict> commit(basic_round<Amount>& r) {
        if (known_->head.identity.is_null()) {
            known_->head.identity = {random(), random()};
        }
        const auto c = batch_.commit_onto(*known_);
        const auto result = r.store.commit(c);
        if (!result) {
            if (result.error().code == errc::unavailable) {
                lost_.add(c.sequence + 1, batch_.chosen(), r.call.size(), result.error());
            }
            // What is refused may have been taken before, by its key.
            if (result.error().code == errc::store_sealed || result.error().code == errc::amount_overflow) {
                const auto settled = settle_duplicates(r);
                if (!settled || *settled == verdict::answered) {
                    return settled;
                }
            }
            return tl::unexpected(result.error());
        }
        switch (*result) {
            case commit_result::committed:
                known_.settle();
                lost_.none_left();
                batch_.answer_committed(r.call);
                return verdict::answered;
            case commit_result::duplicate:
                return settle_duplicates(r);
            case commit_result::conflict:
                break;
        }
        return verdict::again;
    }

    [[nodiscard]] expected<verdict> settle_duplicates(basic_round<Amount>& r) {
        const auto some = batch_.answer_duplicates(r);
        if (!some) {
            return tl::unexpected(some.error());
        }
        if (batch_.all_settled()) {
            known_.take_back();
            return verdict::answered;
        }
        return *some ? verdict::some_answered : verdict::again;
    }

    /// Answers the requests whose operations are in the journal though the answer was lost. Errors: as for
    /// lost_commits.
    [[nodiscard]] expected<void> settle_landed(store_type& store, call_type& call, std::uint64_t until = 0) {
        return lost_.look_for(store, until, [&](const auto& o) { batch_.answer_landed(call, id_, o); });
    }

    retry_policy policy_;
    bool exclusive_;
    identifier id_;  // this writer's random half, and the id of its next operation
    known_states<Amount> known_;
    batch<Amount> batch_;
    lost_commits<Amount> lost_;  // of the call at hand
};

// Not in the class, where they would be inline: what those call is then compiled with them alone.

template <amount Amount>
basic_writer<Amount>::~basic_writer() = default;

template <amount Amount>
expected<void> basic_writer<Amount>::reserve(std::size_t pools, std::size_t size) {
    known_.reserve(pools);
    return batch_.reserve(pools, size);
}

template <amount Amount>
expected<const basic_snapshot<Amount>*> basic_writer<Amount>::newest() {
    if (auto loaded = known_.load(store()); !loaded) {
        return tl::unexpected(loaded.error());
    }
    return &*known_;
}

template <amount Amount>
void basic_writer<Amount>::run(call_type& call, timestamp now) {
    batch_.begin(call.size());
    lost_.none_left();
    error last{errc::conflict, {}};
    for (unsigned attempt = 0, rounds = 0; attempt == 0 || attempt < policy_.attempts; ++rounds) {
        if (rounds != 0) {
            retried(last);
        }
        const bool locked = attempt != 0 || (known_.contended() && exclusive_);
        const auto outcome = locked ? retry(call, now, attempt, last) : round(store(), call, now);
        if (outcome && *outcome == verdict::again) {
            known_.lost_a_race();
        }
        if (outcome && *outcome == verdict::answered) {
            if (!lost_.any()) {
                id_.low += call.size();
                return;
            }
            break;  // refused, but on what may change when a commit lands whose answer was lost
        }
        last = outcome ? error{errc::conflict, {}} : outcome.error();
        known_.take_back(last.code);
        // A full queue is the caller's to wait for: a game loop must not pause in here.
        if (!last.retryable() || last.code == errc::overloaded) {
            break;
        }
        attempt += outcome && *outcome == verdict::some_answered ? 0 : 1;
    }
    if (lost_.any() && (!settle_landed(store(), call) || lost_.any())) {
        last = lost_.what();
    }
    known_.take_back(last.code);
    id_.low += call.size();
    // What only the store could refuse, an amount or a row, must not be the others' too.
    if (call.size() > 1 && (last.code == errc::amount_overflow || last.code == errc::corrupt)) {
        retried(last);
        return run_one_by_one(call, now);
    }
    batch_.refuse_rest(call, lost_, last);
}

template <amount Amount>
auto basic_writer<Amount>::round(store_type& store, call_type& call, timestamp now) -> expected<verdict> {
    basic_round<Amount> r{store, call, known_, lost_, id_, now};
    if (!known_.are_known()) {
        if (auto loaded = known_.load(store); !loaded) {
            return tl::unexpected(loaded.error());
        }
        r.fresh = true;
    }
    // After the load, and up to there at least: what lands later moves the sequence, and the guard fails.
    if (lost_.any()) {
        if (auto asked = settle_landed(store, call, known_->head.sequence); !asked) {
            return tl::unexpected(asked.error());
        }
    }
    auto decided = batch_.decide(r);
    if (decided && !*decided) {
        // A request was refused behind others, on states that are perhaps old by now.
        known_.take_back();
        if (auto loaded = known_.load(store); !loaded) {
            return tl::unexpected(loaded.error());
        }
        r.fresh = true;
        decided = batch_.decide(r);
    }
    if (!decided) {
        return tl::unexpected(decided.error());
    }
    return batch_.empty() ? verdict::answered : commit(r);
}

JACKPOT_INSTANCE(class basic_writer<std::int64_t>);

}}}  // namespace jackpot::v1::detail

#endif
