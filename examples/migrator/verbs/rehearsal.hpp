// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_REHEARSAL_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_REHEARSAL_HPP

#include "store_name.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

// What a run will need, tried without leaving anything behind: for runs that only look.

namespace migrator {

/// May this role write what a migration writes? Tried on no row, in a transaction that is rolled back.
/// Errors: permission_denied; the store's.
[[nodiscard]] inline jackpot::expected<void> may_write(const std::string& url) {
    return jackpot::soci_storage::visit(url, [](jackpot::sql::connection& c) {
        c.begin_writing();
        for (const char* table : {"jackpots", "jackpot_games", "jackpot_journal"}) {
            c.run_once(fmt::format("INSERT INTO {0} SELECT * FROM {0} WHERE 1 = 0", table));
            c.run_once(fmt::format("DELETE FROM {} WHERE 1 = 0", table));
        }
        c.run_once("UPDATE jackpots SET version = version WHERE 1 = 0");
        c.run_once("UPDATE jackpot_store SET sealed = sealed WHERE 1 = 0");
        c.roll_back();
    });
}

/// Why a file of so many bytes cannot be written into that folder, which may be one that is yet to be made;
/// nothing where it can.
[[nodiscard]] inline std::string why_no_room(const std::filesystem::path& folder, std::uint64_t bytes) {
    std::error_code none;
    auto there = place_of(folder);
    while (!std::filesystem::exists(there, none) && there.has_relative_path()) {
        there = there.parent_path();
    }
    const auto wrong = [&] { return fmt::format("{}: {}", folder.string(), std::strerror(errno)); };
    // A file without a name shows what rights alone do not, a file system that takes no writes.
    const int file = ::open(there.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
    } else if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) {
        return wrong();
    } else if (::access(there.c_str(), W_OK | X_OK) != 0) {
        return wrong();
    }
    struct statvfs system {};
    if (::statvfs(there.c_str(), &system) == 0 && system.f_bavail * system.f_frsize < bytes) {
        errno = ENOSPC;
        return wrong();
    }
    return {};
}

}  // namespace migrator

#endif
