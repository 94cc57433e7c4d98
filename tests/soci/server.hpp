// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SOCI_SERVER_HPP
#define JACKPOT_TESTS_SOCI_SERVER_HPP

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace test {

/// A server whose data survives crashes, for a test to crash.
class server {
public:
    explicit server(std::string engine, std::string options = {})
        : engine_(std::move(engine)), options_(std::move(options)) {
        std::string folder = (std::filesystem::temp_directory_path() / "jackpot.XXXXXX").string();
        REQUIRE(::mkdtemp(folder.data()) != nullptr);
        folder_ = folder;
        ::chmod(folder.c_str(), 0711);  // the server may run as another user
        // It also goes where this process ends without destructors.
        const std::string watch = "watch " + folder + " " + std::to_string(::getpid());
        REQUIRE(std::system(
                    ("setsid sh '" JACKPOT_SERVERS "' " + watch + " </dev/null >/dev/null 2>&1 &").c_str()) ==
                0);
        url_ = start();
        REQUIRE(url_.starts_with(engine_));
    }
    ~server() {
        said("stop " + where());
        std::filesystem::remove_all(folder_);
    }
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }
    void crash() const {
        said("kill " + where());
        REQUIRE(start() == url_);
    }

private:
    [[nodiscard]] std::string where() const { return engine_ + " " + (folder_ / engine_).string(); }

    [[nodiscard]] std::string start() const { return said("start " + where() + " " + options_); }

    /// The line that servers.sh prints.
    static std::string said(const std::string& command) {
        std::FILE* out = ::popen(("sh '" JACKPOT_SERVERS "' " + command).c_str(), "r");
        REQUIRE(out != nullptr);
        char line[300] = "";
        const bool any = std::fgets(line, sizeof line, out) != nullptr;
        ::pclose(out);
        return any ? std::string(line, std::strcspn(line, "\n")) : "";
    }

    std::string engine_;
    std::string options_;
    std::filesystem::path folder_;
    std::string url_;
};

}  // namespace test

#endif
