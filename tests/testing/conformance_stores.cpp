// SPDX-License-Identifier: BSL-1.0
#include "../../examples/custom_storage/vector_storage.hpp"
#include "../wide.hpp"

#include <jackpot/memory/storage.hpp>
#include <jackpot/testing/concurrency.hpp>
#include <jackpot/testing/conformance.hpp>

#include <doctest/doctest.h>

#include <memory>

using namespace jackpot;

namespace {

template <class Amount>
std::string vector_report() {
    std::unique_ptr<tables<Amount>> kept;
    const auto make = [&] {
        kept = std::make_unique<tables<Amount>>();
        return vector_storage<Amount>(*kept);
    };
    return to_text(testing::check_conformance(make, [&] { return vector_storage<Amount>(*kept); }));
}

template <class Amount>
std::string memory_report(memory_options options) {
    return to_text(testing::check_conformance([&] { return memory_storage<Amount>(options); }));
}

}  // namespace

TEST_CASE_TEMPLATE("the example's store keeps the laws", Amount, std::int64_t, wide_amount) {
    CHECK(vector_report<Amount>() == "");
}

TEST_CASE_TEMPLATE("memory_storage keeps the laws", Amount, std::int64_t, wide_amount) {
    CHECK(memory_report<Amount>({}) == "");
}

TEST_CASE_TEMPLATE("memory_storage keeps the laws with a short history", Amount, std::int64_t, wide_amount) {
    CHECK(memory_report<Amount>({.history_limit = 1}) == "");
    CHECK(memory_report<Amount>({.history_limit = 50}) == "");
}

TEST_CASE("two threads share a memory_storage") {
    memory_storage<> shared;
    CHECK(to_text(testing::check_concurrency(shared, shared)) == "");
}
