// SPDX-License-Identifier: BSL-1.0
#include "scenes.hpp"
#include "shrink.hpp"

#include <csignal>
#include <ctime>
#include <fstream>

#ifdef __GLIBC__
#include <malloc.h>
#endif

// simulate [--seed N] [--operations N] [--resume-file FILE] [--script FILE]: plays histories of writers and
// stores, from one seed, until so many requests were answered; or those of a script. README.md says what they
// are.

namespace {

using namespace simulation;

struct options {
    std::uint64_t seed = 1;
    std::uint64_t operations = 100'000;
    std::size_t steps = 3000;  // of a history
    std::string resume;
    std::string script;
};

[[nodiscard]] bool read_options(int argc, char** argv, options& o) {
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view option = argv[i];
        const char* const value = argv[i + 1];
        if (option == "--seed") {
            o.seed = std::strtoull(value, nullptr, 10);
        } else if (option == "--operations") {
            o.operations = std::strtoull(value, nullptr, 10);
        } else if (option == "--steps") {
            o.steps = std::strtoull(value, nullptr, 10);
        } else if (option == "--resume-file") {
            o.resume = value;
        } else if (option == "--script") {
            o.script = value;
        } else {
            return false;
        }
    }
    return argc % 2 == 1;
}

int play_file(const std::string& path) {
    std::ifstream in(path);
    script s;
    if (!in || !read_script(in, s)) {
        std::cerr << "cannot read " << path << '\n';
        return 2;
    }
    const auto result = play(s, &std::cout);
    std::cout << (result.wrong.empty() ? "all holds" : result.wrong) << ", after " << result.steps
              << " steps, " << result.answers << " answers\n";
    return result.wrong.empty() ? 0 : 1;
}

/// Where a run of many hours is: the number of the next history, and what was answered before it.
struct position {
    std::uint64_t history = 0;
    std::uint64_t answers = 0;

    void read(const std::string& path) {
        std::ifstream in(path);
        in >> history >> answers;
    }
    void write(const std::string& path) const {
        if (!path.empty()) {
            std::ofstream(path + ".new") << history << ' ' << answers << '\n';
            std::rename((path + ".new").c_str(), path.c_str());
        }
    }
};

/// The history under way: where it ends the program, its seed is what is left of it.
volatile std::uint64_t playing = 0;

extern "C" void tell_and_end(int signal) {
    std::cout << "# signal " << signal << " in history " << playing << std::endl;
    std::_Exit(1);
}

int run(const options& o) {
    position at;
    if (!o.resume.empty()) {
        at.read(o.resume);
    }
    const std::clock_t begun = std::clock();
    const std::uint64_t before = at.answers;
    while (at.answers < o.operations) {
        // A history's seed tells all of it, so that it can be played again alone.
        const std::uint64_t seed = o.seed * 1'000'000'007 + at.history;
        playing = at.history;
        script s = draw_script(seed, o.steps);
        const auto result = play(s);
        at.history += 1;
        at.answers += result.answers;
        if (!result.wrong.empty()) {
            std::cout << "# after " << at.answers << " operations, history " << at.history << " of seed "
                      << o.seed << ": " << result.wrong << '\n';
            s.steps.resize(result.steps);
            s = shrink(std::move(s), result.wrong);
            std::cout << "# shrunk to " << s.steps.size() << " steps: " << play(s).wrong << '\n' << s;
            return 1;
        }
        if (at.history % 256 == 0) {
            at.write(o.resume);
        }
    }
    at.write(o.resume);
    const double took = double(std::clock() - begun) / CLOCKS_PER_SEC;
    std::cout << at.answers << " operations in " << at.history << " histories of seed " << o.seed
              << ": all holds; " << std::uint64_t(double(at.answers - before) / (std::max)(took, 0.001))
              << " a second of the processor\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef __GLIBC__
    // A history's memory is the next one's: giving it back in between takes a sixth of the time.
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
#endif
    options o;
    if (!read_options(argc, argv, o)) {
        std::cerr
            << "simulate [--seed N] [--operations N] [--steps N] [--resume-file FILE] [--script FILE]\n";
        return 2;
    }
    for (const int end : {SIGABRT, SIGSEGV}) {
        std::signal(end, tell_and_end);
    }
    return o.script.empty() ? run(o) : play_file(o.script);
}
