// SPDX-License-Identifier: BSL-1.0
#include "files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace migrator {

namespace {

/// What a file is by its first bytes, where it is no text, and how it becomes one; nothing where it may be
/// text.
const char* format_of(std::string_view text) {
    struct format {
        std::string_view begins;
        const char* words;
    };
    using namespace std::string_view_literals;
    static constexpr format known[] = {
        {"\x1f\x8b"sv, "it is compressed by gzip: gunzip FILE"},
        {"\x28\xb5\x2f\xfd"sv, "it is compressed by zstd: zstd -d FILE"},
        {"\xfd\x37zXZ\0"sv, "it is compressed by xz: unxz FILE"},
        {"BZh"sv, "it is compressed by bzip2: bunzip2 FILE"},
        {"PK\x03\x04"sv, "it is an archive of zip: unzip FILE"},
        {"SQLite format 3\0"sv,
         "it is a database of SQLite: sqlite3 FILE .dump >PLAIN.sql, or name it as a store"},
        {"\xff\xfe"sv, "it is UTF-16: iconv -f UTF-16 -t UTF-8 FILE >PLAIN"},
        {"\xfe\xff"sv, "it is UTF-16: iconv -f UTF-16 -t UTF-8 FILE >PLAIN"},
    };
    for (const auto& each : known) {
        if (text.starts_with(each.begins)) {
            return each.words;
        }
    }
    return nullptr;
}

}  // namespace

tl::expected<void, std::string> write_file(const std::string& path, std::string_view text,
                                           existing_file existing) {
    const std::string_view whole = text;
    std::error_code none;
    const auto there = std::filesystem::symlink_status(path, none);
    if (exists(there) && !is_regular_file(there)) {
        return tl::unexpected(path + ": is no regular file, and is left alone");
    }
    std::string temporary = path + ".XXXXXX.new";
    const int file = ::mkostemps(temporary.data(), 4, O_CLOEXEC);
    const auto failed = [&](const char* step) {
        const std::string why = std::strerror(errno);
        if (file >= 0) {
            ::unlink(temporary.c_str());
        }
        return tl::unexpected(fmt::format("{}: {}: {}", path, step, why));
    };
    if (file < 0) {
        return failed("cannot be made");
    }
    const char* wrong = nullptr;
    while (wrong == nullptr && !text.empty()) {
        const auto count = ::write(file, text.data(), text.size());
        wrong = count > 0 ? nullptr : "cannot be written";
        text.remove_prefix(wrong == nullptr ? static_cast<std::size_t>(count) : 0);
    }
    if (wrong == nullptr && ::fsync(file) != 0) {
        wrong = "cannot be made durable";
    }
    const int error = errno;
    if (::close(file) != 0 && wrong == nullptr) {
        return failed("cannot be closed");
    }
    if (wrong != nullptr) {
        errno = error;
        return failed(wrong);
    }
    const bool kept = existing == existing_file::kept;
    if ((kept ? ::link(temporary.c_str(), path.c_str()) : std::rename(temporary.c_str(), path.c_str())) !=
            0 &&
        !(kept && errno == EEXIST && read_file(path) == whole)) {
        return failed("cannot be put in place");
    }
    if (kept) {
        ::unlink(temporary.c_str());
    }
    // The name is durable once its folder is.
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int names = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (names >= 0) {
        static_cast<void>(::fsync(names));
        ::close(names);
    }
    return {};
}

tl::expected<std::string, std::string> read_file(const std::string& path) {
    std::error_code none;
    if (std::filesystem::is_directory(path, none)) {
        return tl::unexpected(path + ": it is a folder, and a file is wanted");
    }
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        return tl::unexpected(fmt::format("{}: {}", path, std::strerror(errno)));
    }
    if (const char* format = format_of(text)) {
        return tl::unexpected(fmt::format("{}: {}", path, format));
    }
    constexpr std::string_view mark_of_utf8 = "\xef\xbb\xbf";
    if (text.starts_with(mark_of_utf8)) {
        text.erase(0, mark_of_utf8.size());
    }
    return text;
}

}  // namespace migrator
