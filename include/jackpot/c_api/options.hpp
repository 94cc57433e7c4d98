// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_OPTIONS_HPP
#define JACKPOT_C_API_OPTIONS_HPP

#include <jackpot/c_api/network.hpp>

#ifdef JACKPOT_C_API_SOCI
#include <jackpot/soci/storage.hpp>
#endif

#include <new>

// The networks that jackpot_options can ask for, and the stores that they keep.

namespace jackpot { inline namespace v1 { namespace detail {

struct kept_memory {
    explicit kept_memory(memory_options options) : store(options) {}
    memory_storage<std::int64_t, null_lock> store;
};
#ifdef JACKPOT_C_API_SOCI
struct kept_sql {
    explicit kept_sql(soci_storage opened) : store(std::move(opened)) {}
    soci_storage store;
};
struct kept_behind {
    kept_behind(soci_storage opened, const write_behind_options& options)
        : behind(std::move(opened)), store(behind, options) {}
    soci_storage behind;
    write_behind<soci_storage> store;
};
#endif

/// A network over what `kept...` makes, with room for what is to come.
template <class Network, class... Args>
[[nodiscard]] expected<std::unique_ptr<Network>> made(const jackpot_options& o, Args&&... kept) {
    std::unique_ptr<Network> n(new (std::nothrow) Network(o, std::forward<Args>(kept)...));
    const std::size_t pools = o.reserve_pools == 0 ? 8 : static_cast<std::size_t>(o.reserve_pools);
    if (n == nullptr || !n->receipt.parts.try_reserve(pools) || !n->told.room.reserve(pools)) {
        return fail(errc::out_of_memory);
    }
    n->pools_reserved = pools;
    auto reserved = n->reserve(pools, 1);
    if constexpr (requires { n->kept().store.reserve(memory_capacity{}); }) {
        memory_capacity capacity{.pools = pools, .keys = static_cast<std::size_t>(o.reserve_keys)};
        if (o.reserve_journal != 0) {
            capacity.journal_bytes = static_cast<std::size_t>(o.reserve_journal);
        }
        reserved = reserved.and_then([&] { return n->kept().store.reserve(capacity); });
    }
    if (!reserved) {
        return tl::unexpected(reserved.error());
    }
    return n;
}

/// Without exceptions, a container that cannot have what was asked for would end the program.
[[nodiscard]] inline expected<void> check_reserves(const jackpot_options& o) {
    struct {
        std::string_view field;
        std::uint64_t value;
        std::int64_t most;
    } const reserves[] = {{"reserve_pools", o.reserve_pools, 65'536},
                          {"reserve_journal", o.reserve_journal, std::int64_t(1) << 31},
                          {"reserve_keys", o.reserve_keys, std::int64_t(1) << 24}};
    for (const auto& r : reserves) {
        if (r.value > static_cast<std::uint64_t>(r.most)) {
            return fail(errc::invalid_operation, r.field,
                        basic_text<40>("more than ").append(amount_traits<std::int64_t>::to_text(r.most)));
        }
    }
    return success();
}

[[nodiscard]] inline expected<std::unique_ptr<jackpot_network>> made_as_asked(const jackpot_options& o) {
    const auto& e = o.environment;
    const bool whole =
        (e.now == nullptr) == (e.sleep == nullptr) && (e.now == nullptr) == (e.random == nullptr);
    if (!whole) {
        return fail(errc::invalid_operation, "environment", "every function, or none");
    }
    if (o.mode < JACKPOT_MODE_DIRECT || o.mode > JACKPOT_MODE_THROUGH) {
        return fail(errc::invalid_operation, "mode", amount_traits<std::int64_t>::to_text(o.mode));
    }
    if (auto sound = check_reserves(o); !sound) {
        return tl::unexpected(sound.error());
    }
    if (o.store == nullptr) {
        if (o.mode != JACKPOT_MODE_DIRECT) {
            return fail(errc::invalid_operation, "mode", "memory alone has no store behind it");
        }
        return made<network_over<kept_memory>>(o, memory_options{o.history_limit});
    }
#ifdef JACKPOT_C_API_SOCI
    auto opened = soci_storage::open(o.store);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    if (o.mode == JACKPOT_MODE_DIRECT) {
        return made<network_over<kept_sql>>(o, std::move(*opened));
    }
    const write_behind_options behind{.history_limit = o.history_limit,
                                      .lag_limit = o.lag_limit,
                                      .durable = o.mode == JACKPOT_MODE_THROUGH};
    auto before = made<network_before<kept_behind>>(o, std::move(*opened), behind);
    if (before) {
        if (auto restored = (*before)->kept().store.restore(); !restored) {
            return tl::unexpected(restored.error());
        }
    }
    return before;
#else
    return fail(errc::unsupported, "store", "this build has no SQL stores");  // a URL may hold a password
#endif
}

}}}  // namespace jackpot::v1::detail

#endif
