// SPDX-License-Identifier: BSL-1.0
#define JACKPOT_TESTS_INSTANCE template
#include "wide.hpp"
