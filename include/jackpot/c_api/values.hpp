// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_VALUES_HPP
#define JACKPOT_C_API_VALUES_HPP

#include <jackpot/c_api/c_api.h>
#include <jackpot/core/receipt.hpp>

#include <cstdint>
#include <type_traits>

// The structs of c_api.h, and the library's own values that they stand for.

namespace jackpot { inline namespace v1 { namespace detail {

/// No version of any struct comes near this: a size above it was never set.
inline constexpr std::size_t struct_size_most = 4096;

template <class Struct>
[[nodiscard]] expected<void> check_size(const Struct* s, std::size_t smallest) {
    if (s == nullptr) {
        return fail(errc::invalid_operation, "a struct is NULL");
    }
    if (s->struct_size < smallest || s->struct_size > struct_size_most ||
        s->struct_size % alignof(Struct) != 0) {
        return fail(errc::invalid_operation, "struct_size",
                    amount_traits<std::int64_t>::to_text(s->struct_size));
    }
    return success();
}

[[nodiscard]] inline expected<void> check_configuration(const jackpot_configuration& c) {
    constexpr std::uint32_t known = 2 * JACKPOT_HAS_GAMES - 1;
    constexpr std::uint32_t both = JACKPOT_HAS_CAP | JACKPOT_HAS_NO_CAP;
    if (c.fields > known || c.reserved != 0) {
        return fail(errc::unsupported, "fields that this version does not know");
    }
    if ((c.fields & both) == both) {
        return fail(errc::invalid_operation, "fields", "a cap, and no cap");
    }
    // Forgotten: a value that is not meant would be ignored in silence, and a pool open without its cap.
    const struct {
        std::uint32_t field;
        bool in_use;
        std::string_view what;
    } values[] = {
        {JACKPOT_HAS_SEED, c.seed != 0, "seed without JACKPOT_HAS_SEED"},
        {JACKPOT_HAS_CAP, c.cap != 0, "cap without JACKPOT_HAS_CAP"},
        {JACKPOT_HAS_RATE, c.rate_ppb != 0, "rate_ppb without JACKPOT_HAS_RATE"},
        {JACKPOT_HAS_MIN_WAGER, c.min_wager != 0, "min_wager without JACKPOT_HAS_MIN_WAGER"},
        {JACKPOT_HAS_ROUNDING, c.rounding != 0, "rounding without JACKPOT_HAS_ROUNDING"},
        {JACKPOT_HAS_ON_CAP, c.on_cap != 0, "on_cap without JACKPOT_HAS_ON_CAP"},
        {JACKPOT_HAS_GAMES, c.games != nullptr || c.game_count != 0, "games without JACKPOT_HAS_GAMES"},
    };
    for (const auto& each : values) {
        if (each.in_use && (c.fields & each.field) == 0) {
            return fail(errc::invalid_operation, "fields", each.what);
        }
    }
    return success();
}

/// The optional values of a request that is taken, by the fields that say whether they are meant.
template <class Struct>
[[nodiscard]] expected<void> check_values(const Struct& taken) {
    if constexpr (requires { taken.configuration.fields; }) {
        return check_configuration(taken.configuration);
    } else if constexpr (requires { taken.changes; }) {
        return check_configuration(taken.changes);
    } else if constexpr (requires { taken.has_pools; }) {
        if (taken.has_pools == 0 && (taken.pools != nullptr || taken.pool_count != 0)) {
            return fail(errc::invalid_operation, "has_pools", "0, beside a list of pools");
        }
    } else if constexpr (requires { taken.has_amount; }) {
        if (taken.has_amount == 0 && taken.amount != 0) {
            return fail(errc::invalid_operation, "has_amount", "0, beside an amount");
        }
    }
    return success();
}

/// Takes over a caller's struct, whichever version of this library it was compiled with: fields that an
/// older caller does not have are 0. Errors: invalid_operation, for no struct or one smaller than any
/// version's; unsupported, for fields of a newer version that are in use; then those of `check_values`.
template <class Struct>
[[nodiscard]] expected<void> take(const Struct* from, Struct& to, std::size_t smallest = sizeof(Struct)) {
    if (auto sound = check_size(from, smallest); !sound) {
        return sound;
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(from);
    const std::size_t known = (std::min<std::size_t>)(from->struct_size, sizeof to);
    to = Struct{};
    std::memcpy(&to, from, known);
    bool in_use = std::any_of(bytes + known, bytes + from->struct_size, [](auto byte) { return byte != 0; });
    if constexpr (requires { to.reserved; }) {
        in_use = in_use || to.reserved != 0;
    }
    if (in_use) {
        return fail(errc::unsupported, "a struct has fields that this version does not know");
    }
    return check_values(to);
}

/// Gives a struct to a caller, in as many bytes as the caller's version of it has. Error: as for `take`.
template <class Struct>
[[nodiscard]] expected<void> give(Struct from, Struct* to, std::size_t smallest = sizeof(Struct)) {
    if (auto sound = check_size(to, smallest); !sound) {
        return sound;
    }
    from.struct_size = to->struct_size;
    std::memcpy(to, &from, (std::min<std::size_t>)(to->struct_size, sizeof from));
    return success();
}

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

[[nodiscard]] inline patch to_patch(const jackpot_configuration& c) {
    const auto given = [&](std::uint32_t field, auto value) {
        return (c.fields & field) != 0 ? std::optional(value) : std::nullopt;
    };
    patch p{.seed = given(JACKPOT_HAS_SEED, c.seed),
            .rate = given(JACKPOT_HAS_RATE, rate::from_ppb(c.rate_ppb)),
            .rounding = given(JACKPOT_HAS_ROUNDING, to_enum<rounding>(c.rounding)),
            .on_cap = given(JACKPOT_HAS_ON_CAP, to_enum<on_cap>(c.on_cap)),
            .min_wager = given(JACKPOT_HAS_MIN_WAGER, c.min_wager)};
    if ((c.fields & JACKPOT_HAS_CAP) != 0) {
        p.cap = c.cap;
    } else if ((c.fields & JACKPOT_HAS_NO_CAP) != 0) {
        p.cap = no_cap;
    }
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
    give_field(JACKPOT_HAS_CAP, c.cap, *p.cap);
    if (p.cap && !*p.cap) {
        c.fields |= JACKPOT_HAS_NO_CAP;
    }
    if (p.rate) {
        c.fields |= JACKPOT_HAS_RATE;
        c.rate_ppb = p.rate->ppb();
    }
    if (p.games) {
        c.fields |= JACKPOT_HAS_GAMES;
        c.game_count = p.games->size();
    }
    return c;
}

/// Into a struct that has them all, but for fractions where it has sums.
template <class Struct>
void give_meters(const meters& from, Struct& to) {
    to.current = from.current;
    to.overflow = from.overflow;
    if constexpr (requires { to.carry; }) {
        to.carry = from.carry;
    }
    to.funded = from.funded;
    to.adjusted = from.adjusted;
    to.total_wagered = from.total_wagered;
    to.total_contributions = from.total_contributions;
    to.total_wins = from.total_wins;
    to.win_count = from.win_count;
}

[[nodiscard]] inline jackpot_pool from_pool(const pool& p) {
    jackpot_pool out{};
    out.status = static_cast<std::int32_t>(p.status);
    give_name(out.pool, p.pool);
    out.configuration = from_patch(patch_of(*p.configuration));
    out.pending = from_patch(p.pending ? p.pending->patch : patch());
    give_meters(p, out);
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
        const basic_part<std::int64_t>& from = r.parts[i];
        jackpot_part& part = room.parts[i];
        give_name(part.pool, from.pool);
        part.version = from.version;
        part.current = from.current;
        part.overflow = from.overflow;
        part.carry = from.carry;
        part.to_pool = from.to_pool;
        part.to_overflow = from.to_overflow;
        part.forgone = from.forgone;
        part.paid = from.paid;
        part.from_house = from.from_house;
        part.from_overflow = from.from_overflow;
    }
    return give(out, to);
}

}}}  // namespace jackpot::v1::detail

#endif
