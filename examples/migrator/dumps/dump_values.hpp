// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMP_VALUES_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_DUMPS_DUMP_VALUES_HPP

#include "dump_tokens.hpp"
#include "dumps.hpp"

namespace migrator {

/// Reads the values of an INSERT. Each reader begins at the token `now_` and ends at the one behind what it
/// has read; false where that is something else, and `failure_` says what.
class value_reader {
protected:
    explicit value_reader(std::string_view text) : tokens_(text) {}

    const token& advance() { return now_ = tokens_.next(); }

    bool fail(std::string why, std::size_t at);
    /// `wanted` says what should stand here.
    bool fail(std::string_view wanted);

    bool read_value(dumped_value& value);

    token_reader tokens_;
    token now_;
    std::string failure_;
    std::size_t failed_at_ = 0;

private:
    bool skip_cast();
    bool read_replaced(dumped_value& value);
    bool read_unistr(dumped_value& value);
};

}  // namespace migrator

#endif
