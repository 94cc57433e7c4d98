// SPDX-License-Identifier: BSL-1.0
#include <jackpot/core/notation.hpp>
#include <jackpot/wide.hpp>

#include <cstdlib>

namespace {

using namespace jackpot;

/// What was read is written so that it can be read again.
template <class Value, class Read>
void same_again(const std::optional<Value>& value, const std::string& written, Read&& read) {
    if (value && read(written) != value) {
        std::abort();
    }
}

template <amount Amount>
void read_all(std::string_view text) {
    const auto number = amount_traits<Amount>::from_text(text);
    same_again(number, number ? std::string(amount_traits<Amount>::to_text(*number).view()) : "",
               amount_traits<Amount>::from_text);
    std::string written;
    const auto patch = notation::read_patch<Amount>(text);
    if (patch) {
        notation::write(written, *patch);
    }
    same_again(patch, written, notation::read_patch<Amount>);
    written.clear();
    const auto pool = notation::read_pool<Amount>(text);
    if (pool) {
        notation::write(written, *pool);
    }
    same_again(pool, written, notation::read_pool<Amount>);
}

}  // namespace

// Amounts, rates, and the lines in which stores and backups keep pools.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto share = rate::parse(text);
    same_again(share, share ? std::string(to_text(*share).view()) : "", rate::parse);
    read_all<std::int64_t>(text);
    read_all<wide_amount>(text);
    return 0;
}
