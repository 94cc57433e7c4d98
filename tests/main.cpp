// SPDX-License-Identifier: BSL-1.0
// The implementation of doctest takes longer to compile than most tests: it is compiled here, once.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

// Without exceptions Boost leaves this to the program. Wide amounts never get here: they are checked
// before Boost could find fault with them.
#ifndef __cpp_exceptions
#include <boost/throw_exception.hpp>

void boost::throw_exception(const std::exception&) {
    std::abort();
}
void boost::throw_exception(const std::exception&, const boost::source_location&) {
    std::abort();
}
#endif
