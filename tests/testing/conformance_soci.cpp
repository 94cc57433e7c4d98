// SPDX-License-Identifier: BSL-1.0
#include <jackpot/soci.hpp>
#include <jackpot/system.hpp>
#include <jackpot/testing/concurrency.hpp>
#include <jackpot/testing/conformance.hpp>
#include <jackpot/wide.hpp>

#include <doctest/doctest.h>

#include <filesystem>

using namespace jackpot;

namespace {

/// New SQLite files, one after the other, in a folder that is gone afterwards.
template <class Amount>
class sqlite_files {
public:
    sqlite_files() { std::filesystem::create_directories(folder_); }
    ~sqlite_files() { std::filesystem::remove_all(folder_); }
    sqlite_files(const sqlite_files&) = delete;
    sqlite_files& operator=(const sqlite_files&) = delete;

    basic_soci_storage<Amount> make() {
        ++file_;
        return reopen();
    }
    basic_soci_storage<Amount> reopen() {
        const auto file = folder_ / (std::to_string(file_) + ".db");
        auto opened = basic_soci_storage<Amount>::open("sqlite://" + file.string());
        if (!opened) {
            FAIL(std::string(to_text(opened.error()).view()));
        }
        return std::move(*opened);
    }

private:
    std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                    ("jackpot-laws-" + std::to_string(system_environment().random()));
    int file_ = 0;
};

}  // namespace

TEST_CASE_TEMPLATE("an SQLite store keeps the laws", Amount, std::int64_t, wide_amount) {
    sqlite_files<Amount> files;
    const auto report =
        testing::check_conformance([&] { return files.make(); }, [&] { return files.reopen(); });
    CHECK(to_text(report) == "");
}

TEST_CASE("two threads share an SQLite file") {
    sqlite_files<std::int64_t> files;
    auto first = files.make();
    auto second = files.reopen();
    CHECK(to_text(testing::check_concurrency(first, second)) == "");
}
