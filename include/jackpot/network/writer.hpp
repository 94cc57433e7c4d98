// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_WRITER_HPP
#define JACKPOT_NETWORK_WRITER_HPP

#include <jackpot/core/environment.hpp>
#include <jackpot/network/calls.hpp>
#include <jackpot/network/lost_commits.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/store/key_table.hpp>
#include <jackpot/store/storage.hpp>

namespace jackpot { inline namespace v1 {

/// How often a commit is tried where others are faster or the store is busy, and how long the pauses
/// between the tries are: doubling from the first to the longest, each of a random length up to that.
struct retry_policy {
    unsigned attempts = 12;
    std::int64_t first_us = 200;
    std::int64_t longest_us = 100'000;
};

namespace detail {

/// Decides requests on the newest states and commits them: the one place where operations are made.
///
/// A commit needs no states read in advance: if the known ones were old, its guard fails. Only what is
/// refused, or changes nothing, is decided once more on states read after the call began.
template <storage Storage, environment Environment>
class writer {
public:
    using amount_type = typename Storage::amount_type;
    using operation_type = basic_operation<amount_type>;
    using receipt_type = basic_receipt<amount_type>;
    using wager_type = basic_contribute_request<amount_type>;
    using policy_type = retry_policy;

    writer(Storage& store, Environment environment, retry_policy policy)
        : store_(&store),
          environment_(std::move(environment)),
          policy_(policy),
          id_{environment_.random(), 1} {}

    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t batch) {
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

    template <class Request>
    [[nodiscard]] expected<void> submit(const Request& request, receipt_type& receipt) {
        const timestamp now = environment_.now();
        if constexpr (std::is_same_v<Request, wager_type> && contributing_storage<Storage>) {
            if (store_->contribute(request, {.id = id_, .now = now}, receipt)) {
                id_.low += 1;
                known_ = false;
                return success();
            }
        }
        return submit_by_name(request, receipt, now);
    }

    [[nodiscard]] JACKPOT_INLINE expected<void> submit(
        const basic_game_handle<amount_type>& game, const basic_wager<amount_type>& wager,
        receipt_type& receipt) requires resolving_storage<Storage> {
        const timestamp now = environment_.now();
        if (store_->contribute(game, wager, {.id = id_, .now = now}, receipt)) {
            id_.low += 1;
            known_ = false;
            return success();
        }
        return submit_by_name(in_game(game.name(), wager), receipt, now);
    }

    void submit(std::span<const wager_type> wagers, std::span<expected<receipt_type>> answers) {
        submit_bulk(wagers, answers);
    }
    void submit(const basic_game_handle<amount_type>& game, std::span<const basic_wager<amount_type>> wagers,
                std::span<expected<receipt_type>> answers) requires resolving_storage<Storage> {
        submit_bulk(game_wagers<amount_type>{game, wagers}, answers);
    }

    /// Requests of any kind together, in one commit, each with its own answer.
    template <class Call>
    void submit_all(Call& call) {
        run(call, environment_.now());
    }

    /// The states as they are now.
    [[nodiscard]] expected<const basic_snapshot<amount_type>*> newest() {
        if (auto loaded = load(*store_); !loaded) {
            return tl::unexpected(loaded.error());
        }
        return &states_;
    }

private:
    enum class verdict : std::uint8_t { answered, some_answered, again };

    /// Of one request: not answered; answered from the states of this round alone; or answered for good.
    enum class progress : std::uint8_t { open, refused, settled };

    template <class Request>
    JACKPOT_COLD expected<void> submit_by_name(const Request& request, receipt_type& receipt, timestamp now) {
        single_call<amount_type> call(request, receipt);
        run(call, now);
        return call.result();
    }

    template <class Wagers>
    void submit_bulk(const Wagers& wagers, std::span<expected<receipt_type>> answers) {
        const timestamp now = environment_.now();
        const std::size_t done = contribute_at_once(wagers, answers, now);
        if (done < wagers.size()) {
            bulk_call call(wagers.subspan(done), answers.subspan(done));
            run(call, now);
        }
    }

    /// How many of the wagers, from the first, the store took itself.
    template <class Wagers>
    [[nodiscard]] std::size_t contribute_at_once(const Wagers& wagers,
                                                 std::span<expected<receipt_type>> answers, timestamp now) {
        std::size_t done = 0;
        if constexpr (contributing_storage<Storage> && exclusive_storage<Storage>) {
            [[maybe_unused]] const auto held = store_->exclusive([&](auto& locked) -> expected<void> {
                for (; done < wagers.size(); ++done) {
                    if (!answers[done]) {
                        answers[done] = receipt_type{};
                    }
                    const operation_stamp stamp{.id = {id_.high, id_.low + done}, .now = now};
                    bool taken = false;
                    if constexpr (requires { wagers.game; }) {
                        taken = locked.contribute(wagers.game, wagers.wagers[done], stamp, *answers[done]);
                    } else {
                        taken = locked.contribute(wagers[done], stamp, *answers[done]);
                    }
                    if (!taken) {
                        break;
                    }
                }
                return success();
            });
            id_.low += done;
            known_ = known_ && done == 0;
        }
        return done;
    }

    template <class Call>
    void run(Call& call, timestamp now) {
        progress_.assign(call.size(), progress::open);
        lost_.none_left();
        error last{errc::conflict, {}};
        for (unsigned attempt = 0; attempt == 0 || attempt < policy_.attempts;) {
            const bool locked = attempt != 0 || (contended_ && exclusive_storage<Storage>);
            const auto outcome = locked ? retry(call, now, attempt, last) : round(*store_, call, now);
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
        if (lost_.any() && (!settle_landed(*store_, call) || lost_.any())) {
            last = lost_.what();
        }
        forget();
        id_.low += call.size();
        if constexpr (!Call::is_one) {
            // What only the store could refuse, an amount or a row, must not be the others' too.
            if (call.size() > 1 && (last.code == errc::amount_overflow || last.code == errc::corrupt)) {
                return run_one_by_one(call, now);
            }
        }
        for (std::size_t i = 0; i < call.size(); ++i) {
            if (progress_[i] == progress::open || (progress_[i] == progress::refused && lost_.may_hold(i))) {
                call.refuse(i, last);
            }
        }
    }

    /// Those that are not settled, each in a commit of its own.
    template <class Call>
    void run_one_by_one(Call& call, timestamp now) {
        const std::vector<progress> all = progress_;
        for (std::size_t i = 0; i < call.size(); ++i) {
            if (all[i] != progress::settled) {
                one_of<Call> one{call, i};
                run(one, now);
            }
        }
    }

    template <class Call>
    [[nodiscard]] expected<verdict> retry(Call& call, timestamp now, unsigned attempt, const error& last) {
        if (!exclusive_storage<Storage> || last.code != errc::conflict) {
            pause(attempt);
        }
        if constexpr (exclusive_storage<Storage>) {
            return store_->exclusive([&](auto& locked) {
                known_ = false;
                return round(locked, call, now);
            });
        } else {
            return round(*store_, call, now);
        }
    }

    void pause(unsigned attempt) {
        std::int64_t longest = policy_.first_us;
        for (unsigned i = 1; i < attempt && longest < policy_.longest_us; ++i) {
            longest *= 2;
        }
        longest = (std::min)(longest, policy_.longest_us);
        if (longest > 0) {
            const auto random = static_cast<std::int64_t>(environment_.random() >> 1);
            environment_.sleep(1 + random % longest);
        }
    }

    void forget() noexcept {
        states_.head = {};
        states_.pools.clear();
        known_ = false;
    }

    template <class Locked>
    [[nodiscard]] expected<void> load(Locked& store) {
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

    /// Decides everything that is not settled, and commits it together.
    template <class Locked, class Call>
    [[nodiscard]] expected<verdict> round(Locked& store, Call& call, timestamp now) {
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
            decided = load(store).and_then([&] {
                fresh = true;
                return decide_all(store, call, now, fresh);
            });
        }
        if (!decided) {
            return tl::unexpected(decided.error());
        }
        return chosen_.empty() ? verdict::answered : commit(store, call);
    }

    /// False where newer states are needed to refuse a request, and others are decided on these already.
    template <class Locked, class Call>
    [[nodiscard]] expected<bool> decide_all(Locked& store, Call& call, timestamp now, bool& fresh) {
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
    template <class Locked, class Call>
    [[nodiscard]] expected<bool> decide_one(Locked& store, Call& call, std::size_t i, timestamp now,
                                            bool& fresh) {
        if (operations_.size() == chosen_.size()) {
            operations_.emplace_back();
        }
        operation_type& o = operations_[chosen_.size()];
        call.copy_request(i, o.request);
        o.id = {id_.high, id_.low + i};
        if (auto sound = normalize<amount_type>(o.request); !sound) {
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
            return answer_unchanged(store, call, i, o, decided).map([] { return true; });
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
    template <class Locked, class Call>
    [[nodiscard]] expected<void> answer_unchanged(Locked& store, Call& call, std::size_t i,
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
    template <class Call>
    void answer_again(Call& call, std::size_t i, const operation_type& o, const operation_type& first) {
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

    template <class Locked, class Call>
    [[nodiscard]] expected<verdict> commit(Locked& store, Call& call) {
        if (states_.head.identity.is_null()) {
            states_.head.identity = {environment_.random(), environment_.random()};
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
    template <class Locked, class Call>
    [[nodiscard]] expected<verdict> settle_duplicates(Locked& store, Call& call) {
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
    template <class Locked, class Call>
    [[nodiscard]] expected<void> settle_landed(Locked& store, Call& call) {
        return lost_.look_for(store, [&](const operation_type& o) {
            const auto i = static_cast<std::size_t>(o.id.low - id_.low);
            if (o.id.high == id_.high && i < call.size()) {
                call.copy_request(i, found_.request);
                if (normalize<amount_type>(found_.request) && found_.request == o.request) {
                    answer(call.receipt(i), o, false);
                    progress_[i] = progress::settled;
                }
            }
        });
    }

    Storage* store_;
    Environment environment_;
    retry_policy policy_;
    identifier id_;  // this writer's random half, and the id of its next operation
    basic_snapshot<amount_type> states_;
    bool known_ = false;                      // states_ are the newest that this writer knows of
    bool contended_ = false;                  // others write, too: to begin with the lock costs less
    std::vector<operation_type> operations_;  // the first chosen_.size() of them are to be committed
    std::vector<std::size_t> chosen_;         // which request each of those answers
    identifier decided_on_;                   // the newest operation when the first of them was decided
    std::vector<progress> progress_;          // of each request
    key_table keys_;                          // the keys among those operations
    lost_commits<amount_type> lost_;          // of the call at hand
    operation_type found_;
};

}  // namespace detail
}}  // namespace jackpot::v1

#endif
