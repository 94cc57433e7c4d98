// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_PARTS_HPP
#define JACKPOT_RULES_PARTS_HPP

#include <jackpot/rules/contribution.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_open_request<Amount>& r, basic_parts<Amount>& parts) {
    if (find_pool(before.pools, r.pool) != nullptr) {
        return fail(errc::pool_exists, "pool", r.pool);
    }
    basic_part<Amount>& part = parts.emplace_back();
    part.pool = r.pool;
    part.version = 1;
    part.current = r.configuration.seed;
    return success();
}

/// Does a win that leaves `left` in the pool put its pending configuration in force (R4)?
template <amount Amount>
[[nodiscard]] bool pending_applies(const basic_pool<Amount>& pool, const Amount& left) {
    return pool.pending && (!pool.pending->configuration.cap || *pool.pending->configuration.cap >= left);
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_win_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto found = existing(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const basic_pool<Amount>& pool = **found;
    if (pool.status != pool_status::active) {
        return fail(errc::pool_suspended, "pool", r.pool);
    }
    if (!r.amount && pool.current == 0) {
        return fail(errc::pool_empty, "pool", r.pool);
    }
    if (r.amount && *r.amount > pool.current) {
        return fail(errc::amount_exceeds_pool, "amount", amount_traits<Amount>::to_text(*r.amount));
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    part.paid = r.amount ? *r.amount : pool.current;
    part.current -= part.paid;
    const auto& c = pending_applies(pool, part.current) ? pool.pending->configuration : *pool.configuration;
    if (c.rounding == rounding::floor) {
        part.carry = 0;
    }
    if (part.current < c.seed) {
        part.from_house = c.seed - part.current;
        part.current = c.seed;
    }
    part.from_overflow = draw_overflow(c, part);
    return check_growth(pool, {.funded = part.from_house, .total_wins = part.paid});
}

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

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_configure_request<Amount>& r,
                                          basic_parts<Amount>& parts) {
    const auto found = existing(before, r.pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const basic_pool<Amount>& pool = **found;
    if (r.when == when::discard && !pool.pending) {
        return fail(errc::empty_configuration, "pool", r.pool);
    }
    const auto after = configured(pool, r);
    field_check check;
    check_cap_above_seed(check, after.configuration);
    check_cap_above_seed(check, after.pending.configuration);
    if (!check.result()) {
        return check.result();
    }
    const auto& cap = after.configuration.cap;
    if (cap && *cap < pool.current) {
        return fail(errc::cap_below_current, "cap", amount_traits<Amount>::to_text(*cap));
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    if (after.configuration.rounding == rounding::floor) {
        part.carry = 0;
    }
    part.from_overflow = draw_overflow(after.configuration, part);
    return success();
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_adjust_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto found = existing(before, r.pool);
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
    if (auto fits = check_growth(pool, {.adjusted = r.delta}); !fits) {
        return fits;
    }
    basic_part<Amount>& part = begin_part(parts, pool);
    part.current += r.delta;
    part.from_overflow = draw_overflow(*pool.configuration, part);
    return success();
}

/// Suspending asks for an active pool, resuming for a suspended one (R7).
template <amount Amount>
[[nodiscard]] expected<void> decide_status(const basic_snapshot<Amount>& before, const name& pool,
                                           pool_status after, basic_parts<Amount>& parts) {
    const auto found = existing(before, pool);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if ((*found)->status == after) {
        return fail(after == pool_status::active ? errc::pool_active : errc::pool_suspended, "pool", pool);
    }
    begin_part(parts, **found);
    return success();
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before, const suspend_request& r,
                                          basic_parts<Amount>& parts) {
    return decide_status(before, r.pool, pool_status::suspended, parts);
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before, const resume_request& r,
                                          basic_parts<Amount>& parts) {
    return decide_status(before, r.pool, pool_status::active, parts);
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>&, const checkpoint_request&,
                                          basic_parts<Amount>&) {
    return fail(errc::invalid_operation, "kind", "checkpoint");
}

}}}  // namespace jackpot::v1::detail

#endif
