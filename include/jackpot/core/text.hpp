// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_TEXT_HPP
#define JACKPOT_CORE_TEXT_HPP

#include <jackpot/core/config.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace jackpot { inline namespace v1 {

namespace detail {

/// What is text by itself, and no pointer to it: a pointer may be null, which std::string_view does not take.
template <class Text>
concept text_object =
    std::convertible_to<const Text&, std::string_view> && !std::is_pointer_v<std::decay_t<Text>> &&
    !std::is_null_pointer_v<Text>;

}  // namespace detail

/// A parameter that takes any text. A null pointer is the empty text, here as everywhere in the library: the
/// rules refuse that where a name is needed, and parsers where a value is.
class text_view : public std::string_view {
public:
    constexpr text_view() noexcept = default;
    constexpr text_view(std::string_view text) noexcept : std::string_view(text) {}
    constexpr text_view(const char* text) noexcept
        : std::string_view(text == nullptr ? std::string_view() : std::string_view(text)) {}
    template <detail::text_object Text>
    constexpr text_view(const Text& text) noexcept : std::string_view(text) {}
};

/// Up to `Capacity` bytes of text, held in place: a copy allocates nothing and copies only the bytes in use.
/// Text that does not fit is cut off, and `truncated()` remembers it, so that a name that is too long is
/// refused later instead of being shortened into another name.
template <std::size_t Capacity>
class basic_text {
    static_assert(Capacity < 0xFFFF);

public:
    constexpr basic_text() noexcept { bytes_[0] = '\0'; }
    basic_text(std::string_view text) noexcept : basic_text() { append(text); }
    basic_text(const char* text) noexcept : basic_text(text_view(text)) {}
    template <detail::text_object Text>
    basic_text(const Text& text) noexcept : basic_text(std::string_view(text)) {}

    // The NUL behind the bytes is copied with them.
    basic_text(const basic_text& other) noexcept : size_(other.size_), truncated_(other.truncated_) {
        std::memcpy(bytes_, other.bytes_, size_ + 1U);
    }
    basic_text& operator=(const basic_text& other) noexcept {
        size_ = other.size_;
        truncated_ = other.truncated_;
        std::memmove(bytes_, other.bytes_, size_ + 1U);
        return *this;
    }

    basic_text& append(text_view added) noexcept {
        std::string_view text = added;
        if (truncated_) {
            return *this;  // a later piece behind the gap would make another text
        }
        std::size_t fits = Capacity - size_;
        if (text.size() > fits) {
            truncated_ = true;
            // Cut between characters, never inside one.
            while (fits > 0 && (static_cast<unsigned char>(text[fits]) & 0xC0) == 0x80) {
                --fits;
            }
            text = text.substr(0, fits);
        }
        if (!text.empty()) {
            std::memcpy(bytes_ + size_, text.data(), text.size());
        }
        size_ = static_cast<std::uint16_t>(size_ + text.size());
        bytes_[size_] = '\0';
        return *this;
    }

    void clear() noexcept {
        size_ = 0;
        truncated_ = false;
        bytes_[0] = '\0';
    }

    /// Copies the text to `to`, and returns how many bytes are in use. `to` has room for the whole capacity:
    /// the copy goes by pieces, and may write more than the bytes in use.
    JACKPOT_INLINE std::size_t copy_padded(unsigned char* to) const noexcept {
        static_assert(Capacity % piece == 0);
        const std::size_t size = size_;
        // The first piece holds all of most names; and nothing here is a call, which would cost registers.
        std::memcpy(to, bytes_, piece);
        for (std::size_t at = piece; at < size; at += piece) {
            std::memcpy(to + at, bytes_ + at, piece);
        }
        return size;
    }

    /// Assigns as `operator=` does, faster, for hot paths. (Used everywhere, it would make compilers warn of
    /// the bytes that are not in use.)
    JACKPOT_INLINE void assign_fast(const basic_text& other) noexcept {
        // The object's bytes, whatever they mean: the first piece has all of most names.
        auto* to = reinterpret_cast<unsigned char*>(this);
        const auto* from = reinterpret_cast<const unsigned char*>(&other);
        static_assert(sizeof(basic_text) >= piece);
        // The fields before the bytes, the bytes, and their NUL.
        const std::size_t used = sizeof *this - Capacity + other.size_;
        std::memcpy(to, from, piece);
        for (std::size_t at = sizeof *this % piece; at < used && used > piece; at += piece) {
            std::memcpy(to + at, from + at, piece);
        }
    }

