// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_RANDOM_MOVEMENTS_HPP
#define JACKPOT_TESTING_RANDOM_MOVEMENTS_HPP

#include <jackpot/core/operation.hpp>
#include <jackpot/core/snapshot.hpp>
#include <jackpot/testing/random_values.hpp>

namespace jackpot { inline namespace v1 { namespace testing {

/// The requests of R13 to R15 among random ones: holds and what settles them, transfers, closes, reverts.
template <amount Amount>
class random_movements {
public:
    explicit random_movements(random_values<Amount>& draw) noexcept : draw_(draw) {}

    /// A request of any of these kinds but a revert. `state` is the pool's, where it is there. Only what can
    /// be restored from `remembered` is closed, for in the end all pools would be.
    [[nodiscard]] basic_request<Amount> any(const basic_snapshot<Amount>& states,
                                            const basic_snapshot<Amount>& remembered, const name& pool,
                                            const basic_pool<Amount>* state) {
        const std::size_t draw = draw_.below(140);
        if (draw < 50) {
            return hold(pool, state);
        }
        if (draw < 65) {
            return confirm_request{.pool = pool, .hold = open_hold(state), .actor = "operator"};
        }
        if (draw < 95) {
            return release_request{
                .pool = pool, .hold = open_hold(state), .actor = "operator", .reason = "not valid"};
        }
        const auto& from = source(states);
        return draw < 135 || jackpot::detail::find_pool(remembered.pools, from.pool) == nullptr
                   ? transfer(from)
                   : close(from);
    }

    [[nodiscard]] basic_request<Amount> revert(const name& key) {
        return basic_revert_request<Amount>{
            .reverts = key, .actor = draw_.one_in(20) ? "someone" : "operator", .reason = "cancelled"};
    }

    /// Makes one field of the request wrong by itself.
    void spoil(auto& r) {
        name* names[4] = {};
        std::size_t count = 0;
        const auto add = [&](name& n) { names[count++] = &n; };
        if constexpr (requires { r.pool; }) {
            add(r.pool);
        }
        if constexpr (requires { r.from; }) {
            add(r.from);
            add(r.to);
        }
        if constexpr (requires { r.hold; }) {
            add(r.hold);
        }
        if constexpr (requires { r.reverts; }) {
            add(r.reverts);
        }
        if constexpr (requires { r.actor; }) {
            add(r.actor);
        }
        if constexpr (requires { r.amount; }) {
            if (draw_.one_in(4)) {
                r.amount = draw_.one_in(2) ? Amount(0) : draw_.odd_amount();
                return;
            }
        }
        *names[draw_.below(count)] = draw_.odd_name();
    }

private:
    basic_request<Amount> hold(const name& pool, const basic_pool<Amount>* state) {
        basic_hold_request<Amount> r{.pool = pool,
                                     .game = draw_.game(),
                                     .player = draw_.player(),
                                     .hold = draw_.numbered("hold-", draw_.below(12))};
        if (draw_.one_in(3)) {
            r.amount = 1 + draw_.amount();
        } else if (state != nullptr && draw_.one_in(3)) {
            r.amount = draw_.close_to(state->current);
        }
        if (draw_.one_in(4)) {
            r.round = draw_.round();
        }
        if (draw_.one_in(4)) {
            r.site = draw_.site();
        }
        return r;
    }

    /// Mostly the name of one that is there.
    name open_hold(const basic_pool<Amount>* state) {
        if (state == nullptr || state->holds.empty() || draw_.one_in(10)) {
            return draw_.numbered("hold-", draw_.below(12));
        }
        return std::next(state->holds.begin(), static_cast<std::ptrdiff_t>(draw_.below(state->holds.size())))
            ->hold;
    }

    /// A pool that money may leave: mostly a suspended one.
    const basic_pool<Amount>& source(const basic_snapshot<Amount>& states) {
        const std::size_t first = draw_.below(states.pools.size());
        for (std::size_t i = 0; i < states.pools.size() && !draw_.one_in(30); ++i) {
            const auto& pool = states.pools[(first + i) % states.pools.size()];
            if (pool.status == pool_status::suspended) {
                return pool;
            }
        }
        return states.pools[first];
    }

    basic_request<Amount> transfer(const basic_pool<Amount>& from) {
        basic_transfer_request<Amount> r{.from = from.pool,
                                         .to = draw_.pool(),
                                         .amount = 1 + draw_.amount(),
                                         .actor = "operator",
                                         .reason = "another pool"};
        // The largest amounts stay in their pool.
        if (from.pool != draw_.vault && draw_.one_in(3)) {
            r.amount = draw_.close_to(Amount(from.current + from.overflow));
        }
        return r;
    }

    basic_request<Amount> close(const basic_pool<Amount>& pool) {
        basic_close_request<Amount> r{.pool = pool.pool, .actor = "operator", .reason = "retired"};
        if (pool.pool != draw_.vault && !draw_.one_in(3)) {
            r.to = draw_.pool();
        }
        if (draw_.one_in(2)) {
            r.to_house = draw_.close_to(pool.seeded);
        }
        return r;
    }

    random_values<Amount>& draw_;
};

}}}  // namespace jackpot::v1::testing

#endif
