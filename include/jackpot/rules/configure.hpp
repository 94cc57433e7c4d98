// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_CONFIGURE_HPP
#define JACKPOT_RULES_CONFIGURE_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The configuration in force and the patch that waits, as a configure request would leave them.
template <amount Amount>
struct configured_states {
    basic_configuration<Amount> configuration;
    basic_pending<Amount> pending;  ///< waits only where its patch names a field
};

template <amount Amount>
[[nodiscard]] configured_states<Amount> configured(const basic_pool<Amount>& pool,
                                                   const basic_configure_request<Amount>& r) {
    configured_states<Amount> after{*pool.configuration, {}};
    if (pool.pending && r.when != when::discard) {
        after.pending.patch = pool.pending->patch;
    }
    if (r.when == when::now) {
        overlay(after.configuration, r.patch);
    } else {
        overlay(after.pending.patch, r.patch);
    }
    after.pending.configuration = after.configuration;
    overlay(after.pending.configuration, after.pending.patch);
    return after;
}

/// Does the configuration in force keep the pool from taking such a patch now? (R5)
template <amount Amount>
[[nodiscard]] bool is_locked(const basic_pool<Amount>& pool, const basic_patch<Amount>& patch) {
    const changes allowed = pool.configuration->changes;
    if (allowed == changes::any || (allowed == changes::suspended && pool.status == pool_status::suspended)) {
        return false;
    }
    bool locked = false;
    each_setting<Amount>([&](const auto& s) { locked = locked || (!s.open && patch.*s.change); });
    return locked;
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_configure_request<Amount>& r,
                                          basic_parts<Amount>& parts) {
    const auto found = not_closed(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const basic_pool<Amount>& pool = **found;
    if (r.when == when::discard && !pool.pending) {
        return fail(errc::empty_configuration, "pool", r.pool);
    }
    if (r.when == when::now && is_locked(pool, r.patch)) {
        return fail(errc::changes_locked, "changes", to_string(pool.configuration->changes));
    }
    const auto after = configured(pool, r);
    field_check check;
    check_agreement(check, after.configuration);
    check_agreement(check, after.pending.configuration);
    if (!check.result()) {
        return check.result();
    }
    const auto& cap = after.configuration.cap;
    if (cap && *cap < pool.current) {
        return fail(errc::cap_below_current, "cap", amount_traits<Amount>::to_text(*cap));
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    drop_fractions(after.configuration, part);
    part.from_overflow = draw_overflow(after.configuration, part);
    return success();
}

}}}  // namespace jackpot::v1::detail

#endif
