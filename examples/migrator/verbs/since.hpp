// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_SINCE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_SINCE_HPP

#include "rollback_data.hpp"

#include <jackpot/soci.hpp>

#include <map>
#include <string>
#include <utility>

// What happened in a store since a moment, in words: what a rollback would undo.

namespace migrator {

/// What happened to holds since: pool, name, and whether the hold was confirmed. The first counts, for a name
/// is free again then.
using settled_holds = std::map<std::pair<std::string, std::string>, bool>;

/// The holds that the moment would bring back, and in `paid` how many of them were confirmed since.
[[nodiscard]] std::string list_holds(const rollback_data& data, const settled_holds& settled,
                                     std::size_t& paid);

/// What happened since, by pool and kind; where it does not fit a screen, the rest as a number.
[[nodiscard]] jackpot::expected<std::string> list_since(jackpot::soci_storage& store, std::uint64_t sequence,
                                                        std::uint64_t last, settled_holds& settled);

}  // namespace migrator

#endif
