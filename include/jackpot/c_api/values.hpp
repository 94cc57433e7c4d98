// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_VALUES_HPP
#define JACKPOT_C_API_VALUES_HPP

#include <jackpot/c_api/structs.hpp>

#include <type_traits>

// The library's own values, and the structs of c_api.h that they are in C.

namespace jackpot { inline namespace v1 { namespace detail {

/// As a size of this machine, or more than it can have.
[[nodiscard]] inline std::size_t to_size(std::uint64_t count) noexcept {
    return static_cast<std::size_t>((std::min<std::uint64_t>)(count, SIZE_MAX));
}
[[nodiscard]] inline name to_name(const char* text) noexcept {
    return text;
}
[[nodiscard]] inline std::optional<name> to_optional(const char* text) noexcept {
    return text == nullptr ? std::nullopt : std::optional<name>(text);
}
/// A list of names, in place of those in `names`. Error: out_of_memory, of a list that can tell.
template <class List>
[[nodiscard]] expected<void> take_list(const char* const* texts, std::uint64_t count, List& names) {
    names.clear();
    if (texts == nullptr && count != 0) {
        names.push_back(name());  // which the rules refuse, naming the field
        return success();
    }
    if constexpr (requires { names.try_reserve(std::size_t{}); }) {
        if (!names.try_reserve(to_size(count))) {
            return fail(errc::out_of_memory);
        }
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        names.push_back(to_name(texts[i]));
    }
    return success();
}

template <std::size_t Size>
void give_name(char (&to)[Size], const name& from) noexcept {
    const auto text = from.view();
    std::memcpy(to, text.data(), text.size());
    to[text.size()] = '\0';
}

/// A value that no enumerator has stays one.
template <class Enum>
[[nodiscard]] Enum to_enum(std::int32_t value) noexcept {
    return value < 0 || value > 0xFF ? Enum(0xFF) : static_cast<Enum>(value);
}

// C structs name each setting and each meter. A new one goes into jackpot_configuration with a bit of its
// own, or to the end of jackpot_pool and jackpot_statistics, and below.
static_assert(setting_count<std::int64_t> == 12 && all_meters<std::int64_t>.size() == 16);
static_assert(part_amounts<std::int64_t>.size() == 11);

/// What a patch does to a limit, of the fields that say that there is one, or none.
[[nodiscard]] inline cap_change to_limit(std::uint32_t fields, std::uint32_t some, std::uint32_t none,
                                         std::int64_t limit) {
    return (fields & some) != 0   ? cap_change(limit)
           : (fields & none) != 0 ? cap_change(no_cap)
                                  : cap_change();
}

[[nodiscard]] inline patch to_patch(const jackpot_configuration& c) {
    const auto given = [&](std::uint32_t field, auto value) {
        return (c.fields & field) != 0 ? std::optional(value) : std::nullopt;
    };
    patch p{.seed = given(JACKPOT_HAS_SEED, c.seed),
            .rate = given(JACKPOT_HAS_RATE, rate::from_ppb(c.rate_ppb)),
            .rounding = given(JACKPOT_HAS_ROUNDING, to_enum<rounding>(c.rounding)),
            .on_cap = given(JACKPOT_HAS_ON_CAP, to_enum<on_cap>(c.on_cap)),
            .min_wager = given(JACKPOT_HAS_MIN_WAGER, c.min_wager),
            .seed_rate = given(JACKPOT_HAS_SEED_RATE, rate::from_ppb(c.seed_rate_ppb)),
            .seed_from = given(JACKPOT_HAS_SEED_FROM, to_enum<seed_from>(c.seed_from)),
            .changes = given(JACKPOT_HAS_CHANGES, to_enum<changes>(c.changes))};
    p.cap = to_limit(c.fields, JACKPOT_HAS_CAP, JACKPOT_HAS_NO_CAP, c.cap);
    p.reserve_cap = to_limit(c.fields, JACKPOT_HAS_RESERVE_CAP, JACKPOT_HAS_NO_RESERVE_CAP, c.reserve_cap);
    p.max_wager = to_limit(c.fields, JACKPOT_HAS_MAX_WAGER, JACKPOT_HAS_NO_MAX_WAGER, c.max_wager);
    if ((c.fields & JACKPOT_HAS_GAMES) != 0) {
        static_cast<void>(take_list(c.games, c.game_count, p.games.emplace()));
    }
    return p;
}

[[nodiscard]] inline jackpot_configuration from_patch(const patch& p) {
    jackpot_configuration c{};
    const auto give_field = [&](std::uint32_t field, auto& to, const auto& from) {
        if (from) {
            c.fields |= field;
            to = static_cast<std::decay_t<decltype(to)>>(*from);
        }
    };
    give_field(JACKPOT_HAS_SEED, c.seed, p.seed);
    give_field(JACKPOT_HAS_ROUNDING, c.rounding, p.rounding);
    give_field(JACKPOT_HAS_ON_CAP, c.on_cap, p.on_cap);
    give_field(JACKPOT_HAS_MIN_WAGER, c.min_wager, p.min_wager);
    give_field(JACKPOT_HAS_SEED_FROM, c.seed_from, p.seed_from);
    give_field(JACKPOT_HAS_CHANGES, c.changes, p.changes);
    const auto give_limit = [&](std::uint32_t some, std::uint32_t none, std::int64_t& to,
                                const cap_change& from) {
        give_field(some, to, *from);
        c.fields |= from && !*from ? none : 0;
    };
    give_limit(JACKPOT_HAS_CAP, JACKPOT_HAS_NO_CAP, c.cap, p.cap);
    give_limit(JACKPOT_HAS_RESERVE_CAP, JACKPOT_HAS_NO_RESERVE_CAP, c.reserve_cap, p.reserve_cap);
    give_limit(JACKPOT_HAS_MAX_WAGER, JACKPOT_HAS_NO_MAX_WAGER, c.max_wager, p.max_wager);
    const auto give_rate = [&](std::uint32_t field, std::int64_t& to, const std::optional<rate>& from) {
        if (from) {
            c.fields |= field;
            to = from->ppb();
        }
    };
    give_rate(JACKPOT_HAS_RATE, c.rate_ppb, p.rate);
    give_rate(JACKPOT_HAS_SEED_RATE, c.seed_rate_ppb, p.seed_rate);
    if (p.games) {
        c.fields |= JACKPOT_HAS_GAMES;
        c.game_count = p.games->size();
    }
    return c;
}

/// Into a struct that has them all, but for those that have no sum where it has sums.
template <class Struct>
void give_meters(const meters& from, Struct& to) {
    to.current = from.current;
    to.overflow = from.overflow;
    if constexpr (requires { to.carry; }) {
        to.carry = from.carry;
        to.reserve_carry = from.reserve_carry;
        to.seeded = from.seeded;
    }
    to.reserve = from.reserve;
    to.funded = from.funded;
    to.adjusted = from.adjusted;
    to.transferred = from.transferred;
    to.total_wagered = from.total_wagered;
    to.total_contributions = from.total_contributions;
    to.total_forgone = from.total_forgone;
    to.held = from.held;
    to.total_wins = from.total_wins;
    to.wager_count = from.wager_count;
    to.win_count = from.win_count;
}

[[nodiscard]] inline jackpot_pool from_pool(const pool& p) {
    jackpot_pool out{};
    out.status = static_cast<std::int32_t>(p.status);
    give_name(out.pool, p.pool);
    out.configuration = from_patch(patch_of(*p.configuration));
    out.pending = from_patch(p.pending ? p.pending->patch : patch());
    give_meters(p, out);
    out.hold_count = p.holds.size();
    out.reset_sequence = p.reset_sequence;
    out.version = p.version;
    out.opened_at = p.opened_at;
    out.modified_at = p.modified_at;
    if (p.last_win) {
        out.last_win_amount = p.last_win->amount;
        out.last_win_at = p.last_win->at;
        give_name(out.last_win_game, p.last_win->game);
        give_name(out.last_win_player, p.last_win->player);
    }
    return out;
}

[[nodiscard]] inline jackpot_held from_hold(const hold& h) {
    jackpot_held out{};
    give_name(out.hold, h.hold);
    give_name(out.game, h.game);
    give_name(out.player, h.player);
    give_name(out.round, h.round.value_or(name()));
    give_name(out.site, h.site.value_or(name()));
    out.amount = h.amount;
    out.at = h.at;
    out.sequence = h.sequence;
    out.from_house = h.from_house;
    out.from_reserve = h.from_reserve;
    out.seeded_paid = h.seeded_paid;
    return out;
}

[[nodiscard]] inline jackpot_part from_part(const basic_part<std::int64_t>& from) {
    jackpot_part part{};
    give_name(part.pool, from.pool);
    part.version = from.version;
    part.current = from.current;
    part.overflow = from.overflow;
    part.carry = from.carry;
    part.reserve = from.reserve;
    part.reserve_carry = from.reserve_carry;
    part.to_pool = from.to_pool;
    part.to_overflow = from.to_overflow;
    part.to_reserve = from.to_reserve;
    part.forgone = from.forgone;
    part.paid = from.paid;
    part.from_house = from.from_house;
    part.from_overflow = from.from_overflow;
    part.from_reserve = from.from_reserve;
    part.from_pool = from.from_pool;
    part.to_house = from.to_house;
    part.transferred = from.transferred;
    return part;
}

[[nodiscard]] inline expected<void> give_receipt(const receipt& r, const jackpot_receipt& room,
                                                 jackpot_receipt* to) {
    jackpot_receipt out = room;
    out.replayed = r.replayed ? 1 : 0;
    out.sequence = r.sequence;
    out.at = r.at;
    out.total = r.total();
    out.part_count = r.parts.size();
    const auto fits =
        (std::min<std::uint64_t>)(room.parts == nullptr ? 0 : room.part_capacity, out.part_count);
    for (std::size_t i = 0; i < fits; ++i) {
        const jackpot_part part = from_part(r.parts[i]);
        std::memcpy(reinterpret_cast<unsigned char*>(room.parts) + i * room.part_size, &part, sizeof part);
    }
    return give(out, to);
}

}}}  // namespace jackpot::v1::detail

#endif
