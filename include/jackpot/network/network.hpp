// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_NETWORK_HPP
#define JACKPOT_NETWORK_NETWORK_HPP

#include <jackpot/network/ensured.hpp>
#include <jackpot/network/queries.hpp>
#include <jackpot/network/writer.hpp>

namespace jackpot { inline namespace v1 {

/// The pools of one store, and every operation and query on them.
///
/// A network keeps the newest states that it has seen, and decides on them. By the store's sequence, and the
/// id of the operation there, it notices that another writer, here or in another process, was faster, or that
/// the store was replaced by another history of itself; then it reads the states anew. A network belongs to
/// one thread at a time: threads that share a store have a network each. The store must outlive it. The
/// default environment is in system.hpp, which the caller includes.
///
/// Every operation commits before it returns, whole or not at all, and returns its receipt. Errors: those of
/// `decide`; key_conflict, where the key was used for another request; then the store's: conflict (the tries
/// are used up; nothing changed), unavailable (perhaps committed: send the keyed operation again, and get its
/// receipt), store_sealed, corrupt, permission_denied, schema_mismatch, out_of_memory.
///
/// `Storage` is a `storage`, `Environment` an `environment`, and `Observer` is told what becomes of the
/// requests (see observer.hpp); the compiler says in words what of that is missing.
template <class Storage, class Environment = system_environment, class Observer = no_observer,
          class Writer = detail::writer<Storage, Environment, Observer>>
class network : public queries<Storage, Writer> {
    static_assert(detail::environment_needs<Environment>::said);

    using base = queries<Storage, Writer>;

protected:
    using base::writer_;

public:
    using typename base::amount_type;
    using typename base::game_type;
    using receipt_type = basic_receipt<amount_type>;
    using contribute_type = basic_contribute_request<amount_type>;
    using wager_type = basic_wager<amount_type>;

    explicit network(Storage& store, Environment environment = {}, typename Writer::policy_type policy = {},
                     Observer observer = {})
        : base(store, std::move(environment), policy, std::move(observer)) {}

    /// Opens a pool at its seed, which the house funds (R2).
    [[nodiscard]] expected<receipt_type> open(const basic_open_request<amount_type>& r) { return submit(r); }

    /// What a program does when it starts: the pool of that name as it is, opened where there is none. Where
    /// it is there with another configuration, `differs` says how, and nothing is changed; unless `apply`
    /// asks for it: then the fields that differ are configured, now or after the next win; `when::now` also
    /// discards a pending configuration that is another one than asked for. Two programs may
    /// do so at once. Safe to try again, with or without a key.
    ///
    /// Errors: those of the request's own fields, as for `open`; invalid_when, for a discard; the store's;
    /// where it opens, key_conflict; where it configures, those of `configure`. (In brackets, for Unreal has
    /// a macro of the name: there, call `(net.ensure)(request)`.)
    [[nodiscard]] expected<basic_ensured<amount_type>>(ensure)(const basic_open_request<amount_type>& r,
                                                               std::optional<when> apply = std::nullopt) {
        basic_request<amount_type> asked = r;
        if (auto sound = normalize<amount_type>(asked); !sound) {
            return tl::unexpected(sound.error());
        }
        if (apply && *apply != when::now && *apply != when::after_win) {
            return fail(errc::invalid_when, "when", to_string(*apply));
        }
        const auto& wanted = std::get<basic_open_request<amount_type>>(asked).configuration;
        basic_ensured<amount_type> result;
        auto found = this->pool(r.pool);
        if (!found && found.error().code == errc::unknown_pool) {
            const auto opened = open(r);
            if (!opened && opened.error().code != errc::pool_exists) {  // as another has opened it meanwhile
                return tl::unexpected(opened.error());
            }
            result.opened = opened && !opened->replayed;
            found = this->pool(r.pool);
        }
        if (found && apply) {
            const bool waits = *apply == when::after_win && found->pending != nullptr;
            auto changes =
                detail::difference(waits ? found->pending->configuration : *found->configuration, wanted);
            if (!changes.empty()) {
                const auto done = configure({.pool = r.pool, .when = *apply, .patch = std::move(changes)});
                found = done ? this->pool(r.pool) : tl::unexpected(done.error());
                result.changed = true;
            }
            // A change that waits for a win would undo what is asked for now.
            if (found && *apply == when::now && found->pending &&
                !detail::difference(found->pending->configuration, wanted).empty()) {
                const auto done = configure({.pool = r.pool, .when = when::discard});
                found = done ? this->pool(r.pool) : tl::unexpected(done.error());
                result.changed = true;
            }
        }
        if (!found) {
            return tl::unexpected(found.error());
        }
        result.differs = detail::difference(*found->configuration, wanted);
        result.pool = std::move(*found);
        return result;
    }

