// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_LOCKED_STORE_HPP
#define JACKPOT_SOCI_LOCKED_STORE_HPP

#include <jackpot/store/view.hpp>

namespace jackpot { inline namespace v1 { namespace sql {

/// The store while its lock is held.
template <amount Amount>
class locked_store : public jackpot::detail::any_store<Amount> {
public:
    [[nodiscard]] virtual expected<void> seal(bool sealed) = 0;
    [[nodiscard]] virtual expected<commit_result> rewrite(const basic_snapshot<Amount>& states) = 0;

protected:
    locked_store() = default;
    locked_store(const locked_store&) = default;
    locked_store& operator=(const locked_store&) = default;
    ~locked_store() = default;
};

}}}  // namespace jackpot::v1::sql

#endif
