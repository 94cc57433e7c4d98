// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_DETAIL_RECORD_HPP
#define JACKPOT_DETAIL_RECORD_HPP

#include <jackpot/notation.hpp>

// An operation as bytes, for journals in memory: a tenth of the operation's own size, and nothing in it
// points anywhere. One description of the fields serves to count, to write and to read them.

namespace jackpot::inline v1::detail {

struct byte_counter {
    static constexpr bool reads = false;
    std::size_t size = 0;
    void bytes(const void*, std::size_t count) noexcept { size += count; }
};

struct byte_writer {
    static constexpr bool reads = false;
    unsigned char* to;
    void bytes(const void* from, std::size_t count) noexcept {
        std::memcpy(to, from, count);
        to += count;
    }
};

struct byte_reader {
    static constexpr bool reads = true;
    const unsigned char* from;
    void bytes(void* to, std::size_t count) noexcept {
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
        const auto size = static_cast<std::uint8_t>(value.view().size());
        record_number(archive, size);
        archive.bytes(value.view().data(), size);
    }
}

template <class Archive, class Optional, class Field>
JACKPOT_INLINE void record_optional(Archive& archive, Optional& value, Field&& field) {
    bool present = value.has_value();
    record_number(archive, present);
    if constexpr (Archive::reads) {
        value.reset();
        if (present) {
            value.emplace();
        }
    }
    if (present) {
        field(*value);
    }
}

template <class Archive, class List, class Field>
JACKPOT_INLINE void record_list(Archive& archive, List& items, Field&& field) {
    auto size = static_cast<std::uint32_t>(items.size());
    record_number(archive, size);
    if constexpr (Archive::reads) {
        items.clear();
        for (std::uint32_t i = 0; i < size; ++i) {
            items.emplace_back();
        }
    }
    for (auto& item : items) {
        field(item);
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
    const auto text = [&](auto& value) { record_name(archive, value); };
    const auto money = [&](auto& value) { record_amount<Amount>(archive, value); };
    if constexpr (requires { r.key; }) {
        record_optional(archive, r.key, text);
    }
    if constexpr (requires { r.pool; }) {
        text(r.pool);
    }
    if constexpr (requires { r.configuration; }) {
        record_text(archive, r.configuration, [](std::string_view t) {
            return notation::to_configuration(
                notation::read_patch<Amount>(t).value_or(basic_patch<Amount>{}));
        });
    }
    if constexpr (requires { r.game; }) {
        text(r.game);
    }
    if constexpr (requires { r.wager; }) {
        money(r.wager);
        record_optional(archive, r.pools, [&](auto& pools) { record_list(archive, pools, text); });
        record_optional(archive, r.player, text);
    } else if constexpr (requires { r.player; }) {
        text(r.player);
        record_optional(archive, r.amount, money);
    }
    if constexpr (requires { r.patch; }) {
        record_number(archive, r.when);
        record_text(archive, r.patch, notation::read_patch<Amount>);
    }
    if constexpr (requires { r.delta; }) {
        money(r.delta);
    }
    if constexpr (requires { r.actor; }) {
        text(r.actor);
        text(r.reason);
    }
    if constexpr (requires { r.returned_to; }) {
        record_number(archive, r.returned_to);
        if constexpr (Archive::reads) {
            r.states.clear();
        }
    }
}

template <amount Amount, class Archive, class Part>
JACKPOT_INLINE void record_part(Archive& archive, Part& part, operation_kind kind) {
    record_name(archive, part.pool);
    record_number(archive, part.version);
    record_number(archive, part.carry);
    const auto amounts = [&](auto&... values) { (record_amount<Amount>(archive, values), ...); };
    amounts(part.current, part.overflow);
    switch (kind) {
        case operation_kind::contributed:
            amounts(part.to_pool, part.to_overflow, part.forgone);
            break;
        case operation_kind::won:
            amounts(part.paid, part.from_house);
            [[fallthrough]];
        case operation_kind::configured:
        case operation_kind::adjusted:
            amounts(part.from_overflow);
            break;
        case operation_kind::restored:
        case operation_kind::checkpoint:
            if constexpr (Archive::reads) {
                basic_pool<Amount> state;
                record_text(archive, state, notation::read_pool<Amount>);
                part.state = std::make_shared<const basic_pool<Amount>>(std::move(state));
            } else {
                record_text(archive, *part.state, notation::read_pool<Amount>);
            }
            break;
        default:
            break;
    }
}

/// Puts the alternative of that kind into the request, keeping it (and its capacity) if it is there.
template <amount Amount, std::size_t I = 0>
void emplace_kind(basic_request<Amount>& request, std::size_t kind) {
    if constexpr (I < std::variant_size_v<basic_request<Amount>>) {
        if (kind != I) {
            emplace_kind<Amount, I + 1>(request, kind);
        } else if (request.index() != I) {
            request.template emplace<I>();
        }
    }
}

/// What every record begins with, before its request, and that with its key: kind, sequence, id, time.
inline constexpr std::size_t record_head_bytes =
    sizeof(operation_kind) + sizeof(std::uint64_t) + sizeof(identifier) + sizeof(timestamp);

template <amount Amount, class Archive, class Operation>
JACKPOT_INLINE void record(Archive& archive, Operation& o) {
    operation_kind kind = o.kind();
    record_number(archive, kind);
    record_number(archive, o.sequence);
    record_number(archive, o.id);
    record_number(archive, o.at);
    if constexpr (Archive::reads) {
        emplace_kind<Amount>(o.request, static_cast<std::size_t>(kind));
    }
    if constexpr (requires { o.request.index(); }) {
        std::visit([&](auto& r) { record_request<Amount>(archive, r); }, o.request);
    } else {
        record_request<Amount>(archive, o.request);
    }
    record_list(archive, o.parts, [&](auto& part) { record_part<Amount>(archive, part, kind); });
}

}  // namespace jackpot::inline v1::detail

#endif
