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

/// Up to `Capacity` bytes of text, held in place: copying one allocates nothing and copies only the
/// bytes in use. What does not fit is cut off and remembered in `truncated()`, so that a name that is
/// too long can be refused later instead of being shortened into another one.
template <std::size_t Capacity>
class basic_text {
    static_assert(Capacity < 0xFFFF);

public:
    constexpr basic_text() noexcept {}
    basic_text(std::string_view text) noexcept { append(text); }
    /// A null pointer is no text: an empty one, which the rules refuse where a name is needed.
    basic_text(const char* text) noexcept : basic_text(view_of(text)) {}
    template <std::convertible_to<std::string_view> Text>
    basic_text(const Text& text) noexcept : basic_text(std::string_view(text)) {}

    basic_text(const basic_text& other) noexcept : size_(other.size_), truncated_(other.truncated_) {
        std::memcpy(bytes_, other.bytes_, size_);
    }
    basic_text& operator=(const basic_text& other) noexcept {
        size_ = other.size_;
        truncated_ = other.truncated_;
        std::memmove(bytes_, other.bytes_, size_);
        return *this;
    }

    basic_text& append(std::string_view text) noexcept {
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
        return *this;
    }

    void clear() noexcept {
        size_ = 0;
        truncated_ = false;
    }

    /// To where there is room for the whole capacity, for more than the bytes in use may be copied. How many
    /// those are.
    JACKPOT_INLINE std::size_t copy_padded(unsigned char* to) const noexcept {
        static_assert(Capacity % piece == 0);
        const std::size_t size = size_;
        // All of most names; and nothing here is a call, which costs registers.
        std::memcpy(to, bytes_, piece);
        for (std::size_t at = piece; at < size; at += piece) {
            std::memcpy(to + at, bytes_ + at, piece);
        }
        return size;
    }

    /// As an assignment, for hot paths. (Everywhere, compilers would warn of the bytes that are not in use.)
    JACKPOT_INLINE void assign_fast(const basic_text& other) noexcept {
        // The object's bytes, whatever they mean: the first piece has all of most names.
        auto* to = reinterpret_cast<unsigned char*>(this);
        const auto* from = reinterpret_cast<const unsigned char*>(&other);
        static_assert(sizeof(basic_text) >= piece);
        const std::size_t used = sizeof *this - Capacity + other.size_;
        std::memcpy(to, from, piece);
        for (std::size_t at = sizeof *this % piece; at < used && used > piece; at += piece) {
            std::memcpy(to + at, from + at, piece);
        }
    }

    [[nodiscard]] std::string_view view() const noexcept { return {bytes_, size_}; }
    operator std::string_view() const noexcept { return view(); }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] bool truncated() const noexcept { return truncated_; }

    friend bool operator==(const basic_text& a, const basic_text& b) noexcept {
        return a.view() == b.view() && a.truncated_ == b.truncated_;
    }
    friend bool operator==(const basic_text& a, std::string_view b) noexcept {
        return a.view() == b && !a.truncated_;
    }
    friend bool operator==(const basic_text& a, const char* b) noexcept { return a == view_of(b); }
    /// Byte order, as every listing of the library has it.
    friend std::strong_ordering operator<=>(const basic_text& a, const basic_text& b) noexcept {
        const auto order = a.view().compare(b.view()) <=> 0;  // some standard libraries lack the operator
        return order != 0 ? order : a.truncated_ <=> b.truncated_;
    }
    friend std::strong_ordering operator<=>(const basic_text& a, std::string_view b) noexcept {
        return a.view().compare(b) <=> 0;
    }

private:
    [[nodiscard]] static std::string_view view_of(const char* text) noexcept {
        return text == nullptr ? std::string_view() : std::string_view(text);
    }

    static constexpr std::size_t piece = 16;

    std::uint16_t size_ = 0;
    bool truncated_ = false;
    char bytes_[Capacity];
};

/// The name of a pool, game, player or actor, a reason, or a key.
using name = basic_text<128>;

/// Is this 1 to 128 bytes of well-formed UTF-8 without control characters (R1)?
[[nodiscard]] inline bool is_valid(const name& n) noexcept {
    if (n.empty() || n.truncated()) {
        return false;
    }
    const std::string_view text = n.view();
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x20 || lead == 0x7F) {
            return false;
        }
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || text.size() - i < length) {
            return false;
        }
        std::uint32_t point = lead & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0) != 0x80) {
                return false;
            }
            point = (point << 6) | (next & 0x3FU);
        }
        const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (overlong || surrogate || point > 0x10FFFF) {
            return false;
        }
        i += length;
    }
    return true;
}

}}  // namespace jackpot::v1

#endif
