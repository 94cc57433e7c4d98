// SPDX-License-Identifier: BSL-1.0
#include <jackpot/core/amount.hpp>
#include <jackpot/core/rate.hpp>
#include <jackpot/wide.hpp>

#include <doctest/doctest.h>

using namespace jackpot;

TEST_CASE_TEMPLATE("amounts add up within their range and never beyond", Amount, std::int64_t, wide_amount) {
    const Amount most = amount_traits<Amount>::amount_max();
    const Amount least = detail::amount_min<Amount>();
    Amount total = most - 1;
    CHECK(detail::add(total, Amount(1)));
    CHECK(total == most);
    CHECK_FALSE(detail::add(total, Amount(1)));
    CHECK_FALSE(detail::add(total, most));
    CHECK(total == most);
    CHECK(detail::add(total, Amount(-most)));
    CHECK(total == 0);
    CHECK(detail::add(total, least));
    CHECK_FALSE(detail::add(total, Amount(-1)));
    CHECK(total == least);
    CHECK(detail::in_range(most));
    CHECK(detail::in_range(least));
}

TEST_CASE_TEMPLATE("amounts are read back from text and from bytes as they were", Amount, std::int64_t,
                   wide_amount) {
    const Amount most = amount_traits<Amount>::amount_max();
    for (const Amount& value :
         {Amount(0), Amount(1), Amount(-1), Amount(9'007'199'254'740'993), most, Amount(-most),
          detail::amount_min<Amount>(), Amount(most / 3), Amount(-most / 7)}) {
        const auto text = amount_traits<Amount>::to_text(value);
        CAPTURE(text.view());
        CHECK(amount_traits<Amount>::from_text(text) == value);
        unsigned char bytes[amount_traits<Amount>::bytes];
        amount_traits<Amount>::write(value, bytes);
        CHECK(amount_traits<Amount>::read(bytes) == value);
    }
}

TEST_CASE_TEMPLATE("text that is no amount is refused", Amount, std::int64_t, wide_amount) {
    for (const char* bad : {"", "-", "+1", "1.0", "1e3", " 1", "1 ", "0x10", "--1", "1-"}) {
        CAPTURE(bad);
        CHECK_FALSE(amount_traits<Amount>::from_text(bad).has_value());
    }
}

TEST_CASE("the first number beyond the range is refused, and the last within it is not") {
    CHECK(amount_traits<std::int64_t>::from_text("9223372036854775807"));
    CHECK_FALSE(amount_traits<std::int64_t>::from_text("9223372036854775808"));
    CHECK(amount_traits<std::int64_t>::from_text("-9223372036854775808"));
    CHECK_FALSE(amount_traits<std::int64_t>::from_text("-9223372036854775809"));

    const std::string most = "57896044618658097711785492504343953926634992332820282019728792003956564819967";
    const std::string more = "57896044618658097711785492504343953926634992332820282019728792003956564819968";
    CHECK(amount_traits<wide_amount>::from_text(most) == amount_traits<wide_amount>::amount_max());
    CHECK(amount_traits<wide_amount>::from_text("-" + most) == -amount_traits<wide_amount>::amount_max());
    CHECK_FALSE(amount_traits<wide_amount>::from_text(more));
    CHECK_FALSE(amount_traits<wide_amount>::from_text("-" + more));
    CHECK_FALSE(amount_traits<wide_amount>::from_text(most + "0"));
}

TEST_CASE("a rate is 1 to 10 digits, then optionally a point and 1 to 9 digits, at most 1") {
    const std::pair<const char*, std::int64_t> good[] = {{"0", 0},
                                                         {"1", 1'000'000'000},
                                                         {"0.02", 20'000'000},
                                                         {"0.000000001", 1},
                                                         {"0.0029", 2'900'000},
                                                         {"1.000000000", 1'000'000'000},
                                                         {"0000000000.5", 500'000'000},
                                                         {"0.999999999", 999'999'999}};
    for (const auto& each : good) {
        CAPTURE(each.first);
        REQUIRE(rate::parse(each.first).has_value());
        CHECK(rate::parse(each.first)->ppb() == each.second);
    }
    for (const char* bad :
         {"", ".", ".5", "5.", "-0", "+0", "1e-3", "0.0000000001", "1.000000001", "2", "00000000000.1",
          " 0.5", "0.5 ", "0,5", "9999999999", "0.5x", "0..5", "1.1", "nan"}) {
        CAPTURE(bad);
        CHECK_FALSE(rate::parse(bad).has_value());
    }
}

TEST_CASE("a literal is a rate at compile time") {
    static_assert("0.02"_rate == rate::from_ppb(20'000'000));
    static_assert("1"_rate.ppb() == rate::one_ppb);
    static_assert("0.000000001"_rate.valid());
    CHECK("0.0029"_rate == *rate::parse("0.0029"));
}

TEST_CASE("a rate is shown in its shortest form, which is read as the same rate") {
    CHECK(to_text(*rate::parse("0.10")) == "0.1");
    CHECK(to_text(*rate::parse("1.0")) == "1");
    CHECK(to_text(*rate::parse("0.0")) == "0");
    CHECK(to_text(*rate::parse("0.000000001")) == "0.000000001");
    for (std::int64_t ppb : {1, 10, 999'999'999, 123'456'789, 100'000'000, 20'000'000}) {
        CHECK(rate::parse(to_text(rate::from_ppb(ppb)))->ppb() == ppb);
    }
    CHECK_FALSE(rate::from_ppb(-1).valid());
    CHECK_FALSE(rate::from_ppb(1'000'000'001).valid());
}
