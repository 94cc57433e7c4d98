// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_OBSERVER_HPP
#define JACKPOT_NETWORK_OBSERVER_HPP

#include <jackpot/core/receipt.hpp>

namespace jackpot { inline namespace v1 {

/// How the operations of one call came into the journal. The requests that share a commit are one call, and
/// so are the wagers of a batch.
struct commit_report {
    std::size_t operations = 0;     ///< how many there are
    unsigned attempts = 1;          ///< 1, and one more for each `retried` before
    std::int64_t microseconds = 0;  ///< by the observer's clock, with all attempts and the pauses between
};

/// Observes nothing, and costs nothing: no branch, and no byte of the network's size. It is what a network
/// has unless it is given another observer, its last argument:
///
///     struct winners : jackpot::no_observer {
///         using no_observer::committed;  // of the other kinds
///         void committed(const jackpot::win_request& won, const jackpot::receipt& r) noexcept {
///             std::printf("%s won %s\n", won.player.c_str(), won.pool.c_str());
///         }
///     };
///     jackpot::network net(store, jackpot::system_environment(), jackpot::retry_policy(), winners());
///
/// An observer has every function below, all noexcept; it derives from this class to leave some out. The
/// network has it by value: what it counts lies elsewhere.
///
/// Each request ends as one event, before its caller is answered: committed, replayed or refused. (A wager
/// that no pool takes a share of is an answer without an operation, and no event.) The events of one call
/// come in this order: each `retried` when it happens; then those replayed and refused, as they were asked;
/// then those committed, in the journal's order; then `commit_done`.
///
/// - Thread: the one that commits. In a `network` that is the caller; in a `shared_network` the caller who
///   commits for the others, and only one at a time; in an `async_network` the one that pumps.
///   `turned_away` alone comes on the thread that submits, also while others are in the observer.
/// - Locks: none of the network's or the store's is held. The next commit waits until the events are over.
/// - Calls: an event may submit to an `async_network`, and ask the queries of a `shared_network` or an
///   `async_network`. It calls nothing else of the network that it comes from.
/// - Unavailable: a commit whose answer was lost, and which is then found in the journal, is `committed`.
///   Where nothing tells until the attempts are used up, the request is `refused` with unavailable though it
///   may be in the journal, and the keyed request that settles it later is `replayed`. To miss nothing, read
///   `history` after the last sequence seen; it has the operations of other networks, too.
class no_observer {
public:
    /// The request led to an operation, and the caller gets this receipt.
    template <class Request, class Receipt>
    void committed(const Request& /*asked*/, const Receipt& /*got*/) noexcept {}

    /// The request's key was used before: the caller gets the first receipt again.
    template <class Request, class Receipt>
    void replayed(const Request& /*asked*/, const Receipt& /*first*/) noexcept {}

    /// The caller gets this error.
    template <class Request>
    void refused(const Request& /*asked*/, const error& /*why*/) noexcept {}

    /// The call is tried again for this reason: conflict, where another writer was faster or a key was held;
    /// else the store's error.
    void retried(const error& /*why*/) noexcept {}

    /// A call has brought operations into the journal. Wagers that the store takes itself (`direct_storage`)
    /// are `committed` without it, and before the events of the others in their call.
    void commit_done(const commit_report& /*report*/) noexcept {}

    /// A request did not come as far as a commit: overloaded, where too many wait; cancelled, after `close`.
    void turned_away(const error& /*why*/) noexcept {}

    /// Microseconds of a steady clock. It has another purpose than the environment's, which dates operations.
    [[nodiscard]] std::int64_t clock() noexcept { return 0; }
};

namespace detail {

template <class O, class Request, class Receipt>
concept observes_request = requires(O& o, const Request& asked, const Receipt& got, const error& why) {
    { o.committed(asked, got) }
    noexcept;
    { o.replayed(asked, got) }
    noexcept;
    { o.refused(asked, why) }
    noexcept;
};

template <class O>
concept observes_calls = requires(O& o, const error& why, const commit_report& report) {
    { o.retried(why) }
    noexcept;
    { o.commit_done(report) }
    noexcept;
    { o.turned_away(why) }
    noexcept;
    { o.clock() }
    noexcept->std::convertible_to<std::int64_t>;
};

template <class O, amount Amount>
[[nodiscard]] consteval bool observes_requests() {
    return []<class... Requests>(const std::variant<Requests...>*) {
        return (observes_request<O, Requests, basic_receipt<Amount>> && ...);
    }(static_cast<const basic_request<Amount>*>(nullptr));
}

/// Says in words what is not right with an observer.
template <class O, amount Amount>
struct observer_needs {
    static_assert(observes_requests<O, Amount>(),
                  "an observer has noexcept committed(request, receipt), replayed(request, receipt) and "
                  "refused(request, error) for requests of every kind: derive from jackpot::no_observer, and "
                  "write `using no_observer::committed;` where yours takes one kind alone");
    static_assert(
        observes_calls<O>,
        "an observer has noexcept retried(error), commit_done(commit_report), turned_away(error) and "
        "clock(): derive from jackpot::no_observer");
    static constexpr bool said = true;
};
template <amount Amount>
struct observer_needs<no_observer, Amount> {
    static constexpr bool said = true;
};

}  // namespace detail

}}  // namespace jackpot::v1

#endif
