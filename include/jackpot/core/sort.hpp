// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_SORT_HPP
#define JACKPOT_CORE_SORT_HPP

#include <cstddef>
#include <utility>

namespace jackpot { inline namespace v1 { namespace detail {

template <class T, class Less>
void sift_down(T* items, std::size_t root, std::size_t count, const Less& less) {
    T moved(std::move(items[root]));
    for (std::size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        child += child + 1 < count && less(items[child], items[child + 1]) ? 1 : 0;
        if (!less(moved, items[child])) {
            break;
        }
        items[root] = std::move(items[child]);
        root = child;
    }
    items[root] = std::move(moved);
}

/// A heap sort: std::sort is thirty functions for each type and order. What is in order already, as most
/// lists that come here are, is only looked at.
template <class T, class Less>
void sort(T* items, std::size_t count, const Less& less) {
    std::size_t in_order = 1;
    while (in_order < count && !less(items[in_order], items[in_order - 1])) {
        ++in_order;
    }
    if (in_order >= count) {
        return;
    }
    for (std::size_t i = count / 2; i-- > 0;) {
        sift_down(items, i, count, less);
    }
    for (std::size_t end = count; end-- > 1;) {
        std::swap(items[0], items[end]);
        sift_down(items, 0, end, less);
    }
}

/// By the names of pools.
struct by_pool {
    template <class T>
    bool operator()(const T& a, const T& b) const noexcept {
        return a.pool < b.pool;
    }
};
/// By their own order.
struct by_value {
    template <class T>
    bool operator()(const T& a, const T& b) const noexcept {
        return a < b;
    }
};

}}}  // namespace jackpot::v1::detail

#endif
