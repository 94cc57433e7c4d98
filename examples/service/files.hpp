// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_FILES_HPP
#define SERVICE_FILES_HPP

#include <span>
#include <string_view>

namespace service {

/// A file of the page that is built in; embed.cmake makes the list.
struct file {
    std::string_view name;
    std::string_view digest;
    std::string_view bytes;
};

[[nodiscard]] std::span<const file> files();

}  // namespace service

#endif
