// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_REPAIR_HPP
#define JACKPOT_REPLICATION_REPAIR_HPP

#include <jackpot/core/environment.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/store/name_changed.hpp>

namespace jackpot { inline namespace v1 {

/// Optional: `rewrite(states)` replaces the stored rows of all pools, at the same sequence, without a trace
/// in the journal. It answers conflict where a commit decided on the states' head would. Only `repair` uses
/// it. The guard does not move, so no other writer notices: stop those that hold the old rows first.
template <class S>
concept rewritable_storage = storage<S> &&
    requires(S& store, const basic_snapshot<typename S::amount_type>& states) {
    { store.rewrite(states) } -> std::same_as<expected<commit_result>>;
};

/// The person who adopts rows that were edited by hand, and the reason.
struct adoption {
    name actor{};
    name reason{};
};

struct repair_result {
    std::vector<name> pools;     ///< the pools whose rows differed from the journal
    std::uint64_t sequence = 0;  ///< of the store, afterwards
};

namespace detail {

/// The stored rows, the states that the journal folds to, and the pools in which the two differ.
template <amount Amount>
struct repair_view {
    basic_snapshot<Amount> rows;
    basic_snapshot<Amount> folded;
    repair_result result;
};

template <storage Storage>
[[nodiscard]] expected<repair_view<typename Storage::amount_type>> view_for_repair(Storage& store) {
    repair_view<typename Storage::amount_type> view;
    if (auto loaded = store.load(view.rows); !loaded) {
        return tl::unexpected(loaded.error());
    }
    auto folded = fold(store, view.rows.head.sequence);
    if (!folded) {
        return tl::unexpected(folded.error());
    }
    view.folded = std::move(*folded);
    view.folded.head.identity = view.rows.head.identity;
    view.result.sequence = view.rows.head.sequence;
    compare_pools(view.folded.pools, view.rows.pools, [&](const std::string& where, auto&&...) {
        const name pool(std::string_view(where).substr(std::string_view("pool ").size()));
        if (view.result.pools.empty() || !(view.result.pools.back() == pool)) {
            view.result.pools.push_back(pool);
        }
    });
    return view;
}

/// Replaces the stored rows, unless they are right already.
template <rewritable_storage Storage>
[[nodiscard]] expected<void> rewrite_rows(Storage& store,
                                          const basic_snapshot<typename Storage::amount_type>& rows,
                                          const basic_snapshot<typename Storage::amount_type>& stored) {
    if (rows.pools == stored.pools) {
        return success();
    }
    const auto written = store.rewrite(rows);
    if (!written) {
        return tl::unexpected(written.error());
    }
    return *written == commit_result::committed ? success() : fail(errc::conflict);
}

/// Books, as a correction, the amount that makes R8's identity hold for meters that somebody has set.
template <amount Amount>
[[nodiscard]] expected<void> book_as_adjusted(basic_pool<Amount>& p) {
    Amount adjusted{};
    p.adjusted = 0;
    bool fits = add_side<Amount>(meter_side::left, p, adjusted);
    each_on<Amount>(meter_side::right,
                    [&](const auto& m) { fits = fits && subtract<Amount>(adjusted, p.*m.amount); });
    if (!fits) {
        return fail(errc::amount_overflow, "pool", p.pool);
    }
    p.adjusted = adjusted;
    p.seeded = (std::min)(p.seeded, p.current);
    return {};
}

}  // namespace detail

/// Rebuilds the pools' rows from the journal; the journal does not change. Stop the store's writers first: a
/// writer that has read the edited rows would go on with them. Errors: corrupt, where the journal cannot be
/// folded; conflict, where a writer committed meanwhile; the store's own.
template <rewritable_storage Storage>
[[nodiscard]] expected<repair_result> repair_from_journal(Storage& store) {
    auto view = detail::view_for_repair(store);
    if (!view) {
        return tl::unexpected(view.error());
    }
    if (!view->result.pools.empty()) {
        if (auto written = detail::rewrite_rows(store, view->folded, view->rows); !written) {
            return tl::unexpected(written.error());
        }
    }
    return view->result;
}

/// Adopts the rows as they are: adds one `restored` operation, with actor and reason, after which the rows
/// are the journal's fold. An amount that the rows hold above or below the journal's is booked as adjusted. A
/// pool whose row is gone is suspended. Versions, times and sequences become those of the journal again, and
/// no entry of the journal changes. Stop the store's writers first.
///
/// Errors: invalid_actor, invalid_reason; corrupt, where a row breaks R8 in another way (above its cap, for
/// example) or the journal cannot be folded; amount_overflow; conflict; the store's own.
template <rewritable_storage Storage, environment Environment>
[[nodiscard]] expected<repair_result> adopt_rows(Storage& store, const adoption& by,
                                                 Environment& environment) {
    using amount_type = typename Storage::amount_type;
    auto view = detail::view_for_repair(store);
    if (!view) {
        return tl::unexpected(view.error());
    }
    basic_operation<amount_type> o;
    auto& request = o.request.template emplace<basic_restore_request<amount_type>>();
    request = {.actor = by.actor,
               .reason = by.reason,
               .returned_to = view->rows.head.sequence,
               .states = view->rows.pools};
    for (auto& p : request.states) {
        if (auto booked = detail::book_as_adjusted(p); !booked) {
            return tl::unexpected(booked.error());
        }
    }
    if (auto decided = decide(view->folded, environment.now(), o); !decided) {
        return tl::unexpected(decided.error());
    }
    // A commit needs the journal's versions, and rows to update: both are put in place first.
    auto rows = view->folded;
    for (auto& p : rows.pools) {
        if (const auto* edited = detail::find_pool(view->rows.pools, p.pool)) {
            p = detail::returned_to(p, *edited);
        }
    }
    if (auto written = detail::rewrite_rows(store, rows, view->rows); !written) {
        return tl::unexpected(written.error());
    }
    if (o.parts.empty()) {
        return view->result;
    }
    o.id = {environment.random(), environment.random()};
    auto after = view->folded;
    if (auto applied = apply(after, o); !applied) {
        return tl::unexpected(applied.error());
    }
    named_pools<amount_type> changed;
    const auto committed = store.commit({.identity = after.head.identity,
                                         .sequence = rows.head.sequence,
                                         .newest = rows.head.newest,
                                         .operations = {&o, 1},
                                         .pools = name_changed(after, {&o, 1}, changed)});
    if (!committed) {
        return tl::unexpected(committed.error());
    }
    if (*committed != commit_result::committed) {
        return fail(errc::conflict);
    }
    view->result.sequence = o.sequence;
    return view->result;
}

}}  // namespace jackpot::v1

#endif
