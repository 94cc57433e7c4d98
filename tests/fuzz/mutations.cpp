// SPDX-License-Identifier: BSL-1.0
//
// mutations FOLDER COUNT: what a fuzzer does with a target and its corpus, for any compiler, and the same
// each time: COUNT times one of the files, changed here and there, is given to the target, which must come
// back.
#include "mutator.hpp"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size);

namespace {

std::vector<std::string> files_of(const char* folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> files;
    for (const auto& path : paths) {
        std::ifstream in(path, std::ios::binary);
        files.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return files;
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t count = 0;
    if (argc != 3 ||
        std::from_chars(argv[2], argv[2] + std::string(argv[2]).size(), count).ec != std::errc()) {
        std::fputs("mutations FOLDER COUNT\n", stderr);
        return 2;
    }
    const auto files = files_of(argv[1]);
    if (files.empty()) {
        std::fputs("the corpus is empty\n", stderr);
        return 1;
    }
    const auto run = [](const std::string& text) {
        LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(text.data()), text.size());
    };
    std::for_each(files.begin(), files.end(), run);
    test::mutator m(files);
    for (std::size_t i = 0; i < count; ++i) {
        run(m.next());
    }
    return 0;
}
