// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_STATEMENT_HPP
#define JACKPOT_REPLICATION_STATEMENT_HPP

#include <jackpot/replication/accounts.hpp>
#include <jackpot/replication/as_of.hpp>

#include <map>

namespace jackpot { inline namespace v1 {
namespace detail {

/// Folds a journal, and books what each operation changes.
template <storage Storage>
class bookkeeper {
public:
    using amount_type = typename Storage::amount_type;
    using operation_type = basic_operation<amount_type>;

    explicit bookkeeper(Storage& store) : store_(&store) {}

    /// Errors: the store's; corrupt, where the operation cannot follow those before it; amount_overflow.
    [[nodiscard]] expected<void> book(const operation_type& o, bool in_period) {
        const auto site = site_behind(o);
        if (!site) {
            return tl::unexpected(site.error());
        }
        before_.clear();
        bool fits = true;
        for (const auto& part : o.parts) {
            const auto* pool = find_pool(states_.pools, part.pool);
            auto& line = before_.emplace_back();
            fits = fits && (pool == nullptr || read_line<amount_type>(*pool, line));
        }
        if (auto applied = apply(states_, o); !applied) {
            return applied;
        }
        for (std::size_t i = 0; i < o.parts.size(); ++i) {
            basic_statement_line<amount_type> change;
            fits = fits && read_line<amount_type>(*find_pool(states_.pools, o.parts[i].pool), change);
            for (std::size_t m = 0; m < change.values.size(); ++m) {
                fits = fits && subtract(change.values[m], before_[i].values[m]);
            }
            auto& pool = pools_[o.parts[i].pool];
            auto& at_site = account_of(pool.sites, &basic_site_account<amount_type>::site, *site);
            fits =
                fits && book(pool, o.kind(), change, in_period) && book(at_site, o.kind(), change, in_period);
        }
        return fits ? success() : overflows();
    }

    [[nodiscard]] const basic_snapshot<amount_type>& states() const noexcept { return states_; }

    /// The accounts, closed: a pool's closing is its state, and a site's the sum of its lines. Error:
    /// amount_overflow.
    [[nodiscard]] expected<std::vector<basic_pool_account<amount_type>>> close() {
        std::vector<basic_pool_account<amount_type>> closed;
        bool fits = true;
        for (auto& [of, account] : pools_) {
            auto& pool = closed.emplace_back(std::move(account));
            pool.pool = of;
            const auto* state = find_pool(states_.pools, of);
            fits = fits && (state == nullptr || read_line<amount_type>(*state, pool.closing));
            for (auto& site : pool.sites) {
                site.closing = site.opening;
                for (const auto& m : site.movements) {
                    fits = fits && add(site.closing, m.change);
                }
            }
        }
        if (!fits) {
            return overflows();
        }
        return closed;
    }

private:
    [[nodiscard]] static tl::unexpected<error> overflows() {
        return fail(errc::amount_overflow, "the sum of a statement's line");
    }

    [[nodiscard]] static bool book(basic_account<amount_type>& account, operation_kind kind,
                                   const basic_statement_line<amount_type>& change, bool in_period) {
        if (!in_period) {
            return add(account.opening, change);
        }
        auto& movement = account_of(account.movements, &basic_movement<amount_type>::kind, kind);
        ++movement.operations;
        return add(movement.change, change);
    }

    /// The site that an operation belongs to: what it names, or what the hold that it settles or the wager
    /// that it reverts named. Error: the store's.
    [[nodiscard]] expected<std::optional<name>> site_behind(const operation_type& o) {
        const auto copied = [](const name* site) {
            return site == nullptr ? std::optional<name>() : std::optional<name>(*site);
        };
        const auto of_hold = [&](const auto& settles) {
            const auto* pool = find_pool(states_.pools, settles.pool);
            const auto* held = pool == nullptr ? nullptr : pool->holds.find(settles.hold);
            return held == nullptr ? std::optional<name>() : held->site;
        };
        if (const auto* confirmed = std::get_if<confirm_request>(&o.request)) {
            return of_hold(*confirmed);
        }
        if (const auto* released = std::get_if<release_request>(&o.request)) {
            return of_hold(*released);
        }
        if (const auto* r = std::get_if<basic_revert_request<amount_type>>(&o.request)) {
            if (auto read = store_->read({.after = r->sequence - 1, .limit = 1}, wager_); !read) {
                return tl::unexpected(read.error());
            }
            // A checkpoint may stand for the wager.
            return wager_.empty() || wager_[0].sequence != r->sequence
                       ? std::optional<name>()
                       : copied(site_of<amount_type>(wager_[0].request));
        }
        return copied(site_of<amount_type>(o.request));
    }

