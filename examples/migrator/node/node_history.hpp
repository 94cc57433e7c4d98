// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_NODE_NODE_HISTORY_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_NODE_NODE_HISTORY_HPP

#include "node.hpp"

// What happened to a pool of the Node service, as our operations.

namespace migrator {

/// One thing that happened to a pool: it was opened, a contribution, a win.
struct event {
    jackpot::timestamp at = 0;
    enum kind { opened, contributed, won } what = opened;
    std::size_t index = 0;  // in its history
};

/// The opening first, the rest in time order; a win comes after the contributions of its moment.
[[nodiscard]] std::vector<event> steps_of(const node_pool& p);

/// As the service has it, and for the rest our defaults.
[[nodiscard]] jackpot::configuration configuration_of(const node_pool& p);

[[nodiscard]] jackpot::basic_request<std::int64_t> request_of(const node_pool& p,
                                                              const jackpot::configuration& c,
                                                              const event& s);

/// How the history of a pool can be had by our rules, or why it cannot.
struct explained {
    std::optional<jackpot::configuration> configuration{};
    std::string why{};
};

[[nodiscard]] explained explain(const node_pool& p);

[[nodiscard]] std::string in_words(const jackpot::error& e);

}  // namespace migrator

#endif
