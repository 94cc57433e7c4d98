// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_SHARED_NETWORK_HPP
#define JACKPOT_NETWORK_SHARED_NETWORK_HPP

#include <jackpot/network/group_writer.hpp>
#include <jackpot/network/network.hpp>

namespace jackpot { inline namespace v1 {

/// A network that any number of threads use at the same time, with group commit: what arrives while a
/// commit is under way goes together into the next one, made by one of the callers for all. So a hot pool
/// takes as many wagers a commit as there are callers, and the store one commit instead of theirs. There is
/// no thread of its own, and a caller who is alone waits for nobody.
///
/// Requests keep the order in which they came; each gets its own receipt or error, as if alone. Errors
/// beside those of `network`: overloaded, at once and nothing changed, where as many callers wait already as
/// may (see `waiting`). The queries of `network` take turns among themselves, not with commits. The
/// environment is used by one thread at a time. The store must take calls from several threads.
template <storage Storage, environment Environment = system_environment>
class shared_network : public network<Storage, Environment, detail::group_writer<Storage, Environment>> {
    using base = network<Storage, Environment, detail::group_writer<Storage, Environment>>;

public:
    explicit shared_network(Storage& store, Environment environment = {}, group_policy policy = {})
        : base(store, std::move(environment), policy) {}

    /// How many callers wait for an answer now, a leader's included.
    [[nodiscard]] std::size_t waiting() const { return this->writer().waiting(); }
};

}}  // namespace jackpot::v1

#endif
