// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_RANDOM_REQUESTS_HPP
#define JACKPOT_TESTING_RANDOM_REQUESTS_HPP

#include <jackpot/core/operation.hpp>
#include <jackpot/core/snapshot.hpp>
#include <jackpot/testing/random_movements.hpp>

namespace jackpot { inline namespace v1 { namespace testing {

struct random_request_options {
    std::uint32_t bad_percent = 6;  ///< requests with a field that is wrong by itself
    bool restores = true;           ///< restored is among the kinds
};

/// The largest amount for requests to a store that can hold `amount_max`: a million such amounts fit into it.
/// A store that holds every amount needs no such limit, for the rules refuse sums that do not fit.
template <amount Amount>
[[nodiscard]] Amount request_amount_max(const Amount& amount_max) {
    return amount_max < amount_traits<Amount>::amount_max() ? Amount(amount_max >> 20) : amount_max;
}

/// Puts the request under a key. A checkpoint takes none, and neither does a revert.
template <amount Amount>
void set_key(basic_request<Amount>& request, const name& key) {
    std::visit(
        [&](auto& r) {
            if constexpr (
                requires { r.key; } && !requires { r.reverts; }) {
                r.key = key;
            }
        },
        request);
}

/// A stream of requests of every kind over a few pools and games: sound and unsound requests, amounts at the
/// limits of a pool, keys that are new, repeated or misused. Every error of the rules comes up in it. The
/// same seed and the same states give the same requests on every platform. `amount_max` is for stores that
/// cannot hold every amount.
template <amount Amount>
class random_requests {
public:
    explicit random_requests(std::uint64_t seed, random_request_options options = {},
                             const Amount& amount_max = amount_traits<Amount>::amount_max())
        : draw_(seed, amount_max), options_(options) {}

    /// The next request, for a store whose states are `states`. They may be out of date, or empty: then the
    /// requests hit limits less often.
    [[nodiscard]] basic_request<Amount> next(const basic_snapshot<Amount>& states) {
        // With closed pools among them, restores would bring none of those back.
        if (draw_.one_in(100) && std::none_of(states.pools.begin(), states.pools.end(), [](const auto& p) {
                return p.status == pool_status::closed;
            })) {
            remembered_ = states;
        }
        if (!keyed_.empty() && draw_.one_in(25)) {
            return keyed_[draw_.below(keyed_.size())];
        }
        basic_request<Amount> request = any(states);
        if (draw_.percent(25)) {
            set_key<Amount>(request, key());
        }
        if (draw_.percent(options_.bad_percent)) {
            if (draw_.one_in(20)) {
                return checkpoint_request{};
            }
            if (draw_.one_in(20)) {
                set_key<Amount>(request, draw_.odd_name());
            } else {
                std::visit([&](auto& r) { spoil(r); }, request);
            }
        }
        if (key_of<Amount>(request) != nullptr) {
            keyed_.size() < 32 ? keyed_.push_back(request) : void(keyed_[draw_.below(32)] = request);
        }
        return request;
    }

private:
    basic_request<Amount> any(const basic_snapshot<Amount>& states) {
        const std::size_t draw = draw_.below(1000);
        if (draw < 60 || states.pools.empty()) {
            return open();
        }
        if (draw < 520) {
            return contribute(states);
        }
        const name pool = draw_.pool();
        const auto* state = jackpot::detail::find_pool(states.pools, pool);
        if (draw < 630) {
            return win(pool, state);
        }
        if (draw < 660) {
            const bool known = !keyed_.empty() && !draw_.one_in(10);
            return random_movements(draw_).revert(known ? *key_of<Amount>(keyed_[draw_.below(keyed_.size())])
                                                        : name("no such key"));
        }
        if (draw < 800) {
            return random_movements(draw_).any(states, remembered_, pool, state);
        }
        if (draw < 890) {
            return configure(pool, state);
        }
        if (draw < 930) {
            return adjust(pool, state);
        }
        if (draw < 950) {
            return suspend_request{.pool = pool};
        }
        if (draw < 995 || !options_.restores) {
            return resume_request{.pool = pool};
        }
        return basic_restore_request<Amount>{.actor = "operator",
                                             .reason = "an earlier state",
                                             .returned_to = remembered_.head.sequence,
                                             .states = remembered_.pools};
    }

    basic_request<Amount> open() {
        static_assert(setting_count<Amount> == 12, "a new setting is drawn and spoilt here, too");
        basic_open_request<Amount> r{.pool = draw_.pool()};
        auto& c = r.configuration;
        c.seed = draw_.one_in(2) ? Amount(0) : draw_.amount_for(r.pool);
        if (draw_.one_in(2)) {
            c.cap = draw_.above(c.seed, r.pool);
        }
        c.rate = draw_.rate();
        c.rounding = draw_.rounding();
        c.on_cap = draw_.on_cap();
        c.min_wager = draw_.one_in(4) ? draw_.amount() : Amount(0);
        c.games = draw_.games_for(r.pool);
        if (draw_.one_in(3)) {
            c.seed_rate = rest_of(c.rate);
            c.seed_from = draw_.seed_from();
            if (draw_.one_in(2)) {
                c.reserve_cap = draw_.amount_for(r.pool);
            }
        }
        if (draw_.one_in(8)) {
            c.max_wager = draw_.above(c.min_wager + 1, r.pool);
        }
        c.changes = draw_.changes();
        draw_who(r);
        return r;
    }

