// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/verbs/rollback_data.hpp"
#include "digest.hpp"

#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>

#include <cstdlib>

namespace {

void read(std::string_view text) {
    const auto data = migrator::read_rollback_data(text);
    if (!data) {
        if (data.error().empty()) {
            std::abort();
        }
        return;
    }
    for (const auto& p : data->states.pools) {
        if (!check_meters(p)) {
            std::abort();
        }
    }
    const auto again = migrator::read_rollback_data(to_text(*data));
    if (!again || !(again->states == data->states) || !(again->last_operation == data->last_operation)) {
        std::abort();
    }
}

}  // namespace

// Whatever the bytes: a moment that R8 holds for and that can be written again, or an error. What is wrong
// behind the digest is looked for too.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    read(text);
    read(test::with_digest(text));
    return 0;
}
