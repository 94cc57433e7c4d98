// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "../wide.hpp"

#include <jackpot/core/notation.hpp>
#include <jackpot/testing/laws/ledger.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <set>

using namespace jackpot;

namespace {

/// FNV-1a of the states and operations that a stream of requests leads to, refusals included.
template <class Amount>
std::uint64_t fingerprint(std::uint64_t seed) {
    testing::ledger<Amount> l;
    testing::random_requests<Amount> requests(seed);
    std::string text;
    for (int i = 0; i < 3000; ++i) {
        const auto added = l.add(requests.next(l.states()));
        text.append(added ? *added ? "taken " : "no change " : to_string(added.error().code)).append("\n");
    }
    for (const auto& p : l.states().pools) {
        notation::write(text, p);
    }
    for (const auto& o : l.journal()) {
        text.append(to_string(o.kind())).append(o.key() != nullptr ? o.key()->view() : "");
    }
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01B3;
    }
    return hash;
}

}  // namespace

TEST_CASE("a seed gives the same requests with every compiler") {
    CHECK(fingerprint<std::int64_t>(1) == 14605394624447553062U);
    CHECK(fingerprint<wide_amount>(1) == 16283069515262756746U);
    CHECK(fingerprint<std::int64_t>(2) != fingerprint<std::int64_t>(1));
}

TEST_CASE_TEMPLATE("every kind of operation and every error of the rules comes up", Amount, std::int64_t,
                   wide_amount) {
    testing::ledger<Amount> l;
    testing::random_requests<Amount> requests(3);
    std::set<errc> errors;
    for (int i = 0; i < 20'000; ++i) {
        const auto added = l.add(requests.next(l.states()));
        if (!added) {
            errors.insert(added.error().code);
        }
    }
    for (const auto& [first, last] : {std::pair(errc::invalid_operation, errc::key_conflict),
                                      std::pair(errc::invalid_max_wager, errc::unknown_wager)}) {
        for (auto code = first; code <= last; code = errc(int(code) + 1)) {
            CAPTURE(code);
            // Nobody holds a thousand wins by chance.
            CHECK((errors.count(code) == 1 || code == errc::too_many_holds));
        }
    }
    std::size_t kinds[std::size_t(operation_kind::reverted) + 1] = {};
    for (const auto& o : l.journal()) {
        kinds[std::size_t(o.kind())] += 1;
    }
    for (std::size_t kind = 0; kind < std::size(kinds); ++kind) {
        CAPTURE(to_string(operation_kind(kind)));
        CHECK((kinds[kind] >= 8 || operation_kind(kind) == operation_kind::checkpoint));
    }
    CHECK(l.journal().size() > 10'000);
}

TEST_CASE("a long stream fills no meter but the vault's, which has no other wager refused") {
    testing::ledger<std::int64_t> l;
    testing::random_requests<std::int64_t> requests(4);
    std::size_t wagers = 0;
    for (int i = 0; i < 100'000; ++i) {
        const bool taken = l.add(requests.next(l.states())).value_or(false);
        const bool late = i >= 90'000;
        wagers += late && taken && l.journal().back().kind() == operation_kind::contributed ? 1 : 0;
    }
    CHECK(wagers > 3000);
    for (const auto& p : l.states().pools) {
        CAPTURE(std::string(p.pool.view()));
        if (p.pool != name("vault")) {
            CHECK(p.total_wagered < std::int64_t(1) << 40);
            CHECK(p.funded < std::int64_t(1) << 40);
        }
    }
}