    [[nodiscard]] std::string_view view() const noexcept { return {bytes_, size_}; }
    operator std::string_view() const noexcept { return view(); }
    /// The same with a NUL behind it, for interfaces in C.
    [[nodiscard]] const char* c_str() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] bool truncated() const noexcept { return truncated_; }

    friend bool operator==(const basic_text& a, const basic_text& b) noexcept {
        return a.view() == b.view() && a.truncated_ == b.truncated_;
    }
    template <detail::text_object Text>
    friend bool operator==(const basic_text& a, const Text& b) noexcept {
        return a.view() == std::string_view(b) && !a.truncated_;
    }
    friend bool operator==(const basic_text& a, const char* b) noexcept {
        return a == std::string_view(text_view(b));
    }
    /// Compares by byte order, the order of every listing of the library.
    friend std::strong_ordering operator<=>(const basic_text& a, const basic_text& b) noexcept {
        const auto order = a.view().compare(b.view()) <=> 0;  // some standard libraries lack the operator
        return order != 0 ? order : a.truncated_ <=> b.truncated_;
    }
    template <detail::text_object Text>
    friend std::strong_ordering operator<=>(const basic_text& a, const Text& b) noexcept {
        return a.view().compare(std::string_view(b)) <=> 0;
    }
    friend std::strong_ordering operator<=>(const basic_text& a, const char* b) noexcept {
        return a <=> std::string_view(text_view(b));
    }

    /// To any stream that writes bytes, as std::ostream does, which this header does not include.
    template <class Stream>
    friend auto operator<<(Stream& out, const basic_text& text)
        -> decltype(out.write("", std::ptrdiff_t()), out) {
        out.write(text.bytes_, static_cast<std::ptrdiff_t>(text.size_));
        return out;
    }

private:
    static constexpr std::size_t piece = 16;

    std::uint16_t size_ = 0;
    bool truncated_ = false;
    char bytes_[Capacity + 1];  // and a NUL behind those in use, which is in no way a part of the text
};

/// The name of a pool, game, player or actor, a reason, or a key.
using name = basic_text<128>;

namespace detail {

/// The character that a text begins with: how many bytes it has, and its code point. One byte that begins no
/// well-formed character of UTF-8 is `ill_formed`.
struct character {
    static constexpr std::uint32_t ill_formed = 0xFFFF'FFFF;

    std::size_t length;
    std::uint32_t point;
};

[[nodiscard]] inline character first_character(std::string_view text) noexcept {
    constexpr character none{1, character::ill_formed};
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) {
        return {1, lead};
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
        return none;
    }
    std::uint32_t point = lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
        const auto next = static_cast<unsigned char>(text[k]);
        if ((next & 0xC0) != 0x80) {
            return none;
        }
        point = (point << 6) | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return overlong || surrogate || point > 0x10FFFF ? none : character{length, point};
}

/// Can the character do something to a line or a terminal, or hide there: controls, the ends of lines and
/// paragraphs, what changes the direction of writing, and what has no width?
[[nodiscard]] constexpr bool is_harmful(std::uint32_t point) noexcept {
    const auto within = [&](std::uint32_t first, std::uint32_t last) {
        return point >= first && point <= last;
    };
    return point < 0x20 || within(0x7F, 0x9F) || point == 0xAD || point == 0x61C || point == 0x180E ||
           within(0x200B, 0x200F) || within(0x2028, 0x202E) || within(0x2060, 0x206F) || point == 0xFEFF ||
           within(0xFFF9, 0xFFFB) || within(0xE0000, 0xE007F);
}

/// Gives `put` the text in pieces that a line of a log or a terminal takes whatever bytes there are: harmful
/// characters as \uXXXX (of two, where they are above U+FFFF, as in JSON), bytes that are no UTF-8 as \xXX.
template <class Put>
void each_printable(std::string_view text, Put&& put) {
    const auto escaped = [&](char kind, std::uint32_t value, int digits) {
        char piece[6] = {'\\', kind};
        for (int i = 0; i < digits; ++i) {
            piece[1 + digits - i] = "0123456789abcdef"[(value >> (4 * i)) & 0xF];
        }
        put(std::string_view(piece, static_cast<std::size_t>(2 + digits)));
    };
    while (!text.empty()) {
        const character c = first_character(text);
        if (c.point == character::ill_formed) {
            escaped('x', static_cast<unsigned char>(text[0]), 2);
        } else if (is_harmful(c.point) && c.point > 0xFFFF) {
            escaped('u', 0xD7C0 + (c.point >> 10), 4);
            escaped('u', 0xDC00 | (c.point & 0x3FF), 4);
        } else if (is_harmful(c.point)) {
            escaped('u', c.point, 4);
        } else {
            put(text.substr(0, c.length));
        }
        text.remove_prefix(c.length);
    }
}

}  // namespace detail

/// Is this 1 to 128 bytes of well-formed UTF-8 without control characters (R1)?
[[nodiscard]] inline bool is_valid(const name& n) noexcept {
    if (n.empty() || n.truncated()) {
        return false;
    }
    for (std::string_view text = n; !text.empty();) {
        const auto lead = static_cast<unsigned char>(text[0]);
        if (lead < 0x20 || lead == 0x7F) {
            return false;
        }
        std::size_t length = 1;
        if (lead >= 0x80) {
            const detail::character c = detail::first_character(text);
            if (c.point == detail::character::ill_formed) {
                return false;
            }
            length = c.length;
        }
        text.remove_prefix(length);
    }
    return true;
}

}}  // namespace jackpot::v1

/// Texts that are equal have equal hashes.
template <std::size_t Capacity>
struct std::hash<jackpot::basic_text<Capacity>> {
    [[nodiscard]] std::size_t operator()(const jackpot::basic_text<Capacity>& text) const noexcept {
        return std::hash<std::string_view>()(text.view());
    }
};

#endif
