// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SUPPORT_HPP
#define JACKPOT_TESTS_SUPPORT_HPP

#include <jackpot/core/environment.hpp>
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/store/name_changed.hpp>

#include <doctest/doctest.h>

// What most tests of the core need: a pool as a test describes it, and failures shown with their reason.

namespace jackpot { inline namespace v1 {

inline doctest::String toString(errc code) {
    const auto text = code == errc{} ? std::string_view("no error") : to_string(code);
    return {text.data(), static_cast<unsigned>(text.size())};
}

}}  // namespace jackpot::v1

namespace test {

using namespace jackpot;

/// Takes the value, or fails the test with the error's text.
template <class T>
T value_of(expected<T> result) {
    if (!result) {
        const auto text = to_text(result.error());
        FAIL(std::string(text.view()));
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

template <class T>
errc code_of(const expected<T>& result) {
    return result ? errc{} : result.error().code;
}

inline jackpot::rate rate_of(std::string_view text) {
    return *jackpot::rate::parse(text);
}

/// In which it is as late as somebody says: states that are restored have times.
struct past_environment {
    const timestamp* then;

    timestamp now() const { return *then; }
    std::uint64_t random() const { return 1; }
    void sleep(std::int64_t) const {}
};

/// The three pools of every example.
template <class Network>
void open_pools(Network& net) {
    value_of(net.open(
        {.pool = "minor", .configuration = {.seed = 100'000, .cap = 1'000'000, .rate = rate_of("0.02")}}));
    value_of(net.open(
        {.pool = "major", .configuration = {.seed = 1'000'000, .cap = 10'000'000, .rate = rate_of("0.01")}}));
    value_of(net.open({.pool = "mega",
                       .configuration = {.seed = 10'000'000, .cap = 100'000'000, .rate = rate_of("0.005")}}));
}

template <amount Amount, class Store>
basic_snapshot<Amount> snapshot_of(Store& store) {
    basic_snapshot<Amount> states;
    value_of(store.load(states));
    return states;
}

/// Commits, to a store without operations, those that lead to the states.
template <class Store>
void begin_with(Store& store, const snapshot& states, std::span<const operation> operations) {
    named_pools<std::int64_t> named;
    REQUIRE(value_of(store.commit({.identity = states.head.identity,
                                   .operations = operations,
                                   .pools = name_changed(states, operations, named)})) ==
            commit_result::committed);
}

/// A copy of a commit, to be made later or with other pools.
struct kept_commit {
    std::vector<operation> operations{};
    std::vector<pool> pools{};
    named_pools<std::int64_t> named{};
    basic_commit<std::int64_t> commit{};

    void keep(const basic_commit<std::int64_t>& c) {
        operations.assign(c.operations.begin(), c.operations.end());
        pools.clear();
        for (const pool* p : c.pools) {
            pools.push_back(*p);
        }
        named.clear();
        for (const pool& p : pools) {
            named.push_back(&p);
        }
        commit = c;
        commit.operations = operations;
        commit.pools = named;
    }
};

}  // namespace test

#endif
