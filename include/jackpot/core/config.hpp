// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_CONFIG_HPP
#define JACKPOT_CORE_CONFIG_HPP

#define JACKPOT_VERSION_MAJOR 0
#define JACKPOT_VERSION_MINOR 1
#define JACKPOT_VERSION_PATCH 0

// JACKPOT_ASSERT guards the library's own invariants and never judges a caller's input. A host may define it
// before it includes any header of the library; it changes no layout.
#ifndef JACKPOT_ASSERT
#include <cassert>
#define JACKPOT_ASSERT(condition) assert(condition)
#endif

// JACKPOT_ABORT ends the program where an allocation fails that was not made in advance by `reserve`, as a
// standard container does without exceptions. A host may define its own, which must not return.
#ifndef JACKPOT_ABORT
#include <cstdlib>
#define JACKPOT_ABORT() std::abort()
#endif

// Marks functions that run for each pool of each wager: the compiler's usual limits on inlining would leave
// calls there. Without optimisation the compiler would inline them all the same, at twice the code.
#if defined(__GNUC__) && !defined(__OPTIMIZE__)
#define JACKPOT_INLINE inline
#elif defined(__GNUC__)
#define JACKPOT_INLINE [[gnu::always_inline]] inline
#elif defined(_MSC_VER)
#define JACKPOT_INLINE __forceinline
#else
#define JACKPOT_INLINE inline
#endif

// Marks a lambda in the same way, between its parameters and its body.
#if defined(__GNUC__) && defined(__OPTIMIZE__)
#define JACKPOT_INLINE_LAMBDA __attribute__((always_inline))
#else
#define JACKPOT_INLINE_LAMBDA
#endif

// Marks functions that those call seldom: inlined, they would take the callers' registers.
#if defined(__GNUC__)
#define JACKPOT_COLD [[gnu::noinline, gnu::cold]]
#elif defined(_MSC_VER)
#define JACKPOT_COLD __declspec(noinline)
#else
#define JACKPOT_COLD
#endif

// Marks functions of a hot path that are to stay functions.
#if defined(__GNUC__)
#define JACKPOT_OUTLINE [[gnu::noinline]]
#elif defined(_MSC_VER)
#define JACKPOT_OUTLINE __declspec(noinline)
#else
#define JACKPOT_OUTLINE
#endif

// JACKPOT_INSTANCE(class some_template<std::int64_t>); stands behind what is compiled once, in the companion
// (compiled.cpp), where a program is told of that by JACKPOT_COMPILED; elsewhere it says nothing.
#if !defined(JACKPOT_INSTANCE) && defined(JACKPOT_COMPILED)
#define JACKPOT_INSTANCE(...) extern template __VA_ARGS__
#elif !defined(JACKPOT_INSTANCE)
#define JACKPOT_INSTANCE(...) static_assert(true)
#endif

#endif
