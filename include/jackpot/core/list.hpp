// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_LIST_HPP
#define JACKPOT_CORE_LIST_HPP

#include <jackpot/core/config.hpp>

#include <cstddef>
#include <initializer_list>
#include <new>
#include <utility>

namespace jackpot { inline namespace v1 {

/// A sequence whose first `Inline` elements live in place, and whose capacity, once reserved, is kept.
/// Unlike std::vector it can report that memory ran out: `try_reserve` returns false and changes
/// nothing. Growing by any other way without memory ends the program, as it would without exceptions.
template <class T, std::size_t Inline>
class list {
public:
    using value_type = T;

    list() noexcept {}
    list(std::initializer_list<T> items) { append(items.begin(), items.end()); }
    template <class Iterator>
    list(Iterator first, Iterator last) {
        append(first, last);
    }
    list(const list& other) { append(other.begin(), other.end()); }
    list(list&& other) noexcept { take(other); }
    list& operator=(const list& other) {
        if (this != &other) {
            assign(other.begin(), other.end());
        }
        return *this;
    }
    list& operator=(list&& other) noexcept {
        if (this != &other) {
            clear();
            take(other);
        }
        return *this;
    }
    ~list() {
        clear();
        release();
    }

    [[nodiscard]] bool try_reserve(std::size_t capacity) noexcept {
        if (capacity <= capacity_) {
            return true;
        }
        if (capacity > static_cast<std::size_t>(-1) / sizeof(T)) {
            return false;
        }
        void* memory = ::operator new(capacity * sizeof(T), std::nothrow);
        if (memory == nullptr) {
            return false;
        }
        T* items = static_cast<T*>(memory);
        for (std::size_t i = 0; i < size_; ++i) {
            ::new (static_cast<void*>(items + i)) T(std::move(data_[i]));
            data_[i].~T();
        }
        release();
        data_ = items;
        capacity_ = capacity;
        return true;
    }

    template <class... Args>
    T& emplace_back(Args&&... args) {
        if (size_ == capacity_) {
            T item(std::forward<Args>(args)...);  // before the arguments move: they may be elements
            if (!try_reserve(capacity_ * 2)) {
                JACKPOT_ABORT();
            }
            return *::new (static_cast<void*>(data_ + size_++)) T(std::move(item));
        }
        void* place = static_cast<void*>(data_ + size_);
        ++size_;
        if constexpr (sizeof...(Args) == 0) {
            return *::new (place) T;  // T() would fill a name's unused bytes with zeros first
        } else {
            return *::new (place) T(std::forward<Args>(args)...);
        }
    }
    template <class Iterator>
    void assign(Iterator first, Iterator last) {
        clear();
        append(first, last);
    }
    void push_back(const T& item) { emplace_back(item); }

    /// Removes the elements and keeps the capacity.
    void clear() noexcept { truncate(0); }
    /// Removes the elements behind the first `size`.
    void truncate(std::size_t size) noexcept {
        while (size_ > size) {
            data_[--size_].~T();
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] T* begin() noexcept { return data_; }
    [[nodiscard]] T* end() noexcept { return data_ + size_; }
    [[nodiscard]] const T* begin() const noexcept { return data_; }
    [[nodiscard]] const T* end() const noexcept { return data_ + size_; }
    [[nodiscard]] T* data() noexcept { return data_; }
    [[nodiscard]] const T* data() const noexcept { return data_; }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }
    [[nodiscard]] T& front() noexcept { return data_[0]; }
    [[nodiscard]] const T& front() const noexcept { return data_[0]; }

    friend bool operator==(const list& a, const list& b) {
        if (a.size_ != b.size_) {
            return false;
        }
        for (std::size_t i = 0; i < a.size_; ++i) {
            if (!(a.data_[i] == b.data_[i])) {
                return false;
            }
        }
        return true;
    }

private:
    template <class Iterator>
    void append(Iterator first, Iterator last) {
        for (; first != last; ++first) {
            emplace_back(*first);
        }
    }
    void take(list& other) noexcept {
        if (other.data_ != other.in_place()) {
            release();
            data_ = std::exchange(other.data_, other.in_place());
            size_ = std::exchange(other.size_, 0);
            capacity_ = std::exchange(other.capacity_, Inline);
            return;
        }
        for (std::size_t i = 0; i < other.size_; ++i) {
            emplace_back(std::move(other.data_[i]));
        }
        other.clear();
    }
    void release() noexcept {
        if (data_ != in_place()) {
            ::operator delete(static_cast<void*>(data_));
            data_ = in_place();
            capacity_ = Inline;
        }
    }
    [[nodiscard]] T* in_place() noexcept { return reinterpret_cast<T*>(storage_); }

    T* data_ = in_place();
    std::size_t size_ = 0;
    std::size_t capacity_ = Inline;
    alignas(T) unsigned char storage_[Inline * sizeof(T)];
};

}}  // namespace jackpot::v1

#endif
