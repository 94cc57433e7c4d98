// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_WIDE_HPP
#define JACKPOT_TESTS_WIDE_HPP

#include <jackpot/jackpot.hpp>
#include <jackpot/wide.hpp>

// What the tests of wide amounts share: wide.cpp compiles it once, as the companion does for 64 bits.
#ifndef JACKPOT_TESTS_INSTANCE
#define JACKPOT_TESTS_INSTANCE extern template
#endif

namespace jackpot { inline namespace v1 {

JACKPOT_TESTS_INSTANCE expected<void> admit(const store_head&, const basic_commit<wide_amount>&);
JACKPOT_TESTS_INSTANCE expected<void> normalize<wide_amount>(basic_request<wide_amount>&);
JACKPOT_TESTS_INSTANCE expected<void> decide(const basic_snapshot<wide_amount>&, timestamp,
                                             basic_operation<wide_amount>&);
JACKPOT_TESTS_INSTANCE expected<void> apply(basic_snapshot<wide_amount>&,
                                            const basic_operation<wide_amount>&);

namespace notation {
JACKPOT_TESTS_INSTANCE void write(std::string&, const basic_pool<wide_amount>&);
JACKPOT_TESTS_INSTANCE std::optional<basic_pool<wide_amount>> read_pool<wide_amount>(text_view);
}  // namespace notation

namespace detail {
JACKPOT_TESTS_INSTANCE class memory_state<wide_amount>;
JACKPOT_TESTS_INSTANCE class basic_writer<wide_amount>;
JACKPOT_TESTS_INSTANCE class store_view<wide_amount, memory_storage<wide_amount>>;
}  // namespace detail

}}  // namespace jackpot::v1

#endif
