// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_SHARED_NETWORK_HPP
#define JACKPOT_NETWORK_SHARED_NETWORK_HPP

#include <jackpot/network/group_writer.hpp>
#include <jackpot/network/network.hpp>

namespace jackpot { inline namespace v1 {

/// A network that any number of threads use at the same time, with group commit: requests that arrive while a
/// commit is under way go together into the next one, which one of the callers makes for all. So one commit
/// takes the wagers of all callers on a hot pool. The network has no thread of its own, and a single caller
/// waits for no other.
///
/// Requests keep the order in which they came; each gets its own receipt or error, as if it were alone. It
/// has one error more than `network`: overloaded, immediately and without any change, where
/// `group_policy::waiting_max` callers wait already. The queries of `network` take turns among themselves,
/// not with commits. One thread at a time uses the environment. The store is a `thread_safe_storage`.
template <class Storage, class Environment = system_environment, class Observer = no_observer>
class shared_network
    : public network<Storage, Environment, Observer, detail::group_writer<Storage, Environment, Observer>> {
    using base =
        network<Storage, Environment, Observer, detail::group_writer<Storage, Environment, Observer>>;

public:
    explicit shared_network(Storage& store, Environment environment = {}, group_policy policy = {},
                            Observer observer = {})
        : base(store, std::move(environment), policy, std::move(observer)) {}

    /// How many callers wait for an answer now, the one that commits included.
    [[nodiscard]] std::size_t waiting() const { return this->writer_.waiting(); }
};

}}  // namespace jackpot::v1

#endif
