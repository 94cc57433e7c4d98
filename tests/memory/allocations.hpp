// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_MEMORY_ALLOCATIONS_HPP
#define JACKPOT_TESTS_MEMORY_ALLOCATIONS_HPP

#include <cstddef>

// What allocation.cpp counts, for the other files of its binary.

namespace test {

inline bool counting = false;
inline std::size_t allocations = 0;

template <class Body>
std::size_t allocations_of(Body&& body) {
    allocations = 0;
    counting = true;
    body();
    counting = false;
    return allocations;
}

}  // namespace test

#endif
