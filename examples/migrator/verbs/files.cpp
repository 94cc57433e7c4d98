// SPDX-License-Identifier: BSL-1.0
#include "files.hpp"

#include "../console/signals.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
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

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

/// A file that gets its name once it is whole. Until then it has none, so that nothing stays of it where the
/// program is killed, or one beside it, where the file system or the machine cannot do without.
class new_file {
public:
    explicit new_file(const std::string& path)
        : path_(path), beside_(path + ".XXXXXX.new"), by_number_("/proc/self/fd/") {
        file_ = ::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
        if (file_ >= 0) {
            by_number_ += std::to_string(file_);
        }
        if (file_ < 0 || ::access(by_number_.c_str(), F_OK) != 0) {
            close();
            named_ = true;
            file_ = ::mkostemps(beside_.data(), 4, O_CLOEXEC);
        } else {
            beside_ = fmt::format("{}.{}.new", path, ::getpid());
        }
    }
    ~new_file() {
        const int error = errno;
        if (named_ && file_ >= 0) {
            ::unlink(beside_.c_str());
        }
        close();
        errno = error;
    }
    new_file(const new_file&) = delete;
    new_file& operator=(const new_file&) = delete;

    [[nodiscard]] int number() const noexcept { return file_; }

    /// Gives it its name; false where that is taken, or cannot be given.
    [[nodiscard]] bool put_in_place(existing_file existing) {
        if (existing == existing_file::kept) {
            const int linked = named_ ? ::link(beside_.c_str(), path_.c_str()) : link_to(path_);
            return linked == 0 || (errno != EEXIST && named_ && rename_to_new());
        }
        if (!named_) {
            ::unlink(beside_.c_str());
            if (link_to(beside_) != 0) {
                return false;
            }
            named_ = true;
        }
        return std::rename(beside_.c_str(), path_.c_str()) == 0;
    }

private:
    [[nodiscard]] int link_to(const std::string& name) const {
        return ::linkat(AT_FDCWD, by_number_.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW);
    }
    /// Where there are no hard links: an empty file of the name says that it is taken.
    [[nodiscard]] bool rename_to_new() {
        const int taken = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (taken < 0) {
            return false;
        }
        ::close(taken);
        return std::rename(beside_.c_str(), path_.c_str()) == 0;
    }
    void close() {
        if (file_ >= 0) {
            ::close(file_);
        }
    }

    std::string path_;
    std::string beside_;
    std::string by_number_;
    int file_ = -1;
    bool named_ = false;
};

/// What went wrong, or null.
const char* write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const auto count = ::write(file, text.data(), text.size());
        if (count <= 0) {
            return "cannot be written";
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(file) == 0 ? nullptr : "cannot be made durable";
}

tl::expected<std::string, std::string> checked(const std::string& path, std::string text) {
    if (const char* format = format_of(text)) {
        return tl::unexpected(fmt::format("{}: {}", path, format));
    }
    constexpr std::string_view mark_of_utf8 = "\xef\xbb\xbf";
    if (text.starts_with(mark_of_utf8)) {
        text.erase(0, mark_of_utf8.size());
    }
    return text;
}

}  // namespace

tl::expected<void, std::string> write_file(const std::string& path, std::string_view text,
                                           existing_file existing) {
    std::error_code none;
    const auto there = std::filesystem::symlink_status(path, none);
    if (exists(there) && !is_regular_file(there)) {
        return tl::unexpected(path + ": is no regular file, and is left alone");
    }
    const unbroken until_done;
    new_file file(path);
    const auto failed = [&](const char* step) {
        const std::string why = std::strerror(errno);
        return tl::unexpected(fmt::format("{}: {}: {}", path, step, why));
    };
    if (file.number() < 0) {
        return failed("cannot be made");
    }
    if (const char* wrong = write_all(file.number(), text)) {
        return failed(wrong);
    }
    if (!file.put_in_place(existing) &&
        !(existing == existing_file::kept && errno == EEXIST && read_file(path) == text)) {
        return failed("cannot be put in place");
    }
    // The name is durable once its folder is.
    const int names = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (names >= 0) {
        static_cast<void>(::fsync(names));
        ::close(names);
    }
    return {};
}

tl::expected<std::string, std::string> read_file(const std::string& path) {
    if (path == "-") {
        std::string text{std::istreambuf_iterator<char>(std::cin), {}};
        return checked(path, std::move(text));
    }
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
    return checked(path, std::move(text));
}

}  // namespace migrator
