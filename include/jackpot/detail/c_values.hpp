// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_DETAIL_C_VALUES_HPP
#define JACKPOT_DETAIL_C_VALUES_HPP

#include <jackpot/c_api.h>
#include <jackpot/operation.hpp>

#include <type_traits>

// The structs of c_api.h, and the library's own values that they stand for.

namespace jackpot::inline v1::detail {

/// Takes over a caller's struct, whichever version of this library it was compiled with: fields that an
/// older caller does not have are 0. Errors: invalid_operation, for no struct or one smaller than any
/// version's; unsupported, for fields of a newer version that are in use.
template <class Struct>
[[nodiscard]] expected<void> take(const Struct* from, Struct& to, std::size_t smallest = sizeof(Struct)) {
    if (from == nullptr || from->struct_size < smallest) {
        return fail(errc::invalid_operation, "struct_size is not set");
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(from);
    if (!std::all_of(bytes + (std::min<std::size_t>)(from->struct_size, sizeof to), bytes + from->struct_size,
                     [](unsigned char byte) { return byte == 0; })) {
        return fail(errc::unsupported, "a struct has fields that this version does not know");
    }
    to = Struct{};
    std::memcpy(&to, from, (std::min<std::size_t>)(from->struct_size, sizeof to));
    return success();
}

/// Gives a struct to a caller, in as many bytes as the caller's version of it has. Error: as for `take`.
template <class Struct>
[[nodiscard]] expected<void> give(Struct from, Struct* to, std::size_t smallest = sizeof(Struct)) {
    if (to == nullptr || to->struct_size < smallest) {
        return fail(errc::invalid_operation, "struct_size is not set");
    }
    from.struct_size = to->struct_size;
    std::memcpy(to, &from, (std::min<std::size_t>)(to->struct_size, sizeof from));
    return success();
}

[[nodiscard]] inline name to_name(const char* text) noexcept {
    return text == nullptr ? name() : name(text);
}
[[nodiscard]] inline std::optional<name> to_optional(const char* text) noexcept {
    return text == nullptr ? std::nullopt : std::optional<name>(text);
}
template <class List>
[[nodiscard]] List to_list(const char* const* texts, std::uint64_t count) {
    List names;
    if (texts == nullptr && count != 0) {
        names.push_back(name());  // which the rules refuse, naming the field
        return names;
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        names.push_back(to_name(texts[i]));
    }
    return names;
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
        p.games = to_list<std::vector<name>>(c.games, c.game_count);
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

}  // namespace jackpot::inline v1::detail

#endif
