// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_SQL_TAKEN_HPP
#define JACKPOT_BENCHMARKS_SQL_TAKEN_HPP

#include <jackpot/core/error.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

/// The value; an error is thrown, for it ends the program.
template <class T>
T taken(jackpot::expected<T> answer) {
    if (!answer) {
        throw std::runtime_error(std::string(to_text(answer.error()).view()));
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*answer);
    }
}

}  // namespace bench

#endif
