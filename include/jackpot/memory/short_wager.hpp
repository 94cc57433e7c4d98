// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_SHORT_WAGER_HPP
#define JACKPOT_MEMORY_SHORT_WAGER_HPP

#include <jackpot/memory/record.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

// A wager that a store in memory took itself has a shorter record: the names of its game and of the pools
// that the game feeds stand once before many such records, and each of its parts has its pool's place among
// them.

inline constexpr std::uint8_t short_wager = 0x80 | static_cast<std::uint8_t>(operation_kind::contributed);

struct short_wager_links {
    std::uint32_t back = 0;  ///< so many bytes before the record the names begin
    std::uint32_t parts = 0;
    /// The parts have what the reserve took. (They stand at multiples of 8 where the wager has no names.)
    bool saves = false;
};

/// An optional name whose presence is known otherwise.
template <class Archive, class Name>
JACKPOT_INLINE void record_name_if(bool there, Archive& archive, Name& value) {
    if constexpr (Archive::reads) {
        value.reset();
        if (there) {
            record_name(archive, value.emplace());
        }
    } else if (there) {
        record_name(archive, *value);
    }
}

/// The names of a wager that most have none of: one byte says which are there.
template <class Archive, class Wager>
JACKPOT_INLINE void record_wager_names(Archive& archive, Wager& w) {
    auto there = static_cast<std::uint8_t>((w.player ? 1U : 0U) | (w.round ? 2U : 0U) | (w.site ? 4U : 0U));
    record_number(archive, there);
    if (Archive::reads || there != 0) {
        record_name_if((there & 1U) != 0, archive, w.player);
        record_name_if((there & 2U) != 0, archive, w.round);
        record_name_if((there & 4U) != 0, archive, w.site);
    }
}

/// What comes before the parts. `o` has the fields of an operation, `w` those of its request.
template <amount Amount, class Archive, class Kind, class Operation, class Wager, class Links>
JACKPOT_INLINE void record_short_wager(Archive& archive, Kind& kind, Operation& o, Wager& w, Links& links) {
    record_head(archive, kind, o);
    record_optional_name(archive, w.key);
    record_wager_names(archive, w);
    record_amount<Amount>(archive, w.wager);
    record_number(archive, links.back);
    record_number(archive, links.saves);
    record_number(archive, links.parts);
}

/// Without `Saves` there is nothing in reserve.
template <bool Saves, amount Amount, class Archive, class Part>
JACKPOT_INLINE void record_short_part(Archive& archive, std::uint32_t& place, Part& part) {
    record_number(archive, place);
    record_number(archive, part.carry);
    record_number(archive, part.version);
    record_amounts<Amount>(archive, part.current, part.overflow, part.to_pool, part.to_overflow,
                           part.forgone);
    if constexpr (Saves) {
        record_number(archive, part.reserve_carry);
        record_amounts<Amount>(archive, part.reserve, part.to_reserve);
    }
}

template <amount Amount>
void read_short_wager(const unsigned char* bytes, basic_operation<Amount>& o) {
    byte_reader reader{bytes};
    std::uint8_t kind = 0;
    emplace_kind<Amount>(o.request, static_cast<std::size_t>(operation_kind::contributed));
    auto& request = *std::get_if<basic_contribute_request<Amount>>(&o.request);
    short_wager_links links;
    record_short_wager<Amount>(reader, kind, o, request, links);
    request.pools.reset();
    byte_reader names{bytes - links.back};
    record_name(names, request.game);
    o.parts.clear();
    std::uint32_t passed = 0;
    for (std::uint32_t i = 0; i < links.parts; ++i) {
        auto& part = o.parts.emplace_back();
        std::uint32_t place = 0;
        links.saves ? record_short_part<true, Amount>(reader, place, part)
                    : record_short_part<false, Amount>(reader, place, part);
        for (; passed <= place; ++passed) {
            record_name(names, part.pool);
        }
    }
}

/// Its length, before each record, and what makes that a multiple of 8.
inline constexpr std::size_t record_frame_bytes = sizeof(std::uint32_t) + 7;
// The most that a short record takes: its names at full length, and what a roomy writer may copy too much.
template <amount Amount>
inline constexpr std::size_t short_wager_bytes = record_frame_bytes + record_head_bytes +
                                                 4 * (2 + 128) + amount_traits<Amount>::bytes +
                                                 sizeof(short_wager_links) + 128;
template <amount Amount>
inline constexpr std::size_t short_part_bytes = 3 * sizeof(std::uint32_t) + sizeof(std::uint64_t) +
                                                7 * amount_traits<Amount>::bytes;

/// A wager whose fields stand where the caller has them: nothing is copied to decide and to record it. Named
/// as those of basic_contribute_request and basic_operation; there is no list of pools.
template <amount Amount>
struct wager_entry {
    const name& game;
    Amount wager;  // a copy: a reference would be followed again after each store
    const std::optional<name>& player;
    const std::optional<name>& round;
    const std::optional<name>& site;
    const std::optional<name>& key;
    std::uint64_t sequence;
    identifier id;
    timestamp at;
};

}}}  // namespace jackpot::v1::detail

#endif
