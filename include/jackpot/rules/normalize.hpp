// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_NORMALIZE_HPP
#define JACKPOT_RULES_NORMALIZE_HPP

#include <jackpot/core/operation.hpp>

namespace jackpot { inline namespace v1 {
namespace detail {

/// Checks the fields of one request in order, and keeps the error of the first that fails.
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
    /// Requires a value that some pool can have.
    template <class T, amount Amount>
    void value_of(const setting<T, Amount>& s, T& value) {
        if constexpr (std::is_enum_v<T>) {
            require(static_cast<std::size_t>(value) < std::size(words_of(value)), s.invalid, s.name,
                    to_string(value));
        } else if constexpr (std::is_same_v<T, rate>) {
            require(value.valid(), s.invalid, s.name, to_text(value));
        } else if constexpr (std::is_same_v<T, std::vector<name>>) {
            games(value);
        } else if constexpr (std::is_same_v<T, Amount>) {
            at_least(0, s.invalid, s.name, value);
        } else if (value) {
            at_least(0, s.invalid, s.name, *value);
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

/// Are the names of a wager valid, but for its game's?
template <class Wager>
[[nodiscard]] JACKPOT_INLINE bool has_valid_names(const Wager& w) {
    return (!w.player || is_valid(*w.player)) && (!w.key || is_valid(*w.key)) &&
           (!w.round || is_valid(*w.round)) && (!w.site || is_valid(*w.site));
}

/// Checks what concerns two settings (R2).
template <amount Amount>
void check_agreement(field_check& check, const basic_configuration<Amount>& c) {
    if (c.cap && *c.cap <= c.seed) {
        check.require(false, errc::invalid_cap, "cap", amount_traits<Amount>::to_text(*c.cap));
    }
    if (c.rate.ppb() + c.seed_rate.ppb() > rate::one_ppb) {
        check.require(false, errc::invalid_rate, "rate", to_text(c.rate));
    }
    if (c.max_wager && (*c.max_wager < 1 || *c.max_wager < c.min_wager)) {
        check.require(false, errc::invalid_max_wager, "max_wager",
                      amount_traits<Amount>::to_text(*c.max_wager));
    }
}

/// Checks actor and reason, in requests where they are optional and in those that need them.
template <class Request>
void check_who(field_check& check, const Request& r) {
    check.text(errc::invalid_actor, "actor", r.actor);
    check.text(errc::invalid_reason, "reason", r.reason);
}

template <class Request>
void check_where(field_check& check, const Request& r) {
    check.text(errc::invalid_round, "round", r.round);
    check.text(errc::invalid_site, "site", r.site);
}

template <amount Amount>
void check_fields(field_check& check, basic_open_request<Amount>& r) {
    auto& c = r.configuration;
    check.text(errc::invalid_pool, "pool", r.pool);
    each_setting<Amount>([&](const auto& s) { check.value_of(s, c.*s.in_force); });
    check_who(check, r);
    check_agreement(check, c);
}

template <amount Amount>
void check_fields(field_check& check, basic_contribute_request<Amount>& r) {
    check.text(errc::invalid_game, "game", r.game);
    check.at_least(1, errc::invalid_wager, "wager", r.wager);
    if (r.pools) {
        for (const name& pool : *r.pools) {
            check.text(errc::invalid_pool, "pools", pool);
        }
        sort(r.pools->data(), r.pools->size(), by_value());
        const auto twice = std::adjacent_find(r.pools->begin(), r.pools->end());
        if (twice != r.pools->end()) {
            check.require(false, errc::invalid_pool, "pools", *twice);
        }
    }
    check.text(errc::invalid_player, "player", r.player);
    check_where(check, r);
}

/// What a win and a hold begin with.
template <class Request>
void check_payout(field_check& check, const Request& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    check.text(errc::invalid_game, "game", r.game);
    check.text(errc::invalid_player, "player", r.player);
    if (r.amount) {
        check.at_least(1, errc::invalid_amount, "amount", *r.amount);
    }
}

template <amount Amount>
void check_fields(field_check& check, basic_win_request<Amount>& r) {
    check_payout(check, r);
    check_where(check, r);
}

template <amount Amount>
void check_fields(field_check& check, basic_configure_request<Amount>& r) {
    auto& p = r.patch;
    check.text(errc::invalid_pool, "pool", r.pool);
    check.require(r.when <= when::discard, errc::invalid_when, "when", to_string(r.when));
    each_setting<Amount>([&](const auto& s) {
        if (auto& change = p.*s.change) {
            check.value_of(s, *change);
        }
    });
    check_who(check, r);
    check.require(r.when != when::discard || p.empty(), errc::invalid_when, "when",
                  "discard beside fields to change");
    check.require(r.when == when::discard || !p.empty(), errc::empty_configuration, "pool", r.pool);
}

template <amount Amount>
void check_fields(field_check& check, basic_adjust_request<Amount>& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    const Amount most = amount_traits<Amount>::amount_max();
    check.require(r.delta >= -most && r.delta <= most && r.delta != 0, errc::invalid_amount, "delta",
                  amount_traits<Amount>::to_text(r.delta));
    check_who(check, r);
}

inline void check_fields(field_check& check, suspend_request& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    check_who(check, r);
}

inline void check_fields(field_check& check, resume_request& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    check_who(check, r);
}

template <amount Amount>
void check_fields(field_check& check, basic_hold_request<Amount>& r) {
    check_payout(check, r);
    check.text(errc::invalid_hold, "hold", r.hold);
    check_where(check, r);
}

inline void check_fields(field_check& check, confirm_request& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    check.text(errc::invalid_hold, "hold", r.hold);
    check_who(check, r);
}

inline void check_fields(field_check& check, release_request& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    check.text(errc::invalid_hold, "hold", r.hold);
    check_who(check, r);
}

template <amount Amount>
void check_fields(field_check& check, basic_transfer_request<Amount>& r) {
    check.text(errc::invalid_pool, "from", r.from);
    check.text(errc::invalid_to, "to", r.to);
    check.at_least(1, errc::invalid_amount, "amount", r.amount);
    check_who(check, r);
    check.require(r.from != r.to, errc::invalid_to, "to", r.to);
}

template <amount Amount>
void check_fields(field_check& check, basic_close_request<Amount>& r) {
    check.text(errc::invalid_pool, "pool", r.pool);
    check.text(errc::invalid_to, "to", r.to);
    check.at_least(0, errc::invalid_amount, "to_house", r.to_house);
    check_who(check, r);
    check.require(!r.to || *r.to != r.pool, errc::invalid_to, "to", r.to ? r.to->view() : r.pool.view());
}

/// The key under which the journal has the revert of a contribution: what is reverted is key enough, and no
/// caller's key begins with a control character. Of the longest keys, which leave no room for one, it has a
/// hash and the beginning; another wager under the same hash could not be reverted, and nothing else.
[[nodiscard]] inline name revert_key(const name& reverts) noexcept {
    constexpr std::size_t longest = 128;
    name key;
    if (reverts.size() < longest) {
        return key.append("\x01").append(reverts);
    }
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;  // FNV-1a: the same on every machine
    for (const char c : reverts.view()) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3;
    }
    key.append("\x02");
    for (int shift = 60; shift >= 0; shift -= 4) {
        key.append(std::string_view(&"0123456789abcdef"[(hash >> shift) & 0xF], 1));
    }
    return key.append(reverts).view();  // as far as there is room, and then as a text that is whole
}

/// Gives the request its key, and takes no other.
template <amount Amount>
void check_fields(field_check& check, basic_revert_request<Amount>& r) {
    const name key = revert_key(r.reverts);
    check.require(!r.key || *r.key == key, errc::invalid_key, "key", r.key ? *r.key : key);
    check.text(errc::invalid_key, "reverts", r.reverts);
    check_who(check, r);
    r.key = key;
}

template <amount Amount>
void check_fields(field_check& check, basic_restore_request<Amount>& r) {
    check_who(check, r);
    sort(r.states.data(), r.states.size(), by_pool());
    const basic_pool<Amount>* before = nullptr;
    for (const auto& state : r.states) {
        check.require(before == nullptr || !(before->pool == state.pool), errc::invalid_pool, "states",
                      state.pool);
        check.require(state.configuration != nullptr, errc::empty_configuration, "states", state.pool);
        if (!check.result()) {
            return;
        }
        before = &state;
        // The checks of opening the pool, for both configurations: the one in force, and the one that pending
        // would make.
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
        for (const auto& hold : state.holds) {
            check.text(errc::invalid_hold, "states", hold.hold);
            check.text(errc::invalid_game, "states", hold.game);
            check.text(errc::invalid_player, "states", hold.player);
            check.text(errc::invalid_round, "states", hold.round);
            check.text(errc::invalid_site, "states", hold.site);
        }
    }
}

inline void check_fields(field_check& check, checkpoint_request&) {
    check.require(false, errc::invalid_operation, "kind", "checkpoint");
}

}  // namespace detail

/// Checks a request by itself, without any state, and sorts its lists, so that equal requests compare equal
/// (R9). A revert gets its key, which follows from what it reverts.
///
/// Errors: the invalid_ code of the first wrong field, where the key comes first and the other fields in
/// their order; then invalid_cap for a cap that is not above the seed, invalid_rate for rates that are more
/// than 1 together, invalid_max_wager for one of 0 or below min_wager; invalid_when for a discard with a
/// patch, empty_configuration for a patch without a field; invalid_to where both pools are one.
template <amount Amount>
[[nodiscard]] expected<void> normalize(basic_request<Amount>& request) {
    detail::field_check check;
    const name* key = key_of<Amount>(request);
    if (key != nullptr && kind_of<Amount>(request) != operation_kind::reverted) {
        check.text(errc::invalid_key, "key", *key);
    }
    detail::visit_request([&](auto& r) { detail::check_fields(check, r); }, request);
    return check.result();
}

JACKPOT_INSTANCE(expected<void> normalize<std::int64_t>(basic_request<std::int64_t>&));

}}  // namespace jackpot::v1

#endif
