// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_VALUES_HPP
#define JACKPOT_C_API_VALUES_HPP

#include <jackpot/c_api/c_api.h>
#include <jackpot/core/operation.hpp>

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
    return (c.fields & both) != both ? success()
                                     : fail(errc::invalid_operation, "fields", "a cap, and no cap");
}

/// Takes over a caller's struct, whichever version of this library it was compiled with: fields that an
/// older caller does not have are 0. Errors: invalid_operation, for no struct or one smaller than any
/// version's; unsupported, for fields of a newer version that are in use.
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
    if constexpr (requires { to.configuration; }) {
        return check_configuration(to.configuration);
    } else if constexpr (requires { to.changes; }) {
        return check_configuration(to.changes);
    } else {
        return success();
    }
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
        p.cap.emplace(c.cap);
    } else if ((c.fields & JACKPOT_HAS_NO_CAP) != 0) {
        p.cap.emplace(std::nullopt);
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
    give_field(JACKPOT_HAS_CAP, c.cap, p.cap.value_or(std::nullopt));
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

[[nodiscard]] inline jackpot_pool from_pool(const pool& p) {
    const auto& c = *p.configuration;
    jackpot_pool out{};
    out.status = static_cast<std::int32_t>(p.status);
    give_name(out.pool, p.pool);
    out.configuration = from_patch({.seed = c.seed,
                                    .cap = c.cap,
                                    .rate = c.rate,
                                    .rounding = c.rounding,
                                    .on_cap = c.on_cap,
                                    .min_wager = c.min_wager,
                                    .games = c.games});
    out.pending = from_patch(p.pending ? p.pending->patch : patch());
    out.current = p.current;
    out.overflow = p.overflow;
    out.carry = p.carry;
    out.funded = p.funded;
    out.adjusted = p.adjusted;
    out.total_wagered = p.total_wagered;
    out.total_contributions = p.total_contributions;
    out.total_wins = p.total_wins;
    out.win_count = p.win_count;
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
