// SPDX-License-Identifier: BSL-1.0
#include "../../examples/replay/requests.hpp"

#include <jackpot/wide.hpp>

#include <cstdlib>

// A line of replay's input: a command, of which only digits make an amount, or none.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const auto members = replay::parse_command({reinterpret_cast<const char*>(bytes), size});
    if (!members) {
        return 0;
    }
    const replay::fields<std::int64_t> narrow(*members);
    const replay::fields<jackpot::wide_amount> wide(*members);
    static_cast<void>(narrow.text("pool"));
    static_cast<void>(narrow.list<jackpot::name_list>("pools"));
    static_cast<void>(wide.configuration());
    const auto amount = narrow.amount("wager", -1);
    const auto same = wide.amount("wager", -1);
    if (amount.has_value() != same.has_value() || (amount && *amount != -1 && *same != *amount)) {
        std::abort();
    }
    return 0;
}