    /// A rate that fits beside the other one.
    rate rest_of(const rate& other) {
        const std::int64_t rest = rate::one_ppb - other.ppb();
        return rate::from_ppb(static_cast<std::int64_t>(draw_.below(static_cast<std::size_t>(rest) + 1)));
    }
    void draw_who(auto& r) {
        if (draw_.one_in(4)) {
            r.actor = "operator";
        }
        if (draw_.one_in(4)) {
            r.reason = "as agreed";
        }
    }
    void draw_where(auto& r) {
        if (draw_.one_in(4)) {
            r.round = draw_.round();
        }
        if (draw_.one_in(4)) {
            r.site = draw_.site();
        }
    }

    basic_request<Amount> contribute(const basic_snapshot<Amount>& states) {
        basic_contribute_request<Amount> r{.game = draw_.game(), .wager = 1 + draw_.amount()};
        if (draw_.one_in(40)) {
            r.game = draw_.vault_game;
            r.wager = draw_.huge_amount();
            r.pools = name_list{draw_.vault};
        } else if (draw_.one_in(3)) {
            r.pools = list_of_pools(states);
        } else if (draw_.one_in(10)) {
            const auto& state = states.pools[draw_.below(states.pools.size())];
            r.wager = draw_.close_to(state.configuration->min_wager);
        }
        if (draw_.one_in(2)) {
            r.player = draw_.player();
        }
        draw_where(r);
        return r;
    }

    /// Mostly names active pools, for otherwise the rules would refuse nearly every list.
    name_list list_of_pools(const basic_snapshot<Amount>& states) {
        name_list wanted;
        for (const auto pool : draw_.pools) {
            const auto* state = jackpot::detail::find_pool(states.pools, pool);
            const bool fits = state != nullptr && state->status == pool_status::active;
            if (draw_.one_in(fits ? 2 : 60)) {
                wanted.push_back(pool);
            }
        }
        if (!wanted.empty() && draw_.one_in(30)) {
            wanted.push_back(name(wanted.front()));
        }
        return wanted;
    }

    basic_request<Amount> win(const name& pool, const basic_pool<Amount>* state) {
        basic_win_request<Amount> r{.pool = pool, .game = draw_.game(), .player = draw_.player()};
        if (draw_.one_in(3)) {
            r.amount = 1 + draw_.amount();
        } else if (state != nullptr && draw_.one_in(4)) {
            r.amount = draw_.close_to(state->current);
        }
        draw_where(r);
        return r;
    }

    basic_request<Amount> configure(const name& pool, const basic_pool<Amount>* state) {
        basic_configure_request<Amount> r{.pool = pool};
        if (draw_.one_in(6)) {
            r.when = when::discard;
            return r;
        }
        r.when = draw_.one_in(2) ? when::after_win : when::now;
        auto& p = r.patch;
        if (draw_.one_in(3)) {
            p.seed = draw_.amount_for(pool);
        }
        if (draw_.one_in(3)) {
            std::optional<Amount> cap;
            if (state != nullptr && !draw_.one_in(3)) {
                cap = draw_.one_in(2) ? draw_.close_to(state->current) : draw_.above(state->current, pool);
            }
            p.cap = cap;
        }
        if (draw_.one_in(3)) {
            p.rate = draw_.rate();
        }
        if (draw_.one_in(4)) {
            p.rounding = draw_.rounding();
        }
        if (draw_.one_in(4)) {
            p.on_cap = draw_.on_cap();
        }
        if (draw_.one_in(4)) {
            p.min_wager = draw_.one_in(2) ? draw_.amount() : Amount(0);
        }
        if (draw_.one_in(4)) {
            p.games = draw_.games_for(pool);
        }
        draw_later_fields(p, pool, state);
        draw_who(r);
        return r;
    }
    void draw_later_fields(basic_patch<Amount>& p, const name& pool, const basic_pool<Amount>* state) {
        if (draw_.one_in(6)) {
            p.seed_rate = rest_of(p.rate ? *p.rate : state != nullptr ? state->configuration->rate : rate());
        }
        if (draw_.one_in(8)) {
            p.reserve_cap = draw_.one_in(2) ? std::nullopt : std::optional(draw_.amount_for(pool));
        }
        if (draw_.one_in(8)) {
            p.seed_from = draw_.seed_from();
        }
        if (draw_.one_in(8)) {
            p.max_wager = draw_.one_in(5) ? std::optional(draw_.above(1, pool)) : std::nullopt;
        }
        if (draw_.one_in(8)) {
            p.changes = draw_.changes();
        }
    }

