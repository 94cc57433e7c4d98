// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_ADJUST_HPP
#define JACKPOT_RULES_ADJUST_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_adjust_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto found = not_closed(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const basic_pool<Amount>& pool = **found;
    const auto refuse = [&](errc code) {
        return fail(code, "delta", amount_traits<Amount>::to_text(r.delta));
    };
    if (r.delta < 0 && pool.current < -r.delta) {
        return refuse(errc::amount_exceeds_pool);
    }
    const auto limit = room(*pool.configuration, pool.current);
    if (limit && *limit < r.delta) {
        return refuse(errc::cap_exceeded);
    }
    basic_meters<Amount> growth;
    growth.adjusted = r.delta;
    if (auto fits = check_growth(pool, growth); !fits) {
        return fits;
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    part.current += r.delta;
    part.from_overflow = draw_overflow(*pool.configuration, part);
    return success();
}

}}}  // namespace jackpot::v1::detail

#endif