    Storage* store_;
    basic_snapshot<amount_type> states_;
    std::map<name, basic_pool_account<amount_type>> pools_;
    std::vector<basic_statement_line<amount_type>> before_;
    std::vector<operation_type> wager_;
};

/// Checks that what the journal says of the newest moment is what the rows say. Error: corrupt.
template <amount Amount>
[[nodiscard]] expected<void> check_rows(const basic_snapshot<Amount>& folded,
                                        const basic_snapshot<Amount>& rows) {
    for (const auto& row : rows.pools) {
        const auto* pool = find_pool(folded.pools, row.pool);
        if (pool == nullptr || !(meters_of<Amount>(*pool) == meters_of<Amount>(row))) {
            return fail(errc::corrupt, row.pool, "its row is not what the journal says");
        }
    }
    return success();
}

}  // namespace detail

/// What each pool held at the beginning of a period and at its end, and what moved it in between: by the kind
/// of operation, every meter, in all and by site. It keeps the law of `check_statement`.
///
/// To a site belongs what names it, and besides what reverts its wagers and settles its holds. Whatever else
/// there is (an opening, a correction, a transfer, a restore, a checkpoint) belongs to none: a restore takes
/// nothing back from a site. Where a checkpoint within the period stands for operations, one line of that
/// kind says what they came to.
///
/// It reads the journal from its beginning, a page at a time, up to what was committed when the call began,
/// and changes nothing, so that it can be called again after any error. A statement whose period is over
/// stays the same for ever. Where it comes to the newest operation, its closing is also what the rows hold.
/// A period that ends before it begins has no movements.
///
/// Errors, in this order: the store's; corrupt, where an operation cannot follow those before it;
/// amount_overflow, where a sum does not fit the amount type; unsupported, where the journal was trimmed, or
/// begun with a backup, and its checkpoint is later than the beginning or the end; corrupt, where the rows
/// are not what the journal says (see `repair.hpp`), or the statement does not add up.
template <storage Storage>
[[nodiscard]] expected<basic_statement<typename Storage::amount_type>> statement(
    Storage& store, const statement_period& period) {
    using amount_type = typename Storage::amount_type;
    basic_snapshot<amount_type> rows;
    if (auto loaded = store.load(rows); !loaded) {
        return tl::unexpected(loaded.error());
    }
    basic_statement<amount_type> result{.period = period};
    detail::bookkeeper<Storage> books(store);
    detail::journal_reader<Storage> journal(store);
    const auto& head = books.states().head;
    for (bool opened = false;;) {
        const auto o = journal.next();
        if (!o) {
            return tl::unexpected(o.error());
        }
        if (*o == nullptr || (*o)->sequence > rows.head.sequence) {
            break;
        }
        const bool in_period = period.after ? (*o)->at > *period.after : true;
        const bool is_over = in_period && (*o)->at > period.until;
        if ((in_period && !opened && period.after) || is_over) {
            if (auto reached = detail::check_reach(books.states(), **o); !reached) {
                return tl::unexpected(reached.error());
            }
        }
        if (is_over) {
            break;
        }
        if (auto booked = books.book(**o, in_period); !booked) {
            return tl::unexpected(booked.error());
        }
        opened = in_period;
        result.opened_at_sequence = in_period ? result.opened_at_sequence : head.sequence;
    }
    result.closed_at_sequence = head.sequence;
    if (head.sequence == rows.head.sequence) {
        if (auto same = detail::check_rows(books.states(), rows); !same) {
            return tl::unexpected(same.error());
        }
    }
    auto closed = books.close();
    if (!closed) {
        return tl::unexpected(closed.error());
    }
    result.pools = std::move(*closed);
    return check_statement(result).map([&] { return std::move(result); });
}

}}  // namespace jackpot::v1

#endif
