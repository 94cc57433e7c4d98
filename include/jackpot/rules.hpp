// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_HPP
#define JACKPOT_RULES_HPP

// The rules of progressive jackpots as pure functions: what a request does (decide), and what an
// operation did (apply). No clock, lock, store or random number is in them, and no money is computed
// anywhere else.
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>

#endif
