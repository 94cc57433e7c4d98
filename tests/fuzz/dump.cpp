// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/dumps/dumped_store.hpp"

#include <cstdlib>

// Whatever the bytes: tables whose rows fit their columns, or an error, which names the line unless there are
// none, in an archive; and pools that R8 holds for, or an error.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const auto dump = migrator::read_dump({reinterpret_cast<const char*>(bytes), size});
    if (!dump) {
        if (!dump.error().starts_with("line ") && !dump.error().starts_with("it is an archive")) {
            std::abort();
        }
        return 0;
    }
    for (const auto& table : *dump) {
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            if (table.rows[row].size() != table.columns.size()) {
                std::abort();
            }
        }
    }
    const auto pools = migrator::pools_of(*dump);
    if (!pools) {
        if (pools.error().empty()) {
            std::abort();
        }
        return 0;
    }
    for (const auto& p : pools->states.pools) {
        if (!check_meters(p)) {
            std::abort();
        }
    }
    return 0;
}
