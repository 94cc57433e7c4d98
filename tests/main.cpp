// SPDX-License-Identifier: BSL-1.0
// The implementation of doctest takes longer to compile than most tests: it is compiled here, once.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