    basic_request<Amount> adjust(const name& pool, const basic_pool<Amount>* state) {
        basic_adjust_request<Amount> r{.pool = pool, .actor = "operator", .reason = "meter correction"};
        r.delta = draw_.amount_for(pool);
        const bool down = draw_.one_in(2);
        if (state != nullptr && draw_.one_in(3)) {
            const auto& cap = state->configuration->cap;
            if (down) {
                r.delta = draw_.close_to(state->current);
            } else if (cap) {
                r.delta = draw_.close_to(Amount(*cap - state->current));
            }
        }
        if (down) {
            r.delta = -r.delta;
        }
        return r;
    }

    /// A new key, or one that an earlier request had.
    name key() {
        if (!keyed_.empty() && draw_.one_in(10)) {
            return *key_of<Amount>(keyed_[draw_.below(keyed_.size())]);
        }
        return draw_.numbered("key-", ++last_key_);
    }

    // What makes one field of a request wrong by itself.

    /// Of a configuration or of a patch.
    void spoil_fields(auto& fields) {
        switch (draw_.below(14)) {
            case 0:
                fields.seed = draw_.odd_amount();
                break;
            case 1:
                fields.cap = draw_.odd_amount();
                break;
            case 2:
                fields.seed = Amount(8);
                fields.cap = Amount(8);
                break;
            case 3:
                fields.rate = rate::from_ppb(draw_.one_in(2) ? -1 : rate::one_ppb + 1);
                break;
            case 4:
                fields.rounding = rounding(2);
                break;
            case 5:
                fields.on_cap = on_cap(2);
                break;
            case 6:
                fields.min_wager = draw_.odd_amount();
                break;
            case 7:
                fields.seed_rate = rate::from_ppb(draw_.one_in(2) ? -1 : rate::one_ppb + 1);
                break;
            case 8:
                fields.reserve_cap = draw_.odd_amount();
                break;
            case 9:
                fields.seed_from = seed_from(2);
                break;
            case 10:
                fields.max_wager = draw_.one_in(2) ? Amount(0) : draw_.odd_amount();
                break;
            case 11:
                fields.changes = changes(3);
                break;
            case 12:
                fields.rate = rate::from_ppb(rate::one_ppb);
                fields.seed_rate = rate::from_ppb(1);
                break;
            default:
                fields.games = draw_.one_in(8) ? too_many_games() : std::vector<name>{draw_.odd_name()};
        }
    }
    std::vector<name> too_many_games() {
        std::vector<name> games;
        while (games.size() <= games_max) {
            games.push_back(draw_.numbered("game-", games.size()));
        }
        return games;
    }

    void spoil(basic_open_request<Amount>& r) {
        if (draw_.one_in(4)) {
            spoil_names(r);
        } else {
            spoil_fields(r.configuration);
        }
    }
    void spoil(basic_configure_request<Amount>& r) {
        const std::size_t draw = draw_.below(10);
        if (draw == 0) {
            spoil_names(r);
        } else if (draw == 1) {
            r.when = when(3);
        } else {
            spoil_fields(r.patch);
        }
    }
    void spoil(basic_contribute_request<Amount>& r) {
        switch (draw_.below(6)) {
            case 0:
                r.game = draw_.odd_name();
                break;
            case 1:
                r.wager = draw_.one_in(2) ? Amount(0) : draw_.odd_amount();
                break;
            case 2:
                r.pools = name_list{draw_.odd_name()};
                break;
            case 3:
                r.round = draw_.odd_name();
                break;
            case 4:
                r.site = draw_.odd_name();
                break;
            default:
                r.player = draw_.odd_name();
        }
    }
    void spoil(basic_win_request<Amount>& r) {
        name* const names[] = {&r.pool, &r.game, &r.player};
        if (draw_.one_in(4)) {
            r.amount = draw_.one_in(2) ? Amount(0) : draw_.odd_amount();
        } else if (draw_.one_in(3)) {
            (draw_.one_in(2) ? r.round : r.site) = draw_.odd_name();
        } else {
            *draw_.one_of(names) = draw_.odd_name();
        }
    }
    void spoil(basic_adjust_request<Amount>& r) {
        name* const names[] = {&r.pool, &r.actor, &r.reason};
        if (draw_.one_in(4)) {
            r.delta = 0;
        } else {
            *draw_.one_of(names) = draw_.odd_name();
        }
    }
    void spoil(basic_restore_request<Amount>& r) {
        (draw_.one_in(2) ? r.actor : r.reason) = draw_.odd_name();
    }
    void spoil(suspend_request& r) { spoil_names(r); }
    void spoil(resume_request& r) { spoil_names(r); }
    void spoil(checkpoint_request&) {}
    void spoil(auto& r) { random_movements(draw_).spoil(r); }
    void spoil_names(auto& r) {
        switch (draw_.below(3)) {
            case 0:
                r.pool = draw_.odd_name();
                break;
            case 1:
                r.actor = draw_.odd_name();
                break;
            default:
                r.reason = draw_.odd_name();
        }
    }

    random_values<Amount> draw_;
    random_request_options options_;
    basic_snapshot<Amount> remembered_{};
    std::vector<basic_request<Amount>> keyed_{};
    std::uint64_t last_key_ = 0;
};

}}}  // namespace jackpot::v1::testing

#endif
