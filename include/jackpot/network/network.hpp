// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_NETWORK_HPP
#define JACKPOT_NETWORK_NETWORK_HPP

#include <jackpot/core/statistics.hpp>
#include <jackpot/network/writer.hpp>

namespace jackpot { inline namespace v1 {

class system_environment;  // in system.hpp, which is not included here: it brings <thread>

/// The pools of one store, and everything that can be done with them.
///
/// A network keeps the newest states that it has seen, and decides on them; the store's sequence, and the id
/// of the operation there, tell it when another writer, here or in another process, was faster, or when the
/// store was replaced by another history of itself: then it reads anew. It belongs to one thread at a time:
/// threads that share a store have a network each. The store must outlive it. The default environment is
/// in system.hpp, for the caller to include.
///
/// Every operation commits before it returns, whole or not at all, and returns the receipt. Errors: those
/// of `decide`; key_conflict, where the key was used for another request; then the store's: conflict
/// (retries used up; nothing changed), unavailable (perhaps committed: send a keyed operation again and
/// get its receipt), store_sealed, corrupt, permission_denied, schema_mismatch, out_of_memory.
template <storage Storage, environment Environment = system_environment,
          class Writer = detail::writer<Storage, Environment>>
class network {
public:
    using amount_type = typename Storage::amount_type;
    using pool_type = basic_pool<amount_type>;
    using receipt_type = basic_receipt<amount_type>;
    using operation_type = basic_operation<amount_type>;
    using contribute_type = basic_contribute_request<amount_type>;
    using wager_type = basic_wager<amount_type>;
    using game_type = std::conditional_t<resolving_storage<Storage>, basic_game_handle<amount_type>, name>;

    explicit network(Storage& store, Environment environment = {}, typename Writer::policy_type policy = {})
        : store_(&store), writer_(store, std::move(environment), policy) {}

    /// Opens a pool at its seed, which the house funds (R2).
    [[nodiscard]] expected<receipt_type> open(const basic_open_request<amount_type>& r) { return submit(r); }

    /// Takes each pool's share of a wager (R3). Where no pool takes one, the receipt is empty and the key
    /// stays unused. With `into`, the receipt's capacity is used again.
    [[nodiscard]] expected<receipt_type> contribute(const contribute_type& r) { return submit(r); }
    [[nodiscard]] expected<void> contribute(const contribute_type& r, receipt_type& into) {
        return writer_.submit(r, into);
    }

    /// Many wagers in one commit, exactly as if made one by one; `receipts[i]` answers `wagers[i]`. (Memory
    /// commits those before one that is refused apart from those behind it.) Where the commit fails, each
    /// wager that it would have held gets the error, and the others their own answer. Error:
    /// invalid_operation where the two lists differ in length.
    [[nodiscard]] expected<void> contribute(std::span<const contribute_type> wagers,
                                            std::span<expected<receipt_type>> receipts) {
        if (wagers.size() != receipts.size()) {
            return fail(errc::invalid_operation, "as many receipts as wagers are needed");
        }
        writer_.submit(wagers, receipts);
        return {};
    }

    /// A game, for wagers by its handle. Where the store resolves games (memory, and write_behind) those
    /// compare no names; elsewhere the handle is the name. Errors: invalid_game, out_of_memory.
    [[nodiscard]] expected<game_type> resolve_game(const name& game) {
        if constexpr (resolving_storage<Storage>) {
            return store_->resolve_game(game);
        } else {
            return is_valid(game) ? expected<game_type>(game) : fail(errc::invalid_game, "game", game);
        }
    }

    /// The same as `contribute` with the game's name, without a list of pools: receipt, errors, and what a
    /// retry does.
    [[nodiscard]] expected<receipt_type> contribute(const game_type& game, const wager_type& w) {
        expected<receipt_type> answer;
        if (auto done = contribute(game, w, *answer); !done) {
            answer = tl::unexpected(done.error());
        }
        return answer;
    }
    [[nodiscard]] expected<void> contribute(const game_type& game, const wager_type& w, receipt_type& into) {
        if constexpr (requires { writer_.submit(game, w, into); }) {
            return writer_.submit(game, w, into);
        } else {
            return writer_.submit(in_game(name_of(game), w), into);
        }
    }
    [[nodiscard]] expected<void> contribute(const game_type& game, std::span<const wager_type> wagers,
                                            std::span<expected<receipt_type>> receipts) {
        if (wagers.size() != receipts.size()) {
            return fail(errc::invalid_operation, "as many receipts as wagers are needed");
        }
        if constexpr (requires { writer_.submit(game, wagers, receipts); }) {
            writer_.submit(game, wagers, receipts);
        } else {
            std::vector<contribute_type> requests;
            requests.reserve(wagers.size());
            for (const wager_type& w : wagers) {
                requests.push_back(in_game(name_of(game), w));
            }
            writer_.submit(requests, receipts);
        }
        return {};
    }

    /// Pays a pool out, and starts it again from its seed and its overflow (R4).
    [[nodiscard]] expected<receipt_type> win(const basic_win_request<amount_type>& r) { return submit(r); }
    [[nodiscard]] expected<void> win(const basic_win_request<amount_type>& r, receipt_type& into) {
        return writer_.submit(r, into);
    }

    /// Changes a pool's configuration now or after its next win (R5).
    [[nodiscard]] expected<receipt_type> configure(const basic_configure_request<amount_type>& r) {
        return submit(r);
    }

