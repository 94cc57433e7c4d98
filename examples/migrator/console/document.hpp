// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_DOCUMENT_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_DOCUMENT_HPP

#include "printable.hpp"

#include <nlohmann/json.hpp>

namespace migrator {

/// Prints a result for scripts. A value in a row that was edited by hand may be anything, and no UTF-8.
inline void print_document(const nlohmann::ordered_json& document) {
    emit("{}\n", lines{document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)});
}

}  // namespace migrator

#endif
