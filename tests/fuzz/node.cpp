// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/node/node.hpp"

#include <jackpot/replication/audit.hpp>

#include <cstdlib>

// Whatever the bytes: a store that an audit finds nothing wrong with, or an error.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const auto service = migrator::read_node_backup({reinterpret_cast<const char*>(bytes), size});
    if (!service) {
        if (service.error().empty()) {
            std::abort();
        }
        return 0;
    }
    for (const bool adopt : {false, true}) {
        const auto imported = migrator::to_store(*service, {.adopt = adopt});
        if (!imported) {
            if (imported.error().empty()) {
                std::abort();
            }
            continue;
        }
        const auto audited = audit(*imported->store);
        if (!audited || !audited->clean()) {
            std::abort();
        }
    }
    return 0;
}
