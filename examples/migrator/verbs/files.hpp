// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_FILES_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_FILES_HPP

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace migrator {

/// What becomes of a file that is there already; one that holds the very text is as good as written.
enum class existing_file { replaced, kept };

/// The file holds all of `text` afterwards, or what it held before: a temporary file of its own beside it,
/// fsync, and a new name. What is no regular file is never replaced.
[[nodiscard]] tl::expected<void, std::string> write_file(const std::string& path, std::string_view text,
                                                         existing_file existing = existing_file::replaced);

/// The whole text, of standard input where the path is "-", without a mark of UTF-8. What is no text by its
/// first bytes is refused, with how it becomes one.
[[nodiscard]] tl::expected<std::string, std::string> read_file(const std::string& path);

}  // namespace migrator

#endif
