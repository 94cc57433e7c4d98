// SPDX-License-Identifier: BSL-1.0

// A store of your own: write a class with the five verbs of `jackpot::storage` (vector_storage.hpp is
// one), and let the library's conformance suite say whether it keeps the laws. Everything that the
// library can do (retry, bulk, replicate, compare, audit, repair) then works on it.
#include "custom_storage/vector_storage.hpp"

#include <jackpot/testing/conformance.hpp>

#include <cstdio>
#include <memory>

int main() {
    // [conformance]
    using store = vector_storage<std::int64_t>;
    std::unique_ptr<tables<std::int64_t>> disk;

    const auto make = [&] {
        disk = std::make_unique<tables<std::int64_t>>();
        return store(*disk);
    };
    // A further handle to the same store: this is how the suite sees that nothing lives in the handle.
    const auto reopen = [&] { return store(*disk); };

    const auto report = jackpot::testing::check_conformance(make, reopen);
    // [conformance]
    if (!report.passed()) {
        std::printf("vector_storage breaks the laws of a store:\n%s", to_text(report).c_str());
        return 1;
    }
    std::printf("vector_storage keeps the laws of a store\n");
    return 0;
}