    /// Takes each pool's share of a wager (R3). Where no pool takes a share, the receipt is empty and the key
    /// stays unused. The form with `into` uses that receipt's capacity again, and takes its parts for those
    /// of an operation of its kind, as a network leaves them.
    [[nodiscard]] expected<receipt_type> contribute(const contribute_type& r) { return submit(r); }
    [[nodiscard]] expected<void> contribute(const contribute_type& r, receipt_type& into) {
        return writer_.submit(r, into);
    }

    /// Takes many wagers in one commit, with the result of one by one; `receipts[i]` answers `wagers[i]`.
    /// (Over memory, the wagers before a refused one are one commit and those behind it another; over any
    /// other direct_storage, each wager that the store takes itself is one.) Where the commit fails, each
    /// wager in it gets the error, and the others get their own answer. Error: invalid_operation where the
    /// two lists differ in length.
    [[nodiscard]] expected<void> contribute(std::span<const contribute_type> wagers,
                                            std::span<expected<receipt_type>> receipts) {
        if (wagers.size() != receipts.size()) {
            return fail(errc::invalid_operation, "as many receipts as wagers are needed");
        }
        writer_.submit(wagers, receipts);
        return {};
    }

    /// The same as `contribute` with the game's name and without a list of pools: the receipt, the errors,
    /// and a retry with the same key.
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

    /// Pays a pool out, and starts it again from its seed, reserve and overflow (R4).
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

    /// Pays a pool out as `win` does, but holds the money until somebody has verified the win (R13).
    [[nodiscard]] expected<receipt_type> hold(const basic_hold_request<amount_type>& r) { return submit(r); }
    /// Makes a hold the win that it waited to be, or gives its amount back (R13).
    [[nodiscard]] expected<receipt_type> confirm(const confirm_request& r) { return submit(r); }
    [[nodiscard]] expected<receipt_type> release(const release_request& r) { return submit(r); }

    /// Moves money from a suspended pool to another one (R14).
    [[nodiscard]] expected<receipt_type> transfer(const basic_transfer_request<amount_type>& r) {
        return submit(r);
    }
    /// Ends a suspended pool for ever, and gives what it holds to another one (R14).
    [[nodiscard]] expected<receipt_type> close(const basic_close_request<amount_type>& r) {
        return submit(r);
    }

    /// Takes a cancelled wager out of the meters (R15). Safe to try again: the wager's key is key enough.
    [[nodiscard]] expected<receipt_type> revert(const basic_revert_request<amount_type>& r) {
        return submit(r);
    }

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

    /// Allocates in advance, so that contributions and wins, in batches of up to `batch` wagers over up to
    /// `pools` pools, allocate nothing. Error: out_of_memory.
    [[nodiscard]] expected<void> reserve(std::size_t pools, std::size_t batch = 1) {
        return writer_.reserve(pools, batch);
    }

private:
    [[nodiscard]] static name name_of(const game_type& game) {
        if constexpr (direct_storage<Storage>) {
            return game.name();
        } else {
            return game;
        }
    }
};

}}  // namespace jackpot::v1

#endif
