// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_NETWORK_GROUP_COMMIT_HPP
#define JACKPOT_TESTS_NETWORK_GROUP_COMMIT_HPP

#include "../support.hpp"
#include "journalled.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <map>
#include <thread>

// Random requests of every kind from threads that share a network: what the journal says then is what they
// were told, and what one network alone answers to the same requests one after another.

namespace test {

template <amount Amount>
struct told {
    basic_request<Amount> request;
    basic_receipt<Amount> receipt;
};

/// What one thread is told: the receipts of what it changed, and of what it sent again.
template <amount Amount, class Network>
void ask(Network& net, std::uint64_t seed, const Amount& amount_max, int calls,
         std::vector<told<Amount>>& answers) {
    testing::random_requests<Amount> random(seed, {}, amount_max);
    basic_snapshot<Amount> states;
    for (int call = 0; call < calls; ++call) {
        const auto request = random.next(states);
        if (const auto receipt = net.submit(request)) {
            answers.push_back({request, *receipt});
        } else {
            CHECK_MESSAGE(receipt.error().kind() == category::rejected, to_text(receipt.error()).view());
        }
        if (call % 16 == 0) {
            states.pools = value_of(net.pools());
        }
    }
}

/// By sequence; each operation was told to one caller as new.
template <amount Amount>
std::map<std::uint64_t, told<Amount>> in_order(const std::vector<std::vector<told<Amount>>>& answers) {
    std::map<std::uint64_t, told<Amount>> all;
    for (const auto& each : answers) {
        for (const auto& answer : each) {
            if (!answer.receipt.replayed && answer.receipt.sequence != 0) {
                CHECK(all.emplace(answer.receipt.sequence, answer).second);
            }
        }
    }
    for (const auto& each : answers) {
        for (const auto& again : each) {
            if (again.receipt.replayed) {
                auto first = all.at(again.receipt.sequence).receipt;
                first.replayed = true;
                CHECK(again.receipt == first);
            }
        }
    }
    return all;
}

template <class Store>
void check_group_commit(Store& store, int threads, int calls) {
    using amount_type = typename Store::amount_type;
    const auto most = testing::request_amount_max(amount_max(store));
    std::vector<std::vector<told<amount_type>>> answers(static_cast<std::size_t>(threads));
    {
        shared_network<Store, system_environment> net(store);
        std::vector<std::thread> callers;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            callers.emplace_back([&, i] { ask(net, i + 1, most, calls, answers[i]); });
        }
        for (auto& caller : callers) {
            caller.join();
        }
    }
    const auto all = in_order(answers);
    const auto states = snapshot_of<amount_type>(store);
    CHECK(all.size() == states.head.sequence);
    CHECK(all.size() > static_cast<std::size_t>(threads * calls / 8));
    CHECK(value_of(audit(store)).clean());

    memory_storage<amount_type> other;
    timestamp then = 0;
    network alone(other, past_environment{&then});
    std::vector<basic_operation<amount_type>> page;
    for (const auto& each : all) {
        const auto sequence = each.first;  // clang captures no part of a structured binding
        const auto& answer = each.second;
        CAPTURE(sequence);
        value_of(store.read({.after = sequence - 1, .limit = 1}, page));
        REQUIRE(page.size() == 1);
        REQUIRE(page[0].request == journalled<amount_type>(answer.request, page[0].request));
        REQUIRE(page[0].parts == answer.receipt.parts);
        then = answer.receipt.at;
        REQUIRE(value_of(alone.submit(answer.request)) == answer.receipt);
    }
}

}  // namespace test

#endif
