// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_LOG_HPP
#define SERVICE_LOG_HPP

#include <initializer_list>
#include <string_view>
#include <utility>

namespace service {

using log_fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// JSON, a line an entry, from now on; else text for people.
void log_as_json(bool on);

/// Writes one line to standard error, whatever bytes the fields hold. Any thread may call it.
void log(std::string_view level, std::string_view message, log_fields fields = {});

}  // namespace service

#endif
