// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_FUZZ_MUTATOR_HPP
#define JACKPOT_TESTS_FUZZ_MUTATOR_HPP

#include <jackpot/core/environment.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace test {

/// Changes one of the files here and there, up to three times; the same each run.
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
        switch (below(9)) {
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
                for (auto depth = below(2'000); depth > 0; --depth) {
                    nest += one;
                }
                text.insert(at, nest);
                break;
            }
            case 6: {
                const bool list = below(2) == 0;
                const auto depth = below(2'000);
                std::string nest;
                for (auto i = depth; i > 0; --i) {
                    nest += list ? "[" : "{\"a\":";
                }
                text.insert(at, nest + "0" + std::string(depth, list ? ']' : '}'));
                break;
            }
            case 7: {
                const std::size_t line = text.rfind('\n', at) + 1;
                const std::size_t end = (std::min)(text.find('\n', at), text.size() - 1) + 1;
                const std::string whole = text.substr(line, end - line);
                below(2) == 0 ? text.erase(line, whole.size()) : text.insert(line, whole);
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

}  // namespace test

#endif
