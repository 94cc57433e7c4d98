// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_NORMALIZE_HPP
#define JACKPOT_RULES_NORMALIZE_HPP

#include <jackpot/core/operation.hpp>

namespace jackpot { inline namespace v1 {
namespace detail {

/// Checks the fields of one request in order and keeps the first that fails.
class field_check {
public:
    void text(errc code, std::string_view field, const name& value) {
        require(is_valid(value), code, field, value);
    }
    void text(errc code, std::string_view field, const std::optional<name>& value) {
        if (value) {
            text(code, field, *value);
        }
    }
    template <amount Amount>
    void at_least(int least, errc code, std::string_view field, const Amount& value) {
        if (!result_) {
            return;
        }
        if (!in_range(value) || value < least) {
            result_ = fail(code, field, amount_traits<Amount>::to_text(value));
        }
    }
    void require(bool holds, errc code, std::string_view field, std::string_view value) {
        if (result_ && !holds) {
            result_ = fail(code, field, value);
        }
    }
    void games(std::vector<name>& games) {
        for (const name& game : games) {
            text(errc::invalid_game, "games", game);
        }
        make_set(games);
        require(games.size() <= games_max, errc::invalid_game, "games", "more than 4096");
    }
    [[nodiscard]] const expected<void>& result() const noexcept { return result_; }

private:
    expected<void> result_;
};

[[nodiscard]] JACKPOT_INLINE bool are_valid(const std::optional<name>& player,
                                            const std::optional<name>& key) {
    return (!player || is_valid(*player)) && (!key || is_valid(*key));
}

template <amount Amount>
void check_cap_above_seed(field_check& check, const basic_configuration<Amount>& c) {
    if (c.cap && *c.cap <= c.seed) {
        check.require(false, errc::invalid_cap, "cap", amount_traits<Amount>::to_text(*c.cap));
    }
}

template <amount Amount>
void check_fields(field_check& check, basic_open_request<Amount>& r) {
    auto& c = r.configuration;
    check.text(errc::invalid_pool, "pool", r.pool);
    check.at_least(0, errc::invalid_seed, "seed", c.seed);
    if (c.cap) {
        check.at_least(0, errc::invalid_cap, "cap", *c.cap);
    }
    check.require(c.rate.valid(), errc::invalid_rate, "rate", to_text(c.rate));
    check.require(c.rounding <= rounding::floor, errc::invalid_rounding, "rounding", to_string(c.rounding));
    check.require(c.on_cap <= on_cap::stop, errc::invalid_on_cap, "on_cap", to_string(c.on_cap));
    check.at_least(0, errc::invalid_min_wager, "min_wager", c.min_wager);
    check.games(c.games);
    check_cap_above_seed(check, c);
}

template <amount Amount>
void check_fields(field_check& check, basic_contribute_request<Amount>& r) {
    check.text(errc::invalid_game, "game", r.game);
    check.at_least(1, errc::invalid_wager, "wager", r.wager);
    if (r.pools) {
        for (const name& pool : *r.pools) {
            check.text(errc::invalid_pool, "pools", pool);
        }
        std::sort(r.pools->begin(), r.pools->end());
        const auto twice = std::adjacent_find(r.pools->begin(), r.pools->end());
        if (twice != r.pools->end()) {
            check.require(false, errc::invalid_pool, "pools", *twice);
        }
    }
    check.text(errc::invalid_player, "player", r.player);
}

template <amount Amount>
void check_fields(field_check& check, basic_win_request<Amount>& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    check.text(errc::invalid_game, "game", r.game);
    check.text(errc::invalid_player, "player", r.player);
    if (r.amount) {
        check.at_least(1, errc::invalid_amount, "amount", *r.amount);
    }
}

template <amount Amount>
void check_fields(field_check& check, basic_configure_request<Amount>& r) {
    auto& p = r.patch;
    check.text(errc::invalid_pool, "pool", r.pool);
    check.require(r.when <= when::discard, errc::invalid_when, "when", to_string(r.when));
    if (p.seed) {
        check.at_least(0, errc::invalid_seed, "seed", *p.seed);
    }
    if (p.cap && *p.cap) {
        check.at_least(0, errc::invalid_cap, "cap", **p.cap);
    }
    if (p.rate) {
        check.require(p.rate->valid(), errc::invalid_rate, "rate", to_text(*p.rate));
    }
    if (p.rounding) {
        check.require(*p.rounding <= rounding::floor, errc::invalid_rounding, "rounding",
                      to_string(*p.rounding));
    }
    if (p.on_cap) {
        check.require(*p.on_cap <= on_cap::stop, errc::invalid_on_cap, "on_cap", to_string(*p.on_cap));
    }
    if (p.min_wager) {
        check.at_least(0, errc::invalid_min_wager, "min_wager", *p.min_wager);
    }
    if (p.games) {
        check.games(*p.games);
    }
    check.require(r.when != when::discard || p.empty(), errc::invalid_when, "when",
                  "discard beside fields to change");
    check.require(r.when == when::discard || !p.empty(), errc::empty_configuration, "pool", r.pool);
}

template <amount Amount>
void check_fields(field_check& check, basic_adjust_request<Amount>& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    check.require(in_range(r.delta) && r.delta != 0, errc::invalid_amount, "delta",
                  amount_traits<Amount>::to_text(r.delta));
    check.text(errc::invalid_actor, "actor", r.actor);
    check.text(errc::invalid_reason, "reason", r.reason);
}

inline void check_fields(field_check& check, suspend_request& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
}

inline void check_fields(field_check& check, resume_request& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
}

template <amount Amount>
void check_fields(field_check& check, basic_restore_request<Amount>& r) {
    check.text(errc::invalid_actor, "actor", r.actor);
    check.text(errc::invalid_reason, "reason", r.reason);
    std::sort(r.states.begin(), r.states.end(), [](const auto& a, const auto& b) { return a.pool < b.pool; });
    const basic_pool<Amount>* before = nullptr;
    for (const auto& state : r.states) {
        check.require(before == nullptr || !(before->pool == state.pool), errc::invalid_pool, "states",
                      state.pool);
        check.require(state.configuration != nullptr, errc::empty_configuration, "states", state.pool);
        if (!check.result()) {
            return;
        }
        before = &state;
        // What opening the pool would have checked, of both configurations that it may come to have.
        basic_open_request<Amount> open{.pool = state.pool, .configuration = *state.configuration};
        check_fields(check, open);
        check.require(open.configuration == *state.configuration, errc::invalid_game, "states", state.pool);
        if (state.pending) {
            basic_configuration<Amount> merged = *state.configuration;
            overlay(merged, state.pending->patch);
            open.configuration = merged;
            check_fields(check, open);
            check.require(open.configuration == state.pending->configuration && !state.pending->patch.empty(),
                          errc::invalid_operation, "states", state.pool);
        }
        if (state.last_win) {
            check.text(errc::invalid_game, "states", state.last_win->game);
            check.text(errc::invalid_player, "states", state.last_win->player);
        }
    }
}

inline void check_fields(field_check& check, checkpoint_request&) {
    check.require(false, errc::invalid_operation, "kind", "checkpoint");
}

}  // namespace detail

/// Checks what can be checked of a request by itself, and brings its lists into their one order, so
/// that equal requests compare equal (R9).
///
/// Errors, the first in the order of the fields, the key before them: the invalid_ code of the field;
/// then invalid_cap for a cap that is not above the seed, invalid_when for a discard with a patch,
/// empty_configuration for a patch without a field.
template <amount Amount>
[[nodiscard]] expected<void> normalize(basic_request<Amount>& request) {
    detail::field_check check;
    if (const name* key = key_of<Amount>(request)) {
        check.text(errc::invalid_key, "key", *key);
    }
    std::visit([&](auto& r) { detail::check_fields(check, r); }, request);
    return check.result();
}

}}  // namespace jackpot::v1

#endif
