// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_POOL_ITERATOR_HPP
#define JACKPOT_CORE_POOL_ITERATOR_HPP

#include <compare>
#include <cstddef>
#include <iterator>
#include <type_traits>

namespace jackpot { inline namespace v1 { namespace detail {

/// Goes over pools by pointers to them.
template <class Pool>
class pool_iterator {
public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = std::remove_const_t<Pool>;
    using difference_type = std::ptrdiff_t;
    using pointer = Pool*;
    using reference = Pool&;
    using place = value_type* const*;

    pool_iterator() = default;
    explicit pool_iterator(place at) noexcept : at_(at) {}
    operator pool_iterator<const Pool>() const noexcept { return pool_iterator<const Pool>(at_); }

    Pool& operator*() const noexcept { return **at_; }
    Pool* operator->() const noexcept { return *at_; }
    Pool& operator[](std::ptrdiff_t i) const noexcept { return *at_[i]; }
    pool_iterator& operator+=(std::ptrdiff_t i) noexcept {
        at_ += i;
        return *this;
    }
    pool_iterator& operator-=(std::ptrdiff_t i) noexcept { return *this += -i; }
    pool_iterator& operator++() noexcept { return *this += 1; }
    pool_iterator& operator--() noexcept { return *this += -1; }
    pool_iterator operator++(int) noexcept { return pool_iterator(at_++); }
    pool_iterator operator--(int) noexcept { return pool_iterator(at_--); }
    friend pool_iterator operator+(pool_iterator a, std::ptrdiff_t i) noexcept { return a += i; }
    friend pool_iterator operator+(std::ptrdiff_t i, pool_iterator a) noexcept { return a += i; }
    friend pool_iterator operator-(pool_iterator a, std::ptrdiff_t i) noexcept { return a -= i; }
    friend std::ptrdiff_t operator-(pool_iterator a, pool_iterator b) noexcept { return a.at_ - b.at_; }
    friend bool operator==(pool_iterator, pool_iterator) noexcept = default;
    friend auto operator<=>(pool_iterator, pool_iterator) noexcept = default;

private:
    place at_ = nullptr;
};

}}}  // namespace jackpot::v1::detail

#endif
