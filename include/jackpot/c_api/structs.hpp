// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_STRUCTS_HPP
#define JACKPOT_C_API_STRUCTS_HPP

#include <jackpot/c_api/c_api.h>
#include <jackpot/core/receipt.hpp>

#include <cstdint>

// The structs of c_api.h as callers of any version have them: their sizes, and which of their values are
// meant.

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
    constexpr std::uint32_t known = 2 * JACKPOT_HAS_CHANGES - 1;
    const bool spare =
        std::any_of(std::begin(c.spare), std::end(c.spare), [](std::int64_t each) { return each != 0; });
    if (c.fields > known || c.reserved != 0 || spare) {
        return fail(errc::unsupported, "fields that this version does not know");
    }
    const struct {
        std::uint32_t both;
        std::string_view what;
    } limits[] = {{JACKPOT_HAS_CAP | JACKPOT_HAS_NO_CAP, "a cap, and no cap"},
                  {JACKPOT_HAS_RESERVE_CAP | JACKPOT_HAS_NO_RESERVE_CAP, "a reserve_cap, and none"},
                  {JACKPOT_HAS_MAX_WAGER | JACKPOT_HAS_NO_MAX_WAGER, "a max_wager, and none"}};
    for (const auto& each : limits) {
        if ((c.fields & each.both) == each.both) {
            return fail(errc::invalid_operation, "fields", each.what);
        }
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
        {JACKPOT_HAS_SEED_RATE, c.seed_rate_ppb != 0, "seed_rate_ppb without JACKPOT_HAS_SEED_RATE"},
        {JACKPOT_HAS_RESERVE_CAP, c.reserve_cap != 0, "reserve_cap without JACKPOT_HAS_RESERVE_CAP"},
        {JACKPOT_HAS_SEED_FROM, c.seed_from != 0, "seed_from without JACKPOT_HAS_SEED_FROM"},
        {JACKPOT_HAS_MAX_WAGER, c.max_wager != 0, "max_wager without JACKPOT_HAS_MAX_WAGER"},
        {JACKPOT_HAS_CHANGES, c.changes != 0, "changes without JACKPOT_HAS_CHANGES"},
    };
    for (const auto& each : values) {
        if (each.in_use && (c.fields & each.field) == 0) {
            return fail(errc::invalid_operation, "fields", each.what);
        }
    }
    return success();
}

[[nodiscard]] inline expected<void> check_query(const jackpot_history_query& q) {
    constexpr std::uint32_t known = JACKPOT_QUERY_KIND | JACKPOT_QUERY_FROM | JACKPOT_QUERY_TO;
    if ((q.fields & ~known) != 0) {
        return fail(errc::unsupported, "fields that this version does not know");
    }
    const bool forgotten = ((q.fields & JACKPOT_QUERY_KIND) == 0 && q.kind != 0) ||
                           ((q.fields & JACKPOT_QUERY_FROM) == 0 && q.from != 0) ||
                           ((q.fields & JACKPOT_QUERY_TO) == 0 && q.to != 0);
    return forgotten
               ? fail(errc::invalid_operation, "fields", "a kind or a time without its JACKPOT_QUERY_...")
               : success();
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
    } else if constexpr (requires { taken.part_size; }) {
        const bool sound = taken.part_size >= sizeof(jackpot_part) && taken.part_size <= struct_size_most &&
                           taken.part_size % alignof(jackpot_part) == 0;
        if (taken.parts != nullptr && !sound) {
            return fail(errc::invalid_operation, "part_size",
                        amount_traits<std::int64_t>::to_text(taken.part_size));
        }
    } else if constexpr (requires { taken.newest_first; }) {
        return check_query(taken);
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

[[nodiscard]] inline expected<void> give_count(std::uint64_t from, std::uint64_t* to) noexcept {
    if (to != nullptr) {
        *to = from;
    }
    return success();
}

/// Gives as many values as there is room for, and their number. The first struct's size stands for all.
template <class List, class Struct, class Make>
[[nodiscard]] expected<void> give_list(const List& from, Struct* to, std::uint64_t capacity,
                                       std::uint64_t* count, Make&& make) {
    const auto fits = (std::min<std::uint64_t>)(to == nullptr ? 0 : capacity, from.size());
    const std::uint32_t size = fits == 0 ? 0 : to->struct_size;
    auto next = from.begin();
    for (std::size_t i = 0; i < fits; ++i, ++next) {
        auto* each = reinterpret_cast<Struct*>(reinterpret_cast<unsigned char*>(to) + i * size);
        each->struct_size = size;
        if (auto given = give(make(*next), each); !given) {
            return given;
        }
    }
    return give_count(from.size(), count);
}

}}}  // namespace jackpot::v1::detail

#endif