    /// Corrects a pool's meter by hand, with who and why (R6).
    [[nodiscard]] expected<receipt_type> adjust(const basic_adjust_request<amount_type>& r) {
        return submit(r);
    }

    /// Takes a pool out of play, or back in (R7).
    [[nodiscard]] expected<receipt_type> suspend(const suspend_request& r) { return submit(r); }
    [[nodiscard]] expected<receipt_type> resume(const resume_request& r) { return submit(r); }

    /// Brings back the states in the request; the journal is not rewritten but goes on.
    [[nodiscard]] expected<receipt_type> restore(const basic_restore_request<amount_type>& r) {
        return submit(r);
    }

    /// Any of the above by its request, or by a `basic_request` that holds one.
    template <class Request>
    [[nodiscard]] expected<receipt_type> submit(const Request& r) {
        expected<receipt_type> answer;
        if (auto done = writer_.submit(r, *answer); !done) {
            answer = tl::unexpected(done.error());
        }
        return answer;
    }

    /// From now on the store refuses every commit, of every writer, with store_sealed; or takes them again.
    [[nodiscard]] expected<void> seal() { return store_->seal(true); }
    [[nodiscard]] expected<void> unseal() { return store_->seal(false); }

    /// One pool as it is now. Errors: invalid_pool, unknown_pool, the store's.
    [[nodiscard]] expected<pool_type> pool(const name& pool) {
        if (!is_valid(pool)) {
            return fail(errc::invalid_pool, "pool", pool);
        }
        const auto now = writer_.newest();
        if (!now) {
            return tl::unexpected(now.error());
        }
        const pool_type* found = detail::find_pool((*now)->pools, pool);
        if (found == nullptr) {
            return fail(errc::unknown_pool, "pool", pool);
        }
        return *found;
    }

    /// A pool, to read its meters by. Errors: invalid_pool, unknown_pool, the store's.
    [[nodiscard]] expected<basic_pool_handle<amount_type>> resolve_pool(const name& pool) requires
        metered_storage<Storage> {
        return store_->resolve_pool(pool);
    }

    /// The pool's meters as the newest commit left them, all of one moment. On any thread, and without
    /// waiting for whoever is writing, but for a handle of another store (see handles.hpp). Errors:
    /// unknown_pool, where there is none of that name; invalid_pool, for a handle that no store made.
    [[nodiscard]] expected<basic_meters<amount_type>> meters(
        const basic_pool_handle<amount_type>& pool) const requires metered_storage<Storage> {
        return store_->meters(pool);
    }

    /// Every pool, of one moment, in byte order of names.
    [[nodiscard]] expected<std::vector<pool_type>> pools() {
        return with_newest([](const auto& now) { return expected<std::vector<pool_type>>(now.pools); });
    }

    /// The sums of the meters. Error: amount_overflow, the store's.
    [[nodiscard]] expected<basic_statistics<amount_type>> statistics() {
        return with_newest([](const auto& now) { return summarize<amount_type>(now.pools); });
    }

    /// The operations after `q.after` that match, at most `q.limit`, oldest first. The next page is the
    /// one after the last sequence of this one.
    [[nodiscard]] expected<std::vector<operation_type>> history(const history_query& q = {}) {
        std::vector<operation_type> page;
        if (auto done = store_->read(q, page); !done) {
            return tl::unexpected(done.error());
        }
        return page;
    }

    /// Does a wager in this game feed a jackpot now? Error: invalid_game, the store's.
    [[nodiscard]] expected<bool> feeds(const name& game) {
        return with_fed(game, [](const auto& fed) { return expected<bool>(!fed.empty()); });
    }

    /// The rates of all pools that the game feeds now, together; they can add up to more than 1.
    [[nodiscard]] expected<jackpot::rate> rate(const name& game) {
        return with_fed(game, [](const auto& fed) {
            std::int64_t ppb = 0;
            for (const pool_type* p : fed) {
                ppb += p->configuration->rate.ppb();
            }
            return expected<jackpot::rate>(jackpot::rate::from_ppb(ppb));
        });
    }

    /// Allocates in advance, so that contributions and wins need no memory in batches of up to that many
    /// wagers over up to that many pools. Error: out_of_memory.
    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t batch = 1) {
        return writer_.reserve(pools, batch);
    }

protected:
    [[nodiscard]] const Writer& writer() const noexcept { return writer_; }

private:
    [[nodiscard]] static const name& name_of(const name& game) noexcept { return game; }
    [[nodiscard]] static name name_of(const basic_game_handle<amount_type>& game) noexcept {
        return game.name();
    }

    template <class Use>
    [[nodiscard]] auto with_newest(Use&& use)
        -> decltype(use(std::declval<const basic_snapshot<amount_type>&>())) {
        const auto now = writer_.newest();
        if (!now) {
            return tl::unexpected(now.error());
        }
        return use(**now);
    }

    template <class Use>
    [[nodiscard]] auto with_fed(const name& game, Use&& use)
        -> decltype(use(std::declval<const std::vector<const pool_type*>&>())) {
        if (!is_valid(game)) {
            return fail(errc::invalid_game, "game", game);
        }
        return with_newest([&](const auto& now) {
            std::vector<const pool_type*> fed;
            for (const pool_type& p : now.pools) {
                if (p.status == pool_status::active && jackpot::feeds(*p.configuration, game)) {
                    fed.push_back(&p);
                }
            }
            return use(fed);
        });
    }

    Storage* store_;
    Writer writer_;
};

}}  // namespace jackpot::v1

#endif
