// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_CONFIG_HPP
#define JACKPOT_CORE_CONFIG_HPP

#define JACKPOT_VERSION_MAJOR 0
#define JACKPOT_VERSION_MINOR 1
#define JACKPOT_VERSION_PATCH 0

// Asserts guard the library's own invariants and never judge a caller's input. A host may define
// the macro before it includes any header of the library; it changes no layout.
#ifndef JACKPOT_ASSERT
#include <cassert>
#define JACKPOT_ASSERT(condition) assert(condition)
#endif

// Ends the program where memory ran out that had not been reserved, as a standard container does without
// exceptions. A host may define its own, which must not return.
#ifndef JACKPOT_ABORT
#include <cstdlib>
#define JACKPOT_ABORT() std::abort()
#endif

// For what is called for each pool of each wager: the usual limits on inlining would leave calls there.
#if defined(__GNUC__)
#define JACKPOT_INLINE [[gnu::always_inline]] inline
#elif defined(_MSC_VER)
#define JACKPOT_INLINE __forceinline
#else
#define JACKPOT_INLINE inline
#endif

// For what those call seldom: inlined there, it would take their registers.
#if defined(__GNUC__)
#define JACKPOT_COLD [[gnu::noinline, gnu::cold]]
#elif defined(_MSC_VER)
#define JACKPOT_COLD __declspec(noinline)
#else
#define JACKPOT_COLD
#endif

#endif
