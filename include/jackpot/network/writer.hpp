// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_WRITER_HPP
#define JACKPOT_NETWORK_WRITER_HPP

#include <jackpot/core/environment.hpp>
#include <jackpot/network/basic_writer.hpp>
#include <jackpot/network/watch.hpp>
#include <jackpot/store/direct_storage.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// A writer for one store, which takes wagers itself where it can.
template <class Storage, class Environment, class Observer = no_observer>
class writer final : public basic_writer<typename amount_of<Storage>::type> {
    static_assert(storage_needs<Storage>::said && direct_needs<Storage>::said &&
                  environment_needs<Environment>::said);

    using base = basic_writer<typename amount_of<Storage>::type>;

public:
    using typename base::amount_type;
    using typename base::receipt_type;
    using typename base::wager_type;
    using game_type = typename handles_of<Storage>::game;
    using policy_type = retry_policy;

    writer(Storage& store, Environment environment, retry_policy policy, Observer observer = {})
        : base(policy, environment.random(), exclusive_storage<Storage>),
          store_(store),
          environment_(std::move(environment)),
          watch_(std::move(observer)) {}

    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t size) {
        auto reserved = base::reserve(pools, size);
        return reserved ? watch_.reserve(pools, size) : reserved;
    }
    [[nodiscard]] Observer& observer() noexcept { return watch_.observer(); }

    template <class Request>
    [[nodiscard]] expected<void> submit(const Request& request, receipt_type& receipt) {
        const timestamp now = environment_.now();
        if constexpr (std::is_same_v<Request, wager_type> && direct_storage<Storage>) {
            if (store_->contribute(request, {.id = this->next_id(), .now = now}, receipt)) {
                this->passed_by(1);
                if constexpr (is_observed) {
                    observer().committed(request, receipt);
                }
                return success();
            }
        }
        return submit_by_name(request, receipt, now);
    }

    [[nodiscard]] JACKPOT_INLINE expected<void> submit(
        const game_type& game, const basic_wager<amount_type>& wager,
        receipt_type& receipt) requires direct_storage<Storage> {
        const timestamp now = environment_.now();
        if (store_->contribute(game, wager, {.id = this->next_id(), .now = now}, receipt)) {
            this->passed_by(1);
            if constexpr (is_observed) {
                observer().committed(in_game(game.name(), wager), receipt);
            }
            return success();
        }
        return submit_by_name(in_game(game.name(), wager), receipt, now);
    }

    void submit(std::span<const wager_type> wagers, std::span<expected<receipt_type>> answers) {
        submit_bulk(wagers, answers);
    }
    void submit(const game_type& game, std::span<const basic_wager<amount_type>> wagers,
                std::span<expected<receipt_type>> answers) requires direct_storage<Storage> {
        submit_bulk(game_wagers<amount_type, game_type>{game, wagers}, answers);
    }

    /// Requests of any kind, each with its own answer: wagers from the first that the store takes itself, and
    /// the others in one commit behind them.
    void submit_all(taken_calls<amount_type> calls) {
        const timestamp now = environment_.now();
        std::size_t done = 0;
        if constexpr (direct_storage<Storage>) {
            done = contribute_at_once(
                calls.size(),
                [&](auto& store, std::size_t i, const operation_stamp& stamp) {
                    const wager_type* wager = calls[i]->wager();
                    return wager != nullptr && store.contribute(*wager, stamp, calls[i]->receipt(0));
                },
                now);
            if constexpr (is_observed) {
                for (std::size_t i = 0; i < done; ++i) {
                    observer().committed(*calls[i]->wager(), calls[i]->receipt(0));
                }
            }
        }
        if (done < calls.size()) {
            group_call<amount_type> rest(calls.subspan(done));
            run_watched(rest, now);
        }
    }

private:
    using typename base::verdict;
    static constexpr bool is_observed = !std::is_same_v<Observer, no_observer>;

    void run_watched(any_call<amount_type>& call, timestamp now) {
        watch_.begin();
        this->run(call, now);
        watch_.end(call);
    }

    template <class Request>
    JACKPOT_COLD expected<void> submit_by_name(const Request& request, receipt_type& receipt, timestamp now) {
        single_call<amount_type> call(request, receipt);
        run_watched(call, now);
        return call.result();
    }

    template <class Wagers>
    void submit_bulk(const Wagers& wagers, std::span<expected<receipt_type>> answers) {
        const timestamp now = environment_.now();
        std::size_t done = 0;
        if constexpr (direct_storage<Storage>) {
            const auto take = [&](auto& store, std::size_t i, const operation_stamp& stamp) {
                if (!answers[i]) {
                    answers[i] = receipt_type{};
                }
                if constexpr (requires { wagers.game; }) {
                    return store.contribute(wagers.game, wagers.wagers[i], stamp, *answers[i]);
                } else {
                    return store.contribute(wagers[i], stamp, *answers[i]);
                }
            };
            done = contribute_at_once(wagers.size(), take, now);
            if constexpr (is_observed) {
                for (std::size_t i = 0; i < done; ++i) {
                    observer().committed(wagers[i], *answers[i]);
                }
            }
        }
        if (done < wagers.size()) {
            bulk_call call(wagers.subspan(done), answers.subspan(done));
            run_watched(call, now);
        }
    }

    /// How many of so many wagers, from the first, the store took itself: `take(store, i, stamp)` says
    /// whether it took the next one.
    template <class Take>
    [[nodiscard]] std::size_t contribute_at_once(std::size_t size, Take&& take,
                                                 timestamp now) requires direct_storage<Storage> {
        std::size_t done = 0;
        const identifier first = this->next_id();
        const auto contribute_to = [&](auto& store) -> expected<void> {
            while (done < size && take(store, done, {.id = {first.high, first.low + done}, .now = now})) {
                ++done;
            }
            return success();
        };
        if constexpr (exclusive_storage<Storage>) {
            static_cast<void>(store_->exclusive(contribute_to));
        } else {
            static_cast<void>(contribute_to(*store_));
        }
        this->passed_by(done);
        return done;
    }

    [[nodiscard]] expected<verdict> round_alone(any_call<amount_type>& call, timestamp now) override {
        if constexpr (exclusive_storage<Storage>) {
            return store_->exclusive([&]<class Locked>(Locked& locked) {
                this->know_nothing();
                if constexpr (std::is_base_of_v<any_store<amount_type>, Locked>) {
                    return this->round(locked, call, now);
                } else {
                    store_view<amount_type, Locked> view(locked);
                    return this->round(view, call, now);
                }
            });
        } else {
            return this->round(store_, call, now);
        }
    }

    [[nodiscard]] any_store<amount_type>& store() override { return store_; }
    [[nodiscard]] std::uint64_t random() override { return environment_.random(); }
    void sleep(std::int64_t microseconds) override { environment_.sleep(microseconds); }
    void retried(const error& why) override { watch_.retried(why); }

    store_view<amount_type, Storage> store_;
    Environment environment_;
    [[no_unique_address]] watch<amount_type, Observer> watch_;
};

}}}  // namespace jackpot::v1::detail

#endif
