// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_EXAMPLES_PROGRAM_HPP
#define JACKPOT_TESTS_EXAMPLES_PROGRAM_HPP

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <vector>

// The examples are tested as what they are: programs, started as a user starts them.

namespace test {

inline std::string contents_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = (std::min)(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// A new directory, which goes when the test ends. In memory where the system has a place for that: what
/// is tested here is not the disk, and each of thousands of commits would wait for it.
class scratch {
public:
    scratch() {
        const std::filesystem::path memory("/dev/shm");
        const auto parent = is_directory(memory) ? memory : std::filesystem::temp_directory_path();
        std::string pattern = (parent / "jackpot-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;

    [[nodiscard]] std::filesystem::path operator/(std::string_view file) const { return path_ / file; }
    [[nodiscard]] std::string url(std::string_view file) const {
        return "sqlite://" + (path_ / file).string();
    }

private:
    std::filesystem::path path_;
};

struct outcome {
    int code = -1;
    std::string out;
    std::string err;
};

/// Runs a command line of the shell, with `input` on its standard input.
inline outcome run_shell(const std::string& command, const std::string& input = {}) {
    const scratch files;
    std::ofstream(files / "in", std::ios::binary) << input;
    const auto redirected = "( " + command + "\n) <" + (files / "in").string() + " >" +
                            (files / "out").string() + " 2>" + (files / "err").string();
    const int status = std::system(redirected.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), contents_of(files / "out"),
            contents_of(files / "err")};
}

inline std::string in_quotes(std::string_view argument) {
    std::string text("'");
    for (const char c : argument) {
        text.append(c == '\'' ? "'\\''" : std::string(1, c));
    }
    return text.append("'");
}

using arguments = std::vector<std::string>;

inline std::string command_of(std::string_view program, const arguments& with) {
    std::string command = in_quotes(program);
    for (const auto& argument : with) {
        command.append(" ").append(in_quotes(argument));
    }
    return command;
}

inline outcome run_program(std::string_view program, const arguments& with, const std::string& input = {}) {
    return run_shell(command_of(program, with), input);
}

/// Where replay keeps its pools, what amounts it has, and through which network: a flag, or none.
struct flavour {
    std::string store;
    bool wide;
    std::string network{};

    [[nodiscard]] arguments flags() const {
        arguments all{"--store", store};
        if (wide) {
            all.push_back("--wide");
        }
        if (!network.empty()) {
            all.push_back(network);
        }
        return all;
    }
};

#ifdef JACKPOT_TESTS_WITH_SOCI
/// The URLs of new, empty places for stores, on the servers that servers.sh started for the tests.
inline std::vector<std::string> new_places() {
    const auto made = run_program(JACKPOT_SERVERS, {"new", JACKPOT_SERVERS_FILE});
    REQUIRE_MESSAGE(made.code == 0, made.err);
    return lines_of(made.out);
}
#endif

/// Those that this build has, on new stores, for amounts so wide.
inline std::vector<flavour> flavours([[maybe_unused]] const scratch& files, bool wide,
                                     const std::string& network) {
    std::vector<flavour> all{{"memory", wide, network}};
#ifdef JACKPOT_TESTS_WITH_SOCI
    all.push_back({files.url((wide ? "wide" : "narrow") + network + ".sqlite"), wide, network});
    for (const auto& place : new_places()) {
        all.push_back({place, wide, network});
    }
#endif
    return all;
}

/// For both.
inline std::vector<flavour> flavours(const scratch& files, const std::string& network = {}) {
    auto all = flavours(files, false, network);
    for (auto& each : flavours(files, true, network)) {
        all.push_back(std::move(each));
    }
    return all;
}

/// Runs the program once a flavour, all at once because each waits for its store, and calls `check(flavour,
/// outcome)` for one after the other.
template <class Check>
void run_all(std::string_view program, const std::vector<flavour>& all, const std::string& input,
             Check&& check) {
    std::vector<std::future<outcome>> running;
    for (const auto& each : all) {
        running.push_back(
            std::async(std::launch::async, [&] { return run_program(program, each.flags(), input); }));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(all[i].store);
        CAPTURE(all[i].wide);
        CAPTURE(all[i].network);
        check(all[i], running[i].get());
    }
}

}  // namespace test

#endif
