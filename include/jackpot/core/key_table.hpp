// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_KEY_TABLE_HPP
#define JACKPOT_CORE_KEY_TABLE_HPP

#include <jackpot/core/list.hpp>

#include <cstdint>
#include <string_view>

namespace jackpot { inline namespace v1 { namespace detail {

/// From a name's hash to a number that stands for what has the name: which operation holds a key. Open
/// addressing, so that it can be reserved once, and say so when memory runs out.
class key_table {
public:
    /// Room for that many keys altogether; false, and nothing changed, without memory.
    [[nodiscard]] bool try_reserve(std::size_t keys) noexcept {
        if (keys <= slots_.size() / 2) {
            return true;
        }
        if (keys > static_cast<std::size_t>(-1) / (4 * sizeof(slot))) {
            return false;
        }
        std::size_t capacity = slots_.size() < 16 ? 16 : slots_.size();
        while (capacity < keys * 2) {
            capacity *= 2;
        }
        list<slot, 1> bigger;
        if (!bigger.try_reserve(capacity)) {
            return false;
        }
        for (std::size_t i = 0; i < capacity; ++i) {
            bigger.emplace_back();
        }
        std::swap(slots_, bigger);
        for (const slot& s : bigger) {
            if (s.hash != 0) {
                place(s);
            }
        }
        return true;
    }

    /// Needs room for one key more.
    void insert(std::string_view key, std::uint64_t operation) noexcept {
        place({hash(key), operation});
        ++size_;
    }

    /// The operation under a key's hash that `holds(operation)` confirms; none otherwise.
    template <class Holds>
    [[nodiscard]] const std::uint64_t* find(std::string_view key, Holds&& holds) const {
        if (slots_.empty()) {
            return nullptr;
        }
        const std::uint64_t wanted = hash(key);
        for (std::size_t i = home(wanted); slots_[i].hash != 0; i = next(i)) {
            if (slots_[i].hash == wanted && holds(slots_[i].operation)) {
                return &slots_[i].operation;
            }
        }
        return nullptr;
    }

    void erase(std::string_view key, std::uint64_t operation) noexcept {
        const std::uint64_t erased = hash(key);
        std::size_t hole = home(erased);
        while (slots_[hole].operation != operation || slots_[hole].hash != erased) {
            hole = next(hole);
        }
        // Moves later entries of the same run back, so that no search ends too early.
        for (std::size_t i = next(hole); slots_[i].hash != 0; i = next(i)) {
            const std::size_t wanted = home(slots_[i].hash);
            if (((i - wanted) & (slots_.size() - 1)) >= ((i - hole) & (slots_.size() - 1))) {
                slots_[hole] = slots_[i];
                hole = i;
            }
        }
        slots_[hole].hash = 0;
        --size_;
    }

    void clear() noexcept {
        if (size_ == 0) {
            return;
        }
        for (slot& s : slots_) {
            s.hash = 0;
        }
        size_ = 0;
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    struct slot {
        std::uint64_t hash = 0;  // 0: not in use
        std::uint64_t operation = 0;
    };

    [[nodiscard]] static std::uint64_t hash(std::string_view key) noexcept {
        const std::uint64_t h = std::hash<std::string_view>{}(key);
        return h == 0 ? 1 : h;
    }
    [[nodiscard]] std::size_t home(std::uint64_t h) const noexcept { return h & (slots_.size() - 1); }
    [[nodiscard]] std::size_t next(std::size_t i) const noexcept { return (i + 1) & (slots_.size() - 1); }
    void place(const slot& s) noexcept {
        std::size_t i = home(s.hash);
        while (slots_[i].hash != 0) {
            i = next(i);
        }
        slots_[i] = s;
    }

    list<slot, 1> slots_;  // its size is a power of two, or 0
    std::size_t size_ = 0;
};

}}}  // namespace jackpot::v1::detail

#endif
