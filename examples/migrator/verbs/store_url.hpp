// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_STORE_URL_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_STORE_URL_HPP

#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace migrator {

/// What names a store where the command line does not.
inline constexpr const char* store_variable = "JACKPOT_DATABASE_URL";
inline constexpr const char* source_variable = "JACKPOT_SOURCE_URL";

/// A URL that no engine reads is a usage error, which names the flag or the variable that it came from, and
/// does not show its password: to be called in a verb's callback.
inline void check_store_url(const std::string& flag, const std::string& url) {
    std::string_view rest = url;
    const auto where = jackpot::sql::dialect_of(rest).and_then([&](const jackpot::sql::dialect* engine) {
        return engine->locate(rest, jackpot::open_mode::create);
    });
    const bool lost = where && where->of_one_connection;
    if (!where || lost) {
        const char* variable = flag == "--from" ? source_variable : store_variable;
        const char* value = std::getenv(variable);
        throw CLI::ValidationError(value != nullptr && url == value ? variable : flag,
                                   lost ? where->shown + " ends with the program: name a file"
                                        : std::string(to_text(where.error()).view()));
    }
}

/// The file of a SQLite store; empty for another URL.
inline std::string file_of(const std::string& url) {
    constexpr std::string_view scheme = "sqlite://";
    if (!url.starts_with(scheme)) {
        return "";
    }
    // SQLite takes a URI for a file's name.
    const auto file = url.substr(scheme.size(), url.find('?') - scheme.size());
    return file.starts_with("file:") ? file.substr(5) : file;
}

/// Do both name one store? Two spellings of one server are not told.
inline bool same_store(const std::string& a, const std::string& b) {
    std::error_code none;
    const auto file = file_of(a);
    return a == b ||
           (!file.empty() && (file == file_of(b) || std::filesystem::equivalent(file, file_of(b), none)));
}

/// What SQLite keeps beside a database, in files of its name and this behind it.
inline constexpr const char* beside_sqlite[] = {"-wal", "-shm", "-journal"};

/// Does the file begin as one of SQLite's does: a database, its log or its journal?
inline bool begins_as_sqlite(const std::filesystem::path& file) {
    using namespace std::string_view_literals;
    std::error_code none;
    if (!std::filesystem::is_regular_file(file, none)) {
        return false;  // to open a pipe is to wait for its writer
    }
    std::array<char, 16> bytes{};
    std::ifstream(file, std::ios::binary).read(bytes.data(), bytes.size());
    const std::string_view begin(bytes.data(), bytes.size());
    return begin == "SQLite format 3\0"sv || begin.starts_with("\x37\x7f\x06\x82"sv) ||
           begin.starts_with("\x37\x7f\x06\x83"sv) || begin.starts_with("\xd9\xd5\x05\xf9"sv);
}

/// Where it is, or would be, without links on the way there.
inline std::filesystem::path place_of(const std::filesystem::path& path) {
    std::error_code none;
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path, none), none);
}

/// Is it a file of that store, or may it become one? By links too.
inline bool is_of_store(const std::filesystem::path& path, const std::filesystem::path& store) {
    std::error_code none;
    const auto same = [&](const std::filesystem::path& file) {
        return place_of(path) == place_of(file) || std::filesystem::equivalent(path, file, none);
    };
    const auto with = [&](const char* behind) { return same(store.string() + behind); };
    return same(store) || std::any_of(std::begin(beside_sqlite), std::end(beside_sqlite), with);
}

/// A file or folder that is written must be none of those that are `read`, and of no other SQLite store:
/// SQLite deletes what lies beside its database, and a database is not to be replaced. Throws the usage
/// error: to be called in a verb's callback.
inline void check_output(const std::string& flag, const std::string& path,
                         std::initializer_list<std::string> read) {
    if (path.empty()) {
        return;
    }
    std::error_code none;
    const auto refuse = [&](const std::string& what) {
        throw CLI::ValidationError(flag, path + ": is a file of " + what + ": name another");
    };
    for (const auto& each : read) {
        const auto file = file_of(each);
        if (file.empty() ? std::filesystem::equivalent(path, each, none) : is_of_store(path, file)) {
            refuse(file.empty() ? "what is read" : "the store itself");
        }
    }
    const auto whole = place_of(path).string();
    const auto lies_beside = [&](std::string_view behind) {
        return whole.ends_with(behind) && begins_as_sqlite(whole.substr(0, whole.size() - behind.size()));
    };
    if (begins_as_sqlite(path) ||
        std::any_of(std::begin(beside_sqlite), std::end(beside_sqlite), lies_beside)) {
        refuse("a SQLite database");
    }
}

}  // namespace migrator

#endif
