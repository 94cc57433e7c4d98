// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_RECORD_HPP
#define JACKPOT_MEMORY_RECORD_HPP

#include <jackpot/core/notation.hpp>
#include <jackpot/core/operation.hpp>

// An operation as bytes, for journals in memory: a tenth of the operation's own size, and nothing in it
// points anywhere. One description of the fields serves to count, to write and to read them.

namespace jackpot { inline namespace v1 { namespace detail {

struct byte_counter {
    static constexpr bool reads = false;
    std::size_t size = 0;
    JACKPOT_INLINE void bytes(const void*, std::size_t count) noexcept { size += count; }
    JACKPOT_INLINE void text(const name& n) noexcept { size += 1 + n.view().size(); }
};

struct byte_writer {
    static constexpr bool reads = false;
    unsigned char* to;
    JACKPOT_INLINE void bytes(const void* from, std::size_t count) noexcept {
        std::memcpy(to, from, count);
        to += count;
    }
    JACKPOT_INLINE void text(const name& n) noexcept {
        *to++ = static_cast<unsigned char>(n.view().size());
        bytes(n.view().data(), n.view().size());
    }
};

/// A byte_writer where there is room for any name behind each byte written.
struct roomy_byte_writer : byte_writer {
    JACKPOT_INLINE void text(const name& n) noexcept {
        const std::size_t size = n.copy_padded(to + 1);
        *to = static_cast<unsigned char>(size);
        to += 1 + size;
    }
};

struct byte_reader {
    static constexpr bool reads = true;
    const unsigned char* from;
    JACKPOT_INLINE void bytes(void* to, std::size_t count) noexcept {
        std::memcpy(to, from, count);
        from += count;
    }
};

template <class Archive, class Number>
JACKPOT_INLINE void record_number(Archive& archive, Number& value) {
    archive.bytes(&value, sizeof value);
}

template <amount Amount, class Archive, class Value>
JACKPOT_INLINE void record_amount(Archive& archive, Value& value) {
    unsigned char buffer[amount_traits<Amount>::bytes];
    if constexpr (Archive::reads) {
        archive.bytes(buffer, sizeof buffer);
        value = amount_traits<Amount>::read(buffer);
    } else {
        amount_traits<Amount>::write(value, buffer);
        archive.bytes(buffer, sizeof buffer);
    }
}

template <class Archive, class Name>
JACKPOT_INLINE void record_name(Archive& archive, Name& value) {
    if constexpr (Archive::reads) {
        std::uint8_t size = 0;
        record_number(archive, size);
        value = std::string_view(reinterpret_cast<const char*>(archive.from), size);
        archive.from += size;
    } else {
        archive.text(value);
    }
}

template <amount Amount, class Archive, class... Amounts>
JACKPOT_INLINE void write_amounts(Archive& archive, const Amounts... amounts) {
    (record_amount<Amount>(archive, amounts), ...);
}

/// Amounts that are written are all loaded before the first is stored: neighbours then move together.
template <amount Amount, class Archive, class... Values>
JACKPOT_INLINE void record_amounts(Archive& archive, Values&... values) {
    if constexpr (Archive::reads) {
        (record_amount<Amount>(archive, values), ...);
    } else {
        write_amounts<Amount>(archive, Amount(values)...);
    }
}

/// Is the optional there? Where it is read and there, it holds a value to read into.
template <class Archive, class Optional>
[[nodiscard]] JACKPOT_INLINE bool record_presence(Archive& archive, Optional& value) {
    bool present = value.has_value();
    record_number(archive, present);
    if constexpr (Archive::reads) {
        value.reset();
        if (present) {
            value.emplace();
        }
    }
    return present;
}

template <class Archive, class Optional>
JACKPOT_INLINE void record_optional_name(Archive& archive, Optional& value) {
    if (record_presence(archive, value)) {
        record_name(archive, *value);
    }
}

/// A name that some kinds of requests need, and that is optional in others.
template <class Archive, class Name>
JACKPOT_INLINE void record_any_name(Archive& archive, Name& value) {
    if constexpr (requires { value.has_value(); }) {
        record_optional_name(archive, value);
    } else {
        record_name(archive, value);
    }
}

template <amount Amount, class Archive, class Value>
JACKPOT_INLINE void record_any_amount(Archive& archive, Value& value) {
    if constexpr (!requires { value.has_value(); }) {
        record_amount<Amount>(archive, value);
    } else if (record_presence(archive, value)) {
        record_amount<Amount>(archive, *value);
    }
}

/// How many items there are; where it is read, so many stand in the list.
template <class Archive, class List>
JACKPOT_INLINE void record_size(Archive& archive, List& items) {
    auto size = static_cast<std::uint32_t>(items.size());
    record_number(archive, size);
    if constexpr (Archive::reads) {
        items.clear();
        for (std::uint32_t i = 0; i < size; ++i) {
            items.emplace_back();
        }
    }
}

/// What seldom changes is kept in the notation that SQL stores keep, too.
template <class Archive, class Value, class Parse>
void record_text(Archive& archive, Value& value, Parse&& parse) {
    if constexpr (Archive::reads) {
        std::uint32_t size = 0;
        record_number(archive, size);
        auto parsed = parse(std::string_view(reinterpret_cast<const char*>(archive.from), size));
        archive.from += size;
        JACKPOT_ASSERT(parsed.has_value());
        value = std::move(*parsed);
    } else {
        std::string text;
        notation::write(text, value);
        const auto size = static_cast<std::uint32_t>(text.size());
        record_number(archive, size);
        archive.bytes(text.data(), size);
    }
}

template <amount Amount, class Archive, class Request>
JACKPOT_INLINE void record_request(Archive& archive, Request& r) {
    if constexpr (requires { r.key; }) {
        record_optional_name(archive, r.key);
    }
    if constexpr (requires { r.pool; }) {
        record_name(archive, r.pool);
    }
    if constexpr (requires { r.configuration; }) {
        record_text(archive, r.configuration, [](std::string_view t) {
            return notation::to_configuration(
                notation::read_patch<Amount>(t).value_or(basic_patch<Amount>{}));
        });
    }
    if constexpr (requires { r.game; }) {
        record_name(archive, r.game);
    }
    if constexpr (requires { r.pools; }) {
        if (record_presence(archive, r.pools)) {
            record_size(archive, *r.pools);
            for (auto& pool : *r.pools) {
                record_name(archive, pool);
            }
        }
    }
    if constexpr (requires { r.wager; }) {
        record_amount<Amount>(archive, r.wager);
    }
    if constexpr (requires { r.player; }) {
        record_any_name(archive, r.player);
    }
    if constexpr (requires { r.patch; }) {
        record_number(archive, r.when);
        record_text(archive, r.patch, notation::read_patch<Amount>);
    }
    if constexpr (requires { r.delta; }) {
        record_amount<Amount>(archive, r.delta);
    }
    if constexpr (requires { r.hold; }) {
        record_name(archive, r.hold);
    }
    if constexpr (requires { r.from; }) {
        record_name(archive, r.from);
    }
    if constexpr (requires { r.to; }) {
        record_any_name(archive, r.to);
    }
    if constexpr (requires { r.amount; }) {
        record_any_amount<Amount>(archive, r.amount);
    }
    if constexpr (requires { r.to_house; }) {
        record_amount<Amount>(archive, r.to_house);
    }
    if constexpr (requires { r.reverts; }) {
        record_name(archive, r.reverts);
        record_number(archive, r.sequence);
        if constexpr (Archive::reads) {
            r.contribution = nullptr;
        }
    }
    if constexpr (requires { r.actor; }) {
        record_any_name(archive, r.actor);
        record_any_name(archive, r.reason);
    }
    if constexpr (requires { r.site; }) {
        record_optional_name(archive, r.round);
        record_optional_name(archive, r.site);
    }
    if constexpr (requires { r.returned_to; }) {
        record_number(archive, r.returned_to);
        if constexpr (Archive::reads) {
            r.states.clear();
        }
    }
}

/// The version and the balance after an operation, and the amounts that stand right behind it.
template <amount Amount, class Archive, class Part, class... Amounts>
JACKPOT_INLINE void record_balance(Archive& archive, Part& part, Amounts&... behind) {
    unroll<balance_meters<Amount>>([&](auto at) JACKPOT_INLINE_LAMBDA {
        if constexpr (constexpr auto fraction = balance_meters<Amount>[at].fraction; fraction != nullptr) {
            record_number(archive, part.*fraction);
        }
    });
    record_number(archive, part.version);
    [&]<std::size_t... I>(std::index_sequence<I...>) JACKPOT_INLINE_LAMBDA {
        record_amounts<Amount>(archive, part.*amounts_of<balance_meters<Amount>>[I]..., behind...);
    }
    (std::make_index_sequence<amounts_of<balance_meters<Amount>>.size()>());
}

template <amount Amount, class Archive, class Part>
JACKPOT_INLINE void record_part(Archive& archive, Part& part, operation_kind kind) {
    record_name(archive, part.pool);
    record_balance<Amount>(archive, part);
    for (const auto& m : part_amounts<Amount>) {
        if (m.belongs_to(kind)) {
            record_amount<Amount>(archive, part.*m.amount);
        }
    }
    if (kind == operation_kind::restored || kind == operation_kind::checkpoint) {
        if constexpr (Archive::reads) {
            basic_pool<Amount> state;
            record_text(archive, state, notation::read_pool<Amount>);
            part.state = std::make_shared<const basic_pool<Amount>>(std::move(state));
        } else {
            record_text(archive, *part.state, notation::read_pool<Amount>);
        }
    }
}

/// What every record begins with, before its request, and that with its key: kind, sequence, id, time.
inline constexpr std::size_t record_head_bytes =
    sizeof(operation_kind) + sizeof(std::uint64_t) + sizeof(identifier) + sizeof(timestamp);

template <class Archive, class Kind, class Operation>
JACKPOT_INLINE void record_head(Archive& archive, Kind& kind, Operation& o) {
    record_number(archive, kind);
    record_number(archive, o.sequence);
    record_number(archive, o.id.high);
    record_number(archive, o.id.low);
    record_number(archive, o.at);
}

template <amount Amount, class Archive, class Operation>
JACKPOT_INLINE void record(Archive& archive, Operation& o) {
    operation_kind kind = o.kind();
    record_head(archive, kind, o);
    if constexpr (Archive::reads) {
        emplace_kind<Amount>(o.request, static_cast<std::size_t>(kind));
    }
    visit_request([&](auto& r) { record_request<Amount>(archive, r); }, o.request);
    record_size(archive, o.parts);
    for (auto& part : o.parts) {
        record_part<Amount>(archive, part, kind);
    }
}

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

}}}  // namespace jackpot::v1::detail

#endif
