// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_NODE_JSON_TREE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_NODE_JSON_TREE_HPP

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace migrator {

enum class json_kind { null, boolean, number, text, array, object };

struct json_member;

/// JSON as it was written: numbers keep their text, for a double would round them.
struct json_value {
    json_kind kind = json_kind::null;
    std::string text{};                ///< of a number, a text, a boolean
    std::vector<json_member> members;  ///< of an object; of an array, without names
};

struct json_member {
    std::string name{};
    json_value value{};
};

/// Error: the line and what is not JSON there. What nests deeper than any document of ours is refused.
[[nodiscard]] tl::expected<json_value, std::string> read_json(std::string_view text);

}  // namespace migrator

#endif
