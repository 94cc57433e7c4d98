// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_STORE_NAME_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_STORE_NAME_HPP

#include "store_url.hpp"

namespace migrator {

/// Which store a URL names, so that no other one looks alike: server, database and schema, as the server has
/// them, or the whole path of a file. Where the server does not say, what the URL says.
[[nodiscard]] inline std::string name_of_store(const std::string& url) {
    const auto shown = jackpot::without_password(url);
    if (const auto file = file_of(url); !file.empty()) {
        return "sqlite://" + place_of(file).string();
    }
    std::string schema;
    if (url.starts_with("postgresql")) {
        using namespace jackpot::sql;
        static_cast<void>(jackpot::soci_storage::visit(url, [&](connection& c) {
            c.prepared("SELECT ', schema ' || current_schema()")
                .select<sentence_row>([&](const sentence_row& row) { schema = row.sentence; });
        }));
    }
    return shown + schema;
}

}  // namespace migrator

#endif
