// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_THROUGH_ASYNC_HPP
#define JACKPOT_EXAMPLES_THROUGH_ASYNC_HPP

#include <jackpot/network/async_network.hpp>

namespace replay {

/// For a network that goes through an `async_network`: it submits one request at a time, and pumps itself.
template <class Storage, class Environment>
class through_async {
public:
    using amount_type = typename Storage::amount_type;
    using policy_type = jackpot::group_policy;

    through_async(Storage& store, Environment environment, policy_type policy, jackpot::no_observer = {})
        : store_(store), net_(store, std::move(environment), policy) {}

    template <class Request>
    [[nodiscard]] jackpot::expected<void> submit(const Request& request,
                                                 jackpot::basic_receipt<amount_type>& into) {
        jackpot::basic_submission<amount_type> waits(request, into,
                                                     [](jackpot::basic_submission<amount_type>&) noexcept {});
        if (const auto first = net_.submit(waits); !first) {
            return tl::unexpected(first.error());
        }
        net_.pump().complete();
        return waits.result();
    }

    [[nodiscard]] jackpot::expected<const jackpot::basic_snapshot<amount_type>*> newest() {
        return store_.load(states_).map([&] { return &std::as_const(states_); });
    }

private:
    Storage& store_;
    jackpot::async_network<Storage, Environment> net_;
    jackpot::basic_snapshot<amount_type> states_;
};

}  // namespace replay

#endif
