// SPDX-License-Identifier: BSL-1.0
//
// mutations FOLDER COUNT: what a fuzzer does with a target and its corpus, for any compiler, and the same
// each time: COUNT times one of the files, changed here and there, is given to the target, which must come
// back.
#include <jackpot/environment.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

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

class mutator {
public:
    explicit mutator(const std::vector<std::string>& files) : files_(&files) {}

    std::string next() {
        std::string text = (*files_)[below(files_->size())];
        for (auto changes = below(4); changes > 0; --changes) {
            change(text);
        }
        return text;
    }

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : dice_.random() % bound; }

    void change(std::string& text) {
        constexpr const char* numbers[] = {"9223372036854775807",
                                           "-9223372036854775809",
                                           "9007199254740993",
                                           "1e999",
                                           "1e-999999999999",
                                           "0.1000000000000001",
                                           "-0",
                                           "99999999999999999999999999999999999999"};
        constexpr const char* nests[] = {"[", "(", "/*", "{\"a\":", "replace(", "'", "\\", "$a$", "`"};
        const std::size_t at = below(text.size() + 1);
        const std::size_t length = (std::min)(below(40), text.size() - at);
        switch (below(7)) {
            case 0:
                if (at < text.size()) {
                    text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << below(8)));
                }
                break;
            case 1:
                text.resize(at);
                break;
            case 2:
                text.erase(at, length);
                break;
            case 3:
                text.insert(at, text.substr(at, length * 10));
                break;
            case 4: {
                const auto digit = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                                                [](char c) { return c >= '0' && c <= '9'; });
                const auto first = static_cast<std::size_t>(digit - text.begin());
                const auto end = (std::min)(text.find_first_not_of("0123456789.", first), text.size());
                text.replace(first, end - first, numbers[below(std::size(numbers))]);
                break;
            }
            case 5: {
                const std::string one = nests[below(std::size(nests))];
                std::string nest;
                for (auto depth = below(10'000); depth > 0; --depth) {
                    nest += one;
                }
                text.insert(at, nest);
                break;
            }
            default: {
                const auto& other = (*files_)[below(files_->size())];
                const std::size_t from = below(other.size());
                text.replace(at, length, other.substr(from, below(400)));
            }
        }
    }

    const std::vector<std::string>* files_;
    jackpot::seeded_environment dice_{1};
};

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
    mutator m(files);
    for (std::size_t i = 0; i < count; ++i) {
        run(m.next());
    }
    return 0;
}
