// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/core/configuration.hpp>
#include <jackpot/network/ensured.hpp>
#include <jackpot/wide.hpp>

using namespace jackpot;

TEST_CASE_TEMPLATE("a patch leaves a cap, sets it or lifts it", Amount, std::int64_t, wide_amount) {
    using patch_type = basic_patch<Amount>;
    using optional_type = std::optional<Amount>;
    const auto after = [](const patch_type& p) {
        basic_configuration<Amount> c{.cap = Amount(100)};
        detail::overlay(c, p);
        return c.cap;
    };
    CHECK(after({}) == Amount(100));
    CHECK(after({.cap = 200}) == Amount(200));
    CHECK(after({.cap = optional_type(200)}) == Amount(200));
    CHECK(after({.cap = no_cap}) == std::nullopt);
    CHECK(after({.cap = optional_type()}) == std::nullopt);
    CHECK(patch_type().empty());
    CHECK_FALSE(patch_type{.cap = no_cap}.empty());
    CHECK_FALSE(patch_type{.cap = 0}.empty());
    CHECK(patch_type{.cap = no_cap} == patch_type{.cap = optional_type()});
    CHECK_FALSE(patch_type{.cap = no_cap} == patch_type());
    CHECK_FALSE(patch_type{.cap = no_cap} == patch_type{.cap = 0});

    // Of two patches the later one counts, and one that names no cap leaves the earlier one's.
    patch_type both{.cap = 200};
    detail::overlay(both, patch_type{.seed = 1});
    CHECK(after(both) == Amount(200));
    detail::overlay(both, patch_type{.cap = no_cap});
    CHECK(after(both) == std::nullopt);

    // An empty optional is no change, or one to none, as somebody reads it: it must be said which.
    CHECK_FALSE(std::is_convertible_v<std::nullopt_t, basic_cap_change<Amount>>);
    CHECK_FALSE(std::is_convertible_v<double, basic_cap_change<Amount>>);
}

TEST_CASE("a configuration without a ceiling says so") {
    configuration c{.cap = 100};
    c.cap = no_cap;
    CHECK(c == configuration{.cap = no_cap});
    CHECK(c == configuration());
}

TEST_CASE("the difference of two configurations makes one of the other, and is told on one line") {
    const configuration a{.seed = 100, .cap = 1000, .rate = "0.02"_rate, .games = {"poker", "slots"}};
    const configuration b{.seed = 200,
                          .cap = no_cap,
                          .rate = "0.5"_rate,
                          .rounding = rounding::floor,
                          .on_cap = on_cap::stop,
                          .min_wager = 5};
    for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a), std::pair(a, a)}) {
        configuration made = from;
        detail::overlay(made, detail::difference(from, to));
        CHECK(made == to);
        CHECK(detail::difference(from, to).empty() == (from == to));
    }
    CHECK(to_text(detail::difference(a, b)) ==
          "seed 200, cap none, rate 0.5, rounding floor, on_cap stop, min_wager 5, games 0");
    CHECK(to_text(detail::difference(b, a)) ==
          "seed 100, cap 1000, rate 0.02, rounding carry, on_cap divert, min_wager 0, games 2");
    CHECK(to_text(patch()) == "nothing");
}
